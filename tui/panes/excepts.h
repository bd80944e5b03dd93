/* Excusing hosts until a day: a commit in the fleet repository. */
#ifndef HF_PANES_EXCEPTS_H
#define HF_PANES_EXCEPTS_H

#include "tui/panes/ui.h"

/* Asks for what an exception must say, one line after the other, then adds it.
 * Takes the targets. */
void hf_excepts_ask(struct hf_ui *ui, struct hf_targets *t);

#endif
