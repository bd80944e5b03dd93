/*
 * The step function: how events move a run from one place to the next. What
 * is next in each place, hosts, gates and budgets have files of their own.
 */
#include "backend/model/rollout.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/model/rollout_priv.h"

void
event_init(struct hf_rollout_event *e, enum hf_rollout_kind kind, int64_t now)
{
    memset(e, 0, sizeof(*e));
    e->kind = kind;
    e->at = now;
    e->ring = e->batch = e->gate = e->hook = e->host = -1;
}

void
wait_until(struct hf_rollout *r, int64_t at)
{
    if (at && (!r->due || at < r->due))
        r->due = at;
}

void
must_stop(struct hf_rollout *r, int pause, const char *fmt, ...)
{
    va_list ap;

    if (r->stop[0] && (pause || !r->stop_is_pause))
        return; /* the first reason is the one to tell */
    va_start(ap, fmt);
    (void)vsnprintf(r->stop, sizeof(r->stop), fmt, ap);
    va_end(ap);
    r->stop_is_pause = pause;
}

static void
go_to(struct hf_rollout *r, enum place place)
{
    r->place = place;
    r->hook = HOOK_NOT_RUN;
    r->hook_which = -1;
}

/* ---- what events do ---- */

static void
begin_batch(struct hf_rollout *r)
{
    const struct hf_plan_ring *ring = &r->plan->rings[r->ring];
    size_t i = r->batch ? r->batch_end : ring->first;

    r->batch_first = r->cursor = i;
    r->batch_open = 0;
    for (; i < ring->first + ring->len &&
           r->plan->hosts[i].batch == (uint16_t)r->batch;
         i++)
        r->batch_open += r->slots[i].state != HF_SLOT_ENDED;
    r->batch_end = i;
    budget_begin_batch(r);
}

static void
on_run_began(struct hf_rollout *r, const struct hf_rollout_event *e)
{
    r->began = e->at;
    if (rehearsal_host(r) >= 0)
        go_to(r, PLACE_REHEARSAL);
    else
        go_to(r, r->pb->rings_len ? PLACE_RING : PLACE_CATCH_UP);
}

static void
on_ring_began(struct hf_rollout *r, const struct hf_rollout_event *e)
{
    (void)e;
    r->batch = 0;
    memset(r->gates, 0, r->pb->gates_len * sizeof(*r->gates));
    go_to(r, r->plan->rings[r->ring].batches ? PLACE_BATCH : PLACE_SOAK_START);
}

static void
on_batch_began(struct hf_rollout *r, const struct hf_rollout_event *e)
{
    (void)e;
    begin_batch(r);
    go_to(r, PLACE_HOSTS);
}

static void
on_batch_ended(struct hf_rollout *r, const struct hf_rollout_event *e)
{
    gates_begin(r, e->at);
    go_to(r, PLACE_GATES);
}

static void
on_soak_began(struct hf_rollout *r, const struct hf_rollout_event *e)
{
    r->soak_until = e->until;
    gates_soak(r, e->at);
    go_to(r, PLACE_SOAK);
}

static void
on_ring_ended(struct hf_rollout *r, const struct hf_rollout_event *e)
{
    r->rings[r->ring].ended = 1;
    r->rings[r->ring].ended_at = e->at;
    r->soak_until = 0;
    wake_sleepers(r, r->ring, e->at);
    r->ring++;
    r->batch = 0;
    go_to(r, (size_t)r->ring < r->pb->rings_len ? PLACE_RING : PLACE_CATCH_UP);
}

static void
stop_as(struct hf_rollout *r, enum hf_rollout_state state,
        const struct hf_rollout_event *e)
{
    if (r->state == HF_ROLLOUT_IS_ENDING || r->state == HF_ROLLOUT_IS_OVER)
        return;
    r->state = state;
    hf_say(r->why, sizeof(r->why), "%s", e->why);
    hf_say(r->who, sizeof(r->who), "%s", e->who);
}

static void
on_halted(struct hf_rollout *r, const struct hf_rollout_event *e)
{
    stop_as(r, HF_ROLLOUT_IS_HALTED, e);
}

static void
on_paused(struct hf_rollout *r, const struct hf_rollout_event *e)
{
    if (r->state == HF_ROLLOUT_GOING) /* a halt is not weakened to a pause */
        stop_as(r, HF_ROLLOUT_IS_PAUSED, e);
}

