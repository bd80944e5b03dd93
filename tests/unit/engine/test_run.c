/* Runs: the order of events, evidence, who is asked, what is left out. */
#include <string.h>

#include "backend/base/json.h"
#include "backend/base/text.h"
#include "tests/support/scratch.h"
#include "tests/unit/engine/wire.h"

/* ---- what is told ---- */

static void
an_apply_tells_its_story_in_order(void **state)
{
    static const enum hf_event_kind story[] = {
        HF_EVENT_HOST_STARTED, HF_EVENT_HOST_FACTS, HF_EVENT_HOST_INTENT,
        HF_EVENT_HOST_FACTS, HF_EVENT_HOST_OUTCOME};
    uint64_t seq = 0;
    size_t at = 0;
    struct wire w;

    (void)state;
    wire_start(&w, 1, HF_SIM_WELL);
    assert_int_equal(wire_act(&w, HF_ACTION_APPLY), HF_OUTCOME_VERIFIED);
    for (size_t i = 0; i < w.events_len; i++) {
        const struct hf_event *e = &w.events[i];

        assert_string_equal(e->run, WIRE_RUN);
        assert_string_equal(e->host, "h1");
        if (hf_event_rows[e->kind].flags & HF_EVENT_JOURNALLED) {
            assert_true(e->seq > seq);
            seq = e->seq;
        }
        if (e->kind != HF_EVENT_HOST_STEP && e->kind != HF_EVENT_HOST_LOG)
            assert_int_equal(e->kind, story[at++]);
    }
    assert_int_equal(at, HF_COUNT(story));
    wire_stop(&w);
}

static void
steps_are_told_in_the_order_of_the_work(void **state)
{
    static const enum hf_phase way[] = {HF_PHASE_PROBING,   HF_PHASE_LOCKING,
                                        HF_PHASE_UPLOADING, HF_PHASE_STARTING,
                                        HF_PHASE_WORKING,   HF_PHASE_CLOSING,
                                        HF_PHASE_VERIFYING};
    size_t at = 0;
    struct wire w;

    (void)state;
    wire_start(&w, 1, HF_SIM_WELL);
    wire_act(&w, HF_ACTION_APPLY);
    for (size_t i = 0; i < w.events_len; i++) {
        if (w.events[i].kind == HF_EVENT_HOST_STEP)
            assert_string_equal(hf_json_str(w.events[i].data, "step"),
                                hf_phase_names[way[at++]]);
    }
    assert_int_equal(at, HF_COUNT(way));
    wire_stop(&w);
}

static void
has_intent_on_disk(struct wire *w, enum hf_driver_script script)
{
    char *path = hf_path_join(w->dir, "journal.jsonl");
    struct hf_buf text = {0};

    if (script != HF_SCRIPT_PROBE) {
        if (hf_file_read(&text, path, 1u << 20, &w->err) < 0 ||
            !strstr(hf_buf_str(&text), "\"host-intent\""))
            fail_msg("script %d was sent before its intent was on disk",
                     script);
    }
    hf_buf_release(&text);
    free(path);
}

static void
nothing_that_changes_a_host_is_sent_before_its_intent_is_on_disk(void **state)
{
    struct wire w;

    (void)state;
    wire_start(&w, 1, HF_SIM_WELL);
    w.on_request = has_intent_on_disk;
    assert_int_equal(wire_act(&w, HF_ACTION_APPLY), HF_OUTCOME_VERIFIED);
    wire_stop(&w);
}

