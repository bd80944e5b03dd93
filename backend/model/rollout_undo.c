/*
 * Taking a rollout back by itself: when that is due, and the rehearsal of it
 * before the first ring.
 */
#include <string.h>

#include "backend/model/rollout_priv.h"

/* ---- the rehearsal ---- */

int
rehearsal_host(const struct hf_rollout *r)
{
    const char *name = r->pb->undo.rehearse_on;

    return name ? hf_plan_find(r->plan, name) : -1;
}

int
next_rehearsal(struct hf_rollout *r, int64_t now, const struct hf_admission *a,
               struct hf_rollout_event *out)
{
    int host = rehearsal_host(r), outcome;
    char why[HF_WHY_LEN] = "";
    int64_t until = 0;

    if (r->rehearsal != HOOK_NOT_RUN) {
        hf_say(r->waits_for, sizeof(r->waits_for),
               "rehearsal of the rollback on %s", r->pb->undo.rehearse_on);
        return 0;
    }
    event_init(out, HF_ROLLOUT_REHEARSAL_BEGAN, now);
    out->host = host;
    out->ring = r->plan->hosts[host].ring;
    switch (a->ask(a->ctx, host, now, &until, &outcome, why)) {
    case HF_ADMIT_YES:
        return 1;
    case HF_ADMIT_LEAVE_OUT:
        out->kind = HF_ROLLOUT_REHEARSAL_ENDED;
        hf_say(out->why, sizeof(out->why), "%s", why);
        return 1;
    default:
        wait_until(r, until > now ? until : now + ASK_AGAIN);
        hf_say(r->waits_for, sizeof(r->waits_for), "%s", why);
        return 0;
    }
}

void
rehearsal_event(struct hf_rollout *r, const struct hf_rollout_event *e)
{
    if (r->place != PLACE_REHEARSAL)
        return;
    if (e->kind == HF_ROLLOUT_REHEARSAL_BEGAN) {
        r->rehearsal = HOOK_RUNNING;
        return;
    }
    r->rehearsal = e->ok ? HOOK_DONE : HOOK_FAILED;
    if (!e->ok)
        must_stop(r, 0, "rehearsal of the rollback on %s failed: %s",
                  r->pb->undo.rehearse_on, e->why);
}

/* ---- taking it back ---- */

int
undo_is_due(const struct hf_rollout *r)
{
    if (r->undo != HOOK_NOT_RUN)
        return 0;
    switch ((enum hf_undo_when)r->pb->undo.when) {
    case HF_UNDO_GATE_FAILED:
        return r->gate_failed;
    case HF_UNDO_HALTED:
        return r->gate_failed || r->budget_exceeded;
    default:
        return 0;
    }
}

void
undo_event(struct hf_rollout *r, const struct hf_rollout_event *e)
{
    size_t len = strlen(e->why) + 2;
    size_t room = len < HF_WHY_LEN ? HF_WHY_LEN - len : 1; /* for the halt */
    char told[HF_WHY_LEN];

    if (e->kind == HF_ROLLOUT_UNDO_BEGAN) {
        r->undo = HOOK_RUNNING;
        hf_say(r->undo_by, sizeof(r->undo_by), "%s", e->by);
        return;
    }
    if (r->undo != HOOK_RUNNING)
        return;
    r->undo = e->ok ? HOOK_DONE : HOOK_FAILED;
    hf_say(r->undo_by, sizeof(r->undo_by), "%s", e->by);
    hf_say(told, room, "%s", r->why);
    hf_say(r->why, sizeof(r->why), "%s; %s", told, e->why);
}

void
undo_forget(struct hf_rollout *r)
{
    r->gate_failed = r->budget_exceeded = 0;
    r->undo = HOOK_NOT_RUN;
    r->undo_by[0] = '\0';
    if (r->rehearsal == HOOK_FAILED)
        r->rehearsal = HOOK_NOT_RUN;
}
