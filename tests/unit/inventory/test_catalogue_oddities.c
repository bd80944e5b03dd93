/* What real monthly documents are like, though nobody would expect it: other
 * spellings and rows that say nothing are in test_cvrf.c, what a hotpatch
 * leaves open is in model/test_exposure.c. */
#include "import_bed.h"

#include "backend/drivers/windows/windows.h"

/* The document of December names November's updates for one CVE. */
static void
updates_of_other_months_keep_their_month(void **state)
{
    struct bed *b = *state;
    import(
        b,
        MONTH(
            "2025-Dec", "2025-12-09",
            VULN(
                "CVE-2025-1200", "No", "7.8",
                FIX("\"5068966\"", IDS_2025, HOTPATCH, "10.0.26100.7092", "null") "," FIX(
                    "\"5068861\"", IDS_2025, UPDATE, "10.0.26100.7171",
                    "null")) "," VULN("CVE-2025-1201", "No", "7.8",
                                      FIX("\"5072033\"", IDS_2025, UPDATE,
                                          "10.0.26100.7462",
                                          "null")) "," VULN("CVE-2025-1202",
                                                            "No", "7.8",
                                                            FIX("\"5072033\"",
                                                                IDS_2025,
                                                                UPDATE,
                                                                "10.0.26100."
                                                                "7462",
                                                                "null"))));
    assert_string_equal(release_of(b, "ws2025", "KB5068966")->month, "2025-11");
    assert_string_equal(release_of(b, "ws2025", "KB5068966")->cves[0],
                        "CVE-2025-1200");
    assert_null(release_of(b, "ws2025", "KB5068861"));
    assert_warning("repeats KB5068861 (ws2025, build 26100.7171) of an earlier "
                   "month");
    assert_string_equal(release_of(b, "ws2025", "KB5072033")->month, "2025-12");
}

/* The document of November names October's baseline: it closed that one. */
static void
what_a_baseline_closed_is_closed_by_the_baseline(void **state)
{
    struct bed *b = *state;
    const struct hf_release *r;

    import(b, MONTH("2025-Nov", "2025-11-11",
                    VULN("CVE-2025-1100", "No", "7.8",
                         FIX("\"5066835\"", IDS_2025, UPDATE, "10.0.26100.6899",
                             "null")) "," VULN("CVE-2025-1101", "No", "7.8",
                                               FIX("\"5068966\"", IDS_2025,
                                                   HOTPATCH, "10.0.26100.7092",
                                                   "null"))));
    r = release_of(b, "ws2025", "KB5066835");
    assert_string_equal(r->month, "2025-10");
    assert_int_equal(r->type, HF_RELEASE_BASELINE);
    assert_string_equal(r->cves[0], "CVE-2025-1100");
    r = release_of(b, "ws2025", "KB5068966");
    assert_string_equal(r->cves[0], "CVE-2025-1101");
    assert_null(r->cves[1]);
}

/* The row of the calendar is in the catalogue already. */
static void
a_baseline_month_without_hotpatches_is_right(void **state)
{
    struct bed *b = *state;

    import(b, MONTH("2026-Jan", "2026-01-13",
                    VULN("CVE-2026-1000", "No", "7.8",
                         FIX("\"5073379\"", IDS_2025, UPDATE,
                             "10.0.26100.32230", "null"))));
    assert_int_equal(plan.problems.len, 0);
    assert_int_equal(plan.added.len, 0);
    assert_string_equal(release_of(b, "ws2025", "KB5073379")->cves[0],
                        "CVE-2026-1000");
}

#define HOT_2022 \
    FIX("\"5199010\"", IDS_2022, HOTPATCH, "10.0.20348.6000", "null")
#define UPD_2022 FIX("\"5199011\"", IDS_2022, UPDATE, "10.0.20348.6100", "null")

/* What a host of Server 2022 is told about its coverage. */
static const char *
coverage_of(const struct bed *b, const char *sku, struct hf_status *out)
{
    static const struct hf_findings none = {0};
    struct hf_facts facts = {0};
    struct hf_judge_in in = {
        .facts = &facts, .findings = &none, .catalogue = b->fleet->catalogue};

    assert_int_equal(hf_time_parse(&in.now, "2026-09-20"), 0);
    hf_facts_set(&facts, "os.build", "20348", NULL, in.now);
    hf_facts_set(&facts, "os.type", "3", NULL, in.now);
    hf_facts_set(&facts, "os.ubr", "6000", NULL, in.now);
    hf_facts_set(&facts, "os.sku", sku, NULL, in.now);
    hf_driver_windows.judge(out, &in);
    hf_facts_release(&facts);
    return out->coverage_why;
}

/* Hotpatches stand below plain "Windows Server 2022" and its Core row, though
 * only Datacenter: Azure Edition takes them. */
static void
who_may_take_hotpatches_never_comes_from_the_document(void **state)
{
    static const char *const others[] = {"7", "8", "12", "13"};
    struct bed *b = *state;
    struct hf_status status;

    import(b, MONTH("2026-Sep", "2026-09-08",
                    VULN("CVE-2026-9000", "No", "7.8", HOT_2022 "," UPD_2022)));
    assert_int_equal(release_of(b, "ws2022-azure", "KB5199010")->type,
                     HF_RELEASE_HOTPATCH);
    for (size_t i = 0; i < HF_COUNT(others); i++) {
        assert_non_null(strstr(coverage_of(b, others[i], &status),
                               "only Datacenter: Azure Edition"));
        assert_int_not_equal(status.coverage, HF_COVERAGE_COVERED);
    }
    assert_null(strstr(coverage_of(b, "407", &status), "only Datacenter"));
}

