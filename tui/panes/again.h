/* What can be planned from a run: doing again what did not end well, taking
 * back what it did. A menu, then the form with the plan. */
#ifndef HF_PANES_AGAIN_H
#define HF_PANES_AGAIN_H

#include "tui/panes/ui.h"

unsigned hf_again_retry(struct hf_ui *ui, const char *run);
unsigned hf_again_undo(struct hf_ui *ui, const char *run);
/* The form with the plan that takes a release back wherever it is. */
unsigned hf_again_undo_release(struct hf_ui *ui, const char *release);
/* The newer releases in place of what the run had planned: the form. */
unsigned hf_again_supersede(struct hf_ui *ui, const char *run);
/* ":retry RUN GROUPS": the form at once; without groups the menu. */
unsigned hf_again_retry_verb(struct hf_ui *ui, const char *args);
/* ":rollback RUN", ":rollback --release NAME"; HF_UNUSED: it is neither. */
unsigned hf_again_undo_verb(struct hf_ui *ui, const char *args);

#endif
