/* May this action start on this host now? Rule by rule. */
#include <stdio.h>
#include <string.h>

#include "backend/base/time.h"
#include "backend/engine/decide.h"
#include "backend/model/block.h"
#include "backend/model/break_glass.h"
#include "backend/model/calendar.h"
#include "backend/model/exception.h"
#include "tests/unit/engine/decide_bed.h"

static enum hf_outcome
decide(struct fixture *f, enum hf_action action, int again, int forecast)
{
    struct hf_decide_in in = {.action = action,
                              .fleet = &f->w.fleet,
                              .state = &f->st,
                              .again = again,
                              .forecast = forecast,
                              .now = hf_now()};

    hf_judge(&f->st, &f->w.fleet, hf_now());
    hf_order_release(&f->order);
    return hf_decide(&f->order, f->why, f->hint, &in);
}

static void
a_host_that_is_behind_may_start(void **state)
{
    struct fixture f;

    (void)state;
    start(&f, HF_SIM_WELL);
    assert_int_equal(decide(&f, HF_ACTION_APPLY, 0, 0), HF_OUTCOME_COUNT);
    assert_string_equal(f.why, "");
    assert_int_equal(f.order.uploads_len, 1);
    assert_true(f.order.price.possible);
    stop(&f);
}

static void
a_held_host_may_be_looked_at_only(void **state)
{
    struct fixture f;

    (void)state;
    start(&f, HF_SIM_WELL);
    f.host->hold = "year end";
    assert_int_equal(decide(&f, HF_ACTION_APPLY, 0, 0), HF_OUTCOME_SKIPPED);
    assert_string_equal(f.why, "held: year end");
    assert_string_equal(f.hint, "hotfleet unhold h1");
    assert_int_equal(decide(&f, HF_ACTION_ROLLBACK, 0, 0), HF_OUTCOME_SKIPPED);
    assert_int_equal(decide(&f, HF_ACTION_VERIFY, 0, 0), HF_OUTCOME_COUNT);
    stop(&f);
}

static void
a_blocked_release_is_applied_by_nobody_and_may_be_taken_back(void **state)
{
    static const struct hf_block blocks[] = {
        {.release = "fix_0", .reason = "another one"},
        {.release = "hotfleet_fix_2", .reason = "over", .until = 1},
        {.release = "hotfleet_fix_2", .reason = "oops"},
    };
    struct fixture f;

    (void)state;
    start(&f, HF_SIM_WELL);
    f.w.fleet.blocks = blocks;
    f.w.fleet.blocks_len = 2;
    assert_int_equal(decide(&f, HF_ACTION_APPLY, 0, 0), HF_OUTCOME_COUNT);
    assert_int_equal(f.order.releases.len, 1);
    assert_string_equal(f.order.releases.v[0], "hotfleet_fix_2");
    f.w.fleet.blocks_len = 3;
    assert_int_equal(decide(&f, HF_ACTION_APPLY, 1, 0), HF_OUTCOME_SKIPPED);
    assert_string_equal(f.why, "release hotfleet_fix_2 is blocked: oops");
    assert_string_equal(f.hint, "hotfleet unblock hotfleet_fix_2");
    assert_int_equal(decide(&f, HF_ACTION_VERIFY, 0, 0), HF_OUTCOME_COUNT);
    stop(&f);
}

