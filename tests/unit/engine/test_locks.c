/* Job folders that are not ours: held by others, left behind by jobs that are
 * over, by processes that were killed; and intents of an earlier process that
 * are settled. */
#include <string.h>

#include "backend/base/json.h"
#include "backend/base/time.h"
#include "backend/sim/answers.h"
#include "tests/unit/engine/wire.h"

#define SLOW_JOB_MS 3600000
#define MOST_REQUESTS 16
/* Requests of an apply: probe, probe with rights, begin, module, body, start,
 * polls. */
#define UP_TO_BEGIN 3
#define UP_TO_START 6

/* ---- other runs ---- */

static const char *
why_of(const struct wire *w)
{
    return hf_json_str(wire_event(w, HF_EVENT_HOST_OUTCOME)->data, "why");
}

static void
a_host_on_which_another_run_works_is_locked_and_names_it(void **state)
{
    struct hf_run_options o;
    struct hf_run *r;
    struct wire w;

    (void)state;
    wire_start(&w, 1, HF_SIM_WELL);
    w.hosts[0].node.job_ms = SLOW_JOB_MS;
    assert_true(wire_kill(&w, WIRE_OTHER, HF_ACTION_APPLY, UP_TO_START + 1));
    wire_options(&w, &o, HF_ACTION_APPLY);
    r = wire_run(&w, &o);
    wire_finish(&w, r);
    assert_int_equal(hf_run_host(r, 0)->outcome, HF_OUTCOME_LOCKED);
    assert_non_null(strstr(why_of(&w), WIRE_OTHER));
    assert_non_null(strstr(why_of(&w), "ann"));
    assert_int_equal(hf_run_exit(r), 8);
    assert_int_equal(w.hosts[0].jobs_begun, 1);
    hf_run_free(r);
    wire_stop(&w);
}

/* ---- the same run, gone on with by somebody who knows the hosts alone ---- */

static void
let_it_end(struct wire *w, enum hf_driver_script script)
{
    w->on_request = NULL;
    assert_int_equal(script, HF_SCRIPT_PROBE);
    hf_sim_job_go_on(&w->hosts[0].node, hf_mono() + SLOW_JOB_MS + 60000);
}

static void
look_twice(struct wire *w, enum hf_driver_script script)
{
    assert_int_equal(script, HF_SCRIPT_PROBE);
    w->on_request = w->hosts[0].requests % 2 ? let_it_end : look_twice;
}

static void
a_job_of_the_same_run_is_waited_for(void **state)
{
    struct wire w;

    (void)state;
    wire_start(&w, 1, HF_SIM_WELL);
    w.hosts[0].node.job_ms = SLOW_JOB_MS;
    assert_true(wire_kill(&w, WIRE_RUN, HF_ACTION_APPLY, UP_TO_START + 1));
    assert_non_null(w.hosts[0].node.job);
    w.on_request = look_twice;
    assert_int_equal(wire_act(&w, HF_ACTION_APPLY), HF_OUTCOME_ALREADY);
    assert_true(wire_is_patched(&w.hosts[0]));
    assert_int_equal(w.hosts[0].jobs_begun, 1);
    wire_stop(&w);
}

static void
a_folder_that_the_same_run_took_is_used(void **state)
{
    struct wire w;

    (void)state;
    wire_start(&w, 1, HF_SIM_WELL);
    assert_true(wire_kill(&w, WIRE_RUN, HF_ACTION_APPLY, UP_TO_BEGIN));
    assert_int_equal(wire_act(&w, HF_ACTION_APPLY), HF_OUTCOME_VERIFIED);
    assert_int_equal(w.hosts[0].jobs_begun, 1);
    wire_stop(&w);
}

static void
a_job_of_the_same_run_that_never_ends_locks_it_out(void **state)
{
    struct hf_run_options o;
    struct hf_run *r;
    struct wire w;

    (void)state;
    wire_start(&w, 1, HF_SIM_WELL);
    w.hosts[0].node.job_ms = SLOW_JOB_MS;
    assert_true(wire_kill(&w, WIRE_RUN, HF_ACTION_APPLY, UP_TO_START + 1));
    wire_options(&w, &o, HF_ACTION_APPLY);
    o.times.host = 1;
    r = wire_run(&w, &o);
    wire_finish(&w, r);
    assert_int_equal(hf_run_host(r, 0)->outcome, HF_OUTCOME_LOCKED);
    assert_int_equal(w.hosts[0].jobs_begun, 1);
    hf_run_free(r);
    wire_stop(&w);
}

