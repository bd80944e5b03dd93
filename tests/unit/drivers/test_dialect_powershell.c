/* What is sent to Windows hosts: the command, byte for byte, and its input. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "backend/base/file.h"
#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "backend/drivers/driver.h"
#include "backend/drivers/scripts.h"

#define NONCE "0123456789abcdef0123456789abcdef"
#define HEAD                                                             \
    "powershell.exe -NoProfile -NonInteractive -ExecutionPolicy Bypass " \
    "-EncodedCommand "
#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
#define DIGITS "0123456789"

static const struct hf_script hello = {
    .name = "hello.ps1",
    .text = "'hello'\n'you'\n",
    .len = 14,
    .sha256 = "",
};

/* Letters, digits, and four signs that are plain text to cmd.exe (also with
 * /c and no quoting), to PowerShell's command line, and to POSIX shells. */
static void
the_command_is_plain_text_to_every_shell(void **state)
{
    const char *command = hf_dialect_powershell.command;
    const char *encoded = command + strlen(HEAD);
    const size_t len = strlen(command);

    (void)state;
    assert_true(hf_has_prefix(command, HEAD));
    assert_int_equal(strspn(encoded, LETTERS DIGITS "+/"), strlen(encoded));
    assert_int_equal(strspn(command, LETTERS DIGITS "+/-. "), len);
    assert_int_equal(strlen(encoded) % 4, 0); /* no padding is wanted */
    /* cmd.exe takes 8191 with its own path and the quotes around */
    assert_true(len < 8191 - 300);
    assert_false(hf_has_prefix(command, "scp"));
    assert_false(hf_has_prefix(command, "sftp-server"));
    assert_ptr_equal(hf_dialect_powershell.command_elevated, command);
}

static int
sextet(char c)
{
    return (int)(strchr(LETTERS DIGITS "+/", c) - (LETTERS DIGITS "+/"));
}

/* The encoded command is bootstrap.ps1 without comments and indentation. */
static void
the_command_carries_the_bootstrap(void **state)
{
    const char *encoded = hf_dialect_powershell.command + strlen(HEAD);
    struct hf_buf text = {0}, file = {0};
    struct hf_err err = HF_ERR_INIT;
    char *path = hf_xasprintf("%s/backend/drivers/powershell/bootstrap.ps1",
                              getenv("HOTFLEET_SOURCE"));
    char *rest, *line, *at;

    (void)state;
    for (size_t i = 0, n = 0; encoded[i]; i += 4) {
        unsigned long bits = (unsigned long)sextet(encoded[i]) << 18 |
                             (unsigned long)sextet(encoded[i + 1]) << 12 |
                             (unsigned long)sextet(encoded[i + 2]) << 6 |
                             (unsigned long)sextet(encoded[i + 3]);

        for (int shift = 16; shift >= 0; shift -= 8, n++) {
            char byte = (char)(bits >> shift & 0xff);

            if (n % 2 == 0)
                hf_buf_putc(&text, byte);
            else
                assert_int_equal(byte, 0);
        }
    }
    assert_int_equal(hf_file_read(&file, path, 1 << 16, &err), HF_OK);
    at = text.data;
    for (rest = file.data; (line = strsep(&rest, "\n"));) {
        line += strspn(line, " ");
        if (!*line || *line == '#')
            continue;
        assert_memory_equal(at, line, strlen(line));
        at += strlen(line);
        assert_true(*at == '\n' || strspn(at, " ") == strlen(at));
        at += *at == '\n';
    }
    assert_int_equal(strspn(at, " "), strlen(at));
    hf_buf_release(&text);
    hf_buf_release(&file);
    free(path);
}

static void
puts_lengths_and_values_before_the_script(void **state)
{
    struct hf_err err = HF_ERR_INIT;
    struct hf_params params = {0};
    struct hf_buf out = {0};

    (void)state;
    hf_params_set(&params, "RUN", "it's \"$(x)\" `a` \\ <&>");
    hf_params_set(&params, "N_2", "\xc3\xa4\xf0\x9f\x90\xa7\n");
    assert_int_equal(
        hf_dialect_powershell.encode(&out, &hello, &params, NONCE, &err),
        HF_OK);
    assert_string_equal(hf_buf_str(&out),
                        "hotfleet-1 " NONCE " 2 13\n"
                        "{\"v\":1,\"params\":{"
                        "\"RUN\":\"it's \\u0022$(x)\\u0022 `a` \\u005c <&>\","
                        "\"N_2\":\"\\u00e4\\ud83d\\udc27\\u000a\"}}\n"
                        "'hello'\n'you'\n");
    hf_params_release(&params);
    hf_buf_release(&out);
}

