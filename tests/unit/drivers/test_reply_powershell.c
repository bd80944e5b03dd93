/* What Windows hosts answer: frames, documents, refusals. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"
#include "backend/drivers/dialect.h"

#define NONCE "0123456789abcdef0123456789abcdef"
#define BEGIN "hotfleet-1 " NONCE "\n"
#define END "end " NONCE "\n"

/* `json` in base64, in lines of `width` that end in `eol`. */
static char *
encoded(const char *json, size_t width, const char *eol)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                 "abcdefghijklmnopqrstuvwxyz0123456789+/";
    struct hf_buf out = {0};
    size_t len = strlen(json), column = 0;

    for (size_t i = 0; i < len; i += 3) {
        unsigned long bits = 0;

        for (size_t j = i; j < i + 3; j++)
            bits = bits << 8 | (j < len ? (unsigned char)json[j] : 0);
        for (size_t j = 0; j < 4; j++) {
            hf_buf_putc(&out, i + j > len ? '=' : digits[bits >> 18 & 63]);
            bits = bits << 6 & 0xffffff;
            if (++column % width == 0)
                hf_buf_puts(&out, eol);
        }
    }
    hf_buf_puts(&out, eol);
    return hf_buf_take(&out);
}

static int
decode(struct hf_reply *reply, const char *text, struct hf_err *err)
{
    *err = (struct hf_err)HF_ERR_INIT;
    return hf_dialect_powershell.decode(reply, text, strlen(text), NONCE, 7,
                                        err);
}

static int
decode_json(struct hf_reply *reply, const char *json, struct hf_err *err)
{
    char *body = encoded(json, 76, "\n");
    char *text = hf_xasprintf(BEGIN "%s" END, body);
    int rc = decode(reply, text, err);

    free(body);
    free(text);
    return rc;
}

static const char sound[] =
    "{\"v\":1,\"exit\":3,\"facts\":{\"a.b\":{\"value\":\"1\\u001b[\","
    "\"source\":\"x\"},\"c\":{\"unknown\":\"needs elevation\"}}}";

static void
check_sound(struct hf_reply *r)
{
    assert_int_equal(r->exit_status, 3);
    assert_int_equal(r->values.len, 2);
    assert_string_equal(hf_facts_get(&r->values, "a.b"), "1\\x1b[");
    assert_string_equal(hf_facts_find(&r->values, "a.b")->source, "x");
    assert_int_equal(hf_facts_find(&r->values, "a.b")->at, 7);
    assert_string_equal(hf_facts_why(&r->values, "c"), "needs elevation");
    hf_reply_release(r);
}

static void
reads_facts_and_unknowns(void **state)
{
    struct hf_reply reply;
    struct hf_err err;

    (void)state;
    assert_int_equal(decode_json(&reply, sound, &err), HF_OK);
    check_sound(&reply);
}

/* Windows ends lines as it likes, and terminals break them. */
static void
line_ends_and_noise_around_do_not_matter(void **state)
{
    static const size_t widths[] = {1, 3, 76, 10000};
    struct hf_reply reply;
    struct hf_err err;

    (void)state;
    for (size_t i = 0; i < HF_COUNT(widths); i++) {
        char *body = encoded(sound, widths[i], "\r\n");
        char *text = hf_xasprintf("#< CLIXML\r\nWelcome\r\nhotfleet-1 " NONCE
                                  "\r\n%send " NONCE "\r\n<Objs></Objs>",
                                  body);

        assert_int_equal(decode(&reply, text, &err), HF_OK);
        check_sound(&reply);
        free(body);
        free(text);
    }
}

