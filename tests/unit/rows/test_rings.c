/* Rollouts as lines: where each ring stands, and whom its numbers mean. */
#include "tests/unit/rows/small_plan.h"

#include "backend/base/text.h"
#include "tui/rows/rings.h"

/* ---- what has happened ---- */

static struct hf_rings_run
make_run(const char *id)
{
    struct hf_rings_run run = {.around = {.carried_out = 1}};
    struct hf_plan *plan;

    hf_say(run.id, sizeof(run.id), "%s", id);
    plan = make_plan();
    hf_rings_run_own(&run, plan, hf_rollout_new(plan));
    return run;
}

static struct hf_rollout_event
event(enum hf_rollout_kind kind)
{
    return (struct hf_rollout_event){.kind = kind,
                                     .at = NOW - HOUR,
                                     .ring = 0,
                                     .batch = 0,
                                     .gate = -1,
                                     .hook = -1,
                                     .host = -1};
}

static void
happens(struct hf_rings_run *run, enum hf_rollout_kind kind)
{
    struct hf_rollout_event e = event(kind);

    e.until = NOW + 2 * HOUR + 5 * MINUTE;
    hf_say(e.why, sizeof(e.why), "the reason");
    hf_say(e.who, sizeof(e.who), "Ann");
    hf_rollout_apply(run->own_rollout, &e);
}

static void
begin(struct hf_rings_run *run)
{
    happens(run, HF_ROLLOUT_RUN_BEGAN);
    happens(run, HF_ROLLOUT_RING_BEGAN);
    happens(run, HF_ROLLOUT_BATCH_BEGAN);
}

static void
start(struct hf_rings_run *run, int host)
{
    struct hf_rollout_event e = event(HF_ROLLOUT_HOST_STARTED);

    e.host = host;
    hf_rollout_apply(run->own_rollout, &e);
}

static void
end(struct hf_rings_run *run, int host, enum hf_outcome outcome)
{
    struct hf_rollout_event e = event(HF_ROLLOUT_HOST_ENDED);

    start(run, host);
    e.host = host;
    e.outcome = (int)outcome;
    hf_rollout_apply(run->own_rollout, &e);
}

static void
sample(struct hf_rings_run *run, enum hf_sample said)
{
    struct hf_rollout_event e = event(HF_ROLLOUT_SAMPLE_TAKEN);

    e.gate = 0;
    hf_rollout_apply(run->own_rollout, &e);
    e.kind = HF_ROLLOUT_SAMPLE_ENDED;
    e.sample = (int)said;
    hf_rollout_apply(run->own_rollout, &e);
}

static void
gate_passes(struct hf_rings_run *run)
{
    struct hf_rollout_event e = event(HF_ROLLOUT_GATE_PASSED);

    e.gate = 0;
    hf_rollout_apply(run->own_rollout, &e);
}

static void
end_hosts(struct hf_rings_run *run)
{
    end(run, 0, HF_OUTCOME_VERIFIED);
    end(run, 1, HF_OUTCOME_FAILED);
    end(run, 2, HF_OUTCOME_SKIPPED);
    end(run, 3, HF_OUTCOME_VERIFIED);
}

static void
soak(struct hf_rings_run *run)
{
    begin(run);
    end_hosts(run);
    happens(run, HF_ROLLOUT_BATCH_ENDED);
    sample(run, HF_SAMPLE_PASS);
    sample(run, HF_SAMPLE_FAIL);
    gate_passes(run);
    happens(run, HF_ROLLOUT_BATCH_BEGAN);
    happens(run, HF_ROLLOUT_BATCH_ENDED);
    sample(run, HF_SAMPLE_PASS);
    gate_passes(run);
    happens(run, HF_ROLLOUT_SOAK_BEGAN);
}

/* ---- what is shown ---- */