static void
an_excepted_host_is_left_alone_until_its_day(void **state)
{
    struct fixture f;
    struct hf_exception e = {
        .id = "books", .owner = "dba", .ticket = "CHG-1", .reason = "year end"};
    struct hf_excuse excuse;

    (void)state;
    start(&f, HF_SIM_WELL);
    excuse = (struct hf_excuse){f.host, &e};
    f.w.fleet.excuses = &excuse;
    f.w.fleet.excuses_len = 1;
    e.until = hf_now() + 60000;
    assert_int_equal(decide(&f, HF_ACTION_APPLY, 0, 0), HF_OUTCOME_SKIPPED);
    assert_non_null(strstr(f.why, "(CHG-1, dba): year end"));
    assert_string_equal(f.hint, "hotfleet exception end books");
    assert_true(f.st.status.flags & HF_FLAG_EXCEPTED);
    assert_int_equal(decide(&f, HF_ACTION_REBOOT, 0, 0), HF_OUTCOME_SKIPPED);
    assert_int_equal(decide(&f, HF_ACTION_CALL_OFF, 0, 0), HF_OUTCOME_COUNT);
    assert_int_equal(decide(&f, HF_ACTION_VERIFY, 0, 0), HF_OUTCOME_COUNT);
    e.until = hf_now() - 1;
    assert_int_equal(decide(&f, HF_ACTION_APPLY, 0, 0), HF_OUTCOME_COUNT);
    assert_false(f.st.status.flags & HF_FLAG_EXCEPTED);
    stop(&f);
}

static void
an_emergency_overrides_what_the_fleet_lets_it(void **state)
{
    struct fixture f;
    struct hf_decide_in in = {.action = HF_ACTION_APPLY,
                              .break_glass = HF_GLASS_HOLD | HF_GLASS_CALENDAR};

    (void)state;
    start(&f, HF_SIM_WELL);
    f.host->hold = "year end";
    hf_judge(&f.st, &f.w.fleet, hf_now());
    in.fleet = &f.w.fleet;
    in.state = &f.st;
    in.now = hf_now();
    assert_int_equal(hf_decide(&f.order, f.why, f.hint, &in),
                     HF_OUTCOME_SKIPPED);
    assert_string_equal(f.order.broken_glass, "");
    f.w.fleet.break_glass = HF_GLASS_HOLD;
    hf_order_release(&f.order);
    assert_int_equal(hf_decide(&f.order, f.why, f.hint, &in), HF_OUTCOME_COUNT);
    assert_string_equal(f.order.broken_glass, "held: year end");
    assert_string_equal(f.why, "");
    f.host->hold = NULL;
    hf_order_release(&f.order);
    assert_int_equal(hf_decide(&f.order, f.why, f.hint, &in), HF_OUTCOME_COUNT);
    assert_string_equal(f.order.broken_glass, "");
    stop(&f);
}

/* What is so, and not what somebody decided, is never overridden. */
static void
no_emergency_makes_another_machine_the_right_one(void **state)
{
    struct fixture f;
    struct hf_decide_in in = {.action = HF_ACTION_APPLY, .break_glass = ~0u};

    (void)state;
    start(&f, HF_SIM_WELL);
    f.w.fleet.break_glass = ~0u;
    memcpy(hf_state_change(&f.st)->recent.machine_id, "0123", 5);
    hf_judge(&f.st, &f.w.fleet, hf_now());
    in.fleet = &f.w.fleet;
    in.state = &f.st;
    in.now = hf_now();
    assert_int_equal(hf_decide(&f.order, f.why, f.hint, &in),
                     HF_OUTCOME_INELIGIBLE);
    stop(&f);
}

static void
nothing_is_known_of_a_host_that_was_never_asked(void **state)
{
    struct fixture f;

    (void)state;
    start(&f, HF_SIM_WELL);
    hf_facts_release(&hf_state_change(&f.st)->facts);
    assert_int_equal(decide(&f, HF_ACTION_APPLY, 0, 1), HF_OUTCOME_INELIGIBLE);
    assert_string_equal(f.hint, "hotfleet check h1");
    stop(&f);
}

static void
a_platform_without_driver_is_said_so(void **state)
{
    struct fixture f;

    (void)state;
    start(&f, HF_SIM_WELL);
    f.host->platform = "cp/m";
    assert_int_equal(decide(&f, HF_ACTION_APPLY, 0, 0), HF_OUTCOME_INELIGIBLE);
    assert_string_equal(f.why, "no driver 'cp/m' in this version");
    hf_facts_release(&hf_state_change(&f.st)->facts);
    assert_int_equal(decide(&f, HF_ACTION_APPLY, 0, 1), HF_OUTCOME_INELIGIBLE);
    assert_string_equal(f.why, "no driver 'cp/m' in this version");
    stop(&f);
}

