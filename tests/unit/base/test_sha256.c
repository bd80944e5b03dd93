/* SHA-256 and random names. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "backend/base/sha256.h"

static void
hashes_the_examples_of_the_standard(void **state)
{
    char hex[HF_SHA256_HEX];

    (void)state;
    assert_string_equal(
        hf_sha256_hex(hex, NULL, 0),
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    assert_string_equal(
        hf_sha256_hex(hex, "abc", 3),
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

static void
knows_a_digest_when_it_sees_one(void **state)
{
    char hex[HF_SHA256_HEX + 1];

    (void)state;
    hf_sha256_hex(hex, "abc", 3);
    assert_true(hf_sha256_is_hex(hex));
    hex[0] = 'B';
    assert_false(hf_sha256_is_hex(hex));
    hex[0] = 'g';
    assert_false(hf_sha256_is_hex(hex));
    strcpy(hex + 64, "0");
    hex[0] = 'b';
    assert_false(hf_sha256_is_hex(hex));
    hex[63] = '\0';
    assert_false(hf_sha256_is_hex(hex));
    assert_false(hf_sha256_is_hex(""));
    assert_false(hf_sha256_is_hex(NULL));
}

static void
never_gives_the_same_random_name_twice(void **state)
{
    char a[401], b[401], none[1] = "x";

    (void)state;
    hf_random_hex(a, 200);
    hf_random_hex(b, 200);
    assert_int_equal(strlen(a), 400);
    assert_int_equal(strspn(a, "0123456789abcdef"), 400);
    assert_string_not_equal(a, b);
    hf_random_hex(none, 0);
    assert_string_equal(none, "");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hashes_the_examples_of_the_standard),
        cmocka_unit_test(knows_a_digest_when_it_sees_one),
        cmocka_unit_test(never_gives_the_same_random_name_twice),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
