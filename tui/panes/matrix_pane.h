/* Above Eligibility: single hosts against checks. */
#ifndef HF_PANES_MATRIX_PANE_H
#define HF_PANES_MATRIX_PANE_H

#include "tui/panes/ui.h"
#include "tui/rows/eligibility.h"

/* Shows the group of that product or ring (NULL: none), at a check (or NULL).
 */
void hf_matrix_pane_show(struct hf_ui *ui, enum hf_eligibility_by by,
                         const char *group, const char *check);

#endif
