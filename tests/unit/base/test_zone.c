/* Time zones: offsets, clocks that jump, clocks that are set back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "backend/base/buf.h"
#include "backend/base/civil.h"
#include "backend/base/time.h"
#include "backend/base/zone.h"
#include "tests/support/zones.h"

static void
days_are_those_of_the_gregorian_calendar(void **state)
{
    struct hf_civil c;

    (void)state;
    assert_int_equal(hf_day(1970, 1, 1), 0);
    assert_int_equal(hf_day(2000, 2, 29), 11016);
    assert_int_equal(hf_day(2026, 14, 1), hf_day(2027, 2, 1));
    assert_int_equal(hf_month_days(1900, 2), 28);
    assert_int_equal(hf_month_days(2000, 2), 29);
    assert_int_equal(hf_month_days(2026, 12), 31);
    assert_int_equal(hf_day_weekday(hf_day(2026, 11, 23)), 0);
    assert_int_equal(hf_day_of(-1), -1);
    for (int64_t day = hf_day(1899, 12, 1); day < hf_day(2101, 2, 1); day++) {
        c = hf_day_civil(day);
        assert_int_equal(hf_day(c.year, c.month, c.day), day);
        assert_true(c.day >= 1 && c.day <= hf_month_days(c.year, c.month));
    }
}

static void
knows_what_the_wall_clock_shows(void **state)
{
    static const struct {
        const char *zone, *at, *shows;
    } rows[] = {
        {"UTC", "2026-11-23T22:00:00Z", "2026-11-23 22:00 UTC"},
        {"Europe/Berlin", "2026-11-23T22:00:00Z", "2026-11-23 23:00 CET"},
        {"Europe/Berlin", "2026-07-01T22:00:00Z", "2026-07-02 00:00 CEST"},
        {"Europe/Berlin", "2060-07-01T22:00:00Z", "2060-07-02 00:00 CEST"},
        {"America/New_York", "2026-03-08T06:59:00Z", "2026-03-08 01:59 EST"},
        {"America/New_York", "2026-03-08T07:00:00Z", "2026-03-08 03:00 EDT"},
        {"Australia/Lord_Howe", "2026-10-03T15:30:00Z", "2026-10-04 02:30 +11"},
        {"Australia/Lord_Howe", "2039-04-02T15:00:00Z",
         "2039-04-03 01:30 +1030"},
        {"Asia/Kolkata", "2026-01-01T00:00:00Z", "2026-01-01 05:30 IST"},
        {"Pacific/Apia", "2011-12-30T09:59:00Z", "2011-12-29 23:59 -10"},
        {"Pacific/Apia", "2011-12-30T10:00:00Z", "2011-12-31 00:00 +14"},
    };
    char text[HF_ZONE_TIME_LEN];

    (void)state;
    for (size_t i = 0; i < HF_COUNT(rows); i++)
        assert_string_equal(
            hf_zone_format(text, zone(rows[i].zone), at(rows[i].at)),
            rows[i].shows);
    assert_string_equal(hf_zone_format(text, zone("UTC"), INT64_MAX), "never");
}

static void
finds_the_moment_of_a_local_time(void **state)
{
    static const struct {
        const char *zone, *local, *first, *second;
        enum hf_local how;
    } rows[] = {
        {"Europe/Berlin", "2026-11-23T22:00:00Z", "2026-11-23T21:00:00Z",
         "2026-11-23T21:00:00Z", HF_LOCAL_ONCE},
        /* the clock goes from 02:00 to 03:00: 02:30 is 03:30 */
        {"Europe/Berlin", "2026-03-29T02:30:00Z", "2026-03-29T01:30:00Z",
         "2026-03-29T01:30:00Z", HF_LOCAL_SKIPPED},
        {"Europe/Berlin", "2026-03-29T03:00:00Z", "2026-03-29T01:00:00Z",
         "2026-03-29T01:00:00Z", HF_LOCAL_ONCE},
        /* and from 03:00 back to 02:00 */
        {"Europe/Berlin", "2026-10-25T02:30:00Z", "2026-10-25T00:30:00Z",
         "2026-10-25T01:30:00Z", HF_LOCAL_TWICE},
        {"Europe/Berlin", "2026-10-25T03:00:00Z", "2026-10-25T02:00:00Z",
         "2026-10-25T02:00:00Z", HF_LOCAL_ONCE},
        /* by half an hour */
        {"Australia/Lord_Howe", "2026-10-04T02:15:00Z", "2026-10-03T15:45:00Z",
         "2026-10-03T15:45:00Z", HF_LOCAL_SKIPPED},
        {"Australia/Lord_Howe", "2026-04-05T01:45:00Z", "2026-04-04T14:45:00Z",
         "2026-04-04T15:15:00Z", HF_LOCAL_TWICE},
        /* a whole day is missing */
        {"Pacific/Apia", "2011-12-30T12:00:00Z", "2011-12-30T22:00:00Z",
         "2011-12-30T22:00:00Z", HF_LOCAL_SKIPPED},
    };
    int64_t moment;

    (void)state;
    for (size_t i = 0; i < HF_COUNT(rows); i++) {
        const struct hf_zone *z = zone(rows[i].zone);

        assert_int_equal(hf_zone_moment(z, at(rows[i].local), 0, &moment),
                         rows[i].how);
        assert_int_equal(moment, at(rows[i].first));
        assert_int_equal(hf_zone_moment(z, at(rows[i].local), 1, &moment),
                         rows[i].how);
        assert_int_equal(moment, at(rows[i].second));
    }
}

