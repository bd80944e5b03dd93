/* Every request of a host may fail in every way: whichever it is, the patch
 * is never applied twice, nothing is called verified that is not, and no
 * folder of ours stays behind a host that answers again. */
#include <string.h>

#include "backend/base/json.h"
#include "tests/unit/engine/wire.h"

#define REQUESTS 12 /* more than an undisturbed apply makes */
#define FOR_EVER 100000
#define PATIENT 5000
#define HASTY 60

/* What may come of a fault, by the time at which it happened. */
static int
is_fair(const struct wire_host *h, enum wire_how how, enum hf_outcome outcome)
{
    switch (outcome) {
    case HF_OUTCOME_VERIFIED:
        return wire_is_patched(h);
    case HF_OUTCOME_UNVERIFIED:
        return how != WIRE_WELL;
    case HF_OUTCOME_UNREACHABLE:
        return how == WIRE_UNREACHABLE && !h->jobs_begun;
    case HF_OUTCOME_REFUSED:
        return (how == WIRE_HOSTKEY || how == WIRE_DENIED) && !h->jobs_begun;
    default:
        return 0;
    }
}

static void
check_one(struct wire *w, enum wire_how how, unsigned at, unsigned count,
          enum hf_outcome outcome)
{
    const struct wire_host *h = &w->hosts[0];
    const char *name = hf_outcome_names[outcome];

    if (h->jobs_begun > 1)
        fail_msg("%s at %u x%u: %u jobs", wire_how_names[how], at, count,
                 h->jobs_begun);
    if (!is_fair(h, how, outcome))
        fail_msg("%s at %u x%u: %s", wire_how_names[how], at, count, name);
    /* Settled: no intent without an outcome. */
    if (wire_count(w, HF_EVENT_HOST_OUTCOME) != 1)
        fail_msg("%s at %u x%u: %zu outcomes", wire_how_names[how], at, count,
                 wire_count(w, HF_EVENT_HOST_OUTCOME));
    if (outcome == HF_OUTCOME_VERIFIED && h->node.job)
        fail_msg("%s at %u x%u: the folder is left", wire_how_names[how], at,
                 count);
}

/* `patience`: how long the host is waited for, ms. */
static enum hf_outcome
try_one(enum wire_how how, unsigned at, unsigned count, int64_t patience)
{
    struct hf_run_options o;
    enum hf_outcome outcome;
    struct hf_run *r;
    struct wire w;

    wire_start(&w, 1, HF_SIM_WELL);
    w.hosts[0].fault = (struct wire_fault){at, count, how};
    wire_options(&w, &o, HF_ACTION_APPLY);
    o.times.host = patience;
    o.times.reach = patience / 2;
    r = wire_run(&w, &o);
    wire_finish(&w, r);
    outcome = hf_run_host(r, 0)->outcome;
    hf_run_free(r);
    check_one(&w, how, at, count, outcome);
    wire_stop(&w);
    return outcome;
}

static void
one_fault_at_any_request_in_any_way(void **state)
{
    (void)state;
    for (unsigned at = 1; at <= REQUESTS; at++)
        for (int how = WIRE_UNREACHABLE; how < WIRE_HOW_COUNT; how++)
            (void)try_one((enum wire_how)how, at, 1, PATIENT);
}

static void
every_fault_from_any_request_on(void **state)
{
    (void)state;
    for (unsigned at = 1; at <= REQUESTS; at++)
        for (int how = WIRE_UNREACHABLE; how < WIRE_HOW_COUNT; how++)
            (void)try_one((enum wire_how)how, at, FOR_EVER, HASTY);
}

/* A single cut is never the end of it: the host is asked again. */
static void
one_cut_after_the_intent_still_ends_verified(void **state)
{
    static const enum wire_how cuts[] = {WIRE_LOST_BEFORE, WIRE_LOST_AFTER,
                                         WIRE_TIMEOUT, WIRE_HALF};

    (void)state;
    for (unsigned at = 3; at <= REQUESTS; at++)
        for (size_t i = 0; i < HF_COUNT(cuts); i++) {
            if (try_one(cuts[i], at, 1, PATIENT) != HF_OUTCOME_VERIFIED)
                fail_msg("%s at %u", wire_how_names[cuts[i]], at);
        }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_fault_at_any_request_in_any_way),
        cmocka_unit_test(every_fault_from_any_request_on),
        cmocka_unit_test(one_cut_after_the_intent_still_ends_verified),
    };

    return cmocka_run_group_tests_name("any_request", tests, NULL, NULL);
}
