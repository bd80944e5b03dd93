/* Text: UTF-8, width, the sanitiser, encodings, comparing. */
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

#define ELLIPSIS "\xe2\x80\xa6"

static void
decodes_every_code_point_it_encodes(void **state)
{
    char bytes[4];
    uint32_t cp, back;

    (void)state;
    for (cp = 1; cp <= 0x10ffff; cp++) {
        size_t n;

        if (cp == 0xd800)
            cp = 0xe000;
        n = hf_utf8_encode(cp, bytes);
        assert_int_equal(hf_utf8_decode(bytes, n, &back), n);
        assert_int_equal(back, cp);
        assert_int_equal(hf_utf8_decode(bytes, n - 1, &back), 0);
    }
}

/* clang-format off */
static void
refuses_bytes_that_are_not_utf_8(void **state)
{
    static const char *const texts[] = {
        "\x80",             /* a continuation alone */
        "\xc0\x80",         /* overlong NUL */
        "\xc1\xbf",         /* overlong */
        "\xe0\x9f\xbf",     /* overlong */
        "\xf0\x8f\xbf\xbf", /* overlong */
        "\xed\xa0\x80",     /* surrogate */
        "\xed\xbf\xbf",     /* surrogate */
        "\xf4\x90\x80\x80", /* beyond U+10FFFF */
        "\xf5\x80\x80\x80",
        "\xff",
        "\xc3",     /* cut */
        "\xe2\x82", /* cut */
        "\xc3\x28", /* no continuation */
        "abc\xff" "def",
    };
    /* clang-format on */

    (void)state;
    for (size_t i = 0; i < HF_COUNT(texts); i++)
        assert_false(hf_utf8_valid(texts[i], strlen(texts[i])));
    assert_true(hf_utf8_valid("", 0));
    assert_true(hf_utf8_valid("a\0b", 3));
    assert_true(hf_utf8_valid("\xf4\x8f\xbf\xbf", 4));
}

/* clang-format off */
static void
counts_columns(void **state)
{
    static const struct {
        const char *text;
        size_t width;
    } rows[] = {
        {"", 0},
        {"web-1", 5},
        {"M\xc3\xbcnchen", 7},
        {"e\xcc\x81", 1},                /* e and a combining accent */
        {"\xe6\x9d\xb1\xe4\xba\xac", 4}, /* two wide characters */
        {"\xf0\x9f\x98\x80", 2},         /* an emoji */
        {"a\xff" "b", 3}, /* drawn as ? */
        {"a\tb", 3},
    };
    /* clang-format on */

    (void)state;
    for (size_t i = 0; i < HF_COUNT(rows); i++)
        assert_int_equal(hf_text_width(rows[i].text), rows[i].width);
    assert_int_equal(hf_cp_width(0x1b), 0);
    assert_int_equal(hf_cp_width(0x9b), 0);
    assert_int_equal(hf_cp_width(0x301), 0);
    assert_int_equal(hf_cp_width('x'), 1);
    assert_int_equal(hf_cp_width(0x4e00), 2);
}

static void
fits_text_into_columns(void **state)
{
    static const struct {
        const char *text;
        size_t cols;
        int ascii;
        const char *fitted;
        size_t used;
    } rows[] = {
        {"hello", 5, 0, "hello", 5},
        {"hello", 4, 0, "hel" ELLIPSIS, 4},
        {"hello", 4, 1, "hel~", 4},
        {"hello", 1, 0, ELLIPSIS, 1},
        {"hello", 0, 0, "", 0},
        {"", 3, 0, "", 0},
        {"\xe6\x9d\xb1\xe4\xba\xac", 4, 0, "\xe6\x9d\xb1\xe4\xba\xac", 4},
        {"\xe6\x9d\xb1\xe4\xba\xac", 3, 0, "\xe6\x9d\xb1" ELLIPSIS, 3},
        {"\xe6\x9d\xb1\xe4\xba\xac", 2, 0, ELLIPSIS, 1},
        {"e\xcc\x81xyz", 2, 0, "e\xcc\x81" ELLIPSIS, 2},
        {"a\x1b\xff", 3, 0, "a??", 3},
    };

    (void)state;
    for (size_t i = 0; i < HF_COUNT(rows); i++) {
        struct hf_buf out = {0};

        assert_int_equal(
            hf_text_fit(&out, rows[i].text, rows[i].cols, rows[i].ascii),
            rows[i].used);
        assert_string_equal(hf_buf_str(&out), rows[i].fitted);
        assert_int_equal(hf_text_width(hf_buf_str(&out)), rows[i].used);
        hf_buf_release(&out);
    }
}

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
        {"-5", "'-5"},
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

