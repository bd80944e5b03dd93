/* A rollout played on paper. */
#include "rollout_bed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/text.h"

#define STEPS_MOST 200000

unsigned
bed_dice(unsigned *seed, unsigned sides)
{
    *seed = *seed * 1664525u + 1013904223u;
    return (*seed >> 8) % sides;
}

/* ---- plans ---- */

static const char *
named(struct hf_arena *a, const char *what, size_t i)
{
    char text[64];

    (void)snprintf(text, sizeof(text), "%s-%zu", what, i);
    return hf_arena_strdup(a, text);
}

static void
fill_ring(struct hf_plan *plan, size_t ring, size_t hosts, size_t batch)
{
    for (size_t i = 0; i < hosts; i++) {
        struct hf_plan_host *h = &plan->hosts[plan->hosts_len];

        h->name = named(plan->arena, "host", plan->hosts_len++);
        h->ring = (uint16_t)ring;
        h->batch = (uint16_t)(i / batch);
    }
    plan->rings[ring].first = plan->hosts_len - hosts;
    plan->rings[ring].len = hosts;
    plan->rings[ring].batches = (hosts + batch - 1) / batch;
}

static struct hf_plan *
plan_new(size_t rings, size_t hosts)
{
    struct hf_plan *plan = HF_NEW(struct hf_plan);
    struct hf_playbook_ring *all;

    plan->arena = hf_arena_new();
    plan->playbook = hf_playbook_defaults;
    plan->playbook.limits.ramp = 0;
    all = hf_arena_alloc(plan->arena, rings * sizeof(*all));
    for (size_t i = 0; i < rings; i++)
        all[i].name = named(plan->arena, "ring", i);
    plan->playbook.rings = all;
    plan->playbook.rings_len = rings;
    plan->rings = hf_arena_alloc(plan->arena, rings * sizeof(*plan->rings));
    plan->hosts =
        hf_arena_alloc(plan->arena, (hosts + 1) * sizeof(*plan->hosts));
    return plan;
}

struct hf_plan *
bed_plan(size_t rings, size_t hosts, size_t batch)
{
    struct hf_plan *plan = plan_new(rings, rings * hosts);

    for (size_t i = 0; i < rings; i++)
        fill_ring(plan, i, hosts, batch);
    hf_plan_index(plan);
    return plan;
}

struct hf_playbook_ring *
bed_rings(struct hf_plan *plan)
{
    return (struct hf_playbook_ring *)plan->playbook.rings;
}

void
bed_gate(struct hf_plan *plan, struct hf_gate gate)
{
    static const int first[] = {0};
    struct hf_gate *kept = hf_arena_alloc(plan->arena, sizeof(*kept));

    *kept = gate;
    kept->name = "health";
    plan->playbook.gates = kept;
    plan->playbook.gates_len = 1;
    bed_rings(plan)[0].gates = first;
    bed_rings(plan)[0].gates_len = 1;
}

static void
random_domains(struct hf_plan *plan, unsigned *seed)
{
    struct hf_domain_limit *limits =
        hf_arena_alloc(plan->arena, 2 * sizeof(*limits));
    size_t each = 1 + bed_dice(seed, 5);

    limits[0] = (struct hf_domain_limit){"cluster", 1};
    limits[1] = (struct hf_domain_limit){"rack", 2};
    plan->playbook.limits.per_domain = limits;
    plan->playbook.limits.per_domain_len = 2;
    plan->domain_values = 2 * each;
    for (size_t i = 0; i < plan->hosts_len; i++) {
        int32_t *values = hf_arena_alloc(plan->arena, 2 * sizeof(*values));

        values[0] =
            bed_dice(seed, 4) ? (int32_t)bed_dice(seed, (unsigned)each) : -1;
        values[1] = (int32_t)(each + bed_dice(seed, (unsigned)each));
        plan->hosts[i].domains = values;
    }
}

static void
random_gates(struct hf_plan *plan, unsigned *seed)
{
    struct hf_gate *gates = hf_arena_alloc(plan->arena, 2 * sizeof(*gates));
    struct hf_playbook_ring *rings = bed_rings(plan);

    for (int i = 0; i < 2; i++)
        gates[i] =
            (struct hf_gate){.name = i ? "watched" : "health",
                             .mode = i ? HF_GATE_WATCH : HF_GATE_ENFORCE,
                             .delay = bed_dice(seed, 3) * MINUTE,
                             .every = MINUTE + bed_dice(seed, 3) * MINUTE,
                             .count = 1 + (int)bed_dice(seed, 3),
                             .fail_after = (int)bed_dice(seed, 2)};
    plan->playbook.gates = gates;
    plan->playbook.gates_len = 2;
    for (size_t i = 0; i < plan->playbook.rings_len; i++) {
        static const int both[] = {0, 1};

        rings[i].gates = both;
        rings[i].gates_len = bed_dice(seed, 3);
        rings[i].soak = bed_dice(seed, 3) * HOUR;
        rings[i].catch_up = bed_dice(seed, 2) * 12 * HOUR;
    }
}

