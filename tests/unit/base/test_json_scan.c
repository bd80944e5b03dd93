/* The strict scan: what it refuses, where it points, and how fast it is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/json.h"
#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "backend/base/time.h"

/* The problems of one document, one formatted line each. */
static char *
scan(const char *text, size_t len)
{
    struct hf_problems problems = {0};
    struct hf_buf out = {0};
    int rc = hf_json_scan(text, len, HF_JSON_MAX_DEPTH, "f", &problems);

    assert_int_equal(rc, problems.len ? HF_EINVALID : HF_OK);
    assert_int_equal(problems.errors, problems.len);
    for (size_t i = 0; i < problems.len; i++) {
        hf_problem_format(&out, &problems.v[i]);
        hf_buf_putc(&out, '\n');
    }
    hf_problems_release(&problems);
    return hf_buf_take(&out);
}

static void
accepts_what_the_standard_allows(void **state)
{
    static const char *const texts[] = {
        "{}",
        " [ ] \r\n\t",
        "\"x\"",
        "0",
        "-0",
        "-1.5e-3",
        "1E+2",
        "9007199254740992",
        "-9007199254740992",
        "0.1",
        "1e15",
        "1e-400",
        "true",
        "false",
        "null",
        "{\"a\":{\"b\":[1,2,{\"c\":null}]},\"A\":1,\"\":2}",
        "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\ud83d\\ude00\"",
        "\"M\xc3\xbcnchen \xf0\x9f\x98\x80 \x7f\"",
        "[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]",
        "[{\"a\":1},{\"a\":1}]",
        "{\"a\":{\"a\":{\"a\":1}}}",
    };

    (void)state;
    for (size_t i = 0; i < HF_COUNT(texts); i++) {
        char *problems = scan(texts[i], strlen(texts[i]));

        assert_string_equal(problems, "");
        free(problems);
    }
}

