/*
 * Rollouts as lines: one run in full, ring by ring, the others in a line
 * each. Rows lead to the hosts that they count. Pure: no curses, no files.
 */
#ifndef HF_ROWS_RINGS_H
#define HF_ROWS_RINGS_H

#include "playbooks/rollout.h"
#include "tui/rows/line.h"

/* A run as it was read. */
struct hf_rings_run {
    char id[HF_RUN_ID_LEN];
    const struct hf_plan *plan; /* NULL: it could not be read, see `why` */
    const struct hf_rollout *rollout;
    struct hf_plan *own_plan; /* the same, unless whoever carries the run out */
    struct hf_rollout *own_rollout; /* has lent them */
    struct hf_rollout_around around;
    char why[HF_WHY_LEN];
    int replayed; /* as it was once: nobody can do anything about it */
    int asked;    /* what it waits for is known ... */
    int64_t due;  /* ... until then; 0: until something happens */
};
/* Gives it a plan and a rollout; they are freed with it. */
void hf_rings_run_own(struct hf_rings_run *run, struct hf_plan *plan,
                      struct hf_rollout *rollout);
void hf_rings_run_release(struct hf_rings_run *run);
int hf_rings_run_is_over(const struct hf_rings_run *run);
/* Finds out what it waits for, once after it was read and when that is due. */
void hf_rings_run_ask(struct hf_rings_run *run, int64_t now);

/* Which hosts of a ring are meant: those with an outcome (enum hf_outcome),
 * or one of these. */
enum {
    HF_RINGS_IN_FLIGHT = HF_OUTCOME_COUNT,
    HF_RINGS_ASLEEP,
    HF_RINGS_WAITING,
    HF_RINGS_ALL,
};

/* What a row stands for. */
struct hf_rings_link {
    size_t run; /* its place among the runs */
    int ring;   /* -1: the whole run */
    int set;    /* see above */
    int line;   /* of its block, for rows that stand for the same */
};
/* The hosts behind it, and what they are called together (the caller's). */
void hf_rings_hosts(struct hf_strs *out, const struct hf_rings_run *runs,
                    const struct hf_rings_link *link);
char *hf_rings_title(const struct hf_rings_run *runs,
                     const struct hf_rings_link *link);

/* {0} is empty. */
struct hf_rings {
    struct hf_doc doc;
    struct hf_rings_link *links;
    size_t links_len, links_cap;
};
void hf_rings_release(struct hf_rings *r);
/* Runs come newest first; `shown` is the one in full. */
void hf_rings_make(struct hf_rings *out, const struct hf_rings_run *runs,
                   size_t n, size_t shown, const struct hf_look *look);
/* The newest that is not over, else the newest. */
size_t hf_rings_first(const struct hf_rings_run *runs, size_t n);
/* What the row stands for, or NULL. */
const struct hf_rings_link *hf_rings_at(const struct hf_rings *r, size_t row);
/* The row that stands for the same, or for its run; SIZE_MAX: none. */
size_t
hf_rings_find(const struct hf_rings *r, const struct hf_rings_link *link);

#endif
