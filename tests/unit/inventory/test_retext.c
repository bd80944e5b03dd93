/* Changing one member of a text: what else must not move. */
#include "bed.h"

#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"
#include "inventory/retext.h"

/* clang-format off */
static const struct { const char *before, *key, *value, *after; } sets[] = {
    /* in place, whatever the spacing */
    {"{\n\t\"a\" : 1 ,\n\t\"hold\":\"x\"  }\n", "hold", "\"y\"",
     "{\n\t\"a\" : 1 ,\n\t\"hold\":\"y\"  }\n"},
    {"{\"a\": {\"hold\": 1}, \"hold\": [1, 2]}", "hold", "3",
     "{\"a\": {\"hold\": 1}, \"hold\": 3}"},
    {"{\"h\\u006fld\": 1}", "hold", "2", "{\"h\\u006fld\": 2}"},
    /* as the last member, like the first */
    {"{\n  \"a\": 1\n}\n", "b", "2", "{\n  \"a\": 1,\n  \"b\": 2\n}\n"},
    {"{\r\n    \"a\": 1\r\n}\r\n", "b", "2",
     "{\r\n    \"a\": 1,\r\n    \"b\": 2\r\n}\r\n"},
    {"{ \"a\": 1 }", "b", "2", "{ \"a\": 1, \"b\": 2 }"},
    {"{}", "b", "2", "{\"b\": 2}"},
    {"{\n\"a\": {\"x\": [1, {}]}\n}", "b", "2",
     "{\n\"a\": {\"x\": [1, {}]},\n\"b\": 2\n}"},
};

static const struct { const char *before, *key, *after; } removals[] = {
    {"{\n  \"a\": 1,\n  \"b\": 2\n}\n", "b", "{\n  \"a\": 1\n}\n"},
    {"{\n  \"a\": 1,\n  \"b\": 2\n}\n", "a", "{\n  \"b\": 2\n}\n"},
    {"{\"a\": 1, \"b\": {\"a\": 2}, \"c\": 3}", "b",
     "{\"a\": 1, \"c\": 3}"},
    {"{ \"a\": 1 }", "a", "{}"},
    {"{\"a\": 1}", "b", "{\"a\": 1}"},
};

static const struct { const char *before, *value, *after; } appends[] = {
    {"{\n  \"l\": [\n    1\n  ]\n}", "{\n  \"x\": 2\n}",
     "{\n  \"l\": [\n    1,\n    {\n      \"x\": 2\n    }\n  ]\n}"},
    {"{\"l\": [1]}", "2", "{\"l\": [1, 2]}"},
    {"{\"l\": []}", "2", "{\"l\": [2]}"},
    {"{\"a\": 1}", "2", "{\"a\": 1, \"l\": [2]}"},
};

static const struct { const char *before; size_t nth; const char *after; }
drops[] = {
    {"{\n  \"l\": [\n    {\"x\": 1},\n    {\"x\": 2}\n  ]\n}", 0,
     "{\n  \"l\": [\n    {\"x\": 2}\n  ]\n}"},
    {"{\n  \"l\": [\n    {\"x\": 1},\n    {\"x\": 2}\n  ]\n}", 1,
     "{\n  \"l\": [\n    {\"x\": 1}\n  ]\n}"},
    {"{\"a\": [7], \"l\": [1, [2], 3]}", 1, "{\"a\": [7], \"l\": [1, 3]}"},
    {"{\"l\": [1]}", 0, "{\"l\": []}"},
};

/* Texts that are left alone: not sound, or no object. */
static const char *const refused[] = {
    "", "[]", "{", "{\"a\": 1,}", "{\"a\": 1} x", "{\"a\": 1, \"a\": 2}",
    "{\"a\": \"\\u0000\"}", "\"text\"",
};
/* clang-format on */

static void
sets_a_member_and_nothing_else(void **state)
{
    (void)state;
    for (size_t i = 0; i < HF_COUNT(sets); i++) {
        struct hf_buf text = {0};
        struct hf_err err = HF_ERR_INIT;

        hf_buf_puts(&text, sets[i].before);
        assert_int_equal(hf_retext_set(&text, sets[i].key, sets[i].value, &err),
                         HF_OK);
        assert_string_equal(hf_buf_str(&text), sets[i].after);
        hf_buf_release(&text);
    }
}

static void
removes_a_member_with_its_comma(void **state)
{
    (void)state;
    for (size_t i = 0; i < HF_COUNT(removals); i++) {
        struct hf_buf text = {0};
        struct hf_err err = HF_ERR_INIT;

        hf_buf_puts(&text, removals[i].before);
        assert_int_equal(hf_retext_remove(&text, removals[i].key, &err), HF_OK);
        assert_string_equal(hf_buf_str(&text), removals[i].after);
        hf_buf_release(&text);
    }
}

static void
appends_with_the_lists_indentation(void **state)
{
    (void)state;
    for (size_t i = 0; i < HF_COUNT(appends); i++) {
        struct hf_buf text = {0};
        struct hf_err err = HF_ERR_INIT;

        hf_buf_puts(&text, appends[i].before);
        assert_int_equal(hf_retext_append(&text, "l", appends[i].value, &err),
                         HF_OK);
        assert_string_equal(hf_buf_str(&text), appends[i].after);
        hf_buf_release(&text);
    }
}

static void
drops_one_of_a_list(void **state)
{
    (void)state;
    for (size_t i = 0; i < HF_COUNT(drops); i++) {
        struct hf_buf text = {0};
        struct hf_err err = HF_ERR_INIT;

        hf_buf_puts(&text, drops[i].before);
        assert_int_equal(hf_retext_drop(&text, "l", drops[i].nth, &err), HF_OK);
        assert_string_equal(hf_buf_str(&text), drops[i].after);
        assert_int_equal(hf_retext_drop(&text, "l", 9, &err), HF_EINVALID);
        assert_int_equal(hf_retext_drop(&text, "m", 0, &err), HF_EINVALID);
        assert_string_equal(hf_buf_str(&text), drops[i].after);
        hf_buf_release(&text);
    }
}

static void
leaves_a_broken_text_alone(void **state)
{
    (void)state;
    for (size_t i = 0; i < HF_COUNT(refused); i++) {
        struct hf_buf text = {0};
        struct hf_err err = HF_ERR_INIT;

        hf_buf_puts(&text, refused[i]);
        assert_int_equal(hf_retext_set(&text, "a", "2", &err), HF_EINVALID);
        assert_int_equal(hf_retext_remove(&text, "a", &err), HF_EINVALID);
        assert_int_equal(hf_retext_append(&text, "a", "2", &err), HF_EINVALID);
        assert_string_equal(hf_buf_str(&text), refused[i]);
        hf_buf_release(&text);
    }
}

static void
quotes_any_text(void **state)
{
    char *quoted = hf_retext_quote("a\"b\\c\n\x1b");

    (void)state;
    assert_string_equal(quoted, "\"a\\\"b\\\\c\\n\\u001b\"");
    free(quoted);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sets_a_member_and_nothing_else),
        cmocka_unit_test(removes_a_member_with_its_comma),
        cmocka_unit_test(appends_with_the_lists_indentation),
        cmocka_unit_test(drops_one_of_a_list),
        cmocka_unit_test(leaves_a_broken_text_alone),
        cmocka_unit_test(quotes_any_text),
    };

    return cmocka_run_group_tests_name("retext", tests, NULL, NULL);
}
