/* One run, live or past: what came of its hosts, and its log; and the replay
 * of a run of a plan. */
#ifndef HF_PANES_RUN_PANE_H
#define HF_PANES_RUN_PANE_H

#include "backend/model/rollout.h"
#include "tui/panes/ui.h"

/* Goes to the run. */
void hf_run_pane_show(struct hf_ui *ui, const char *run);
/* To the single verb's run that has just begun. */
void hf_run_pane_show_live(struct hf_ui *ui);
/* What happens in the run of a plan that is carried out here; on its hosts. */
void hf_run_pane_event(struct hf_ui *ui, const char *run,
                       const struct hf_rollout_event *e);
void hf_run_pane_host_event(struct hf_ui *ui, const char *run,
                            const struct hf_event *e);

/* Goes to the replay of that run; says why not when it has none. */
void hf_replay_pane_show(struct hf_ui *ui, const char *run);

#endif
