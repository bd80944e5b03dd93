/*
 * Which host starts next: limits at once and per failure domain, moments that
 * hosts wait for, admission; and what the end of one changes. Nothing here
 * looks at all hosts.
 */
#include <stdlib.h>
#include <string.h>

#include "backend/model/rollout_priv.h"

#define SLEEP_PAUSE                                          \
    ((int64_t)60 * 60 * 1000) /* between looks for a sleeper \
                               */

/* ---- a heap of moments ---- */

static void
swap(struct wait *a, struct wait *b)
{
    struct wait t = *a;

    *a = *b;
    *b = t;
}

void
waits_push(struct waits *w, int host, int64_t at)
{
    size_t i;

    *HF_PUSH(&w->v, &w->len, &w->cap) = (struct wait){at, host};
    for (i = w->len - 1; i && w->v[i].at < w->v[(i - 1) / 2].at;
         i = (i - 1) / 2)
        swap(&w->v[i], &w->v[(i - 1) / 2]);
}

int
waits_pop(struct waits *w)
{
    int host = w->v[0].host;
    size_t i = 0, child;

    w->v[0] = w->v[--w->len];
    while ((child = 2 * i + 1) < w->len) {
        if (child + 1 < w->len && w->v[child + 1].at < w->v[child].at)
            child++;
        if (w->v[i].at <= w->v[child].at)
            break;
        swap(&w->v[i], &w->v[child]);
        i = child;
    }
    return host;
}

int64_t
waits_next(const struct waits *w)
{
    return w->len ? w->v[0].at : 0;
}

void
hf_rollout_ask_again(struct hf_rollout *r)
{
    struct waits was = r->later;

    r->later = (struct waits){0};
    r->deferred_until = 0;
    for (size_t i = 0; i < was.len; i++) {
        int waits = r->slots[was.v[i].host].state == HF_SLOT_WAITING;

        waits_push(&r->later, was.v[i].host, waits ? 1 : was.v[i].at);
    }
    free(was.v);
}

/* ---- counts ---- */

static void
count_in(struct hf_rollout_counts *c, const struct hf_slot *slot, int by)
{
    switch ((enum hf_slot_state)slot->state) {
    case HF_SLOT_WAITING:
    case HF_SLOT_AGAIN:
        c->waiting += (size_t)by;
        break;
    case HF_SLOT_IN_FLIGHT:
        c->in_flight += (size_t)by;
        break;
    case HF_SLOT_ASLEEP:
        c->asleep += (size_t)by;
        break;
    default:
        c->by_outcome[slot->outcome] += (size_t)by;
    }
}

void
count_state(struct hf_rollout *r, int host, int by)
{
    count_in(&r->counts, &r->slots[host], by);
    count_in(&r->rings[r->plan->hosts[host].ring].counts, &r->slots[host], by);
}

static void
set_state(struct hf_rollout *r, int host, enum hf_slot_state state,
          enum hf_outcome outcome, int64_t at)
{
    struct hf_slot *slot = &r->slots[host];

    count_state(r, host, -1);
    slot->state = (uint8_t)state;
    slot->outcome = (uint8_t)outcome;
    slot->at = at;
    count_state(r, host, 1);
}

/* ---- failure domains ---- */

/* The value that is full, or -1. */
static int
full_domain(const struct hf_rollout *r, int host)
{
    const struct hf_domain_limit *limits = r->pb->limits.per_domain;

    for (size_t i = 0; i < r->pb->limits.per_domain_len; i++) {
        int value = r->plan->hosts[host].domains[i];

        if (value >= 0 && r->domain_in_flight[value] >= limits[i].at_most)
            return value;
    }
    return -1;
}

/* One of those that wait for room in this domain is looked at again. */
static void
wake(struct hf_rollout *r, int value)
{
    int host = r->blocked_head[value];

    if (host < 0)
        return;
    r->blocked_head[value] = r->blocked_next[host];
    *HF_PUSH(&r->freed, &r->freed_len, &r->freed_cap) = host;
}

static void
take_domains(struct hf_rollout *r, int host, int by)
{
    for (size_t i = 0; i < r->pb->limits.per_domain_len; i++) {
        int value = r->plan->hosts[host].domains[i];

        if (value < 0)
            continue;
        r->domain_in_flight[value] += by;
        if (by < 0)
            wake(r, value);
    }
}

/* The host did not take the room that woke it: the next one may. */
static void
pass_on(struct hf_rollout *r, int host)
{
    const struct hf_domain_limit *limits = r->pb->limits.per_domain;

    for (size_t i = 0; i < r->pb->limits.per_domain_len; i++) {
        int value = r->plan->hosts[host].domains[i];

        if (value >= 0 && r->domain_in_flight[value] < limits[i].at_most)
            wake(r, value);
    }
}

