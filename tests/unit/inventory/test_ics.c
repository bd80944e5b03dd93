/* iCalendar: what other programs write, and what broken files do. */
#include "bed.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"
#include "backend/base/time.h"
#include "inventory/ics.h"
#include "tests/support/zones.h"

static struct hf_ics ics;
static struct hf_err err;

static int
read_text(const char *text)
{
    int64_t until;

    assert_int_equal(hf_time_parse(&until, "2031-01-01"), 0);
    return hf_ics_read(&ics, arena, text, strlen(text), until, &err);
}

/* A calendar of these lines; lines are ended as the standard wants. */
static int
read_lines(const char *lines)
{
    struct hf_buf text = {0};
    int rc;

    hf_buf_puts(&text, "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n");
    for (; *lines; lines++) {
        if (*lines == '\n')
            hf_buf_putc(&text, '\r');
        hf_buf_putc(&text, *lines);
    }
    hf_buf_puts(&text, "END:VCALENDAR\r\n");
    rc = read_text(hf_buf_str(&text));
    hf_buf_release(&text);
    return rc;
}

/* One event of these lines; its times as "from to" a line, "l" for local. */
static const char *
times(const char *lines)
{
    static char out[4096];
    char *all = hf_xasprintf("BEGIN:VEVENT\nUID:1\n%sEND:VEVENT\n", lines);
    size_t n = 0;

    out[0] = '\0';
    if (read_lines(all) < 0)
        n = (size_t)snprintf(out, sizeof(out), "%s", err.text);
    for (size_t i = 0; n == 0 && i < ics.len && i < 20; i++) {
        char from[HF_TIME_LEN], to[HF_TIME_LEN];
        size_t used = strlen(out);

        (void)snprintf(out + used, sizeof(out) - used, "%.16s %.16s%s%s%s\n",
                       hf_time_format(from, ics.v[i].from),
                       hf_time_format(to, ics.v[i].to),
                       ics.v[i].local ? " l" : "",
                       ics.v[i].flags & HF_PERIOD_MOVED ? " moved" : "",
                       ics.v[i].flags & HF_PERIOD_TWICE ? " twice" : "");
    }
    free(all);
    return out;
}

#define ZONE                                                                  \
    "BEGIN:VTIMEZONE\nTZID:Office\nBEGIN:STANDARD\nDTSTART:19701025T030000\n" \
    "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10\nTZOFFSETFROM:+0200\n"           \
    "TZOFFSETTO:+0100\nEND:STANDARD\nBEGIN:DAYLIGHT\n"                        \
    "DTSTART:19700329T020000\nRRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3\n"       \
    "TZOFFSETFROM:+0100\nTZOFFSETTO:+0200\nEND:DAYLIGHT\nEND:VTIMEZONE\n"