static void
compares_without_case_in_several_scripts(void **state)
{
    static const char *const same[][2] = {
        {"", ""},
        {"Web-1", "wEB-1"},
        {"M\xc3\x9cNCHEN", "m\xc3\xbcnchen"},
        {"\xce\xa3\xce\x91\xce\xa3", "\xcf\x83\xce\xb1\xcf\x82"}, /* sigmas */
        {"\xd0\x9c\xd0\x98\xd0\xa0", "\xd0\xbc\xd0\xb8\xd1\x80"},
    };
    static const char *const ordered[][2] = {
        {"a", "b"},    {"A", "b"},        {"a", "B"},     {"", "a"},
        {"ab", "abc"}, {"z", "\xc3\xa9"}, {"a", "a\xff"},
    };

    (void)state;
    for (size_t i = 0; i < HF_COUNT(same); i++)
        assert_int_equal(hf_text_casecmp(same[i][0], same[i][1]), 0);
    for (size_t i = 0; i < HF_COUNT(ordered); i++) {
        assert_true(hf_text_casecmp(ordered[i][0], ordered[i][1]) < 0);
        assert_true(hf_text_casecmp(ordered[i][1], ordered[i][0]) > 0);
    }
    assert_int_not_equal(hf_text_casecmp("\xff", "\xc3\xbf"), 0);
    assert_int_not_equal(hf_text_casecmp("\xe2\x82", "\xe2"), 0);
}

static void
orders_numbers_by_value(void **state)
{
    static const char *const ordered[] = {
        "",
        "-1",
        "007",
        "7",
        "07a",
        "9",
        "10",
        "a",
        "a1",
        "a1b",
        "a02",
        "a2",
        "a10",
        "a10b2",
        "a10b10",
        "a99999999999999999999998",
        "a99999999999999999999999",
        "b",
        "web-2",
        "web-10",
    };

    (void)state;
    for (size_t i = 0; i < HF_COUNT(ordered); i++) {
        assert_int_equal(hf_text_natcmp(ordered[i], ordered[i]), 0);
        for (size_t j = i + 1; j < HF_COUNT(ordered); j++) {
            if (i == 3 || j == 3 || i == 2 || j == 2 || j == 4 || i == 4)
                continue; /* equal values: see below */
            assert_true(hf_text_natcmp(ordered[i], ordered[j]) < 0);
            assert_true(hf_text_natcmp(ordered[j], ordered[i]) > 0);
        }
    }
    assert_true(hf_text_natcmp("007", "7") < 0);
    assert_true(hf_text_natcmp("7", "07a") < 0);
    assert_true(hf_text_natcmp("a", "\xc3\xa9") < 0);
}

