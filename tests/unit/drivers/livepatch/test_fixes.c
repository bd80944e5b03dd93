/* Of which live patches the fixes are in effect. */
#include <stdio.h>

#include "tests/unit/drivers/livepatch/bench.h"

/* One letter a row: taken or open; "?" and the reason when nothing is known. */
static const char *
taken(struct bench *b)
{
    static char out[200];
    struct hf_fixes f = {0};

    hf_fixes_of(&f, &b->state, &b->fleet, b->now);
    if (!f.rows)
        (void)snprintf(out, sizeof(out), "? %s", f.why);
    for (size_t i = 0; f.rows && i <= f.len; i++)
        out[i] = i == f.len ? '\0' : f.taken[i] ? 't' : 'o';
    hf_fixes_release(&f);
    return out;
}

static void
those_that_are_loaded_are_in_effect(void **state)
{
    struct bench b;

    (void)state;
    bench_init(&b, 3);
    assert_string_equal(taken(&b), "ooo");
    fact(&b, "patches", "fix_2");
    assert_string_equal(taken(&b), "oto");
    fact(&b, "patches", "fix_1 fix_2");
    assert_string_equal(taken(&b), "tto");
    bench_clear(&b);
}

static void
one_that_replaces_the_others_has_their_fixes(void **state)
{
    struct bench b;

    (void)state;
    bench_init(&b, 3);
    fact(&b, "patches", "fix_3");
    assert_string_equal(taken(&b), "ttt");
    b.rows[2].replaces = "fix_2";
    assert_string_equal(taken(&b), "ott");
    bench_clear(&b);
}

static void
what_cannot_be_known_is_said(void **state)
{
    struct bench b;

    (void)state;
    bench_init(&b, 3);
    no_fact(&b, "patches", "denied");
    assert_string_equal(taken(&b), "? patches: denied");
    fact(&b, "patches", "none");
    fact(&b, "kernel.release", "9.9");
    assert_string_equal(taken(&b),
                        "? the catalogue has no patches for kernel 9.9");
    hf_facts_release(&hf_state_change(&b.state)->facts);
    assert_string_equal(taken(&b), "? never asked");
    bench_clear(&b);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(those_that_are_loaded_are_in_effect),
        cmocka_unit_test(one_that_replaces_the_others_has_their_fixes),
        cmocka_unit_test(what_cannot_be_known_is_said),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