static void
reads_times_on_every_kind_of_clock(void **state)
{
    static const struct {
        const char *lines, *times;
    } rows[] = {
        {"DTSTART:20261218T170000Z\nDTEND:20261218T190000Z\n",
         "2026-12-18T17:00 2026-12-18T19:00\n"},
        {"DTSTART;VALUE=DATE:20261224\nDTEND;VALUE=DATE:20261227\n",
         "2026-12-24T00:00 2026-12-27T00:00 l\n"},
        {"DTSTART;VALUE=DATE:20261224\n",
         "2026-12-24T00:00 2026-12-25T00:00 l\n"},
        {"DTSTART:20261218T170000\nDURATION:PT2H\n",
         "2026-12-18T17:00 2026-12-18T19:00 l\n"},
        {"DTSTART;TZID=America/New_York:20261218T170000\nDURATION:P1DT1H\n",
         "2026-12-18T22:00 2026-12-19T23:00\n"},
        {"DTSTART;TZID=Office:20260701T220000\n"
         "DTEND;TZID=Office:20260702T020000\n",
         "2026-07-01T20:00 2026-07-02T00:00\n"},
        {"DTSTART;TZID=Office:20261201T220000\n"
         "DTEND;TZID=Office:20261202T020000\n",
         "2026-12-01T21:00 2026-12-02T01:00\n"},
        /* nights on which the clock changes: a time that it jumps over counts
         * on from before, one that comes twice means the first */
        {"DTSTART;TZID=Office:20270328T023000\nDURATION:PT1H\n",
         "2027-03-28T01:30 2027-03-28T02:30 moved\n"},
        {"DTSTART;TZID=Europe/Berlin:20270328T023000\nDURATION:PT1H\n",
         "2027-03-28T01:30 2027-03-28T02:30 moved\n"},
        {"DTSTART;TZID=Office:20271031T023000\nDURATION:PT1H\n",
         "2027-10-31T00:30 2027-10-31T01:30 twice\n"},
        {"DTSTART;TZID=Europe/Berlin:20271031T023000\nDURATION:PT1H\n",
         "2027-10-31T00:30 2027-10-31T01:30 twice\n"},
        {"DTSTART;TZID=Office:20271031T000000\n"
         "DTEND;TZID=Office:20271031T023000\n",
         "2027-10-30T22:00 2027-10-31T00:30\n"},
        /* a day ends at the same time of day */
        {"DTSTART;TZID=Office:20270327T120000\nDURATION:P1DT1H\n",
         "2027-03-27T11:00 2027-03-28T11:00\n"},
        {"DTSTART;TZID=Office:20270327T120000\nDURATION:PT24H\n",
         "2027-03-27T11:00 2027-03-28T11:00\n"},
        {"DTSTART:20261231T235960Z\nDURATION:PT1H\n",
         "2027-01-01T00:00 2027-01-01T01:00\n"},
        /* takes no time */
        {"DTSTART:20261218T170000Z\n", ""},
        {"DTSTART:20261218T170000Z\nDTEND:20261218T170000Z\n", ""},
        {"DTSTART:20261218T170000Z\nDTEND:20261218T190000Z\n"
         "STATUS:CANCELLED\n",
         ""},
    };

    (void)state;
    for (size_t i = 0; i < HF_COUNT(rows); i++) {
        char *lines = hf_xasprintf("%sEND:VEVENT\n" ZONE "BEGIN:VEVENT\n"
                                   "DTSTART:20200101T000000Z\n",
                                   rows[i].lines);

        assert_string_equal(times(lines), rows[i].times);
        free(lines);
    }
}

