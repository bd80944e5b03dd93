/*
 * What must hold in every rollout, whatever the fleet, the playbook and the
 * order of events: thousands of made-up ones are played and watched.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "rollout_bed.h"

#define GAMES 2500

/* A calendar of its own: nobody starts in the first half of an hour, some are
 * frozen for a day, some are held for good. */
static int
is_held(int host)
{
    return host % 17 == 3;
}

static int
is_closed(const struct bed *b, int host, int64_t *until)
{
    if (host % 5 == 1 && b->now < 1001 * DAY) {
        *until = 1001 * DAY;
        return 1;
    }
    *until = b->now - b->now % HOUR + HOUR / 2;
    return b->now < *until;
}

static enum hf_admit
admit(struct bed *b, int host, int64_t *until, int *outcome)
{
    if (is_held(host)) {
        *outcome = HF_OUTCOME_SKIPPED;
        return HF_ADMIT_LEAVE_OUT;
    }
    return is_closed(b, host, until) ? HF_ADMIT_LATER : HF_ADMIT_YES;
}

/* The referee: its own small books, kept from the log alone. */
struct referee {
    const struct hf_plan *plan;
    int in_flight, stopped, over, ring, failed;
    int domain[16]; /* in flight, by value */
    int undone, rehearsed;
    char *flying, *ended;
};

static void
watch_domains(struct referee *ref, int host, int by)
{
    const struct hf_playbook *pb = &ref->plan->playbook;

    for (size_t i = 0; i < pb->limits.per_domain_len; i++) {
        int value = ref->plan->hosts[host].domains[i];

        if (value < 0)
            continue;
        ref->domain[value] += by;
        assert_in_range(ref->domain[value], 0,
                        pb->limits.per_domain[i].at_most);
    }
}

static void
watch_start(struct referee *ref, const struct bed *b,
            const struct hf_rollout_event *e)
{
    int allowed =
        ref->plan->playbook.budget.allowed[HF_BUDGET_FAILED][HF_SCOPE_RUN];
    struct bed then = *b;
    int64_t until;

    if (allowed != HF_BUDGET_OPEN && b->stops == 0)
        assert_in_range(ref->failed, 0, allowed);
    assert_false(ref->stopped);
    assert_true(ref->rehearsed || !ref->plan->playbook.undo.rehearse_on);
    assert_false(ref->flying[e->host]);
    assert_false(ref->ended[e->host]);
    assert_false(is_held(e->host));
    then.now = e->at;
    assert_false(is_closed(&then, e->host, &until));
    assert_in_range(++ref->in_flight, 1, ref->plan->playbook.limits.parallel);
    assert_true(ref->plan->hosts[e->host].ring <= ref->ring);
    ref->flying[e->host] = 1;
    watch_domains(ref, e->host, 1);
}

static void
watch_end(struct referee *ref, const struct bed *b, size_t i)
{
    const struct hf_rollout_event *e = &b->log[i];

    assert_true(ref->flying[e->host]);
    ref->flying[e->host] = 0;
    ref->in_flight--;
    ref->failed += e->outcome == HF_OUTCOME_FAILED;
    watch_domains(ref, e->host, -1);
}

