/* The step function: what happens in which order, and what stops it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "rollout_bed.h"

static void
rings_follow_each_other_and_soak_in_between(void **state)
{
    struct hf_plan *plan = bed_plan(2, 3, 2);
    struct hf_rollout_view v;
    struct bed b;

    (void)state;
    bed_rings(plan)[0].soak = DAY;
    bed_init(&b, plan, 1);
    bed_play(&b);
    hf_rollout_view(b.r, &v);
    assert_int_equal(v.state, HF_ROLLOUT_IS_OVER);
    assert_int_equal(v.exit, 0);
    assert_int_equal(bed_count(&b, HF_ROLLOUT_HOST_STARTED), 6);
    assert_int_equal(bed_count(&b, HF_ROLLOUT_BATCH_BEGAN), 4);
    assert_true(b.log[bed_find(&b, HF_ROLLOUT_RING_BEGAN, 1)].at >=
                b.log[bed_find(&b, HF_ROLLOUT_SOAK_BEGAN, 0)].at + DAY);
    bed_release(&b);
    hf_plan_free(plan);
}

static int
nothing_to_do(struct bed *b, int host)
{
    (void)b;
    (void)host;
    return HF_OUTCOME_ALREADY;
}

static void
a_ring_in_which_nothing_was_changed_does_not_soak(void **state)
{
    struct hf_plan *plan = bed_plan(1, 3, 3);
    struct bed b;

    (void)state;
    bed_rings(plan)[0].soak = DAY;
    bed_init(&b, plan, 1);
    b.outcome = nothing_to_do;
    bed_play(&b);
    assert_int_equal(bed_state(&b), HF_ROLLOUT_IS_OVER);
    assert_true(b.now < 1000 * DAY + HOUR);
    bed_release(&b);
    hf_plan_free(plan);
}

static int
first_two_fail(struct bed *b, int host)
{
    (void)b;
    return host < 2 ? HF_OUTCOME_FAILED : HF_OUTCOME_VERIFIED;
}

static void
a_budget_of_two_allows_two(void **state)
{
    struct hf_plan *plan = bed_plan(1, 6, 6);
    struct bed b;

    (void)state;
    plan->playbook.budget.allowed[HF_BUDGET_FAILED][HF_SCOPE_RUN] = 2;
    bed_init(&b, plan, 1);
    b.outcome = first_two_fail;
    bed_play(&b);
    assert_int_equal(bed_state(&b), HF_ROLLOUT_IS_OVER);
    assert_int_equal(b.log[b.log_len - 1].exit, 2);
    bed_release(&b);
    hf_plan_free(plan);
}

static void
the_next_one_halts_and_nothing_starts_any_more(void **state)
{
    struct hf_plan *plan = bed_plan(1, 6, 6);
    struct hf_rollout_counts counts;
    struct bed b;

    (void)state;
    plan->playbook.limits.parallel = 1;
    plan->playbook.budget.allowed[HF_BUDGET_FAILED][HF_SCOPE_RUN] = 1;
    bed_init(&b, plan, 1);
    b.outcome = first_two_fail;
    bed_play(&b);
    assert_int_equal(bed_state(&b), HF_ROLLOUT_IS_HALTED);
    hf_rollout_counts(b.r, -1, &counts);
    assert_int_equal(counts.by_outcome[HF_OUTCOME_FAILED], 2);
    assert_int_equal(counts.waiting, 4);
    assert_string_equal(b.log[b.log_len - 1].why,
                        "2 failed in this run, 1 allowed");
    bed_release(&b);
    hf_plan_free(plan);
}

static int
all_fail(struct bed *b, int host)
{
    (void)b;
    (void)host;
    return HF_OUTCOME_FAILED;
}

static void
after_a_resume_the_very_next_failure_halts_again(void **state)
{
    struct hf_plan *plan = bed_plan(1, 6, 6);
    struct bed b;

    (void)state;
    plan->playbook.limits.parallel = 1;
    bed_init(&b, plan, 1);
    b.outcome = all_fail;
    b.resume = 2;
    bed_play(&b);
    assert_int_equal(bed_count(&b, HF_ROLLOUT_HALTED), 3);
    assert_int_equal(bed_count(&b, HF_ROLLOUT_HOST_STARTED), 3);
    bed_release(&b);
    hf_plan_free(plan);
}

static int
none_can_begin(struct bed *b, int host)
{
    (void)b;
    (void)host;
    return HF_OUTCOME_CANCELLED;
}

static void
hosts_that_cannot_be_begun_are_no_good_end(void **state)
{
    struct hf_plan *plan = bed_plan(1, 3, 3);
    struct bed b;

    (void)state;
    plan->playbook.limits.parallel = 1;
    bed_init(&b, plan, 1);
    b.outcome = none_can_begin;
    bed_play(&b);
    assert_int_equal(bed_state(&b), HF_ROLLOUT_IS_HALTED);
    bed_release(&b);
    plan->playbook.budget.allowed[HF_BUDGET_FAILED][HF_SCOPE_RUN] = 3;
    bed_init(&b, plan, 1);
    b.outcome = none_can_begin;
    bed_play(&b);
    assert_int_equal(b.log[b.log_len - 1].exit, 3);
    bed_release(&b);
    hf_plan_free(plan);
}

static void
an_abort_waits_for_those_in_flight_and_ends(void **state)
{
    struct hf_plan *plan = bed_plan(1, 6, 6);
    struct hf_rollout_event e;
    struct bed b;

    (void)state;
    plan->playbook.limits.parallel = 2;
    bed_init(&b, plan, 1);
    while (b.in_flight_len < 2)
        assert_true(bed_step(&b));
    e = bed_event(&b, HF_ROLLOUT_ABORT);
    bed_apply(&b, &e);
    bed_play(&b);
    assert_int_equal(bed_state(&b), HF_ROLLOUT_IS_OVER);
    assert_int_equal(bed_count(&b, HF_ROLLOUT_HOST_STARTED), 2);
    assert_int_equal(bed_count(&b, HF_ROLLOUT_HOST_ENDED), 2);
    assert_int_equal(b.log[b.log_len - 1].exit, 3);
    bed_release(&b);
    hf_plan_free(plan);
}

static void
a_ring_with_approval_waits_for_it(void **state)
{
    struct hf_plan *plan = bed_plan(2, 1, 1);
    struct hf_rollout_event e;
    struct hf_rollout_view v;
    struct bed b;

    (void)state;
    bed_rings(plan)[1].approve = 1;
    bed_init(&b, plan, 1);
    bed_play(&b);
    hf_rollout_view(b.r, &v);
    assert_int_equal(v.ring, 1);
    assert_string_equal(v.waits_for, "somebody to approve ring 'ring-1'");
    e = bed_event(&b, HF_ROLLOUT_APPROVED);
    e.ring = 1;
    bed_apply(&b, &e);
    bed_play(&b);
    assert_int_equal(bed_state(&b), HF_ROLLOUT_IS_OVER);
    bed_release(&b);
    hf_plan_free(plan);
}

/* ---- hooks ---- */

