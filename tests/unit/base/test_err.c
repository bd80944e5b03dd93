/* Errors: codes, texts, hints, and what happens to long or foreign text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <string.h>

#include "backend/base/err.h"
#include "backend/base/mem.h"
#include "backend/base/text.h"

static void
gives_back_the_code_and_forgets_the_old_hint(void **state)
{
    struct hf_err err = HF_ERR_INIT;

    (void)state;
    assert_int_equal(hf_fail(&err, HF_ELOST, "first"), HF_ELOST);
    assert_int_equal(hf_hint(&err, "try %d", 1), HF_ELOST);
    assert_string_equal(err.hint, "try 1");
    assert_int_equal(hf_fail(&err, HF_EINVALID, "host '%s'", "a"), HF_EINVALID);
    assert_string_equal(err.text, "host 'a'");
    assert_string_equal(err.hint, "");
}

static void
puts_the_context_before_the_text(void **state)
{
    struct hf_err err = HF_ERR_INIT;

    (void)state;
    hf_fail(&err, HF_EIO, "cannot read");
    assert_int_equal(hf_wrap(&err, "host '%s'", "web-1"), HF_EIO);
    assert_string_equal(err.text, "host 'web-1': cannot read");
}

static void
may_be_given_its_own_text(void **state)
{
    struct hf_err err = HF_ERR_INIT;

    (void)state;
    hf_fail(&err, HF_EIO, "inner");
    hf_fail(&err, err.code, "outer (%s)", err.text);
    assert_string_equal(err.text, "outer (inner)");
}

static void
names_the_reason_of_the_system(void **state)
{
    static const struct {
        int errnum, code;
    } rows[] = {
        {ENOSPC, HF_ENOSPACE},    {EACCES, HF_EDENIED}, {ENOENT, HF_ENOTFOUND},
        {EEXIST, HF_EEXISTS},     {EROFS, HF_EDENIED},  {EDQUOT, HF_ENOSPACE},
        {ETIMEDOUT, HF_ETIMEOUT}, {EIO, HF_EIO},        {EMFILE, HF_EIO},
    };
    struct hf_err err = HF_ERR_INIT;

    (void)state;
    for (size_t i = 0; i < HF_COUNT(rows); i++) {
        assert_int_equal(hf_fail_errno(&err, rows[i].errnum, "cannot open"),
                         rows[i].code);
        assert_true(hf_has_prefix(err.text, "cannot open: "));
    }
    hf_fail_errno(&err, ENOENT, "cannot open '%s'", "x");
    assert_string_equal(err.text, "cannot open 'x': No such file or directory");
}

static void
cuts_long_text_between_characters(void **state)
{
    struct hf_err err = HF_ERR_INIT;
    char text[2 * sizeof(err.text) + 1];

    (void)state;
    for (size_t lead = 0; lead < 3; lead++) {
        memset(text, 'x', lead);
        for (size_t i = lead; i + 2 < sizeof(text); i += 2)
            memcpy(text + i, "\xc3\xa9", 3);
        hf_fail(&err, HF_ERR, "%s", text);
        assert_true(strlen(err.text) < sizeof(err.text));
        assert_true(strlen(err.text) > sizeof(err.text) - 4);
        assert_true(hf_has_suffix(err.text, "\xc3\xa9..."));
        assert_true(hf_utf8_valid(err.text, strlen(err.text)));
        hf_hint(&err, "%s", text);
        assert_true(strlen(err.hint) < sizeof(err.hint));
        assert_true(hf_utf8_valid(err.hint, strlen(err.hint)));
        hf_wrap(&err, "outermost");
        assert_true(hf_has_prefix(err.text, "outermost: x") || lead == 0);
        assert_true(strlen(err.text) < sizeof(err.text));
    }
}

static void
keeps_a_text_that_just_fits(void **state)
{
    struct hf_err err = HF_ERR_INIT;
    char text[sizeof(err.text)];

    (void)state;
    memset(text, 'a', sizeof(text) - 1);
    text[sizeof(text) - 1] = '\0';
    hf_fail(&err, HF_ERR, "%s", text);
    assert_string_equal(err.text, text);
}

static void
lets_no_control_character_through(void **state)
{
    struct hf_err err = HF_ERR_INIT;

    (void)state;
    hf_fail(&err, HF_ERR, "banner: %s", "\x1b]0;x\a\n\xe2\x80\xae");
    assert_string_equal(err.text, "banner: \\x1b]0;x\\x07\\n\\u202e");
}

static void
names_every_code(void **state)
{
    (void)state;
    assert_string_equal(hf_code_name(HF_OK), "ok");
    assert_string_equal(hf_code_name(HF_ETIMEOUT), "timeout");
    assert_string_equal(hf_code_name(HF_ELIMIT), "limit");
    assert_string_equal(hf_code_name(1), "error");
    assert_string_equal(hf_code_name(HF_ELIMIT - 1), "error");
    for (int a = HF_OK; a >= HF_ELIMIT; a--) {
        for (int b = a - 1; b >= HF_ELIMIT; b--)
            assert_string_not_equal(hf_code_name(a), hf_code_name(b));
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gives_back_the_code_and_forgets_the_old_hint),
        cmocka_unit_test(puts_the_context_before_the_text),
        cmocka_unit_test(may_be_given_its_own_text),
        cmocka_unit_test(names_the_reason_of_the_system),
        cmocka_unit_test(cuts_long_text_between_characters),
        cmocka_unit_test(keeps_a_text_that_just_fits),
        cmocka_unit_test(lets_no_control_character_through),
        cmocka_unit_test(names_every_code),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
