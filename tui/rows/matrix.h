/*
 * One group of hosts against its checks: a row a host, those that are stopped
 * first, a column a check. Pure.
 */
#ifndef HF_ROWS_MATRIX_H
#define HF_ROWS_MATRIX_H

#include "tui/rows/eligibility.h"

struct hf_matrix {
    const struct hf_state *states; /* borrowed */
    uint32_t *hosts;               /* indexes of states, in order of rows */
    size_t len;
    struct hf_check_count *checks; /* copied; in the driver's order */
    size_t checks_len;
    size_t name_cols; /* of the longest host name */
};

/* What it held before is released. */
void hf_matrix_make(struct hf_matrix *m, const struct hf_eligibility *e,
                    const struct hf_check_group *group);
void hf_matrix_release(struct hf_matrix *m);
/* The row of a host (by the index of its state), or the nearest one. */
size_t hf_matrix_find(const struct hf_matrix *m, uint32_t host);
/* What the check of that column said of the host, or NULL: it was not run. */
const struct hf_finding *
hf_matrix_finding(const struct hf_matrix *m, size_t row, size_t column);

/* The names of checks over their columns: one line, or, where the columns are
 * too narrow, letters below each other in at most `max` lines. Where not all
 * columns fit, `column` is in view. */
void hf_matrix_heads(struct hf_doc *out, const struct hf_matrix *m, size_t max,
                     size_t column, const struct hf_look *look);
/* `chosen`: the cursor is on this row, and on that column. */
void hf_matrix_line(struct hf_line *out, const struct hf_matrix *m, size_t row,
                    size_t column, int chosen, const struct hf_look *look);

#endif
