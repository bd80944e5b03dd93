#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "backend/base/mem.h"
#include "backend/ssh/capture.h"

/* Feeds `text` in pieces of `step` bytes and compares what is kept. */
static void
check(size_t keep, const char *text, size_t step, const char *kept)
{
    struct hf_capture c;
    struct hf_buf out = {0};
    size_t len = strlen(text);
    int cut;

    hf_capture_init(&c, keep);
    for (size_t at = 0; at < len; at += step)
        hf_capture_add(&c, text + at, len - at < step ? len - at : step);
    assert_int_equal(c.total, len);
    cut = hf_capture_take(&c, &out);
    assert_string_equal(hf_buf_str(&out), kept);
    assert_int_equal(cut, strcmp(text, kept) != 0);
    hf_buf_release(&out);
    hf_capture_release(&c);
}

static void
keeps_everything_that_fits(void **state)
{
    (void)state;
    for (size_t step = 1; step < 12; step++) {
        check(10, "", step, "");
        check(10, "12345", step, "12345");
        check(10, "1234567890", step, "1234567890");
        check(11, "1234567890", step, "1234567890");
    }
}

static void
keeps_head_and_tail_of_more(void **state)
{
    (void)state;
    for (size_t step = 1; step < 30; step++) {
        check(10, "abcdefghijklmnopqrstuvwxyz", step,
              "abcde\n[... 16 bytes left out ...]\nvwxyz");
        check(9, "abcdefghijklmnopqrstuvwxyz", step,
              "abcde\n[... 17 bytes left out ...]\nwxyz");
        check(10, "abcdefghijk", step,
              "abcde\n[... 1 bytes left out ...]\nghijk");
        check(1, "abc", step, "a\n[... 2 bytes left out ...]\n");
    }
}

static void
uses_memory_only_for_what_it_keeps(void **state)
{
    static const char block[8192];
    struct hf_capture c;
    struct hf_buf out;

    (void)state;
    hf_capture_init(&c, 1000);
    for (int i = 0; i < 1000; i++)
        hf_capture_add(&c, block, sizeof(block));
    assert_true(c.head.cap + c.tail.cap <= 4096);
    assert_int_equal(c.total, 8192000);
    hf_capture_take(&c, &out);
    assert_true(out.len < 1100);
    hf_buf_release(&out);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keeps_everything_that_fits),
        cmocka_unit_test(keeps_head_and_tail_of_more),
        cmocka_unit_test(uses_memory_only_for_what_it_keeps),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
