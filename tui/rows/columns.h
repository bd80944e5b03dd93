/*
 * The columns of the list of hosts: a table of const rows. What a column
 * shows, how wide it is, and how hosts are ordered by it.
 */
#ifndef HF_ROWS_COLUMNS_H
#define HF_ROWS_COLUMNS_H

#include "tui/rows/words.h"

enum hf_column_id {
    HF_COLUMN_NAME,
    HF_COLUMN_RING,
    HF_COLUMN_COVERAGE,
    HF_COLUMN_PATCH,
    HF_COLUMN_REBOOT,
    HF_COLUMN_FLAGS,
    HF_COLUMN_LEVEL,
    HF_COLUMN_TARGET,
    HF_COLUMN_SITE,
    HF_COLUMN_ADDRESS,
    HF_COLUMN_LAST,
    HF_COLUMN_AGE,
    HF_COLUMN_COUNT
};

struct hf_column {
    const char *name;  /* "coverage": for the verb line */
    const char *title; /* "COVERAGE" */
    const char *help;
    size_t min, max; /* columns; between them it grows with the screen */
    int drop;        /* the highest goes first when the screen is narrow */
    int shown;       /* unless chosen otherwise */
    void (*cell)(struct hf_line *out, const struct hf_state *st, size_t cols,
                 const struct hf_look *look);
    /* The order: a number, or (when NULL) a text. */
    uint32_t (*rank)(const struct hf_state *st);
    const char *(*text)(const struct hf_state *st);
    /* The fleet's own order of such texts, or NULL; -1: it has none. */
    int (*place)(const struct hf_fleet *fleet, const struct hf_state *st);
};
extern const struct hf_column hf_columns[HF_COLUMN_COUNT];

/*
 * Widths for a screen of `cols` columns, one blank between two; 0 = left
 * out. `chosen` are bits 1 << hf_column_id; `name_cols` is what the longest
 * name wants.
 */
void hf_columns_fit(size_t widths[HF_COLUMN_COUNT], unsigned chosen,
                    size_t cols, size_t name_cols);

/*
 * Numbers that order the `n` states of the fleet by column `id`, cheap to
 * compare. For texts equal ones get equal numbers, in natural order behind
 * those that have a place.
 */
void hf_column_keys(uint32_t *keys, enum hf_column_id id,
                    const struct hf_fleet *fleet, const struct hf_state *states,
                    size_t n);

#endif
