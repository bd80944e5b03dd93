/* Windows and freezes: whom they name, when they open, what beats what. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "backend/base/civil.h"
#include "backend/base/time.h"
#include "backend/model/calendar.h"

#define HOUR ((int64_t)60 * 60 * 1000)

static const char *const no_tags[] = {NULL};
static const char *const db_tags[] = {"db", NULL};

static struct hf_host hosts[] = {
    {.name = "berlin-1", .ring = "canary", .site = "berlin"},
    {.name = "kolkata-1", .ring = "broad", .timezone = "Asia/Kolkata"},
    {.name = "nowhere-1", .ring = "broad"},
    {.name = "db-1", .ring = "broad", .site = "berlin"},
};
enum { BERLIN, KOLKATA, NOWHERE, DB };

static struct hf_fleet fleet;
static struct hf_calendar calendar;
static const struct hf_zone *zones[8];
static struct hf_site_zone site = {.site = "berlin"};

static const struct hf_zone *
zone(const char *name)
{
    const struct hf_zone *z = NULL;
    struct hf_err err = HF_ERR_INIT;

    if (hf_zone_load(&z, fleet.arena, name, &err) < 0)
        fail_msg("%s", err.text);
    return z;
}

static int
set_up(void **state)
{
    (void)state;
    fleet = (struct hf_fleet){
        .arena = hf_arena_new(), .hosts = hosts, .hosts_len = HF_COUNT(hosts)};
    for (size_t i = 0; i < HF_COUNT(hosts); i++)
        hosts[i].tags = i == DB ? db_tags : no_tags;
    hf_fleet_index(&fleet);
    zones[0] = zone("Asia/Kolkata");
    site.zone = zone("Europe/Berlin");
    return 0;
}

static int
tear_down(void **state)
{
    (void)state;
    hf_arena_free(fleet.arena);
    return 0;
}

static int64_t
at(const char *text)
{
    int64_t ms;

    assert_int_equal(hf_time_parse(&ms, text), 0);
    return ms;
}

static void
use(const struct hf_rule *rules, size_t n)
{
    calendar = (struct hf_calendar){
        .rules = rules,
        .rules_len = n,
        .sites = &site,
        .sites_len = 1,
        .zones = zones,
        .zones_len = 1,
        .utc = zone("UTC"),
    };
    hf_calendar_prepare(&calendar, &fleet, at("2026-11-23"));
    fleet.calendar = &calendar;
}

/* "22:00 for 4 h" on the fourth day after the second Tuesday. */
static struct hf_rule
patch_night(void)
{
    return (struct hf_rule){
        .name = "patch night",
        .repeat = HF_REPEAT_MONTHLY,
        .monthly = {.nth = 2, .weekday = 1, .plus = 4},
        .at = 22 * HOUR,
        .length = 4 * HOUR,
        .from = INT64_MIN,
        .to = HF_NEVER,
    };
}

static struct hf_rule
year_end(void)
{
    return (struct hf_rule){
        .name = "year end",
        .kind = HF_RULE_FREEZE,
        .from = at("2026-12-18"),
        .to = at("2027-01-07"),
    };
}

static void
expect(int host, enum hf_rule_kind kind, const char *t, enum hf_opening how,
       const char *from, const char *to)
{
    struct hf_period span;

    assert_int_equal(
        hf_calendar_window(&calendar, &hosts[host], kind, at(t), &span), how);
    if (from)
        assert_int_equal(span.from, at(from));
    if (to)
        assert_int_equal(span.to, at(to));
}

static void
without_a_rule_changes_are_open_and_restarts_never(void **state)
{
    struct hf_period span;

    (void)state;
    use(NULL, 0);
    expect(BERLIN, HF_RULE_CHANGE, "2026-11-23", HF_OPEN_NOW, NULL, NULL);
    expect(BERLIN, HF_RULE_RESTART, "2026-11-23", HF_OPEN_NEVER, NULL, NULL);
    assert_int_equal(
        hf_calendar_window(NULL, &hosts[0], HF_RULE_CHANGE, 0, &span),
        HF_OPEN_NOW);
    assert_true(span.to == HF_NEVER && !span.rule);
    assert_int_equal(
        hf_calendar_window(NULL, &hosts[0], HF_RULE_RESTART, 0, &span),
        HF_OPEN_NEVER);
    assert_int_equal(hf_calendar_freeze(NULL, &hosts[0], 0, &span), 0);
}