static void
follows_rules_with_their_exceptions(void **state)
{
    static const struct {
        const char *lines, *times;
    } rows[] = {
        /* the last working day of each month */
        {"DTSTART:20260130T220000Z\nDURATION:PT4H\n"
         "RRULE:FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;COUNT=3\n",
         "2026-01-30T22:00 2026-01-31T02:00\n"
         "2026-02-27T22:00 2026-02-28T02:00\n"
         "2026-03-31T22:00 2026-04-01T02:00\n"},
        /* on Saturdays, by a clock that changes between two of them */
        {"DTSTART;TZID=Europe/Berlin:20260321T220000\nDURATION:PT1H\n"
         "RRULE:FREQ=WEEKLY;UNTIL=20260404T200000Z\n",
         "2026-03-21T21:00 2026-03-21T22:00\n"
         "2026-03-28T21:00 2026-03-28T22:00\n"
         "2026-04-04T20:00 2026-04-04T21:00\n"},
        {"DTSTART;VALUE=DATE:20260101\n"
         "RRULE:FREQ=DAILY;UNTIL=20260104\n"
         "EXDATE;VALUE=DATE:20260102,20260103\n",
         "2026-01-01T00:00 2026-01-02T00:00 l\n"
         "2026-01-04T00:00 2026-01-05T00:00 l\n"},
        {"DTSTART;TZID=Europe/Berlin:20260701T100000\nDURATION:PT1H\n"
         "RRULE:FREQ=DAILY;COUNT=3\nEXDATE:20260702T080000Z\n"
         "RDATE;TZID=Europe/Berlin:20260801T100000\n",
         "2026-07-01T08:00 2026-07-01T09:00\n"
         "2026-07-03T08:00 2026-07-03T09:00\n"
         "2026-08-01T08:00 2026-08-01T09:00\n"},
        {"DTSTART:20260701T100000Z\nDURATION:PT1H\n"
         "RDATE;VALUE=PERIOD:20260801T100000Z/20260801T120000Z,"
         "20260901T100000Z/PT3H\n",
         "2026-07-01T10:00 2026-07-01T11:00\n"
         "2026-08-01T10:00 2026-08-01T12:00\n"
         "2026-09-01T10:00 2026-09-01T13:00\n"},
        /* one of a series is moved, another one cancelled */
        {"DTSTART:20260701T100000Z\nDURATION:PT1H\n"
         "RRULE:FREQ=DAILY;COUNT=3\nEND:VEVENT\n"
         "BEGIN:VEVENT\nUID:1\nRECURRENCE-ID:20260702T100000Z\n"
         "DTSTART:20260702T200000Z\nDURATION:PT2H\nEND:VEVENT\n"
         "BEGIN:VEVENT\nUID:1\nRECURRENCE-ID:20260703T100000Z\n"
         "DTSTART:20260703T100000Z\nDURATION:PT1H\nSTATUS:CANCELLED\n",
         "2026-07-01T10:00 2026-07-01T11:00\n"
         "2026-07-02T20:00 2026-07-02T22:00\n"},
        /* one is longer than the others */
        {"DTSTART:20260701T100000Z\nDURATION:PT1H\n"
         "RRULE:FREQ=DAILY;COUNT=2\nEND:VEVENT\n"
         "BEGIN:VEVENT\nUID:1\nRECURRENCE-ID:20260702T100000Z\n"
         "DTSTART:20260702T100000Z\nDURATION:PT9H\n",
         "2026-07-01T10:00 2026-07-01T11:00\n"
         "2026-07-02T10:00 2026-07-02T19:00\n"},
        /* two rules */
        {"DTSTART:20260701T100000Z\nDURATION:PT1H\n"
         "RRULE:FREQ=DAILY;COUNT=1\nRRULE:FREQ=WEEKLY;COUNT=2\n",
         "2026-07-01T10:00 2026-07-01T11:00\n"
         "2026-07-01T10:00 2026-07-01T11:00\n"
         "2026-07-08T10:00 2026-07-08T11:00\n"},
        {"DTSTART;VALUE=DATE:20240229\nRRULE:FREQ=YEARLY;COUNT=2\n",
         "2024-02-29T00:00 2024-03-01T00:00 l\n"
         "2028-02-29T00:00 2028-03-01T00:00 l\n"},
    };

    (void)state;
    for (size_t i = 0; i < HF_COUNT(rows); i++)
        assert_string_equal(times(rows[i].lines), rows[i].times);
}

static void
a_rule_without_end_is_known_for_a_while(void **state)
{
    (void)state;
    assert_int_equal(read_lines("BEGIN:VEVENT\nUID:1\n"
                                "DTSTART;VALUE=DATE:20260101\n"
                                "RRULE:FREQ=WEEKLY\nEND:VEVENT\n"),
                     HF_OK);
    assert_int_equal(ics.len, 261);
    assert_true(ics.endless);
}

static void
lines_are_unfolded_and_titles_made_harmless(void **state)
{
    (void)state;
    assert_int_equal(
        read_lines("BEGIN:VEVENT\nUID:1\nDTSTART;VALUE=DA\n TE:20260101\n"
                   "SUMMARY:Year\\, en\n d \\n \x1b[31mred\nDESCRIPTION:\n"
                   "END:VEVENT\n"),
        HF_OK);
    assert_int_equal(ics.len, 1);
    assert_string_equal(ics.v[0].title, "Year, end \\n \\x1b[31mred");
    assert_int_equal(read_text("\xef\xbb\xbf"
                               "BEGIN:VCALENDAR\nBEGIN:VEV\n ENT\n"
                               "DTSTART;VALUE=DATE:20260101\n"
                               "END:VEVENT\nEND:VCALENDAR\n"),
                     HF_OK);
    assert_int_equal(ics.len, 1);
}

