/*
 * The form before hosts are changed: who, at what price, the change id, the
 * same as a command. Its host list is frozen; the default answer is no.
 */
#ifndef HF_PANES_CONFIRM_H
#define HF_PANES_CONFIRM_H

#include "tui/panes/ui.h"

/* Takes the targets. */
void
hf_confirm_open(struct hf_ui *ui, enum hf_action action, struct hf_targets *t);

#endif
