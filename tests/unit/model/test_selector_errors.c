/* What is wrong with a selector, where, and what was probably meant. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"
#include "backend/model/selector.h"

/* clang-format off */
static const struct { const char *text; int column; const char *says; }
rows[] = {
    {"ring:canary & rng:web", 15, "unknown field 'rng' (did you mean 'ring'?)"},
    {"zzz:1", 1, "unknown field 'zzz'"},
    {":web", 1, "before the ':'"},
    {"ring:", 6, "expected a value right after the ':'"},
    {"ring: canary", 6, "expected a value right after the ':'"},
    {"(ring:)", 7, "expected a value"},
    {"age:", 5, "age:>2d"},
    {"age:2d", 5, "expected > or <"},
    {"age:>", 6, "expected a span"},
    {"age:>=2d", 6, "expected a span"},
    {"older:soon", 7, "expected a span such as 90s"},
    {"older:>2d", 7, "expected a span"},
    {"older:-2d", 7, "expected a span"},
    {"attr:ops", 1, "'attr' wants a key, as in attr.owner:ops"},
    {"attr.:ops", 1, "unknown field"},
    {"held:yes", 1, "'held' is a flag: write held or not held"},
    {"patch:behnid", 7, "(did you mean 'behind'?): it takes unknown, current"},
    {"flag:hedl", 6, "(did you mean 'held'?)"},
    {"check.vbs:blok", 11, "(did you mean 'block'?)"},
    {"outcome:xyz", 9, "it takes checked"},
    {"behind", 1, "write patch:behind, or name:behind"},
    {"ring:canary and", 16, "ends where a term"},
    {"ring:canary and  ", 16, "ends where a term"},
    {"not", 4, "ends where a term"},
    {"a or or b", 6, "expected a term"},
    {"& a", 1, "expected a term"},
    {"a &&& b", 5, "expected a term"},
    {"()", 2, "expected a term"},
    {"(a or b", 8, "expected ')' for the '(' in column 1"},
    {"a (b (c) ", 10, "expected ')' for the '(' in column 3"},
    {"a)", 2, "')' without a '('"},
    {"ring:\"can", 6, "has no closing \""},
    {"ring:\"can\"ary", 11, "after the closing quote"},
    {"ring:ca\"n\"", 8, "quote inside a word"},
    {"name:/web", 6, "no closing /"},
    {"name:/a/b/", 9, "after the closing slash"},
    {"name:/(/", 6, "regular expression: "},
    {"name://", 6, "nothing between"},
    {"name:/(a)\\1/", 6, "back-references"},
    {"name:/((a{99}){99}){99}/", 6, "repeats too much"},
    {"name:/a{1001}/", 6, "repeats too much"},
    {"name:/a+++++++++++/", 6, "repeats too much"},
    {"name:/((((((((((a+)+)+)+)+)+)+)+)+)+)+/", 6, "repeats too much"},
    {"name:/a***********/", 6, "repeats too much"},
    {"name:/a{1}{1}{1}{1}{1}{1}{1}{1}{1}{1}{1}/", 6, "repeats too much"},
    {"name:/[]a[:alpha:]/", 6, "regular expression: "},
    {"ring=canary", 5, "expected ':' after 'ring'"},
    {"age>2d", 4, "expected ':' after 'age', as in age:>2d"},
    {"a,b", 2, "write 'a or b'"},
    {"web$1", 1, "neither a name pattern"},
    {"m\xc3\xbcnchen rng:x", 9, "unknown field 'rng'"},
    {"a\x1b[2J", 2, "control character"},
};
/* clang-format on */

static void
names_the_column_and_what_was_expected(void **state)
{
    (void)state;
    for (size_t i = 0; i < HF_COUNT(rows); i++) {
        struct hf_err err = HF_ERR_INIT;
        struct hf_selector *s = (struct hf_selector *)&err;
        char *where = hf_xasprintf("column %d: ", rows[i].column);

        assert_int_equal(hf_selector_parse(&s, rows[i].text, &err),
                         HF_EINVALID);
        assert_null(s);
        if (!strstr(err.text, where) || !strstr(err.text, rows[i].says))
            fail_msg("'%s' gave: %s", rows[i].text, err.text);
        assert_non_null(strstr(err.text, "selector '"));
        free(where);
    }
}

static void
quotes_only_the_part_around_the_mistake(void **state)
{
    struct hf_err err = HF_ERR_INIT;
    struct hf_selector *s = NULL;
    struct hf_buf text = {0};

    (void)state;
    for (int i = 0; i < 500; i++)
        hf_buf_puts(&text, "\xc3\xa4 or ");
    hf_buf_puts(&text, "rng:x");
    for (int i = 0; i < 500; i++)
        hf_buf_puts(&text, " or \xc3\xa4");
    assert_int_equal(hf_selector_parse(&s, hf_buf_str(&text), &err),
                     HF_EINVALID);
    assert_true(strlen(err.text) < 400);
    assert_non_null(strstr(err.text, "column 2501: "));
    assert_non_null(strstr(err.text, "rng:x"));
    assert_null(strstr(err.text, "\\x"));
    hf_buf_release(&text);
}

static void
refuses_text_without_bounds(void **state)
{
    struct hf_err err = HF_ERR_INIT;
    struct hf_selector *s = NULL;
    struct hf_buf text = {0};

    (void)state;
    for (int i = 0; i < 1000; i++)
        hf_buf_putc(&text, '(');
    assert_int_equal(hf_selector_parse(&s, hf_buf_str(&text), &err),
                     HF_EINVALID);
    assert_non_null(strstr(err.text, "nested deeper"));
    hf_buf_clear(&text);
    for (int i = 0; i < 1000; i++)
        hf_buf_puts(&text, "not ");
    assert_int_equal(hf_selector_parse(&s, hf_buf_str(&text), &err),
                     HF_EINVALID);
    hf_buf_clear(&text);
    for (int i = 0; i < 300 * 1024; i++)
        hf_buf_putc(&text, 'a');
    assert_int_equal(hf_selector_parse(&s, hf_buf_str(&text), &err), HF_ELIMIT);
    assert_int_equal(hf_selector_parse(&s, "web\xff", &err), HF_EINVALID);
    assert_non_null(strstr(err.text, "UTF-8"));
    hf_buf_release(&text);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_the_column_and_what_was_expected),
        cmocka_unit_test(quotes_only_the_part_around_the_mistake),
        cmocka_unit_test(refuses_text_without_bounds),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
