/* Excusing hosts until a day: a commit in the fleet repository. */
#ifndef HF_PANES_EXCEPTS_H
#define HF_PANES_EXCEPTS_H

#include "tui/panes/ui.h"

/* The form about an exception for these hosts. Takes the targets. */
void hf_excepts_ask(struct hf_ui *ui, struct hf_targets *t);
/* The form about its end. */
void hf_excepts_end(struct hf_ui *ui, const char *id);

#endif