/* clang-format off */
static const struct { const char *text, *problems; } refused[] = {
    {"", "f:1:1: $: wants a value, found the end of the text\n"},
    {"{\n<<<<<<< HEAD\n\"a\": 1\n=======\n\"a\": 2\n>>>>>>> x\n}",
     "f:2:1: $: wants a name in double quotes, found '<' (a merge conflict that "
     "nobody resolved: keep one side, take the marks away)\n"},
    {"\xef\xbb\xbf{}", "f:1:1: $: a byte order mark at the start "
     "(save the file as UTF-8 without it)\n"},
    {"\xef\xbb\xbf[01]", "f:1:1: $: a byte order mark at the start "
     "(save the file as UTF-8 without it)\n"
     "f:1:2: $[0]: not a JSON number\n"},
    {"\xff\xfe{", "f:1:1: $: UTF-16 text, wants UTF-8\n"},
    {"\xfe\xff", "f:1:1: $: UTF-16 text, wants UTF-8\n"},
    {"[\"a\tb\"]", "f:1:4: $[0]: a raw control character inside text "
     "(write it as '\\u00XX')\n"},
    {"[\"\x01\", \"\x1f\"]", "f:1:3: $[0]: a raw control character inside "
     "text (write it as '\\u00XX')\n"
     "f:1:8: $[1]: a raw control character inside text "
     "(write it as '\\u00XX')\n"},
    {"[\"a\n\"]", "f:1:4: $[0]: a line break inside text "
     "(close the quote, or write '\\n')\n"},
    {"[\"\xff\", \"\xed\xa0\x80\"]", "f:1:3: $[0]: not valid UTF-8\n"
     "f:1:8: $[1]: not valid UTF-8\n"
     "f:1:9: $[1]: not valid UTF-8\n"
     "f:1:10: $[1]: not valid UTF-8\n"},
    {"{\"\xc3\xa9\": \"a\\u0000b\"}",
     "f:1:9: $.\xc3\xa9: '\\u0000' is not allowed in text\n"},
    {"{\"a\\u0000\":1}", "f:1:4: $: '\\u0000' is not allowed in text\n"},
    {"[\"\\ud800\",\"\\udc00\",\"\\ud800\\u0041\",\"\\ud83d\\\"\"]",
     "f:1:3: $[0]: half a surrogate pair\n"
     "f:1:12: $[1]: half a surrogate pair\n"
     "f:1:21: $[2]: half a surrogate pair\n"
     "f:1:36: $[3]: half a surrogate pair\n"},
    {"[\"\\u12g4\"]", "f:1:3: $[0]: wants four hex digits after '\\u'\n"},
    {"[\"\\u12", "f:1:3: $[0]: wants four hex digits after '\\u'\n"},
    {"[\"C:\\Users\"]", "f:1:5: $[0]: unknown escape in text "
     "(write '\\\\' for a backslash)\n"},
    {"[\"abc", "f:1:6: $[0]: wants '\"', found the end of the text\n"},
    {"[\"abc\\", "f:1:6: $[0]: unknown escape in text "
     "(write '\\\\' for a backslash)\n"},
    {"{\"a\":1,\"b\":2,\n \"a\":3}",
     "f:2:2: $.a: the key 'a' is there twice, first on line 1\n"},
    {"{\"a\":1,\"\\u0061\":2}",
     "f:1:8: $.a: the key 'a' is there twice, first on line 1\n"},
    {"{\"x\":{\"k\\/\":1,\"k/\":2,\"k\\u002f\":3}}",
     "f:1:15: $.x[\"k/\"]: the key 'k/' is there twice, first on line 1\n"
     "f:1:22: $.x[\"k/\"]: the key 'k/' is there twice, first on line 1\n"},
    {"{\"\":1,\"\":2}",
     "f:1:7: $[\"\"]: the key '' is there twice, first on line 1\n"},
    {"[01, 1., .5, +1, -, 1e, 1.e1, 1e+, -01, 00, 1.2.3]",
     "f:1:2: $[0]: not a JSON number\n"
     "f:1:6: $[1]: not a JSON number\n"
     "f:1:10: $[2]: not a JSON number\n"
     "f:1:14: $[3]: not a JSON number\n"
     "f:1:18: $[4]: not a JSON number\n"
     "f:1:21: $[5]: not a JSON number\n"
     "f:1:25: $[6]: not a JSON number\n"
     "f:1:31: $[7]: not a JSON number\n"
     "f:1:36: $[8]: not a JSON number\n"
     "f:1:41: $[9]: not a JSON number\n"
     "f:1:45: $[10]: not a JSON number\n"},
    {"[1e400, -1e400]", "f:1:2: $[0]: a number too large to be kept\n"
     "f:1:9: $[1]: a number too large to be kept\n"},
    {"[9007199254740993, -9007199254740993, 12345678901234567890]",
     "f:1:2: $[0]: a whole number beyond 2^53 is not kept exactly "
     "(write it as text)\n"
     "f:1:20: $[1]: a whole number beyond 2^53 is not kept exactly "
     "(write it as text)\n"
     "f:1:39: $[2]: a whole number beyond 2^53 is not kept exactly "
     "(write it as text)\n"},
    {"[9007199254740993.0, 1e16]",
     "f:1:2: $[0]: a number beyond 2^53 is not kept exactly "
     "(write it as text)\n"
     "f:1:22: $[1]: a number beyond 2^53 is not kept exactly "
     "(write it as text)\n"},
    {"0.0000000000000000000000000000000000000000000000000000000000001",
     "f:1:1: $: a number with too many digits\n"},
    {"NaN", "f:1:1: $: wants a value, found 'N'\n"},
    {"[-Infinity]", "f:1:2: $[0]: not a JSON number\n"
     "f:1:3: $: wants ',' or ']', found 'I'\n"},
    {"0x10", "f:1:2: $: wants nothing behind the document, found 'x'\n"},
    {"True", "f:1:1: $: wants a value, found 'T'\n"},
    {"tru", "f:1:1: $: wants a value, found 't'\n"},
    {"truely", "f:1:5: $: wants nothing behind the document, found 'l'\n"},
    {"{} {}", "f:1:4: $: wants nothing behind the document, found '{'\n"},
    {"{}\n\nx", "f:3:1: $: wants nothing behind the document, found 'x'\n"},
    {"[1,]", "f:1:4: $[1]: wants a value, found ']'\n"},
    {"{\"a\":1,}", "f:1:8: $: wants a name in double quotes, found '}'\n"},
    {"{'a':1}", "f:1:2: $: wants a name in double quotes, found ''' "
     "(JSON wants double quotes)\n"},
    {"{a:1}", "f:1:2: $: wants a name in double quotes, found 'a'\n"},
    {"{\"a\" 1}", "f:1:6: $.a: wants ':', found '1'\n"},
    {"{\"a\":1 \"b\":2}", "f:1:8: $: wants ',' or '}', found '\"'\n"},
    {"[1 // one\n]", "f:1:4: $: wants ',' or ']', found '/' "
     "(JSON has no comments)\n"},
    {"{\"a\":", "f:1:6: $.a: wants a value, found the end of the text\n"},
    {"[1}", "f:1:3: $: wants ',' or ']', found '}'\n"},
    {"<html>", "f:1:1: $: wants a value, found '<'\n"},
    {"\x1b[31m", "f:1:1: $: wants a value, found '\\x1b'\n"},
    {"[\xc3\xa9]", "f:1:2: $[0]: wants a value, found '\xc3\xa9'\n"},
    {"[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]",
     "f:1:17: $[0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0]: "
     "nested deeper than 16 levels\n"},
};
/* clang-format on */