static void
a_window_opens_by_the_clock_of_host_site_or_utc(void **state)
{
    struct hf_rule rule = patch_night();

    (void)state;
    use(&rule, 1);
    /* December's second Tuesday is the 8th: Saturday the 12th, 22:00 */
    expect(BERLIN, HF_RULE_CHANGE, "2026-11-23", HF_OPEN_LATER,
           "2026-12-12T21:00:00Z", "2026-12-13T01:00:00Z");
    expect(KOLKATA, HF_RULE_CHANGE, "2026-11-23", HF_OPEN_LATER,
           "2026-12-12T16:30:00Z", "2026-12-12T20:30:00Z");
    expect(NOWHERE, HF_RULE_CHANGE, "2026-11-23", HF_OPEN_LATER,
           "2026-12-12T22:00:00Z", "2026-12-13T02:00:00Z");
    assert_string_equal(hf_calendar_zone_source(&calendar, &hosts[BERLIN]),
                        "site 'berlin'");
    assert_string_equal(hf_calendar_zone_source(&calendar, &hosts[KOLKATA]),
                        "host");
    assert_string_equal(hf_calendar_zone_source(&calendar, &hosts[NOWHERE]),
                        "nobody: UTC");
}

static void
a_window_over_midnight_is_open_on_both_days(void **state)
{
    struct hf_rule rule = patch_night();

    (void)state;
    use(&rule, 1);
    expect(NOWHERE, HF_RULE_CHANGE, "2026-12-12T21:59:59Z", HF_OPEN_LATER,
           "2026-12-12T22:00:00Z", NULL);
    expect(NOWHERE, HF_RULE_CHANGE, "2026-12-12T22:00:00Z", HF_OPEN_NOW,
           "2026-12-12T22:00:00Z", "2026-12-13T02:00:00Z");
    expect(NOWHERE, HF_RULE_CHANGE, "2026-12-13T01:59:59Z", HF_OPEN_NOW, NULL,
           "2026-12-13T02:00:00Z");
    expect(NOWHERE, HF_RULE_CHANGE, "2026-12-13T02:00:00Z", HF_OPEN_LATER,
           "2027-01-16T22:00:00Z", NULL);
}

static void
a_freeze_beats_every_window(void **state)
{
    struct hf_rule rules[] = {patch_night(), year_end(), patch_night()};
    char why[HF_WHY_LEN];
    struct hf_period span;

    (void)state;
    rules[0].repeat = HF_REPEAT_WEEKLY;
    rules[0].weekdays = 0x7f;
    rules[2].kind = HF_RULE_RESTART;
    use(rules, 3);
    expect(NOWHERE, HF_RULE_CHANGE, "2026-12-17T23:00:00Z", HF_OPEN_NOW, NULL,
           "2026-12-18");
    expect(NOWHERE, HF_RULE_CHANGE, "2026-12-18", HF_OPEN_LATER,
           "2027-01-07T00:00:00Z", "2027-01-07T02:00:00Z");
    expect(NOWHERE, HF_RULE_RESTART, "2026-12-20", HF_OPEN_LATER,
           "2027-01-16T22:00:00Z", NULL);
    assert_int_equal(hf_calendar_admits(&calendar, &hosts[NOWHERE],
                                        HF_RULE_CHANGE, at("2026-12-20"), why),
                     0);
    assert_string_equal(why, "frozen by 'year end' until 2027-01-07 00:00 UTC");
    assert_int_equal(
        hf_calendar_freeze(&calendar, &hosts[NOWHERE], at("2026-11-23"), &span),
        0);
    assert_int_equal(span.from, at("2026-12-18"));
    assert_int_equal(hf_calendar_freeze(&calendar, &hosts[NOWHERE],
                                        at("2027-01-06T23:59:59Z"), &span),
                     1);
    assert_int_equal(
        hf_calendar_freeze(&calendar, &hosts[NOWHERE], at("2027-01-07"), &span),
        0);
    assert_int_equal(span.from, HF_NEVER);
}

static void
without_windows_only_a_freeze_closes(void **state)
{
    struct hf_rule rule = year_end();

    (void)state;
    use(&rule, 1);
    expect(NOWHERE, HF_RULE_CHANGE, "2026-12-01", HF_OPEN_NOW, NULL,
           "2026-12-18");
    expect(NOWHERE, HF_RULE_CHANGE, "2026-12-18", HF_OPEN_LATER, "2027-01-07",
           NULL);
}

static void
a_rule_names_rings_sites_hosts_and_selectors(void **state)
{
    static const char *const broad[] = {"BROAD", NULL};
    static const char *const berlin[] = {"Berlin", NULL};
    static const char *const kolkata[] = {"Kolkata-1", NULL};
    static const struct {
        struct hf_scope scope;
        unsigned named;
    } rows[] = {
        {{0}, 0xf},
        {{.rings = broad}, 1 << KOLKATA | 1 << NOWHERE | 1 << DB},
        {{.sites = berlin}, 1 << BERLIN | 1 << DB},
        {{.rings = broad, .sites = berlin}, 1 << DB},
        {{.hosts = kolkata}, 1 << KOLKATA},
        {{.select = "tag:db or name:nowhere*"}, 1 << DB | 1 << NOWHERE},
        {{.select = "tag:db", .hosts = kolkata}, 0},
    };

    (void)state;
    for (size_t i = 0; i < HF_COUNT(rows); i++) {
        struct hf_rule rule = patch_night();

        rule.scope = rows[i].scope;
        use(&rule, 1);
        for (size_t h = 0; h < HF_COUNT(hosts); h++)
            assert_int_equal(hf_calendar_rule(&calendar, &hosts[h],
                                              HF_RULE_CHANGE, 0) != NULL,
                             rows[i].named >> h & 1);
    }
}

