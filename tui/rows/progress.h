/*
 * A run as a list: hosts folded into groups (each kind of error one, then
 * those under way, waiting, and done), counts, a bar, and the log's tail.
 */
#ifndef HF_ROWS_PROGRESS_H
#define HF_ROWS_PROGRESS_H

#include "backend/engine/run.h"
#include "tui/rows/line.h"

struct hf_progress_host {
    const char *name, *ring, *why, *hint; /* borrowed from the run, or own */
    enum hf_phase phase;
    enum hf_outcome outcome;
    int64_t phase_since;    /* monotonic ms, 0: unknown */
    int64_t started, ended; /* wall clock ms */
};

struct hf_progress_group {
    uint64_t id; /* stays the same while the run goes on */
    int rank;    /* its place in the list */
    size_t count;
    size_t example; /* a host of it */
    int folded;
};

struct hf_progress_item {
    size_t group;
    size_t host; /* SIZE_MAX: the group's head */
};

struct hf_progress {
    struct hf_progress_host *hosts;
    size_t n;
    int own; /* the hosts' texts are ours */
    size_t *group_of;
    struct hf_progress_group *groups;
    size_t groups_len, groups_cap;
    struct hf_progress_item *items;
    size_t len;
    size_t done, in_flight, waiting;
    size_t by_outcome[HF_OUTCOME_COUNT];
};

void hf_progress_release(struct hf_progress *p);
/* Looks at the run's hosts anew; folds stay. Texts are borrowed from them. */
void hf_progress_take(struct hf_progress *p,
                      const struct hf_run_host *const *hosts, size_t n);
/* The same for hosts that no engine has: takes the array and its texts. */
void hf_progress_give(struct hf_progress *p, struct hf_progress_host *hosts,
                      size_t n);
/* The run is about to go: keeps copies of its texts. */
void hf_progress_keep(struct hf_progress *p);
/* Folds or opens the group of a row. */
void hf_progress_fold(struct hf_progress *p, size_t row);

/* "12 of 40" with a bar, under way, waiting, and what came out. */
void hf_progress_bar(struct hf_line *out, const struct hf_progress *p,
                     const struct hf_look *look);
void hf_progress_counts(struct hf_line *out, const struct hf_progress *p,
                        const struct hf_look *look);
/* `mono` is the monotonic clock, for how long a phase lasts. */
void hf_progress_line(struct hf_line *out, const struct hf_progress *p,
                      size_t row, int64_t mono, const struct hf_look *look);

/* ---- the log ---- */

#define HF_TAIL_LEN 1000

struct hf_tail_line {
    int64_t at;
    char *host, *text;
    enum hf_tone tone;
};
/* The newest lines; {0} is empty. */
struct hf_tail {
    struct hf_tail_line v[HF_TAIL_LEN];
    size_t next, len;
};
void hf_tail_release(struct hf_tail *t);
void hf_tail_add(struct hf_tail *t, int64_t at, const char *host,
                 const char *text, enum hf_tone tone);
/* Takes what an event says to people; 1 when there was something. */
int hf_tail_event(struct hf_tail *t, const struct hf_event *e);
/* The i-th newest, or NULL. */
const struct hf_tail_line *hf_tail_get(const struct hf_tail *t, size_t i);
void hf_tail_line_make(struct hf_line *out, const struct hf_tail_line *line,
                       const struct hf_look *look);

#endif
