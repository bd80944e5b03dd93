/* Numbers as pictures of one line, for terminals. */
#ifndef HF_ROWS_PLOT_H
#define HF_ROWS_PLOT_H

#include <stddef.h>
#include <stdint.h>

#include "backend/base/buf.h"

/* A value that is not known: a gap. */
#define HF_PLOT_NONE INT64_MIN

/*
 * Appends `columns` cells, fewer when there are fewer values: the values in
 * order, the mean of those that share a cell, between `low` and `high`.
 * In ASCII by height: _ . - = ^ .
 */
void hf_plot_spark(struct hf_buf *out, const int64_t *values, size_t n,
                   int64_t low, int64_t high, size_t columns, int ascii);
/* Appends a bar of at most `columns` cells for value of high; something that
 * is not nothing has at least one cell. */
void hf_plot_bar(struct hf_buf *out, int64_t value, int64_t high,
                 size_t columns, int ascii);

#endif
