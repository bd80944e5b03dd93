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
judged(const char *day, const char *ubr, const char *kbs)
{
    static const struct hf_findings none = {0};
    struct hf_facts facts = {0};
    struct hf_judge_in in = {
        .facts = &facts, .findings = &none, .catalogue = &catalogue};
    struct hf_status status;

    assert_int_equal(hf_time_parse(&in.now, day), 0);
    facts_of(&facts, ubr, kbs);
    windows_judge(&status, &in);
    hf_facts_release(&facts);
    return status;
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
planned_baselines_come_every_quarter(void **state)
{
    char text[HF_TIME_LEN];
    int64_t now;

    (void)state;
    assert_int_equal(hf_time_parse(&now, "2026-08-20"), 0);
    hf_time_format(text, windows_next_baseline(now));
    assert_memory_equal(text, "2026-10-13", 10);
    assert_int_equal(hf_time_parse(&now, "2026-10-13"), 0);
    hf_time_format(text, windows_next_baseline(now));
    assert_memory_equal(text, "2026-10-13", 10);
    assert_int_equal(hf_time_parse(&now, "2026-12-31"), 0);
    hf_time_format(text, windows_next_baseline(now));
    assert_memory_equal(text, "2027-01-12", 10);
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
        cmocka_unit_test(planned_baselines_come_every_quarter),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
