/* Where hosts are on the line of their product, by day. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"
#include "backend/base/time.h"
#include "backend/drivers/windows/windows.h"
#include "tests/unit/drivers/windows/bed.h"

static struct hf_status
judged_by(const struct hf_catalogue *by, const char *day, const char *ubr,
          const char *kbs)
{
    static const struct hf_findings none = {0};
    struct hf_facts facts = {0};
    struct hf_judge_in in = {
        .facts = &facts, .findings = &none, .catalogue = by};
    struct hf_status status;

    assert_int_equal(hf_time_parse(&in.now, day), 0);
    facts_of(&facts, ubr, kbs);
    windows_judge(&status, &in);
    hf_facts_release(&facts);
    return status;
}

static struct hf_status
judged(const char *day, const char *ubr, const char *kbs)
{
    return judged_by(&catalogue, day, ubr, kbs);
}

#define check(day, ubr, kbs, cover, level_of_patch, word)             \
    do {                                                              \
        struct hf_status s = judged(day, ubr, kbs);                   \
                                                                      \
        assert_string_equal(hf_coverage_names[s.coverage], cover);    \
        assert_string_equal(hf_patch_names[s.patch], level_of_patch); \
        if (!strstr(s.coverage_why, word))                            \
            fail_msg("'%s' does not say '%s'", s.coverage_why, word); \
    } while (0)

static void
a_hotpatch_on_the_newest_baseline_is_on_track(void **state)
{
    (void)state;
    check("2025-11-15", "7092", "KB5068966", "covered", "current",
          "baseline 2025-10, hotpatched to 2025-11");
    check("2025-12-15", "7092", "KB5068966", "covered", "behind", "2025-11");
    check("2025-11-15", "6899", "KB5066835", "covered", "behind",
          "baseline 2025-10");
}

static void
one_build_of_two_updates_is_told_by_its_kb(void **state)
{
    (void)state;
    check("2025-11-15", "6905", "KB5066835 KB5070893", "covered", "behind",
          "on track");
    check("2025-11-15", "6905", "KB5066835 KB5070881", "off-track", "behind",
          "KB5070881 took it off");
    check("2025-11-15", "6905", "KB5070881 KB5070893", "off-track", "behind",
          "KB5070881");
    check("2025-11-15", "6905", "KB5066835", "unknown", "unknown", "neither");
    check("2025-11-15", "6905", NULL, "unknown", "unknown", "neither");
}

/* It keeps a host off although a later update of its month followed. */
static void
a_stray_update_counts_until_the_next_baseline(void **state)
{
    (void)state;
    check("2025-11-15", "7092", "KB5070881 KB5068966", "off-track", "current",
          "KB5070881");
    check("2026-01-20", "32230", "KB5070881 KB5073379", "covered", "current",
          "baseline 2026-01");
}

static void
an_older_baseline_wants_a_restart(void **state)
{
    (void)state;
    check("2026-01-20", "7392", "KB5072014", "restart-due", "behind",
          "KB5073379 (2026-01)");
    check("2026-01-20", "6905", "KB5070881", "restart-due", "behind",
          "KB5073379");
}

/* A higher number is no newer level: 7171 stands for November's ordinary
 * update. */
static void
an_ordinary_update_in_a_hotpatch_month_leaves_the_track(void **state)
{
    (void)state;
    check("2025-12-15", "7171", "KB5068861", "off-track", "unknown",
          "no build of the hotpatch line");
    check("2026-01-20", "7171", "KB5068861", "restart-due", "behind",
          "KB5073379");
}

static void
beyond_the_catalogue_nothing_is_guessed(void **state)
{
    (void)state;
    check("2025-11-15", "9999", NULL, "unknown", "unknown", "newer than");
    /* March has no row: what is between may be its hotpatch */
    check("2026-04-20", "32463", NULL, "restart-due", "behind", "2026-04");
    check("2026-04-20", "32690", NULL, "covered", "current", "2026-04");
    /* two release days later the catalogue is old */
    check("2026-05-20", "32690", NULL, "covered", "unknown", "2026-04");
}