/* ---- races ---- */

/* The probe saw nothing, then somebody else was faster. */
static void
lose_the_race(struct wire *w, enum hf_driver_script script)
{
    struct hf_sim_node *n = &w->hosts[0].node;

    if (script != HF_SCRIPT_BEGIN || n->job)
        return;
    n->job = HF_NEW(struct hf_sim_job);
    n->job->run = hf_xstrdup(WIRE_OTHER);
    n->job->operator_ = hf_xstrdup("bob");
    n->job->action = hf_xstrdup("apply");
    n->job->since = hf_now() / 1000;
    memcpy(n->job->boot, n->boot_id, sizeof(n->job->boot));
}

static void
who_comes_second_in_a_race_is_locked_out(void **state)
{
    struct wire w;

    (void)state;
    wire_start(&w, 1, HF_SIM_WELL);
    w.on_request = lose_the_race;
    assert_int_equal(wire_act(&w, HF_ACTION_APPLY), HF_OUTCOME_LOCKED);
    assert_non_null(strstr(why_of(&w), "bob"));
    assert_string_equal(w.hosts[0].node.job->run, WIRE_OTHER);
    wire_stop(&w);
}

/* Our begin got lost, and the folder that we find is another run's. */
static void
a_lost_begin_never_takes_anothers_job_for_ours(void **state)
{
    struct wire w;

    (void)state;
    wire_start(&w, 1, HF_SIM_WELL);
    w.on_request = lose_the_race;
    w.hosts[0].fault = (struct wire_fault){UP_TO_BEGIN, 1, WIRE_LOST_BEFORE};
    assert_int_equal(wire_act(&w, HF_ACTION_APPLY), HF_OUTCOME_LOCKED);
    assert_int_equal(w.hosts[0].jobs_begun, 0);
    assert_string_equal(w.hosts[0].node.job->run, WIRE_OTHER);
    wire_stop(&w);
}

static void
a_job_that_is_over_locks_nobody_out(void **state)
{
    struct wire w;

    (void)state;
    wire_start(&w, 1, HF_SIM_LOAD_REFUSED);
    assert_true(wire_kill(&w, WIRE_OTHER, HF_ACTION_APPLY, UP_TO_START + 1));
    hf_sim_job_go_on(&w.hosts[0].node, hf_mono() + 60000);
    w.hosts[0].node.fault = HF_SIM_WELL;
    assert_int_equal(wire_act(&w, HF_ACTION_APPLY), HF_OUTCOME_VERIFIED);
    assert_int_equal(w.hosts[0].node.done_len, 2);
    wire_stop(&w);
}

static void
a_folder_from_before_a_restart_locks_nobody_out(void **state)
{
    struct wire w;

    (void)state;
    wire_start(&w, 1, HF_SIM_WELL);
    w.hosts[0].node.job_ms = SLOW_JOB_MS;
    assert_true(wire_kill(&w, WIRE_OTHER, HF_ACTION_APPLY, UP_TO_START));
    hf_sim_node_reboot(&w.hosts[0].node, hf_mono());
    w.hosts[0].node.job_ms = 1;
    assert_int_equal(wire_act(&w, HF_ACTION_APPLY), HF_OUTCOME_VERIFIED);
    wire_stop(&w);
}

static void
a_folder_taken_just_now_and_not_started_is_respected(void **state)
{
    struct wire w;

    (void)state;
    wire_start(&w, 1, HF_SIM_WELL);
    assert_true(wire_kill(&w, WIRE_OTHER, HF_ACTION_APPLY, UP_TO_BEGIN));
    assert_int_equal(wire_act(&w, HF_ACTION_APPLY), HF_OUTCOME_LOCKED);
    assert_int_equal(w.hosts[0].jobs_begun, 0);
    wire_stop(&w);
}

