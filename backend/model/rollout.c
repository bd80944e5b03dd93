/*
 * The step function: where the run is, as a table of places, and how events
 * move it from one to the next. Hosts, gates and budgets have files of their
 * own.
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

static const struct hf_playbook_ring *
ring_of(const struct hf_rollout *r)
{
    return &r->pb->rings[r->ring];
}

static void
go_to(struct hf_rollout *r, enum place place)
{
    r->place = place;
    r->hook = HOOK_NOT_RUN;
    r->hook_which = -1;
}

static int
emit(struct hf_rollout *r, enum hf_rollout_kind kind, int64_t now,
     struct hf_rollout_event *out)
{
    event_init(out, kind, now);
    if ((size_t)r->ring < r->pb->rings_len) {
        out->ring = r->ring;
        out->batch = r->batch;
    }
    return 1;
}

/* A hook comes before `kind`: 1 with whichever of the two is next, or 0 while
 * the hook is under way. A failed one has stopped the run. */
static int
after_hook(struct hf_rollout *r, enum hf_hook_at which,
           enum hf_rollout_kind kind, int64_t now, struct hf_rollout_event *out)
{
    if (!r->pb->hooks[which].run || r->hook == HOOK_DONE)
        return emit(r, kind, now, out);
    if (r->hook != HOOK_NOT_RUN) {
        hf_say(r->waits_for, sizeof(r->waits_for), "hook %s",
               hf_hook_names[which]);
        return 0;
    }
    (void)emit(r, HF_ROLLOUT_HOOK_BEGAN, now, out);
    out->hook = (int)which;
    return 1;
}

/* ---- the places: what is next there, or what it waits for ---- */

static int
place_run(struct hf_rollout *r, int64_t now, struct hf_rollout_event *out)
{
    return after_hook(r, HF_HOOK_BEFORE_RUN, HF_ROLLOUT_RUN_BEGAN, now, out);
}

static int
place_ring(struct hf_rollout *r, int64_t now, struct hf_rollout_event *out)
{
    if (ring_of(r)->approve && !r->rings[r->ring].approved) {
        hf_say(r->waits_for, sizeof(r->waits_for),
               "somebody to approve ring '%s'", ring_of(r)->name);
        return 0;
    }
    return after_hook(r, HF_HOOK_BEFORE_RING, HF_ROLLOUT_RING_BEGAN, now, out);
}

static int
place_batch(struct hf_rollout *r, int64_t now, struct hf_rollout_event *out)
{
    return after_hook(r, HF_HOOK_BEFORE_BATCH, HF_ROLLOUT_BATCH_BEGAN, now,
                      out);
}

static int
place_hosts(struct hf_rollout *r, int64_t now, struct hf_rollout_event *out)
{
    (void)now;
    (void)out;
    if (!r->waits_for[0])
        hf_say(r->waits_for, sizeof(r->waits_for), "hosts: %zu in flight",
               r->counts.in_flight);
    return 0;
}

static int
place_batch_done(struct hf_rollout *r, int64_t now,
                 struct hf_rollout_event *out)
{
    return after_hook(r, HF_HOOK_AFTER_BATCH, HF_ROLLOUT_BATCH_ENDED, now, out);
}

static int
place_gates(struct hf_rollout *r, int64_t now, struct hf_rollout_event *out)
{
    if (next_gate(r, now, out))
        return 1;
    hf_say(r->waits_for, sizeof(r->waits_for), "gates of ring '%s'",
           ring_of(r)->name);
    return 0;
}

static int
place_soak_start(struct hf_rollout *r, int64_t now,
                 struct hf_rollout_event *out)
{
    (void)emit(r, HF_ROLLOUT_SOAK_BEGAN, now, out);
    /* Where nothing was changed there is nothing to watch. */
    out->until = now + (r->rings[r->ring].touched ? ring_of(r)->soak : 0);
    return 1;
}

static int
place_soak(struct hf_rollout *r, int64_t now, struct hf_rollout_event *out)
{
    const struct hf_gate *gate;

    if (now >= r->soak_until && gates_passed(r) && !gates_asked(r)) {
        gate = gates_unsigned(r, now);
        if (!gate)
            return after_hook(r, HF_HOOK_AFTER_RING, HF_ROLLOUT_RING_ENDED, now,
                              out);
        hf_say(r->waits_for, sizeof(r->waits_for), "sign-off '%s' by %s",
               gate->name, gate->who ? gate->who : "its owner");
        return 0;
    }
    if (next_gate(r, now, out))
        return 1;
    if (now < r->soak_until)
        wait_until(r, r->soak_until);
    hf_say(r->waits_for, sizeof(r->waits_for), "soak of ring '%s'",
           ring_of(r)->name);
    return 0;
}