/* July's planned baseline is out, whoever has not heard of it. */
static void
an_old_catalogue_does_not_promise_hotpatches(void **state)
{
    (void)state;
    check("2026-07-13", "32690", NULL, "covered", "unknown", "on track");
    check("2026-07-20", "32690", NULL, "unknown", "unknown",
          "planned for 2026-07-14");
    check("2026-07-20", "32313", NULL, "restart-due", "behind", "2026-04");
}

static void
a_month_without_a_row_may_hide_a_baseline(void **state)
{
    struct hf_release some[] = {rows[7], rows[8], rows[9]};
    struct hf_catalogue gap = {.releases = some,
                               .releases_len = 3,
                               .products = products,
                               .products_len = 1};
    struct windows_track t;
    struct hf_facts facts = {0};
    int64_t now;

    (void)state;
    some[2].type = HF_RELEASE_HOTPATCH;
    assert_int_equal(hf_time_parse(&now, "2026-04-20"), 0);
    facts_of(&facts, "32313", NULL);
    windows_track(&t, &facts, &gap, now);
    assert_int_equal(t.place, WINDOWS_ON_TRACK);
    assert_string_equal(t.gap, "2026-03");
    windows_track_release(&t);
    hf_facts_set(&facts, "os.ubr", "32500", NULL, 1);
    windows_track(&t, &facts, &gap, now);
    assert_int_equal(t.place, WINDOWS_GAP);
    windows_track_release(&t);
    hf_facts_release(&facts);
}

static void
a_baseline_that_the_catalogue_lacks_is_due_by_its_day(void **state)
{
    struct hf_status s = judged("2026-08-20", "32690", "KB5082063");
    char day[HF_TIME_LEN];

    (void)state;
    assert_int_equal(s.coverage, HF_COVERAGE_UNKNOWN);
    assert_memory_equal(hf_time_format(day, s.covered_until), "2026-07-14", 10);
}

static void
the_deadline_of_a_policy_is_read(void **state)
{
    static const struct hf_findings none = {0};
    struct hf_facts facts = {0};
    struct hf_judge_in in = {
        .facts = &facts, .findings = &none, .catalogue = &catalogue};
    struct hf_status status;

    (void)state;
    facts_of(&facts, "32690", "KB5082063");
    windows_judge(&status, &in);
    assert_int_equal(status.restart_within, 0);
    hf_facts_set(&facts, "others.deadline",
                 "restarts at the latest 7 days after an update", NULL, 1);
    windows_judge(&status, &in);
    assert_int_equal(status.restart_within, INT64_C(7) * 24 * 60 * 60 * 1000);
    hf_facts_release(&facts);
}

/* The months that the picture calls baselines, from the host's own on, and the
 * one that restarts it next. */
static void
expect_baselines(const struct hf_calendar *cal, const char *months,
                 const char *restart)
{
    static const struct hf_findings none = {0};
    struct hf_facts facts = {0};
    struct hf_judge_in in = {.facts = &facts,
                             .findings = &none,
                             .catalogue = &catalogue,
                             .calendar = cal};
    struct hf_buf text = {0};
    struct hf_track track;

    assert_int_equal(hf_time_parse(&in.now, "2026-05-20"), 0);
    facts_of(&facts, "32690", "KB5082063");
    windows_stops(&track, &in);
    for (size_t i = 0; i < track.len; i++) {
        if (track.v[i].type == HF_RELEASE_BASELINE ||
            track.v[i].type == HF_RELEASE_UNPLANNED_BASELINE)
            hf_buf_printf(&text, "%s ", track.v[i].month);
    }
    assert_string_equal(hf_buf_str(&text), months);
    assert_string_equal(track.v[track.restart].month, restart);
    hf_buf_release(&text);
    hf_track_release(&track);
    hf_facts_release(&facts);
}

