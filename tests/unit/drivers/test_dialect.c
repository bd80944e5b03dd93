/* What is sent: prologue and script, and the header of an upload. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "backend/base/mem.h"
#include "backend/base/sha256.h"
#include "backend/base/text.h"
#include "backend/drivers/driver.h"

#define NONCE "0123456789abcdef0123456789abcdef"

static const struct hf_script hello = {
    .name = "hello.sh",
    .text = "echo hello\n",
    .len = 11,
    .sha256 = "",
};

static void
puts_quoted_values_before_the_script(void **state)
{
    struct hf_err err = HF_ERR_INIT;
    struct hf_params params = {0};
    struct hf_buf out = {0};

    (void)state;
    hf_params_set(&params, "RUN", "it's $(x)");
    hf_params_set(&params, "N_2", "");
    assert_int_equal(hf_dialect_sh.encode(&out, &hello, &params, NONCE, &err),
                     HF_OK);
    assert_string_equal(hf_buf_str(&out), "HF_ROOT=''\n"
                                          "HF_PATH=''\n"
                                          "HF_NAMES='RUN N_2'\n"
                                          "HF_NONCE='" NONCE "'\n"
                                          "HF_RUN='it'\\''s $(x)'\n"
                                          "HF_N_2=''\n"
                                          "echo hello\n");
    hf_params_release(&params);
    hf_buf_release(&out);
}

static void
takes_a_root_for_tests_once(void **state)
{
    struct hf_err err = HF_ERR_INIT;
    struct hf_params params = {0};
    struct hf_buf out = {0};

    (void)state;
    hf_params_set(&params, "ROOT", "/fake");
    assert_int_equal(hf_dialect_sh.encode(&out, &hello, &params, NONCE, &err),
                     HF_OK);
    assert_string_equal(hf_buf_str(&out), "HF_ROOT='/fake'\n"
                                          "HF_PATH=''\n"
                                          "HF_NAMES=''\n"
                                          "HF_NONCE='" NONCE "'\n"
                                          "echo hello\n");
    hf_params_release(&params);
    hf_buf_release(&out);
}

static void
refuses_names_that_are_not_ours_to_give(void **state)
{
    static const char *const names[] = {"NONCE", "NAMES", "run", "A-B", "A B",
                                        "A;B",   "1A",    "",    "_A",  "A\nB"};
    struct hf_err err = HF_ERR_INIT;
    struct hf_buf out = {0};

    (void)state;
    for (size_t i = 0; i < HF_COUNT(names); i++) {
        char name[16], value[] = "";
        struct hf_param one = {.name = name, .value = value};
        struct hf_params params = {.v = &one, .len = 1};

        strcpy(name, names[i]);
        assert_int_equal(
            hf_dialect_sh.encode(&out, &hello, &params, NONCE, &err),
            HF_EINVALID);
        assert_int_equal(out.len, 0);
    }
}

static void
refuses_what_is_no_nonce(void **state)
{
    static const char *const nonces[] = {"", "0", NONCE "0",
                                         "0123456789ABCDEF0123456789abcdef",
                                         "0123456789abcdef0123456789abcde'"};
    struct hf_params none = {0};
    struct hf_err err = HF_ERR_INIT;
    struct hf_buf out = {0};

    (void)state;
    for (size_t i = 0; i < HF_COUNT(nonces); i++) {
        assert_int_equal(
            hf_dialect_sh.encode(&out, &hello, &none, nonces[i], &err),
            HF_EINVALID);
        assert_int_equal(
            hf_dialect_sh.encode_upload(&out, "x", "", 0, nonces[i], &err),
            HF_EINVALID);
    }
    assert_int_equal(out.len, 0);
}

static void
announces_an_upload_in_one_line(void **state)
{
    struct hf_err err = HF_ERR_INIT;
    struct hf_buf out = {0};
    char sum[HF_SHA256_HEX], expected[200];

    (void)state;
    assert_int_equal(
        hf_dialect_sh.encode_upload(&out, "fix_1.ko", "a\0b", 3, NONCE, &err),
        HF_OK);
    hf_sha256_hex(sum, "a\0b", 3);
    snprintf(expected, sizeof(expected), "3 %s " NONCE " fix_1.ko\n", sum);
    assert_int_equal(out.len, strlen(expected) + 3);
    assert_memory_equal(out.data, expected, strlen(expected));
    assert_memory_equal(out.data + strlen(expected), "a\0b", 3);
    hf_buf_release(&out);
}

static void
refuses_names_that_leave_the_folder(void **state)
{
    static const char *const names[] = {"",    ".",    "..",  "../x", "a/b",
                                        "-rf", ".hid", "a b", "a\nb", "a'b"};
    struct hf_err err = HF_ERR_INIT;
    struct hf_buf out = {0};

    (void)state;
    for (size_t i = 0; i < HF_COUNT(names); i++)
        assert_int_equal(
            hf_dialect_sh.encode_upload(&out, names[i], "", 0, NONCE, &err),
            HF_EINVALID);
    assert_int_equal(out.len, 0);
}

static void
every_script_is_embedded_whole(void **state)
{
    char sum[HF_SHA256_HEX];

    (void)state;
    for (const struct hf_script *const *s = hf_scripts; *s; s++) {
        assert_int_equal(strlen((*s)->text), (*s)->len);
        assert_string_equal(hf_sha256_hex(sum, (*s)->text, (*s)->len),
                            (*s)->sha256);
        assert_true(hf_has_suffix((*s)->name, ".sh") ||
                    hf_has_suffix((*s)->name, ".ps1"));
        assert_int_equal((*s)->text[(*s)->len - 1], '\n');
    }
}

static void
commands_are_constant_and_carry_the_upload_script(void **state)
{
    const struct hf_script *const *s;
    struct hf_buf expected = {0};

    (void)state;
    assert_string_equal(hf_dialect_sh.command, "exec env LC_ALL=C /bin/sh -s");
    assert_string_equal(hf_dialect_sh.command_elevated,
                        "exec env LC_ALL=C sudo -n /bin/sh -s");
    for (s = hf_scripts; strcmp((*s)->name, "sh/upload.sh") != 0; s++)
        ;
    hf_buf_printf(&expected, "exec env LC_ALL=C /bin/sh -c '%s'", (*s)->text);
    assert_string_equal(hf_dialect_sh.upload, hf_buf_str(&expected));
    hf_buf_clear(&expected);
    hf_buf_printf(&expected, "exec env LC_ALL=C sudo -n /bin/sh -c '%s'",
                  (*s)->text);
    assert_string_equal(hf_dialect_sh.upload_elevated, hf_buf_str(&expected));
    hf_buf_release(&expected);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(puts_quoted_values_before_the_script),
        cmocka_unit_test(takes_a_root_for_tests_once),
        cmocka_unit_test(refuses_names_that_are_not_ours_to_give),
        cmocka_unit_test(refuses_what_is_no_nonce),
        cmocka_unit_test(announces_an_upload_in_one_line),
        cmocka_unit_test(refuses_names_that_leave_the_folder),
        cmocka_unit_test(every_script_is_embedded_whole),
        cmocka_unit_test(commands_are_constant_and_carry_the_upload_script),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