static void
the_evidence_is_complete(void **state)
{
    static const char *const words[] = {
        "schema", "run",      "host",   "address", "ring",      "action",
        "driver", "operator", "change", "reason",  "inventory", "from",
        "to",     "outcome",  "why",    "started", "ended"};
    const cJSON *doc, *scripts, *criteria, *c;
    struct wire w;

    (void)state;
    wire_start(&w, 1, HF_SIM_WELL);
    wire_act(&w, HF_ACTION_APPLY);
    doc = wire_event(&w, HF_EVENT_HOST_OUTCOME)->data;
    for (size_t i = 0; i < HF_COUNT(words); i++) {
        if (!hf_json_str(doc, words[i]) || !*hf_json_str(doc, words[i]))
            fail_msg("the evidence says nothing of '%s'", words[i]);
    }
    scripts = hf_json_get(doc, "scripts");
    assert_int_equal(cJSON_GetArraySize(scripts), HF_DRIVER_SCRIPT_COUNT + 1);
    cJSON_ArrayForEach(c, scripts)
        assert_int_equal(strlen(hf_json_str(c, "sha256")), 64);
    criteria = hf_json_get(doc, "criteria");
    assert_true(cJSON_GetArraySize(criteria) >= 8);
    cJSON_ArrayForEach(c, criteria)
    {
        assert_non_null(hf_json_str(c, "name"));
        assert_non_null(hf_json_str(c, "expected"));
        assert_non_null(hf_json_str(c, "found"));
        assert_string_equal(hf_json_str(c, "verdict"), "pass");
    }
    assert_non_null(hf_json_get(hf_json_get(doc, "before"), "boot.id"));
    assert_non_null(hf_json_get(hf_json_get(doc, "after"), "boot.id"));
    c = hf_json_get(doc, "boot_id");
    assert_string_equal(hf_json_str(c, "before"), hf_json_str(c, "after"));
    c = hf_json_get(doc, "job");
    assert_non_null(strstr(hf_json_str(c, "log"), "hotfleet_fix_2"));
    assert_non_null(hf_json_get(c, "result"));
    assert_int_equal(cJSON_GetArraySize(hf_json_get(doc, "modules")), 1);
    assert_true(cJSON_GetArraySize(hf_json_get(doc, "checks")) > 5);
    assert_non_null(hf_json_get(doc, "price"));
    assert_non_null(hf_json_get(doc, "undo"));
    wire_stop(&w);
}

/* ---- reading actions ---- */

static void
check_asks_once_without_rights_and_announces_nothing(void **state)
{
    const struct wire_host *h;
    struct wire w;

    (void)state;
    wire_start(&w, 1, HF_SIM_WELL);
    h = &w.hosts[0];
    assert_int_equal(wire_act(&w, HF_ACTION_CHECK), HF_OUTCOME_CHECKED);
    assert_int_equal(h->requests, 1);
    assert_int_equal(h->asked[HF_SCRIPT_PROBE], 1);
    assert_false(h->elevated);
    assert_string_equal(h->last_user, "look");
    assert_int_equal(wire_count(&w, HF_EVENT_HOST_INTENT), 0);
    assert_null(h->node.job);
    wire_stop(&w);
}

static void
verify_only_looks_and_uses_the_reading_login(void **state)
{
    const struct wire_host *h;
    struct wire w;

    (void)state;
    wire_start(&w, 1, HF_SIM_WELL);
    h = &w.hosts[0];
    assert_int_equal(wire_act(&w, HF_ACTION_VERIFY), HF_OUTCOME_FAILED);
    assert_int_equal(h->requests, h->asked[HF_SCRIPT_PROBE]);
    assert_string_equal(h->last_user, "look");
    assert_int_equal(wire_act(&w, HF_ACTION_APPLY), HF_OUTCOME_VERIFIED);
    assert_string_equal(h->last_user, "ops");
    assert_int_equal(wire_act(&w, HF_ACTION_VERIFY), HF_OUTCOME_VERIFIED);
    wire_stop(&w);
}

/* What a check has recorded since then is not what was before the change. */
/* Nobody logs in to try what another driver makes of it. */
static void
a_platform_that_this_version_lacks_is_left_alone(void **state)
{
    static const enum hf_action actions[] = {HF_ACTION_CHECK, HF_ACTION_APPLY,
                                             HF_ACTION_VERIFY};
    const cJSON *doc;
    struct wire w;

    (void)state;
    wire_start(&w, 1, HF_SIM_WELL);
    w.specs[0].platform = "kpatch";
    for (size_t i = 0; i < HF_COUNT(actions); i++) {
        assert_int_equal(wire_act(&w, actions[i]), HF_OUTCOME_INELIGIBLE);
        doc = wire_event(&w, HF_EVENT_HOST_OUTCOME)->data;
        assert_string_equal(hf_json_str(doc, "why"),
                            "no driver 'kpatch' in this version");
        assert_string_equal(
            hf_json_str(hf_json_get(doc, "connection"), "outcome"), "");
    }
    assert_int_equal(w.hosts[0].requests, 0);
    wire_stop(&w);
}

