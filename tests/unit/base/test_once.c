/* Equal things are kept once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "backend/base/once.h"

static void
equal_texts_have_one_place(void **state)
{
    struct hf_once o = {0};
    uint32_t kernel, other;

    (void)state;
    kernel = hf_once_text(&o, "6.1");
    other = hf_once_text(&o, "6.12");
    assert_int_not_equal(kernel, 0);
    assert_int_not_equal(kernel, other);
    assert_int_equal(hf_once_text(&o, "6.1"), kernel);
    assert_int_equal(hf_once_text(&o, NULL), 0);
    assert_int_not_equal(hf_once_text(&o, ""), 0);
    assert_string_equal(o.all.data + kernel, "6.1");
    assert_string_equal(o.all.data + other, "6.12");
    hf_once_release(&o);
}

static void
places_stay_when_there_are_many(void **state)
{
    uint32_t places[5000];
    struct hf_once o = {0};
    char text[16];
    size_t len;

    (void)state;
    for (size_t i = 0; i < 5000; i++) {
        (void)snprintf(text, sizeof(text), "t%zu", i);
        places[i] = hf_once_text(&o, text);
    }
    len = o.all.len;
    for (size_t i = 0; i < 5000; i++) {
        (void)snprintf(text, sizeof(text), "t%zu", i);
        assert_int_equal(hf_once_text(&o, text), places[i]);
        assert_string_equal(o.all.data + places[i], text);
    }
    assert_int_equal(o.all.len, len);
    hf_once_release(&o);
}

static void
pieces_are_counted_in_their_unit(void **state)
{
    const uint32_t none = 0, pair[] = {7, 8}, one[] = {7};
    struct hf_once o = {0};

    (void)state;
    hf_buf_add(&o.all, &none, sizeof(none));
    assert_int_equal(hf_once_add(&o, 4, pair, sizeof(pair)), 1);
    assert_int_equal(hf_once_add(&o, 4, one, sizeof(one)), 3);
    assert_int_equal(hf_once_add(&o, 4, pair, sizeof(pair)), 1);
    hf_once_release(&o);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equal_texts_have_one_place),
        cmocka_unit_test(places_stay_when_there_are_many),
        cmocka_unit_test(pieces_are_counted_in_their_unit),
    };

    return cmocka_run_group_tests_name("once", tests, NULL, NULL);
}
