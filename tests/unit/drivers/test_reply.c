/* Reply frames: what is believed, and what is not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "backend/base/buf.h"
#include "backend/base/mem.h"
#include "backend/drivers/reply.h"

#define NONCE "0123456789abcdef0123456789abcdef"
#define BEGIN "hotfleet-1 " NONCE "\n"
#define END(lines) "end " NONCE " " #lines " 0\n"
#define AT INT64_C(1795400000000)

static int
decode(struct hf_reply *reply, const char *text, struct hf_err *err)
{
    return hf_dialect_sh.decode(reply, text, strlen(text), NONCE, AT, err);
}

static void
assert_bad(const char *text)
{
    struct hf_err err = HF_ERR_INIT;
    struct hf_reply reply;

    if (decode(&reply, text, &err) != HF_EREPLY)
        fail_msg("was believed: %s", text);
    assert_true(strlen(err.text) > 0);
    assert_int_equal(reply.values.len, 0);
}

static void
assert_value(const char *line, const char *key, const char *value)
{
    struct hf_err err = HF_ERR_INIT;
    struct hf_reply reply;
    char *text = hf_xasprintf(BEGIN "%s\n" END(1), line);

    assert_int_equal(decode(&reply, text, &err), HF_OK);
    assert_string_equal(hf_facts_get(&reply.values, key), value);
    hf_reply_release(&reply);
    free(text);
}

static void
reads_values_reasons_and_sources(void **state)
{
    struct hf_err err = HF_ERR_INIT;
    struct hf_reply reply;
    const struct hf_fact *f;

    (void)state;
    assert_int_equal(decode(&reply,
                            BEGIN "a.b=one two\n"
                                  "c?=needs elevation\tdmesg\n"
                                  "d=\t/proc/x\n"
                                  "end " NONCE " 3 7\n",
                            &err),
                     HF_OK);
    assert_int_equal(reply.exit_status, 7);
    assert_int_equal(reply.values.len, 3);
    f = hf_facts_find(&reply.values, "a.b");
    assert_string_equal(f->value, "one two");
    assert_null(f->source);
    assert_int_equal(f->at, AT);
    f = hf_facts_find(&reply.values, "c");
    assert_null(f->value);
    assert_string_equal(f->why, "needs elevation");
    assert_string_equal(f->source, "dmesg");
    f = hf_facts_find(&reply.values, "d");
    assert_string_equal(f->value, "");
    assert_string_equal(f->source, "/proc/x");
    hf_reply_release(&reply);
}

static void
passes_over_what_the_host_says_around_it(void **state)
{
    struct hf_err err = HF_ERR_INIT;
    struct hf_reply reply;

    (void)state;
    assert_int_equal(decode(&reply,
                            "Welcome! end x=y\n\x1b[31mmotd" BEGIN
                            "a=1\n" END(1) "bye\nhotfleet-1 x\n",
                            &err),
                     HF_OK);
    assert_int_equal(reply.values.len, 1);
    hf_reply_release(&reply);
}

static void
decodes_what_was_escaped(void **state)
{
    (void)state;
    assert_value("a=100%25", "a", "100%");
    assert_value("a=Gr%c3%bc%C3%9Fe", "a",
                 "Gr\xc3\xbc\xc3\x9f"
                 "e");
    assert_value("health.a%20b=yes", "health.a b", "yes");
    assert_value("a=b=c", "a", "b=c");
    assert_value("a==", "a", "=");
    assert_value("a=?=", "a", "?=");
}

static void
makes_host_text_harmless(void **state)
{
    (void)state;
    assert_value("a=x%1b[2Jy", "a", "x\\x1b[2Jy");
    assert_value("a=%e2%80%ae", "a", "\\u202e");
    assert_value("a=one%0atwo", "a", "one\\ntwo");
    assert_value("log=one%0atwo", "log", "one\ntwo");
    assert_value("result.klog=one%0a%1b", "result.klog", "one\n\\x1b");
}

static void
believes_no_frame_that_is_not_whole(void **state)
{
    static const char *const frames[] = {
        "",
        "hotfleet-1 " NONCE,
        BEGIN,
        BEGIN "a=1\n",
        BEGIN "a=1\nend " NONCE " 1 0",
        BEGIN "a=1\n" END(0),
        BEGIN "a=1\n" END(2),
        BEGIN "a=1\nend " NONCE " 1\n",
        BEGIN "a=1\nend " NONCE " 1 \n",
        BEGIN "a=1\nend " NONCE " 1 x\n",
        BEGIN "a=1\nend " NONCE " 1 256\n",
        BEGIN "a=1\nend " NONCE " 1 -1\n",
        BEGIN "a=1\nend " NONCE " 01 0\n",
        BEGIN "a=1\nend " NONCE " 1 0 \n",
        BEGIN "a=1\nend " NONCE "  1 0\n",
        BEGIN "a=1\nend ffffffffffffffffffffffffffffffff 1 0\n",
        "hotfleet-1 ffffffffffffffffffffffffffffffff\na=1\n" END(1),
        "hotfleet-2 " NONCE "\na=1\n" END(1),
        BEGIN "a=1\n" END(1) BEGIN "a=2\n" END(1),
        BEGIN BEGIN "a=1\n" END(1),
        BEGIN "a=1\r\n" END(1),
        BEGIN "a=1\nend\n" END(2),
    };

    (void)state;
    for (size_t i = 0; i < HF_COUNT(frames); i++)
        assert_bad(frames[i]);
}

static void
believes_no_frame_with_a_bad_line(void **state)
{
    static const char *const lines[] = {
        "",           "word",       "=1",          "?=1",    "a=1\na=1",
        "a=1\na?=x",  "a?=x\na=1",  "a b=1",       "a?b=1",  "a=%",
        "a=%4",       "a=%zz",      "a=%00",       "a=\x01", "a=\x7f",
        "a=\xc3\xbc", "a=1\tb\tc",  "%1b=1",       "%ff=1",  "a\t=1",
        "a%0ab=1",    "a=1\t\x1b[", "%e2%80%ae=1",
    };

    (void)state;
    for (size_t i = 0; i < HF_COUNT(lines); i++) {
        char *text = hf_xasprintf(BEGIN "%s\nend " NONCE " %d 0\n", lines[i],
                                  strchr(lines[i], '\n') ? 2 : 1);

        assert_bad(text);
        free(text);
    }
}

static void
bears_no_zero_byte(void **state)
{
    static const char text[] = BEGIN "a=\0001\n" END(1);
    struct hf_err err = HF_ERR_INIT;
    struct hf_reply reply;

    (void)state;
    assert_int_equal(
        hf_reply_decode(&reply, text, sizeof(text) - 1, NONCE, AT, &err),
        HF_EREPLY);
}

/* A frame of `lines` lines, each value `size` letters long. */
static int
decode_big(size_t lines, size_t size, size_t *got)
{
    struct hf_err err = HF_ERR_INIT;
    struct hf_reply reply;
    struct hf_buf text = {0};
    char *value = hf_xmalloc(size + 1);
    int rc;

    memset(value, 'x', size);
    value[size] = '\0';
    hf_buf_puts(&text, BEGIN);
    for (size_t i = 0; i < lines; i++)
        hf_buf_printf(&text, "k%zu=%s\n", i, value);
    hf_buf_printf(&text, "end " NONCE " %zu 0\n", lines);
    rc = decode(&reply, hf_buf_str(&text), &err);
    *got = reply.values.len;
    hf_reply_release(&reply);
    hf_buf_release(&text);
    free(value);
    return rc;
}

