/* How runs are held, stopped, let go of, and what a broken journal does. */
#include <signal.h>
#include <string.h>
#include <sys/resource.h>

#include "backend/base/json.h"
#include "backend/base/text.h"
#include "tests/support/scratch.h"
#include "tests/unit/engine/wire.h"

/* A run over `n` hosts, so many of them at once. */
static struct hf_run *
begin(struct wire *w, enum hf_action action, size_t n, int parallel)
{
    struct hf_run_options o;

    wire_start(w, n, HF_SIM_WELL);
    wire_options(w, &o, action);
    o.parallel = parallel;
    return wire_run(w, &o);
}

static void
end(struct wire *w, struct hf_run *r)
{
    hf_run_free(r);
    wire_stop(w);
}

static void
the_first_failure_stops_new_starts(void **state)
{
    struct hf_run *r;
    struct wire w;

    (void)state;
    r = begin(&w, HF_ACTION_APPLY, 3, 1);
    w.hosts[0].node.fault = HF_SIM_LIE;
    wire_finish(&w, r);
    assert_int_equal(hf_run_host(r, 0)->outcome, HF_OUTCOME_FAILED);
    assert_int_equal(hf_run_host(r, 1)->outcome, HF_OUTCOME_CANCELLED);
    assert_string_equal(hf_run_host(r, 1)->why, "not started: h1 is failed");
    assert_int_equal(w.hosts[1].requests, 0);
    assert_int_equal(hf_run_exit(r), 3);
    end(&w, r);
}

static void
go_on_means_go_on(void **state)
{
    struct hf_run_options o;
    struct hf_run *r;
    struct wire w;

    (void)state;
    wire_start(&w, 3, HF_SIM_WELL);
    w.hosts[0].node.fault = HF_SIM_LIE;
    wire_options(&w, &o, HF_ACTION_APPLY);
    o.parallel = 1;
    o.go_on = 1;
    r = wire_run(&w, &o);
    wire_finish(&w, r);
    assert_int_equal(hf_run_host(r, 2)->outcome, HF_OUTCOME_VERIFIED);
    assert_int_equal(hf_run_exit(r), 2);
    end(&w, r);
}

static void
stopping_finishes_what_is_under_way(void **state)
{
    size_t by[HF_OUTCOME_COUNT], waiting, in_flight;
    struct hf_run *r;
    const char *why;
    struct wire w;

    (void)state;
    r = begin(&w, HF_ACTION_APPLY, 3, 1);
    assert_true(wire_until(&w, r, HF_EVENT_HOST_INTENT));
    hf_run_stop(r, "interrupted");
    assert_true(hf_run_is_held(r, &why));
    assert_string_equal(why, "interrupted");
    wire_finish(&w, r);
    hf_run_counts(r, by, &waiting, &in_flight);
    assert_int_equal(by[HF_OUTCOME_VERIFIED], 1);
    assert_int_equal(by[HF_OUTCOME_CANCELLED], 2);
    assert_int_equal(waiting + in_flight, 0);
    assert_int_equal(hf_run_exit(r), 130);
    end(&w, r);
}

static void
an_interrupted_check_does_not_look_like_success(void **state)
{
    struct hf_run *r;
    struct wire w;

    (void)state;
    r = begin(&w, HF_ACTION_CHECK, 3, 1);
    assert_true(wire_until(&w, r, HF_EVENT_HOST_STARTED));
    hf_run_stop(r, "interrupted");
    wire_finish(&w, r);
    assert_int_equal(hf_run_exit(r), 130);
    end(&w, r);
}

static void
a_hold_waits_for_a_person(void **state)
{
    struct hf_run *r;
    struct wire w;

    (void)state;
    r = begin(&w, HF_ACTION_APPLY, 2, 1);
    assert_true(wire_until(&w, r, HF_EVENT_HOST_INTENT));
    hf_run_hold(r, "lunch");
    assert_true(wire_until(&w, r, HF_EVENT_HOST_OUTCOME));
    for (int i = 0; i < 3; i++)
        assert_int_equal(hf_run_pump(r), -1);
    assert_int_equal(w.hosts[1].requests, 0);
    hf_run_resume(r);
    wire_finish(&w, r);
    assert_int_equal(hf_run_host(r, 1)->outcome, HF_OUTCOME_VERIFIED);
    assert_int_equal(hf_run_exit(r), 0);
    end(&w, r);
}

static void
what_was_stopped_is_not_resumed(void **state)
{
    struct hf_run *r;
    const char *why;
    struct wire w;

    (void)state;
    r = begin(&w, HF_ACTION_APPLY, 2, 1);
    assert_true(wire_until(&w, r, HF_EVENT_HOST_INTENT));
    hf_run_hold(r, "lunch");
    hf_run_stop(r, "interrupted");
    (void)hf_run_is_held(r, &why);
    assert_string_equal(why, "interrupted");
    hf_run_resume(r);
    wire_finish(&w, r);
    assert_int_equal(hf_run_host(r, 1)->outcome, HF_OUTCOME_CANCELLED);
    end(&w, r);
}

