/*
 * How many connections may be open, and how many of them may be on their way
 * to a login.
 */
#include <stdlib.h>

#include "backend/ssh/worker.h"

/* A connection counts against the ramp until it is logged in, but a host that
 * does not answer shall not hold up the others. */
#define RAMP_MS 1000
/* So many connects at once, then a pause of a few random milliseconds. */
#define BURST 8

void
hf_worker_leave_line(struct hf_worker *w, struct hf_link *link)
{
    if (link->stage == HF_STAGE_WAITING)
        TAILQ_REMOVE(&w->waiting, link, line);
    else if (link->stage == HF_STAGE_IDLE)
        TAILQ_REMOVE(&w->idle, link, line);
}

void
hf_worker_want_place(struct hf_worker *w, struct hf_link *link)
{
    TAILQ_INSERT_TAIL(&w->waiting, link, line);
}

void
hf_worker_idle(struct hf_worker *w, struct hf_link *link)
{
    TAILQ_INSERT_TAIL(&w->idle, link, line);
}

void
hf_worker_ramp_done(struct hf_worker *w, struct hf_link *link)
{
    if (!link->ramping)
        return;
    link->ramping = 0;
    w->ramped--;
    TAILQ_REMOVE(&w->ramping, link, ramp);
}

void
hf_worker_give_place(struct hf_worker *w, struct hf_link *link)
{
    if (link->placed)
        w->open--;
    link->placed = 0;
}

static void
take_place(struct hf_worker *w, struct hf_link *link)
{
    hf_worker_leave_line(w, link);
    link->stage = HF_STAGE_RESOLVE;
    w->open++;
    w->ramped++;
    link->placed = 1;
    link->ramping = 1;
    link->started = w->now;
    TAILQ_INSERT_TAIL(&w->ramping, link, ramp);
    if (++w->started % BURST == 0)
        w->next_start = w->now + 1 + rand_r(&w->seed) % 4;
}

/* Is there a place? An idle connection gives up its own. */
static int
has_place(struct hf_worker *w)
{
    struct hf_link *link;

    while ((link = TAILQ_FIRST(&w->ramping)) &&
           w->now - link->started >= RAMP_MS)
        hf_worker_ramp_done(w, link);
    if (w->now < w->next_start || w->ramped >= w->options.ramp)
        return 0;
    if (w->open >= w->options.max_open && (link = TAILQ_FIRST(&w->idle)))
        hf_link_evict(link);
    return w->open < w->options.max_open;
}

void
hf_worker_admit(struct hf_worker *w)
{
    struct hf_link *link;

    while ((link = TAILQ_FIRST(&w->waiting)) && has_place(w)) {
        take_place(w, link);
        hf_link_connect(link);
    }
}

int64_t
hf_worker_next_admission(const struct hf_worker *w)
{
    const struct hf_link *first = TAILQ_FIRST(&w->ramping);

    if (!TAILQ_FIRST(&w->waiting))
        return INT64_MAX;
    if (w->next_start > w->now)
        return w->next_start;
    return first ? first->started + RAMP_MS : INT64_MAX;
}
