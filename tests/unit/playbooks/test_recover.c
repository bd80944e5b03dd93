/* What a process that was killed left behind is settled once, by the next. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "backend/base/file.h"
#include "backend/base/text.h"
#include "playbooks/past.h"
#include "tests/support/git.h"
#include "tests/unit/playbooks/bed.h"

#define JOB_MS 50

/* A process that dies while the first host is in that phase; its run's id. */
static void
die_in(struct bed *b, enum hf_phase phase, char run[HF_RUN_ID_LEN])
{
    struct hf_ask ask;

    bed_new_slow(b, JOB_MS);
    bed_open(b);
    ask = bed_ask(HF_ACTION_CHECK, bed_well(b, 0), bed_well(b, 1), NULL);
    assert_int_equal(bed_run(b, &ask), 0);
    bed_settle(b);
    ask = bed_ask(HF_ACTION_APPLY, bed_well(b, 0), bed_well(b, 1), NULL);
    ask.parallel = 1;
    assert_int_equal(bed_start(b, &ask), 0);
    bed_until_step(b, phase);
    (void)snprintf(run, HF_RUN_ID_LEN, "%s", hf_session_run_id(b->s));
    /* Freeing lets go of everything; nothing is told any more. */
    bed_close(b);
    bed_open(b);
}

static int
recover(struct bed *b)
{
    int rc;

    while (b->events_len)
        hf_event_release(&b->events[--b->events_len]);
    rc = hf_session_recover(b->s, NULL, NULL, &b->err);
    return rc < 0 ? rc : bed_finish(b);
}

static cJSON *
evidence(const struct bed *b, const char *host, const char *run)
{
    char *path = hf_ledger_evidence_path(host, run);
    cJSON *doc = bed_ledger_file(b, path);

    free(path);
    return doc;
}

static void
an_open_intent_is_found_and_settled_once(void **state)
{
    /* clang-format off */
    static const struct { enum hf_phase phase; enum hf_outcome outcome; }
    rows[] = {
        {HF_PHASE_LOCKING, HF_OUTCOME_CANCELLED},
        {HF_PHASE_UPLOADING, HF_OUTCOME_CANCELLED},
        {HF_PHASE_WORKING, HF_OUTCOME_VERIFIED},
        {HF_PHASE_VERIFYING, HF_OUTCOME_VERIFIED},
    };
    /* clang-format on */
    char run[HF_RUN_ID_LEN];
    struct bed b;
    cJSON *doc;

    (void)state;
    for (size_t i = 0; i < HF_COUNT(rows); i++) {
        die_in(&b, rows[i].phase, run);
        assert_int_equal(hf_session_open_intents(b.s), 1);
        (void)recover(&b);
        assert_string_equal(hf_session_run_id(b.s), run);
        if (bed_outcome(&b, bed_well(&b, 0)) != rows[i].outcome)
            fail_msg("%s: %s", hf_phase_names[rows[i].phase],
                     bed_why(&b, bed_well(&b, 0)));
        assert_int_equal(hf_session_open_intents(b.s), 0);
        assert_int_equal(recover(&b), HF_ENOTFOUND);
        bed_settle(&b);
        doc = evidence(&b, bed_well(&b, 0), run);
        assert_string_equal(hf_json_str(doc, "outcome"),
                            hf_outcome_names[rows[i].outcome]);
        cJSON_Delete(doc);
        assert_null(evidence(&b, bed_well(&b, 1), run));
        bed_close(&b);
        bed_open(&b);
        assert_int_equal(hf_session_open_intents(b.s), 0);
        bed_free(&b);
    }
}