/* ---- who is next ---- */

static int
is_in_batch(const struct hf_rollout *r, int host)
{
    return r->place == PLACE_HOSTS && (size_t)host >= r->batch_first &&
           (size_t)host < r->batch_end;
}

static int
may_start(const struct hf_rollout *r, int host)
{
    switch ((enum hf_slot_state)r->slots[host].state) {
    case HF_SLOT_WAITING:
    case HF_SLOT_AGAIN:
        return is_in_batch(r, host);
    case HF_SLOT_ASLEEP:
        return r->rings[r->plan->hosts[host].ring].ended;
    default:
        return 0;
    }
}

/* The next one to look at, or -1. */
static int
candidate(struct hf_rollout *r, int64_t now)
{
    int host = r->chosen;

    r->chosen = -1;
    if (host >= 0)
        return host;
    if (r->later.len && waits_next(&r->later) <= now)
        return waits_pop(&r->later);
    if (r->freed_len)
        return r->freed[--r->freed_len];
    if (r->place == PLACE_HOSTS && r->cursor < r->batch_end)
        return (int)r->cursor++;
    return -1;
}

/* Not seen until the time to catch up was over. */
static int
is_too_late(const struct hf_rollout *r, int host, int64_t now)
{
    int ring = r->plan->hosts[host].ring;

    return r->slots[host].state == HF_SLOT_ASLEEP &&
           now >= r->rings[ring].ended_at + r->pb->rings[ring].catch_up;
}

static int
leave_out(struct hf_rollout_event *out, int host, int ring, int64_t now,
          int outcome, const char *why)
{
    event_init(out, HF_ROLLOUT_HOST_LEFT_OUT, now);
    out->host = host;
    out->ring = ring;
    out->outcome = outcome;
    hf_say(out->why, sizeof(out->why), "%s", why);
    return 1;
}

/* The reason of the one that may start first is the one to tell. */
static void
defer(struct hf_rollout *r, int host, int64_t now, int64_t at, const char *why)
{
    waits_push(&r->later, host, at);
    if (r->deferred_until > now && r->deferred_until <= at)
        return;
    r->deferred_until = at;
    hf_say(r->deferred, sizeof(r->deferred), "%s", why);
}

/* Looks at one candidate: 1 with an event, 0 when it has to wait. */
static int
consider(struct hf_rollout *r, int host, int64_t now,
         const struct hf_admission *a, struct hf_rollout_event *out)
{
    int ring = r->plan->hosts[host].ring, value, outcome = HF_OUTCOME_SKIPPED;
    char why[HF_WHY_LEN] = "";
    int64_t until = 0;

    if (is_too_late(r, host, now))
        return leave_out(out, host, ring, now, HF_OUTCOME_NOT_SEEN,
                         "not seen until the time to catch up was over");
    if ((value = full_domain(r, host)) >= 0) {
        r->blocked_next[host] = r->blocked_head[value];
        r->blocked_head[value] = host;
        return 0;
    }
    switch (a->ask(a->ctx, host, now, &until, &outcome, why)) {
    case HF_ADMIT_YES:
        event_init(out, HF_ROLLOUT_HOST_STARTED, now);
        out->host = host;
        out->ring = ring;
        return 1;
    case HF_ADMIT_LEAVE_OUT:
        return leave_out(out, host, ring, now, outcome, why);
    default:
        defer(r, host, now, until > now ? until : now + ASK_AGAIN, why);
        return 0;
    }
}

int
next_host(struct hf_rollout *r, int64_t now, const struct hf_admission *a,
          struct hf_rollout_event *out)
{
    int host, said;

    if (r->counts.in_flight >= (size_t)r->parallel)
        return 0;
    while ((host = candidate(r, now)) >= 0) {
        said = may_start(r, host) && consider(r, host, now, a, out);
        if (!said || out->kind != HF_ROLLOUT_HOST_STARTED)
            pass_on(r, host);
        if (said) {
            r->chosen = host;
            return 1;
        }
    }
    wait_until(r, waits_next(&r->later));
    return 0;
}

/* ---- what events do to a host ---- */

static void
forget_chosen(struct hf_rollout *r, int host)
{
    if (r->chosen == host)
        r->chosen = -1;
}

void
host_started(struct hf_rollout *r, const struct hf_rollout_event *e)
{
    if (e->host < 0 || r->slots[e->host].state == HF_SLOT_IN_FLIGHT ||
        r->slots[e->host].state == HF_SLOT_ENDED)
        return;
    forget_chosen(r, e->host);
    set_state(r, e->host, HF_SLOT_IN_FLIGHT, 0, e->at);
    take_domains(r, e->host, 1);
}