/* What nobody's restart depends on need not be right, nor short. */
static void
what_does_not_decide_is_left_aside(void **state)
{
    struct hf_buf text = {0};

    (void)state;
    hf_buf_puts(&text, "BEGIN:VEVENT\nDTSTART;VALUE=DATE:20260101\nGEO:x;y\n"
                       "PRIORITY:high\nATTACH:");
    for (int i = 0; i < 10000; i++)
        hf_buf_puts(&text, "0123456789\n ");
    hf_buf_puts(&text, "\nEND:VEVENT\n");
    assert_int_equal(read_lines(hf_buf_str(&text)), HF_OK);
    assert_int_equal(ics.len, 1);
    hf_buf_clear(&text);
    hf_buf_puts(&text, "BEGIN:VEVENT\nDTSTART;VALUE=DATE:20260101\n"
                       "EXDATE;VALUE=DATE:20260102");
    for (int i = 0; i < 10000; i++)
        hf_buf_puts(&text, ",\n 20260103");
    hf_buf_puts(&text, "\nEND:VEVENT\n");
    assert_int_equal(read_lines(hf_buf_str(&text)), HF_EINVALID);
    assert_string_equal(err.text, "line 5: EXDATE is longer than 65536 bytes");
    hf_buf_clear(&text);
    hf_buf_puts(&text, "BEGIN:VEVENT\nDTSTART;VALUE=DATE:20260101\nRRULE;X=");
    for (int i = 0; i < 10000; i++)
        hf_buf_puts(&text, "0123456789");
    hf_buf_puts(&text, ":FREQ=DAILY\nEND:VEVENT\n");
    assert_int_equal(read_lines(hf_buf_str(&text)), HF_EINVALID);
    assert_string_equal(err.text, "line 5: RRULE is longer than 65536 bytes");
    hf_buf_release(&text);
}

