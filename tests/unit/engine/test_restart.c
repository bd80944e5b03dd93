/* Hosts that are restarted: gone, back, once and no more, with what they were
 * to keep. */
#include <string.h>

#include "backend/base/json.h"
#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "backend/base/time.h"
#include "tests/unit/engine/wire.h"

#define REQUESTS 16 /* more than an undisturbed restart makes */

static const char *
why(const struct wire *w)
{
    return hf_json_str(wire_event(w, HF_EVENT_HOST_OUTCOME)->data, "why");
}

static void
expect(struct wire *w, enum hf_outcome outcome, const char *word)
{
    enum hf_outcome got = wire_act(w, HF_ACTION_REBOOT);

    if (got != outcome || !strstr(why(w), word))
        fail_msg("%s: %s", hf_outcome_names[got], why(w));
}

static void
a_restart_is_waited_for_and_proven(void **state)
{
    const cJSON *doc, *boot;
    struct wire w;

    (void)state;
    wire_start(&w, 1, HF_SIM_WELL);
    assert_int_equal(wire_act(&w, HF_ACTION_APPLY), HF_OUTCOME_VERIFIED);
    expect(&w, HF_OUTCOME_VERIFIED, "6.1");
    assert_int_equal(w.hosts[0].node.boots, 1);
    assert_false(wire_is_patched(&w.hosts[0]));
    doc = wire_event(&w, HF_EVENT_HOST_OUTCOME)->data;
    boot = hf_json_get(doc, "boot_id");
    assert_string_not_equal(hf_json_str(boot, "before"),
                            hf_json_str(boot, "after"));
    assert_string_equal(hf_json_str(hf_json_get(doc, "price"), "restart"),
                        "yes");
    assert_non_null(strstr(hf_json_str(hf_json_get(doc, "price"), "note"),
                           "gone until applied again: hotfleet_fix_2"));
    assert_string_equal(hf_json_str(hf_json_get(doc, "params"), "BOOT_ID"),
                        hf_json_str(boot, "after"));
    assert_null(w.hosts[0].node.job);
    wire_stop(&w);
}

static void
the_kernel_that_waited_for_it_is_expected(void **state)
{
    struct wire w;

    (void)state;
    wire_start(&w, 1, HF_SIM_RESTART_DUE);
    expect(&w, HF_OUTCOME_VERIFIED, "6.1.0-57");
    wire_stop(&w);
}

static void
call_off(struct wire *w, enum hf_driver_script script)
{
    (void)script;
    w->hosts[0].node.restart_at = 0;
}

static void
a_host_that_stays_up_did_not_restart(void **state)
{
    struct wire w;

    (void)state;
    wire_start(&w, 1, HF_SIM_WELL);
    w.hosts[0].node.job_ms = 1000; /* there is a request in between */
    w.on_request = call_off;
    expect(&w, HF_OUTCOME_FAILED, "it did not restart");
    assert_int_equal(w.hosts[0].node.boots, 0);
    wire_stop(&w);
}

static void
stay_down(struct wire *w, enum hf_driver_script script)
{
    struct hf_sim_node *n = &w->hosts[0].node;

    (void)script;
    if (n->boots)
        n->down_until = INT64_MAX;
}

static void
a_host_that_never_comes_back_is_no_success(void **state)
{
    struct wire w;

    (void)state;
    wire_start(&w, 1, HF_SIM_WELL);
    w.on_request = stay_down;
    expect(&w, HF_OUTCOME_UNVERIFIED, "did not come back");
    wire_stop(&w);
}

/* Seen once with its new boot id, and then with another. */
static void
restart_again(struct wire *w, enum hf_driver_script script)
{
    struct hf_sim_node *n = &w->hosts[0].node;
    static int seen;

    (void)hf_sim_node_door(n, hf_mono()); /* restarts, when that is due */
    n->down_until = 0;
    if (n->boots != 1)
        seen = 0;
    else if (script == HF_SCRIPT_PROBE && seen++)
        hf_sim_node_reboot(n, hf_mono());
}

static void
a_second_restart_is_told(void **state)
{
    struct wire w;

    (void)state;
    wire_start(&w, 1, HF_SIM_WELL);
    w.on_request = restart_again;
    expect(&w, HF_OUTCOME_FAILED, "more than once");
    assert_int_equal(w.hosts[0].node.boots, 2);
    wire_stop(&w);
}

