/* Documents: parsing, reading, building, printing, problems. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/json.h"
#include "backend/base/mem.h"

static cJSON *
parse(const char *text)
{
    struct hf_err err = HF_ERR_INIT;
    cJSON *doc;

    if (hf_json_parse(&doc, text, strlen(text), &err) < 0)
        fail_msg("%s", err.text);
    return doc;
}

static void
names_line_and_column_of_the_first_problem(void **state)
{
    static const char text[] = "{\n  \"port\": 022,\n  \"x\": 1.\n}";
    struct hf_err err = HF_ERR_INIT;
    cJSON *doc = NULL;

    (void)state;
    assert_int_equal(hf_json_parse(&doc, text, sizeof(text) - 1, &err),
                     HF_EINVALID);
    assert_null(doc);
    assert_string_equal(err.text,
                        "line 2, column 11: $.port: not a JSON number");
}

static void
parses_only_the_length_given(void **state)
{
    struct hf_err err = HF_ERR_INIT;
    cJSON *doc;

    (void)state;
    assert_int_equal(hf_json_parse(&doc, "[1]garbage", 3, &err), HF_OK);
    cJSON_Delete(doc);
    assert_int_equal(hf_json_parse(&doc, "[1]garbage", 4, &err), HF_EINVALID);
}

static void
reads_members_with_regard_to_case(void **state)
{
    cJSON *doc = parse("{\"Name\":\"no\",\"name\":\"yes\",\"n\":7,\"f\":1.5,"
                       "\"t\":true,\"z\":null,\"big\":9007199254740992}");

    (void)state;
    assert_string_equal(hf_json_str(doc, "name"), "yes");
    assert_null(hf_json_str(doc, "NAME"));
    assert_null(hf_json_str(doc, "n"));
    assert_int_equal(hf_json_int(doc, "n", -1), 7);
    assert_int_equal(hf_json_int(doc, "f", -1), -1);
    assert_int_equal(hf_json_int(doc, "name", -1), -1);
    assert_int_equal(hf_json_int(doc, "none", -1), -1);
    assert_true(hf_json_int(doc, "big", -1) == 9007199254740992);
    assert_int_equal(hf_json_bool(doc, "t", 0), 1);
    assert_int_equal(hf_json_bool(doc, "n", 0), 0);
    assert_int_equal(hf_json_bool(doc, "none", 1), 1);
    assert_non_null(hf_json_get(doc, "z"));
    assert_null(hf_json_get(doc, "Z"));
    assert_null(hf_json_get(NULL, "Z"));
    cJSON_Delete(doc);
}

static void
checked_access_names_the_key(void **state)
{
    cJSON *doc = parse("{\"name\":\"a\",\"port\":70000,\"f\":1.5,\"l\":[]}");
    struct hf_err err = HF_ERR_INIT;
    const char *text;
    int64_t number;

    (void)state;
    assert_int_equal(hf_json_want_str(&text, doc, "name", &err), HF_OK);
    assert_string_equal(text, "a");
    assert_int_equal(hf_json_want_str(&text, doc, "address", &err),
                     HF_EINVALID);
    assert_string_equal(err.text, "'address' is missing");
    assert_null(text);
    assert_int_equal(hf_json_want_str(&text, doc, "l", &err), HF_EINVALID);
    assert_string_equal(err.text, "'l' wants text and is a list");
    assert_int_equal(hf_json_want_int(&number, doc, "name", 1, 9, &err),
                     HF_EINVALID);
    assert_string_equal(err.text, "'name' wants a whole number and is text");
    assert_int_equal(hf_json_want_int(&number, doc, "port", 1, 65535, &err),
                     HF_EINVALID);
    assert_string_equal(err.text,
                        "'port' wants a whole number from 1 to 65535");
    assert_int_equal(hf_json_want_int(&number, doc, "f", 1, 9, &err),
                     HF_EINVALID);
    assert_int_equal(hf_json_want_int(&number, doc, "port", 1, 70000, &err),
                     HF_OK);
    assert_int_equal(number, 70000);
    cJSON_Delete(doc);
}

static void
prints_what_was_built(void **state)
{
    cJSON *doc = cJSON_CreateObject(), *list;
    char *text;

    (void)state;
    hf_json_add_str(doc, "name", "M\xc3\xbcnchen");
    hf_json_add_str(doc, "none", NULL);
    hf_json_add_int(doc, "n", -42);
    hf_json_add_bool(doc, "b", 1);
    hf_json_add_time(doc, "at", 1795397025000);
    hf_json_add_time(doc, "never", 0);
    hf_json_add_obj(doc, "empty");
    list = hf_json_add_arr(doc, "list");
    hf_json_push_str(list, "x");
    hf_json_push_str(list, NULL);
    hf_json_add_arr(doc, "none-of-it");
    text = hf_json_print(doc);
    assert_string_equal(text,
                        "{\"name\":\"M\xc3\xbcnchen\",\"n\":-42,\"b\":true,"
                        "\"at\":\"2026-11-23T01:23:45Z\",\"empty\":{},"
                        "\"list\":[\"x\"],\"none-of-it\":[]}");
    free(text);
    text = hf_json_print_pretty(doc);
    assert_string_equal(text, "{\n"
                              "  \"name\": \"M\xc3\xbcnchen\",\n"
                              "  \"n\": -42,\n"
                              "  \"b\": true,\n"
                              "  \"at\": \"2026-11-23T01:23:45Z\",\n"
                              "  \"empty\": {},\n"
                              "  \"list\": [\n"
                              "    \"x\"\n"
                              "  ],\n"
                              "  \"none-of-it\": []\n"
                              "}\n");
    free(text);
    cJSON_Delete(doc);
}

static void
keeps_every_digit_of_whole_numbers(void **state)
{
    static const struct {
        int64_t value;
        const char *text;
    } rows[] = {
        {0, "[0]"},
        {1000000000000000, "[1000000000000000]"},
        {1000000000000001, "[1000000000000001]"},
        {9007199254740991, "[9007199254740991]"},
        {9007199254740992, "[9007199254740992]"},
        {-9007199254740992, "[-9007199254740992]"},
        {9007199254740993, "[\"9007199254740993\"]"},
        {INT64_MIN, "[\"-9223372036854775808\"]"},
    };

    (void)state;
    for (size_t i = 0; i < HF_COUNT(rows); i++) {
        cJSON *doc = cJSON_CreateArray();
        char *text;

        hf_json_add_int(doc, NULL, rows[i].value);
        text = hf_json_print(doc);
        assert_string_equal(text, rows[i].text);
        free(text);
        cJSON_Delete(doc);
    }
}

static void
prints_fractions_that_read_back_the_same(void **state)
{
    static const char *const rows[] = {"[0.1]", "[-1.5]", "[1e-07]",
                                       "[1.7976931348623157e+308]",
                                       "[0.30000000000000004]"};
    static const double values[] = {0.1, -1.5, 1e-7, 1.7976931348623157e308,
                                    0.1 + 0.2};

    (void)state;
    for (size_t i = 0; i < HF_COUNT(rows); i++) {
        cJSON *doc = cJSON_CreateArray();
        char *text;

        cJSON_AddItemToArray(doc, cJSON_CreateNumber(values[i]));
        text = hf_json_print(doc);
        assert_string_equal(text, rows[i]);
        free(text);
        cJSON_Delete(doc);
    }
}

static void
prints_no_raw_control_and_no_broken_byte(void **state)
{
    cJSON *doc = cJSON_CreateArray();
    char *text;

    (void)state;
    hf_json_push_str(doc, "\b\f\n\r\t\x1b\"\\/\x7f");
    hf_json_push_str(doc, "\xe2\x80\xae\xf3\xa0\x81\x81");
    hf_json_push_str(doc, "bad \xff\n");
    cJSON_AddItemToArray(doc, cJSON_CreateString("raw \xff"));
    cJSON_AddItemToArray(doc, cJSON_CreateNumber(INFINITY));
    text = hf_json_print(doc);
    assert_string_equal(text, "[\"\\b\\f\\n\\r\\t\\u001b\\\"\\\\/\\u007f\","
                              "\"\\u202e\\udb40\\udc41\","
                              "\"bad \\\\xff\\n\",\"raw \\ufffd\",null]");
    free(text);
    cJSON_Delete(doc);
}

static void
printing_and_parsing_is_a_round_trip(void **state)
{
    static const char text[] =
        "{\"a\":[1,-2.5,true,false,null,\"\\u0001\\n\xf0\x9f\x98\x80\"],"
        "\"q\\\"k\":{\"\":{}}}";
    cJSON *doc = parse(text), *again;
    char *printed = hf_json_print(doc), *pretty = hf_json_print_pretty(doc);

    (void)state;
    assert_string_equal(printed, text);
    again = parse(pretty);
    assert_true(cJSON_Compare(doc, again, 1));
    cJSON_Delete(again);
    cJSON_Delete(doc);
    free(printed);
    free(pretty);
}

static void
formats_problems_for_people(void **state)
{
    struct hf_problems problems = {0};
    struct hf_problem *p;
    struct hf_buf out = {0};

    (void)state;
    p = hf_problem_add(&problems, "hosts/a.json", 3, 7, "$.port",
                       "wants a whole number, found \"%s\"", "x\x1b");
    p->hint = hf_xstrdup("did you mean '22'?");
    hf_problem_format(&out, p);
    assert_string_equal(hf_buf_str(&out),
                        "hosts/a.json:3:7: $.port: wants a whole number, "
                        "found \"x\\x1b\" (did you mean '22'?)");
    hf_buf_clear(&out);
    p = hf_problem_warn(&problems, "b\n.json", 0, 0, NULL, "is %s", "old");
    hf_problem_format(&out, p);
    assert_string_equal(hf_buf_str(&out), "b\\n.json: warning: is old");
    assert_int_equal(problems.len, 2);
    assert_int_equal(problems.errors, 1);
    hf_problems_release(&problems);
    assert_int_equal(problems.len, 0);
    hf_buf_release(&out);
}

static cJSON *
numbered_row(void *ctx, size_t i)
{
    cJSON *row = cJSON_CreateObject();

    hf_json_add_int(row, "i", (int64_t)i);
    hf_json_add_str(row, "name", ctx);
    return row;
}

/* What is printed row by row, and all at once. */
static void
prints_rows_as_if_all_were_there(void **state)
{
    char name[] = "\"a\"";

    (void)state;
    for (size_t n = 0; n < 3; n++) {
        cJSON *doc = cJSON_CreateObject(), *rows;
        char *whole, *printed = NULL;
        size_t len;
        FILE *to = open_memstream(&printed, &len);

        assert_non_null(to);
        hf_json_add_str(doc, "schema", "x/1");
        rows = hf_json_add_arr(doc, "rows");
        hf_json_add_int(doc, "exit", 1);
        hf_json_print_rows(to, doc, "rows", n, numbered_row, name);
        assert_int_equal(fclose(to), 0);
        for (size_t i = 0; i < n; i++)
            cJSON_AddItemToArray(rows, numbered_row(name, i));
        whole = hf_json_print_pretty(doc);
        assert_string_equal(printed, whole);
        free(whole);
        free(printed);
        cJSON_Delete(doc);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_line_and_column_of_the_first_problem),
        cmocka_unit_test(parses_only_the_length_given),
        cmocka_unit_test(reads_members_with_regard_to_case),
        cmocka_unit_test(checked_access_names_the_key),
        cmocka_unit_test(prints_what_was_built),
        cmocka_unit_test(keeps_every_digit_of_whole_numbers),
        cmocka_unit_test(prints_fractions_that_read_back_the_same),
        cmocka_unit_test(prints_no_raw_control_and_no_broken_byte),
        cmocka_unit_test(printing_and_parsing_is_a_round_trip),
        cmocka_unit_test(formats_problems_for_people),
        cmocka_unit_test(prints_rows_as_if_all_were_there),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
