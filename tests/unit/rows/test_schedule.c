/* Weeks as pictures. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "backend/base/time.h"
#include "tests/support/zones.h"
#include "tui/rows/schedule.h"

/* Two windows, of which a freeze covers the later one. */
static void
make(struct hf_schedule_row rows[3], struct hf_rule rules[2])
{
    rules[0] = (struct hf_rule){.name = "sunday", .kind = HF_RULE_RESTART};
    rules[1] = (struct hf_rule){.name = "year end", .kind = HF_RULE_FREEZE};
    rows[0] = (struct hf_schedule_row){
        .period = {at("2027-03-27T23:00:00Z"), at("2027-03-28T04:00:00Z"),
                   &rules[0], "sunday", HF_PERIOD_MOVED},
        .hosts = 2};
    rows[1] = (struct hf_schedule_row){.period = {at("2027-04-12T22:00:00Z"),
                                                  at("2027-04-14T22:00:00Z"),
                                                  &rules[1], "Audit", 0},
                                       .hosts = 2};
    rows[2] = (struct hf_schedule_row){.period = {at("2027-04-13T22:00:00Z"),
                                                  at("2027-04-14T01:00:00Z"),
                                                  &rules[0], "sunday", 0},
                                       .hosts = 2,
                                       .frozen = &rules[1],
                                       .frozen_all = 1};
}

static void
a_week_is_seven_days_of_eight_cells(void **state)
{
    static const char *const lines[] = {
        "2027-03-22       Mon 22   Tue 23   Wed 24   Thu 25   Fri 26   Sat 27"
        "   Sun 28  ",
        "sunday (restart)|........|........|........|........|........|........"
        "|##......",
        "nothing for 2 weeks",
        "2027-04-12       Mon 12   Tue 13   Wed 14   Thu 15   Fri 16   Sat 17"
        "   Sun 18  ",
        "year end (freez~|........|xxxxxxxx|xxxxxxxx|........|........|........"
        "|........",
        "sunday (restart)|........|........|-.......|........|........|........"
        "|........",
    };
    const struct hf_look look = {.cols = 79, .ascii = 1};
    struct hf_schedule_row rows[3];
    struct hf_rule rules[2];
    struct hf_schedule schedule = {
        .from = at("2027-03-22"), .to = at("2027-04-18"), .v = rows, .len = 3};
    struct hf_doc doc = {0};

    (void)state;
    make(rows, rules);
    hf_schedule_picture(&doc, &schedule, zone("Europe/Berlin"), &look);
    assert_int_equal(doc.len, HF_COUNT(lines));
    for (size_t i = 0; i < doc.len; i++)
        assert_string_equal(hf_buf_str(&doc.v[i].line.text), lines[i]);
    hf_doc_release(&doc);
}

static void
what_is_special_is_said(void **state)
{
    static const char *const notes[] = {
        "the clock skips its start: later that night", "Audit",
        "frozen by 'year end'"};
    struct hf_schedule_row rows[3];
    struct hf_rule rules[2];
    struct hf_buf note = {0};

    (void)state;
    make(rows, rules);
    for (size_t i = 0; i < 3; i++) {
        hf_buf_clear(&note);
        hf_schedule_note(&note, &rows[i]);
        assert_string_equal(hf_buf_str(&note), notes[i]);
    }
    hf_buf_release(&note);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_week_is_seven_days_of_eight_cells),
        cmocka_unit_test(what_is_special_is_said),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
