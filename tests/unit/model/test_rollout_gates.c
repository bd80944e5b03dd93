/* The step function: gates, samples, sign-offs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "rollout_bed.h"

static void
a_gate_passes_with_enough_good_samples(void **state)
{
    struct hf_plan *plan = bed_plan(1, 2, 1);
    uint8_t seen[8];
    struct bed b;

    (void)state;
    bed_gate(plan, (struct hf_gate){
                       .delay = 5 * MINUTE, .every = MINUTE, .count = 3});
    bed_init(&b, plan, 1);
    bed_play(&b);
    assert_int_equal(bed_state(&b), HF_ROLLOUT_IS_OVER);
    assert_int_equal(bed_count(&b, HF_ROLLOUT_GATE_PASSED), 2);
    assert_true(b.log[bed_find(&b, HF_ROLLOUT_SAMPLE_TAKEN, 0)].at >=
                b.log[bed_find(&b, HF_ROLLOUT_BATCH_ENDED, 0)].at + 5 * MINUTE);
    assert_int_equal(hf_rollout_samples(b.r, 0, 0, seen, 8), 6);
    bed_release(&b);
    hf_plan_free(plan);
}

static void
a_gate_that_fails_halts_and_is_judged_anew_when_resumed(void **state)
{
    struct hf_plan *plan = bed_plan(1, 2, 1);
    struct bed b;

    (void)state;
    bed_gate(plan,
             (struct hf_gate){.every = MINUTE, .count = 2, .fail_after = 1});
    bed_init(&b, plan, 1);
    b.bad_sample = 100;
    bed_play(&b);
    assert_int_equal(bed_state(&b), HF_ROLLOUT_IS_HALTED);
    assert_int_equal(bed_count(&b, HF_ROLLOUT_SAMPLE_TAKEN), 2);
    assert_int_equal(bed_count(&b, HF_ROLLOUT_HOST_STARTED), 1);
    b.bad_sample = 0;
    {
        struct hf_rollout_event e = bed_event(&b, HF_ROLLOUT_RESUMED);

        bed_apply(&b, &e);
    }
    bed_play(&b);
    assert_int_equal(bed_state(&b), HF_ROLLOUT_IS_OVER);
    bed_release(&b);
    hf_plan_free(plan);
}

static void
a_watched_gate_is_told_and_stops_nothing(void **state)
{
    struct hf_plan *plan = bed_plan(1, 2, 1);
    struct bed b;

    (void)state;
    bed_gate(plan, (struct hf_gate){
                       .mode = HF_GATE_WATCH, .every = MINUTE, .count = 1});
    bed_rings(plan)[0].soak = HOUR;
    bed_init(&b, plan, 1);
    b.bad_sample = 100;
    bed_play(&b);
    assert_int_equal(bed_state(&b), HF_ROLLOUT_IS_OVER);
    assert_true(bed_count(&b, HF_ROLLOUT_GATE_FAILED) > 0);
    assert_int_equal(bed_count(&b, HF_ROLLOUT_HALTED), 0);
    bed_release(&b);
    hf_plan_free(plan);
}

static void
an_unclear_gate_waits_for_a_person(void **state)
{
    struct hf_plan *plan = bed_plan(1, 2, 1);
    struct bed b;

    (void)state;
    bed_gate(plan, (struct hf_gate){.every = MINUTE, .count = 1});
    bed_init(&b, plan, 1);
    b.unclear = 100;
    bed_play(&b);
    assert_int_equal(bed_state(&b), HF_ROLLOUT_IS_PAUSED);
    assert_int_equal(bed_count(&b, HF_ROLLOUT_SAMPLE_TAKEN), 1);
    bed_release(&b);
    hf_plan_free(plan);
}

static void
a_gate_goes_on_through_the_soak_and_halts_there(void **state)
{
    struct hf_plan *plan = bed_plan(2, 1, 1);
    struct bed b;

    (void)state;
    bed_gate(plan, (struct hf_gate){.every = 10 * MINUTE, .count = 1});
    bed_rings(plan)[0].soak = DAY;
    bed_init(&b, plan, 1);
    while (bed_count(&b, HF_ROLLOUT_SAMPLE_TAKEN) < 10)
        assert_true(bed_step(&b));
    b.bad_sample = 100;
    bed_play(&b);
    assert_int_equal(bed_state(&b), HF_ROLLOUT_IS_HALTED);
    assert_int_equal(bed_count(&b, HF_ROLLOUT_RING_BEGAN), 1);
    bed_release(&b);
    hf_plan_free(plan);
}

static void
a_sign_off_is_waited_for_at_the_end_of_the_ring(void **state)
{
    struct hf_plan *plan = bed_plan(1, 1, 1);
    struct hf_rollout_event e;
    struct bed b;

    (void)state;
    bed_gate(plan, (struct hf_gate){.kind = HF_GATE_SIGNOFF, .who = "SAP"});
    bed_init(&b, plan, 1);
    bed_play(&b);
    assert_int_equal(bed_state(&b), HF_ROLLOUT_GOING);
    e = bed_event(&b, HF_ROLLOUT_SIGNED_OFF);
    e.ring = e.gate = 0;
    e.until = b.now + HOUR;
    bed_apply(&b, &e);
    bed_play(&b);
    assert_int_equal(bed_state(&b), HF_ROLLOUT_IS_OVER);
    bed_release(&b);
    hf_plan_free(plan);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_gate_passes_with_enough_good_samples),
        cmocka_unit_test(
            a_gate_that_fails_halts_and_is_judged_anew_when_resumed),
        cmocka_unit_test(a_watched_gate_is_told_and_stops_nothing),
        cmocka_unit_test(an_unclear_gate_waits_for_a_person),
        cmocka_unit_test(a_gate_goes_on_through_the_soak_and_halts_there),
        cmocka_unit_test(a_sign_off_is_waited_for_at_the_end_of_the_ring),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
