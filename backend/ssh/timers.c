/* A binary heap; slot n holds v[n - 1]. */
#include "backend/ssh/timers.h"

#include <stdlib.h>

#include "backend/base/mem.h"

void
hf_timers_release(struct hf_timers *timers)
{
    free(timers->v);
    *timers = (struct hf_timers){0};
}

static void
put(struct hf_timers *timers, size_t slot, struct hf_timer *timer)
{
    timers->v[slot - 1] = timer;
    timer->slot = slot;
}

static struct hf_timer *
at(const struct hf_timers *timers, size_t slot)
{
    return timers->v[slot - 1];
}

static void
sift_up(struct hf_timers *timers, struct hf_timer *timer)
{
    size_t slot = timer->slot;

    for (; slot > 1 && at(timers, slot / 2)->at > timer->at; slot /= 2)
        put(timers, slot, at(timers, slot / 2));
    put(timers, slot, timer);
}

static void
sift_down(struct hf_timers *timers, struct hf_timer *timer)
{
    size_t slot = timer->slot, child;

    for (; (child = slot * 2) <= timers->len; slot = child) {
        if (child < timers->len &&
            at(timers, child + 1)->at < at(timers, child)->at)
            child++;
        if (at(timers, child)->at >= timer->at)
            break;
        put(timers, slot, at(timers, child));
    }
    put(timers, slot, timer);
}

void
hf_timers_arm(struct hf_timers *timers, struct hf_timer *timer, int64_t when)
{
    timer->at = when;
    if (!timer->slot) {
        *HF_PUSH(&timers->v, &timers->len, &timers->cap) = timer;
        timer->slot = timers->len;
    }
    sift_up(timers, timer);
    sift_down(timers, timer);
}

void
hf_timers_disarm(struct hf_timers *timers, struct hf_timer *timer)
{
    struct hf_timer *last;
    size_t slot = timer->slot;

    if (!slot)
        return;
    timer->slot = 0;
    last = timers->v[--timers->len];
    if (last == timer)
        return;
    put(timers, slot, last);
    sift_up(timers, last);
    sift_down(timers, last);
}

struct hf_timer *
hf_timers_due(struct hf_timers *timers, int64_t now)
{
    struct hf_timer *first;

    if (hf_timers_next(timers) > now)
        return NULL;
    first = timers->v[0];
    hf_timers_disarm(timers, first);
    return first;
}

int64_t
hf_timers_next(const struct hf_timers *timers)
{
    return timers->len ? timers->v[0]->at : INT64_MAX;
}