static void
refuses_what_cannot_be_sent(void **state)
{
    static const char *const names[] = {"run", "A-B", "", "1A", "A\nB"};
    struct hf_err err = HF_ERR_INIT;
    struct hf_params params = {0};
    struct hf_buf out = {0};

    (void)state;
    for (size_t i = 0; i < HF_COUNT(names); i++) {
        char name[16], value[] = "x";
        struct hf_param one = {.name = name, .value = value};
        const struct hf_params wrong = {.v = &one, .len = 1};

        strcpy(name, names[i]);
        assert_int_equal(
            hf_dialect_powershell.encode(&out, &hello, &wrong, NONCE, &err),
            HF_EINVALID);
    }
    hf_params_set(&params, "A", "\xff");
    assert_int_equal(
        hf_dialect_powershell.encode(&out, &hello, &params, NONCE, &err),
        HF_EINVALID);
    hf_params_release(&params);
    assert_int_equal(
        hf_dialect_powershell.encode(&out, &hello, &params, "x", &err),
        HF_EINVALID);
    assert_int_equal(
        hf_dialect_powershell.encode(&out, NULL, &params, NONCE, &err),
        HF_EUNSUPPORTED);
    hf_buf_release(&out);
}

/* Any code page carries it, and no line ends in a carriage return. */
static void
scripts_are_ascii_lines(void **state)
{
    const struct hf_script *s = &hf_script_windows_probe;

    (void)state;
    assert_int_equal(strlen(s->text), s->len);
    assert_int_equal(s->text[s->len - 1], '\n');
    for (size_t i = 0; i < s->len; i++)
        assert_true(s->text[i] == '\n' ||
                    (s->text[i] >= ' ' && s->text[i] <= '~'));
}

static void
an_upload_travels_as_text_with_its_checksum(void **state)
{
    static const struct {
        const char *data, *json;
    } rows[] = {
        {"", "\"LENGTH\":\"0\""},
        {"", "\"DATA\":\"\"}}"},
        {"f", "\"DATA\":\"Zg==\"}}"},
        {"fo", "\"DATA\":\"Zm8=\"}}"},
        {"foo", "\"DATA\":\"Zm9v\"}}"},
        {"foob", "\"DATA\":\"Zm9vYg==\"}}"},
        {"\xff\xfe\xfd", "\"DATA\":\"//79\"}}"},
        {"foo", "\"SHA256\":\"2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0"
                "f98a5e886266e7ae\""},
        {"foo", "\"NAME\":\"body.ps1\""},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        struct hf_buf out = {0};
        struct hf_err err = HF_ERR_INIT;

        assert_int_equal(hf_dialect_powershell.encode_upload(
                             &out, "body.ps1", rows[i].data,
                             strlen(rows[i].data), NONCE, &err),
                         HF_OK);
        assert_non_null(strstr(hf_buf_str(&out), rows[i].json));
        hf_buf_release(&out);
    }
}

static void
a_file_that_is_too_large_is_refused(void **state)
{
    const size_t len = (1 << 20) + 1;
    char *data = hf_xcalloc(1, len);
    struct hf_buf out = {0};
    struct hf_err err = HF_ERR_INIT;

    (void)state;
    assert_int_equal(hf_dialect_powershell.encode_upload(
                         &out, "update.msu", data, len, NONCE, &err),
                     HF_EUNSUPPORTED);
    assert_non_null(strstr(err.text, "'update.msu' is too large"));
    assert_int_equal(out.len, 0);
    free(data);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_upload_travels_as_text_with_its_checksum),
        cmocka_unit_test(a_file_that_is_too_large_is_refused),
        cmocka_unit_test(the_command_is_plain_text_to_every_shell),
        cmocka_unit_test(the_command_carries_the_bootstrap),
        cmocka_unit_test(puts_lengths_and_values_before_the_script),
        cmocka_unit_test(refuses_what_cannot_be_sent),
        cmocka_unit_test(scripts_are_ascii_lines),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