static void
verify_compares_with_the_run_that_changed_the_host(void **state)
{
    struct hf_record *record;
    struct hf_state st;
    struct wire w;

    (void)state;
    wire_start(&w, 1, HF_SIM_WELL);
    assert_int_equal(wire_act(&w, HF_ACTION_APPLY), HF_OUTCOME_VERIFIED);
    hf_state_init(&st, &w.specs[0]);
    record = hf_state_change(&st);
    hf_facts_set(&record->facts, "boot.id", "checked-since", NULL, 1);
    w.recorded = &st;
    assert_int_equal(wire_act(&w, HF_ACTION_VERIFY), HF_OUTCOME_VERIFIED);
    hf_facts_set(&record->baseline, "boot.id", "before-the-change", NULL, 1);
    assert_int_equal(wire_act(&w, HF_ACTION_VERIFY), HF_OUTCOME_FAILED);
    assert_non_null(
        strstr(hf_json_str(wire_event(&w, HF_EVENT_HOST_OUTCOME)->data, "why"),
               "it was before-the-change"));
    w.recorded = NULL;
    hf_state_release(&st);
    wire_stop(&w);
}

static void
verify_with_nothing_to_prove_is_unverified(void **state)
{
    struct wire w;

    (void)state;
    wire_start(&w, 1, HF_SIM_WELL);
    w.fleet.catalogue = NULL;
    assert_int_equal(wire_act(&w, HF_ACTION_VERIFY), HF_OUTCOME_UNVERIFIED);
    assert_non_null(
        strstr(hf_json_str(wire_event(&w, HF_EVENT_HOST_OUTCOME)->data, "why"),
               "nothing to prove"));
    wire_stop(&w);
}

static void
what_was_applied_is_left_alone_the_second_time(void **state)
{
    struct wire w;

    (void)state;
    wire_start(&w, 1, HF_SIM_WELL);
    assert_int_equal(wire_act(&w, HF_ACTION_APPLY), HF_OUTCOME_VERIFIED);
    assert_int_equal(wire_act(&w, HF_ACTION_APPLY), HF_OUTCOME_ALREADY);
    assert_int_equal(w.hosts[0].jobs_begun, 1);
    assert_int_equal(wire_act(&w, HF_ACTION_ROLLBACK), HF_OUTCOME_VERIFIED);
    assert_false(wire_is_patched(&w.hosts[0]));
    wire_stop(&w);
}

/* ---- unwell hosts ---- */