static void
watch(struct referee *ref, const struct bed *b, size_t i)
{
    const struct hf_rollout_event *e = &b->log[i];

    if (e->kind <= HF_ROLLOUT_ENDED) /* decided, not arriving late */
        assert_false(ref->over);
    switch (e->kind) {
    case HF_ROLLOUT_HOST_STARTED:
        watch_start(ref, b, e);
        break;
    case HF_ROLLOUT_HOST_ENDED:
        watch_end(ref, b, i);
        break;
    case HF_ROLLOUT_HOST_LEFT_OUT:
        assert_false(ref->flying[e->host]);
        assert_false(ref->ended[e->host]);
        ref->ended[e->host] = 1;
        break;
    case HF_ROLLOUT_RING_BEGAN:
        assert_int_equal(e->ring, ref->ring + 1);
        ref->ring = e->ring;
        break;
    case HF_ROLLOUT_HALTED:
    case HF_ROLLOUT_PAUSED:
    case HF_ROLLOUT_ABORTED:
        ref->stopped = 1;
        break;
    case HF_ROLLOUT_RESUMED:
        ref->stopped = ref->undone = 0;
        break;
    case HF_ROLLOUT_UNDO_BEGAN: /* once, stopped, with nobody under way */
        assert_true(ref->stopped);
        assert_int_equal(ref->in_flight, 0);
        assert_int_equal(ref->undone++, 0);
        assert_int_not_equal(ref->plan->playbook.undo.when, HF_UNDO_NEVER);
        break;
    case HF_ROLLOUT_REHEARSAL_ENDED:
        ref->rehearsed |= e->ok;
        break;
    case HF_ROLLOUT_ENDED:
        assert_int_equal(ref->in_flight, 0);
        ref->over = 1;
        break;
    default:
        break;
    }
}

static void
set_dice(struct bed *b)
{
    unsigned seed = b->seed;

    b->fail = bed_dice(&seed, 3) * 5;
    b->unverified = bed_dice(&seed, 3) * 4;
    b->unreachable = bed_dice(&seed, 4) * 8;
    b->bad_sample = bed_dice(&seed, 3) * 10;
    b->unclear = bed_dice(&seed, 3) * 3;
    b->bad_hook = bed_dice(&seed, 3) * 5;
    b->resume = (int)bed_dice(&seed, 30);
    b->admit = admit;
}

static void
play_watched(struct bed *b)
{
    struct referee ref = {.plan = b->plan, .ring = -1};
    size_t seen = 0;

    ref.flying = hf_xcalloc(b->plan->hosts_len + 1, 1);
    ref.ended = hf_xcalloc(b->plan->hosts_len + 1, 1);
    for (int i = 0; i < 100000 && bed_step(b); i++) {
        for (; seen < b->log_len; seen++)
            watch(&ref, b, seen);
    }
    free(ref.flying);
    free(ref.ended);
}

/* Over with every host in one end state, or waiting for a person. */
static void
check_end(const struct bed *b)
{
    struct hf_rollout_view v;
    struct hf_rollout_counts c;
    size_t ended = 0;

    hf_rollout_view(b->r, &v);
    hf_rollout_counts(b->r, -1, &c);
    for (int i = 0; i < HF_OUTCOME_COUNT; i++)
        ended += c.by_outcome[i];
    assert_int_equal(ended + c.waiting + c.in_flight + c.asleep, c.hosts);
    assert_int_equal(c.in_flight, 0);
    assert_true(v.state == HF_ROLLOUT_IS_OVER ||
                v.state == HF_ROLLOUT_IS_HALTED ||
                v.state == HF_ROLLOUT_IS_PAUSED);
    if (v.state == HF_ROLLOUT_IS_OVER && v.exit != 3)
        assert_int_equal(ended, c.hosts);
}

static void
no_rule_is_broken_in_any_game(void **state)
{
    (void)state;
    for (unsigned game = 0; game < GAMES; game++) {
        unsigned seed = game * 7919 + 1;
        struct hf_plan *plan = bed_random_plan(&seed);
        struct bed b;

        bed_init(&b, plan, seed);
        b.asks_twice = 1;
        set_dice(&b);
        play_watched(&b);
        check_end(&b);
        bed_release(&b);
        hf_plan_free(plan);
    }
}

/* ---- a process that dies ---- */

static void
assert_same(const struct bed *a, const struct bed *b)
{
    struct hf_rollout_view va, vb;

    hf_rollout_view(a->r, &va);
    hf_rollout_view(b->r, &vb);
    assert_int_equal(va.state, vb.state);
    assert_int_equal(va.ring, vb.ring);
    assert_int_equal(va.batch, vb.batch);
    assert_int_equal(va.exit, vb.exit);
    assert_int_equal(va.soak_until, vb.soak_until);
    for (size_t i = 0; i < a->plan->hosts_len; i++) {
        const struct hf_slot *x = hf_rollout_slot(a->r, (int)i);
        const struct hf_slot *y = hf_rollout_slot(b->r, (int)i);

        assert_int_equal(x->state, y->state);
        assert_int_equal(x->outcome, y->outcome);
        assert_int_equal(x->tries, y->tries);
        assert_int_equal(x->at, y->at);
    }
}

