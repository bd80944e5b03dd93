/* calendar.json: what it may say, and how it says what is wrong. */
#include "bed.h"

#include <stdlib.h>
#include <string.h>

#include "backend/base/buf.h"
#include "backend/base/time.h"
#include "backend/model/calendar_text.h"
#include "inventory/lint.h"
#include "tests/support/at.h"

static void
load_as(struct bed *b, const char *text)
{
    bed_write(b, "calendar.json", text);
    bed_commit(b, "calendar");
    if (bed_load(b) < 0)
        fail_msg("%s", bed_problems(b));
    assert_non_null(b->fleet->calendar);
    assert_null(b->fleet->unenforced);
}

static const char *
described(const struct hf_rule *rule)
{
    static struct hf_buf text;

    hf_buf_clear(&text);
    hf_rule_describe(&text, rule);
    hf_buf_puts(&text, "; ");
    hf_scope_describe(&text, &rule->scope);
    return hf_buf_str(&text);
}

static void
every_way_to_say_when_is_understood(void **state)
{
    static const struct {
        const char *rule, *says;
    } rows[] = {
        {"\"monthly\": \"second tuesday + 4 days\", \"at\": \"22:00\", "
         "\"length\": \"4h\"",
         "second Tuesday + 4 days, 22:00 for 4h; every host"},
        {"\"monthly\": \"last day-1 day\", \"months\": [\"march\", \"june\"], "
         "\"at\": \"00:30\", \"length\": \"90m\"",
         "last day - 1 day of March and June, 00:30 for 1h 30m; every host"},
        {"\"weekly\": [\"saturday\", \"sunday\"], \"at\": \"22:00\", "
         "\"length\": \"4h\", \"timezone\": \"Asia/Kolkata\"",
         "every Saturday and Sunday, 22:00 for 4h (Asia/Kolkata); every host"},
        {"\"weekly\": [\"day\"], \"at\": \"22:00\", \"length\": \"4h\", "
         "\"from\": \"2026-12-01\", \"to\": \"2026-12-05\"",
         "every day, 22:00 for 4h, from 2026-12-01, until 2026-12-05; every "
         "host"},
        {"\"dates\": [\"2026-12-12\", \"2026-12-05\"], \"at\": \"22:00\", "
         "\"length\": \"4h\", \"for\": {\"rings\": [\"broad\", \"early\"], "
         "\"select\": \"tag:db\"}",
         "2026-12-05, 2026-12-12, 22:00 for 4h; ring broad or early, tag:db"},
        {"\"dates\": [\"2026-12-12\", \"2026-12-05\"], \"at\": "
         "\"22:00\", \"length\": \"7d\"",
         "2026-12-05, 2026-12-12, 22:00 for 1w; every host"},
        {"\"from\": \"2026-12-05T22:00\", \"to\": \"2026-12-06\"",
         "2026-12-05 22:00 to 2026-12-07 00:00; every host"},
    };
    struct bed *b = *state;

    for (size_t i = 0; i < HF_COUNT(rows); i++) {
        char *text = hf_xasprintf("{\"windows\": [{\"name\": \"w\", \"kind\": "
                                  "\"restart\", %s}]}",
                                  rows[i].rule);

        load_as(b, text);
        assert_int_equal(b->fleet->calendar->rules[0].kind, HF_RULE_RESTART);
        assert_string_equal(described(&b->fleet->calendar->rules[0]),
                            rows[i].says);
        free(text);
    }
}

static void
a_freeze_lasts_whole_days_unless_it_says_otherwise(void **state)
{
    struct bed *b = *state;
    struct hf_period span;

    bed_host(b, "web-01", ",\"ring\": \"canary\", \"site\": \"berlin\"");
    load_as(b, "{\"zones\": {\"berlin\": \"Europe/Berlin\"}, \"freezes\": ["
               "{\"name\": \"eve\", \"dates\": [\"2026-12-24\"]}]}");
    assert_int_equal(hf_calendar_freeze(b->fleet->calendar, &b->fleet->hosts[0],
                                        at("2026-12-01"), &span),
                     0);
    assert_int_equal(span.from, at("2026-12-23T23:00:00Z"));
    assert_int_equal(span.to, at("2026-12-24T23:00:00Z"));
    assert_string_equal(span.title, "eve");
}

