#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>

#include "backend/base/mem.h"
#include "backend/ssh/timers.h"

static void
fire_in_order_and_not_early(void **state)
{
    struct hf_timers timers = {0};
    struct hf_timer a = {0}, b = {0}, c = {0};

    (void)state;
    assert_int_equal(hf_timers_next(&timers), INT64_MAX);
    hf_timers_arm(&timers, &a, 30);
    hf_timers_arm(&timers, &b, 10);
    hf_timers_arm(&timers, &c, 20);
    assert_int_equal(hf_timers_next(&timers), 10);
    assert_null(hf_timers_due(&timers, 9));
    assert_ptr_equal(hf_timers_due(&timers, 25), &b);
    assert_ptr_equal(hf_timers_due(&timers, 25), &c);
    assert_null(hf_timers_due(&timers, 25));
    hf_timers_disarm(&timers, &b); /* not armed: nothing happens */
    hf_timers_disarm(&timers, &a);
    assert_int_equal(hf_timers_next(&timers), INT64_MAX);
    hf_timers_release(&timers);
}

/* Against the plain way, with a fixed seed. */
static void
stay_in_order_through_any_changes(void **state)
{
    enum { N = 200 };
    struct hf_timers timers = {0};
    struct hf_timer t[N] = {0};
    unsigned seed = 1;

    (void)state;
    for (int round = 0; round < 20000; round++) {
        struct hf_timer *one = &t[rand_r(&seed) % N];
        int64_t first = INT64_MAX;

        if (rand_r(&seed) % 3 == 0)
            hf_timers_disarm(&timers, one);
        else
            hf_timers_arm(&timers, one, rand_r(&seed) % 1000);
        for (int i = 0; i < N; i++) {
            if (t[i].slot && t[i].at < first)
                first = t[i].at;
        }
        assert_int_equal(hf_timers_next(&timers), first);
    }
    hf_timers_release(&timers);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fire_in_order_and_not_early),
        cmocka_unit_test(stay_in_order_through_any_changes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
