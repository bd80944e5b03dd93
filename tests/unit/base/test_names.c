/* Names of enum values. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "backend/base/names.h"

static const char *const colours[] = {"red", "green", NULL};

static void
finds_the_index_of_a_name(void **state)
{
    (void)state;
    assert_int_equal(hf_name_index(colours, "red"), 0);
    assert_int_equal(hf_name_index(colours, "green"), 1);
}

static void
knows_no_other_spelling(void **state)
{
    (void)state;
    assert_int_equal(hf_name_index(colours, "Red"), -1);
    assert_int_equal(hf_name_index(colours, ""), -1);
    assert_int_equal(hf_name_index(colours, NULL), -1);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_the_index_of_a_name),
        cmocka_unit_test(knows_no_other_spelling),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
