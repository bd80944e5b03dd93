/* A year of forced restarts as a line of weeks. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "backend/base/text.h"
#include "backend/base/time.h"
#include "tests/support/zones.h"
#include "tui/rows/reboots.h"

/* Two covered hosts without windows, and one whose restart is pending. */
static void
make(struct hf_dues *d, struct hf_state states[3],
     const struct hf_what_if *what_if)
{
    static const struct hf_fleet fleet = {0};
    static const struct hf_host host = {.name = "web-01"};

    hf_dues_init(d, &fleet, what_if, at("2026-11-23"), at("2027-11-24"));
    for (int i = 0; i < 3; i++) {
        hf_state_init(&states[i], &host);
        states[i].status.product = "ws2025";
        states[i].status.coverage = HF_COVERAGE_COVERED;
        states[i].status.reboot = i < 2 ? HF_REBOOT_NONE : HF_REBOOT_PENDING;
        (void)hf_dues_add(d, &states[i]);
    }
}

static void
every_week_counts_the_restarts_that_fall_into_it(void **state)
{
    struct hf_state states[3];
    struct hf_dues d;
    struct hf_heat h;

    (void)state;
    make(&d, states, NULL);
    hf_heat_make(&h, &d, zone("UTC"));
    assert_int_equal(h.weeks[0], 1);  /* what is pending counts now */
    assert_int_equal(h.weeks[7], 3);  /* 2027-01-12 */
    assert_int_equal(h.weeks[20], 3); /* 2027-04-13 */
    assert_int_equal(h.max, 3);
    assert_int_equal(h.all, 1 + 4 * 3);
    hf_dues_release(&d);
}

static void
the_line_fits_a_narrow_terminal_and_has_months_and_quarters(void **state)
{
    const struct hf_look look = {.cols = 80, .ascii = 1};
    struct hf_state states[3];
    struct hf_doc doc = {0};
    struct hf_dues d;
    struct hf_heat h;

    (void)state;
    make(&d, states, NULL);
    hf_heat_make(&h, &d, zone("UTC"));
    hf_heat_rows(&doc, &h, &look);
    assert_int_equal(doc.len, 3);
    for (size_t i = 0; i < doc.len; i++)
        assert_true(hf_line_width(&doc.v[i].line) <= 80);
    assert_non_null(strstr(hf_buf_str(&doc.v[0].line.text), "Dec Jan"));
    assert_non_null(strstr(hf_buf_str(&doc.v[1].line.text), "by week   -  "));
    assert_non_null(strstr(hf_buf_str(&doc.v[2].line.text),
                           "Q4 2026: 1  Q1 2027: 3  Q2 2027: 3"));
    hf_doc_release(&doc);
    hf_dues_release(&d);
}

static void
a_fleet_that_restarts_nowhere_is_drawn_too(void **state)
{
    static const struct hf_fleet fleet = {0};
    const struct hf_look look = {.cols = 80};
    struct hf_doc doc = {0};
    struct hf_dues d;
    struct hf_heat h;

    (void)state;
    hf_dues_init(&d, &fleet, NULL, at("2026-11-23"), at("2027-11-24"));
    hf_heat_make(&h, &d, zone("UTC"));
    hf_heat_rows(&doc, &h, &look);
    assert_non_null(strstr(hf_buf_str(&doc.v[1].line.text), "0 at most"));
    hf_doc_release(&doc);
    hf_dues_release(&d);
}

static void
a_supposition_says_what_it_moves(void **state)
{
    const struct hf_what_if skip = {.skip_baseline = 1};
    struct hf_state states[3], others[3];
    struct hf_dues without, with;
    struct hf_moved moved;

    (void)state;
    make(&without, states, NULL);
    make(&with, others, &skip);
    hf_moved_count(&moved, &without, &with);
    assert_int_equal(moved.later, 2);
    assert_int_equal(moved.same, 1);
    assert_int_equal(moved.sooner + moved.unknown, 0);
    hf_moved_count(&moved, &with, &without);
    assert_int_equal(moved.sooner, 2);
    hf_dues_release(&without);
    hf_dues_release(&with);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_week_counts_the_restarts_that_fall_into_it),
        cmocka_unit_test(
            the_line_fits_a_narrow_terminal_and_has_months_and_quarters),
        cmocka_unit_test(a_fleet_that_restarts_nowhere_is_drawn_too),
        cmocka_unit_test(a_supposition_says_what_it_moves),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
