/* The Reboots screen: the quarter, and hosts in groups. */
#include <string.h>

#include "backend/base/text.h"
#include "tests/unit/model/calendar_bed.h"
#include "tests/unit/rows/doc_shows.h"
#include "tui/rows/reboots_view.h"

#define NOW "2026-11-23T12:00:00Z"

static struct hf_state states[HF_COUNT(hosts)];
static struct hf_reboots_view view;
static const struct hf_look look = {.cols = 80, .ascii = 1};

/* Restart windows for ring broad only, on the third Saturday; a freeze at the
 * end of the year; rings canary and broad. */
static int
set_up_view(void **state)
{
    static const char *const broad[] = {"broad", NULL};
    static const struct hf_ring rings[] = {{.name = "canary"},
                                           {.name = "broad"}};
    static struct hf_rule rules[2];

    if (set_up(state) != 0)
        return -1;
    rules[0] = patch_night();
    rules[0].kind = HF_RULE_RESTART;
    rules[0].scope.rings = broad;
    rules[1] = year_end();
    use(rules, HF_COUNT(rules));
    fleet.rings = rings;
    fleet.rings_len = HF_COUNT(rings);
    for (size_t i = 0; i < HF_COUNT(hosts); i++) {
        hf_state_init(&states[i], &hosts[i]);
        states[i].status.product = "ws2025";
        states[i].status.coverage = HF_COVERAGE_COVERED;
        states[i].status.reboot = HF_REBOOT_NONE;
    }
    states[DB].status.reboot = HF_REBOOT_PENDING;
    states[DB].status.reboot_at = at("2026-11-20");
    view = (struct hf_reboots_view){.week = -1};
    hf_reboots_view_make(&view, &fleet, states, HF_COUNT(hosts), at(NOW));
    return 0;
}

static int
tear_down_view(void **state)
{
    hf_reboots_view_release(&view);
    return tear_down(state);
}

static void
expect_rows(const char *wanted)
{
    struct hf_buf text = {0};

    for (size_t i = 0; i < view.len; i++)
        hf_buf_printf(&text, "%s ",
                      view.items[i].host == HF_REBOOTS_HEAD
                          ? hf_due_names[view.items[i].group]
                          : states[view.items[i].host].host->name);
    assert_string_equal(hf_buf_str(&text), wanted);
    hf_buf_release(&text);
}

/* ---- the list ---- */

static void
the_most_urgent_group_comes_first(void **state)
{
    (void)state;
    expect_rows("due db-1 no-window berlin-1 forecast kolkata-1 nowhere-1 ");
    assert_int_equal(view.counts[HF_DUE_FORECAST], 2);
    view.folded = 1u << HF_DUE_FORECAST;
    hf_reboots_view_list(&view);
    expect_rows("due db-1 no-window berlin-1 forecast ");
    assert_int_equal(view.counts[HF_DUE_FORECAST], 2);
}

static void
a_group_stands_for_its_hosts_folded_or_not(void **state)
{
    struct hf_strs names = {0};

    (void)state;
    view.folded = 1u << HF_DUE_FORECAST;
    hf_reboots_view_list(&view);
    hf_reboots_view_hosts(
        &names, &view,
        hf_reboots_view_find(&view, HF_REBOOTS_HEAD, HF_DUE_FORECAST));
    assert_int_equal(names.len, 2);
    assert_string_equal(names.v[0], "kolkata-1");
    hf_strs_release(&names);
}

static void
a_week_lists_who_restarts_in_it(void **state)
{
    (void)state;
    /* 2026-12-07: the window on the 12th serves what is pending. */
    for (int i = 0; i < 3; i++)
        assert_false(hf_reboots_view_week(&view, 1));
    hf_reboots_view_list(&view);
    expect_rows("due db-1 ");
    /* 2027-01-11: the baseline, also of the host without a window. */
    for (int i = 0; i < 5; i++)
        assert_false(hf_reboots_view_week(&view, 1));
    hf_reboots_view_list(&view);
    expect_rows("due db-1 no-window berlin-1 forecast kolkata-1 nowhere-1 ");
}

