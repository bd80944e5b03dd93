/* What the fleet's newest commit says binds hosts that are not begun. */
#include "backend/model/block.h"
#include "tests/unit/engine/decide_bed.h"

static struct hf_block blocks[] = {
    {.release = "hotfleet_fix_2", .reason = "oops"}};

struct newest {
    struct fixture f;
    struct hf_host host;
    struct hf_fleet fleet;
};

static int
set_up(void **state)
{
    static struct newest n;

    start(&n.f, HF_SIM_WELL);
    n.host = *n.f.host;
    n.fleet = n.f.w.fleet;
    n.fleet.hosts = &n.host;
    n.fleet.hosts_len = 1;
    *state = &n;
    return 0;
}

static int
tear_down(void **state)
{
    struct newest *n = *state;

    stop(&n->f);
    return 0;
}

static enum hf_outcome
decide(struct newest *n)
{
    const struct hf_decide_in in = {.action = HF_ACTION_APPLY,
                                    .fleet = &n->f.w.fleet,
                                    .newest = &n->fleet,
                                    .state = &n->f.st,
                                    .now = hf_now()};

    hf_order_release(&n->f.order);
    return hf_decide(&n->f.order, n->f.why, n->f.hint, &in);
}

static void
a_hold_that_was_ended_meanwhile_holds_nobody(void **state)
{
    struct newest *n = *state;

    n->f.host->hold = "year end";
    assert_int_equal(decide(n), HF_OUTCOME_COUNT);
    n->f.host->hold = NULL;
}

static void
a_hold_that_is_new_holds(void **state)
{
    struct newest *n = *state;

    n->host.hold = "audit";
    assert_int_equal(decide(n), HF_OUTCOME_SKIPPED);
    assert_string_equal(n->f.why, "held: audit");
}

static void
a_release_that_was_blocked_meanwhile_is_not_applied(void **state)
{
    struct newest *n = *state;

    n->fleet.blocks = blocks;
    n->fleet.blocks_len = 1;
    assert_int_equal(decide(n), HF_OUTCOME_SKIPPED);
    assert_string_equal(n->f.why, "release hotfleet_fix_2 is blocked: oops");
}

static void
who_was_taken_out_of_the_fleet_is_left_alone(void **state)
{
    struct newest *n = *state;

    n->fleet.hosts_len = 0;
    assert_int_equal(decide(n), HF_OUTCOME_SKIPPED);
    assert_string_equal(n->f.why, "it is not in the fleet any more");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_hold_that_was_ended_meanwhile_holds_nobody),
        TEST(a_hold_that_is_new_holds),
        TEST(a_release_that_was_blocked_meanwhile_is_not_applied),
        TEST(who_was_taken_out_of_the_fleet_is_left_alone),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
