/* The step function: taking itself back, and the rehearsal of that. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <cjson/cJSON.h>
#include <stdlib.h>
#include <string.h>

#include "rollout_bed.h"

/* Two rings of two hosts; the gate of the first one fails. */
static struct hf_plan *
failing(struct bed *b, int when)
{
    struct hf_plan *plan = bed_plan(2, 2, 2);

    bed_gate(plan, (struct hf_gate){.every = MINUTE, .count = 1});
    plan->playbook.undo.when = when;
    bed_init(b, plan, 1);
    b->bad_sample = 100;
    return plan;
}

static void
let_go(struct bed *b, struct hf_plan *plan)
{
    bed_release(b);
    hf_plan_free(plan);
}

static void
say(struct bed *b, enum hf_rollout_kind kind)
{
    struct hf_rollout_event e = bed_event(b, kind);

    bed_apply(b, &e);
}

static void
a_gate_that_failed_takes_it_back_once(void **state)
{
    struct hf_rollout_view v;
    struct bed b;
    struct hf_plan *plan = failing(&b, HF_UNDO_GATE_FAILED);
    const struct hf_rollout_event *began;

    (void)state;
    bed_play(&b);
    assert_int_equal(bed_state(&b), HF_ROLLOUT_IS_HALTED);
    assert_int_equal(bed_count(&b, HF_ROLLOUT_UNDO_BEGAN), 1);
    began = &b.log[bed_find(&b, HF_ROLLOUT_UNDO_BEGAN, 0)];
    assert_int_equal(began->ring, 0);
    assert_int_equal(began->batch, 0);
    hf_rollout_view(b.r, &v);
    assert_string_equal(v.taken_back_by, BED_UNDO_RUN);
    assert_string_equal(v.waits_for, "gate 'health' failed: bad; taken back");
    say(&b, HF_ROLLOUT_RESUMED);
    bed_play(&b);
    assert_int_equal(bed_count(&b, HF_ROLLOUT_UNDO_BEGAN), 2);
    let_go(&b, plan);
}

static void
without_the_playbook_saying_so_nothing_is_taken_back(void **state)
{
    struct bed b;
    struct hf_plan *plan = failing(&b, HF_UNDO_NEVER);

    (void)state;
    bed_play(&b);
    assert_int_equal(bed_state(&b), HF_ROLLOUT_IS_HALTED);
    assert_int_equal(bed_count(&b, HF_ROLLOUT_UNDO_BEGAN), 0);
    let_go(&b, plan);
}

static void
a_watched_gate_takes_nothing_back(void **state)
{
    struct bed b;
    struct hf_plan *plan = bed_plan(1, 2, 2);

    (void)state;
    bed_gate(plan, (struct hf_gate){
                       .mode = HF_GATE_WATCH, .every = MINUTE, .count = 1});
    plan->playbook.undo.when = HF_UNDO_HALTED;
    bed_init(&b, plan, 1);
    b.bad_sample = 100;
    bed_play(&b);
    assert_int_equal(bed_state(&b), HF_ROLLOUT_IS_OVER);
    assert_int_equal(bed_count(&b, HF_ROLLOUT_UNDO_BEGAN), 0);
    let_go(&b, plan);
}

static int
first_fails(struct bed *b, int host)
{
    (void)b;
    return host == 0 ? HF_OUTCOME_FAILED : HF_OUTCOME_VERIFIED;
}

/* Both hosts are under way when the first one fails. */
static size_t
undone_by_budget(int when, int on_exceed)
{
    struct hf_plan *plan = bed_plan(1, 2, 2);
    struct bed b;
    size_t n;
    int at;

    plan->playbook.undo.when = when;
    plan->playbook.budget.on_exceed = on_exceed;
    bed_init(&b, plan, 1);
    b.outcome = first_fails;
    bed_play(&b);
    n = bed_count(&b, HF_ROLLOUT_UNDO_BEGAN);
    at = bed_find(&b, HF_ROLLOUT_UNDO_BEGAN, 0);
    if (n)
        assert_true(at > bed_find(&b, HF_ROLLOUT_HOST_ENDED, 1));
    if (n && on_exceed == HF_ON_EXCEED_ABORT)
        assert_true(bed_find(&b, HF_ROLLOUT_ENDED, 0) >
                    bed_find(&b, HF_ROLLOUT_UNDO_ENDED, 0));
    let_go(&b, plan);
    return n;
}

static void
a_budget_takes_it_back_where_every_halt_does(void **state)
{
    (void)state;
    assert_int_equal(undone_by_budget(HF_UNDO_GATE_FAILED, HF_ON_EXCEED_HALT),
                     0);
    assert_int_equal(undone_by_budget(HF_UNDO_HALTED, HF_ON_EXCEED_HALT), 1);
}

static void
an_abort_ends_when_it_was_taken_back(void **state)
{
    (void)state;
    assert_int_equal(undone_by_budget(HF_UNDO_HALTED, HF_ON_EXCEED_ABORT), 1);
}

static void
a_person_who_pauses_takes_nothing_back(void **state)
{
    struct hf_plan *plan = bed_plan(1, 2, 2);
    struct bed b;

    (void)state;
    plan->playbook.undo.when = HF_UNDO_HALTED;
    bed_init(&b, plan, 1);
    say(&b, HF_ROLLOUT_PAUSED);
    bed_play(&b);
    assert_int_equal(bed_state(&b), HF_ROLLOUT_IS_PAUSED);
    assert_int_equal(bed_count(&b, HF_ROLLOUT_UNDO_BEGAN), 0);
    let_go(&b, plan);
}