static void
weeks_go_on_into_the_next_quarter_and_back(void **state)
{
    int changes = 0;

    (void)state;
    for (int i = 0; i < 14; i++)
        changes += hf_reboots_view_week(&view, 1);
    assert_int_equal(changes, 1);
    assert_int_equal(view.offset, 1);
    assert_int_equal(view.week, 0);
    for (int i = 0; i < 100; i++)
        (void)hf_reboots_view_week(&view, 1);
    assert_int_equal(view.offset, HF_REBOOTS_QUARTERS - 1);
    assert_int_equal(view.week, HF_QUARTER_WEEKS - 1);
    for (int i = 0; i < 100; i++)
        (void)hf_reboots_view_week(&view, -1);
    assert_int_equal(view.offset, 0);
    assert_int_equal(view.week, -1);
}

static void
a_host_is_found_again_else_its_group(void **state)
{
    size_t row = hf_reboots_view_find(&view, KOLKATA, HF_DUE_FORECAST);

    (void)state;
    assert_int_equal(view.items[row].host, KOLKATA);
    /* It moved to another group. */
    assert_int_equal(hf_reboots_view_find(&view, KOLKATA, HF_DUE_OVERDUE), row);
    view.folded = 1u << HF_DUE_FORECAST;
    hf_reboots_view_list(&view);
    row = hf_reboots_view_find(&view, KOLKATA, HF_DUE_FORECAST);
    assert_int_equal(view.items[row].host, HF_REBOOTS_HEAD);
}

/* ---- the quarter ---- */

static void
every_ring_has_a_row_of_weeks(void **state)
{
    const struct hf_quarter *q = &view.quarter;

    (void)state;
    assert_int_equal(q->len, 2);
    assert_string_equal(q->v[0].name, "canary");
    assert_int_equal(q->v[0].weeks[7].out, 1); /* the baseline, no window */
    assert_int_equal(q->v[1].weeks[7].in, 3);
    assert_int_equal(q->v[1].weeks[2].in, 1); /* what is pending */
    assert_true(q->v[1].weeks[2].window);
    assert_false(q->v[1].weeks[1].window);
    assert_true(q->v[0].weeks[4].freeze);
    assert_false(q->v[0].weeks[2].freeze);
}

static void
sites_are_in_order_and_hosts_without_one_come_last(void **state)
{
    const struct hf_quarter *q = &view.quarter;

    (void)state;
    view.quarter.by = HF_QUARTER_SITE;
    hf_reboots_view_quarter(&view);
    assert_int_equal(q->len, 2);
    assert_string_equal(q->v[0].name, "berlin");
    assert_null(q->v[1].name);
    assert_int_equal(q->v[0].hosts, 2);
    assert_int_equal(q->v[1].hosts, 2);
}

static void
the_quarter_says_what_its_signs_mean_and_fits(void **state)
{
    struct hf_line signs = {0};
    struct hf_doc doc = {0};

    (void)state;
    hf_quarter_rows(&doc, &view.quarter, 7, 1, &look);
    assert_int_equal(doc.len, 4); /* heads, one row, how many more */
    for (size_t i = 0; i < doc.len; i++)
        assert_true(hf_line_width(&doc.v[i].line) <= 80);
    assert_non_null(strstr(hf_buf_str(&doc.v[0].line.text), "2026-12"));
    assert_non_null(strstr(hf_buf_str(&doc.v[1].line.text), ">11"));
    assert_non_null(strstr(hf_buf_str(&doc.v[2].line.text), "1!"));
    assert_non_null(strstr(hf_buf_str(&doc.v[3].line.text), "1 more ring"));
    hf_quarter_signs(&signs, &look);
    assert_non_null(strstr(hf_buf_str(&signs.text), "3! outside"));
    hf_line_release(&signs);
    hf_doc_release(&doc);
}