static void
refuses_broken_frames(void **state)
{
    static const char *const texts[] = {
        "",
        "'powershell.exe' is not recognized\n",
        BEGIN,
        BEGIN END,
        BEGIN "e30=\n",
        BEGIN "e30=\nend 0123\n",
        BEGIN BEGIN "e30=\n" END,
        BEGIN "e30=" END,
        BEGIN "e30\n" END,
        BEGIN "e3=0\n" END,
        BEGIN "e30= \n" END,
        BEGIN "e===\n" END,
        BEGIN "\xff\xff\xff\xff\n" END,
        BEGIN "!\n" END,
        BEGIN "!language\n" END,
        BEGIN "!anything else\n" END,
    };
    struct hf_reply reply;
    struct hf_err err;

    (void)state;
    for (size_t i = 0; i < HF_COUNT(texts); i++) {
        assert_int_equal(decode(&reply, texts[i], &err), HF_EREPLY);
        assert_null(reply.values.v);
    }
}

static void
refuses_documents_that_are_not_as_agreed(void **state)
{
    static const char *const documents[] = {
        "{}",
        "[]",
        "1",
        "{\"v\":2,\"exit\":0,\"facts\":{}}",
        "{\"v\":1,\"exit\":256,\"facts\":{}}",
        "{\"v\":1,\"exit\":0,\"facts\":[]}",
        "{\"v\":1,\"exit\":0,\"facts\":{},\"more\":1}",
        "{\"v\":1,\"exit\":0,\"facts\":{}} x",
        "{\"v\":1,\"exit\":0,\"facts\":{\"a\":1}}",
        "{\"v\":1,\"exit\":0,\"facts\":{\"a\":{}}}",
        "{\"v\":1,\"exit\":0,\"facts\":{\"a\":{\"value\":null}}}",
        "{\"v\":1,\"exit\":0,\"facts\":{\"a\":{\"value\":1}}}",
        "{\"v\":1,\"exit\":0,\"facts\":{\"a\":{\"value\":\"1\","
        "\"unknown\":\"x\"}}}",
        "{\"v\":1,\"exit\":0,\"facts\":{\"a\":{\"value\":\"1\","
        "\"more\":\"x\"}}}",
        "{\"v\":1,\"exit\":0,\"facts\":{\"\":{\"value\":\"1\"}}}",
        "{\"v\":1,\"exit\":0,\"facts\":{\"a\\n\":{\"value\":\"1\"}}}",
        "{\"v\":1,\"exit\":0,\"facts\":{\"a\":{\"value\":\"1\"},"
        "\"a\":{\"value\":\"2\"}}}",
    };
    struct hf_reply reply;
    struct hf_err err;

    (void)state;
    for (size_t i = 0; i < HF_COUNT(documents); i++) {
        assert_int_equal(decode_json(&reply, documents[i], &err), HF_EREPLY);
        assert_null(reply.values.v);
    }
}

static void
a_constrained_host_says_so(void **state)
{
    struct hf_reply reply;
    struct hf_err err;

    (void)state;
    assert_int_equal(
        decode(&reply, BEGIN "!language ConstrainedLanguage\r\n" END, &err),
        HF_OK);
    assert_int_equal(reply.exit_status, 1);
    assert_int_equal(reply.values.len, 1);
    assert_string_equal(hf_facts_get(&reply.values, "ps.language"),
                        "ConstrainedLanguage");
    hf_reply_release(&reply);
}

static void
a_cut_script_is_explained(void **state)
{
    struct hf_reply reply;
    struct hf_err err;

    (void)state;
    assert_int_equal(decode(&reply, BEGIN "!input 1024 20480\n" END, &err),
                     HF_EREPLY);
    assert_non_null(strstr(err.text, "1024 of 20480"));
    assert_non_null(strstr(err.hint, "DefaultShell"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_facts_and_unknowns),
        cmocka_unit_test(line_ends_and_noise_around_do_not_matter),
        cmocka_unit_test(refuses_broken_frames),
        cmocka_unit_test(refuses_documents_that_are_not_as_agreed),
        cmocka_unit_test(a_constrained_host_says_so),
        cmocka_unit_test(a_cut_script_is_explained),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