static void
the_end_of_the_run_counts_all_of_its_hosts(void **state)
{
    char run[HF_RUN_ID_LEN], *path;
    struct bed b;
    cJSON *doc;

    (void)state;
    die_in(&b, HF_PHASE_WORKING, run);
    (void)recover(&b);
    bed_settle(&b);
    path = hf_ledger_run_path(run, "end.json");
    doc = bed_ledger_file(&b, path);
    assert_int_equal(hf_json_int(doc, "recovered", 0), 1);
    assert_int_equal(hf_json_int(doc, "not_started", 0), 1);
    assert_int_equal(hf_json_int(hf_json_get(doc, "counts"), "verified", 0), 1);
    cJSON_Delete(doc);
    free(path);
    bed_free(&b);
}

static void
what_is_left_of_a_run_can_be_read(void **state)
{
    struct hf_unsettled u;
    cJSON *doc = NULL, *end = NULL;
    char run[HF_RUN_ID_LEN];
    struct bed b;

    (void)state;
    die_in(&b, HF_PHASE_WORKING, run);
    assert_true(hf_session_unsettled(b.s, 0, &u));
    assert_string_equal(u.run, run);
    assert_string_equal(u.host, bed_well(&b, 0));
    assert_int_equal(u.action, HF_ACTION_APPLY);
    assert_false(hf_session_unsettled(b.s, 1, &u));
    (void)recover(&b);
    bed_settle(&b);
    assert_false(hf_session_unsettled(b.s, 0, &u));
    assert_int_equal(hf_past_run(&doc, &end, b.s, run, &b.err), HF_OK);
    assert_int_equal(cJSON_GetArraySize(hf_json_get(doc, "hosts")), 2);
    assert_non_null(end);
    cJSON_Delete(doc);
    cJSON_Delete(end);
    assert_int_equal(hf_past_evidence(&doc, b.s, run, bed_well(&b, 0), &b.err),
                     HF_OK);
    assert_string_equal(hf_json_str(doc, "outcome"), "verified");
    cJSON_Delete(doc);
    assert_int_equal(hf_past_evidence(&doc, b.s, run, bed_well(&b, 1), &b.err),
                     HF_ENOTFOUND);
    assert_int_equal(
        hf_past_run(&doc, &end, b.s, "20200101T000000Z-000000", &b.err),
        HF_ENOTFOUND);
    assert_null(doc);
    bed_free(&b);
}

static void
an_unsettled_host_is_not_changed_again(void **state)
{
    char run[HF_RUN_ID_LEN];
    struct hf_ask ask;
    struct bed b;

    (void)state;
    die_in(&b, HF_PHASE_UPLOADING, run);
    ask = bed_ask(HF_ACTION_APPLY, bed_well(&b, 0), NULL);
    assert_int_equal(bed_start(&b, &ask), HF_ELOCKED);
    assert_non_null(strstr(b.err.text, run));
    /* Other hosts may go on, and looking is free. */
    ask = bed_ask(HF_ACTION_APPLY, bed_well(&b, 1), NULL);
    assert_int_equal(bed_run(&b, &ask), 0);
    ask = bed_ask(HF_ACTION_CHECK, bed_well(&b, 0), NULL);
    assert_int_equal(bed_run(&b, &ask), 0);
    assert_int_equal(hf_session_open_intents(b.s), 1);
    (void)recover(&b);
    ask = bed_ask(HF_ACTION_APPLY, bed_well(&b, 0), NULL);
    assert_int_equal(bed_run(&b, &ask), 0);
    assert_int_equal(bed_outcome(&b, bed_well(&b, 0)), HF_OUTCOME_VERIFIED);
    bed_free(&b);
}

/* A console that runs for days hears of what another process left. */
static void
what_another_process_leaves_is_seen_by_one_that_is_older(void **state)
{
    struct hf_session *older;
    struct hf_ask ask;
    struct bed b;

    (void)state;
    bed_new_slow(&b, JOB_MS);
    bed_open(&b);
    ask = bed_ask(HF_ACTION_CHECK, bed_well(&b, 0), NULL);
    assert_int_equal(bed_run(&b, &ask), 0);
    bed_settle(&b);
    older = b.s;
    b.s = bed_another(&b);
    ask = bed_ask(HF_ACTION_APPLY, bed_well(&b, 0), NULL);
    assert_int_equal(bed_start(&b, &ask), 0);
    bed_until_step(&b, HF_PHASE_UPLOADING);
    bed_close(&b);
    b.s = older;
    assert_int_equal(hf_session_open_intents(b.s), 0);
    ask = bed_ask(HF_ACTION_APPLY, bed_well(&b, 0), NULL);
    assert_int_equal(bed_start(&b, &ask), HF_ELOCKED);
    assert_int_equal(hf_session_open_intents(b.s), 1);
    bed_free(&b);
}

