/* Screen 3, Rings: what other panes ask of it. */
#ifndef HF_PANES_RINGS_PANE_H
#define HF_PANES_RINGS_PANE_H

#include "tui/panes/ui.h"

/* Pauses every run of a plan that goes on: how many, or an error. */
int hf_rings_pane_pause_all(struct hf_ui *ui, struct hf_err *err);

#endif