static void
another_machine_under_the_name_is_not_touched(void **state)
{
    struct fixture f;

    (void)state;
    start(&f, HF_SIM_WELL);
    memcpy(hf_state_change(&f.st)->recent.machine_id, "0123", 5);
    assert_int_equal(decide(&f, HF_ACTION_APPLY, 0, 0), HF_OUTCOME_INELIGIBLE);
    assert_true(f.st.status.flags & HF_FLAG_IDENTITY_CHANGED);
    assert_non_null(strstr(f.why, "identity-changed"));
    assert_non_null(strstr(f.why, "was 0123"));
    assert_string_equal(f.hint,
                        "if it was rebuilt: hotfleet enroll --again h1");
    assert_int_equal(decide(&f, HF_ACTION_VERIFY, 0, 0), HF_OUTCOME_INELIGIBLE);
    (void)snprintf(hf_state_change(&f.st)->recent.machine_id,
                   sizeof(hf_state_change(&f.st)->recent.machine_id), "%s",
                   hf_facts_get(&hf_state_change(&f.st)->facts, "machine.id"));
    assert_int_equal(decide(&f, HF_ACTION_APPLY, 0, 0), HF_OUTCOME_COUNT);
    assert_false(f.st.status.flags & HF_FLAG_IDENTITY_CHANGED);
    stop(&f);
}

static void
a_blocking_check_is_named_with_its_remedy(void **state)
{
    struct fixture f;

    (void)state;
    start(&f, HF_SIM_NO_DISK);
    assert_int_equal(decide(&f, HF_ACTION_APPLY, 0, 0), HF_OUTCOME_INELIGIBLE);
    assert_int_equal(strncmp(f.why, "space: ", 7), 0);
    assert_true(f.hint[0]);
    assert_int_equal(decide(&f, HF_ACTION_VERIFY, 0, 0), HF_OUTCOME_COUNT);
    stop(&f);
}

static void
somebody_elses_job_is_a_lock(void **state)
{
    struct fixture f;

    (void)state;
    start(&f, HF_SIM_WELL);
    hf_facts_set(&hf_state_change(&f.st)->facts, "job.state", "running", NULL,
                 hf_now());
    hf_facts_set(&hf_state_change(&f.st)->facts, "job.run", WIRE_OTHER, NULL,
                 hf_now());
    hf_facts_set(&hf_state_change(&f.st)->facts, "job.operator", "bob", NULL,
                 hf_now());
    assert_int_equal(decide(&f, HF_ACTION_APPLY, 0, 0), HF_OUTCOME_LOCKED);
    assert_non_null(strstr(f.why, "bob"));
    stop(&f);
}

/* What its job does to the host (a transition, say) looks like a fault. */
static void
the_lock_is_named_before_what_its_job_does(void **state)
{
    struct fixture f;

    (void)state;
    start(&f, HF_SIM_NO_DISK);
    hf_facts_set(&hf_state_change(&f.st)->facts, "job.state", "running", NULL,
                 hf_now());
    hf_facts_set(&hf_state_change(&f.st)->facts, "job.run", WIRE_OTHER, NULL,
                 hf_now());
    hf_facts_set(&hf_state_change(&f.st)->facts, "job.operator", "bob", NULL,
                 hf_now());
    assert_int_equal(decide(&f, HF_ACTION_APPLY, 0, 0), HF_OUTCOME_LOCKED);
    stop(&f);
}

/* An unknown fact never passes; but in a forecast it will still be asked. */
static void
an_unknown_check_starts_nothing(void **state)
{
    struct fixture f;

    (void)state;
    start(&f, HF_SIM_WELL);
    hf_facts_set_unknown(&hf_state_change(&f.st)->facts, "space.bytes",
                         "timed out", NULL, hf_now());
    assert_int_equal(decide(&f, HF_ACTION_APPLY, 0, 0), HF_OUTCOME_UNVERIFIED);
    assert_non_null(strstr(f.why, "timed out"));
    assert_int_equal(decide(&f, HF_ACTION_APPLY, 0, 1), HF_OUTCOME_COUNT);
    stop(&f);
}

