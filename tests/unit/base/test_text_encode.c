/* Foreign text made harmless, and text carried in other notations. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "backend/base/mem.h"
#include "backend/base/text.h"

/* clang-format off */
static void
makes_foreign_text_harmless(void **state)
{
    static const struct {
        const char *text, *safe;
    } rows[] = {
        {"plain", "plain"},
        {"M\xc3\xbcnchen \xe6\x9d\xb1", "M\xc3\xbcnchen \xe6\x9d\xb1"},
        {"\x1b[31mred\x1b[0m", "\\x1b[31mred\\x1b[0m"},
        {"\x1b]0;title\a", "\\x1b]0;title\\x07"},
        {"\x1b]8;;http://x\x1b\\y", "\\x1b]8;;http://x\\x1b\\y"},
        {"\xc2\x9b" "31m", "\\u009b31m"},
        {"\x9b" "31m", "\\x9b31m"},
        {"a\tb", "a b"},
        {"a\nb\r\n", "a\\nb\\r\\n"},
        {"a\bb\x7f", "a\\x08b\\x7f"},
        {"\xe2\x80\xaetxt.exe", "\\u202etxt.exe"},
        {"\xe2\x81\xa6x\xe2\x81\xa9", "\\u2066x\\u2069"},
        {"\xd8\x9c\xe2\x80\x8e\xe2\x80\x8f", "\\u061c\\u200e\\u200f"},
        {"a\xe2\x80\x8b" "b\xe2\x80\x8d\xe2\x80\x8c",
         "a\\u200bb\\u200d\\u200c"},
        {"\xef\xbb\xbfx\xc2\xad", "\\ufeffx\\u00ad"},
        {"\xe2\x80\xa8\xe2\x80\xa9", "\\u2028\\u2029"},
        {"\xef\xb8\x8f\xef\xbf\xbf\xef\xb7\x90", "\\ufe0f\\uffff\\ufdd0"},
        {"\xf3\xa0\x81\x81", "\\U000e0041"},
        {"\xf0\x9f\xbf\xbf", "\\U0001ffff"},
        {"\xff\xc3(", "\\xff\\xc3("},
        {"\xed\xa0\x80", "\\xed\\xa0\\x80"},
        {"\xe2\x82", "\\xe2\\x82"},
        {"back\\slash", "back\\slash"},
    };
    /* clang-format on */

    (void)state;
    for (size_t i = 0; i < HF_COUNT(rows); i++) {
        char *safe = hf_sanitised(rows[i].text), *again;

        assert_string_equal(safe, rows[i].safe);
        again = hf_sanitised(safe);
        assert_string_equal(again, safe);
        free(again);
        free(safe);
    }
}

static void
keeps_line_ends_only_when_asked(void **state)
{
    struct hf_buf out = {0};

    (void)state;
    hf_sanitise(&out, "a\r\nb\n\rc\0d", 9, 100, HF_SANITISE_LINES);
    assert_string_equal(hf_buf_str(&out), "a\nb\n\\rc\\x00d");
    hf_buf_release(&out);
}

/* clang-format off */
static void
says_when_it_stopped_reading(void **state)
{
    static const struct {
        const char *text;
        size_t max;
        const char *safe;
    } rows[] = {
        {"abcdef", 6, "abcdef"},
        {"abcdef", 3, "abc..."},
        {"abcdef", 0, "..."},
        {"ab\xe2\x82\xac" "c", 2, "ab..."},
        {"ab\xe2\x82\xac" "c", 3, "ab..."},
        {"ab\xe2\x82\xac" "c", 4, "ab..."},
        {"ab\xe2\x82\xac" "c", 5, "ab\xe2\x82\xac..."},
        {"\xf0\x9f\x98\x80x", 3, "..."},
        {"\xf0\x9f\x98\x80x", 4, "\xf0\x9f\x98\x80..."},
        {"\xff\xff\xff\xff", 2, "\\xff\\xff..."},
    };
    /* clang-format on */
    char *text = hf_xmalloc(5001), *safe;

    (void)state;
    for (size_t i = 0; i < HF_COUNT(rows); i++) {
        struct hf_buf out = {0};

        hf_sanitise(&out, rows[i].text, strlen(rows[i].text), rows[i].max, 0);
        assert_string_equal(hf_buf_str(&out), rows[i].safe);
        hf_buf_release(&out);
    }
    memset(text, 'x', 5000);
    text[5000] = '\0';
    safe = hf_sanitised(text);
    assert_int_equal(strlen(safe), 4096 + 3);
    free(safe);
    free(text);
    safe = hf_sanitised(NULL);
    assert_string_equal(safe, "");
    free(safe);
}