static void
says_what_is_wrong_and_where(void **state)
{
    (void)state;
    for (size_t i = 0; i < HF_COUNT(refused); i++) {
        char *problems = scan(refused[i].text, strlen(refused[i].text));

        assert_string_equal(problems, refused[i].problems);
        free(problems);
    }
}

static void
sees_a_zero_byte(void **state)
{
    char *problems = scan("{}\0", 3);

    (void)state;
    assert_string_equal(problems, "f:1:3: $: wants nothing behind the "
                                  "document, found '\\x00'\n");
    free(problems);
    problems = scan("[\"a\0b\"]", 7);
    assert_string_equal(problems,
                        "f:1:4: $[0]: a raw control character inside text "
                        "(write it as '\\u00XX')\n");
    free(problems);
}

static void
counts_columns_in_code_points(void **state)
{
    const char *text = "{\"\xe6\x9d\xb1\xf0\x9f\x98\x80\": 1,\r\n"
                       "\t\"\xc3\xa9\": 01}";
    char *problems = scan(text, strlen(text));

    (void)state;
    assert_string_equal(problems, "f:2:7: $.\xc3\xa9: not a JSON number\n");
    free(problems);
}

static void
lists_problems_in_the_order_of_the_text(void **state)
{
    const char *text = "{\"b\":1,\n\"a\":01,\n\"b\":2,\n\"a\":\"\\u0000\"}";
    char *problems = scan(text, strlen(text));

    (void)state;
    assert_string_equal(
        problems, "f:2:5: $.a: not a JSON number\n"
                  "f:3:1: $.b: the key 'b' is there twice, first on line 1\n"
                  "f:4:1: $.a: the key 'a' is there twice, first on line 2\n"
                  "f:4:6: $.a: '\\u0000' is not allowed in text\n");
    free(problems);
}

static void
keeps_the_problems_of_other_files(void **state)
{
    struct hf_problems problems = {0};

    (void)state;
    hf_problem_add(&problems, "z", 99, 99, "$", "older");
    assert_int_equal(hf_json_scan("{}", 2, 4, "a", &problems), HF_OK);
    assert_int_equal(hf_json_scan("01", 2, 4, "a", &problems), HF_EINVALID);
    assert_int_equal(hf_json_scan("[[1]]", 5, 1, "b", &problems), HF_EINVALID);
    assert_int_equal(problems.len, 3);
    assert_string_equal(problems.v[0].file, "z");
    assert_int_equal(problems.v[0].line, 99);
    assert_string_equal(problems.v[1].file, "a");
    assert_string_equal(problems.v[2].file, "b");
    hf_problems_release(&problems);
}

static void
stops_after_a_hundred_problems(void **state)
{
    struct hf_problems problems = {0};
    char text[4096];

    (void)state;
    for (size_t i = 0; i < sizeof(text); i++)
        text[i] = i == 0 ? '[' : i % 3 == 0 ? ',' : '0';
    assert_int_equal(hf_json_scan(text, sizeof(text), 4, "f", &problems),
                     HF_EINVALID);
    assert_int_equal(problems.len, 100);
    hf_problems_release(&problems);
}

static void
refuses_a_document_that_is_too_large(void **state)
{
    size_t len = HF_JSON_MAX_BYTES + 1;
    char *text = hf_xmalloc(len), *problems;

    (void)state;
    memset(text, ' ', len);
    problems = scan(text, len);
    assert_string_equal(problems, "f: $: larger than 4 MiB\n");
    free(problems);
    text[0] = '1';
    problems = scan(text, len - 1);
    assert_string_equal(problems, "");
    free(problems);
    free(text);
}

