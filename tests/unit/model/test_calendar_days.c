/* Which days a rule means, and what the clock makes of them. */
#include "tests/unit/model/calendar_bed.h"

static void
nights_on_which_the_clock_changes_are_told(void **state)
{
    struct hf_rule rule = patch_night();
    struct hf_periods spans = {0};

    (void)state;
    rule.repeat = HF_REPEAT_WEEKLY;
    rule.weekdays = 1 << 6; /* Sunday 02:30 for an hour */
    rule.at = 2 * HOUR + HOUR / 2;
    rule.length = HOUR;
    use(&rule, 1);
    hf_calendar_expand(&calendar, &hosts[BERLIN], at("2027-03-28"),
                       at("2027-03-29"), &spans);
    assert_int_equal(spans.len, 1);
    assert_int_equal(spans.v[0].flags, HF_PERIOD_MOVED);
    assert_int_equal(spans.v[0].from, at("2027-03-28T01:30:00Z"));
    assert_int_equal(spans.v[0].to, at("2027-03-28T02:30:00Z"));
    spans.len = 0;
    hf_calendar_expand(&calendar, &hosts[BERLIN], at("2026-10-25"),
                       at("2026-10-26"), &spans);
    assert_int_equal(spans.len, 1);
    assert_int_equal(spans.v[0].flags, HF_PERIOD_TWICE);
    assert_int_equal(spans.v[0].from, at("2026-10-25T00:30:00Z"));
    assert_int_equal(spans.v[0].to, at("2026-10-25T01:30:00Z"));
    free(spans.v);
}

/* 24 hours from midnight last 23 on that day, a freeze to its very end. */
static void
whole_days_follow_the_calendar(void **state)
{
    struct hf_rule rule = patch_night();
    struct hf_periods spans = {0};
    int64_t day = hf_day(2027, 3, 28);

    (void)state;
    rule.kind = HF_RULE_FREEZE;
    rule.repeat = HF_REPEAT_DATES;
    rule.days = &day;
    rule.days_len = 1;
    rule.at = 0;
    rule.length = HF_DAY_MS;
    use(&rule, 1);
    hf_calendar_expand(&calendar, &hosts[BERLIN], at("2027-01-01"),
                       at("2028-01-01"), &spans);
    assert_int_equal(spans.len, 1);
    assert_int_equal(spans.v[0].to - spans.v[0].from, 23 * HOUR);
    free(spans.v);
}

static void
days_of_a_month_may_be_counted_from_either_end(void **state)
{
    static const struct {
        struct hf_monthly monthly;
        unsigned months;
        const char *after, *from;
    } rows[] = {
        {{.nth = 1, .weekday = 7}, 0, "2026-11-23", "2026-12-01T22:00:00Z"},
        {{.nth = 1, .weekday = 7, .plus = 14},
         0,
         "2026-11-23",
         "2026-12-15T22:00:00Z"},
        {{.nth = -1, .weekday = 7},
         1 << 1,
         "2026-11-23",
         "2027-02-28T22:00:00Z"},
        {{.nth = -1, .weekday = 7},
         1 << 1,
         "2027-03-02",
         "2028-02-29T22:00:00Z"},
        {{.nth = -1, .weekday = 7, .plus = -2},
         0,
         "2026-11-23",
         "2026-11-28T22:00:00Z"},
        {{.nth = -1, .weekday = 4}, 0, "2026-11-23", "2026-11-27T22:00:00Z"},
        {{.nth = 5, .weekday = 0}, 0, "2026-12-02", "2027-03-29T22:00:00Z"},
        /* the offset leads into the next month and year */
        {{.nth = -1, .weekday = 3, .plus = 3},
         1 << 11,
         "2026-12-25",
         "2027-01-03T22:00:00Z"},
        {{.nth = 1, .weekday = 7, .plus = -1},
         1,
         "2026-12-25",
         "2026-12-31T22:00:00Z"},
    };

    (void)state;
    for (size_t i = 0; i < HF_COUNT(rows); i++) {
        struct hf_rule rule = patch_night();

        rule.monthly = rows[i].monthly;
        rule.months = rows[i].months;
        use(&rule, 1);
        expect(NOWHERE, HF_RULE_CHANGE, rows[i].after, HF_OPEN_LATER,
               rows[i].from, NULL);
    }
}

static void
a_repeated_rule_has_a_first_and_a_last_day(void **state)
{
    struct hf_rule rule = patch_night();

    (void)state;
    rule.repeat = HF_REPEAT_WEEKLY;
    rule.weekdays = 0x7f;
    rule.from = at("2026-12-01");
    rule.to = at("2026-12-03");
    use(&rule, 1);
    expect(NOWHERE, HF_RULE_CHANGE, "2026-11-23", HF_OPEN_LATER,
           "2026-12-01T22:00:00Z", NULL);
    expect(NOWHERE, HF_RULE_CHANGE, "2026-12-04T01:00:00Z", HF_OPEN_NOW,
           "2026-12-03T22:00:00Z", NULL);
    expect(NOWHERE, HF_RULE_CHANGE, "2026-12-04T02:00:00Z", HF_OPEN_NEVER, NULL,
           NULL);
}

static void
events_of_a_file_may_lie_over_each_other(void **state)
{
    static struct hf_occasion occasions[] = {
        {.title = "audit"}, {.title = "fair"}, {.title = "sale", .local = 1}};
    struct hf_rule rule = {.name = "company",
                           .kind = HF_RULE_FREEZE,
                           .repeat = HF_REPEAT_EVENTS,
                           .occasions = occasions,
                           .occasions_len = 3};
    struct hf_periods spans = {0};

    (void)state;
    occasions[0].from = at("2026-12-01");
    occasions[0].to = at("2026-12-05");
    occasions[1].from = at("2026-12-02");
    occasions[1].to = at("2026-12-03");
    occasions[2].from = at("2026-12-24");
    occasions[2].to = at("2026-12-25");
    use(&rule, 1);
    hf_calendar_expand(&calendar, &hosts[KOLKATA], at("2026-11-01"),
                       at("2027-01-01"), &spans);
    assert_int_equal(spans.len, 2);
    assert_string_equal(spans.v[0].title, "audit");
    assert_int_equal(spans.v[0].to, at("2026-12-05"));
    assert_string_equal(spans.v[1].title, "sale");
    assert_int_equal(spans.v[1].from, at("2026-12-23T18:30:00Z"));
    free(spans.v);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nights_on_which_the_clock_changes_are_told),
        cmocka_unit_test(whole_days_follow_the_calendar),
        cmocka_unit_test(days_of_a_month_may_be_counted_from_either_end),
        cmocka_unit_test(a_repeated_rule_has_a_first_and_a_last_day),
        cmocka_unit_test(events_of_a_file_may_lie_over_each_other),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