static void
every_ailment_ends_as_it_should(void **state)
{
    /* clang-format off */
    static const struct { enum hf_sim_fault fault; enum hf_outcome outcome;
                          const char *why; } rows[] = {
        {HF_SIM_WELL, HF_OUTCOME_VERIFIED, "hotfleet_fix_2"},
        {HF_SIM_DROP, HF_OUTCOME_VERIFIED, "hotfleet_fix_2"},
        {HF_SIM_RESTART_DUE, HF_OUTCOME_VERIFIED, "hotfleet_fix_2"},
        {HF_SIM_DOWN, HF_OUTCOME_UNREACHABLE, "wire"},
        {HF_SIM_POISON, HF_OUTCOME_UNVERIFIED, ""},
        {HF_SIM_STUCK, HF_OUTCOME_FAILED, "nfsd"},
        {HF_SIM_LOAD_REFUSED, HF_OUTCOME_FAILED, "hotfleet_fix_2"},
        {HF_SIM_LIE, HF_OUTCOME_FAILED, "hotfleet_fix_2 is not in effect"},
        {HF_SIM_CRASH, HF_OUTCOME_FAILED, "restarted"},
        {HF_SIM_NO_SUDO, HF_OUTCOME_INELIGIBLE, "elevation"},
        {HF_SIM_LOCKDOWN, HF_OUTCOME_FAILED, "Key was rejected"},
        {HF_SIM_OLD_KERNEL, HF_OUTCOME_INELIGIBLE, "5.10.0-28"},
        {HF_SIM_NO_DISK, HF_OUTCOME_INELIGIBLE, "space"},
    };
    /* clang-format on */
    struct wire w;

    (void)state;
    for (size_t i = 0; i < HF_COUNT(rows); i++) {
        const char *name = hf_sim_faults[rows[i].fault].name;
        enum hf_outcome got;
        const cJSON *doc;

        wire_start(&w, 1, rows[i].fault);
        got = wire_act(&w, HF_ACTION_APPLY);
        doc = wire_event(&w, HF_EVENT_HOST_OUTCOME)->data;
        if (got != rows[i].outcome ||
            !strstr(hf_json_str(doc, "why"), rows[i].why))
            fail_msg("%s: %s, %s", name, hf_outcome_names[got],
                     hf_json_str(doc, "why"));
        /* The host is as it was before, or as it was to be; and unlocked. */
        assert_null(w.hosts[0].node.job);
        assert_true(w.hosts[0].jobs_begun <= 1);
        wire_stop(&w);
    }
}

static void
a_host_behind_a_jump_host_stops_nobody_else(void **state)
{
    struct hf_run_options o;
    struct hf_run *r;
    struct wire w;

    (void)state;
    wire_start(&w, 2, HF_SIM_WELL);
    w.specs[0].jump = "h2";
    wire_options(&w, &o, HF_ACTION_APPLY);
    o.parallel = 1;
    r = wire_run(&w, &o);
    wire_finish(&w, r);
    assert_int_equal(hf_run_host(r, 0)->outcome, HF_OUTCOME_UNREACHABLE);
    assert_non_null(strstr(hf_run_host(r, 0)->why, "jump host 'h2'"));
    assert_non_null(strstr(hf_run_host(r, 0)->hint, "on that jump host"));
    assert_int_equal(hf_run_host(r, 1)->outcome, HF_OUTCOME_VERIFIED);
    assert_int_equal(hf_run_exit(r), 4);
    hf_run_free(r);
    wire_stop(&w);
}

static int
nobody(void *ctx, const struct hf_state *fresh)
{
    (void)ctx;
    return fresh->host == NULL;
}

static void
a_host_that_no_longer_matches_is_left_out(void **state)
{
    struct hf_run_options o;
    struct hf_run *r;
    struct wire w;

    (void)state;
    wire_start(&w, 1, HF_SIM_WELL);
    wire_options(&w, &o, HF_ACTION_APPLY);
    o.still_wanted = nobody;
    r = wire_run(&w, &o);
    wire_finish(&w, r);
    assert_int_equal(hf_run_host(r, 0)->outcome, HF_OUTCOME_SKIPPED);
    assert_int_equal(w.hosts[0].asked[HF_SCRIPT_BEGIN], 0);
    assert_int_equal(hf_run_exit(r), 2); /* nothing was patched */
    hf_run_free(r);
    wire_stop(&w);
}

static int
after_hours(void *ctx, const struct hf_host *h, int64_t now,
            char why[HF_WHY_LEN])
{
    (void)ctx;
    (void)snprintf(why, HF_WHY_LEN, "'%s' opens at ten", h->name);
    return now == 0;
}

static void
a_host_outside_its_window_is_not_touched(void **state)
{
    struct hf_run_options o;
    struct hf_run *r;
    struct wire w;

    (void)state;
    wire_start(&w, 1, HF_SIM_WELL);
    wire_options(&w, &o, HF_ACTION_APPLY);
    o.admit = after_hours;
    r = wire_run(&w, &o);
    wire_finish(&w, r);
    assert_int_equal(hf_run_host(r, 0)->outcome, HF_OUTCOME_CLOSED);
    assert_string_equal(hf_run_host(r, 0)->why, "'h1' opens at ten");
    assert_int_equal(w.hosts[0].asked[HF_SCRIPT_BEGIN], 0);
    assert_int_equal(hf_run_exit(r), 6);
    hf_run_free(r);
    wire_stop(&w);
}