static void
the_picture_has_the_baselines_of_the_calendar(void **state)
{
    static const char *const june[] = {"2026-06", NULL};
    static const char *const later[] = {"2026-05", "2026-08", NULL};
    struct hf_baselines said = {.product = "ws2025", .planned = later};
    const struct hf_calendar cal = {.baselines = &said, .baselines_len = 1};

    (void)state;
    expect_baselines(NULL, "2026-04 2026-07 ", "2026-07");
    expect_baselines(&cal, "2026-04 2026-05 2026-08 ", "2026-05");
    said.unplanned = june;
    expect_baselines(&cal, "2026-04 2026-05 2026-06 ", "2026-05");
}

/* ---- with the ordinary updates of the monthly documents ---- */

static const char *const closed[] = {"CVE-2025-54100", NULL};

/* clang-format off */
static const struct hf_release full_rows[] = {
    ROW("2025-10", BASELINE, "KB5066835", "6899", 20375, .cves = NULL),
    ROW("2025-11", HOTPATCH, "KB5068966", "7092", 20403, .cves = NULL),
    ROW("2025-11", UPDATE, "KB5068861", "7171", 20403, .cves = NULL),
    ROW("2025-12", HOTPATCH, "KB5072014", "7392", 20431, .cves = NULL),
    ROW("2025-12", COMPANION, "KB5074204", "7392", 20431, .cves = closed),
    ROW("2025-12", UPDATE, "KB5072033", "7462", 20431, .cves = NULL),
    ROW("2025-12", OOB, "KB5074999", "7466", 20440, .line = HF_LINE_RESTART),
};
/* clang-format on */

static const struct hf_product full_products[] = {
    {.id = "ws2025", .title = "x", .complete_until = "2025-12"},
};

static const struct hf_catalogue full = {
    .releases = full_rows,
    .releases_len = HF_COUNT(full_rows),
    .products = full_products,
    .products_len = HF_COUNT(full_products),
};

#define check_full(day, ubr, kbs, cover, level_of_patch, word)        \
    do {                                                              \
        struct hf_status s = judged_by(&full, day, ubr, kbs);         \
                                                                      \
        assert_string_equal(hf_coverage_names[s.coverage], cover);    \
        assert_string_equal(hf_patch_names[s.patch], level_of_patch); \
        if (!strstr(s.patch_why, word))                               \
            fail_msg("'%s' does not say '%s'", s.patch_why, word);    \
    } while (0)

static void
off_the_track_the_ordinary_updates_count(void **state)
{
    (void)state;
    check_full("2025-12-10", "7171", "KB5068861", "off-track", "behind",
               "2025-12 are missing (KB5072033, update)");
    check_full("2025-12-10", "7462", "KB5072033", "off-track", "current", "");
    check_full("2025-12-20", "7462", "KB5072033", "off-track", "behind",
               "KB5074999, oob");
    check_full("2025-12-20", "7466", "KB5074999", "off-track", "current", "");
}

/* It came out behind the regular day of the last complete month, and is in the
 * catalogue all the same. */
static void
an_unplanned_baseline_late_in_its_month_is_not_missing(void **state)
{
    static const struct hf_release late[] = {
        ROW("2025-10", BASELINE, "KB5066835", "6899", 20375, .cves = NULL),
        ROW("2025-11", HOTPATCH, "KB5068966", "7092", 20403, .cves = NULL),
        ROW("2025-11", UNPLANNED_BASELINE, "KB5068999", "7180", 20417,
            .cves = NULL),
    };
    static const struct hf_product product = {.id = "ws2025",
                                              .complete_until = "2025-11"};
    const struct hf_catalogue c = {.releases = late,
                                   .releases_len = HF_COUNT(late),
                                   .products = &product,
                                   .products_len = 1};
    struct hf_status s;

    (void)state;
    s = judged_by(&c, "2025-12-01", "7180", "KB5068999");
    assert_string_equal(s.coverage_why,
                        "on track at baseline 2025-11 (unplanned)");
    assert_int_equal(s.coverage, HF_COVERAGE_COVERED);
    s = judged_by(&c, "2026-01-20", "7180", "KB5068999");
    assert_int_equal(s.coverage, HF_COVERAGE_UNKNOWN); /* that of January */
}

