/* Hosts are spread over their restart window, at random, the same way each
 * time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "backend/model/plan.h"

#define HOSTS 1000
#define SPREAD ((int64_t)30 * 60 * 1000)

static int64_t
spread_of(const char *hash, int host)
{
    struct hf_plan plan = {0};
    char name[16];

    snprintf(plan.hash, sizeof(plan.hash), "%s", hash);
    snprintf(name, sizeof(name), "web-%04d", host);
    return hf_plan_spread(&plan, name, SPREAD);
}

static void
every_host_starts_within_it(void **state)
{
    int quarters[4] = {0};

    (void)state;
    for (int i = 0; i < HOSTS; i++) {
        int64_t at = spread_of("0af3", i);

        assert_in_range(at, 0, SPREAD - 1);
        quarters[at / (SPREAD / 4)]++;
    }
    for (int i = 0; i < 4; i++)
        assert_in_range(quarters[i], HOSTS / 4 - 60, HOSTS / 4 + 60);
}

static void
a_plan_says_the_same_each_time_and_another_plan_does_not(void **state)
{
    int same = 0;

    (void)state;
    for (int i = 0; i < HOSTS; i++) {
        assert_int_equal(spread_of("0af3", i), spread_of("0af3", i));
        same += spread_of("0af3", i) == spread_of("0af4", i);
    }
    assert_in_range(same, 0, 5);
}

static void
without_a_spread_nobody_waits(void **state)
{
    struct hf_plan plan = {.hash = "0af3"};

    (void)state;
    assert_int_equal(hf_plan_spread(&plan, "web-0001", 0), 0);
    assert_int_equal(hf_plan_spread(&plan, "web-0001", -1), 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_host_starts_within_it),
        cmocka_unit_test(
            a_plan_says_the_same_each_time_and_another_plan_does_not),
        cmocka_unit_test(without_a_spread_nobody_waits),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
