/* Windows and freezes: whom they name, when they open, what beats what. */
#include "tests/unit/model/calendar_bed.h"

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
        cmocka_unit_test(touching_windows_count_as_one),
        cmocka_unit_test(a_playbook_may_choose_among_the_windows),
        cmocka_unit_test(answers_are_the_same_at_any_time),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
