/* Growing buffers and lists of strings. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "backend/base/buf.h"

static void
reads_as_empty_before_anything_was_added(void **state)
{
    struct hf_buf b = {0};
    char *taken;

    (void)state;
    assert_string_equal(hf_buf_str(&b), "");
    hf_buf_add(&b, NULL, 0);
    assert_string_equal(hf_buf_str(&b), "");
    hf_buf_release(&b);
    taken = hf_buf_take(&b);
    assert_string_equal(taken, "");
    free(taken);
    hf_buf_clear(&b);
    hf_buf_release(&b);
}

static void
is_always_followed_by_a_nul(void **state)
{
    struct hf_buf b = {0};

    (void)state;
    for (size_t i = 1; i < 3000; i++) {
        hf_buf_putc(&b, 'x');
        assert_int_equal(b.len, i);
        assert_int_equal(b.data[i], '\0');
        assert_true(b.cap > b.len);
    }
    hf_buf_clear(&b);
    assert_int_equal(b.len, 0);
    assert_string_equal(hf_buf_str(&b), "");
    hf_buf_release(&b);
}

static void
carries_zero_bytes(void **state)
{
    struct hf_buf b = {0};

    (void)state;
    hf_buf_add(&b, "a\0b", 3);
    hf_buf_puts(&b, "c");
    assert_int_equal(b.len, 4);
    assert_memory_equal(b.data, "a\0bc", 5);
    hf_buf_release(&b);
}

static void
prints_texts_longer_than_its_room(void **state)
{
    struct hf_buf b = {0};
    char *taken;

    (void)state;
    hf_buf_puts(&b, "<");
    hf_buf_printf(&b, "%500d|%s", 7, "end");
    assert_int_equal(b.len, 505);
    taken = hf_buf_take(&b);
    assert_string_equal(taken + 499, " 7|end");
    assert_int_equal(b.len, 0);
    assert_null(b.data);
    free(taken);
}

static void
lists_own_their_strings(void **state)
{
    struct hf_strs s = {0};
    char text[] = "beta";

    (void)state;
    hf_strs_add(&s, text);
    text[0] = 'z';
    hf_strs_addn(&s, "alphabet", 5);
    hf_strs_addf(&s, "%s-%d", "gamma", 3);
    assert_int_equal(s.len, 3);
    assert_true(hf_strs_has(&s, "beta"));
    assert_false(hf_strs_has(&s, "bet"));
    hf_strs_sort(&s);
    assert_string_equal(s.v[0], "alpha");
    assert_string_equal(s.v[1], "beta");
    assert_string_equal(s.v[2], "gamma-3");
    hf_strs_release(&s);
    assert_int_equal(s.len, 0);
    hf_strs_sort(&s);
    assert_false(hf_strs_has(&s, ""));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_as_empty_before_anything_was_added),
        cmocka_unit_test(is_always_followed_by_a_nul),
        cmocka_unit_test(carries_zero_bytes),
        cmocka_unit_test(prints_texts_longer_than_its_room),
        cmocka_unit_test(lists_own_their_strings),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