static void
on_superseded(struct hf_rollout *r, const struct hf_rollout_event *e)
{
    on_paused(r, e);
    r->superseded = r->state == HF_ROLLOUT_IS_PAUSED;
}

static void
on_abort(struct hf_rollout *r, const struct hf_rollout_event *e)
{
    stop_as(r, HF_ROLLOUT_IS_ENDING, e);
    go_to(r, PLACE_FINISH);
}

static void
on_ended(struct hf_rollout *r, const struct hf_rollout_event *e)
{
    r->state = HF_ROLLOUT_IS_OVER;
    r->ended = e->at;
    r->exit = e->exit;
    go_to(r, PLACE_OVER);
}

/* A person has seen what stopped it and says go on: what failed is tried
 * again, what was spent is accepted. */
static void
on_resumed(struct hf_rollout *r, const struct hf_rollout_event *e)
{
    int failed = 0;

    if ((r->state != HF_ROLLOUT_IS_PAUSED &&
         r->state != HF_ROLLOUT_IS_HALTED) ||
        r->undo == HOOK_RUNNING)
        return;
    r->state = HF_ROLLOUT_GOING;
    r->stop[0] = r->why[0] = r->who[0] = '\0';
    r->stop_is_pause = r->superseded = 0;
    budget_forgive(r);
    undo_forget(r);
    if (r->hook == HOOK_FAILED)
        r->hook = HOOK_NOT_RUN;
    for (size_t i = 0; i < r->pb->gates_len; i++)
        failed |= r->gates[i].failed;
    if (failed)
        gates_begin(r, e->at);
}

static void
on_finish(struct hf_rollout *r, const struct hf_rollout_event *e)
{
    r->finishing = 1;
    on_resumed(r, e);
}

static void
on_hook_began(struct hf_rollout *r, const struct hf_rollout_event *e)
{
    r->hook = HOOK_RUNNING;
    r->hook_which = e->hook;
}

static void
on_hook_ended(struct hf_rollout *r, const struct hf_rollout_event *e)
{
    if (r->hook != HOOK_RUNNING || e->hook != r->hook_which)
        return;
    r->hook = HOOK_DONE;
    if (e->ok || r->pb->hooks[e->hook].ignore_failures)
        return;
    r->hook = HOOK_FAILED;
    must_stop(r, 0, "hook %s failed: %s", hf_hook_names[e->hook], e->why);
}

static void
on_approved(struct hf_rollout *r, const struct hf_rollout_event *e)
{
    if (e->ring >= 0 && (size_t)e->ring < r->pb->rings_len)
        r->rings[e->ring].approved = 1;
}

static void (*const takes[HF_ROLLOUT_KIND_COUNT])(
    struct hf_rollout *, const struct hf_rollout_event *) = {
    [HF_ROLLOUT_RUN_BEGAN] = on_run_began,
    [HF_ROLLOUT_RING_BEGAN] = on_ring_began,
    [HF_ROLLOUT_BATCH_BEGAN] = on_batch_began,
    [HF_ROLLOUT_HOST_STARTED] = host_started,
    [HF_ROLLOUT_HOST_LEFT_OUT] = host_left_out,
    [HF_ROLLOUT_SAMPLE_TAKEN] = gate_event,
    [HF_ROLLOUT_GATE_PASSED] = gate_event,
    [HF_ROLLOUT_GATE_FAILED] = gate_event,
    [HF_ROLLOUT_HOOK_BEGAN] = on_hook_began,
    [HF_ROLLOUT_BATCH_ENDED] = on_batch_ended,
    [HF_ROLLOUT_SOAK_BEGAN] = on_soak_began,
    [HF_ROLLOUT_RING_ENDED] = on_ring_ended,
    [HF_ROLLOUT_HALTED] = on_halted,
    [HF_ROLLOUT_ABORTED] = on_abort,
    [HF_ROLLOUT_PAUSED] = on_paused,
    [HF_ROLLOUT_SUPERSEDED] = on_superseded,
    [HF_ROLLOUT_REHEARSAL_BEGAN] = rehearsal_event,
    [HF_ROLLOUT_UNDO_BEGAN] = undo_event,
    [HF_ROLLOUT_ENDED] = on_ended,
    [HF_ROLLOUT_HOST_ENDED] = host_ended,
    [HF_ROLLOUT_SAMPLE_ENDED] = gate_event,
    [HF_ROLLOUT_HOOK_ENDED] = on_hook_ended,
    [HF_ROLLOUT_REHEARSAL_ENDED] = rehearsal_event,
    [HF_ROLLOUT_UNDO_ENDED] = undo_event,
    [HF_ROLLOUT_RESUMED] = on_resumed,
    [HF_ROLLOUT_FINISH] = on_finish,
    [HF_ROLLOUT_ABORT] = on_abort,
    [HF_ROLLOUT_REPLACED] = on_abort,
    [HF_ROLLOUT_APPROVED] = on_approved,
    [HF_ROLLOUT_SIGNED_OFF] = gate_event,
    [HF_ROLLOUT_SKIPPED] = host_left_out,
};