/* ---- holding and stopping ---- */

static void
an_answer_that_nobody_waits_for_is_passed_over(void **state)
{
    struct hf_result *late[3];
    struct hf_run_options o;
    struct hf_run *r;
    struct wire w;

    (void)state;
    wire_start(&w, 1, HF_SIM_WELL);
    wire_options(&w, &o, HF_ACTION_APPLY);
    r = wire_run(&w, &o);
    assert_true(wire_until(&w, r, HF_EVENT_HOST_INTENT));
    for (size_t i = 0; i < HF_COUNT(late); i++) {
        late[i] = HF_NEW(struct hf_result);
        late[i]->outcome = HF_NET_DONE;
        hf_buf_puts(&late[i]->out, "hotfleet-1 0\nend 0 0 0\n");
    }
    late[0]->tag = 1;         /* of a request that is over */
    late[1]->link = 77;       /* of a link that is not ours */
    late[2]->link = 1u << 31; /* of another run */
    for (size_t i = 0; i < HF_COUNT(late); i++)
        hf_queue_push(w.results, late[i]);
    wire_finish(&w, r);
    assert_int_equal(hf_run_host(r, 0)->outcome, HF_OUTCOME_VERIFIED);
    hf_run_free(r);
    wire_stop(&w);
}

static void
no_host_is_an_error(void **state)
{
    struct hf_run_options o;
    struct hf_run *r;
    struct wire w;

    (void)state;
    wire_start(&w, 1, HF_SIM_WELL);
    wire_options(&w, &o, HF_ACTION_CHECK);
    assert_int_equal(hf_run_new(&r, &o, NULL, 0, &w.err), HF_ENOTFOUND);
    assert_null(r);
    wire_stop(&w);
}

static void
a_thousand_hosts_go_through_with_a_few_at_a_time(void **state)
{
    size_t by[HF_OUTCOME_COUNT], waiting, in_flight;
    struct hf_run_options o;
    struct hf_run *r;
    struct wire w;

    (void)state;
    wire_start(&w, 1000, HF_SIM_WELL);
    wire_options(&w, &o, HF_ACTION_CHECK);
    o.parallel = 7;
    r = wire_run(&w, &o);
    while (wire_pump(&w, r)) {
        hf_run_counts(r, by, &waiting, &in_flight);
        assert_true(in_flight <= 7);
    }
    hf_run_counts(r, by, &waiting, &in_flight);
    assert_int_equal(by[HF_OUTCOME_CHECKED], 1000);
    hf_run_free(r);
    wire_stop(&w);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_apply_tells_its_story_in_order),
        cmocka_unit_test(steps_are_told_in_the_order_of_the_work),
        cmocka_unit_test(
            nothing_that_changes_a_host_is_sent_before_its_intent_is_on_disk),
        cmocka_unit_test(the_evidence_is_complete),
        cmocka_unit_test(check_asks_once_without_rights_and_announces_nothing),
        cmocka_unit_test(verify_only_looks_and_uses_the_reading_login),
        cmocka_unit_test(a_platform_that_this_version_lacks_is_left_alone),
        cmocka_unit_test(verify_compares_with_the_run_that_changed_the_host),
        cmocka_unit_test(verify_with_nothing_to_prove_is_unverified),
        cmocka_unit_test(what_was_applied_is_left_alone_the_second_time),
        cmocka_unit_test(every_ailment_ends_as_it_should),
        cmocka_unit_test(a_host_behind_a_jump_host_stops_nobody_else),
        cmocka_unit_test(a_host_that_no_longer_matches_is_left_out),
        cmocka_unit_test(a_host_outside_its_window_is_not_touched),
        cmocka_unit_test(an_answer_that_nobody_waits_for_is_passed_over),
        cmocka_unit_test(no_host_is_an_error),
        cmocka_unit_test(a_thousand_hosts_go_through_with_a_few_at_a_time),
    };

    return cmocka_run_group_tests_name("run", tests, NULL, NULL);
}
