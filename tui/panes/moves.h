/* Hosts into another ring: a commit in the fleet repository. */
#ifndef HF_PANES_MOVES_H
#define HF_PANES_MOVES_H

#include "tui/panes/ui.h"

/* Both take the targets. Shows who would go from where, then does it. */
void hf_moves_ask(struct hf_ui *ui, const char *ring, struct hf_targets *t);
/* The same, after asking for the ring. */
void hf_moves_choose(struct hf_ui *ui, struct hf_targets *t);

#endif
