/* Monthly documents against the catalogue that ships and the fleet's own. */
#include "import_bed.h"

#include <stdio.h>

static const char *
complete(const struct bed *b, const char *product)
{
    return hf_catalogue_product(b->fleet->catalogue, product)->complete_until;
}

static void
a_known_hotpatch_gains_cves_and_its_month_an_ordinary_update(void **state)
{
    struct bed *b = *state;
    const struct hf_release *r;
    const struct hf_cve *cve;

    import(b, FEBRUARY);
    r = release_of(b, "ws2025", "KB5075942");
    assert_int_equal(r->type, HF_RELEASE_HOTPATCH);
    assert_string_equal(r->cves[0], "CVE-2026-1000");
    assert_non_null(strstr(r->source, "release-health"));
    r = release_of(b, "ws2025", "KB5075899");
    assert_int_equal(r->type, HF_RELEASE_UPDATE);
    assert_string_equal(r->month, "2026-02");
    assert_string_equal(r->build, "26100.32370");
    assert_string_equal(r->source, "Microsoft CVRF 2026-Feb");
    cve = hf_catalogue_cve(b->fleet->catalogue, "CVE-2026-1000");
    assert_non_null(cve);
    assert_true(cve->exploited);
    assert_int_equal(hf_release_exploited(b->fleet->catalogue, r), 1);
    assert_null(hf_catalogue_cve(b->fleet->catalogue, "CVE-2026-1"));
}

static void
reading_it_again_changes_nothing(void **state)
{
    struct bed *b = *state;

    import(b, FEBRUARY);
    assert_int_equal(read(b, FEBRUARY, FEBRUARY), HF_OK);
    assert_int_equal(plan.edit.len, 0);
    assert_int_equal(plan.added.len + plan.changed.len, 0);
}

/* A person's file keeps its own words and keys. */
static void
the_fleets_own_rows_keep_what_they_say(void **state)
{
    struct bed *b = *state;

    bed_write(
        b, "catalogue/ours.json",
        "{\"$schema\": \"x\", \"product\": \"ws2025\", \"note\": \"mine\","
        " \"releases\": [{\"month\": \"2026-02\", \"type\": \"hotpatch\","
        " \"kb\": \"KB5075942\", \"build\": \"26100.32313\","
        " \"note\": \"kept\"}]}");
    bed_commit(b, "ours");
    import(b, FEBRUARY);
    assert_string_equal(release_of(b, "ws2025", "KB5075942")->note, "kept");
    assert_non_null(strstr(bed_read(b, "catalogue/ours.json"), "\"mine\""));
    assert_int_not_equal(bed_sh(b, "test -e catalogue/ws2025.json"), 0);
}

static void
the_next_month_makes_the_catalogue_complete_for_longer(void **state)
{
    struct bed *b = *state;

    import(b, SEPTEMBER(HOT_SEP "," UPD_SEP));
    assert_int_equal(plan.problems.len, 0);
    assert_string_equal(complete(b, "ws2025"), "2026-09");
    assert_int_equal(release_of(b, "ws2025", "KB5199001")->type,
                     HF_RELEASE_HOTPATCH);
    assert_int_equal(release_of(b, "ws2025", "KB5199002")->type,
                     HF_RELEASE_UPDATE);
    assert_string_equal(complete(b, "ws2022-azure"), "2026-08");
}

static void
a_month_that_is_missing_is_named(void **state)
{
    struct bed *b = *state;

    import(b, MONTH("2026-Nov", "2026-11-10",
                    VULN("CVE-2026-9000", "No", "7.8", HOT_SEP "," UPD_SEP)));
    assert_string_equal(complete(b, "ws2025"), "2026-08");
    assert_warning("2026-09 is missing before 2026-11");
}

/* No hotpatch: a baseline was due, or came unplanned. Never an ordinary
 * update, which would leave hosts looking covered. */
static void
a_month_without_a_hotpatch_had_a_baseline(void **state)
{
    struct bed *b = *state;
    const struct hf_release *r;

    import(b, MONTH("2026-Oct", "2026-10-13",
                    VULN("CVE-2026-9000", "No", "7.8", UPD_SEP)));
    r = release_of(b, "ws2025", "KB5199002");
    assert_int_equal(r->type, HF_RELEASE_BASELINE);
    assert_non_null(strstr(r->certainty, "derived"));
}

static void
an_unplanned_baseline_is_taken_for_one_and_said(void **state)
{
    struct bed *b = *state;

    import(b, SEPTEMBER(UPD_SEP));
    assert_int_equal(release_of(b, "ws2025", "KB5199002")->type,
                     HF_RELEASE_UNPLANNED_BASELINE);
    assert_warning("KB5199002 is taken for an unplanned baseline");
}

static void
older_months_are_read_first(void **state)
{
    struct bed *b = *state;

    import(b,
           MONTH("2025-Dec", "2025-12-09",
                 VULN("CVE-2025-1200", "No", "7.8",
                      FIX("\"5068861\"", IDS_2025, UPDATE, "10.0.26100.7171",
                          "null")) "," VULN("CVE-2025-1201", "No", "7.8",
                                            FIX("\"5072033\"", IDS_2025, UPDATE,
                                                "10.0.26100.7462", "null"))),
           MONTH("2025-Nov", "2025-11-11",
                 VULN("CVE-2025-1100", "No", "7.8",
                      FIX("\"5068861\"", IDS_2025, UPDATE, "10.0.26100.7171",
                          "null"))));
    assert_int_equal(plan.problems.len, 0);
    assert_string_equal(release_of(b, "ws2025", "KB5068861")->month, "2025-11");
    assert_string_equal(release_of(b, "ws2025", "KB5068861")->cves[1],
                        "CVE-2025-1200");
}

