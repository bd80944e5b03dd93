/* What the files that show rollouts share. Private to rings*.c. */
#ifndef HF_ROWS_RINGS_PRIV_H
#define HF_ROWS_RINGS_PRIV_H

#include "tui/rows/rings.h"

/* "under way", "verified". */
const char *rings_set_name(int set);
/* Keeps the link; gives the number for a row of the document. */
size_t rings_link(struct hf_rings *r, struct hf_rings_link link);
/* Rows from `first` on that lead nowhere yet lead to all hosts of the ring
 * (-1: of the run). */
void rings_link_rest(struct hf_rings *r, size_t first, size_t run, int ring);

/* ---- rings_run.c ---- */
void rings_add_run(struct hf_rings *out, const struct hf_rings_run *runs,
                   size_t i, const struct hf_look *look);
void rings_add_other(struct hf_rings *out, const struct hf_rings_run *runs,
                     size_t i, const struct hf_look *look);

/* ---- rings_lines.c ---- */
struct rings_of {
    struct hf_rings *out;
    const struct hf_rings_run *run;
    size_t at; /* of the run */
    const struct hf_rollout_view *view;
    const struct hf_look *look;
};
void rings_add_ring(const struct rings_of *of, int ring);

#endif