static void
writes_cells_that_no_spreadsheet_runs(void **state)
{
    static const char *const rows[][2] = {
        {"plain", "plain"},
        {"", ""},
        {"a,b", "\"a,b\""},
        {"say \"hi\"", "\"say \"\"hi\"\"\""},
        {"two\nlines", "\"two\nlines\""},
        {"=1+1", "'=1+1"},
        {"+49", "'+49"},
        {"-5", "-5"},
        {"-12.50", "-12.50"},
        {"-", "'-"},
        {"-.5", "'-.5"},
        {"-5.", "'-5."},
        {"-5+A1", "'-5+A1"},
        {"-1.5-2", "'-1.5-2"},
        {"--5", "'--5"},
        {"@SUM(A1)", "'@SUM(A1)"},
        {"\t=1", "\"'\t=1\""},
        {"\r=1", "\"'\r=1\""},
        {"=A1,\"x\"", "\"'=A1,\"\"x\"\"\""},
        {"a=b", "a=b"},
    };

    (void)state;
    for (size_t i = 0; i < HF_COUNT(rows); i++) {
        struct hf_buf out = {0};

        hf_csv_cell(&out, rows[i][0]);
        assert_string_equal(hf_buf_str(&out), rows[i][1]);
        hf_buf_release(&out);
    }
}

static void
percent_encoding_carries_every_byte(void **state)
{
    char bytes[255];
    struct hf_buf code = {0}, back = {0};

    (void)state;
    for (int i = 0; i < 255; i++)
        bytes[i] = (char)(i + 1);
    hf_percent_encode(&code, bytes, sizeof(bytes), "");
    for (size_t i = 0; i < code.len; i++)
        assert_true(code.data[i] > 0x20 && code.data[i] < 0x7f);
    assert_int_equal(hf_percent_decode(&back, code.data, code.len), 0);
    assert_int_equal(back.len, sizeof(bytes));
    assert_memory_equal(back.data, bytes, sizeof(bytes));
    hf_buf_clear(&code);
    hf_percent_encode(&code, "a b/c:\xc3\xa9%", 9, "/");
    assert_string_equal(hf_buf_str(&code), "a%20b/c%3A%C3%A9%25");
    hf_buf_release(&code);
    hf_buf_release(&back);
}

static void
refuses_broken_percent_escapes_and_leaves_the_output_alone(void **state)
{
    static const char *const wrong[] = {
        "%", "%4", "%4x", "%x4", "a%00b", "abc%", "%%41", "% 1", "%-1", "%+4",
    };
    struct hf_buf out = {0};

    (void)state;
    hf_buf_puts(&out, "before");
    for (size_t i = 0; i < HF_COUNT(wrong); i++) {
        assert_int_equal(hf_percent_decode(&out, wrong[i], strlen(wrong[i])),
                         -1);
        assert_string_equal(hf_buf_str(&out), "before");
    }
    assert_int_equal(hf_percent_decode(&out, "a\0b", 3), -1);
    assert_int_equal(hf_percent_decode(&out, "%c3%A9+", 7), 0);
    assert_string_equal(hf_buf_str(&out), "before\xc3\xa9+");
    hf_buf_release(&out);
}

/* What a real shell prints for the quoted text. */
static void
through_the_shell(const char *text, struct hf_buf *back)
{
    struct hf_buf command = {0};
    char chunk[1024];
    int ends[2], status;
    ssize_t n;
    pid_t pid;

    hf_buf_puts(&command, "printf %s ");
    hf_shell_quote(&command, text);
    assert_int_equal(pipe(ends), 0);
    pid = fork();
    if (pid == 0) {
        dup2(ends[1], STDOUT_FILENO);
        close(ends[0]);
        execl("/bin/sh", "sh", "-c", command.data, (char *)NULL);
        _exit(127);
    }
    close(ends[1]);
    while ((n = read(ends[0], chunk, sizeof(chunk))) > 0)
        hf_buf_add(back, chunk, (size_t)n);
    close(ends[0]);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
    hf_buf_release(&command);
}

static void
a_real_shell_gives_every_quoted_byte_back(void **state)
{
    static const char *const texts[] = {
        "it's",     "''",
        "'",        "$(touch x)",
        "`id`",     "a\nb\n",
        "\\",       "\\'",
        "-n",       "$HOME ~ * ? [a] {a,b} # ! & | ; < > ( )",
        " leading", "",
    };
    char bytes[256];
    struct hf_buf back = {0};

    (void)state;
    for (int i = 0; i < 255; i++)
        bytes[i] = (char)(i + 1);
    bytes[255] = '\0';
    through_the_shell(bytes, &back);
    assert_string_equal(hf_buf_str(&back), bytes);
    for (size_t i = 0; i < HF_COUNT(texts); i++) {
        hf_buf_clear(&back);
        through_the_shell(texts[i], &back);
        assert_string_equal(hf_buf_str(&back), texts[i]);
    }
    hf_buf_release(&back);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(makes_foreign_text_harmless),
        cmocka_unit_test(keeps_line_ends_only_when_asked),
        cmocka_unit_test(says_when_it_stopped_reading),
        cmocka_unit_test(writes_cells_that_no_spreadsheet_runs),
        cmocka_unit_test(percent_encoding_carries_every_byte),
        cmocka_unit_test(
            refuses_broken_percent_escapes_and_leaves_the_output_alone),
        cmocka_unit_test(a_real_shell_gives_every_quoted_byte_back),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
