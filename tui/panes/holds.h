/* Holding hosts and taking holds away: a commit in the fleet repository. */
#ifndef HF_PANES_HOLDS_H
#define HF_PANES_HOLDS_H

#include "tui/panes/ui.h"

/* Asks for the reason (hold) or for consent (unhold), then does it. Takes
 * the targets. */
void hf_holds_ask(struct hf_ui *ui, struct hf_targets *t, int hold);

#endif