static void
a_folder_taken_hours_ago_and_never_started_is_put_away(void **state)
{
    struct wire w;

    (void)state;
    wire_start(&w, 1, HF_SIM_WELL);
    assert_true(wire_kill(&w, WIRE_OTHER, HF_ACTION_APPLY, UP_TO_BEGIN));
    w.hosts[0].node.job->since -= 3 * 3600;
    assert_int_equal(wire_act(&w, HF_ACTION_APPLY), HF_OUTCOME_VERIFIED);
    assert_string_equal(w.hosts[0].node.done[0]->run, WIRE_OTHER);
    wire_stop(&w);
}

/* ---- what an earlier process left ---- */

static const cJSON *
intent_of(const struct wire *w)
{
    const struct hf_event *e = wire_event(w, HF_EVENT_HOST_INTENT);

    return e ? e->data : NULL;
}

/* Settles the open intent in a new run with the same id. */
static enum hf_outcome
settle(struct wire *w, const cJSON *intent)
{
    struct hf_run_options o;
    enum hf_outcome outcome;
    struct hf_run *r;

    wire_options(w, &o, HF_ACTION_APPLY);
    r = wire_run(w, &o);
    hf_run_reattach(r, 0, intent);
    wire_finish(w, r);
    outcome = hf_run_host(r, 0)->outcome;
    hf_run_free(r);
    return outcome;
}

static void
killed_after_any_request_the_truth_is_found_and_nothing_done_twice(void **state)
{
    int verified = 0, cancelled = 0;

    (void)state;
    for (unsigned at = 1; at <= MOST_REQUESTS; at++) {
        enum hf_outcome outcome;
        const struct wire_host *h;
        struct wire w;

        wire_start(&w, 1, HF_SIM_WELL);
        h = &w.hosts[0];
        if (wire_kill(&w, WIRE_RUN, HF_ACTION_APPLY, at) && intent_of(&w)) {
            outcome = settle(&w, intent_of(&w));
            if (h->jobs_begun > 1 || h->node.job)
                fail_msg("at %u: %u jobs, folder %p", at, h->jobs_begun,
                         (void *)h->node.job);
            if (outcome != (wire_is_patched(h) ? HF_OUTCOME_VERIFIED
                                               : HF_OUTCOME_CANCELLED))
                fail_msg("at %u: %s", at, hf_outcome_names[outcome]);
            verified += outcome == HF_OUTCOME_VERIFIED;
            cancelled += outcome == HF_OUTCOME_CANCELLED;
        }
        wire_stop(&w);
    }
    assert_true(verified > 1);
    assert_true(cancelled > 1);
}

static void
an_intent_that_was_never_carried_out_is_cancelled(void **state)
{
    struct wire w;

    (void)state;
    wire_start(&w, 1, HF_SIM_WELL);
    assert_true(wire_kill(&w, WIRE_RUN, HF_ACTION_APPLY, UP_TO_BEGIN));
    /* as if begin had never reached the host */
    hf_sim_job_free(w.hosts[0].node.job);
    w.hosts[0].node.job = NULL;
    assert_int_equal(settle(&w, intent_of(&w)), HF_OUTCOME_CANCELLED);
    assert_non_null(strstr(why_of(&w), "nothing was changed"));
    wire_stop(&w);
}

static void
a_job_that_failed_meanwhile_is_explained(void **state)
{
    const cJSON *doc;
    struct wire w;

    (void)state;
    wire_start(&w, 1, HF_SIM_LOAD_REFUSED);
    assert_true(wire_kill(&w, WIRE_RUN, HF_ACTION_APPLY, UP_TO_START));
    assert_int_equal(settle(&w, intent_of(&w)), HF_OUTCOME_FAILED);
    doc = wire_event(&w, HF_EVENT_HOST_OUTCOME)->data;
    assert_non_null(strstr(why_of(&w), "hotfleet_fix_2"));
    assert_true(hf_json_bool(hf_json_get(doc, "job"), "recovered", 0));
    assert_int_equal(cJSON_GetArraySize(hf_json_get(doc, "modules")), 1);
    assert_non_null(hf_json_get(doc, "before"));
    wire_stop(&w);
}

static void
a_restart_of_the_host_meanwhile_is_told(void **state)
{
    struct wire w;

    (void)state;
    wire_start(&w, 1, HF_SIM_WELL);
    w.hosts[0].node.job_ms = SLOW_JOB_MS;
    assert_true(wire_kill(&w, WIRE_RUN, HF_ACTION_APPLY, UP_TO_START + 1));
    hf_sim_node_reboot(&w.hosts[0].node, hf_mono());
    assert_int_equal(settle(&w, intent_of(&w)), HF_OUTCOME_FAILED);
    assert_non_null(strstr(why_of(&w), "restarted"));
    wire_stop(&w);
}