static void
a_failed_hook_halts_and_is_run_again_when_resumed(void **state)
{
    struct hf_plan *plan = bed_plan(1, 1, 1);
    struct bed b;

    (void)state;
    plan->playbook.hooks[HF_HOOK_BEFORE_BATCH].run = "drain";
    bed_init(&b, plan, 1);
    b.bad_hook = 100;
    b.resume = 2;
    bed_play(&b);
    assert_int_equal(bed_state(&b), HF_ROLLOUT_IS_HALTED);
    assert_int_equal(bed_count(&b, HF_ROLLOUT_HOOK_BEGAN), 3);
    assert_int_equal(bed_count(&b, HF_ROLLOUT_HOST_STARTED), 0);
    bed_release(&b);
    hf_plan_free(plan);
}

/* ---- hosts that are not there, or not allowed ---- */

static int
never_there(struct bed *b, int host)
{
    (void)b;
    return host == 0 ? HF_OUTCOME_UNREACHABLE : HF_OUTCOME_VERIFIED;
}

static void
a_host_that_is_not_reached_is_tried_again_so_often(void **state)
{
    struct hf_plan *plan = bed_plan(1, 2, 2);
    struct bed b;

    (void)state;
    plan->playbook.limits.retries = 2;
    bed_init(&b, plan, 1);
    b.outcome = never_there;
    bed_play(&b);
    assert_int_equal(b.tries[0], 3);
    assert_int_equal(bed_state(&b), HF_ROLLOUT_IS_HALTED);
    bed_release(&b);
    hf_plan_free(plan);
}