struct hf_plan *
bed_random_plan(unsigned *seed)
{
    size_t rings = 1 + bed_dice(seed, 4);
    struct hf_plan *plan = plan_new(rings, rings * 30);
    struct hf_playbook *pb = &plan->playbook;

    for (size_t i = 0; i < rings; i++)
        fill_ring(plan, i, bed_dice(seed, 30), 1 + bed_dice(seed, 8));
    for (size_t i = 0; i < plan->hosts_len; i++)
        plan->hosts[i].intermittent = bed_dice(seed, 10) == 0;
    random_gates(plan, seed);
    if (bed_dice(seed, 2))
        random_domains(plan, seed);
    pb->limits.parallel = 1 + (int)bed_dice(seed, 12);
    pb->limits.ramp = (int)bed_dice(seed, 2);
    pb->limits.retries = (int)bed_dice(seed, 3);
    for (int kind = 0; kind < HF_BUDGET_KIND_COUNT; kind++) {
        for (int scope = 0; scope < HF_SCOPE_COUNT; scope++)
            pb->budget.allowed[kind][scope] =
                bed_dice(seed, 2) ? (int)bed_dice(seed, 4) : HF_BUDGET_OPEN;
    }
    if (bed_dice(seed, 4) == 0)
        pb->budget.on_exceed = HF_ON_EXCEED_ABORT;
    for (int i = 0; i < HF_HOOK_COUNT; i++) {
        if (bed_dice(seed, 3) == 0)
            pb->hooks[i].run = "hook";
        pb->hooks[i].ignore_failures = bed_dice(seed, 2) == 0;
    }
    hf_plan_index(plan);
    pb->undo.when = (int)bed_dice(seed, HF_UNDO_COUNT);
    if (plan->hosts_len && bed_dice(seed, 4) == 0)
        pb->undo.rehearse_on =
            plan->hosts[bed_dice(seed, (unsigned)plan->hosts_len)].name;
    return plan;
}

/* ---- playing ---- */

void
bed_init(struct bed *b, const struct hf_plan *plan, unsigned seed)
{
    memset(b, 0, sizeof(*b));
    b->plan = plan;
    b->r = hf_rollout_new(plan);
    b->now = 1000 * DAY;
    b->seed = seed;
    b->tries = hf_xcalloc(plan->hosts_len + 1, sizeof(*b->tries));
}

void
bed_release(struct bed *b)
{
    hf_rollout_free(b->r);
    free(b->log);
    free(b->in_flight);
    free(b->asked);
    free(b->tries);
}

void
bed_apply(struct bed *b, const struct hf_rollout_event *e)
{
    *HF_PUSH(&b->log, &b->log_len, &b->log_cap) = *e;
    hf_rollout_apply(b->r, e);
}

static enum hf_admit
ask(void *ctx, int host, int64_t now, int64_t *until, int *outcome,
    char why[HF_WHY_LEN])
{
    struct bed *b = ctx;

    (void)now;
    (void)snprintf(why, HF_WHY_LEN, "not now");
    return b->admit ? b->admit(b, host, until, outcome) : HF_ADMIT_YES;
}

struct hf_rollout_event
bed_event(const struct bed *b, enum hf_rollout_kind kind)
{
    return (struct hf_rollout_event){.kind = kind,
                                     .at = b->now,
                                     .ring = -1,
                                     .batch = -1,
                                     .gate = -1,
                                     .hook = -1,
                                     .host = -1};
}

enum hf_rollout_state
bed_state(const struct bed *b)
{
    struct hf_rollout_view v;

    hf_rollout_view(b->r, &v);
    return v.state;
}

