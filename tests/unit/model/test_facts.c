/* Facts: known or unknown with a reason, sorted, as JSON and back. */
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
#include "backend/model/facts.h"

#define T0 INT64_C(1795400000000)

static void
keeps_facts_sorted_by_key(void **state)
{
    static const char *const keys[] = {"taint", "arch", "os.id", "boot.id",
                                       "kernel.release"};
    struct hf_facts f = {0};

    (void)state;
    for (size_t i = 0; i < 5; i++)
        hf_facts_set(&f, keys[i], keys[i], NULL, T0);
    assert_int_equal(f.len, 5);
    for (size_t i = 1; i < f.len; i++)
        assert_true(strcmp(f.v[i - 1].key, f.v[i].key) < 0);
    for (size_t i = 0; i < 5; i++)
        assert_string_equal(hf_facts_get(&f, keys[i]), keys[i]);
    assert_null(hf_facts_get(&f, "kernel"));
    hf_facts_release(&f);
}

static void
replaces_an_equal_key_even_with_its_own_text(void **state)
{
    struct hf_facts f = {0};

    (void)state;
    hf_facts_set_unknown(&f, "lockdown", "needs elevation", "/sys", T0);
    hf_facts_set(&f, "lockdown", hf_facts_find(&f, "lockdown")->why, "x",
                 T0 + 1);
    assert_int_equal(f.len, 1);
    assert_string_equal(hf_facts_get(&f, "lockdown"), "needs elevation");
    assert_null(hf_facts_why(&f, "lockdown"));
    hf_facts_release(&f);
}

static void
an_unknown_fact_has_a_reason_and_no_value(void **state)
{
    struct hf_facts f = {0};

    (void)state;
    hf_facts_set_unknown(&f, "secureboot", "", NULL, T0);
    hf_facts_set(&f, "broken", NULL, NULL, T0);
    assert_null(hf_facts_get(&f, "secureboot"));
    assert_string_equal(hf_facts_why(&f, "secureboot"), "no reason given");
    assert_string_equal(hf_facts_why(&f, "broken"), "no value");
    assert_string_equal(hf_facts_why(&f, "absent"), "never asked");
    hf_facts_release(&f);
}

static void
reads_truth_and_numbers_without_guessing(void **state)
{
    static const struct {
        const char *text;
        int truth;
    } rows[] = {{"yes", 1}, {"1", 1},    {"no", 0},    {"0", 0},
                {"", -1},   {"YES", -1}, {"true", -1}, {"2", -1}};
    struct hf_facts f = {0};
    int64_t n = 7;

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        hf_facts_set(&f, "x", rows[i].text, NULL, T0);
        assert_int_equal(hf_facts_bool(&f, "x"), rows[i].truth);
    }
    assert_int_equal(hf_facts_bool(&f, "absent"), -1);
    hf_facts_set(&f, "n", "9223372036854775807", NULL, T0);
    assert_int_equal(hf_facts_int(&f, "n", &n), 0);
    assert_true(n == INT64_MAX);
    hf_facts_set(&f, "n", "12 MiB", NULL, T0);
    assert_int_equal(hf_facts_int(&f, "n", &n), -1);
    hf_facts_set_unknown(&f, "n", "denied", NULL, T0);
    assert_int_equal(hf_facts_int(&f, "n", &n), -1);
    hf_facts_release(&f);
}

static void
counts_what_differs_but_not_what_moves_all_the_time(void **state)
{
    struct hf_facts a = {0}, b = {0};

    (void)state;
    hf_facts_set(&a, "kernel.release", "6.1.0", "uname", T0);
    hf_facts_set(&a, "uptime", "100", NULL, T0);
    hf_facts_set(&a, "space.bytes", "5", NULL, T0);
    hf_facts_copy(&b, &a);
    assert_int_equal(hf_facts_differ(&a, &b), 0);

    hf_facts_set(&b, "kernel.release", "6.1.0", "elsewhere", T0 + 9);
    hf_facts_set(&b, "uptime", "200", NULL, T0 + 9);
    hf_facts_set_unknown(&b, "space.bytes", "denied", NULL, T0 + 9);
    assert_int_equal(hf_facts_differ(&a, &b), 0);

    hf_facts_set_unknown(&b, "kernel.release", "timed out", NULL, T0);
    hf_facts_set(&b, "arch", "x86_64", NULL, T0);
    hf_facts_set(&a, "boot.id", "1", NULL, T0);
    assert_int_equal(hf_facts_differ(&a, &b), 3);
    assert_int_equal(hf_facts_differ(&b, &a), 3);
    hf_facts_release(&a);
    hf_facts_release(&b);
}

