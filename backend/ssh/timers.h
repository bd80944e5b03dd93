/*
 * Deadlines of many links: a binary heap of timers that live inside their
 * owners, so that moving or dropping one costs log n and no memory.
 */
#ifndef HF_SSH_TIMERS_H
#define HF_SSH_TIMERS_H

#include <stddef.h>
#include <stdint.h>

struct hf_timer {
    int64_t at;  /* hf_mono() */
    size_t slot; /* place in the heap, from 1; 0: not armed */
};

/* {0} is valid and empty; borrows the timers. */
struct hf_timers {
    struct hf_timer **v;
    size_t len, cap;
};

void hf_timers_release(struct hf_timers *timers);
/* Arms it, or moves it when it is armed already. */
void
hf_timers_arm(struct hf_timers *timers, struct hf_timer *timer, int64_t at);
void hf_timers_disarm(struct hf_timers *timers, struct hf_timer *timer);
/* Takes out the earliest timer with at <= now, or NULL. */
struct hf_timer *hf_timers_due(struct hf_timers *timers, int64_t now);
/* When the earliest one is due, or INT64_MAX. */
int64_t hf_timers_next(const struct hf_timers *timers);

#endif