static void
nobody_resumes_it_while_it_is_taken_back(void **state)
{
    struct bed b;
    struct hf_plan *plan = failing(&b, HF_UNDO_GATE_FAILED);

    (void)state;
    while (!bed_count(&b, HF_ROLLOUT_UNDO_BEGAN))
        assert_true(bed_step(&b));
    say(&b, HF_ROLLOUT_RESUMED);
    assert_int_equal(bed_state(&b), HF_ROLLOUT_IS_HALTED);
    let_go(&b, plan);
}

static void
what_was_begun_is_told_to_whoever_goes_on(void **state)
{
    struct bed b;
    struct hf_plan *plan = failing(&b, HF_UNDO_GATE_FAILED);
    struct hf_rollout_event e, back;
    struct hf_err err = HF_ERR_INIT;
    size_t cursor = 0;
    cJSON *doc;

    (void)state;
    while (!bed_count(&b, HF_ROLLOUT_UNDO_BEGAN))
        assert_true(bed_step(&b));
    assert_int_equal(hf_rollout_open(b.r, &cursor, &e), 1);
    assert_int_equal(e.kind, HF_ROLLOUT_UNDO_BEGAN);
    assert_string_equal(e.by, BED_UNDO_RUN);
    assert_int_equal(e.ring, 0);
    assert_int_equal(hf_rollout_open(b.r, &cursor, &back), 0);
    doc = hf_rollout_event_to_json(&e, plan);
    assert_int_equal(hf_rollout_event_from_json(&back, doc, plan, &err), HF_OK);
    assert_string_equal(back.by, BED_UNDO_RUN);
    cJSON_Delete(doc);
    let_go(&b, plan);
}

/* ---- the rehearsal ---- */

static void
it_is_rehearsed_before_the_first_ring(void **state)
{
    struct hf_plan *plan = bed_plan(2, 2, 2);
    struct bed b;

    (void)state;
    plan->playbook.undo.rehearse_on = plan->hosts[3].name;
    bed_init(&b, plan, 1);
    bed_play(&b);
    assert_int_equal(bed_state(&b), HF_ROLLOUT_IS_OVER);
    assert_int_equal(bed_count(&b, HF_ROLLOUT_REHEARSAL_BEGAN), 1);
    assert_int_equal(b.log[bed_find(&b, HF_ROLLOUT_REHEARSAL_BEGAN, 0)].host,
                     3);
    assert_true(bed_find(&b, HF_ROLLOUT_REHEARSAL_ENDED, 0) <
                bed_find(&b, HF_ROLLOUT_RING_BEGAN, 0));
    assert_int_equal(hf_rollout_slot(b.r, 3)->outcome, HF_OUTCOME_VERIFIED);
    let_go(&b, plan);
}

static void
a_rehearsal_that_fails_halts_it_and_is_tried_again(void **state)
{
    struct hf_plan *plan = bed_plan(1, 2, 2);
    struct bed b;

    (void)state;
    plan->playbook.undo.rehearse_on = plan->hosts[0].name;
    bed_init(&b, plan, 1);
    b.bad_rehearsal = 1;
    bed_play(&b);
    assert_int_equal(bed_state(&b), HF_ROLLOUT_IS_HALTED);
    assert_int_equal(bed_count(&b, HF_ROLLOUT_HOST_STARTED), 0);
    b.bad_rehearsal = 0;
    say(&b, HF_ROLLOUT_RESUMED);
    bed_play(&b);
    assert_int_equal(bed_state(&b), HF_ROLLOUT_IS_OVER);
    assert_int_equal(bed_count(&b, HF_ROLLOUT_REHEARSAL_BEGAN), 2);
    let_go(&b, plan);
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
a_rehearsal_waits_for_its_window(void **state)
{
    struct hf_plan *plan = bed_plan(1, 2, 2);
    struct bed b;

    (void)state;
    plan->playbook.undo.rehearse_on = plan->hosts[0].name;
    bed_init(&b, plan, 1);
    b.admit = tomorrow;
    bed_play(&b);
    assert_true(b.log[bed_find(&b, HF_ROLLOUT_REHEARSAL_BEGAN, 0)].at >=
                1001 * DAY);
    assert_int_equal(bed_state(&b), HF_ROLLOUT_IS_OVER);
    let_go(&b, plan);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_gate_that_failed_takes_it_back_once),
        cmocka_unit_test(without_the_playbook_saying_so_nothing_is_taken_back),
        cmocka_unit_test(a_watched_gate_takes_nothing_back),
        cmocka_unit_test(a_budget_takes_it_back_where_every_halt_does),
        cmocka_unit_test(an_abort_ends_when_it_was_taken_back),
        cmocka_unit_test(a_person_who_pauses_takes_nothing_back),
        cmocka_unit_test(nobody_resumes_it_while_it_is_taken_back),
        cmocka_unit_test(what_was_begun_is_told_to_whoever_goes_on),
        cmocka_unit_test(it_is_rehearsed_before_the_first_ring),
        cmocka_unit_test(a_rehearsal_that_fails_halts_it_and_is_tried_again),
        cmocka_unit_test(a_rehearsal_waits_for_its_window),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
