/* Today: runs of plans, and what hotpatching is worth. */
#include "tests/unit/rows/small_plan.h"

#include "backend/base/text.h"
#include "tui/rows/today_rows.h"

#define RUN "20261123T011320Z-aaaaaa"

static const struct hf_today_line *
find(const struct hf_today *t, const char *text)
{
    for (size_t i = 0; i < t->len; i++) {
        if (strstr(t->v[i].text, text))
            return &t->v[i];
    }
    return NULL;
}

static struct hf_rings_run
make_run(void)
{
    struct hf_rings_run run = {.around = {.carried_out = 1}};
    struct hf_plan *plan = make_plan();

    hf_say(run.id, sizeof(run.id), "%s", RUN);
    hf_rings_run_own(&run, plan, hf_rollout_new(plan));
    return run;
}

static void
happens(struct hf_rings_run *run, enum hf_rollout_kind kind)
{
    struct hf_rollout_event e = {
        .kind = kind, .at = NOW - HOUR, .gate = -1, .hook = -1, .host = -1};

    hf_say(e.why, sizeof(e.why), "the reason");
    hf_rollout_apply(run->own_rollout, &e);
}

/* Begun, and so far with it. */
static struct hf_today
today_when(enum hf_rollout_kind then)
{
    static struct hf_state states[HOSTS];
    struct hf_rings_run run = make_run();
    struct hf_today today;

    fill_states(states);
    happens(&run, HF_ROLLOUT_RUN_BEGAN);
    happens(&run, HF_ROLLOUT_RING_BEGAN);
    happens(&run, then);
    hf_rings_run_ask(&run, NOW);
    hf_today_make(&today, &(struct hf_today_in){.fleet = &fleet,
                                                .states = states,
                                                .states_len = HOSTS,
                                                .runs = &run,
                                                .runs_len = 1,
                                                .now = NOW});
    hf_rings_run_release(&run);
    return today;
}

static void
a_run_that_goes_on_is_part_of_the_next_hours(void **state)
{
    struct hf_today today = today_when(HF_ROLLOUT_BATCH_BEGAN);
    const struct hf_today_line *line = find(&today, "; run " RUN " ");

    (void)state;
    assert_non_null(line);
    assert_int_equal(line->section, HF_TODAY_RINGS);
    assert_true(hf_has_prefix(line->text, "canary "));
    while (line < today.v + today.len && line->section != HF_TODAY_NEXT)
        line++;
    assert_true(line < today.v + today.len);
    assert_true(hf_has_prefix(line->text, "run " RUN));
    assert_string_equal(line->next, "hotfleet run " RUN);
    hf_today_release(&today);
}

static void
a_run_that_was_halted_needs_somebody(void **state)
{
    struct hf_today today = today_when(HF_ROLLOUT_HALTED);
    const struct hf_today_line *line = today.v;

    (void)state;
    while (line < today.v + today.len &&
           (line->section != HF_TODAY_NEEDS ||
            !hf_has_prefix(line->text, "run " RUN " halted: ring canary")))
        line++;
    assert_true(line < today.v + today.len);
    assert_true(line->urgent);
    assert_string_equal(line->next, "hotfleet resume " RUN);
    hf_today_release(&today);
}

static void
goal_and_restarts_stand_beside_what_is_in_effect(void **state)
{
    static struct hf_state states[HOSTS];
    const struct hf_saved saved = {
        .hotpatches = 9, .taken_back = 2, .restarts = 1};
    struct hf_fleet with = fleet;
    struct hf_today today;

    (void)state;
    fill_states(states);
    with.goal = (struct hf_goal_rule){.percent = 95, .days = 12};
    hf_today_make(&today, &(struct hf_today_in){.fleet = &with,
                                                .states = states,
                                                .states_len = HOSTS,
                                                .saved = &saved,
                                                .now = NOW});
    assert_non_null(
        find(&today, "goal: 95 % of covered hosts, 12 days after a release"));
    assert_non_null(find(&today, "this month 7 restarts avoided, 1 caused"));
    hf_today_release(&today);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_run_that_goes_on_is_part_of_the_next_hours),
        cmocka_unit_test(a_run_that_was_halted_needs_somebody),
        cmocka_unit_test(goal_and_restarts_stand_beside_what_is_in_effect),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