static void
disagreement_names_both_and_changes_nothing(void **state)
{
    struct bed *b = *state;

    import(b, MONTH("2026-Feb", "2026-02-10",
                    VULN("CVE-2026-1000", "No", "7.8",
                         FIX("\"5075942\"", IDS_2025, HOTPATCH,
                             "10.0.26100.32314", "null"))));
    assert_warning(
        "2026-Feb names hotpatch KB5075942 (ws2025, build "
        "26100.32314); the catalogue has KB5075942 (ws2025, hotpatch "
        "2026-02, 26100.32313), which stays");
    assert_int_equal(plan.added.len + plan.changed.len, 0);
    import(b, MONTH("2026-Feb", "2026-02-10",
                    VULN("CVE-2026-1000", "No", "7.8",
                         FIX("\"5075777\"", IDS_2025, HOTPATCH,
                             "10.0.26100.32314", "null"))));
    assert_warning("names hotpatch KB5075777");
    assert_null(release_of(b, "ws2025", "KB5075777"));
    import(b, MONTH("2026-Feb", "2026-02-10",
                    VULN("CVE-2026-1000", "No", "7.8",
                         FIX("\"5075942\"", IDS_2025, UPDATE,
                             "10.0.26100.32313", "null"))));
    assert_warning("names update KB5075942");
}

/* A month that disagrees is not called complete. */
static void
a_doubtful_month_does_not_extend_the_catalogue(void **state)
{
    struct bed *b = *state;

    bed_write(b, "catalogue/ws2025.json",
              "{\"product\": \"ws2025\", \"releases\": [{\"month\": "
              "\"2026-09\", \"type\": \"hotpatch\", \"kb\": \"KB5199009\", "
              "\"build\": \"26100.34009\", \"released\": \"2026-09-08\"}]}");
    bed_commit(b, "by hand");
    import(b, SEPTEMBER(HOT_SEP "," UPD_SEP));
    assert_warning("KB5199009");
    assert_warning("ws2025 is not called complete for 2026-09");
    assert_string_equal(complete(b, "ws2025"), "2026-08");
}

#define OURS(type, cves)                                                    \
    "{\"product\": \"ws2025\", \"complete_until\": \"2026-09\", "           \
    "\"releases\": [{\"month\": \"2026-09\", \"type\": \"" type             \
    "\", \"kb\": \"KB5199001\", \"build\": \"26100.34000\", \"released\": " \
    "\"2026-09-08\", \"cves\": [" cves "]}]}"

static void
our_own_form_is_read_too(void **state)
{
    struct bed *b = *state;

    import(b, OURS("hotpatch", "\"CVE-2026-9000\""),
           "{\"cves\": [{\"id\": \"CVE-2026-9000\", \"severity\": "
           "\"critical\", \"score\": \"9.8\"}]}");
    assert_string_equal(complete(b, "ws2025"), "2026-09");
    assert_string_equal(release_of(b, "ws2025", "KB5199001")->build,
                        "26100.34000");
    assert_string_equal(
        hf_catalogue_cve(b->fleet->catalogue, "CVE-2026-9000")->score, "9.8");
    import(b, OURS("update", "\"CVE-2026-9001\""));
    assert_warning("disagrees with the catalogue's KB5199001");
    assert_int_equal(plan.edit.len, 0);
    import(b, OURS("hotpatch", "\"CVE-2026-9001\""));
    assert_string_equal(release_of(b, "ws2025", "KB5199001")->cves[1],
                        "CVE-2026-9001");
}

static void
one_file_that_cannot_be_used_stops_all(void **state)
{
    struct bed *b = *state;

    assert_int_equal(read(b, FEBRUARY, "<html>"), HF_EINVALID);
    assert_string_equal(b->err.text,
                        "'second.json' is a web page, not a JSON document");
    assert_int_equal(plan.edit.len, 0);
    assert_int_equal(read(b, FEBRUARY, "\x1f\x8b\x08"), HF_EINVALID);
    assert_string_equal(b->err.text, "'second.json' is compressed (gzip)");
    assert_int_equal(read(b, OURS("hotpach", "")), HF_EINVALID);
    assert_non_null(strstr(b->err.text, "first.json:1:"));
}

int
main(void)
{
#define TEST(name) \
    cmocka_unit_test_setup_teardown(name, bed_setup_fleet, bed_teardown)
    const struct CMUnitTest tests[] = {
        TEST(a_known_hotpatch_gains_cves_and_its_month_an_ordinary_update),
        TEST(reading_it_again_changes_nothing),
        TEST(the_fleets_own_rows_keep_what_they_say),
        TEST(the_next_month_makes_the_catalogue_complete_for_longer),
        TEST(a_month_that_is_missing_is_named),
        TEST(a_month_without_a_hotpatch_had_a_baseline),
        TEST(an_unplanned_baseline_is_taken_for_one_and_said),
        TEST(older_months_are_read_first),
        TEST(disagreement_names_both_and_changes_nothing),
        TEST(a_doubtful_month_does_not_extend_the_catalogue),
        TEST(our_own_form_is_read_too),
        TEST(one_file_that_cannot_be_used_stops_all),
    };
    int failed = cmocka_run_group_tests(tests, bed_group_setup, NULL);

    hf_catalogue_plan_release(&plan);
    return failed;
}