static void
knows_which_keys_are_volatile(void **state)
{
    static const char *const moving[] = {
        "clock",       "uptime",        "space.bytes", "load",
        "memory.free", "job.heartbeat", "klog.errors"};
    static const char *const lasting[] = {"clock.zone", "spacecraft", "job.run",
                                          "boot.time", "loader"};

    (void)state;
    for (size_t i = 0; i < sizeof(moving) / sizeof(moving[0]); i++)
        assert_true(hf_fact_is_volatile(moving[i]));
    for (size_t i = 0; i < sizeof(lasting) / sizeof(lasting[0]); i++)
        assert_false(hf_fact_is_volatile(lasting[i]));
}

static void
tells_the_oldest_and_the_newest_reading(void **state)
{
    struct hf_facts f = {0};

    (void)state;
    assert_true(hf_facts_oldest(&f) == 0 && hf_facts_newest(&f) == 0);
    hf_facts_set(&f, "a", "1", NULL, T0);
    hf_facts_set(&f, "b", "1", NULL, T0 - 5);
    hf_facts_set_unknown(&f, "c", "denied", NULL, T0 + 5);
    assert_true(hf_facts_oldest(&f) == T0 - 5);
    assert_true(hf_facts_newest(&f) == T0 + 5);
    /* what moves all the time does not make the rest older */
    hf_facts_set(&f, "clock", "1", NULL, T0 - 9);
    assert_true(hf_facts_oldest(&f) == T0 - 5);
    hf_facts_release(&f);
    hf_facts_set(&f, "clock", "1", NULL, T0 - 9);
    assert_true(hf_facts_oldest(&f) == T0 - 9);
    hf_facts_release(&f);
}

static void
a_copy_stands_on_its_own(void **state)
{
    struct hf_facts a = {0}, b = {0};

    (void)state;
    hf_facts_set(&a, "k", "old", "s", T0);
    hf_facts_set(&b, "other", "gone", NULL, T0);
    hf_facts_copy(&b, &a);
    hf_facts_set(&a, "k", "new", "s", T0);
    assert_int_equal(b.len, 1);
    assert_string_equal(hf_facts_get(&b, "k"), "old");
    hf_facts_copy(&b, &b);
    assert_string_equal(hf_facts_get(&b, "k"), "old");
    hf_facts_release(&a);
    hf_facts_copy(&b, &a);
    assert_int_equal(b.len, 0);
    hf_facts_release(&b);
}

static void
survives_the_way_through_json(void **state)
{
    struct hf_facts a = {0}, b = {0};
    struct hf_err err = HF_ERR_INIT;
    cJSON *doc;

    (void)state;
    hf_facts_set(&a, "os.name", "Debian \"12\" \xc3\xa4", "/etc/os-release",
                 T0 + 250);
    hf_facts_set(&a, "empty", "", NULL, T0);
    hf_facts_set_unknown(&a, "taint", "timed out", NULL, T0);
    doc = hf_facts_to_json(&a);
    assert_int_equal(hf_facts_from_json(&b, doc, &err), HF_OK);
    assert_int_equal(hf_facts_differ(&a, &b), 0);
    assert_true(hf_facts_find(&b, "os.name")->at == T0 + 250);
    assert_string_equal(hf_facts_find(&b, "os.name")->source,
                        "/etc/os-release");
    assert_null(hf_facts_find(&b, "empty")->source);
    cJSON_Delete(doc);
    hf_facts_release(&a);
    hf_facts_release(&b);
}

static int
read_text(struct hf_facts *out, const char *text, struct hf_err *err)
{
    cJSON *doc = cJSON_Parse(text);
    int rc = hf_facts_from_json(out, doc, err);

    cJSON_Delete(doc);
    return rc;
}

