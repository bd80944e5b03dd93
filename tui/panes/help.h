/* Keys and verbs, made from their tables, searchable. */
#ifndef HF_PANES_HELP_H
#define HF_PANES_HELP_H

#include "tui/panes/ui.h"

/* Opens with a word to look for, or an empty one. Returns key flags. */
unsigned hf_help_open(struct hf_ui *ui, const char *word);

#endif
