/*
 * Memory over time as lines, for screen 8 and the report: one for each product
 * and each kind of memory that anybody told. Pure.
 */
#ifndef HF_ROWS_MEMORY_H
#define HF_ROWS_MEMORY_H

#include "playbooks/memory.h"
#include "tui/rows/line.h"

/* Appends, each from its least to its most; without anything told one line
 * that says so. */
void hf_memory_trend_rows(struct hf_doc *out, const struct hf_memory_report *m,
                          const struct hf_look *look);
/* The values of one kind by day. 0: none is known, and there is no array; else
 * the array is the caller's. */
struct hf_memory_trend {
    int64_t *v;                       /* HF_PLOT_NONE: not known */
    int64_t first, last, least, most; /* of those that are known */
};
int
hf_memory_trend(struct hf_memory_trend *out, const struct hf_memory_report *m,
                const struct hf_memory_line *line, enum hf_memory_kind kind);

#endif
