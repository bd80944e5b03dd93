/* The track of a Windows host as a picture. */
#include "tests/unit/rows/golden.h"

#include "backend/base/time.h"
#include "backend/drivers/driver.h"
#include "tui/rows/host.h"

#define ROW(m, t, k, b, day, ...)                                             \
    {                                                                         \
        .product = "ws2025", .month = m, .type = HF_RELEASE_##t, .kb = k,     \
        .build = "26100." b, .released = INT64_C(day) * 86400000, __VA_ARGS__ \
    }

/* Days since 1970: 20375 is 2025-10-14. */
/* clang-format off */
static const struct hf_release releases[] = {
    ROW("2025-07", BASELINE, "KB5062553", "4652", 20277, .cves = NULL),
    ROW("2025-08", HOTPATCH, "KB5064010", "4851", 20312, .cves = NULL),
    ROW("2025-09", HOTPATCH, "KB5065474", "6508", 20340,
        .note = "broke PowerShell Direct between unequal hosts"),
    ROW("2025-10", BASELINE, "KB5066835", "6899", 20375, .cves = NULL),
    ROW("2025-10", OOB, "KB5070881", "6905", 20384, .line = HF_LINE_RESTART),
    ROW("2025-10", OOB, "KB5070893", "6905", 20385, .line = HF_LINE_KEPT,
        .note = "keeps the track"),
    ROW("2025-11", HOTPATCH, "KB5068966", "7092", 20403,
        .certainty = "unconfirmed: read in a secondary source, which names "
                     "the build but not the day of its release"),
    ROW("2025-12", HOTPATCH, "KB5072014", "7392", 20431, .cves = NULL),
    ROW("2026-01", BASELINE, "KB5073379", "32230", 20466, .cves = NULL),
    ROW("2026-06", UNPLANNED_BASELINE, "KB5094125", "32995", 20613,
        .note = "was planned as a hotpatch month"),
};
/* clang-format on */

static const struct hf_product products[] = {
    {.id = "ws2025", .title = "x", .complete_until = "2026-06"},
};
static const struct hf_catalogue catalogue = {
    .releases = releases,
    .releases_len = HF_COUNT(releases),
    .products = products,
    .products_len = HF_COUNT(products),
};
static const struct hf_fleet windows_fleet = {.name = "w",
                                              .catalogue = &catalogue};

static void
add_picture(struct hf_buf *out, const char *day, const char *ubr,
            const char *kbs, const struct hf_look *look)
{
    static const struct hf_host host = {.name = "w", .platform = "windows"};
    struct hf_state st = {.host = &host};
    struct hf_doc doc = {0};
    struct hf_track track;
    int64_t now;

    assert_int_equal(hf_time_parse(&now, day), 0);
    hf_facts_set(&hf_state_change(&st)->facts, "os.build", "26100", NULL, 1);
    hf_facts_set(&hf_state_change(&st)->facts, "os.type", "3", NULL, 1);
    hf_facts_set(&hf_state_change(&st)->facts, "os.sku", "8", NULL, 1);
    if (ubr)
        hf_facts_set(&hf_state_change(&st)->facts, "os.ubr", ubr, NULL, 1);
    if (kbs)
        hf_facts_set(&hf_state_change(&st)->facts, "updates", kbs, NULL, 1);
    hf_track_of(&track, &st, &windows_fleet, now);
    hf_buf_printf(out, "== %s, %s %s\n", day, ubr ? ubr : "-", kbs ? kbs : "");
    hf_host_track_rows(&doc, &track, look);
    add_doc(out, &doc);
    hf_doc_release(&doc);
    hf_track_release(&track);
    hf_state_release(&st);
}

static void
the_quarter_is_drawn_from_baseline_to_baseline(void **state)
{
    struct hf_buf out = {0};

    (void)state;
    add_picture(&out, "2025-11-15", "7092", "KB5068966", &narrow);
    add_picture(&out, "2025-11-15", "6899", "KB5066835", &ascii);
    add_picture(&out, "2025-10-20", "6508", "KB5065474", &narrow);
    add_picture(&out, "2026-01-20", "4851", "KB5064010", &narrow);
    compare("track", &out);
}

static void
who_left_the_track_stands_on_a_rail_beside_it(void **state)
{
    struct hf_buf out = {0};

    (void)state;
    add_picture(&out, "2025-11-15", "6905", "KB5066835 KB5070881", &narrow);
    add_picture(&out, "2025-12-15", "7171", "KB5068861", &narrow);
    add_picture(&out, "2025-12-15", "7171", "KB5068861", &ascii);
    add_picture(&out, "2026-01-20", "7171", "KB5068861", &narrow);
    compare("track_off", &out);
}

static void
what_the_catalogue_lacks_is_told_and_not_guessed(void **state)
{
    struct hf_buf out = {0};

    (void)state;
    add_picture(&out, "2026-06-20", "32995", "KB5094125", &narrow);
    add_picture(&out, "2026-10-20", "32995", "KB5094125", &narrow);
    add_picture(&out, "2026-06-20", "40000", NULL, &narrow);
    add_picture(&out, "2025-11-15", "6905", NULL, &narrow);
    add_picture(&out, "2025-11-15", NULL, NULL, &narrow);
    compare("track_unknown", &out);
}

static void
a_host_without_a_track_has_no_picture(void **state)
{
    static const struct hf_host host = {.name = "l", .platform = "livepatch"};
    struct hf_state st = {.host = &host};
    struct hf_doc doc = {0};
    struct hf_track track;

    (void)state;
    hf_facts_set(&hf_state_change(&st)->facts, "kernel.release", "6.1", NULL,
                 1);
    hf_track_of(&track, &st, &windows_fleet, NOW);
    hf_host_track_rows(&doc, &track, &narrow);
    assert_int_equal(doc.len, 0);
    hf_track_release(&track);
    hf_state_release(&st);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_quarter_is_drawn_from_baseline_to_baseline),
        cmocka_unit_test(who_left_the_track_stands_on_a_rail_beside_it),
        cmocka_unit_test(what_the_catalogue_lacks_is_told_and_not_guessed),
        cmocka_unit_test(a_host_without_a_track_has_no_picture),
    };

    return cmocka_run_group_tests_name("track", tests, NULL, NULL);
}