/* Reads the first n events of a game into a fresh rollout. */
static void
replay(struct bed *out, const struct bed *from, size_t n)
{
    bed_init(out, from->plan, from->seed);
    for (size_t i = 0; i < n; i++)
        bed_apply(out, &from->log[i]);
    if (n)
        out->now = from->log[n - 1].at;
}

/* What was under way is asked about again, as after a crash. */
static void
take_up_again(struct bed *b)
{
    struct hf_rollout_event e;
    size_t cursor = 0;

    while (hf_rollout_open(b->r, &cursor, &e)) {
        if (e.kind == HF_ROLLOUT_HOST_STARTED)
            *HF_PUSH(&b->in_flight, &b->in_flight_len, &b->in_flight_cap) =
                e.host;
        else
            *HF_PUSH(&b->asked, &b->asked_len, &b->asked_cap) = e;
    }
}

static void
a_rollout_read_back_is_the_same_at_every_event(void **state)
{
    (void)state;
    for (unsigned game = 0; game < 60; game++) {
        unsigned seed = game * 104729 + 5;
        struct hf_plan *plan = bed_random_plan(&seed);
        struct bed b, again;

        bed_init(&b, plan, seed);
        set_dice(&b);
        while (bed_step(&b) && b.log_len < 400) {
            replay(&again, &b, b.log_len);
            assert_same(&b, &again);
            bed_release(&again);
        }
        bed_release(&b);
        hf_plan_free(plan);
    }
}

static int
by_host(struct bed *b, int host)
{
    return host % 11 == 4 && b->tries[host] < 2 ? HF_OUTCOME_UNREACHABLE
           : host % 13 == 5                     ? HF_OUTCOME_FAILED
                                                : HF_OUTCOME_VERIFIED;
}

/* Hosts end in a way that does not depend on when they are asked: then a crash
 * at any event changes nothing about how they end. */
static void
a_crash_at_any_event_gives_the_same_end(void **state)
{
    (void)state;
    for (unsigned game = 0; game < 25; game++) {
        unsigned seed = game * 1299709 + 11;
        struct hf_plan *plan = bed_random_plan(&seed);
        struct bed whole;

        for (int k = 0; k < HF_BUDGET_KIND_COUNT; k++)
            for (int s = 0; s < HF_SCOPE_COUNT; s++)
                plan->playbook.budget.allowed[k][s] = HF_BUDGET_OPEN;
        plan->playbook.limits.retries = 3;
        bed_init(&whole, plan, seed);
        whole.outcome = by_host;
        bed_play(&whole);
        for (size_t cut = 0; cut < whole.log_len; cut += 3) {
            struct bed b;

            replay(&b, &whole, cut);
            for (size_t i = 0; i < cut; i++)
                b.tries[whole.log[i].kind == HF_ROLLOUT_HOST_STARTED
                            ? whole.log[i].host
                            : (int)plan->hosts_len]++;
            b.outcome = by_host;
            take_up_again(&b);
            bed_play(&b);
            for (size_t i = 0; i < plan->hosts_len; i++)
                assert_int_equal(hf_rollout_slot(b.r, (int)i)->outcome,
                                 hf_rollout_slot(whole.r, (int)i)->outcome);
            bed_release(&b);
        }
        bed_release(&whole);
        hf_plan_free(plan);
    }
}

/* Steps of a large fleet cost what those of a small one do: the work is
 * counted in calls of admission, of which each start needs one. */
static size_t asked_to_admit;

static enum hf_admit
count_calls(struct bed *b, int host, int64_t *until, int *outcome)
{
    (void)b;
    (void)host;
    (void)until;
    (void)outcome;
    asked_to_admit++;
    return HF_ADMIT_YES;
}

