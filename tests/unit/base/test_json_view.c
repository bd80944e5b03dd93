/* A view takes what the parser takes, refuses what it refuses, and says the
 * same. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "backend/base/mem.h"
#include "tests/support/view.h"

static const char evidence[] =
    "{\n  \"schema\": \"hotfleet.evidence/1\", \"n\": -15, \"part\": 0.5,\n"
    "  \"why\": \"caf\xc3\xa9 \\u00e9\\n\\\"x\\\"\", \"staged\": true,\n"
    "  \"after\": {\"boot.id\": {\"value\": \"a\", \"at\": null}, \"b\": {}},\n"
    "  \"criteria\": [{\"name\": \"x\"}, [], false, 9007199254740992]\n}\n";

static void
says_what_the_parser_says(void **state)
{
    static const char *const texts[] = {
        "{}",
        "[]",
        "\"text\"",
        "7",
        " null ",
        "{\"b\": 1, \"a\": 2}",
        "{\"b\": 1, \"a\": 2, \"b\": 3}",
        "{\"a\": 1, \"\\u0061\": 2}",
        "{\"b\": {\"a\": 1}, \"a\": {\"a\": 1}}",
        "[01]",
        "[-]",
        "[1.5e3, 123456789012345678]",
        "[1,]",
        "{\"a\" 1}",
        "[\"a\nb\"]",
        "[\"\\ud800\"]",
        "\xef\xbb\xbf{}",
        "{} {}",
        "[tru]",
        "[\"\x7f\"]",
        "[\"\xff\"]",
        "[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]",
        "[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]",
        "[",
        "\"",
        "",
        evidence,
    };

    (void)state;
    for (size_t i = 0; i < HF_COUNT(texts); i++) {
        if (!view_agrees(texts[i], strlen(texts[i])))
            fail_msg("they differ about %s", texts[i]);
    }
    assert_true(view_agrees("[\"a\0b\"]", 7));
    assert_true(view_agrees("[]\0", 3));
}

/* Each byte of it becomes each of these, or goes. */
static void
agrees_about_every_damage(void **state)
{
    static const char others[] = "\"\\{}[],:0-e.n \n\x01\x7f\xc3\0";
    size_t len = sizeof(evidence) - 1;
    char text[sizeof(evidence)];

    (void)state;
    for (size_t i = 0; i < len; i++) {
        for (size_t k = 0; k < sizeof(others); k++) {
            memcpy(text, evidence, sizeof(text));
            text[i] = others[k];
            if (!view_agrees(text, len))
                fail_msg("they differ about byte %zu as %d", i, others[k]);
        }
        memcpy(text, evidence, i);
        memcpy(text + i, evidence + i + 1, len - i);
        if (!view_agrees(text, len - 1) || !view_agrees(evidence, i))
            fail_msg("they differ without byte %zu", i);
    }
}

static void
finds_members_and_nothing_else(void **state)
{
    struct hf_err err = HF_ERR_INIT;
    const struct hf_view_node *doc, *after;
    struct hf_view v = {0};

    (void)state;
    assert_int_equal(hf_view_parse(&v, evidence, strlen(evidence), &err), 0);
    doc = v.v;
    after = hf_view_get(doc, "after");
    assert_string_equal(hf_view_str(doc, "why"), "caf\xc3\xa9 \xc3\xa9\n\"x\"");
    assert_string_equal(hf_view_str(hf_view_get(after, "boot.id"), "value"),
                        "a");
    assert_int_equal(after->len, 2);
    assert_true(hf_view_is_true(doc, "staged"));
    assert_false(hf_view_is_true(doc, "n"));
    assert_null(hf_view_str(doc, "n"));
    assert_null(hf_view_get(doc, "none"));
    assert_null(hf_view_get(hf_view_get(doc, "why"), "none"));
    assert_null(hf_view_get(hf_view_get(doc, "criteria"), "name"));
    assert_null(hf_view_get(NULL, "none"));
    assert_null(hf_view_first(hf_view_get(after, "b")));
    hf_view_release(&v);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(says_what_the_parser_says),
        cmocka_unit_test(agrees_about_every_damage),
        cmocka_unit_test(finds_members_and_nothing_else),
    };

    return cmocka_run_group_tests_name("json_view", tests, NULL, NULL);
}