/* Windows 11 has one KB at two builds, which may be Server 2025's as well; in
 * another month each has its own. */
static void
one_kb_is_a_release_of_each_product_at_its_own_build(void **state)
{
    struct bed *b = *state;

    import(b,
           MONTH("2026-Sep", "2026-09-08",
                 VULN("CVE-2026-9000", "No", "7.8",
                      FIX("\"5199001\"", IDS_24H2 "," IDS_2025, HOTPATCH,
                          "10.0.26100.34000",
                          "null") "," FIX("\"5199001\"", IDS_25H2, HOTPATCH,
                                          "10.0.26200.34000", "null"))),
           MONTH("2026-Nov", "2026-11-10",
                 VULN("CVE-2026-9001", "No", "7.8",
                      FIX("\"5199021\"", IDS_2025, HOTPATCH, "10.0.26100.35000",
                          "null") "," FIX("\"5199022\"", IDS_24H2, HOTPATCH,
                                          "10.0.26100.35000", "null"))));
    assert_string_equal(release_of(b, "ws2025", "KB5199001")->build,
                        "26100.34000");
    assert_string_equal(release_of(b, "w11-24h2", "KB5199001")->build,
                        "26100.34000");
    assert_string_equal(release_of(b, "w11-25h2", "KB5199001")->build,
                        "26200.34000");
    assert_non_null(release_of(b, "ws2025", "KB5199021"));
    assert_non_null(release_of(b, "w11-24h2", "KB5199022"));
    assert_null(release_of(b, "ws2025", "KB5199022"));
    assert_null(release_of(b, "w11-24h2", "KB5199021"));
}

static void
what_follows_the_months_hotpatch_is_out_of_band(void **state)
{
    struct bed *b = *state;
    const struct hf_release *r;

    import(
        b,
        MONTH(
            "2026-Sep", "2026-09-08",
            VULN("CVE-2026-9000", "No", "7.8", HOT_SEP "," UPD_SEP) "," VULN(
                "CVE-2026-9001", "No", "7.8",
                HOT_SEP
                "," UPD_SEP) "," VULN("CVE-2026-9002", "Yes", "9.8",
                                      FIX("\"5199003\"", IDS_2025, HOTPATCH,
                                          "10.0.26100.34003",
                                          "\"5199001\"") "," FIX("\"5199004\"",
                                                                 IDS_2025,
                                                                 UPDATE,
                                                                 "10.0.26100."
                                                                 "34104",
                                                                 "\"5199002"
                                                                 "\""))));
    r = release_of(b, "ws2025", "KB5199003");
    assert_int_equal(r->type, HF_RELEASE_OOB);
    assert_int_equal(hf_release_line(r), HF_LINE_HOTPATCH);
    r = release_of(b, "ws2025", "KB5199004");
    assert_int_equal(r->type, HF_RELEASE_OOB);
    assert_int_equal(hf_release_line(r), HF_LINE_RESTART);
    assert_non_null(strstr(r->certainty, "taken for one that leaves"));
}

/* 2025-12: KB5074204 at the hotpatch's build, for a CVE that the hotpatch
 * does not close. */
static void
a_fix_at_a_hotpatchs_build_is_its_companion(void **state)
{
    struct bed *b = *state;
    const struct hf_release *r;

    import(b, MONTH("2025-Dec", "2025-12-09",
                    VULN("CVE-2025-54100", "No", "7.8",
                         FIX("\"5074204\"", IDS_2025, "Security Only",
                             "10.0.26100.7392",
                             "null")) "," VULN("CVE-2025-62454", "No", "7.8",
                                               FIX("\"5072014\"", IDS_2025,
                                                   HOTPATCH, "10.0.26100.7392",
                                                   "null"))));
    r = release_of(b, "ws2025", "KB5074204");
    assert_int_equal(r->type, HF_RELEASE_COMPANION);
    assert_non_null(strstr(r->certainty, "restart is unconfirmed"));
    assert_string_equal(r->month, "2025-12");
}

static void
a_release_with_known_issues_is_marked(void **state)
{
    struct bed *b = *state;

    import(b,
           SEPTEMBER(HOT_SEP "," UPD_SEP "," KNOWN_ISSUE("5199002", IDS_2025)));
    assert_true(release_of(b, "ws2025", "KB5199002")->known_issues);
    assert_false(release_of(b, "ws2025", "KB5199001")->known_issues);
}

int
main(void)
{
#define TEST(name) \
    cmocka_unit_test_setup_teardown(name, bed_setup_fleet, bed_teardown)
    const struct CMUnitTest tests[] = {
        TEST(updates_of_other_months_keep_their_month),
        TEST(what_a_baseline_closed_is_closed_by_the_baseline),
        TEST(a_baseline_month_without_hotpatches_is_right),
        TEST(who_may_take_hotpatches_never_comes_from_the_document),
        TEST(one_kb_is_a_release_of_each_product_at_its_own_build),
        TEST(what_follows_the_months_hotpatch_is_out_of_band),
        TEST(a_fix_at_a_hotpatchs_build_is_its_companion),
        TEST(a_release_with_known_issues_is_marked),
    };
    int failed = cmocka_run_group_tests(tests, bed_group_setup, NULL);

    hf_catalogue_plan_release(&plan);
    return failed;
}
