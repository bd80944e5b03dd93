/*
 * What the verb line and the action menu can do: one const row each, with the
 * same words as the command line.
 */
#ifndef HF_PANES_VERBS_H
#define HF_PANES_VERBS_H

#include "tui/panes/ui.h"

struct hf_console_verb {
    const char *name;
    const char *args; /* "[SELECTOR]", or "" */
    const char *help;
    int letter; /* in the action menu; 0: not in it */
    unsigned needs;
    /* `args` is what was typed behind the verb, or empty. */
    unsigned (*run)(struct hf_ui *ui, const char *args);
};
extern const struct hf_console_verb hf_console_verbs[]; /* ends: NULL name */

/* Carries out "apply ring:canary". */
unsigned hf_verb_line(struct hf_ui *ui, const char *line);
/* Opens the menu of actions on the hosts under the cursor. */
unsigned hf_verb_menu(struct hf_ui *ui, int key);

#endif