static void
every_moment_comes_back_from_its_local_time(void **state)
{
    static const char *const names[] = {
        "Europe/Berlin",       "America/New_York", "Asia/Kolkata",
        "Australia/Lord_Howe", "Pacific/Apia",     "Africa/Casablanca",
    };
    const int64_t step = 30 * 60 * 1000;

    (void)state;
    for (size_t i = 0; i < HF_COUNT(names); i++) {
        const struct hf_zone *z = zone(names[i]);

        for (int64_t t = at("2010-01-01"); t < at("2045-01-01"); t += step) {
            int64_t first, second, local = hf_zone_local(z, t);
            enum hf_local how = hf_zone_moment(z, local, 0, &first);

            assert_int_not_equal(how, HF_LOCAL_SKIPPED);
            (void)hf_zone_moment(z, local, 1, &second);
            assert_true(t == first || t == second);
            assert_int_equal(how == HF_LOCAL_TWICE, first != second);
        }
    }
}

static void
refuses_what_is_no_zone(void **state)
{
    static const char *const names[] = {
        "Europe/Berlun", "../../etc/passwd",
        "/etc/passwd",   "",
        "Europe",        "Europe/../../../../etc/passwd",
        "tzdata.zi",     "zone.tab",
    };
    const struct hf_zone *z;
    struct hf_err err = HF_ERR_INIT;

    (void)state;
    for (size_t i = 0; i < HF_COUNT(names); i++) {
        assert_true(hf_zone_load(&z, arena, names[i], &err) < 0);
        assert_null(z);
    }
    assert_int_equal(hf_zone_load(&z, arena, "Europe/Berlun", &err),
                     HF_ENOTFOUND);
    assert_string_equal(err.text, "there is no time zone 'Europe/Berlun'");
}

/* A zone of version 2 with no change and this footer. */
static int
parse_rule(const struct hf_zone **out, const char *rule, struct hf_err *err)
{
    static const char head[20] = "TZif2";
    static const char counts[24] = {[19] = 1, [23] = 4};
    static const char body[] = {0, 0, 0, 0, 0, 0, 'X', 'X', 'X', 0};
    struct hf_buf data = {0};
    int rc;

    for (int i = 0; i < 2; i++) {
        hf_buf_add(&data, head, sizeof(head));
        hf_buf_add(&data, counts, sizeof(counts));
        hf_buf_add(&data, body, sizeof(body));
    }
    hf_buf_printf(&data, "\n%s\n", rule);
    rc = hf_zone_parse(out, arena, "test", hf_buf_str(&data), data.len, err);
    hf_buf_release(&data);
    return rc;
}

static void
reads_every_form_of_a_yearly_rule(void **state)
{
    static const struct {
        const char *rule, *at;
        int offset;
    } rows[] = {
        {"XXX0", "2026-07-01T00:00:00Z", 0},
        {"XXX0YYY,M3.5.0/1,M10.5.0/2", "2026-07-01T00:00:00Z", 3600},
        {"XXX0YYY,M3.5.0/1,M10.5.0/2", "2026-12-01T00:00:00Z", 0},
        {"XXX0YYY,J60/0,J300/0", "2028-02-29T23:59:59Z", 0},
        {"XXX0YYY,J60/0,J300/0", "2028-03-01T00:00:00Z", 3600},
        {"XXX0YYY,59/0,300/0", "2028-02-29T00:00:00Z", 3600},
        {"<-03>3<-02>,M3.5.0/-2,M10.5.0/-1", "2050-03-27T00:59:59Z", -10800},
        {"<-03>3<-02>,M3.5.0/-2,M10.5.0/-1", "2050-03-27T01:00:00Z", -7200},
        {"AAA10BBB,M10.1.0,M4.1.0/3", "2026-01-01T00:00:00Z", -32400},
        /* summer time all year round */
        {"EST5EDT,0/0,J365/25", "2030-01-01T06:00:00Z", -14400},
        {"EST5EDT,0/0,J365/25", "2030-12-31T23:00:00Z", -14400},
    };
    const struct hf_zone *z;
    struct hf_err err = HF_ERR_INIT;

    (void)state;
    for (size_t i = 0; i < HF_COUNT(rows); i++) {
        assert_int_equal(parse_rule(&z, rows[i].rule, &err), HF_OK);
        assert_int_equal(hf_zone_offset(z, at(rows[i].at), NULL),
                         rows[i].offset);
    }
}

static void
refuses_damaged_files(void **state)
{
    static const char *const rules[] = {
        "X",
        "YYY",
        "XXX0YYY",
        "XXX0YYY,M3.5.0",
        "<XXX0",
        "XXX999",
        "XXX0YYY,M13.1.0,M1.1.0",
        "XXX0YYY,,,",
        "XXX0YYY,M3.0.0,M10.5.0",
        "XXX0 and more",
    };
    const struct hf_zone *z;
    struct hf_err err = HF_ERR_INIT;

    (void)state;
    for (size_t i = 0; i < HF_COUNT(rules); i++)
        assert_int_equal(parse_rule(&z, rules[i], &err), HF_EINVALID);
    assert_int_equal(hf_zone_parse(&z, arena, "x", "TZif2", 5, &err),
                     HF_EINVALID);
    assert_int_equal(hf_zone_parse(&z, arena, "x", "", 0, &err), HF_EINVALID);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(days_are_those_of_the_gregorian_calendar),
        cmocka_unit_test(knows_what_the_wall_clock_shows),
        cmocka_unit_test(finds_the_moment_of_a_local_time),
        cmocka_unit_test(every_moment_comes_back_from_its_local_time),
        cmocka_unit_test(refuses_what_is_no_zone),
        cmocka_unit_test(reads_every_form_of_a_yearly_rule),
        cmocka_unit_test(refuses_damaged_files),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