static int
closed_at_first(struct bed *b, int host)
{
    return host == 0 && b->tries[0] < 3 ? HF_OUTCOME_CLOSED
                                        : HF_OUTCOME_VERIFIED;
}

static void
a_window_that_closed_meanwhile_is_waited_for(void **state)
{
    struct hf_plan *plan = bed_plan(1, 2, 2);
    struct bed b;

    (void)state;
    bed_init(&b, plan, 1);
    b.outcome = closed_at_first;
    bed_play(&b);
    assert_int_equal(b.tries[0], 3);
    assert_int_equal(b.log[b.log_len - 1].exit, 0);
    bed_release(&b);
    hf_plan_free(plan);
}

static int
there_at_the_third_look(struct bed *b, int host)
{
    return host == 0 && b->tries[0] < 3 ? HF_OUTCOME_UNREACHABLE
                                        : HF_OUTCOME_VERIFIED;
}

static void
a_sleeper_is_caught_up_once_its_ring_has_passed(void **state)
{
    struct hf_plan *plan = bed_plan(2, 2, 2);
    struct bed b;

    (void)state;
    plan->hosts[0].intermittent = 1;
    bed_rings(plan)[0].catch_up = 3 * DAY;
    bed_init(&b, plan, 1);
    b.outcome = there_at_the_third_look;
    bed_play(&b);
    assert_int_equal(bed_state(&b), HF_ROLLOUT_IS_OVER);
    assert_int_equal(b.log[b.log_len - 1].exit, 0);
    assert_int_equal(b.tries[0], 3);
    bed_release(&b);
    hf_plan_free(plan);
}

static void
a_sleeper_that_never_comes_is_not_seen_and_spends_no_budget(void **state)
{
    struct hf_plan *plan = bed_plan(1, 2, 2);
    struct hf_rollout_counts counts;
    struct bed b;

    (void)state;
    plan->hosts[0].intermittent = 1;
    bed_rings(plan)[0].catch_up = DAY;
    bed_init(&b, plan, 1);
    b.outcome = never_there;
    bed_play(&b);
    assert_int_equal(bed_state(&b), HF_ROLLOUT_IS_OVER);
    assert_int_equal(b.log[b.log_len - 1].exit, 4);
    hf_rollout_counts(b.r, -1, &counts);
    assert_int_equal(counts.by_outcome[HF_OUTCOME_NOT_SEEN], 1);
    bed_release(&b);
    hf_plan_free(plan);
}

static enum hf_admit
tomorrow(struct bed *b, int host, int64_t *until, int *outcome)
{
    (void)host;
    (void)outcome;
    *until = 1001 * DAY;
    return b->now < *until ? HF_ADMIT_LATER : HF_ADMIT_YES;
}

static void
hosts_wait_for_their_window(void **state)
{
    struct hf_plan *plan = bed_plan(1, 3, 3);
    struct bed b;

    (void)state;
    bed_init(&b, plan, 1);
    b.admit = tomorrow;
    bed_play(&b);
    assert_int_equal(bed_state(&b), HF_ROLLOUT_IS_OVER);
    assert_true(b.log[bed_find(&b, HF_ROLLOUT_HOST_STARTED, 0)].at >=
                1001 * DAY);
    bed_release(&b);
    hf_plan_free(plan);
}

static enum hf_admit
held_meanwhile(struct bed *b, int host, int64_t *until, int *outcome)
{
    (void)b;
    (void)until;
    *outcome = HF_OUTCOME_SKIPPED;
    return host == 1 ? HF_ADMIT_LEAVE_OUT : HF_ADMIT_YES;
}