/* A host whose restart is due says that it waits for one, until somebody has
 * looked twice. */
static void
wait_on(struct wire *w, enum hf_driver_script script)
{
    struct hf_sim_node *n = &w->hosts[0].node;
    static int looks;

    if (n->boots == 0)
        looks = 0;
    else if (script == HF_SCRIPT_PROBE)
        n->fault = ++looks < 4 ? HF_SIM_RESTART_DUE : HF_SIM_WELL;
}

static void
what_passes_by_itself_is_waited_for(void **state)
{
    struct wire w;

    (void)state;
    wire_start(&w, 1, HF_SIM_WELL);
    w.on_request = wait_on;
    expect(&w, HF_OUTCOME_VERIFIED, "6.1");
    assert_true(w.hosts[0].asked[HF_SCRIPT_PROBE] >= 5);
    wire_stop(&w);
}

/* Live patches for the kernel end while it restarts. */
static void
end_support(struct wire *w, enum hf_driver_script script)
{
    (void)script;
    for (size_t i = 0; i < HF_COUNT(w->releases); i++)
        w->releases[i].covered_until = w->hosts[0].node.boots ? 1 : 0;
}

static void
cover_that_was_promised_must_be_there_again(void **state)
{
    const cJSON *criteria, *one;
    int covered = 0;
    struct wire w;

    (void)state;
    wire_start(&w, 1, HF_SIM_WELL);
    w.on_request = end_support;
    expect(&w, HF_OUTCOME_FAILED, "covered: restart-due");
    criteria =
        hf_json_get(wire_event(&w, HF_EVENT_HOST_OUTCOME)->data, "criteria");
    cJSON_ArrayForEach(one, criteria)
    {
        covered += strcmp(hf_json_str(one, "name"), "covered") == 0;
    }
    assert_int_equal(covered, 1);
    wire_stop(&w);
}

static void
a_host_that_is_lost_is_not_restarted_twice(void **state)
{
    static const enum wire_how cuts[] = {WIRE_LOST_BEFORE, WIRE_LOST_AFTER,
                                         WIRE_TIMEOUT, WIRE_HALF};

    (void)state;
    for (unsigned at = 3; at <= REQUESTS; at++) {
        for (size_t i = 0; i < HF_COUNT(cuts); i++) {
            struct wire w;
            enum hf_outcome got;

            wire_start(&w, 1, HF_SIM_WELL);
            w.hosts[0].fault = (struct wire_fault){at, 1, cuts[i]};
            got = wire_act(&w, HF_ACTION_REBOOT);
            if (got != HF_OUTCOME_VERIFIED || w.hosts[0].node.boots != 1)
                fail_msg("%s at %u: %s, %u restarts: %s",
                         wire_how_names[cuts[i]], at, hf_outcome_names[got],
                         w.hosts[0].node.boots, why(&w));
            wire_stop(&w);
        }
    }
}

/* Whoever goes on finds out what became of it, and orders nothing anew. */
static void
recover(struct wire *w, unsigned at)
{
    const struct hf_event *e = wire_event(w, HF_EVENT_HOST_INTENT);
    cJSON *intent = cJSON_Duplicate(e->data, 1);
    struct hf_run_options o;
    struct hf_run *r;

    wire_options(w, &o, HF_ACTION_REBOOT);
    r = wire_run(w, &o);
    hf_run_reattach(r, 0, intent);
    wire_finish(w, r);
    if (hf_run_host(r, 0)->outcome == HF_OUTCOME_VERIFIED)
        assert_int_equal(w->hosts[0].node.boots, 1);
    else if (w->hosts[0].node.boots)
        fail_msg("killed at %u: %s", at, hf_run_host(r, 0)->why);
    assert_true(w->hosts[0].jobs_begun <= 1);
    cJSON_Delete(intent);
    hf_run_free(r);
}

static void
a_killed_console_is_settled_by_the_next(void **state)
{
    (void)state;
    for (unsigned at = 3; at <= REQUESTS; at++) {
        struct wire w;
        int killed;

        wire_start(&w, 1, HF_SIM_WELL);
        killed = wire_kill(&w, WIRE_RUN, HF_ACTION_REBOOT, at);
        if (killed && wire_event(&w, HF_EVENT_HOST_INTENT))
            recover(&w, at);
        wire_stop(&w);
    }
}

/* ---- calling it off ---- */

#define LONG_MS 60000 /* between order and restart */