static void
show(struct hf_buf *out, struct hf_rings_run *runs, size_t n,
     const struct hf_look *look)
{
    struct hf_rings rows = {0};

    for (size_t i = 0; i < n; i++) {
        runs[i].asked = 0;
        hf_rings_run_ask(&runs[i], look->now);
    }
    hf_rings_make(&rows, runs, n, hf_rings_first(runs, n), look);
    hf_buf_puts(out, "----\n");
    add_doc(out, &rows.doc);
    hf_rings_release(&rows);
}

static void
a_ring_shows_outcomes_soak_gates_and_budget(void **state)
{
    struct hf_rings_run run = make_run("20261123T011320Z-aaaaaa");
    struct hf_buf out = {0};

    (void)state;
    begin(&run);
    end(&run, 0, HF_OUTCOME_VERIFIED);
    start(&run, 1);
    show(&out, &run, 1, &narrow);
    hf_rings_run_release(&run);
    run = make_run("20261123T011320Z-aaaaaa");
    soak(&run);
    sample(&run, HF_SAMPLE_PASS);
    show(&out, &run, 1, &narrow);
    show(&out, &run, 1, &ascii);
    show(&out, &run, 1, &wide);
    hf_rings_run_release(&run);
    compare("rings", &out);
}

static void
it_says_what_a_run_waits_for_and_what_to_do(void **state)
{
    struct hf_rings_run run = make_run("20261123T011320Z-aaaaaa");
    struct hf_rollout_event unexplained = event(HF_ROLLOUT_ABORT);
    struct hf_buf out = {0};

    (void)state;
    hf_say(unexplained.who, sizeof(unexplained.who), "Ann");
    soak(&run);
    happens(&run, HF_ROLLOUT_RING_ENDED);
    show(&out, &run, 1, &narrow);
    happens(&run, HF_ROLLOUT_PAUSED);
    run.around = (struct hf_rollout_around){.unheard = 1};
    show(&out, &run, 1, &narrow);
    happens(&run, HF_ROLLOUT_RESUMED);
    happens(&run, HF_ROLLOUT_HALTED);
    show(&out, &run, 1, &narrow);
    hf_rollout_apply(run.own_rollout, &unexplained);
    show(&out, &run, 1, &narrow);
    happens(&run, HF_ROLLOUT_ABORT);
    happens(&run, HF_ROLLOUT_ENDED);
    show(&out, &run, 1, &narrow);
    hf_rings_run_release(&run);
    compare("rings_stopped", &out);
}

static void
the_newest_that_goes_on_comes_first(void **state)
{
    struct hf_rings_run runs[] = {make_run("20261123T011320Z-aaaaaa"),
                                  {.id = "20261122T000000Z-bbbbbb",
                                   .why = "its log, line 7: no such host"},
                                  make_run("20261121T000000Z-cccccc")};
    struct hf_buf out = {0};

    (void)state;
    begin(&runs[0]);
    end_hosts(&runs[0]);
    happens(&runs[0], HF_ROLLOUT_ENDED);
    begin(&runs[2]);
    assert_int_equal(hf_rings_first(runs, 3), 2);
    show(&out, runs, 3, &narrow);
    happens(&runs[2], HF_ROLLOUT_ENDED);
    assert_int_equal(hf_rings_first(runs, 3), 0);
    hf_rings_run_release(&runs[0]);
    hf_rings_run_release(&runs[2]);
    compare("rings_others", &out);
}

/* ---- whom numbers mean ---- */

static void
expect_hosts(const struct hf_rings_run *run, struct hf_rings_link link,
             const char *wanted)
{
    struct hf_strs got = {0};
    struct hf_buf all = {0};

    hf_rings_hosts(&got, run, &link);
    for (size_t i = 0; i < got.len; i++)
        hf_buf_printf(&all, "%s%s", i ? " " : "", got.v[i]);
    assert_string_equal(hf_buf_str(&all), wanted);
    hf_buf_release(&all);
    hf_strs_release(&got);
}