static void
a_host_that_stays_away_is_unverified(void **state)
{
    struct wire w;

    (void)state;
    wire_start(&w, 1, HF_SIM_WELL);
    assert_true(wire_kill(&w, WIRE_RUN, HF_ACTION_APPLY, UP_TO_START));
    w.hosts[0].fault = (struct wire_fault){1, 100000, WIRE_UNREACHABLE};
    assert_int_equal(settle(&w, intent_of(&w)), HF_OUTCOME_UNVERIFIED);
    assert_non_null(strstr(why_of(&w), "what became of the change"));
    wire_stop(&w);
}

static void
a_broken_intent_is_unverified_and_asks_nobody(void **state)
{
    static const char *const broken[] = {
        "{}",
        "{\"driver\":\"none\"}",
        "{\"driver\":\"livepatch\",\"before\":[]}",
    };
    struct hf_err err = HF_ERR_INIT;
    struct wire w;

    (void)state;
    for (size_t i = 0; i < HF_COUNT(broken); i++) {
        cJSON *intent = NULL;

        wire_start(&w, 1, HF_SIM_WELL);
        assert_int_equal(
            hf_json_parse(&intent, broken[i], strlen(broken[i]), &err), 0);
        assert_int_equal(settle(&w, intent), HF_OUTCOME_UNVERIFIED);
        assert_int_equal(w.hosts[0].requests, 0);
        cJSON_Delete(intent);
        wire_stop(&w);
    }
}

static void
a_job_without_end_is_given_up_in_its_time(void **state)
{
    cJSON *intent;
    struct wire w;

    (void)state;
    wire_start(&w, 1, HF_SIM_WELL);
    w.hosts[0].node.job_ms = SLOW_JOB_MS;
    assert_true(wire_kill(&w, WIRE_RUN, HF_ACTION_APPLY, UP_TO_START + 1));
    intent = cJSON_Duplicate(intent_of(&w), 1);
    assert_true(hf_json_int(intent, "time_limit_ms", 0) > 60000);
    cJSON_DeleteItemFromObject(intent, "time_limit_ms");
    hf_json_add_int(intent, "time_limit_ms", 20);
    assert_int_equal(settle(&w, intent), HF_OUTCOME_UNVERIFIED);
    assert_non_null(strstr(why_of(&w), "still runs"));
    assert_non_null(w.hosts[0].node.job); /* it keeps its lock */
    cJSON_Delete(intent);
    wire_stop(&w);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            a_host_on_which_another_run_works_is_locked_and_names_it),
        cmocka_unit_test(a_job_of_the_same_run_is_waited_for),
        cmocka_unit_test(a_folder_that_the_same_run_took_is_used),
        cmocka_unit_test(a_job_of_the_same_run_that_never_ends_locks_it_out),
        cmocka_unit_test(who_comes_second_in_a_race_is_locked_out),
        cmocka_unit_test(a_lost_begin_never_takes_anothers_job_for_ours),
        cmocka_unit_test(a_job_that_is_over_locks_nobody_out),
        cmocka_unit_test(a_folder_from_before_a_restart_locks_nobody_out),
        cmocka_unit_test(a_folder_taken_just_now_and_not_started_is_respected),
        cmocka_unit_test(
            a_folder_taken_hours_ago_and_never_started_is_put_away),
        cmocka_unit_test(
            killed_after_any_request_the_truth_is_found_and_nothing_done_twice),
        cmocka_unit_test(an_intent_that_was_never_carried_out_is_cancelled),
        cmocka_unit_test(a_job_that_failed_meanwhile_is_explained),
        cmocka_unit_test(a_restart_of_the_host_meanwhile_is_told),
        cmocka_unit_test(a_host_that_stays_away_is_unverified),
        cmocka_unit_test(a_broken_intent_is_unverified_and_asks_nobody),
        cmocka_unit_test(a_job_without_end_is_given_up_in_its_time),
    };

    return cmocka_run_group_tests_name("locks", tests, NULL, NULL);
}