static void
carry_out(struct bed *b, const struct hf_rollout_event *e)
{
    struct hf_rollout_event resumed;

    switch (e->kind) {
    case HF_ROLLOUT_HOST_STARTED:
        *HF_PUSH(&b->in_flight, &b->in_flight_len, &b->in_flight_cap) = e->host;
        b->tries[e->host]++;
        break;
    case HF_ROLLOUT_SAMPLE_TAKEN:
    case HF_ROLLOUT_HOOK_BEGAN:
    case HF_ROLLOUT_REHEARSAL_BEGAN:
    case HF_ROLLOUT_UNDO_BEGAN:
        *HF_PUSH(&b->asked, &b->asked_len, &b->asked_cap) = *e;
        break;
    case HF_ROLLOUT_HALTED:
    case HF_ROLLOUT_PAUSED:
        if (b->stops++ < b->resume) {
            resumed = bed_event(b, HF_ROLLOUT_RESUMED);
            bed_apply(b, &resumed);
        }
        break;
    default:
        break;
    }
}

static int
dice_outcome(struct bed *b)
{
    unsigned n = bed_dice(&b->seed, 100);

    if (n < b->fail)
        return HF_OUTCOME_FAILED;
    if (n < b->fail + b->unverified)
        return HF_OUTCOME_UNVERIFIED;
    if (n < b->fail + b->unverified + b->unreachable)
        return HF_OUTCOME_UNREACHABLE;
    return HF_OUTCOME_VERIFIED;
}

static void
end_host(struct bed *b)
{
    size_t i = bed_dice(&b->seed, (unsigned)b->in_flight_len);
    struct hf_rollout_event e = bed_event(b, HF_ROLLOUT_HOST_ENDED);

    e.host = b->in_flight[i];
    b->in_flight[i] = b->in_flight[--b->in_flight_len];
    e.outcome = b->outcome ? b->outcome(b, e.host) : dice_outcome(b);
    bed_apply(b, &e);
}

static void
end_asked(struct bed *b)
{
    size_t i = bed_dice(&b->seed, (unsigned)b->asked_len);
    struct hf_rollout_event e = b->asked[i];
    unsigned n = bed_dice(&b->seed, 100);

    b->asked[i] = b->asked[--b->asked_len];
    e.at = b->now;
    if (e.kind == HF_ROLLOUT_HOOK_BEGAN) {
        e.kind = HF_ROLLOUT_HOOK_ENDED;
        e.ok = n >= b->bad_hook;
    } else if (e.kind == HF_ROLLOUT_REHEARSAL_BEGAN) {
        e.kind = HF_ROLLOUT_REHEARSAL_ENDED;
        e.ok = !b->bad_rehearsal;
    } else if (e.kind == HF_ROLLOUT_UNDO_BEGAN) {
        e.kind = HF_ROLLOUT_UNDO_ENDED;
        e.ok = 1;
        hf_say(e.why, sizeof(e.why), "taken back");
    } else {
        e.kind = HF_ROLLOUT_SAMPLE_ENDED;
        e.sample = n < b->bad_sample                ? HF_SAMPLE_FAIL
                   : n < b->bad_sample + b->unclear ? HF_SAMPLE_UNCLEAR
                                                    : HF_SAMPLE_PASS;
        hf_say(e.why, sizeof(e.why), "bad");
    }
    bed_apply(b, &e);
}

int
bed_step(struct bed *b)
{
    const struct hf_admission admission = {ask, b};
    struct hf_rollout_event e, once_more;
    int64_t due;

    if (hf_rollout_next(b->r, b->now, &admission, &e)) {
        assert_true(!b->asks_twice ||
                    hf_rollout_next(b->r, b->now, &admission, &once_more));
        assert_true(!b->asks_twice ||
                    (once_more.kind == e.kind && once_more.host == e.host));
        if (e.kind == HF_ROLLOUT_UNDO_BEGAN) /* as whoever carries it out */
            hf_say(e.by, sizeof(e.by), "%s", BED_UNDO_RUN);
        bed_apply(b, &e);
        carry_out(b, &e);
        return 1;
    }
    due = hf_rollout_due(b->r);
    b->now += 1000;
    if (b->in_flight_len && (!b->asked_len || bed_dice(&b->seed, 2)))
        end_host(b);
    else if (b->asked_len)
        end_asked(b);
    else if (due)
        b->now = due > b->now ? due : b->now;
    else
        return 0;
    return 1;
}

void
bed_play(struct bed *b)
{
    for (int i = 0; i < STEPS_MOST && bed_step(b); i++)
        continue;
}

size_t
bed_count(const struct bed *b, enum hf_rollout_kind kind)
{
    size_t n = 0;

    for (size_t i = 0; i < b->log_len; i++)
        n += b->log[i].kind == kind;
    return n;
}

int
bed_find(const struct bed *b, enum hf_rollout_kind kind, size_t n)
{
    for (size_t i = 0; i < b->log_len; i++) {
        if (b->log[i].kind == kind && n-- == 0)
            return (int)i;
    }
    return -1;
}