static void
a_number_leads_to_exactly_its_hosts(void **state)
{
    struct hf_rings_run run = make_run("20261123T011320Z-aaaaaa");

    (void)state;
    begin(&run);
    end(&run, 0, HF_OUTCOME_VERIFIED);
    end(&run, 1, HF_OUTCOME_FAILED);
    start(&run, 2);
    expect_hosts(&run, (struct hf_rings_link){0, 0, HF_OUTCOME_VERIFIED, 0},
                 "app-1");
    expect_hosts(&run, (struct hf_rings_link){0, 0, HF_OUTCOME_FAILED, 0},
                 "app-2");
    expect_hosts(&run, (struct hf_rings_link){0, 0, HF_RINGS_IN_FLIGHT, 0},
                 "db-1");
    expect_hosts(&run, (struct hf_rings_link){0, 0, HF_RINGS_WAITING, 0},
                 "db-2");
    expect_hosts(&run, (struct hf_rings_link){0, 0, HF_RINGS_ASLEEP, 0}, "");
    expect_hosts(&run, (struct hf_rings_link){0, 1, HF_RINGS_ALL, 0},
                 "web-1 web-2 web-3");
    expect_hosts(&run, (struct hf_rings_link){0, -1, HF_RINGS_ALL, 0},
                 "app-1 app-2 db-1 db-2 web-1 web-2 web-3");
    hf_rings_run_release(&run);
}

static void
a_row_is_found_again_by_what_it_stands_for(void **state)
{
    struct hf_rings_run run = make_run("20261123T011320Z-aaaaaa");
    struct hf_rings rows = {0};
    struct hf_rings_link gone = {0, 0, HF_OUTCOME_UNREACHABLE, 0};

    (void)state;
    soak(&run);
    hf_rings_make(&rows, &run, 1, 0, &narrow);
    for (size_t i = 0; i < rows.doc.len; i++) {
        const struct hf_rings_link *link = hf_rings_at(&rows, i);

        if (link)
            assert_int_equal(hf_rings_find(&rows, link), i);
    }
    assert_int_equal(hf_rings_find(&rows, &gone), 0);
    gone.run = 7;
    assert_true(hf_rings_find(&rows, &gone) == SIZE_MAX);
    hf_rings_release(&rows);
    hf_rings_run_release(&run);
}

static void
expect_wait(struct hf_rings_run *run, int64_t now, const char *wanted)
{
    struct hf_rollout_view v;

    hf_rings_run_ask(run, now);
    hf_rollout_view(run->rollout, &v);
    assert_string_equal(v.waits_for, wanted);
}

static void
what_it_waits_for_is_found_out_when_that_is_due(void **state)
{
    struct hf_rings_run run = make_run("20261123T011320Z-aaaaaa");

    (void)state;
    begin(&run);
    expect_wait(&run, NOW, ""); /* a host may start: it waits for nothing */
    expect_wait(&run, NOW, "");
    run.asked = 0;
    end_hosts(&run);
    happens(&run, HF_ROLLOUT_BATCH_ENDED);
    sample(&run, HF_SAMPLE_PASS);
    sample(&run, HF_SAMPLE_PASS);
    happens(&run, HF_ROLLOUT_SOAK_BEGAN);
    expect_wait(&run, NOW - HOUR, "soak of ring 'canary'");
    assert_true(run.due > NOW - HOUR);
    expect_wait(&run, run.due - 1, "soak of ring 'canary'");
    expect_wait(&run, NOW + DAY, "sign-off 'owner' by the app's owner");
    expect_hosts(&run, (struct hf_rings_link){0, -1, HF_RINGS_IN_FLIGHT, 0},
                 "");
    hf_rings_run_release(&run);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_ring_shows_outcomes_soak_gates_and_budget),
        cmocka_unit_test(it_says_what_a_run_waits_for_and_what_to_do),
        cmocka_unit_test(the_newest_that_goes_on_comes_first),
        cmocka_unit_test(a_number_leads_to_exactly_its_hosts),
        cmocka_unit_test(a_row_is_found_again_by_what_it_stands_for),
        cmocka_unit_test(what_it_waits_for_is_found_out_when_that_is_due),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