static void
a_start_asks_for_one_host_only(void **state)
{
    struct hf_plan *plan = bed_plan(1, 10000, 10000);
    struct bed b;

    (void)state;
    plan->playbook.limits.parallel = 50;
    bed_init(&b, plan, 3);
    b.admit = count_calls;
    bed_play(&b);
    assert_int_equal(asked_to_admit, 10000);
    assert_int_equal(bed_count(&b, HF_ROLLOUT_HOST_ENDED), 10000);
    bed_release(&b);
    hf_plan_free(plan);
}

static void
leave_out(struct bed *b, int host)
{
    struct hf_rollout_event e = bed_event(b, HF_ROLLOUT_SKIPPED);

    e.host = host;
    bed_apply(b, &e);
}

/* While the others are under way, between batches, and before it begins. */
static void
a_skipped_host_never_starts_and_the_others_do(void **state)
{
    (void)state;
    for (int when = 0; when < 40; when++) {
        struct hf_plan *plan = bed_plan(2, 6, 2);
        struct bed b;
        int waited;

        bed_init(&b, plan, (unsigned)when);
        for (int i = 0; i < when && bed_step(&b); i++)
            continue;
        waited = hf_rollout_slot(b.r, 5)->state == HF_SLOT_WAITING;
        leave_out(&b, 5);
        bed_play(&b);
        assert_int_equal(bed_state(&b), HF_ROLLOUT_IS_OVER);
        assert_int_equal(hf_rollout_slot(b.r, 5)->outcome,
                         waited ? HF_OUTCOME_SKIPPED : HF_OUTCOME_VERIFIED);
        assert_int_equal(bed_count(&b, HF_ROLLOUT_HOST_STARTED),
                         waited ? 11 : 12);
        bed_release(&b);
        hf_plan_free(plan);
    }
}

/* Whoever carries it out says so before a batch; a person decides. */
static void
a_superseded_run_stands_still_until_somebody_decides(void **state)
{
    static const struct {
        enum hf_rollout_kind said;
        enum hf_rollout_state then;
        int finishing;
    } rows[] = {
        {HF_ROLLOUT_RESUMED, HF_ROLLOUT_GOING, 0},
        {HF_ROLLOUT_FINISH, HF_ROLLOUT_GOING, 1},
        {HF_ROLLOUT_REPLACED, HF_ROLLOUT_IS_ENDING, 0},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        struct hf_plan *plan = bed_plan(1, 4, 2);
        struct hf_rollout_event e;
        struct hf_rollout_view v;
        struct bed b;

        bed_init(&b, plan, 7);
        while (bed_count(&b, HF_ROLLOUT_BATCH_ENDED) < 1)
            assert_true(bed_step(&b));
        e = bed_event(&b, HF_ROLLOUT_SUPERSEDED);
        bed_apply(&b, &e);
        hf_rollout_view(b.r, &v);
        assert_int_equal(v.state, HF_ROLLOUT_IS_PAUSED);
        assert_true(v.superseded && !v.finishing);
        assert_false(bed_step(&b));
        e = bed_event(&b, rows[i].said);
        bed_apply(&b, &e);
        hf_rollout_view(b.r, &v);
        assert_int_equal(v.state, rows[i].then);
        assert_int_equal(v.finishing, rows[i].finishing);
        assert_false(v.superseded);
        bed_play(&b);
        assert_int_equal(bed_state(&b), HF_ROLLOUT_IS_OVER);
        assert_int_equal(bed_count(&b, HF_ROLLOUT_HOST_STARTED),
                         rows[i].then == HF_ROLLOUT_GOING ? 4 : 2);
        bed_release(&b);
        hf_plan_free(plan);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_rule_is_broken_in_any_game),
        cmocka_unit_test(a_rollout_read_back_is_the_same_at_every_event),
        cmocka_unit_test(a_crash_at_any_event_gives_the_same_end),
        cmocka_unit_test(a_start_asks_for_one_host_only),
        cmocka_unit_test(a_skipped_host_never_starts_and_the_others_do),
        cmocka_unit_test(a_superseded_run_stands_still_until_somebody_decides),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
