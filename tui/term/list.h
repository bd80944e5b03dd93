/*
 * A list's cursor and window: which row the keys act on and which rows are in
 * view. Pure; who draws the rows is not its matter.
 */
#ifndef HF_TERM_LIST_H
#define HF_TERM_LIST_H

#include <stddef.h>

struct hf_list {
    size_t len;    /* rows */
    size_t cursor; /* < len, or 0 */
    size_t top;    /* first row in view */
    size_t height; /* rows in view */
    int scrolls;   /* no cursor: motions move the window */
};

/* What a key does to the cursor: rows, or pages (of half the height). */
struct hf_motion {
    int keys[3];
    long rows, half_pages;
    const char *help;
};
extern const struct hf_motion hf_motions[]; /* ends: no help */

/* Adapts to a new number of rows or height, keeping the cursor in view. */
void hf_list_fit(struct hf_list *l, size_t len, size_t height);
void hf_list_to(struct hf_list *l, size_t row);
/* Down (or up, below 0), stopping at the ends. */
void hf_list_move(struct hf_list *l, long by);
/* Arrows, j k g G, PgUp PgDn Home End, ^D ^U: 1 when the key was one. */
int hf_list_key(struct hf_list *l, int code);

#endif
