/* A sealed file is read as it was written, or not at all. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "backend/base/file.h"
#include "backend/base/sealed.h"

#define FORMAT "test-1"
#define TEXT "what is in it"

static char path[] = "/tmp/hotfleet-sealed-XXXXXX";

static int
setup(void **state)
{
    int fd = mkstemp(path);

    (void)state;
    hf_sealed_write(path, FORMAT, "key", TEXT, sizeof(TEXT));
    return fd < 0 ? -1 : close(fd);
}

static int
teardown(void **state)
{
    (void)state;
    (void)unlink(path);
    memcpy(path + strlen(path) - 6, "XXXXXX", 6);
    return 0;
}

/* 1: it was believed. */
static int
reads(const char *format)
{
    char key[HF_SEALED_KEY];
    struct hf_buf file = {0};
    int is = hf_sealed_read(&file, key, path, format);

    if (is) {
        assert_string_equal(key, "key");
        assert_int_equal(file.len, HF_SEALED_HEAD + sizeof(TEXT));
        assert_string_equal(file.data + HF_SEALED_HEAD, TEXT);
    }
    assert_int_equal(file.len > 0, is);
    hf_buf_release(&file);
    return is;
}

static void
is_read_as_it_was_written(void **state)
{
    (void)state;
    assert_true(reads(FORMAT));
    assert_false(reads("test-2"));
    assert_int_equal(unlink(path), 0);
    assert_false(reads(FORMAT));
}

static void
every_bit_counts(void **state)
{
    struct hf_buf whole = {0};
    struct hf_err err = HF_ERR_INIT;

    (void)state;
    assert_int_equal(hf_file_read(&whole, path, 4096, &err), HF_OK);
    for (size_t i = 0; i < whole.len; i++) {
        whole.data[i] ^= (char)(1 << i % 8);
        assert_int_equal(hf_file_write(path, whole.data, whole.len, 0600, &err),
                         HF_OK);
        if (reads(FORMAT))
            fail_msg("byte %zu does not count", i);
        whole.data[i] ^= (char)(1 << i % 8);
    }
    hf_buf_release(&whole);
}

static void
every_length_but_its_own_is_refused(void **state)
{
    struct hf_buf whole = {0};
    struct hf_err err = HF_ERR_INIT;

    (void)state;
    assert_int_equal(hf_file_read(&whole, path, 4096, &err), HF_OK);
    for (size_t len = 0; len < whole.len; len++) {
        assert_int_equal(hf_file_write(path, whole.data, len, 0600, &err),
                         HF_OK);
        assert_false(reads(FORMAT));
    }
    hf_buf_putc(&whole, 'x');
    assert_int_equal(hf_file_write(path, whole.data, whole.len, 0600, &err),
                     HF_OK);
    assert_false(reads(FORMAT));
    hf_buf_release(&whole);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(is_read_as_it_was_written),
        TEST(every_bit_counts),
        TEST(every_length_but_its_own_is_refused),
    };

    return cmocka_run_group_tests_name("sealed", tests, NULL, NULL);
}