static void
leaves_batch(struct hf_rollout *r, int host)
{
    if (is_in_batch(r, host))
        r->batch_open--;
}

/* Good ones let more run at once, a bad one brings it back to the start. */
static void
ramp(struct hf_rollout *r, enum hf_outcome outcome)
{
    int most = r->pb->limits.parallel;

    if (!r->pb->limits.ramp)
        return;
    if (outcome == HF_OUTCOME_FAILED || outcome == HF_OUTCOME_UNVERIFIED)
        r->parallel = r->pb->limits.ramp;
    else if (outcome == HF_OUTCOME_VERIFIED || outcome == HF_OUTCOME_CHECKED)
        r->parallel = r->parallel * 2 < most ? r->parallel * 2 : most;
}

/* A host that was not reached is tried again a bounded number of times; one
 * that another run holds, or whose window closed as it was to start, is waited
 * for as long as a host may take. */
static int
is_tried_again(const struct hf_rollout *r, int host, enum hf_outcome outcome)
{
    int64_t pause = r->pb->limits.retry_after, tries = 0;

    if (outcome == HF_OUTCOME_UNREACHABLE)
        tries = r->pb->limits.retries;
    else if ((outcome == HF_OUTCOME_LOCKED || outcome == HF_OUTCOME_CLOSED) &&
             pause)
        tries = r->pb->limits.host_time / pause;
    if (tries > UINT8_MAX)
        tries = UINT8_MAX;
    return r->slots[host].tries < tries;
}

static void
fall_asleep(struct hf_rollout *r, int host, int64_t at)
{
    int ring = r->plan->hosts[host].ring;
    int64_t end;

    leaves_batch(r, host);
    set_state(r, host, HF_SLOT_ASLEEP, 0, at + SLEEP_PAUSE);
    if (!r->rings[ring].ended)
        return; /* its gate has not passed yet */
    end = r->rings[ring].ended_at + r->pb->rings[ring].catch_up;
    waits_push(&r->later, host,
               at + SLEEP_PAUSE < end ? at + SLEEP_PAUSE : end);
}

void
host_ended(struct hf_rollout *r, const struct hf_rollout_event *e)
{
    enum hf_outcome outcome = (enum hf_outcome)e->outcome;
    int ring;

    if (e->host < 0 || e->outcome < 0 || e->outcome >= HF_OUTCOME_COUNT ||
        r->slots[e->host].state != HF_SLOT_IN_FLIGHT)
        return;
    ring = r->plan->hosts[e->host].ring;
    take_domains(r, e->host, -1);
    if (outcome == HF_OUTCOME_UNREACHABLE &&
        r->plan->hosts[e->host].intermittent) {
        fall_asleep(r, e->host, e->at);
        return;
    }
    if (is_tried_again(r, e->host, outcome)) {
        int64_t at = e->at + r->pb->limits.retry_after;

        r->slots[e->host].tries++;
        set_state(r, e->host, HF_SLOT_AGAIN, 0, at);
        waits_push(&r->later, e->host, at);
        return;
    }
    leaves_batch(r, e->host);
    set_state(r, e->host, HF_SLOT_ENDED, outcome, e->at);
    r->rings[ring].touched += outcome == HF_OUTCOME_VERIFIED ||
                              outcome == HF_OUTCOME_FAILED ||
                              outcome == HF_OUTCOME_UNVERIFIED;
    ramp(r, outcome);
    budget_spend(r, e->host, outcome);
}

void
host_left_out(struct hf_rollout *r, const struct hf_rollout_event *e)
{
    if (e->host < 0 || r->slots[e->host].state == HF_SLOT_IN_FLIGHT ||
        r->slots[e->host].state == HF_SLOT_ENDED)
        return;
    forget_chosen(r, e->host);
    if (r->slots[e->host].state != HF_SLOT_ASLEEP)
        leaves_batch(r, e->host);
    set_state(r, e->host, HF_SLOT_ENDED,
              e->kind == HF_ROLLOUT_SKIPPED ? HF_OUTCOME_SKIPPED
                                            : (enum hf_outcome)e->outcome,
              e->at);
}

void
wake_sleepers(struct hf_rollout *r, int ring, int64_t now)
{
    const struct hf_plan_ring *span = &r->plan->rings[ring];

    for (size_t i = span->first; i < span->first + span->len; i++) {
        if (r->slots[i].state == HF_SLOT_ASLEEP)
            waits_push(&r->later, (int)i, now);
    }
}