/* Lower than the ordinary update of its month, and yet as complete. */
static void
an_ordinary_update_does_not_make_a_hotpatched_host_old(void **state)
{
    (void)state;
    check_full("2025-12-20", "7392", "KB5072014", "covered", "current", "");
    check_full("2025-12-20", "7092", "KB5068966", "covered", "behind",
               "KB5072014 (hotpatch 2025-12)");
}

/* A separate fix at the same build is neither a level nor a stray update. */
static void
a_companion_leaves_the_level_as_it_is(void **state)
{
    (void)state;
    check_full("2025-12-20", "7392", "KB5072014 KB5074204", "covered",
               "current", "");
    check_full("2025-12-20", "7392", NULL, "covered", "current", "");
}

static void
an_unlisted_build_is_behind_only_below_the_whole_month(void **state)
{
    (void)state;
    check_full("2025-12-10", "7300", "", "off-track", "behind",
               "below every release of 2025-12");
    check_full("2025-12-10", "7400", "", "off-track", "unknown",
               "none of the releases of 2025-12");
    check_full("2025-12-10", "7500", "", "unknown", "unknown",
               "newer than the catalogue");
}

static void
an_overdue_catalogue_calls_no_ordinary_update_current(void **state)
{
    (void)state;
    check_full("2026-01-20", "7466", "KB5074999", "off-track", "unknown",
               "catalogue ends 2025-12");
    check_full("2026-01-20", "7171", "KB5068861", "off-track", "behind",
               "2025-12");
}

/* Editions without hotpatches have the ordinary line for themselves. */
static void
an_ineligible_edition_is_judged_by_ordinary_updates(void **state)
{
    static const struct hf_release old[] = {
        {.product = "ws2022-azure",
         .month = "2025-11",
         .type = HF_RELEASE_HOTPATCH,
         .kb = "KB5068840",
         .build = "20348.4346",
         .released = INT64_C(20403) * 86400000},
        {.product = "ws2022-azure",
         .month = "2025-11",
         .type = HF_RELEASE_UPDATE,
         .kb = "KB5068787",
         .build = "20348.4405",
         .released = INT64_C(20403) * 86400000},
    };
    static const struct hf_product product = {.id = "ws2022-azure",
                                              .complete_until = "2025-11"};
    static const struct hf_catalogue c = {.releases = old,
                                          .releases_len = HF_COUNT(old),
                                          .products = &product,
                                          .products_len = 1};
    static const struct hf_findings none = {0};
    struct hf_facts facts = {0};
    struct hf_judge_in in = {
        .facts = &facts, .findings = &none, .catalogue = &c};
    struct hf_status status;

    (void)state;
    assert_int_equal(hf_time_parse(&in.now, "2025-11-20"), 0);
    facts_of(&facts, "4405", "KB5068787");
    hf_facts_set(&facts, "os.build", "20348", NULL, 1);
    windows_judge(&status, &in);
    assert_int_equal(status.patch, HF_PATCH_CURRENT);
    assert_int_equal(status.coverage, HF_COVERAGE_UNKNOWN);
    assert_non_null(strstr(status.coverage_why, "only Datacenter: Azure"));
    hf_facts_set(&facts, "os.ubr", "4294", NULL, 1);
    windows_judge(&status, &in);
    assert_int_equal(status.patch, HF_PATCH_UNKNOWN);
    hf_facts_release(&facts);
}

static void
finding_of(const struct hf_check *row, struct hf_facts *facts,
           struct hf_finding *out)
{
    struct hf_check_in in = {.facts = facts, .catalogue = &full};

    assert_int_equal(hf_time_parse(&in.now, "2025-12-20"), 0);
    *out = (struct hf_finding){0};
    row->run(&in, out);
}

static void
finding_end(struct hf_finding *f)
{
    free(f->expected);
    free(f->found);
    free(f->source);
}