static void
events_of_a_referenced_file_are_a_freeze(void **state)
{
    struct bed *b = *state;
    struct hf_period span;

    bed_write(b, "calendars/holidays.ics",
              "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:1\r\n"
              "SUMMARY:Year end\r\nDTSTART;VALUE=DATE:20201224\r\n"
              "DTEND;VALUE=DATE:20201227\r\nRRULE:FREQ=YEARLY\r\n"
              "END:VEVENT\r\nEND:VCALENDAR\r\n");
    load_as(b, "{\"timezone\": \"Europe/Berlin\", \"freezes\": [{\"name\": "
               "\"holidays\", \"ics\": \"calendars/holidays.ics\"}]}");
    assert_int_equal(hf_calendar_freeze(b->fleet->calendar, &b->fleet->hosts[0],
                                        at("2027-12-25"), &span),
                     1);
    assert_string_equal(span.title, "Year end");
    assert_string_equal(span.rule->name, "holidays");
    assert_int_equal(span.to, at("2027-12-26T23:00:00Z"));
    assert_true(b->fleet->calendar->known_until > at("2028-01-01"));
}

static void
months_of_baselines_are_data(void **state)
{
    struct bed *b = *state;
    const struct hf_baselines *months;

    load_as(b, "{\"baselines\": [{\"product\": \"ws2025\", \"planned\": "
               "[\"2026-10\", \"2027-01\"], \"unplanned\": [\"2026-11\"], "
               "\"source\": \"vendor\", \"certainty\": \"announced\"}]}");
    months = hf_calendar_baselines(b->fleet->calendar, "ws2025");
    assert_non_null(months);
    assert_string_equal(months->planned[1], "2027-01");
    assert_string_equal(months->unplanned[0], "2026-11");
    assert_null(hf_calendar_baselines(b->fleet->calendar, "w11-24h2"));
}

/* What a note says moves nothing. */
static void
the_hash_covers_what_decides(void **state)
{
    static const char *const rules[] = {
        "\"name\": \"w\", \"weekly\": [\"day\"], \"at\": \"22:00\"",
        ("\"note\": \"x\", \"reason\": \"y\", \"name\": \"w\", "
         "\"weekly\": [\"day\"], \"at\": \"22:00\""),
        "\"name\": \"w\", \"weekly\": [\"day\"], \"at\": \"22:01\"",
    };
    struct bed *b = *state;
    char hash[3][65];

    for (size_t i = 0; i < 3; i++) {
        char *text = hf_xasprintf("{\"windows\": [{%s, \"kind\": \"change\", "
                                  "\"length\": \"1h\"}]}",
                                  rules[i]);

        load_as(b, text);
        memcpy(hash[i], b->fleet->calendar->hash, 65);
        free(text);
    }
    assert_string_equal(hash[0], hash[1]);
    assert_string_not_equal(hash[0], hash[2]);
}