static void
refuses_what_cannot_be_relied_on(void **state)
{
    static const struct {
        const char *lines, *says;
    } rows[] = {
        {"DTSTART:20260101T000000Z\nDURATION:PT1H\nRRULE:FREQ=SECONDLY\n",
         "repeats by the hour, minute or second"},
        {"DTSTART:20260101T000000Z\nDURATION:PT1H\n"
         "RRULE:FREQ=MINUTELY;BYMONTH=2;BYMONTHDAY=30\n",
         "repeats by the hour, minute or second"},
        {"DTSTART:18000101T000000Z\nDURATION:PT1H\n"
         "RRULE:FREQ=DAILY\n",
         "more than 50000 times"},
        /* nor what takes no time, or is left out */
        {"DTSTART:18000101T000000Z\nRRULE:FREQ=DAILY\n",
         "more than 50000 times"},
        {"DTSTART:20260101T000000Z\nDURATION:PT1H\nRRULE:FREQ=SOMETIMES\n",
         "event '(without SUMMARY)': "},
        {"DTSTART;VALUE=DATE:20260101\n"
         "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30\n",
         "its RRULE names no day that there is"},
        {"DTSTART;VALUE=DATE:20260101\n"
         "RRULE:FREQ=MONTHLY;BYDAY=MO;BYSETPOS=71\n",
         "names no day that there is (BYSETPOS=71)"},
        {"DTSTART;VALUE=DATE:20260101\nRRULE:RSCALE=CHINESE;FREQ=YEARLY\n",
         "counts by another calendar"},
        {"DTSTART:tomorrow\nDURATION:PT1H\n", "event '(without SUMMARY)': "},
        {"SUMMARY:x\n", "line 3: event 'x': it has no DTSTART"},
        {"DTSTART:20270229T000000Z\nDURATION:PT1H\n",
         "2027-02-29 00:00:00 is no time that there is"},
        {"DTSTART:20261301T000000Z\nDURATION:PT1H\n", "no time that there is"},
        {"DTSTART:20261201T240000Z\nDURATION:PT1H\n", "no time that there is"},
        {"DTSTART:20261202T000000Z\nDTEND:20261201T000000Z\n",
         "it ends before it begins"},
        {"DTSTART:20261202T000000Z\nDURATION:-PT1H\n",
         "it ends before it begins"},
        {"DTSTART:20261202T000000Z\nDURATION:P9999999999W\n",
         "line 6: DURATION has a number that is too large"},
        {"DTSTART:20261202T000000Z\nDTSTART:20261203T000000Z\nDURATION:PT1H\n",
         "more than one DTSTART"},
        /* libical has 16 bits for it: every day */
        {"DTSTART;VALUE=DATE:20260101\nRRULE:FREQ=DAILY;INTERVAL=65537\n",
         "line 6: RRULE has a number that is too large"},
        {"DTSTART;VALUE=DATE:20260101\nRRULE:FREQ=DAILY;COUNT=4294967297\n",
         "line 6: RRULE has a number that is too large"},
        {"DTSTART;VALUE=DATE:20260101\nRRULE:FREQ=WEEKLY;BYDAY=2MO\n",
         "BYDAY with a number"},
        {"DTSTART;VALUE=DATE:20260101\nRRULE:FREQ=DAILY\n"
         "EXRULE:FREQ=WEEKLY\n",
         "name them (EXDATE)"},
        {"DTSTART;VALUE=DATE:20260101\n"
         "RECURRENCE-ID;RANGE=THISANDFUTURE;VALUE=DATE:20260101\n",
         "make them a series of their own"},
        {"DTSTART;TZID=Nowhere:20260101T000000\nDURATION:PT1H\n",
         "time zone 'Nowhere' is neither defined"},
        {"DTSTART:20260101T000000Z\nDTEND:20260102T000000\n",
         "on different clocks"},
        {"DTSTART:20260101T000000Z\nDTEND:20260102T000000Z\nEND:VEVENT\n"
         "BEGIN:VTIMEZONE\nTZID:Z\nBEGIN:STANDARD\nDTSTART:19700101T000000\n"
         "RRULE:FREQ=SECONDLY\nTZOFFSETFROM:+0000\nTZOFFSETTO:+0100\n"
         "END:STANDARD\nEND:VTIMEZONE\nBEGIN:VEVENT\nDTSTART:20260101\n",
         "line 8: time zone 'Z': its clock does not change by the year"},
        {"END:VEVENT\nBEGIN:VTIMEZONE\nTZID:Z\nEND:VTIMEZONE\nBEGIN:VEVENT\n",
         "time zone 'Z': it does not say how far from UTC"},
        {"END:VEVENT\nBEGIN:VTIMEZONE\nTZID:Z\nBEGIN:STANDARD\n"
         "DTSTART:19700101T000000\nEND:STANDARD\nEND:VTIMEZONE\n"
         "BEGIN:VEVENT\n",
         "a part of it does not say"},
        {"END:VEVENT\nBEGIN:VTIMEZONE\nTZID:Z\nBEGIN:STANDARD\n"
         "DTSTART:00010101T000000\nRRULE:FREQ=YEARLY\nTZOFFSETFROM:+0000\n"
         "TZOFFSETTO:+0100\nEND:STANDARD\nEND:VTIMEZONE\nBEGIN:VEVENT\n",
         "its rules begin before 1600"},
    };

    (void)state;
    for (size_t i = 0; i < HF_COUNT(rows); i++) {
        const char *says = times(rows[i].lines);

        if (!strstr(says, rows[i].says))
            fail_msg("row %zu says: %s", i, says);
    }
}

