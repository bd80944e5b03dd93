/* Text: UTF-8, width, comparing, integers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

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
        "abc\xff-def",
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
        cmocka_unit_test(compares_without_case_in_several_scripts),
        cmocka_unit_test(orders_numbers_by_value),
        cmocka_unit_test(finds_the_word_that_was_meant),
        cmocka_unit_test(prefers_the_nearest_word),
        cmocka_unit_test(looks_at_both_ends_of_text),
        cmocka_unit_test(reads_whole_integers_only),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
