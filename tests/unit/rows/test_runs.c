/* Runs in a list, and what evidence tells of the hosts of a past one. */
#include "tests/unit/rows/small_plan.h"

#include "backend/base/json.h"
#include "tui/rows/runs.h"

#define OLD "20261120T100000Z-bbbbbb"
#define NEW "20261123T011320Z-aaaaaa"
#define KILLED "20261121T100000Z-cccccc"

static cJSON *
parse(const char *text)
{
    struct hf_err err = HF_ERR_INIT;
    cJSON *doc;

    if (hf_json_parse(&doc, text, strlen(text), &err) < 0)
        fail_msg("%s", err.text);
    return doc;
}

static void
add_past(struct hf_run_rows *rows, const char *id, const char *doc,
         const char *end)
{
    cJSON *began = parse(doc), *ended = end ? parse(end) : NULL;

    hf_run_rows_past(rows, id, began, ended);
    cJSON_Delete(began);
    cJSON_Delete(ended);
}

static void
add_pasts(struct hf_run_rows *rows)
{
    add_past(rows, KILLED,
             "{\"action\": \"apply\", \"at\": \"2026-11-21T10:00:00Z\","
             " \"operator\": \"Ann\", \"hosts\": [\"a\", \"b\"]}",
             NULL);
    add_past(rows, OLD,
             "{\"action\": \"apply\", \"at\": \"2026-11-20T10:00:00Z\","
             " \"operator\": \"Ann\", \"change\": \"CHG7\\u001b\","
             " \"selector\": \"ring:canary\", \"hosts\": [\"a\", \"b\"]}",
             "{\"at\": \"2026-11-20T10:05:00Z\", \"exit\": 2,"
             " \"counts\": {\"verified\": 1, \"failed\": 1}}");
}

static void
show(struct hf_buf *out, const struct hf_run_rows *rows,
     const struct hf_look *look)
{
    struct hf_line line = {0};

    for (size_t i = 0; i < rows->len; i++) {
        hf_run_row_line(&line, &rows->v[i], look);
        add_line(out, &line);
    }
    hf_line_release(&line);
}

static struct hf_rings_run
plan_run(void)
{
    struct hf_rings_run run = {.around = {.carried_out = 1}};
    struct hf_plan *plan = make_plan();
    struct hf_rollout_event e = hf_rollout_event_of(HF_ROLLOUT_RUN_BEGAN);

    plan->operator_ = "Bob";
    hf_say(run.id, sizeof(run.id), NEW);
    hf_rings_run_own(&run, plan, hf_rollout_new(plan));
    e.at = NOW - HOUR;
    hf_rollout_apply(run.own_rollout, &e);
    e.kind = HF_ROLLOUT_HOST_STARTED;
    e.host = 0;
    hf_rollout_apply(run.own_rollout, &e);
    return run;
}

static void
live_and_past_runs_stand_in_one_list(void **state)
{
    struct hf_rings_run run = plan_run();
    struct hf_run_rows rows = {0};
    struct hf_buf out = {0};

    (void)state;
    add_pasts(&rows);
    hf_run_rows_unsettled(&rows, KILLED, HF_ACTION_APPLY);
    hf_run_rows_plan(&rows, &run, 0);
    hf_run_rows_sort(&rows);
    assert_string_equal(rows.v[0].id, NEW);
    assert_int_equal(rows.v[0].standing, HF_RUN_ELSEWHERE);
    show(&out, &rows, &narrow);
    show(&out, &rows, &ascii);
    show(&out, &rows, &wide);
    hf_run_rows_plan(&rows, &run, 1);
    assert_int_equal(rows.len, 3);
    assert_int_equal(rows.v[0].standing, HF_RUN_HERE);
    hf_run_rows_release(&rows);
    hf_rings_run_release(&run);
    compare("runs", &out);
}

static void
a_run_that_only_the_journal_knows_is_listed(void **state)
{
    struct hf_run_rows rows = {0};

    (void)state;
    hf_run_rows_unsettled(&rows, KILLED, HF_ACTION_REBOOT);
    hf_run_rows_unsettled(&rows, KILLED, HF_ACTION_REBOOT);
    assert_int_equal(rows.len, 1);
    assert_int_equal(rows.v[0].unsettled, 2);
    assert_int_equal(rows.v[0].standing, HF_RUN_LEFT);
    assert_string_equal(rows.v[0].what, "reboot");
    hf_run_rows_release(&rows);
}

static void
evidence_tells_how_a_host_ended_and_what_its_job_said(void **state)
{
    cJSON *doc = parse("{\"outcome\": \"failed\", \"why\": \"refused\\u0007\","
                       " \"ring\": \"canary\", \"hint\": \"sign it\","
                       " \"started\": \"2026-11-20T10:00:00Z\","
                       " \"ended\": \"2026-11-20T10:00:02Z\","
                       " \"job\": {\"log\": \"loading fix_2\\nrefused\\n\"}}");
    struct hf_progress_host *told =
        hf_xcalloc(2, sizeof(struct hf_progress_host));
    struct hf_tail *tail = HF_NEW(struct hf_tail);
    struct hf_progress p = {0};

    (void)state;
    hf_run_past_host(&told[0], "web-1", doc);
    hf_run_past_host(&told[1], "web-2", NULL);
    assert_int_equal(told[0].outcome, HF_OUTCOME_FAILED);
    assert_int_equal(told[0].ended - told[0].started, 2000);
    assert_null(strchr(told[0].why, '\a'));
    assert_string_equal(told[0].hint, "sign it");
    assert_int_equal(told[1].phase, HF_PHASE_WAITING);
    hf_progress_give(&p, told, 2);
    assert_int_equal(p.by_outcome[HF_OUTCOME_FAILED], 1);
    assert_int_equal(p.waiting, 1);
    hf_run_past_log(tail, "web-1", doc);
    hf_run_past_log(tail, "web-2", NULL);
    assert_int_equal(tail->len, 2);
    assert_string_equal(hf_tail_get(tail, 0)->text, "refused");
    hf_tail_release(tail);
    free(tail);
    hf_progress_release(&p);
    cJSON_Delete(doc);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(live_and_past_runs_stand_in_one_list),
        cmocka_unit_test(a_run_that_only_the_journal_knows_is_listed),
        cmocka_unit_test(evidence_tells_how_a_host_ended_and_what_its_job_said),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
