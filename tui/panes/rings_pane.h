/* Screen 3, Rings: what other panes ask of it. */
#ifndef HF_PANES_RINGS_PANE_H
#define HF_PANES_RINGS_PANE_H

#include "tui/panes/rollouts.h"
#include "tui/panes/ui.h"

/* Pauses every run of a plan that goes on: how many, or an error. */
int hf_rings_pane_pause_all(struct hf_ui *ui, struct hf_err *err);
/* The runs of plans as they stand, read again now and then. Borrowed. */
const struct hf_rollouts *hf_rings_pane_runs(struct hf_ui *ui);
/* Another run is carried out here, or none any more (ui->conduct). */
void hf_rings_pane_carried(struct hf_ui *ui);
/* Goes there, to that run. */
void hf_rings_pane_show(struct hf_ui *ui, const char *run);

#endif