static void
keeps_its_limits(void **state)
{
    size_t got;

    (void)state;
    assert_int_equal(decode_big(HF_REPLY_MAX_LINES, 1, &got), HF_OK);
    assert_int_equal(got, HF_REPLY_MAX_LINES);
    assert_int_equal(decode_big(HF_REPLY_MAX_LINES + 1, 1, &got), HF_EREPLY);
    assert_int_equal(decode_big(1, HF_REPLY_MAX_VALUE, &got), HF_OK);
    assert_int_equal(decode_big(1, HF_REPLY_MAX_VALUE + 1, &got), HF_EREPLY);
    assert_int_equal(decode_big(0, 1, &got), HF_OK);
    assert_int_equal(got, 0);
}

static void
names_the_line(void **state)
{
    struct hf_err err = HF_ERR_INIT;
    struct hf_reply reply;

    (void)state;
    decode(&reply, BEGIN "a=1\nb=2\na=3\n" END(3), &err);
    assert_string_equal(err.text,
                        "bad reply: line 3 has a key for the second time");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_values_reasons_and_sources),
        cmocka_unit_test(passes_over_what_the_host_says_around_it),
        cmocka_unit_test(decodes_what_was_escaped),
        cmocka_unit_test(makes_host_text_harmless),
        cmocka_unit_test(believes_no_frame_that_is_not_whole),
        cmocka_unit_test(believes_no_frame_with_a_bad_line),
        cmocka_unit_test(bears_no_zero_byte),
        cmocka_unit_test(keeps_its_limits),
        cmocka_unit_test(names_the_line),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
