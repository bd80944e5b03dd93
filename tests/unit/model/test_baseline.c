/* Which months bring a baseline, and who says so. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "backend/base/mem.h"
#include "backend/base/time.h"
#include "backend/model/baseline.h"
#include "tests/support/at.h"

static struct hf_release rows[] = {
    {.product = "linux", .kernel = "6.1.0-1", .patch = "p"},
    {.product = "ws2025", .month = "2026-04", .type = HF_RELEASE_BASELINE},
    {.product = "ws2025", .month = "2026-05", .type = HF_RELEASE_HOTPATCH},
    {.product = "ws2025", .month = "2026-05", .type = HF_RELEASE_UPDATE},
    {.product = "ws2025",
     .month = "2026-06",
     .type = HF_RELEASE_UNPLANNED_BASELINE},
    {.product = "ws2025",
     .month = "2026-07",
     .type = HF_RELEASE_BASELINE,
     .certainty = "unconfirmed"},
    {.product = "ws2025", .month = "2027-01", .type = HF_RELEASE_HOTPATCH},
};
static const struct hf_catalogue catalogue = {.releases = rows,
                                              .releases_len = HF_COUNT(rows)};

static int
set_up(void **state)
{
    (void)state;
    for (size_t i = 1; i < HF_COUNT(rows); i++)
        rows[i].released = hf_release_day(rows[i].month, 0);
    return 0;
}

static void
expect(const struct hf_catalogue *c, const struct hf_calendar *cal,
       const char *after, const char *month, enum hf_sure sure)
{
    struct hf_baseline b;

    hf_baseline_next(&b, c, cal, "ws2025", at(after), at(after));
    assert_string_equal(b.month, month);
    assert_string_equal(hf_sure_names[b.sure], hf_sure_names[sure]);
}

static void
planned_baselines_come_every_quarter(void **state)
{
    struct hf_baseline b;

    (void)state;
    expect(NULL, NULL, "2026-08-20", "2026-10", HF_SURE_RULE);
    expect(NULL, NULL, "2026-10-13", "2026-10", HF_SURE_RULE);
    expect(NULL, NULL, "2026-10-14", "2027-01", HF_SURE_RULE);
    expect(NULL, NULL, "2026-12-31", "2027-01", HF_SURE_RULE);
    hf_baseline_next(&b, NULL, NULL, "ws2025", at("2028-02-29"), 0);
    assert_int_equal(b.day, at("2028-04-11T18:00:00Z"));
    assert_false(b.unplanned);
}

static void
the_catalogue_goes_before_the_rule(void **state)
{
    struct hf_baseline b;

    (void)state;
    expect(&catalogue, NULL, "2026-05-20", "2026-06", HF_SURE_ANNOUNCED);
    expect(&catalogue, NULL, "2026-06-20", "2026-07", HF_SURE_UNCONFIRMED);
    expect(&catalogue, NULL, "2026-11-20", "2027-04", HF_SURE_RULE);
    assert_true(hf_baseline_of(&b, &catalogue, NULL, "ws2025", "2026-06",
                               at("2026-06-20")));
    assert_true(b.unplanned);
    assert_ptr_equal(b.row, &rows[4]);
    assert_int_equal(b.sure, HF_SURE_PUBLISHED);
    assert_false(hf_baseline_of(&b, &catalogue, NULL, "ws2025", "2026-05", 0));
    assert_true(hf_baseline_of(&b, &catalogue, NULL, "w11-24h2", "2027-01", 0));
}

static void
months_of_the_calendar_are_data(void **state)
{
    static const char *const planned[] = {"2026-09", "2027-02", NULL};
    static const char *const unplanned[] = {"2026-11", "2026-05", NULL};
    struct hf_baselines said = {
        .product = "ws2025", .planned = planned, .unplanned = unplanned};
    const struct hf_calendar cal = {.baselines = &said, .baselines_len = 1};
    struct hf_baseline b;

    (void)state;
    expect(&catalogue, &cal, "2026-08-20", "2026-09", HF_SURE_ANNOUNCED);
    /* Not October: it lies between months that are planned. */
    expect(&catalogue, &cal, "2026-09-20", "2026-11", HF_SURE_ANNOUNCED);
    expect(&catalogue, &cal, "2026-11-20", "2027-02", HF_SURE_ANNOUNCED);
    /* Behind the last one the rule holds. */
    expect(&catalogue, &cal, "2027-03-01", "2027-04", HF_SURE_RULE);
    /* Who sees one coming is believed, also against a hotpatch. */
    expect(&catalogue, &cal, "2026-05-01", "2026-05", HF_SURE_ANNOUNCED);
    hf_baseline_next(&b, &catalogue, &cal, "ws2025", at("2026-10-20"), 0);
    assert_true(b.unplanned);
    said.certainty = "rumour";
    expect(&catalogue, &cal, "2026-08-20", "2026-09", HF_SURE_UNCONFIRMED);
}

static void
months_count_over_the_end_of_a_year(void **state)
{
    char month[8];

    (void)state;
    hf_month_add(month, "2026-12", 1);
    assert_string_equal(month, "2027-01");
    hf_month_add(month, month, 23);
    assert_string_equal(month, "2028-12");
    hf_month_add(month, month, -12);
    assert_string_equal(month, "2027-12");
    assert_true(hf_product_is_monthly("ws2025"));
    assert_false(hf_product_is_monthly("linux"));
    assert_false(hf_product_is_monthly(NULL));
}

static void
a_kernel_has_no_baselines_in_its_rows(void **state)
{
    const struct hf_release *found;

    (void)state;
    assert_int_equal(hf_catalogue_rows(&catalogue, "ws2025", &found), 6);
    assert_ptr_equal(found, &rows[1]);
    assert_int_equal(hf_catalogue_rows(&catalogue, "linux", &found), 1);
    assert_int_equal(hf_catalogue_rows(&catalogue, "w11-25h2", &found), 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(planned_baselines_come_every_quarter),
        cmocka_unit_test(the_catalogue_goes_before_the_rule),
        cmocka_unit_test(months_of_the_calendar_are_data),
        cmocka_unit_test(months_count_over_the_end_of_a_year),
        cmocka_unit_test(a_kernel_has_no_baselines_in_its_rows),
    };

    return cmocka_run_group_tests(tests, set_up, NULL);
}