static void
refuses_broken_frames_with_the_line(void **state)
{
    static const struct {
        const char *text, *says;
    } rows[] = {
        {"", "is no iCalendar file"},
        {"<!DOCTYPE html><html></html>", "is no iCalendar file"},
        {"BEGIN:VCALENDAR\n", "it is cut off: BEGIN:VCALENDAR has no end"},
        {"BEGIN:VCALENDAR\nBEGIN:VEVENT\nEND:VCALENDAR\n",
         "line 3: END:VCALENDAR closes BEGIN:VEVENT"},
        {"BEGIN:VCALENDAR\nEND:VCALENDAR\nEND:VCALENDAR\n",
         "line 3: END:VCALENDAR closes nothing"},
        {"BEGIN:VCALENDAR\nEND:VCALENDAR\nhello\n",
         "line 3: this is outside of any component"},
    };
    struct hf_buf deep = {0};

    (void)state;
    for (size_t i = 0; i < HF_COUNT(rows); i++) {
        assert_int_equal(read_text(rows[i].text), HF_EINVALID);
        if (!strstr(err.text, rows[i].says))
            fail_msg("row %zu says: %s", i, err.text);
    }
    hf_buf_puts(&deep, "BEGIN:VCALENDAR\n");
    for (int i = 0; i < 100000; i++)
        hf_buf_puts(&deep, "BEGIN:VEVENT\n");
    assert_int_equal(read_text(hf_buf_str(&deep)), HF_EINVALID);
    assert_string_equal(err.text, "line 9: components are nested too deeply");
    hf_buf_clear(&deep);
    hf_buf_puts(&deep, "BEGIN:VCALENDAR\n");
    for (int i = 0; i < 20001; i++)
        hf_buf_puts(&deep, "BEGIN:VEVENT\nEND:VEVENT\n");
    hf_buf_puts(&deep, "END:VCALENDAR\n");
    assert_int_equal(read_text(hf_buf_str(&deep)), HF_ELIMIT);
    hf_buf_release(&deep);
    assert_int_equal(
        hf_ics_read(&ics, arena, "BEGIN:VCALENDAR\0\n", 17, 0, &err),
        HF_EINVALID);
}

static void
what_is_written_is_read_again(void **state)
{
    const struct hf_ics_event event = {
        .uid = "1@fleet",
        .title = "Patch night; canary, \"db\"\nand a very long title that does "
                 "not fit into seventy-five octets of one line: \xc3\xa4\xc3"
                 "\xb6\xc3\xbc \xe6\x97\xa5\xe6\x9c\xac",
        .text = "two\nlines",
        .category = "RESTART",
        .from = 1797109200000,
        .to = 1797123600000,
    };
    struct hf_buf text = {0};

    (void)state;
    hf_ics_write(&text, "prod", 1795397025000, &event, 1);
    for (const char *line = hf_buf_str(&text), *end; *line; line = end + 2) {
        assert_non_null(end = strstr(line, "\r\n"));
        assert_true(end - line <= 75);
    }
    assert_int_equal(read_text(hf_buf_str(&text)), HF_OK);
    assert_int_equal(ics.len, 1);
    assert_int_equal(ics.v[0].from, event.from);
    assert_int_equal(ics.v[0].to, event.to);
    assert_non_null(strstr(ics.v[0].title, "canary, \"db\"\\nand a very"));
    assert_non_null(strstr(ics.v[0].title, "\xe6\x97\xa5\xe6\x9c\xac"));
    hf_buf_release(&text);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_times_on_every_kind_of_clock),
        cmocka_unit_test(follows_rules_with_their_exceptions),
        cmocka_unit_test(a_rule_without_end_is_known_for_a_while),
        cmocka_unit_test(lines_are_unfolded_and_titles_made_harmless),
        cmocka_unit_test(what_does_not_decide_is_left_aside),
        cmocka_unit_test(refuses_what_cannot_be_relied_on),
        cmocka_unit_test(refuses_broken_frames_with_the_line),
        cmocka_unit_test(what_is_written_is_read_again),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