static void
a_host_that_is_not_admitted_any_more_is_left_out(void **state)
{
    struct hf_plan *plan = bed_plan(1, 3, 3);
    struct bed b;

    (void)state;
    bed_init(&b, plan, 1);
    b.admit = held_meanwhile;
    bed_play(&b);
    assert_int_equal(bed_state(&b), HF_ROLLOUT_IS_OVER);
    assert_int_equal(b.tries[1], 0);
    assert_int_equal(hf_rollout_slot(b.r, 1)->outcome, HF_OUTCOME_SKIPPED);
    bed_release(&b);
    hf_plan_free(plan);
}

static void
the_time_of_the_run_is_bounded(void **state)
{
    struct hf_plan *plan = bed_plan(2, 1, 1);
    struct bed b;

    (void)state;
    plan->playbook.limits.run_time = HOUR;
    bed_rings(plan)[0].soak = DAY;
    bed_init(&b, plan, 1);
    bed_play(&b);
    assert_int_equal(bed_state(&b), HF_ROLLOUT_IS_HALTED);
    assert_string_equal(b.log[b.log_len - 1].why,
                        "the time for the whole run is over");
    bed_release(&b);
    hf_plan_free(plan);
}

static void
events_survive_being_written_and_read(void **state)
{
    struct hf_plan *plan = bed_plan(2, 4, 2);
    struct hf_err err = HF_ERR_INIT;
    struct bed b;

    (void)state;
    bed_gate(plan, (struct hf_gate){.every = MINUTE, .count = 1});
    plan->playbook.hooks[HF_HOOK_BEFORE_RUN].run = "x";
    bed_init(&b, plan, 1);
    bed_play(&b);
    for (size_t i = 0; i < b.log_len; i++) {
        cJSON *doc = hf_rollout_event_to_json(&b.log[i], plan);
        struct hf_rollout_event back;

        assert_int_equal(hf_rollout_event_from_json(&back, doc, plan, &err),
                         HF_OK);
        assert_memory_equal(&back, &b.log[i], sizeof(back));
        cJSON_Delete(doc);
    }
    bed_release(&b);
    hf_plan_free(plan);
}

static void
an_event_about_a_host_of_another_plan_is_refused(void **state)
{
    struct hf_plan *plan = bed_plan(1, 1, 1);
    struct hf_err err = HF_ERR_INIT;
    struct hf_rollout_event back;
    cJSON *doc = cJSON_Parse("{\"what\":\"host-started\",\"host\":\"x\"}");

    (void)state;
    assert_int_equal(hf_rollout_event_from_json(&back, doc, plan, &err),
                     HF_EINVALID);
    assert_string_equal(err.text, "the plan has no host 'x'");
    cJSON_Delete(doc);
    hf_plan_free(plan);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rings_follow_each_other_and_soak_in_between),
        cmocka_unit_test(a_ring_in_which_nothing_was_changed_does_not_soak),
        cmocka_unit_test(a_budget_of_two_allows_two),
        cmocka_unit_test(the_next_one_halts_and_nothing_starts_any_more),
        cmocka_unit_test(after_a_resume_the_very_next_failure_halts_again),
        cmocka_unit_test(hosts_that_cannot_be_begun_are_no_good_end),
        cmocka_unit_test(an_abort_waits_for_those_in_flight_and_ends),
        cmocka_unit_test(a_ring_with_approval_waits_for_it),
        cmocka_unit_test(a_failed_hook_halts_and_is_run_again_when_resumed),
        cmocka_unit_test(a_host_that_is_not_reached_is_tried_again_so_often),
        cmocka_unit_test(a_window_that_closed_meanwhile_is_waited_for),
        cmocka_unit_test(a_sleeper_is_caught_up_once_its_ring_has_passed),
        cmocka_unit_test(
            a_sleeper_that_never_comes_is_not_seen_and_spends_no_budget),
        cmocka_unit_test(hosts_wait_for_their_window),
        cmocka_unit_test(a_host_that_is_not_admitted_any_more_is_left_out),
        cmocka_unit_test(the_time_of_the_run_is_bounded),
        cmocka_unit_test(events_survive_being_written_and_read),
        cmocka_unit_test(an_event_about_a_host_of_another_plan_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
