/* What proven hotpatches are worth, by figures of chance. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "backend/base/civil.h"
#include "playbooks/savings.h"

static unsigned seed = 20261123;

static unsigned
roll(unsigned sides)
{
    seed = seed * 1103515245u + 12345u;
    return (seed >> 16) % sides;
}

/* Half of the figures are not stated. */
static int
price(void)
{
    return roll(2) ? (int)roll(1000) : -1;
}

static void
roll_costs(struct hf_costs *costs)
{
    *costs = (struct hf_costs){
        .restart_low = (int)roll(500),
        .restart_minutes = price(),
        .rollback = price(),
        .fallback = price(),
        .licence_month = price(),
        .cores = price(),
        .licence_core_cents = price(),
    };
    costs->restart_high = costs->restart_low + (int)roll(500);
}

static void
what_was_not_proven_saves_nothing(void **state)
{
    (void)state;
    for (int i = 0; i < 5000; i++) {
        const struct hf_saved saved = {.unproven = roll(100),
                                       .taken_back = roll(100),
                                       .rollbacks = roll(100),
                                       .fallbacks = roll(100),
                                       .restarts = roll(100)};
        struct hf_costs costs;
        struct hf_money m;

        roll_costs(&costs);
        hf_money_of(&m, &saved, &costs, 0, 90 * HF_DAY_MS);
        assert_int_equal(hf_saved_avoided(&saved), 0);
        assert_true(m.low == 0 && m.high == 0 && m.minutes <= 0);
        assert_true(m.net_low == -m.costs && m.costs >= 0);
    }
}

static void
nothing_saved_is_ever_negative_and_net_is_what_costs_leave(void **state)
{
    (void)state;
    for (int i = 0; i < 5000; i++) {
        struct hf_saved saved = {.hotpatches = roll(1000),
                                 .taken_back = roll(1000),
                                 .rollbacks = roll(1000),
                                 .fallbacks = roll(100)};
        struct hf_costs costs;
        struct hf_money m, more;

        roll_costs(&costs);
        hf_money_of(&m, &saved, &costs, 0, (1 + roll(400)) * HF_DAY_MS);
        assert_true(hf_saved_avoided(&saved) <= saved.hotpatches);
        assert_true(0 <= m.low && m.low <= m.high);
        assert_true(m.licence >= -1 && m.rollbacks >= -1 && m.fallbacks >= -1);
        assert_true(m.net_low == m.low - m.costs);
        assert_true(m.net_high == m.high - m.costs);
        saved.hotpatches++;
        hf_money_of(&more, &saved, &costs, 0, HF_DAY_MS);
        assert_true(more.low >= m.low && more.high >= m.high);
    }
}

static void
what_is_not_stated_is_in_no_sum(void **state)
{
    const struct hf_saved saved = {
        .hotpatches = 5, .taken_back = 1, .rollbacks = 3, .fallbacks = 2};
    struct hf_costs costs = {.restart_low = 300,
                             .restart_high = 500,
                             .restart_minutes = -1,
                             .rollback = -1,
                             .fallback = 120,
                             .licence_month = -1,
                             .cores = 400,
                             .licence_core_cents = -1};
    struct hf_money m;

    (void)state;
    hf_money_of(&m, &saved, &costs, 0, 30 * HF_DAY_MS);
    assert_true(m.minutes == -1 && m.licence == -1 && m.rollbacks == -1);
    assert_int_equal(m.costs, 240);
    assert_int_equal(m.net_low, 4 * 300 - 240);
    assert_int_equal(m.even_low, -1);
    costs.rollback = 50;
    hf_money_of(&m, &saved, &costs, 0, 30 * HF_DAY_MS);
    assert_int_equal(m.rollbacks, 150);
    costs.licence_month = 1200;
    hf_money_of(&m, &saved, &costs, 0, 365 * HF_DAY_MS);
    assert_int_equal(m.licence, 12 * 1200);
    assert_int_equal(m.even_low, 3);
    assert_int_equal(m.even_high, 4);
}

static void
a_licence_is_as_billed_or_by_cores(void **state)
{
    const struct hf_saved saved = {.hotpatches = 5};
    struct hf_costs costs = {.restart_low = 300,
                             .restart_high = 500,
                             .licence_month = -1,
                             .cores = 401,
                             .licence_core_cents = 150};
    struct hf_money m;

    (void)state;
    hf_money_of(&m, &saved, &costs, 0, 365 * HF_DAY_MS);
    assert_int_equal(m.licence_month, 601); /* and a half */
    assert_int_equal(m.licence, 12 * 601);
    assert_int_equal(m.even_low, 2);
    costs.licence_month = 0;
    hf_money_of(&m, &saved, &costs, 0, 365 * HF_DAY_MS);
    assert_int_equal(m.licence, 0);
    assert_int_equal(m.even_low, -1);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_not_proven_saves_nothing),
        cmocka_unit_test(
            nothing_saved_is_ever_negative_and_net_is_what_costs_leave),
        cmocka_unit_test(what_is_not_stated_is_in_no_sum),
        cmocka_unit_test(a_licence_is_as_billed_or_by_cores),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