/* Moves that need no event of their own, since what was applied says it. */
static void
advance(struct hf_rollout *r)
{
    if (r->place == PLACE_REHEARSAL && r->rehearsal == HOOK_DONE)
        go_to(r, PLACE_RING);
    if (r->place == PLACE_HOSTS && r->batch_open == 0)
        go_to(r, PLACE_BATCH_DONE);
    if (r->place == PLACE_GATES && gates_passed(r)) {
        if ((size_t)++r->batch < r->plan->rings[r->ring].batches)
            go_to(r, PLACE_BATCH);
        else
            go_to(r, PLACE_SOAK_START);
    }
    if (r->place == PLACE_CATCH_UP && !r->counts.asleep && !r->counts.in_flight)
        go_to(r, PLACE_FINISH);
}

/* Indices that events of this kind carry must be the plan's. */
static int
is_sound(const struct hf_rollout *r, const struct hf_rollout_event *e)
{
    return (int)e->kind >= 0 && e->kind < HF_ROLLOUT_KIND_COUNT &&
           e->host < (int)r->plan->hosts_len &&
           e->ring < (int)r->pb->rings_len && e->gate < (int)r->pb->gates_len &&
           e->hook < HF_HOOK_COUNT;
}

void
hf_rollout_apply(struct hf_rollout *r, const struct hf_rollout_event *e)
{
    if (r->state == HF_ROLLOUT_IS_OVER || !is_sound(r, e))
        return;
    takes[e->kind](r, e);
    advance(r);
}

/* ---- its life ---- */

struct hf_rollout *
hf_rollout_new(const struct hf_plan *plan)
{
    struct hf_rollout *r = HF_NEW(struct hf_rollout);
    const struct hf_playbook *pb = &plan->playbook;

    r->plan = plan;
    r->pb = pb;
    r->slots = hf_xcalloc(plan->hosts_len + 1, sizeof(*r->slots));
    r->rings = hf_xcalloc(pb->rings_len + 1, sizeof(*r->rings));
    r->gates = hf_xcalloc(pb->gates_len + 1, sizeof(*r->gates));
    r->past = hf_xcalloc(pb->rings_len * pb->gates_len + 1, sizeof(*r->past));
    r->domain_in_flight =
        hf_xcalloc(plan->domain_values + 1, sizeof(*r->domain_in_flight));
    r->chosen = -1;
    r->blocked_head =
        hf_xcalloc(plan->domain_values + 1, sizeof(*r->blocked_head));
    r->blocked_next = hf_xcalloc(plan->hosts_len + 1, sizeof(*r->blocked_next));
    for (size_t i = 0; i < plan->domain_values; i++)
        r->blocked_head[i] = -1;
    r->parallel = pb->limits.ramp ? pb->limits.ramp : pb->limits.parallel;
    r->counts.hosts = r->counts.waiting = plan->hosts_len;
    for (size_t i = 0; i < pb->rings_len; i++)
        r->rings[i].counts.hosts = r->rings[i].counts.waiting =
            plan->rings[i].len;
    go_to(r, PLACE_RUN);
    return r;
}

void
hf_rollout_free(struct hf_rollout *r)
{
    if (!r)
        return;
    free(r->slots);
    free(r->rings);
    free(r->gates);
    free(r->past);
    free(r->domain_in_flight);
    free(r->blocked_head);
    free(r->blocked_next);
    free(r->freed);
    free(r->later.v);
    free(r);
}