static void
names_the_fact_that_is_not_one(void **state)
{
    /* clang-format off */
    static const char *const broken[] = {
        "{\"good\": {\"value\": \"1\"}, \"taint\": {}}",
        "{\"taint\": {\"value\": null}}",
        "{\"taint\": {\"value\": 7}}",
        "{\"taint\": {\"value\": \"1\", \"unknown\": \"why\"}}",
        "{\"taint\": \"0\"}",
        "{\"taint\": {\"value\": \"0\", \"at\": \"yesterday\"}}",
        "{\"taint\": {\"value\": \"0\", \"at\": 5}}",
    };
    /* clang-format on */
    struct hf_facts f = {0};
    struct hf_err err = HF_ERR_INIT;

    (void)state;
    for (size_t i = 0; i < sizeof(broken) / sizeof(broken[0]); i++) {
        hf_facts_set(&f, "before", "1", NULL, T0);
        assert_int_equal(read_text(&f, broken[i], &err), HF_EINVALID);
        assert_non_null(strstr(err.text, "fact 'taint'"));
        assert_int_equal(f.len, 0);
    }
    assert_int_equal(read_text(&f, "[]", &err), HF_EINVALID);
}

static void
makes_text_from_a_file_harmless(void **state)
{
    struct hf_facts f = {0};
    struct hf_err err = HF_ERR_INIT;

    (void)state;
    assert_int_equal(read_text(&f,
                               "{\"k\\u202e\": {\"value\": \"\\u001b[2J\", "
                               "\"source\": \"a\\nb\"}}",
                               &err),
                     HF_OK);
    assert_string_equal(f.v[0].key, "k\\u202e");
    assert_string_equal(f.v[0].value, "\\x1b[2J");
    assert_string_equal(f.v[0].source, "a\\nb");
    hf_facts_release(&f);
}

static void
lent_facts_are_copied_before_they_are_changed(void **state)
{
    char key[] = "kernel", value[] = "6.1", source[] = "uname", other[] = "os";
    const struct hf_fact lent[] = {
        {.key = key, .value = value, .source = source, .at = 7},
        {.key = other, .why = value, .at = 8},
    };
    struct hf_facts f = {0}, copy = {0};

    (void)state;
    memcpy(hf_facts_lend(&f, HF_COUNT(lent)), lent, sizeof(lent));
    assert_ptr_equal(hf_facts_get(&f, "kernel"), value);
    hf_facts_copy(&copy, &f);
    hf_facts_set(&f, "arch", "x86_64", NULL, 9);
    memset(value, '!', 3);
    assert_string_equal(hf_facts_get(&f, "kernel"), "6.1");
    assert_string_equal(hf_facts_get(&copy, "kernel"), "6.1");
    assert_string_equal(hf_facts_why(&f, "os"), "6.1");
    assert_int_equal(hf_facts_oldest(&f), 7);
    hf_facts_release(&copy);
    hf_facts_release(&f);
}

static void
a_start_is_known_by_its_id_or_about_its_time(void **state)
{
    (void)state;
    assert_true(hf_boot_same("11111111-2222", "11111111-2222"));
    assert_false(hf_boot_same("11111111-2222", "11111111-2223"));
    assert_true(hf_boot_same("boot-1784081400", "boot-1784081402"));
    assert_true(hf_boot_same("boot-1784081402", "boot-1784081400"));
    assert_false(hf_boot_same("boot-1784081400", "boot-1784081403"));
    assert_false(hf_boot_same("boot-1784081400", "boot-x"));
    assert_false(hf_boot_same("1784081400", "1784081401"));
}

/* All of them as JSON, or why there are none; the caller's. */
static char *
told(int rc, const struct hf_facts *f, const struct hf_err *err)
{
    cJSON *doc = rc < 0 ? cJSON_CreateString(err->text) : hf_facts_to_json(f);
    char *text = hf_json_print(doc);

    cJSON_Delete(doc);
    return text;
}