static void
freezes_are_named_and_the_windows_of_a_chosen_week(void **state)
{
    struct hf_line line = {0};

    (void)state;
    /* Each zone has its own; the first one to begin is named. */
    hf_reboots_view_periods(&line, &view);
    assert_string_equal(hf_buf_str(&line.text),
                        "freeze year end 2026-12-18 00:00 IST to 2027-01-07 "
                        "00:00 IST");
    view.week = 2;
    hf_reboots_view_periods(&line, &view);
    assert_non_null(strstr(hf_buf_str(&line.text), "window patch night "
                                                   "2026-12-12 22:00 "));
    view.week = 1;
    hf_reboots_view_periods(&line, &view);
    assert_non_null(strstr(hf_buf_str(&line.text), "no restart window"));
    hf_line_release(&line);
}

/* ---- lines ---- */

static void
expect_line(size_t row, const char *wanted)
{
    struct hf_line line = {0};

    hf_reboots_line(&line, &view, row, &look);
    assert_non_null(strstr(hf_buf_str(&line.text), wanted));
    assert_true(hf_line_width(&line) <= look.cols);
    hf_line_release(&line);
}

static void
lines_say_when_why_and_by_when(void **state)
{
    (void)state;
    expect_line(1, "db-1");
    expect_line(1, "2026-12-12 22:00 CET       pending          -");
    expect_line(3, "no window                  baseline 2027-01 2027-02-09");
}

static void
notes_say_why_and_what_a_group_means(void **state)
{
    struct hf_line line = {0};

    (void)state;
    hf_reboots_note(&line, &view, 3);
    assert_non_null(strstr(hf_buf_str(&line.text), "planned baseline of "));
    hf_line_clear(&line);
    hf_reboots_note(&line, &view, 2);
    assert_non_null(strstr(hf_buf_str(&line.text), "an error in planning"));
    hf_line_release(&line);
}

/* ---- below the list ---- */

static void
expect_detail(size_t row, const char *const *wanted)
{
    struct hf_look wide = look;
    struct hf_doc doc = {0};

    wide.cols = 300;
    hf_reboots_detail(&doc, &view, row, &wide);
    expect_doc(&doc, wanted);
    hf_doc_release(&doc);
}

static void
a_host_is_told_of_with_what_would_move_its_restart(void **state)
{
    static const char *const pending[] = {
        "why       a restart is pending",
        "window    opens 2026-12-12 22:00 CET (patch night); due since "
        "2026-11-20",
        "moved by  nothing puts it off", NULL};
    static const char *const nowhere[] = {
        "why       planned baseline of 2027-01",
        "due from 2027-01-12, at the latest 2027-02-09",
        "put off, it comes with the next hotpatch",
        "a window (W): hotfleet window add NAME berlin-1 --kind restart", NULL};
    static const char *const head[] = {"an error in planning", NULL};

    (void)state;
    expect_detail(1, pending);
    expect_detail(3, nowhere);
    expect_detail(2, head);
}

static void
what_keeps_a_host_from_being_restarted_is_told_of(void **state)
{
    static const char *const held[] = {"held      year end close",
                                       "restarted by itself", NULL};

    (void)state;
    hosts[DB].hold = "year end close";
    states[DB].status.restarted_why = "by itself";
    expect_detail(1, held);
    hosts[DB].hold = NULL;
}

/* ---- the month ---- */

static void
look_at(const char *now)
{
    hf_reboots_view_make(&view, &fleet, states, HF_COUNT(hosts), at(now));
}