static void
letting_go_leaves_the_intent_open_however_often_it_is_asked_for(void **state)
{
    size_t by[HF_OUTCOME_COUNT], waiting, in_flight;
    struct hf_run *r;
    struct wire w;

    (void)state;
    r = begin(&w, HF_ACTION_APPLY, 3, 2);
    while (w.hosts[0].asked[HF_SCRIPT_BEGIN] == 0)
        assert_true(wire_until(&w, r, HF_EVENT_HOST_STEP));
    hf_run_abandon(r);
    hf_run_abandon(r);
    wire_finish(&w, r);
    hf_run_counts(r, by, &waiting, &in_flight);
    assert_true(in_flight >= 1);
    assert_int_equal(waiting, 0);
    assert_int_equal(wire_count(&w, HF_EVENT_HOST_OUTCOME), 3 - in_flight);
    assert_int_equal(in_flight + by[HF_OUTCOME_CANCELLED], 3);
    assert_int_equal(hf_run_exit(r), 130);
    end(&w, r);
}

/* ---- the journal ---- */

/* As if the disk were full: no file grows beyond where it is. */
static void
fill_disk(rlim_t size)
{
    struct rlimit limit = {.rlim_cur = size, .rlim_max = RLIM_INFINITY};

    (void)signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static void
a_journal_that_cannot_be_written_means_that_nothing_is_changed(void **state)
{
    struct hf_run *r;
    struct wire w;

    (void)state;
    r = begin(&w, HF_ACTION_APPLY, 3, 2);
    fill_disk(10);
    wire_finish(&w, r);
    fill_disk(RLIM_INFINITY);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(hf_run_host(r, i)->outcome, HF_OUTCOME_CANCELLED);
        assert_int_equal(w.hosts[i].asked[HF_SCRIPT_BEGIN], 0);
        assert_non_null(strstr(hf_run_host(r, i)->why, "journal"));
    }
    assert_int_equal(hf_run_exit(r), 3);
    end(&w, r);
}

static void
a_journal_lost_on_the_way_lets_hosts_under_way_finish(void **state)
{
    struct hf_run *r;
    struct wire w;

    (void)state;
    r = begin(&w, HF_ACTION_APPLY, 2, 1);
    while (w.hosts[0].asked[HF_SCRIPT_BEGIN] == 0)
        assert_true(wire_until(&w, r, HF_EVENT_HOST_STEP));
    fill_disk(10);
    wire_finish(&w, r);
    fill_disk(RLIM_INFINITY);
    assert_int_equal(hf_run_host(r, 0)->outcome, HF_OUTCOME_VERIFIED);
    assert_int_equal(hf_run_host(r, 1)->outcome, HF_OUTCOME_CANCELLED);
    assert_null(w.hosts[0].node.job);
    assert_int_equal(w.hosts[1].asked[HF_SCRIPT_BEGIN], 0);
    end(&w, r);
}

static void
without_a_journal_nothing_is_changed(void **state)
{
    struct hf_run_options o;
    struct hf_run *r;
    struct wire w;

    (void)state;
    wire_start(&w, 1, HF_SIM_WELL);
    wire_options(&w, &o, HF_ACTION_APPLY);
    o.journal = NULL;
    r = wire_run(&w, &o);
    wire_finish(&w, r);
    assert_int_equal(hf_run_host(r, 0)->outcome, HF_OUTCOME_CANCELLED);
    assert_int_equal(w.hosts[0].asked[HF_SCRIPT_BEGIN], 0);
    end(&w, r);
}

/* ---- odds and ends ---- */

/* ---- what was planned ---- */

static const char *back_to_level;

static const char *
back_to(void *ctx, const struct hf_host *host)
{
    (void)ctx;
    (void)host;
    return back_to_level;
}

static enum hf_outcome
roll_back_to(struct wire *w, const char *level)
{
    struct hf_run_options o;
    enum hf_outcome outcome;
    struct hf_run *r;

    wire_options(w, &o, HF_ACTION_ROLLBACK);
    o.back_to = back_to;
    back_to_level = level;
    r = wire_run(w, &o);
    wire_finish(w, r);
    outcome = hf_run_host(r, 0)->outcome;
    hf_run_free(r);
    return outcome;
}

static void
a_rollback_takes_back_only_what_was_planned(void **state)
{
    struct wire w;

    (void)state;
    wire_start(&w, 1, HF_SIM_WELL);
    assert_int_equal(wire_act(&w, HF_ACTION_APPLY), HF_OUTCOME_VERIFIED);
    assert_int_equal(roll_back_to(&w, "6.1.0-1-amd64 + another"),
                     HF_OUTCOME_SKIPPED);
    assert_true(wire_is_patched(&w.hosts[0]));
    assert_int_equal(roll_back_to(&w, NULL), HF_OUTCOME_VERIFIED);
    assert_false(wire_is_patched(&w.hosts[0]));
    wire_stop(&w);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_failure_stops_new_starts),
        cmocka_unit_test(go_on_means_go_on),
        cmocka_unit_test(stopping_finishes_what_is_under_way),
        cmocka_unit_test(an_interrupted_check_does_not_look_like_success),
        cmocka_unit_test(a_hold_waits_for_a_person),
        cmocka_unit_test(what_was_stopped_is_not_resumed),
        cmocka_unit_test(
            letting_go_leaves_the_intent_open_however_often_it_is_asked_for),
        cmocka_unit_test(
            a_journal_that_cannot_be_written_means_that_nothing_is_changed),
        cmocka_unit_test(a_journal_lost_on_the_way_lets_hosts_under_way_finish),
        cmocka_unit_test(without_a_journal_nothing_is_changed),
        cmocka_unit_test(a_rollback_takes_back_only_what_was_planned),
    };

    return cmocka_run_group_tests_name("run_stops", tests, NULL, NULL);
}