static void
delay(struct wire *w, enum hf_driver_script script)
{
    (void)script;
    w->hosts[0].node.job_ms = LONG_MS;
    if (w->hosts[0].node.job) /* which works as fast as ever */
        w->hosts[0].node.job->due = hf_mono();
}

/* A run whose host waits for the restart that was ordered. */
static struct hf_run *
waiting(struct wire *w)
{
    struct hf_run_options o;
    struct hf_run *r;

    wire_options(w, &o, HF_ACTION_REBOOT);
    r = wire_run(w, &o);
    w->on_request = delay;
    while (hf_run_host(r, 0)->phase != HF_PHASE_RESTARTING)
        assert_true(wire_pump(w, r));
    return r;
}

/* By another run, as another process has it: nothing is shared but the host. */
static void
call_it_off(struct wire *w, enum hf_outcome outcome, const char *word)
{
    struct hf_run_options o;
    struct hf_run *r;

    wire_options(w, &o, HF_ACTION_CALL_OFF);
    o.run = WIRE_OTHER;
    o.operator_ = "ben";
    o.journal = NULL;
    r = wire_run(w, &o);
    wire_finish(w, r);
    if (hf_run_host(r, 0)->outcome != outcome ||
        !strstr(hf_run_host(r, 0)->why, word))
        fail_msg("%s: %s", hf_outcome_names[hf_run_host(r, 0)->outcome],
                 hf_run_host(r, 0)->why);
    assert_int_equal(hf_run_exit(r), outcome == HF_OUTCOME_FAILED ? 2 : 0);
    hf_run_free(r);
}

static void
assert_called_off(struct wire *w, struct hf_run *r, const char *by)
{
    wire_finish(w, r);
    if (hf_run_host(r, 0)->outcome != HF_OUTCOME_CALLED_OFF ||
        !strstr(hf_run_host(r, 0)->why, by))
        fail_msg("%s: %s", hf_outcome_names[hf_run_host(r, 0)->outcome],
                 hf_run_host(r, 0)->why);
    assert_int_equal(hf_run_exit(r), 3);
    assert_int_equal(hf_run_host(r, 0)->status.reboot, HF_REBOOT_NONE);
    assert_int_equal(w->hosts[0].node.boots, 0);
    assert_null(w->hosts[0].node.job);
    hf_run_free(r);
}

static void
a_restart_is_called_off_by_who_runs_it(void **state)
{
    struct hf_run *r;
    struct wire w;

    (void)state;
    wire_start(&w, 1, HF_SIM_WELL);
    r = waiting(&w);
    assert_true(hf_run_call_off(r, 0));
    assert_called_off(&w, r, "called off by ");
    wire_stop(&w);
}

static void
or_by_somebody_else(void **state)
{
    struct hf_run *r;
    struct wire w;

    (void)state;
    wire_start(&w, 1, HF_SIM_WELL);
    r = waiting(&w);
    hf_run_abandon(r); /* its process is gone, the restart is ordered */
    hf_run_free(r);
    call_it_off(&w, HF_OUTCOME_VERIFIED, "restart of run " WIRE_RUN);
    call_it_off(&w, HF_OUTCOME_ALREADY, "no restart");
    assert_int_equal(w.hosts[0].node.boots, 0);
    wire_stop(&w);
}

/* Who goes on for a process that was killed finds it called off. */
static void
who_recovers_the_run_is_told_so(void **state)
{
    struct hf_run_options o;
    struct hf_run *r;
    struct wire w;
    cJSON *intent;

    (void)state;
    wire_start(&w, 1, HF_SIM_WELL);
    r = waiting(&w);
    intent = cJSON_Duplicate(wire_event(&w, HF_EVENT_HOST_INTENT)->data, 1);
    hf_run_abandon(r);
    hf_run_free(r);
    call_it_off(&w, HF_OUTCOME_VERIFIED, "called off");
    wire_options(&w, &o, HF_ACTION_REBOOT);
    r = wire_run(&w, &o);
    hf_run_reattach(r, 0, intent);
    cJSON_Delete(intent);
    assert_called_off(&w, r, "called off by ben");
    wire_stop(&w);
}

/* The job that will order it is at work, and holds the folder. */
static void
hold_the_folder(struct wire *w, enum hf_driver_script script)
{
    struct hf_sim_node *n = &w->hosts[0].node;
    static int done;

    if (script == HF_SCRIPT_BEGIN)
        done = 0;
    if (script != HF_SCRIPT_POLL || done++)
        return;
    assert_non_null(n->job);
    (void)snprintf(n->off_run, sizeof(n->off_run), "%s", n->job->run);
    n->off_by = hf_xstrdup("ben");
}