static void
a_blocking_check_outweighs_an_unknown_one(void **state)
{
    struct fixture f;

    (void)state;
    start(&f, HF_SIM_NO_DISK);
    hf_facts_set_unknown(&hf_state_change(&f.st)->facts, "arch", "timed out",
                         NULL, hf_now());
    assert_int_equal(decide(&f, HF_ACTION_APPLY, 0, 0), HF_OUTCOME_INELIGIBLE);
    stop(&f);
}

static void
what_was_taken_back_comes_again_only_when_asked(void **state)
{
    struct hf_recent *recent;
    struct fixture f;

    (void)state;
    start(&f, HF_SIM_WELL);
    recent = &hf_state_change(&f.st)->recent;
    (void)snprintf(recent->run, sizeof(recent->run), "%s", WIRE_OTHER);
    memcpy(recent->action, "rollback", 9);
    memcpy(recent->outcome, "verified", 9);
    (void)snprintf(recent->boot_id, sizeof(recent->boot_id), "%s",
                   hf_facts_get(&hf_state_change(&f.st)->facts, "boot.id"));
    (void)snprintf(recent->level, sizeof(recent->level), "%s",
                   f.st.status.level);
    recent->at = hf_now();
    assert_int_equal(decide(&f, HF_ACTION_APPLY, 0, 0), HF_OUTCOME_SKIPPED);
    assert_non_null(strstr(f.why, WIRE_OTHER));
    assert_non_null(strstr(f.hint, "--again"));
    assert_int_equal(decide(&f, HF_ACTION_APPLY, 1, 0), HF_OUTCOME_COUNT);
    /* A newer release lifts it, and so does a restart. */
    recent->at = 0;
    assert_int_equal(decide(&f, HF_ACTION_APPLY, 0, 0), HF_OUTCOME_COUNT);
    recent->at = hf_now();
    memcpy(recent->boot_id, "another", 8);
    assert_int_equal(decide(&f, HF_ACTION_APPLY, 0, 0), HF_OUTCOME_COUNT);
    stop(&f);
}

static void
a_refused_price_is_a_reason(void **state)
{
    struct fixture f;

    (void)state;
    start(&f, HF_SIM_WELL);
    hf_facts_set(&hf_state_change(&f.st)->facts, "patch.hotfleet_fix_1.forced",
                 "yes", NULL, hf_now());
    assert_int_equal(decide(&f, HF_ACTION_ROLLBACK, 0, 0),
                     HF_OUTCOME_INELIGIBLE);
    assert_true(f.why[0]);
    stop(&f);
}

static void
a_host_that_is_as_wanted_has_nothing_to_do(void **state)
{
    struct fixture f;

    (void)state;
    start(&f, HF_SIM_WELL);
    f.w.catalogue.releases_len = 1; /* the older patch is the newest */
    assert_int_equal(decide(&f, HF_ACTION_APPLY, 0, 0), HF_OUTCOME_ALREADY);
    assert_non_null(strstr(f.why, "in effect already"));
    f.w.catalogue.releases_len = 2;
    stop(&f);
}

/* One freeze around now, for every host. */
static void
freeze(struct fixture *f, struct hf_calendar *cal, struct hf_rule *rule)
{
    struct hf_err err = HF_ERR_INIT;

    *rule = (struct hf_rule){.name = "year end",
                             .kind = HF_RULE_FREEZE,
                             .from = 0,
                             .to = hf_now() + 86400000};
    *cal = (struct hf_calendar){.rules = rule, .rules_len = 1};
    f->w.fleet.arena = hf_arena_new();
    assert_int_equal(hf_zone_load(&cal->utc, f->w.fleet.arena, "UTC", &err),
                     HF_OK);
    hf_calendar_prepare(cal, &f->w.fleet, hf_now());
    f->w.fleet.calendar = cal;
}