/* A process that has just begun to change the first host. */
static void
be_at_work(struct bed *b)
{
    struct hf_ask ask;

    bed_new_slow(b, JOB_MS);
    bed_open(b);
    ask = bed_ask(HF_ACTION_CHECK, bed_well(b, 0), bed_well(b, 1), NULL);
    assert_int_equal(bed_run(b, &ask), 0);
    bed_settle(b);
    ask = bed_ask(HF_ACTION_APPLY, bed_well(b, 0), NULL);
    assert_int_equal(bed_start(b, &ask), 0);
    bed_until_step(b, HF_PHASE_UPLOADING);
}

static void
a_run_of_another_process_is_not_taken_for_a_killed_one(void **state)
{
    struct hf_session *at_work, *other;
    struct hf_ask ask;
    struct bed b;
    char words[128];

    (void)state;
    be_at_work(&b);
    at_work = b.s;
    assert_null(hf_session_elsewhere(at_work)); /* that is itself */
    other = b.s = bed_another(&b);
    assert_int_equal(hf_session_open_intents(other), 0);
    (void)snprintf(words, sizeof(words), "run %s of ",
                   hf_session_run_id(at_work));
    assert_true(hf_has_prefix(hf_session_elsewhere(other), words));
    (void)snprintf(words, sizeof(words), " is under way in process %ld since ",
                   (long)getpid());
    assert_non_null(strstr(hf_session_elsewhere(other), words));

    /* Its hosts are not verified, and no host is changed. */
    ask = bed_ask(HF_ACTION_VERIFY, bed_well(&b, 0), NULL);
    assert_int_equal(hf_session_start(other, &ask, NULL, NULL, &b.err),
                     HF_ELOCKED);
    assert_non_null(strstr(b.err.text, words));
    ask = bed_ask(HF_ACTION_APPLY, bed_well(&b, 1), NULL);
    assert_int_equal(hf_session_start(other, &ask, NULL, NULL, &b.err),
                     HF_ELOCKED);
    assert_non_null(strstr(b.err.text, words));
    assert_non_null(strstr(b.err.text, hf_session_run_id(at_work)));
    /* All others can be. */
    ask = bed_ask(HF_ACTION_VERIFY, bed_well(&b, 1), NULL);
    assert_int_equal(hf_session_start(other, &ask, NULL, NULL, &b.err), 0);
    (void)bed_finish(&b);

    b.s = at_work;
    assert_int_equal(bed_finish(&b), 0);
    bed_settle(&b);
    assert_null(hf_session_elsewhere(other));
    assert_int_equal(hf_session_open_intents(other), 0);
    hf_session_free(other);
    bed_free(&b);
}

static void
a_process_that_is_killed_while_others_look_has_left_hosts(void **state)
{
    struct hf_session *other;
    struct bed b;

    (void)state;
    be_at_work(&b);
    other = bed_another(&b);
    assert_int_equal(hf_session_open_intents(other), 0);
    bed_close(&b);
    b.s = other;
    assert_null(hf_session_elsewhere(other));
    assert_int_equal(hf_session_open_intents(other), 1);
    (void)recover(&b);
    assert_int_equal(hf_session_open_intents(other), 0);
    bed_free(&b);
}