static void
a_job_that_has_not_ordered_it_yet_does_not(void **state)
{
    struct hf_run_options o;
    struct wire w;

    (void)state;
    wire_start(&w, 1, HF_SIM_WELL);
    w.on_request = hold_the_folder;
    wire_options(&w, &o, HF_ACTION_REBOOT);
    assert_called_off(&w, wire_run(&w, &o), "called off by ben");
    wire_stop(&w);
}

static void
too_late_is_a_failure(void **state)
{
    struct wire w;

    (void)state;
    wire_start(&w, 1, HF_SIM_WELL);
    call_it_off(&w, HF_OUTCOME_ALREADY, "no restart of hotfleet");
    assert_int_equal(wire_act(&w, HF_ACTION_REBOOT), HF_OUTCOME_VERIFIED);
    call_it_off(&w, HF_OUTCOME_FAILED, "too late");
    wire_stop(&w);
}

/* Holds, blocking checks and windows bind what restarts a host. */
static void
nothing_stands_before_it(void **state)
{
    struct hf_run *r;
    struct wire w;

    (void)state;
    wire_start(&w, 1, HF_SIM_WELL);
    r = waiting(&w);
    hf_run_abandon(r);
    hf_run_free(r);
    w.specs[0].hold = "year end";
    call_it_off(&w, HF_OUTCOME_VERIFIED, "called off");
    w.specs[0].hold = NULL;
    wire_stop(&w);
}

/* A connection that breaks is no reason to let a host restart. */
static void
it_is_asked_again_when_the_line_breaks(void **state)
{
    static const enum wire_how cuts[] = {WIRE_LOST_BEFORE, WIRE_LOST_AFTER,
                                         WIRE_TIMEOUT, WIRE_HALF};

    (void)state;
    for (size_t i = 0; i < HF_COUNT(cuts); i++) {
        struct hf_run *r;
        struct wire w;

        wire_start(&w, 1, HF_SIM_WELL);
        r = waiting(&w);
        w.hosts[0].fault =
            (struct wire_fault){w.hosts[0].requests + 1, 2, cuts[i]};
        assert_true(hf_run_call_off(r, 0));
        assert_called_off(&w, r, "called off by ");
        wire_stop(&w);
    }
}

static void
who_is_not_let_in_is_told_where_it_can_be_done(void **state)
{
    struct wire w;

    (void)state;
    wire_start(&w, 1, HF_SIM_WELL);
    w.hosts[0].fault = (struct wire_fault){1, 1, WIRE_DENIED};
    assert_int_equal(wire_act(&w, HF_ACTION_CALL_OFF), HF_OUTCOME_REFUSED);
    assert_non_null(
        strstr(hf_json_str(wire_event(&w, HF_EVENT_HOST_OUTCOME)->data, "hint"),
               "only root"));
    wire_stop(&w);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_restart_is_waited_for_and_proven),
        cmocka_unit_test(the_kernel_that_waited_for_it_is_expected),
        cmocka_unit_test(a_host_that_stays_up_did_not_restart),
        cmocka_unit_test(a_host_that_never_comes_back_is_no_success),
        cmocka_unit_test(a_second_restart_is_told),
        cmocka_unit_test(what_passes_by_itself_is_waited_for),
        cmocka_unit_test(cover_that_was_promised_must_be_there_again),
        cmocka_unit_test(a_host_that_is_lost_is_not_restarted_twice),
        cmocka_unit_test(a_killed_console_is_settled_by_the_next),
        cmocka_unit_test(a_restart_is_called_off_by_who_runs_it),
        cmocka_unit_test(or_by_somebody_else),
        cmocka_unit_test(who_recovers_the_run_is_told_so),
        cmocka_unit_test(a_job_that_has_not_ordered_it_yet_does_not),
        cmocka_unit_test(too_late_is_a_failure),
        cmocka_unit_test(nothing_stands_before_it),
        cmocka_unit_test(it_is_asked_again_when_the_line_breaks),
        cmocka_unit_test(who_is_not_let_in_is_told_where_it_can_be_done),
    };

    return cmocka_run_group_tests_name("restart", tests, NULL, NULL);
}