static void
an_offer_that_leaves_the_track_is_told(void **state)
{
    struct hf_facts facts = {0};
    struct hf_finding f;

    (void)state;
    facts_of(&facts, "7092", "KB5068966");
    hf_facts_set(&facts, "offered", "KB5072014 KB890830", "agent", 1);
    finding_of(&hf_check_offers, &facts, &f);
    assert_int_equal(f.verdict, HF_VERDICT_PASS);
    finding_end(&f);
    hf_facts_set(&facts, "offered", "KB5072033", "agent", 1);
    finding_of(&hf_check_offers, &facts, &f);
    assert_int_equal(f.verdict, HF_VERDICT_WARN);
    assert_non_null(strstr(f.found, "KB5072033 (update 2025-12) was offered"));
    finding_end(&f);
    hf_facts_set(&facts, "others.automatic", "installs by itself", NULL, 1);
    finding_of(&hf_check_offers, &facts, &f);
    assert_int_equal(f.verdict, HF_VERDICT_BLOCK);
    finding_end(&f);
    hf_facts_set(&facts, "offered", "KB5072033 KB5072014", "agent", 1);
    finding_of(&hf_check_offers, &facts, &f);
    assert_int_equal(f.verdict, HF_VERDICT_WARN);
    finding_end(&f);
    hf_facts_set_unknown(&facts, "offered", "denied", "agent", 1);
    finding_of(&hf_check_offers, &facts, &f);
    assert_int_equal(f.verdict, HF_VERDICT_WARN);
    assert_non_null(strstr(f.found, "not known: denied"));
    finding_end(&f);
    hf_facts_release(&facts);
}

static void
what_a_hotpatch_leaves_open_is_told(void **state)
{
    struct hf_facts facts = {0};
    struct hf_finding f;

    (void)state;
    facts_of(&facts, "7392", "KB5072014");
    finding_of(&hf_check_incidents, &facts, &f);
    assert_int_equal(f.verdict, HF_VERDICT_WARN);
    assert_non_null(strstr(f.found, "open on hotpatched hosts; see KB5074204"));
    finding_end(&f);
    hf_facts_set(&facts, "updates", "KB5072014 KB5074204", NULL, 1);
    finding_of(&hf_check_incidents, &facts, &f);
    assert_int_equal(f.verdict, HF_VERDICT_PASS);
    finding_end(&f);
    hf_facts_release(&facts);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_hotpatch_on_the_newest_baseline_is_on_track),
        cmocka_unit_test(one_build_of_two_updates_is_told_by_its_kb),
        cmocka_unit_test(a_stray_update_counts_until_the_next_baseline),
        cmocka_unit_test(an_older_baseline_wants_a_restart),
        cmocka_unit_test(
            an_ordinary_update_in_a_hotpatch_month_leaves_the_track),
        cmocka_unit_test(beyond_the_catalogue_nothing_is_guessed),
        cmocka_unit_test(an_old_catalogue_does_not_promise_hotpatches),
        cmocka_unit_test(a_month_without_a_row_may_hide_a_baseline),
        cmocka_unit_test(the_picture_has_the_baselines_of_the_calendar),
        cmocka_unit_test(a_baseline_that_the_catalogue_lacks_is_due_by_its_day),
        cmocka_unit_test(the_deadline_of_a_policy_is_read),
        cmocka_unit_test(off_the_track_the_ordinary_updates_count),
        cmocka_unit_test(
            an_unplanned_baseline_late_in_its_month_is_not_missing),
        cmocka_unit_test(
            an_ordinary_update_does_not_make_a_hotpatched_host_old),
        cmocka_unit_test(a_companion_leaves_the_level_as_it_is),
        cmocka_unit_test(
            an_unlisted_build_is_behind_only_below_the_whole_month),
        cmocka_unit_test(an_overdue_catalogue_calls_no_ordinary_update_current),
        cmocka_unit_test(an_ineligible_edition_is_judged_by_ordinary_updates),
        cmocka_unit_test(an_offer_that_leaves_the_track_is_told),
        cmocka_unit_test(what_a_hotpatch_leaves_open_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