static void
what_was_killed_stays_known_while_another_run_is_under_way(void **state)
{
    struct hf_session *at_work, *other;
    char run[HF_RUN_ID_LEN];
    struct hf_ask ask;
    struct bed b;

    (void)state;
    die_in(&b, HF_PHASE_UPLOADING, run);
    at_work = b.s;
    ask = bed_ask(HF_ACTION_APPLY, bed_well(&b, 1), NULL);
    assert_int_equal(bed_start(&b, &ask), 0);
    bed_until_step(&b, HF_PHASE_UPLOADING);
    other = bed_another(&b);
    assert_non_null(hf_session_elsewhere(other));
    assert_int_equal(hf_session_open_intents(other), 1);
    ask = bed_ask(HF_ACTION_VERIFY, bed_well(&b, 0), NULL);
    assert_int_equal(hf_session_start(other, &ask, NULL, NULL, &b.err),
                     HF_ELOCKED);
    assert_non_null(strstr(b.err.text, run));
    assert_non_null(strstr(b.err.text, "was killed, and run "));
    assert_int_equal(hf_session_recover(other, NULL, NULL, &b.err), HF_ELOCKED);

    assert_int_equal(bed_finish(&b), 0);
    bed_settle(&b);
    hf_session_free(at_work);
    b.s = other;
    assert_null(hf_session_elsewhere(other));
    (void)recover(&b);
    assert_int_equal(hf_session_open_intents(other), 0);
    bed_free(&b);
}

static void
letting_go_in_a_console_that_lives_on_can_be_settled_there(void **state)
{
    struct hf_ask ask;
    struct bed b;

    (void)state;
    bed_new_slow(&b, JOB_MS);
    bed_open(&b);
    ask = bed_ask(HF_ACTION_CHECK, bed_well(&b, 0), NULL);
    assert_int_equal(bed_run(&b, &ask), 0);
    ask = bed_ask(HF_ACTION_APPLY, bed_well(&b, 0), NULL);
    assert_int_equal(bed_start(&b, &ask), 0);
    bed_until_step(&b, HF_PHASE_WORKING);
    hf_run_abandon(hf_session_run(b.s));
    assert_int_equal(bed_finish(&b), 130);
    assert_int_equal(hf_session_open_intents(b.s), 1);
    assert_int_equal(recover(&b), 0);
    assert_int_equal(bed_outcome(&b, bed_well(&b, 0)), HF_OUTCOME_VERIFIED);
    bed_free(&b);
}

static void
a_host_that_left_the_fleet_keeps_its_intent_and_disturbs_nobody(void **state)
{
    char run[HF_RUN_ID_LEN], *words;
    struct hf_ask ask;
    struct bed b;

    (void)state;
    die_in(&b, HF_PHASE_UPLOADING, run);
    bed_close(&b);
    words = hf_xasprintf("rm -q hosts/**/%s.json", bed_well(&b, 0));
    (void)bed_git(&b, words);
    free(words);
    (void)bed_git(&b, "commit -q -m remove");
    bed_open(&b);
    assert_int_equal(hf_session_open_intents(b.s), 0);
    assert_int_equal(recover(&b), HF_ENOTFOUND);
    ask = bed_ask(HF_ACTION_APPLY, bed_well(&b, 1), NULL);
    assert_int_equal(bed_run(&b, &ask), 0);
    bed_settle(&b);
    bed_close(&b);
    (void)bed_git(&b, "revert --no-edit HEAD");
    bed_open(&b);
    assert_int_equal(hf_session_open_intents(b.s), 1);
    bed_free(&b);
}

static void
read_only_settles_nothing(void **state)
{
    char run[HF_RUN_ID_LEN];
    struct bed b;

    (void)state;
    die_in(&b, HF_PHASE_UPLOADING, run);
    bed_close(&b);
    bed_open_read_only(&b);
    assert_int_equal(hf_session_open_intents(b.s), 1);
    assert_int_equal(recover(&b), HF_EDENIED);
    bed_free(&b);
}

/* ---- journalled, and the ledger has not got it ---- */