static int
place_catch_up(struct hf_rollout *r, int64_t now, struct hf_rollout_event *out)
{
    (void)now;
    (void)out;
    hf_say(r->waits_for, sizeof(r->waits_for), "%zu hosts not seen yet",
           r->counts.asleep);
    return 0;
}

static int
exit_of(const struct hf_rollout *r)
{
    if (r->state == HF_ROLLOUT_IS_ENDING)
        return 3;
    return hf_outcomes_exit(r->counts.by_outcome);
}

static int
place_finish(struct hf_rollout *r, int64_t now, struct hf_rollout_event *out)
{
    if (!after_hook(r, HF_HOOK_AFTER_RUN, HF_ROLLOUT_ENDED, now, out))
        return 0;
    if (out->kind == HF_ROLLOUT_ENDED)
        out->exit = exit_of(r);
    return 1;
}

static int
place_over(struct hf_rollout *r, int64_t now, struct hf_rollout_event *out)
{
    (void)r;
    (void)now;
    (void)out;
    return 0;
}

static int (*const places[PLACE_COUNT])(struct hf_rollout *, int64_t,
                                        struct hf_rollout_event *) = {
    [PLACE_RUN] = place_run,
    [PLACE_RING] = place_ring,
    [PLACE_BATCH] = place_batch,
    [PLACE_HOSTS] = place_hosts,
    [PLACE_BATCH_DONE] = place_batch_done,
    [PLACE_GATES] = place_gates,
    [PLACE_SOAK_START] = place_soak_start,
    [PLACE_SOAK] = place_soak,
    [PLACE_CATCH_UP] = place_catch_up,
    [PLACE_FINISH] = place_finish,
    [PLACE_OVER] = place_over,
};

static int
tell_stop(struct hf_rollout *r, int64_t now, struct hf_rollout_event *out)
{
    enum hf_rollout_kind kind = HF_ROLLOUT_HALTED;

    if (r->stop_is_pause)
        kind = HF_ROLLOUT_PAUSED;
    else if (r->pb->budget.on_exceed == HF_ON_EXCEED_ABORT)
        kind = HF_ROLLOUT_ABORTED;
    (void)emit(r, kind, now, out);
    hf_say(out->why, sizeof(out->why), "%s", r->stop);
    return 1;
}

static void
watch_clock(struct hf_rollout *r, int64_t now)
{
    int64_t end = r->began + r->pb->limits.run_time;

    if (!r->began || !r->pb->limits.run_time || r->timed_out)
        return;
    wait_until(r, end);
    if (now < end)
        return;
    r->timed_out = 1;
    must_stop(r, 0, "the time for the whole run is over");
}

int
hf_rollout_next(struct hf_rollout *r, int64_t now,
                const struct hf_admission *admission,
                struct hf_rollout_event *out)
{
    r->due = 0;
    r->waits_for[0] = '\0';
    if (r->state == HF_ROLLOUT_IS_ENDING && !r->counts.in_flight) {
        (void)emit(r, HF_ROLLOUT_ENDED, now, out);
        out->exit = exit_of(r);
        return 1;
    }
    if (r->state != HF_ROLLOUT_GOING)
        return 0;
    watch_clock(r, now);
    if (r->stop[0])
        return tell_stop(r, now, out);
    if (next_host(r, now, admission, out))
        return 1;
    return places[r->place](r, now, out);
}

int64_t
hf_rollout_due(const struct hf_rollout *r)
{
    return r->due;
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

    if (r->state != HF_ROLLOUT_IS_PAUSED && r->state != HF_ROLLOUT_IS_HALTED)
        return;
    r->state = HF_ROLLOUT_GOING;
    r->stop[0] = r->why[0] = r->who[0] = '\0';
    r->stop_is_pause = 0;
    budget_forgive(r);
    if (r->hook == HOOK_FAILED)
        r->hook = HOOK_NOT_RUN;
    for (size_t i = 0; i < r->pb->gates_len; i++)
        failed |= r->gates[i].failed;
    if (failed)
        gates_begin(r, e->at);
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
    [HF_ROLLOUT_ENDED] = on_ended,
    [HF_ROLLOUT_HOST_ENDED] = host_ended,
    [HF_ROLLOUT_SAMPLE_ENDED] = gate_event,
    [HF_ROLLOUT_HOOK_ENDED] = on_hook_ended,
    [HF_ROLLOUT_RESUMED] = on_resumed,
    [HF_ROLLOUT_ABORT] = on_abort,
    [HF_ROLLOUT_APPROVED] = on_approved,
    [HF_ROLLOUT_SIGNED_OFF] = gate_event,
    [HF_ROLLOUT_SKIPPED] = host_left_out,
};

/* Moves that need no event of their own, since what was applied says it. */
static void
advance(struct hf_rollout *r)
{
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