static void
a_freeze_lets_nothing_start_that_changes_the_host(void **state)
{
    struct hf_calendar cal;
    struct hf_rule rule;
    struct fixture f;

    (void)state;
    start(&f, HF_SIM_WELL);
    freeze(&f, &cal, &rule);
    assert_int_equal(decide(&f, HF_ACTION_APPLY, 0, 0), HF_OUTCOME_CLOSED);
    assert_memory_equal(f.why, "frozen by 'year end' until ", 27);
    assert_string_equal(f.hint, "hotfleet schedule h1");
    assert_true(f.st.status.flags & HF_FLAG_FROZEN);
    assert_int_equal(decide(&f, HF_ACTION_VERIFY, 0, 0), HF_OUTCOME_COUNT);
    rule.to = 1000; /* long over */
    hf_calendar_prepare(&cal, &f.w.fleet, hf_now());
    assert_int_equal(decide(&f, HF_ACTION_APPLY, 0, 0), HF_OUTCOME_COUNT);
    assert_false(f.st.status.flags & HF_FLAG_FROZEN);
    hf_arena_free(f.w.fleet.arena);
    stop(&f);
}

/* It keeps something from happening: whatever binds the others. */
static void
nothing_stands_before_calling_a_restart_off(void **state)
{
    struct hf_calendar cal;
    struct hf_rule rule;
    struct fixture f;

    (void)state;
    start(&f, HF_SIM_WELL);
    freeze(&f, &cal, &rule);
    f.host->hold = "year end";
    hf_facts_set(&hf_state_change(&f.st)->facts, "job.state", "running", NULL,
                 hf_now());
    hf_facts_set(&hf_state_change(&f.st)->facts, "job.run", WIRE_OTHER, NULL,
                 hf_now());
    assert_int_equal(decide(&f, HF_ACTION_REBOOT, 0, 0), HF_OUTCOME_SKIPPED);
    assert_int_equal(decide(&f, HF_ACTION_CALL_OFF, 0, 0), HF_OUTCOME_COUNT);
    f.host->hold = NULL;
    assert_int_equal(decide(&f, HF_ACTION_REBOOT, 0, 0), HF_OUTCOME_LOCKED);
    assert_int_equal(decide(&f, HF_ACTION_CALL_OFF, 0, 0), HF_OUTCOME_COUNT);
    hf_arena_free(f.w.fleet.arena);
    stop(&f);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_host_that_is_behind_may_start),
        cmocka_unit_test(a_held_host_may_be_looked_at_only),
        cmocka_unit_test(
            a_blocked_release_is_applied_by_nobody_and_may_be_taken_back),
        cmocka_unit_test(an_excepted_host_is_left_alone_until_its_day),
        cmocka_unit_test(an_emergency_overrides_what_the_fleet_lets_it),
        cmocka_unit_test(no_emergency_makes_another_machine_the_right_one),
        cmocka_unit_test(nothing_is_known_of_a_host_that_was_never_asked),
        cmocka_unit_test(a_platform_without_driver_is_said_so),
        cmocka_unit_test(another_machine_under_the_name_is_not_touched),
        cmocka_unit_test(a_blocking_check_is_named_with_its_remedy),
        cmocka_unit_test(somebody_elses_job_is_a_lock),
        cmocka_unit_test(the_lock_is_named_before_what_its_job_does),
        cmocka_unit_test(an_unknown_check_starts_nothing),
        cmocka_unit_test(a_blocking_check_outweighs_an_unknown_one),
        cmocka_unit_test(what_was_taken_back_comes_again_only_when_asked),
        cmocka_unit_test(a_refused_price_is_a_reason),
        cmocka_unit_test(a_host_that_is_as_wanted_has_nothing_to_do),
        cmocka_unit_test(a_freeze_lets_nothing_start_that_changes_the_host),
        cmocka_unit_test(nothing_stands_before_calling_a_restart_off),
    };

    return cmocka_run_group_tests_name("decide", tests, NULL, NULL);
}