static void
a_copy_of_a_host_has_its_answers(void **state)
{
    struct hf_rule rule = patch_night();
    struct hf_host copy = {.name = "KOLKATA-1"};
    struct hf_period span;

    (void)state;
    use(&rule, 1);
    assert_int_equal(hf_calendar_window(&calendar, &copy, HF_RULE_CHANGE,
                                        at("2026-11-23"), &span),
                     HF_OPEN_LATER);
    assert_int_equal(span.from, at("2026-12-12T16:30:00Z"));
}

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
touching_windows_count_as_one(void **state)
{
    struct hf_rule rules[] = {patch_night(), patch_night()};

    (void)state;
    for (int i = 0; i < 2; i++) {
        rules[i].repeat = HF_REPEAT_WEEKLY;
        rules[i].weekdays = 1 << 5;
    }
    rules[0].at = 20 * HOUR;
    rules[0].length = 2 * HOUR;
    use(rules, 2);
    expect(NOWHERE, HF_RULE_CHANGE, "2026-11-28T21:00:00Z", HF_OPEN_NOW,
           "2026-11-28T20:00:00Z", "2026-11-29T02:00:00Z");
    expect(NOWHERE, HF_RULE_CHANGE, "2026-11-28T12:00:00Z", HF_OPEN_LATER,
           "2026-11-28T20:00:00Z", "2026-11-29T02:00:00Z");
}

static void
a_playbook_may_choose_among_the_windows(void **state)
{
    static const char *const night[] = {"patch night", NULL};
    static const char *const other[] = {"other", NULL};
    struct hf_rule rules[] = {patch_night(), patch_night()};
    struct hf_period period;

    (void)state;
    rules[0].name = "daily";
    rules[0].repeat = HF_REPEAT_WEEKLY;
    rules[0].weekdays = 0x7f;
    use(rules, 2);
    assert_int_equal(hf_calendar_window_named(&calendar, &hosts[NOWHERE],
                                              HF_RULE_CHANGE, night,
                                              at("2026-11-23"), &period),
                     HF_OPEN_LATER);
    assert_int_equal(period.from, at("2026-12-12T22:00:00Z"));
    assert_int_equal(hf_calendar_window_named(&calendar, &hosts[NOWHERE],
                                              HF_RULE_CHANGE, other,
                                              at("2026-11-23"), &period),
                     HF_OPEN_NEVER);
    use(NULL, 0);
    assert_int_equal(hf_calendar_window_named(&calendar, &hosts[NOWHERE],
                                              HF_RULE_CHANGE, night,
                                              at("2026-11-23"), &period),
                     HF_OPEN_NEVER);
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

/* Long before and long after the calendar was loaded. */
static void
answers_are_the_same_at_any_time(void **state)
{
    struct hf_rule rules[] = {patch_night(), year_end()};

    (void)state;
    use(rules, 2);
    expect(BERLIN, HF_RULE_CHANGE, "2001-01-01", HF_OPEN_LATER,
           "2001-01-13T21:00:00Z", "2001-01-14T01:00:00Z");
    expect(BERLIN, HF_RULE_CHANGE, "2071-06-01", HF_OPEN_LATER,
           "2071-06-13T20:00:00Z", "2071-06-14T00:00:00Z");
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
        cmocka_unit_test(without_a_rule_changes_are_open_and_restarts_never),
        cmocka_unit_test(a_window_opens_by_the_clock_of_host_site_or_utc),
        cmocka_unit_test(a_window_over_midnight_is_open_on_both_days),
        cmocka_unit_test(a_freeze_beats_every_window),
        cmocka_unit_test(without_windows_only_a_freeze_closes),
        cmocka_unit_test(a_rule_names_rings_sites_hosts_and_selectors),
        cmocka_unit_test(a_copy_of_a_host_has_its_answers),
        cmocka_unit_test(nights_on_which_the_clock_changes_are_told),
        cmocka_unit_test(whole_days_follow_the_calendar),
        cmocka_unit_test(touching_windows_count_as_one),
        cmocka_unit_test(a_playbook_may_choose_among_the_windows),
        cmocka_unit_test(days_of_a_month_may_be_counted_from_either_end),
        cmocka_unit_test(a_repeated_rule_has_a_first_and_a_last_day),
        cmocka_unit_test(answers_are_the_same_at_any_time),
        cmocka_unit_test(events_of_a_file_may_lie_over_each_other),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
