/*
 * A run of a plan, event by event. The run is a fold over its events, so the
 * fold of the first few of them is the run as it was then. Pure.
 */
#ifndef HF_ROWS_REPLAY_H
#define HF_ROWS_REPLAY_H

#include "tui/rows/progress.h"
#include "tui/rows/rings.h"

/* {0}, with `run` filled in: no event yet. */
struct hf_replay {
    struct hf_rings_run run; /* as it was behind the first `at` events */
    struct hf_rollout_event *v;
    size_t len, cap;
    size_t at;
};
/* Takes the plan. */
void hf_replay_init(struct hf_replay *r, const char *id, struct hf_plan *plan);
void hf_replay_release(struct hf_replay *r);
/* The next event of the run, of which `ctx` is the replay; who stands at the
 * end goes with it. */
void hf_replay_take(void *ctx, const struct hf_rollout_event *e);
/* To where so many events have happened; at most all. */
void hf_replay_to(struct hf_replay *r, size_t at);
/* Where the next event of note (or the one before, below 0) has happened. */
size_t hf_replay_note(const struct hf_replay *r, int by);

/* "event 37 of 212   02:13:20 UTC, 12m after it began". */
void hf_replay_place(struct hf_line *out, const struct hf_replay *r,
                     const struct hf_look *look);
/* What happened last. */
void hf_replay_event(struct hf_line *out, const struct hf_replay *r);
/* When that was; 0: nothing has happened. */
int64_t hf_replay_time(const struct hf_replay *r);
/* The hosts as they stood then, with the reasons of their ends. */
void hf_replay_hosts(struct hf_progress *out, const struct hf_replay *r);

#endif
