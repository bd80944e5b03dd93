/*
 * Checks against hosts, as counts: a line for each check with the number of
 * hosts where it blocks, is unknown, warns, passes; by product, by ring, or of
 * all hosts together. Pure; matrix.h shows single hosts.
 */
#ifndef HF_ROWS_ELIGIBILITY_H
#define HF_ROWS_ELIGIBILITY_H

#include "backend/model/host.h"
#include "tui/rows/words.h"

enum hf_eligibility_by {
    HF_BY_PRODUCT,
    HF_BY_RING,
    HF_BY_NOTHING, /* all hosts together */
    HF_ELIGIBILITY_BY_COUNT
};
extern const char
    *const hf_eligibility_by_names[HF_ELIGIBILITY_BY_COUNT + 1]; /* "product" */

/* The columns, from what needs a person first. */
extern const enum hf_verdict hf_verdict_columns[HF_VERDICT_COUNT];

struct hf_check_group {
    const char *key;                 /* product or ring, borrowed; NULL: none */
    const char *title;               /* "Windows Server 2025": borrowed */
    size_t hosts, unjudged, stopped; /* without findings; with a block */
};

/* Texts are those of a finding: borrowed, static. */
struct hf_check_count {
    uint32_t group;
    uint32_t order; /* in the driver's table */
    const char *name, *title, *remedy, *who;
    int needs_restart;
    size_t by[HF_VERDICT_COUNT];
};

struct hf_eligibility {
    const struct hf_fleet *fleet; /* borrowed, as are the states */
    const struct hf_state *states;
    size_t n;
    enum hf_eligibility_by by;
    int all; /* also checks that pass everywhere, one by one */
    struct hf_check_group *groups;
    size_t groups_len, groups_cap;
    struct hf_check_count *checks; /* of one group together, worst first */
    size_t checks_len, checks_cap;
};

/* A row of the list: a group's head, a check of it, or one line for all
 * those that pass everywhere. */
struct hf_eligibility_row {
    const struct hf_check_group *group;
    const struct hf_check_count *check; /* NULL: another row */
    size_t quiet;                       /* checks that pass; 0: another row */
};

/* What it held before is released; `by` and `all` stay. */
void hf_eligibility_make(struct hf_eligibility *e, const struct hf_fleet *fleet,
                         const struct hf_state *states, size_t n);
/* Of some hosts; no matrix can be made of it. */
void
hf_eligibility_make_of(struct hf_eligibility *e, const struct hf_fleet *fleet,
                       const struct hf_state *const *states, size_t n);
void hf_eligibility_release(struct hf_eligibility *e);

size_t hf_eligibility_rows(const struct hf_eligibility *e);
/* 0 and *out, or -1: no such row. */
int hf_eligibility_row(struct hf_eligibility_row *out,
                       const struct hf_eligibility *e, size_t row);
/* The row of that check in that group (NULL: of the group's head; "": of its
 * quiet checks), or of what is nearest to it. */
size_t hf_eligibility_find(const struct hf_eligibility *e, const char *group,
                           const char *check);
/* Is the host one of the group's? */
int hf_eligibility_has(const struct hf_eligibility *e,
                       const struct hf_check_group *group,
                       const struct hf_state *st);
/* "check.vbs:block and product:ws2025": the hosts behind a number; without a
 * check all of the group, NULL for all of the fleet. Caller's. */
char *hf_eligibility_selector(const struct hf_eligibility *e,
                              const struct hf_eligibility_row *row,
                              enum hf_verdict verdict);

void hf_eligibility_heads(struct hf_line *out, const struct hf_look *look);
/* `column`: the number that is chosen, as an index of hf_verdict_columns; -1:
 * none. */
void hf_eligibility_line(struct hf_line *out, const struct hf_eligibility *e,
                         size_t row, int column, const struct hf_look *look);

#endif