static void
the_month_counts_who_restarts_and_who_has_no_window(void **state)
{
    struct hf_line line = {0};

    (void)state;
    assert_string_equal(view.month.name, "2026-11");
    assert_int_equal(view.month.restart, 0);
    assert_int_equal(view.month.wait, 1); /* it waits until December */
    hf_due_month_line(&line, &view.month);
    assert_string_equal(hf_buf_str(&line.text),
                        "2026-11: none restarts, 1 due without a window");
    look_at("2026-12-01T12:00:00Z");
    assert_int_equal(view.month.restart, 1);
    assert_int_equal(view.month.wait, 0);
    look_at("2026-12-31T12:00:00Z"); /* the month ends with the year */
    assert_string_equal(view.month.name, "2026-12");
    assert_int_equal(view.month.restart, 0);
    hf_line_release(&line);
}

static void
the_month_says_of_how_many_hosts_it_knows_nothing(void **state)
{
    struct hf_line line = {0};

    (void)state;
    for (size_t i = 0; i < HF_COUNT(hosts); i++)
        hf_state_init(&states[i], &hosts[i]); /* never asked */
    look_at(NOW);
    hf_due_month_line(&line, &view.month);
    assert_string_equal(hf_buf_str(&line.text),
                        "2026-11: none is known to restart, 4 unknown");
    hf_line_release(&line);
}

static void
this_month_lists_its_hosts_alone_until_a_week_is_chosen(void **state)
{
    (void)state;
    view.this_month = 1;
    hf_reboots_view_list(&view);
    expect_rows("due db-1 ");
    assert_false(hf_reboots_view_week(&view, 1));
    assert_false(view.this_month);
    hf_reboots_view_list(&view);
    expect_rows("");
}

static void
a_supposition_moves_hosts(void **state)
{
    (void)state;
    view.skip_baseline = 1;
    hf_reboots_view_make(&view, &fleet, states, HF_COUNT(hosts), at(NOW));
    assert_int_equal(hf_dues_of(&view.dues, KOLKATA)->forced.at,
                     at("2027-02-09T18:00:00Z"));
}

static void
an_empty_fleet_without_a_calendar_is_shown(void **state)
{
    struct hf_fleet none = {0};
    struct hf_doc doc = {0};
    struct hf_line line = {0};

    (void)state;
    hf_reboots_view_make(&view, &none, states, 0, at(NOW));
    assert_int_equal(view.len, 0);
    hf_quarter_rows(&doc, &view.quarter, -1, 5, &look);
    assert_int_equal(doc.len, 2);
    hf_reboots_note(&line, &view, 0);
    assert_int_equal(line.text.len, 0);
    hf_reboots_view_periods(&line, &view);
    assert_non_null(strstr(hf_buf_str(&line.text), "no calendar.json"));
    hf_line_release(&line);
    hf_doc_release(&doc);
}

int
main(void)
{
#define TEST(name) \
    cmocka_unit_test_setup_teardown(name, set_up_view, tear_down_view)
    const struct CMUnitTest tests[] = {
        TEST(the_most_urgent_group_comes_first),
        TEST(a_group_stands_for_its_hosts_folded_or_not),
        TEST(a_week_lists_who_restarts_in_it),
        TEST(weeks_go_on_into_the_next_quarter_and_back),
        TEST(a_host_is_found_again_else_its_group),
        TEST(every_ring_has_a_row_of_weeks),
        TEST(sites_are_in_order_and_hosts_without_one_come_last),
        TEST(the_quarter_says_what_its_signs_mean_and_fits),
        TEST(freezes_are_named_and_the_windows_of_a_chosen_week),
        TEST(lines_say_when_why_and_by_when),
        TEST(notes_say_why_and_what_a_group_means),
        TEST(a_host_is_told_of_with_what_would_move_its_restart),
        TEST(what_keeps_a_host_from_being_restarted_is_told_of),
        TEST(the_month_counts_who_restarts_and_who_has_no_window),
        TEST(the_month_says_of_how_many_hosts_it_knows_nothing),
        TEST(this_month_lists_its_hosts_alone_until_a_week_is_chosen),
        TEST(a_supposition_moves_hosts),
        TEST(an_empty_fleet_without_a_calendar_is_shown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
