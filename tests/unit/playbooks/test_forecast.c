/* What a fleet allows, and what would happen: asked by forms, and enforced at
 * the start whoever asks. */
#include <stdlib.h>
#include <string.h>

#include "backend/base/file.h"
#include "tests/unit/playbooks/bed.h"

/* Two well hosts are known; `rules` stand in hotfleet.json. */
static void
start(struct bed *b, const char *rules)
{
    struct hf_ask ask;

    bed_new(b, 1);
    if (rules)
        bed_configure(b, rules);
    bed_open(b);
    ask = bed_ask(HF_ACTION_CHECK, bed_well(b, 0), bed_well(b, 1), NULL);
    assert_int_equal(bed_run(b, &ask), 0);
    bed_settle(b);
}

/* The forecast's answer; the start must give the same. */
static int
refusal(struct bed *b, const struct hf_ask *ask)
{
    struct hf_forecasts all;
    int rc = hf_session_forecast(b->s, &all, ask, &b->err);

    hf_forecasts_release(&all);
    if (rc < 0)
        assert_int_equal(bed_start(b, ask), rc);
    return rc;
}

static void
nothing_is_forbidden_without_rules(void **state)
{
    struct hf_forecasts all;
    struct hf_ask ask;
    struct bed b;

    (void)state;
    start(&b, NULL);
    ask = bed_ask(HF_ACTION_APPLY, bed_well(&b, 0), bed_well(&b, 1), NULL);
    ask.change = NULL;
    assert_int_equal(hf_session_forecast(b.s, &all, &ask, &b.err), 0);
    assert_int_equal(all.len, 2);
    assert_int_equal(all.to_do, 2);
    assert_int_equal(all.restarts, 0);
    assert_int_equal(all.v[0].skip, HF_OUTCOME_COUNT);
    assert_true(all.v[0].order.price.cves.len > 0);
    assert_true(all.v[0].order.undo.possible);
    hf_forecasts_release(&all);
    bed_free(&b);
}

static void
another_release_than_the_planned_one_is_refused(void **state)
{
    struct hf_forecasts all;
    const char *levels[2];
    struct hf_ask ask;
    struct bed b;

    (void)state;
    start(&b, NULL);
    ask = bed_ask(HF_ACTION_APPLY, bed_well(&b, 0), bed_well(&b, 1), NULL);
    assert_int_equal(hf_session_forecast(b.s, &all, &ask, &b.err), 0);
    levels[0] = all.v[0].order.level_to;
    levels[1] = NULL; /* not said */
    ask.levels = levels;
    assert_int_equal(refusal(&b, &ask), 0);
    levels[1] = "6.1.0 + an_older_fix";
    assert_int_equal(refusal(&b, &ask), HF_ESTALE);
    assert_non_null(strstr(b.err.text, "planned was 6.1.0 + an_older_fix"));
    hf_forecasts_release(&all);
    bed_free(&b);
}

static void
a_change_id_is_wanted_where_the_fleet_says_so(void **state)
{
    struct hf_ask ask;
    struct bed b;

    (void)state;
    start(&b, "\"change\": {\"required\": true, \"pattern\": \"^CHG[0-9]+$\"}");
    ask = bed_ask(HF_ACTION_APPLY, bed_well(&b, 0), NULL);
    assert_int_equal(refusal(&b, &ask), 0);
    ask.change = NULL;
    assert_int_equal(refusal(&b, &ask), HF_EREFUSED);
    ask.change = "";
    assert_int_equal(refusal(&b, &ask), HF_EREFUSED);
    ask.change = "because";
    assert_int_equal(refusal(&b, &ask), HF_EREFUSED);
    assert_non_null(strstr(b.err.text, "because"));
    ask.action = HF_ACTION_ROLLBACK;
    assert_int_equal(refusal(&b, &ask), HF_EREFUSED);
    ask.action = HF_ACTION_VERIFY; /* changes nothing */
    assert_int_equal(refusal(&b, &ask), 0);
    bed_free(&b);
}

/* A rule that cannot be enforced forbids; also beside one that can. */
static void
a_hook_that_cannot_be_run_forbids(void **state)
{
    struct hf_ask ask;
    struct bed b;
    char *hook;

    (void)state;
    start(&b, NULL);
    bed_close(&b);
    hook = hf_path_join(b.fleet, "hooks");
    assert_int_equal(hf_mkdirs(hook, 0755, &b.err), 0);
    free(hook);
    hook = hf_path_join(b.fleet, "hooks/ask-cab");
    assert_int_equal(hf_file_write(hook, "#!/bin/sh\n", 10, 0755, &b.err), 0);
    free(hook);
    (void)bed_git(&b, "add hooks");
    bed_configure(&b,
                  "\"change\": {\"pattern\": \"^CHG\", \"hook\": \"ask-cab\"}");
    bed_open(&b);
    ask = bed_ask(HF_ACTION_APPLY, bed_well(&b, 0), NULL);
    assert_int_equal(refusal(&b, &ask), HF_EREFUSED);
    assert_non_null(strstr(b.err.text, "ask-cab"));
    bed_free(&b);
}