static void
says_what_is_wrong_and_where(void **state)
{
    static const struct {
        const char *text, *says;
    } rows[] = {
        {"{\"window\": []}",
         "calendar.json:1:2: $.window: unknown key 'window' (did you mean "
         "'windows'?)"},
        {"{\"windows\": [{\"name\": \"w\", \"kind\": \"change\", \"monthly\": "
         "\"2nd tuesday\", \"at\": \"22:00\", \"length\": \"4h\"}]}",
         "calendar.json:1:57: $.windows[0].monthly: '2nd tuesday' is no day "
         "such as 'second tuesday + 4 days' or 'last day'"},
        {"{\"windows\": [{\"name\": \"w\", \"kind\": \"reboot\"}]}",
         "wants one of 'change', 'restart', found 'reboot'"},
        {"{\"windows\": [{\"name\": \"w\", \"kind\": \"change\"}]}",
         "wants one of 'monthly', 'weekly', 'dates' and 'ics', or 'from' and "
         "'to'"},
        {"{\"windows\": [{\"name\": \"w\", \"kind\": \"change\", \"weekly\": "
         "[\"day\"], \"at\": \"22:00\", \"length\": \"0h\"}]}",
         "wants 'at' and 'length' (more than 0)"},
        {"{\"windows\": [{\"name\": \"w\", \"kind\": \"change\", \"weekly\": "
         "[], \"at\": \"22:00\", \"length\": \"1h\"}]}",
         "names no day"},
        {"{\"windows\": [{\"name\": \"w\", \"kind\": \"change\", \"monthly\": "
         "\"last day\", \"months\": [], \"at\": \"22:00\", \"length\": "
         "\"1h\"}]}",
         "names no day"},
        {"{\"windows\": [{\"name\": \"w\", \"kind\": \"change\", \"weekly\": "
         "[\"friday\", \"saturday\"], \"at\": \"22:00\", \"length\": "
         "\"25h\"}]}",
         "overlaps itself"},
        {"{\"windows\": [{\"name\": \"w\", \"kind\": \"change\", \"dates\": "
         "[\"2026-12-12\", \"2026-12-05\"], \"at\": \"22:00\", \"length\": "
         "\"8d\"}]}",
         "overlaps itself"},
        {"{\"windows\": [{\"name\": \"w\", \"kind\": \"change\", \"weekly\": "
         "[\"friday\"], \"dates\": [\"2026-12-01\"], \"at\": \"22:00\", "
         "\"length\": \"1h\"}]}",
         "wants only one of"},
        {"{\"freezes\": [{\"name\": \"f\", \"from\": \"2026-12-05\", \"to\": "
         "\"2026-12-01\"}]}",
         "$.freezes[0]: ends before it begins"},
        {"{\"freezes\": [{\"name\": \"f\", \"from\": \"2026-12-05T10:00\", "
         "\"to\": \"2026-12-05T10:00\"}]}",
         "is empty"},
        {"{\"freezes\": [{\"name\": \"f\", \"dates\": [\"2026-02-30\"]}]}",
         "$.freezes[0].dates[0]: '2026-02-30' is no date"},
        {"{\"freezes\": [{\"name\": \"f\", \"dates\": [\"2026-12-05\"], "
         "\"timezone\": \"Europe/Berlun\"}]}",
         "$.freezes[0].timezone: there is no time zone 'Europe/Berlun'"},
        {"{\"zones\": {\"berlin\": \"Mars/Olympus\"}}",
         "$.zones.berlin: there is no time zone 'Mars/Olympus'"},
        {"{\"freezes\": [{\"name\": \"f\", \"dates\": [\"2026-12-05\"], "
         "\"for\": {\"rings\": [\"brod\"]}}]}",
         "$.freezes[0].for.rings[0]: ring 'brod' is not in hotfleet.json "
         "(did you mean 'broad'?)"},
        {"{\"freezes\": [{\"name\": \"f\", \"dates\": [\"2026-12-05\"], "
         "\"for\": {\"select\": \"patch:behind\"}}]}",
         "'patch' depends on what a host was found to be"},
        {"{\"freezes\": [{\"name\": \"f\", \"dates\": [\"2026-12-05\"], "
         "\"for\": {\"select\": \"tag:\"}}]}",
         "$.freezes[0].for.select: "},
        {"{\"freezes\": [{\"name\": \"f\", \"ics\": \"calendars/x.ics\"}]}",
         "$.freezes[0].ics: the repository holds no file 'calendars/x.ics'"},
        {"{\"freezes\": [{\"name\": \"f\", \"ics\": \"../x.ics\"}]}",
         "is no iCalendar file of this repository"},
        {"{\"freezes\": [{\"name\": \"f\", \"dates\": [\"2026-12-05\"]}, "
         "{\"name\": \"f\", \"dates\": [\"2026-12-06\"]}]}",
         "'f' is the name of another freeze"},
        {"{\"baselines\": [{\"product\": \"ws2025\"}, {\"product\": "
         "\"ws2025\"}]}",
         "product 'ws2025' is listed twice"},
    };
    struct bed *b = *state;

    for (size_t i = 0; i < HF_COUNT(rows); i++) {
        bed_write(b, "calendar.json", rows[i].text);
        bed_commit(b, "calendar");
        assert_int_equal(bed_load(b), HF_EINVALID);
        if (!strstr(bed_problems(b), rows[i].says))
            fail_msg("row %zu says: %s", i, bed_problems(b));
    }
}

static void
lint_names_what_is_likely_a_slip(void **state)
{
    struct bed *b = *state;

    load_as(b, "{\"windows\": [{\"name\": \"a\", \"kind\": \"change\", "
               "\"weekly\": [\"sunday\"], \"at\": \"22:00\", \"length\": "
               "\"4h\"}, {\"name\": \"b\", \"kind\": \"change\", \"weekly\": "
               "[\"monday\"], \"at\": \"01:00\", \"length\": \"1h\"}, "
               "{\"name\": \"c\", \"kind\": \"restart\", \"weekly\": "
               "[\"monday\"], \"at\": \"01:00\", \"length\": \"1h\"}, "
               "{\"name\": \"d\", \"kind\": \"restart\", \"dates\": "
               "[\"2020-12-24\"], \"at\": \"22:00\", \"length\": \"1h\"}, "
               "{\"name\": \"e\", \"kind\": \"restart\", \"weekly\": "
               "[\"friday\"], \"at\": \"01:00\", \"length\": \"1h\"}], "
               "\"zones\": {\"atlantis\": \"Asia/Kolkata\"}, "
               "\"freezes\": [{\"name\": \"g\", \"weekly\": [\"friday\"]}, "
               "{\"name\": \"f\", \"dates\": "
               "[\"2026-12-24\"], \"for\": {\"hosts\": [\"gone-01\"]}}]}");
    hf_problems_release(&b->problems);
    hf_lint_calendar(b->fleet, &b->problems);
    assert_string_equal(
        bed_problems(b),
        "calendar.json: warning: $.freezes[1]: 'f' names host 'gone-01', "
        "which the fleet has not\n"
        "calendar.json: warning: $.freezes[1]: 'f' names no host\n"
        "calendar.json: warning: $.windows[1]: 'b' lies over 'a' for the same "
        "hosts\n"
        "calendar.json: warning: $.windows[3]: 'd' never opens: none of its "
        "times is to come, or freezes lie over all of them\n"
        "calendar.json: warning: $.windows[4]: 'e' never opens: none of its "
        "times is to come, or freezes lie over all of them\n"
        "calendar.json: warning: $.zones[\"atlantis\"]: no host is at site "
        "'atlantis'\n");
}