static void
finds_places_again(void **state)
{
    static const char text[] =
        "{\n"
        "  \"name\": \"web\",\n"
        "  \"d\\u006fmains\": {\"cluster\": [10, {\"kb\": \"\xc3\xa9\"},"
        " true]},\n"
        "  \"odd.key\": {\"x\": 1}, \"quo\\\"te\": 2, \"\": 3,\n"
        "  \"releases\": [[1, 2], [3]]\n"
        "}\n";
    static const struct {
        const char *path;
        int key;
        size_t line, column;
    } rows[] = {
        {"$", 0, 1, 1},
        {"$", 1, 1, 1},
        {"$.name", 0, 2, 11},
        {"$.name", 1, 2, 3},
        {"$.domains", 1, 3, 3},
        {"$.domains.cluster", 0, 3, 31},
        {"$.domains.cluster[0]", 0, 3, 32},
        {"$.domains.cluster[1].kb", 0, 3, 43},
        {"$.domains.cluster[1].kb", 1, 3, 37},
        {"$.domains.cluster[2]", 0, 3, 49},
        {"$.domains.cluster[2]", 1, 3, 49},
        {"$[\"odd.key\"].x", 0, 4, 20},
        {"$[\"quo\\\"te\"]", 1, 4, 24},
        {"$[\"\"]", 0, 4, 42},
        {"$.releases[1][0]", 0, 5, 25},
        {"$.releases[1]", 0, 5, 24},
    };
    static const char *const missing[] = {
        "",          "name",   "$.nam",         "$.name.x",
        "$.names",   "$[0]",   "$.releases[2]", "$.releases[1",
        "$.odd.key", "$.Name", "$name",         "$.",
    };
    size_t line, column;

    (void)state;
    for (size_t i = 0; i < HF_COUNT(rows); i++) {
        assert_int_equal(hf_json_locate(text, sizeof(text) - 1, rows[i].path,
                                        rows[i].key, &line, &column),
                         HF_OK);
        assert_int_equal(line, rows[i].line);
        assert_int_equal(column, rows[i].column);
    }
    for (size_t i = 0; i < HF_COUNT(missing); i++)
        assert_int_equal(hf_json_locate(text, sizeof(text) - 1, missing[i], 0,
                                        &line, &column),
                         HF_ENOTFOUND);
}

static void
builds_paths_that_can_be_found_again(void **state)
{
    static const char *const keys[] = {
        "plain", "with-dash_1", "$schema", "\xc3\xa9",    "a.b",
        "a b",   "a[0]",        "q\"q",    "back\\slash", "",
    };

    (void)state;
    for (size_t i = 0; i < HF_COUNT(keys); i++) {
        cJSON *doc = cJSON_CreateObject();
        struct hf_buf path = {0};
        size_t line, column;
        char *text;

        hf_json_add_int(doc, keys[i], 1);
        text = hf_json_print(doc);
        hf_buf_puts(&path, "$");
        hf_json_path_key(&path, keys[i]);
        assert_int_equal(
            hf_json_locate(text, strlen(text), path.data, 1, &line, &column),
            HF_OK);
        assert_int_equal(column, 2);
        hf_buf_release(&path);
        free(text);
        cJSON_Delete(doc);
    }
}

static void
is_fast_with_very_many_keys(void **state)
{
    struct hf_problems problems = {0};
    struct hf_buf text = {0};
    int64_t start;

    (void)state;
    hf_buf_putc(&text, '{');
    for (int i = 0; i < 100000; i++)
        hf_buf_printf(&text, "\"key-%d\":%d,", i, i);
    hf_buf_puts(&text, "\"key-7\":0}");
    start = hf_mono();
    assert_int_equal(
        hf_json_scan(text.data, text.len, HF_JSON_MAX_DEPTH, "f", &problems),
        HF_EINVALID);
    assert_true(hf_mono() - start < 5000);
    assert_int_equal(problems.len, 1);
    assert_string_equal(problems.v[0].path, "$.key-7");
    hf_problems_release(&problems);
    hf_buf_release(&text);
}

static void
is_fast_with_very_many_documents(void **state)
{
    static const char text[] =
        "{\"name\":\"web-17\",\"address\":\"10.1.2.3\",\"port\":22,"
        "\"user\":\"patch\",\"tags\":[\"web\",\"m\xc3\xbcnchen\"],"
        "\"domains\":{\"cluster\":\"a\",\"rack\":\"r12\"},"
        "\"hostkey\":\"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIEXAMPLE\"}";
    struct hf_problems problems = {0};
    int64_t start = hf_mono();

    (void)state;
    for (int i = 0; i < 10000; i++)
        assert_int_equal(hf_json_scan(text, sizeof(text) - 1, HF_JSON_MAX_DEPTH,
                                      "f", &problems),
                         HF_OK);
    print_message("10000 documents in %d ms\n", (int)(hf_mono() - start));
    assert_true(hf_mono() - start < 5000);
    hf_problems_release(&problems);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(accepts_what_the_standard_allows),
        cmocka_unit_test(says_what_is_wrong_and_where),
        cmocka_unit_test(sees_a_zero_byte),
        cmocka_unit_test(counts_columns_in_code_points),
        cmocka_unit_test(lists_problems_in_the_order_of_the_text),
        cmocka_unit_test(keeps_the_problems_of_other_files),
        cmocka_unit_test(stops_after_a_hundred_problems),
        cmocka_unit_test(refuses_a_document_that_is_too_large),
        cmocka_unit_test(finds_places_again),
        cmocka_unit_test(builds_paths_that_can_be_found_again),
        cmocka_unit_test(is_fast_with_very_many_keys),
        cmocka_unit_test(is_fast_with_very_many_documents),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
