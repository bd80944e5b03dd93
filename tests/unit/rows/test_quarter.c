/* Weeks of a quarter on clocks that change, over leap days and year ends. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "backend/base/civil.h"
#include "backend/base/mem.h"
#include "backend/base/time.h"
#include "tests/support/zones.h"
#include "tui/rows/quarter.h"

/* Every Monday midnight begins its week; the moment before is of the former.
 */
static void
expect_weeks(const struct hf_zone *z, const char *from)
{
    struct hf_quarter q = {.zone = z, .monday = hf_quarter_monday(z, at(from))};

    assert_int_equal(hf_day_weekday(q.monday), 0);
    for (int week = 0; week <= HF_QUARTER_WEEKS; week++) {
        int64_t begins;

        (void)hf_zone_moment(z, (q.monday + week * 7) * HF_DAY_MS, 0, &begins);
        assert_int_equal(hf_quarter_week(&q, begins),
                         week < HF_QUARTER_WEEKS ? week : -1);
        assert_int_equal(hf_quarter_week(&q, begins - 1), week - 1);
    }
}

static void
weeks_begin_at_midnight_on_every_clock(void **state)
{
    static const char *const zones[] = {
        "Europe/Berlin", "America/New_York", "Australia/Lord_Howe",
        "Asia/Kolkata",  "Pacific/Apia",     "UTC",
    };
    /* Apia has no 2011-12-30; 2028 has a leap day; clocks change in March,
     * April, October and November. */
    static const char *const quarters[] = {
        "2011-12-01", "2026-02-20", "2026-09-15", "2026-12-07", "2028-01-20",
    };

    (void)state;
    for (size_t i = 0; i < HF_COUNT(zones); i++) {
        for (size_t k = 0; k < HF_COUNT(quarters); k++)
            expect_weeks(zone(zones[i]), quarters[k]);
    }
}

static void
the_monday_before_is_that_of_the_wall_clock(void **state)
{
    (void)state;
    /* Sunday evening in New York is Monday in Kolkata. */
    assert_int_equal(
        hf_quarter_monday(zone("America/New_York"), at("2027-01-04T02:00:00Z")),
        hf_day(2026, 12, 28));
    assert_int_equal(
        hf_quarter_monday(zone("Asia/Kolkata"), at("2027-01-04T02:00:00Z")),
        hf_day(2027, 1, 4));
}

static void
what_lies_outside_is_in_no_week(void **state)
{
    const struct hf_zone *utc = zone("UTC");
    struct hf_quarter q = {.zone = utc, .monday = hf_day(2026, 11, 23)};

    (void)state;
    assert_int_equal(hf_quarter_week(&q, at("2026-11-22T23:59:59Z")), -1);
    assert_int_equal(hf_quarter_week(&q, at("2027-02-21T23:59:59Z")), 12);
    assert_int_equal(hf_quarter_week(&q, at("2027-02-22")), -1);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(weeks_begin_at_midnight_on_every_clock),
        cmocka_unit_test(the_monday_before_is_that_of_the_wall_clock),
        cmocka_unit_test(what_lies_outside_is_in_no_week),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
