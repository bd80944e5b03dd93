/* Screen 2 and what lies behind it: single hosts against checks. */
#ifndef HF_PANES_MATRIX_PANE_H
#define HF_PANES_MATRIX_PANE_H

#include "tui/panes/ui.h"
#include "tui/rows/eligibility.h"

/* The counts of screen 2, made anew where that is due. Borrowed until the next
 * call. */
const struct hf_eligibility *hf_eligibility_pane_counts(struct hf_ui *ui);

/* Shows its group of that product or ring (NULL: none), at a check (or NULL).
 */
void
hf_matrix_pane_show(struct hf_ui *ui, const char *group, const char *check);

#endif