static void
single_verbs_are_bounded(void **state)
{
    struct hf_ask ask;
    struct bed b;

    (void)state;
    start(&b, "\"adhoc\": {\"max_hosts\": 1}");
    ask = bed_ask(HF_ACTION_APPLY, bed_well(&b, 0), NULL);
    assert_int_equal(refusal(&b, &ask), 0);
    ask = bed_ask(HF_ACTION_APPLY, bed_well(&b, 0), bed_well(&b, 1), NULL);
    assert_int_equal(refusal(&b, &ask), HF_EREFUSED);
    assert_non_null(strstr(b.err.text, "at most 1"));
    bed_free(&b);
}

static void
single_verbs_are_for_some_rings_only(void **state)
{
    struct hf_ask ask;
    struct bed b;
    const char *h;

    (void)state;
    start(&b, "\"adhoc\": {\"rings\": [\"pilot\"]}");
    h = bed_well(&b, 0);
    assert_string_equal(bed_state(&b, h)->host->ring, "canary");
    ask = bed_ask(HF_ACTION_APPLY, h, NULL);
    assert_int_equal(refusal(&b, &ask), HF_EREFUSED);
    assert_non_null(strstr(b.err.text, "ring 'canary'"));
    bed_free(&b);
}

static void
an_old_catalogue_is_refused_unless_a_reason_is_given(void **state)
{
    struct hf_ask ask;
    struct bed b;

    (void)state;
    start(&b, NULL);
    bed_close(&b);
    setenv("HOTFLEET_CLOCK", "2031-01-01T00:00:00Z", 1);
    bed_open(&b);
    assert_int_not_equal(bed_state(&b, bed_well(&b, 0))->status.patch,
                         HF_PATCH_CURRENT);
    ask = bed_ask(HF_ACTION_APPLY, bed_well(&b, 0), NULL);
    assert_int_equal(refusal(&b, &ask), HF_ESTALE);
    assert_non_null(strstr(b.err.hint, "--old-catalogue"));
    ask.old_catalogue = 1;
    ask.reason = NULL;
    assert_int_equal(refusal(&b, &ask), HF_ESTALE);
    ask.reason = "the vendor has stopped";
    assert_int_equal(refusal(&b, &ask), 0);
    ask = bed_ask(HF_ACTION_ROLLBACK, bed_well(&b, 0), NULL);
    assert_int_equal(refusal(&b, &ask), 0);
    unsetenv("HOTFLEET_CLOCK");
    bed_free(&b);
}

static void
hosts_are_left_out_with_the_reason(void **state)
{
    struct hf_forecasts all;
    struct hf_ask ask;
    struct bed b;

    (void)state;
    start(&b, NULL);
    /* the third was never asked */
    ask = bed_ask(HF_ACTION_APPLY, bed_well(&b, 0), bed_well(&b, 2), NULL);
    assert_int_equal(hf_session_forecast(b.s, &all, &ask, &b.err), 0);
    assert_int_equal(all.to_do, 1);
    assert_int_equal(all.v[1].skip, HF_OUTCOME_INELIGIBLE);
    assert_non_null(strstr(all.v[1].why, "never asked"));
    hf_forecasts_release(&all);
    ask = bed_ask(HF_ACTION_APPLY, "nobody", NULL);
    assert_int_equal(refusal(&b, &ask), HF_ENOTFOUND);
    bed_free(&b);
}

/* People agree to what they were shown. */
static void
a_host_that_was_left_out_is_not_changed_after_all(void **state)
{
    struct hf_ask ask;
    struct bed b;

    (void)state;
    start(&b, NULL);
    ask = bed_ask(HF_ACTION_APPLY, bed_well(&b, 0), bed_well(&b, 2), NULL);
    assert_int_equal(bed_run(&b, &ask), 0);
    assert_int_equal(bed_outcome(&b, bed_well(&b, 0)), HF_OUTCOME_VERIFIED);
    assert_int_equal(bed_outcome(&b, bed_well(&b, 2)), HF_OUTCOME_SKIPPED);
    assert_int_equal(bed_count(&b, HF_EVENT_HOST_INTENT), 1);
    bed_free(&b);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_forbidden_without_rules),
        cmocka_unit_test(another_release_than_the_planned_one_is_refused),
        cmocka_unit_test(a_change_id_is_wanted_where_the_fleet_says_so),
        cmocka_unit_test(a_hook_that_cannot_be_run_forbids),
        cmocka_unit_test(single_verbs_are_bounded),
        cmocka_unit_test(single_verbs_are_for_some_rings_only),
        cmocka_unit_test(an_old_catalogue_is_refused_unless_a_reason_is_given),
        cmocka_unit_test(hosts_are_left_out_with_the_reason),
        cmocka_unit_test(a_host_that_was_left_out_is_not_changed_after_all),
    };

    return cmocka_run_group_tests_name("forecast", tests, NULL, NULL);
}