static void
a_night_on_which_the_clock_changes_is_named(void **state)
{
    struct bed *b = *state;
    char why[HF_WHY_LEN];

    setenv("HOTFLEET_CLOCK", "2027-03-27T12:00:00Z", 1);
    bed_host(b, "web-01", ",\"ring\": \"canary\"");
    load_as(b, "{\"timezone\": \"Europe/Berlin\", \"windows\": [{\"name\": "
               "\"a\", \"kind\": \"change\", \"weekly\": [\"sunday\"], "
               "\"at\": \"02:30\", \"length\": \"1h\"}]}");
    hf_problems_release(&b->problems);
    hf_lint_calendar(b->fleet, &b->problems);
    assert_string_equal(bed_problems(b),
                        "calendar.json: warning: $.windows[0]: 'a' begins "
                        "2027-03-28 03:30 CEST, the clock skips its start: "
                        "later that night\n");
    assert_int_equal(hf_calendar_admits(b->fleet->calendar, &b->fleet->hosts[0],
                                        HF_RULE_CHANGE,
                                        at("2027-03-27T12:00:00Z"), why),
                     0);
    assert_string_equal(why, "outside its change windows: the next one, 'a', "
                             "opens 2027-03-28 03:30 CEST; the clock skips its "
                             "start: later that night");
    unsetenv("HOTFLEET_CLOCK");
}

static void
a_broken_calendar_forbids_every_change(void **state)
{
    struct bed *b = *state;
    struct hf_fleet *fleet = NULL;

    bed_write(b, "calendars/x.ics", "<!DOCTYPE html>");
    bed_write(b, "calendar.json",
              "{\"freezes\": [{\"name\": \"f\", \"ics\": "
              "\"calendars/x.ics\"}]}");
    bed_commit(b, "calendar");
    assert_int_equal(
        hf_fleet_load_sound(&fleet, bed_open(b), NULL, &b->problems, &b->err),
        HF_EINVALID);
    assert_string_equal(bed_problems(b),
                        "calendars/x.ics: is no iCalendar file: it does not "
                        "begin with BEGIN:VCALENDAR\n");
    assert_null(fleet->calendar);
    assert_string_equal(fleet->unenforced, "calendar.json");
    hf_fleet_free(fleet);
}

static void
a_host_with_an_unknown_clock_is_named(void **state)
{
    struct bed *b = *state;

    bed_host(b, "web-01",
             ",\"ring\": \"canary\", \"timezone\": \"Europe/Berlun\"");
    bed_write(b, "calendar.json", "{}");
    bed_commit(b, "calendar");
    assert_int_equal(bed_load(b), HF_EINVALID);
    assert_non_null(strstr(bed_problems(b), "$.timezone: there is no time "
                                            "zone 'Europe/Berlun'"));
}

int
main(void)
{
#define BED(test) \
    cmocka_unit_test_setup_teardown(test, bed_setup_fleet, bed_teardown)
    const struct CMUnitTest tests[] = {
        BED(every_way_to_say_when_is_understood),
        BED(a_freeze_lasts_whole_days_unless_it_says_otherwise),
        BED(events_of_a_referenced_file_are_a_freeze),
        BED(months_of_baselines_are_data),
        BED(the_hash_covers_what_decides),
        BED(says_what_is_wrong_and_where),
        BED(lint_names_what_is_likely_a_slip),
        BED(a_night_on_which_the_clock_changes_is_named),
        BED(a_broken_calendar_forbids_every_change),
        BED(a_host_with_an_unknown_clock_is_named),
    };

    return cmocka_run_group_tests(tests, bed_group_setup, NULL);
}