/* As if the process had died right after the journal's last line: the ledger
 * is as before the run, and nothing says that it was recorded. */
static void
forget_recording(const struct bed *b, const char *ledger)
{
    char *dir = bed_state_dir(b);
    const char *const argv[] = {
        "sh",
        "-c",
        "cd \"$1\" && grep -v '\"kind\":\"recorded\"' journal-*.done "
        ">journal.jsonl && rm journal-*.done",
        "sh",
        dir,
        NULL};
    char *words = hf_xasprintf("update-ref refs/heads/ledger %s", ledger);

    free(run_in(b->fleet, argv, NULL));
    (void)bed_git(b, words);
    free(words);
    free(dir);
}

static void
what_was_journalled_only_is_recorded_once_by_the_next_verb(void **state)
{
    char run[HF_RUN_ID_LEN], ledger[64];
    struct hf_ask ask;
    struct bed b;
    cJSON *doc;

    (void)state;
    bed_new_slow(&b, JOB_MS);
    bed_open(&b);
    ask = bed_ask(HF_ACTION_CHECK, bed_well(&b, 0), NULL);
    assert_int_equal(bed_run(&b, &ask), 0);
    bed_settle(&b);
    (void)snprintf(ledger, sizeof(ledger), "%s",
                   bed_git(&b, "rev-parse ledger"));
    ask = bed_ask(HF_ACTION_APPLY, bed_well(&b, 0), NULL);
    assert_int_equal(bed_run(&b, &ask), 0);
    (void)snprintf(run, sizeof(run), "%s", hf_session_run_id(b.s));
    bed_settle(&b);
    bed_close(&b);
    forget_recording(&b, ledger);
    bed_open(&b);
    assert_null(evidence(&b, bed_well(&b, 0), run));
    /* Even one that only looks. */
    ask = bed_ask(HF_ACTION_CHECK, bed_well(&b, 1), NULL);
    assert_int_equal(bed_run(&b, &ask), 0);
    bed_settle(&b);
    doc = evidence(&b, bed_well(&b, 0), run);
    assert_string_equal(hf_json_str(doc, "outcome"), "verified");
    cJSON_Delete(doc);
    assert_int_equal(bed_state(&b, bed_well(&b, 0))->status.patch,
                     HF_PATCH_CURRENT);
    /* Settled: the journal is away, and nothing is written again. */
    (void)snprintf(ledger, sizeof(ledger), "%s",
                   bed_git(&b, "rev-parse ledger:hosts"));
    bed_close(&b);
    bed_open(&b);
    ask = bed_ask(HF_ACTION_CHECK, bed_well(&b, 1), NULL);
    assert_int_equal(bed_run(&b, &ask), 0);
    bed_settle(&b);
    assert_string_equal(ledger, bed_git(&b, "rev-parse ledger:hosts"));
    bed_free(&b);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_open_intent_is_found_and_settled_once),
        cmocka_unit_test(the_end_of_the_run_counts_all_of_its_hosts),
        cmocka_unit_test(what_is_left_of_a_run_can_be_read),
        cmocka_unit_test(an_unsettled_host_is_not_changed_again),
        cmocka_unit_test(
            what_another_process_leaves_is_seen_by_one_that_is_older),
        cmocka_unit_test(
            a_run_of_another_process_is_not_taken_for_a_killed_one),
        cmocka_unit_test(
            a_process_that_is_killed_while_others_look_has_left_hosts),
        cmocka_unit_test(
            what_was_killed_stays_known_while_another_run_is_under_way),
        cmocka_unit_test(
            letting_go_in_a_console_that_lives_on_can_be_settled_there),
        cmocka_unit_test(
            a_host_that_left_the_fleet_keeps_its_intent_and_disturbs_nobody),
        cmocka_unit_test(read_only_settles_nothing),
        cmocka_unit_test(
            what_was_journalled_only_is_recorded_once_by_the_next_verb),
    };

    return cmocka_run_group_tests_name("recover", tests, NULL, NULL);
}
