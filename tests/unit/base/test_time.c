/* Clocks, RFC 3339, ages and spans. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>

#include "backend/base/mem.h"
#include "backend/base/time.h"

static void
reads_rfc_3339(void **state)
{
    static const struct {
        const char *text;
        int64_t at;
    } rows[] = {
        {"1970-01-01T00:00:00Z", 0},
        {"2026-11-23T01:23:45Z", 1795397025000},
        {"2026-11-23t01:23:45z", 1795397025000},
        {"2026-11-23 01:23:45.25Z", 1795397025250},
        {"2026-11-23T01:23:45.123999Z", 1795397025123},
        {"2026-11-23T03:23:45+02:00", 1795397025000},
        {"2026-11-22T19:53:45-05:30", 1795397025000},
        {"2026-11-23", 1795392000000},
        {"1969-12-31T23:59:59.999Z", -1},
        {"2000-02-29", 951782400000},
        {"2016-12-31T23:59:60Z", 1483228800000},
    };
    int64_t at;

    (void)state;
    for (size_t i = 0; i < HF_COUNT(rows); i++) {
        assert_int_equal(hf_time_parse(&at, rows[i].text), 0);
        assert_int_equal(at, rows[i].at);
    }
}

static void
refuses_what_is_not_a_moment(void **state)
{
    static const char *const texts[] = {
        "",
        "now",
        "2026",
        "2026-11-23T",
        "2026-11-23T01:23:45",
        "2026-11-23T01:23Z",
        "2026-11-23T01:23:45Zx",
        "2026-11-23 ",
        "2026-11-23T01:23:45.Z",
        "2026-11-23T24:00:00Z",
        "2026-11-23T01:60:00Z",
        "2026-11-23T01:23:61Z",
        "2026-11-23T01:23:45+0200",
        "2026-11-23T01:23:45+24:00",
        "2026-11-23T01:23:45+02:60",
        "2026-02-29",
        "1900-02-29",
        "2026-13-01",
        "2026-00-01",
        "2026-04-31",
        "2026-04-00",
        "0000-01-01",
        "26-11-23",
        "+2026-11-23",
        " 2026-11-23",
        "2026-1-23",
        "2026/11/23",
    };
    int64_t at;

    (void)state;
    assert_int_equal(hf_time_parse(&at, NULL), -1);
    for (size_t i = 0; i < HF_COUNT(texts); i++)
        assert_int_equal(hf_time_parse(&at, texts[i]), -1);
}

static void
writes_what_it_reads(void **state)
{
    static const char *const texts[] = {
        "2026-11-23T01:23:45Z",     "2026-11-23T01:23:45.250Z",
        "2026-11-23T01:23:45.007Z", "1969-12-31T23:59:59.999Z",
        "0001-01-01T00:00:00Z",     "9999-12-31T23:59:59.999Z",
        "0987-06-05T04:03:02Z",
    };
    char out[HF_TIME_LEN];
    int64_t at;

    (void)state;
    for (size_t i = 0; i < HF_COUNT(texts); i++) {
        assert_int_equal(hf_time_parse(&at, texts[i]), 0);
        assert_string_equal(hf_time_format(out, at), texts[i]);
    }
    assert_string_equal(hf_time_format(out, INT64_MAX),
                        "9999-12-31T23:59:59.999Z");
    assert_string_equal(hf_time_format(out, INT64_MIN), "0001-01-01T00:00:00Z");
}

static void
shows_an_age_in_one_unit(void **state)
{
    static const struct {
        int64_t seconds;
        const char *text;
    } rows[] = {
        {0, "0s"},       {59, "59s"},     {60, "1m"},    {3599, "59m"},
        {3600, "1h"},    {86399, "23h"},  {86400, "1d"}, {1209599, "13d"},
        {1209600, "2w"}, {4233600, "7w"}, {-5, "0s"},
    };
    const int64_t now = 1795397025000;
    char out[HF_TIME_LEN];

    (void)state;
    for (size_t i = 0; i < HF_COUNT(rows); i++)
        assert_string_equal(
            hf_age_format(out, now, now - rows[i].seconds * 1000),
            rows[i].text);
    assert_string_equal(hf_age_format(out, now, 0), "-");
}

static void
reads_spans(void **state)
{
    static const struct {
        const char *text;
        int64_t ms;
    } rows[] = {
        {"250ms", 250},  {"0s", 0},         {"90s", 90000},    {"15m", 900000},
        {"2h", 7200000}, {"3d", 259200000}, {"1w", 604800000}, {"007s", 7000},
    };
    static const char *const wrong[] = {
        "",
        "5",
        "s",
        "-5s",
        "+5s",
        " 5s",
        "5 s",
        "5s ",
        "1.5h",
        "5S",
        "5mo",
        "1h5m",
        "99999999999999999999s",
        "9223372036854775807w",
    };
    int64_t ms;

    (void)state;
    for (size_t i = 0; i < HF_COUNT(rows); i++) {
        assert_int_equal(hf_span_parse(&ms, rows[i].text), 0);
        assert_int_equal(ms, rows[i].ms);
    }
    for (size_t i = 0; i < HF_COUNT(wrong); i++)
        assert_int_equal(hf_span_parse(&ms, wrong[i]), -1);
    assert_int_equal(hf_span_parse(&ms, NULL), -1);
}

static void
shows_a_span_in_at_most_two_units(void **state)
{
    static const struct {
        int64_t ms;
        const char *text;
    } rows[] = {
        {0, "0 ms"},          {999, "999 ms"},     {1000, "1.0 s"},
        {1449, "1.4 s"},      {9999, "9.9 s"},     {10000, "10 s"},
        {59999, "59 s"},      {60000, "1m"},       {125000, "2m 5s"},
        {7500000, "2h 5m"},   {7205000, "2h"},     {90000000, "1d 1h"},
        {864000000, "1w 3d"}, {-125000, "-2m 5s"}, {-1, "-1 ms"},
    };
    char out[HF_TIME_LEN];

    (void)state;
    for (size_t i = 0; i < HF_COUNT(rows); i++)
        assert_string_equal(hf_span_format(out, rows[i].ms), rows[i].text);
    hf_span_format(out, INT64_MIN);
    hf_span_format(out, INT64_MAX);
}

static void
stands_still_for_tests(void **state)
{
    int64_t before, after;

    (void)state;
    setenv("HOTFLEET_CLOCK", "2026-11-23T01:23:45Z", 1);
    assert_int_equal(hf_now(), 1795397025000);
    before = hf_mono();
    unsetenv("HOTFLEET_CLOCK");
    assert_true(hf_now() > 1600000000000);
    after = hf_mono();
    assert_true(after >= before);
}

static void
skipped_time_counts_where_hosts_are_waited_for(void **state)
{
    int64_t ahead = hf_clock_ahead(), mono = hf_mono();

    (void)state;
    setenv("HOTFLEET_CLOCK", "2026-11-23T01:23:45Z", 1);
    hf_clock_skip(86400000);
    hf_clock_skip(0);
    hf_clock_skip(-5);
    assert_int_equal(hf_clock_ahead() - ahead, 86400000);
    assert_int_equal(hf_now(), 1795397025000 + ahead + 86400000);
    unsetenv("HOTFLEET_CLOCK");
    assert_true(hf_pace() - mono >= 86400000);
    assert_true(hf_mono() - mono < 86400000);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_rfc_3339),
        cmocka_unit_test(refuses_what_is_not_a_moment),
        cmocka_unit_test(writes_what_it_reads),
        cmocka_unit_test(shows_an_age_in_one_unit),
        cmocka_unit_test(reads_spans),
        cmocka_unit_test(shows_a_span_in_at_most_two_units),
        cmocka_unit_test(stands_still_for_tests),
        cmocka_unit_test(skipped_time_counts_where_hosts_are_waited_for),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
