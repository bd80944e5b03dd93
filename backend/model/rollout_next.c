/* What is to be done next, as a table of the places where a run can be. */
#include <string.h>

#include "backend/model/rollout_priv.h"

static const struct hf_playbook_ring *
ring_of(const struct hf_rollout *r)
{
    return &r->pb->rings[r->ring];
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
    (void)out;
    if (!r->counts.in_flight && r->deferred_until > now)
        hf_say(r->waits_for, sizeof(r->waits_for), "%s", r->deferred);
    else
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
    hf_say(r->waits_for, sizeof(r->waits_for), "%zu host%s not seen yet",
           r->counts.asleep, hf_plural(r->counts.asleep));
    return 0;
}

static int
exit_of(const struct hf_rollout *r)
{
    if (r->state == HF_ROLLOUT_IS_ENDING ||
        r->counts.by_outcome[HF_OUTCOME_CANCELLED])
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
    [PLACE_REHEARSAL] = place_over, /* see next_rehearsal */
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

/* What is halted, or about to end, and has nothing under way any more. */
static int
next_undo(struct hf_rollout *r, int64_t now, struct hf_rollout_event *out)
{
    if ((r->state != HF_ROLLOUT_IS_HALTED &&
         r->state != HF_ROLLOUT_IS_ENDING) ||
        r->counts.in_flight || gates_asked(r) || !undo_is_due(r))
        return 0;
    return emit(r, HF_ROLLOUT_UNDO_BEGAN, now, out);
}

int
hf_rollout_next(struct hf_rollout *r, int64_t now,
                const struct hf_admission *admission,
                struct hf_rollout_event *out)
{
    r->due = 0;
    r->waits_for[0] = '\0';
    if (next_undo(r, now, out))
        return 1;
    if (r->state == HF_ROLLOUT_IS_ENDING && !r->counts.in_flight &&
        r->undo != HOOK_RUNNING) {
        (void)emit(r, HF_ROLLOUT_ENDED, now, out);
        out->exit = exit_of(r);
        return 1;
    }
    if (r->state != HF_ROLLOUT_GOING)
        return 0;
    watch_clock(r, now);
    if (r->stop[0])
        return tell_stop(r, now, out);
    if (r->place == PLACE_REHEARSAL)
        return next_rehearsal(r, now, admission, out);
    if (next_host(r, now, admission, out))
        return 1;
    return places[r->place](r, now, out);
}

int64_t
hf_rollout_due(const struct hf_rollout *r)
{
    return r->due;
}