static void
a_view_says_what_the_tree_says(void **state)
{
    static const char *const texts[] = {
        "{}",
        "[]",
        "{\"b\": {\"value\": \"1\"}, \"a\": {\"unknown\": \"\"}}",
        "{\"c\": {\"value\": \"1\"}, \"a\": {\"value\": \"2\"},"
        " \"b\": {\"value\": \"3\", \"source\": \"\\u001b[1m\"}}",
        /* one key, once made harmless: the last one counts */
        "{\"a\\n\": {\"value\": \"1\"}, \"a \": {\"value\": \"2\"},"
        " \"a\\r\": {\"value\": \"3\"}, \"b\": {\"value\": \"4\"}}",
        "{\"a\": {\"value\": \"1\", \"at\": \"2026-11-23T00:00:00Z\"},"
        " \"b\": {\"value\": \"1\", \"at\": \"2026-11-23T00:00:00Z\"},"
        " \"c\": {\"value\": \"1\"},"
        " \"d\": {\"value\": \"1\", \"at\": \"2026-11-24T00:00:00Z\"}}",
        "{\"a\": {\"value\": \"1\", \"at\": \"soon\"}}",
        "{\"a\": {\"value\": \"1\", \"at\": null}}",
        "{\"a\": {\"value\": \"1\", \"unknown\": \"2\"}}",
        "{\"a\": {\"value\": 1}}",
        "{\"a\": {\"other\": \"1\"}}",
        "{\"a\": [\"value\", \"1\"]}",
        "{\"a\": \"value\"}",
    };

    (void)state;
    for (size_t i = 0; i < HF_COUNT(texts); i++) {
        struct hf_err err = HF_ERR_INIT, view_err = HF_ERR_INIT;
        struct hf_facts f = {0}, lent = {0};
        struct hf_view view = {0};
        char *said, *seen;
        cJSON *doc;
        int rc;

        assert_int_equal(hf_json_parse(&doc, texts[i], strlen(texts[i]), &err),
                         HF_OK);
        assert_int_equal(hf_view_parse(&view, texts[i], strlen(texts[i]), &err),
                         HF_OK);
        rc = hf_facts_from_json(&f, doc, &err);
        assert_int_equal(
            hf_facts_from_view(&lent, &view, view.v, NULL, &view_err), rc);
        said = told(rc, &f, &err);
        seen = told(rc, &lent, &view_err);
        assert_string_equal(seen, said);
        hf_facts_release(&f);
        hf_facts_release(&lent);
        hf_view_release(&view);
        cJSON_Delete(doc);
        free(said);
        free(seen);
    }
}

static int
is_of_boot(const char *key)
{
    return strncmp(key, "boot.", 5) == 0;
}

/* What is not wanted must be in order, too. */
static void
a_view_gives_the_facts_that_are_wanted(void **state)
{
    static const char good[] = "{\"arch\": {\"value\": \"x\"},"
                               " \"boot.id\": {\"value\": \"y\"}}";
    static const char bad[] = "{\"arch\": {\"value\": 1},"
                              " \"boot.id\": {\"value\": \"y\"}}";
    struct hf_err err = HF_ERR_INIT;
    struct hf_view view = {0};
    struct hf_facts f = {0};

    (void)state;
    assert_int_equal(hf_view_parse(&view, good, strlen(good), &err), HF_OK);
    assert_int_equal(hf_facts_from_view(&f, &view, view.v, is_of_boot, &err),
                     HF_OK);
    assert_int_equal(f.len, 1);
    assert_string_equal(hf_facts_get(&f, "boot.id"), "y");
    hf_facts_release(&f);
    hf_view_release(&view);
    assert_int_equal(hf_view_parse(&view, bad, strlen(bad), &err), HF_OK);
    assert_int_equal(hf_facts_from_view(&f, &view, view.v, is_of_boot, &err),
                     HF_EINVALID);
    assert_int_equal(f.len, 0);
    hf_view_release(&view);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keeps_facts_sorted_by_key),
        cmocka_unit_test(replaces_an_equal_key_even_with_its_own_text),
        cmocka_unit_test(an_unknown_fact_has_a_reason_and_no_value),
        cmocka_unit_test(reads_truth_and_numbers_without_guessing),
        cmocka_unit_test(counts_what_differs_but_not_what_moves_all_the_time),
        cmocka_unit_test(knows_which_keys_are_volatile),
        cmocka_unit_test(tells_the_oldest_and_the_newest_reading),
        cmocka_unit_test(a_copy_stands_on_its_own),
        cmocka_unit_test(survives_the_way_through_json),
        cmocka_unit_test(names_the_fact_that_is_not_one),
        cmocka_unit_test(makes_text_from_a_file_harmless),
        cmocka_unit_test(a_view_says_what_the_tree_says),
        cmocka_unit_test(a_view_gives_the_facts_that_are_wanted),
        cmocka_unit_test(lent_facts_are_copied_before_they_are_changed),
        cmocka_unit_test(a_start_is_known_by_its_id_or_about_its_time),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