static void
finds_the_word_that_was_meant(void **state)
{
    static const char *const words[] = {"name",    "address", "port",
                                        "domains", "note",    NULL};
    static const char *const none[] = {NULL};
    static const struct {
        const char *word, *meant;
    } rows[] = {
        {"adress", "address"},
        {"addresss", "address"},
        {"adderss", "address"},
        {"ADDRESS", "address"},
        {"nmae", "name"},
        {"Name", "name"},
        {"prot", "port"},
        {"domain", "domains"},
        {"not", "note"},
        {"x", NULL},
        {"", NULL},
        {"colour", NULL},
        {"addr", NULL},
        {"nnnn", NULL},
    };
    char longest[200];

    (void)state;
    for (size_t i = 0; i < HF_COUNT(rows); i++) {
        const char *found = hf_text_nearest(rows[i].word, words);

        if (rows[i].meant)
            assert_string_equal(found, rows[i].meant);
        else
            assert_null(found);
    }
    assert_null(hf_text_nearest("name", none));
    memset(longest, 'a', sizeof(longest) - 1);
    longest[sizeof(longest) - 1] = '\0';
    assert_null(hf_text_nearest(longest, words));
}

static void
prefers_the_nearest_word(void **state)
{
    static const char *const words[] = {"release", "releases", "relase", NULL};

    (void)state;
    assert_string_equal(hf_text_nearest("releases", words), "releases");
    assert_string_equal(hf_text_nearest("relaese", words), "release");
}

static void
looks_at_both_ends_of_text(void **state)
{
    (void)state;
    assert_true(hf_has_prefix("hotfleet", "hot"));
    assert_true(hf_has_prefix("hot", ""));
    assert_false(hf_has_prefix("ho", "hot"));
    assert_true(hf_has_suffix("a.json", ".json"));
    assert_true(hf_has_suffix("a", ""));
    assert_false(hf_has_suffix("son", ".json"));
}

static void
reads_whole_integers_only(void **state)
{
    static const struct {
        const char *text;
        int64_t value;
    } rows[] = {
        {"0", 0},
        {"-0", 0},
        {"007", 7},
        {"65535", 65535},
        {"-12", -12},
        {"9223372036854775807", INT64_MAX},
        {"-9223372036854775808", INT64_MIN},
    };
    static const char *const wrong[] = {
        "",
        "-",
        "+1",
        " 1",
        "1 ",
        "1.0",
        "0x10",
        "1e3",
        "--1",
        "abc",
        "9223372036854775808",
        "-9223372036854775809",
        "99999999999999999999999",
    };
    int64_t value = 42;

    (void)state;
    for (size_t i = 0; i < HF_COUNT(rows); i++) {
        assert_int_equal(
            hf_parse_int(&value, rows[i].text, INT64_MIN, INT64_MAX), 0);
        assert_true(value == rows[i].value);
    }
    value = 42;
    for (size_t i = 0; i < HF_COUNT(wrong); i++)
        assert_int_equal(hf_parse_int(&value, wrong[i], INT64_MIN, INT64_MAX),
                         -1);
    assert_int_equal(hf_parse_int(&value, NULL, 0, 1), -1);
    assert_int_equal(hf_parse_int(&value, "0", 1, 65535), -1);
    assert_int_equal(hf_parse_int(&value, "65536", 1, 65535), -1);
    assert_int_equal(value, 42);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(decodes_every_code_point_it_encodes),
        cmocka_unit_test(refuses_bytes_that_are_not_utf_8),
        cmocka_unit_test(counts_columns),
        cmocka_unit_test(fits_text_into_columns),
        cmocka_unit_test(makes_foreign_text_harmless),
        cmocka_unit_test(keeps_line_ends_only_when_asked),
        cmocka_unit_test(says_when_it_stopped_reading),
        cmocka_unit_test(writes_cells_that_no_spreadsheet_runs),
        cmocka_unit_test(percent_encoding_carries_every_byte),
        cmocka_unit_test(
            refuses_broken_percent_escapes_and_leaves_the_output_alone),
        cmocka_unit_test(a_real_shell_gives_every_quoted_byte_back),
        cmocka_unit_test(compares_without_case_in_several_scripts),
        cmocka_unit_test(orders_numbers_by_value),
        cmocka_unit_test(finds_the_word_that_was_meant),
        cmocka_unit_test(prefers_the_nearest_word),
        cmocka_unit_test(looks_at_both_ends_of_text),
        cmocka_unit_test(reads_whole_integers_only),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
