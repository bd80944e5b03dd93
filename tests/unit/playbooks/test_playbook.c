/* Playbooks: what is read, what is refused, and that nothing gets lost. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "backend/base/file.h"
#include "backend/base/mem.h"
#include "inventory/fields.h"
#include "playbooks/playbook.h"

struct read {
    struct hf_playbook pb;
    struct hf_arena *arena;
    struct hf_problems problems;
    struct hf_err err;
    int rc;
};

static int
base_source(void *ctx, const char *name, struct hf_buf *out, struct hf_err *err)
{
    if (strcmp(name, "base") != 0)
        return hf_fail(err, HF_ENOTFOUND, "no playbook '%s'", name);
    hf_buf_puts(out, ctx);
    return HF_OK;
}

static void
read_over(struct read *r, const char *text, const char *base)
{
    memset(r, 0, sizeof(*r));
    r->arena = hf_arena_new();
    r->rc = hf_playbook_parse(&r->pb, r->arena, "mine", text, strlen(text),
                              base_source, (void *)base, &r->problems, &r->err);
}

static void
release(struct read *r)
{
    hf_arena_free(r->arena);
    hf_problems_release(&r->problems);
}

static void
what_is_shipped_can_be_read_and_written_and_read_again(void **state)
{
    (void)state;
    for (size_t i = 0; hf_shipped_playbooks[i].name; i++) {
        struct read one, two;
        char *first, *second;
        cJSON *doc;

        read_over(&one, hf_shipped_playbooks[i].text, "{}");
        assert_int_equal(one.rc, HF_OK);
        doc = hf_playbook_to_json(&one.pb);
        first = hf_json_print(doc);
        cJSON_Delete(doc);
        read_over(&two, first, "{}");
        assert_int_equal(two.rc, HF_OK);
        doc = hf_playbook_to_json(&two.pb);
        second = hf_json_print(doc);
        cJSON_Delete(doc);
        assert_string_equal(first, second);
        free(first);
        free(second);
        release(&one);
        release(&two);
    }
}

static void
what_is_not_said_is_the_default(void **state)
{
    struct read r;

    (void)state;
    read_over(&r, "{\"rings\": [{\"name\": \"all\", \"size\": \"rest\"}]}",
              "{}");
    assert_int_equal(r.rc, HF_OK);
    assert_int_equal(r.pb.limits.parallel, 10);
    assert_int_equal(r.pb.budget.allowed[HF_BUDGET_UNREACHABLE][HF_SCOPE_RUN],
                     0);
    assert_int_equal(r.pb.budget.allowed[HF_BUDGET_FAILED][HF_SCOPE_BATCH],
                     HF_BUDGET_OPEN);
    assert_int_equal(r.pb.rings[0].soak, 24 * 3600 * 1000);
    assert_int_equal(r.pb.limits.host_time, 2 * 3600 * 1000);
    release(&r);
}

static void
an_extension_changes_only_what_it_says(void **state)
{
    static const char base[] =
        "{\"limits\": {\"parallel\": 7, \"ramp\": 3},"
        " \"budget\": {\"failed\": {\"ring\": 5, \"run\": 9}},"
        " \"rings\": [{\"name\": \"a\", \"size\": \"10%\"},"
        "             {\"name\": \"b\", \"size\": \"rest\"}]}";
    struct read r;

    (void)state;
    read_over(&r,
              "{\"extends\": \"base\", \"limits\": {\"parallel\": 4},"
              " \"budget\": {\"failed\": {\"run\": 2}}}",
              base);
    assert_int_equal(r.rc, HF_OK);
    assert_int_equal(r.pb.limits.parallel, 4);
    assert_int_equal(r.pb.limits.ramp, 3);
    assert_int_equal(r.pb.budget.allowed[HF_BUDGET_FAILED][HF_SCOPE_RING], 5);
    assert_int_equal(r.pb.budget.allowed[HF_BUDGET_FAILED][HF_SCOPE_RUN], 2);
    assert_int_equal(r.pb.rings_len, 2);
    release(&r);
    read_over(&r,
              "{\"extends\": \"base\", \"rings\": [{\"name\": \"c\","
              " \"size\": \"rest\"}]}",
              base);
    assert_int_equal(r.rc, HF_OK);
    assert_int_equal(r.pb.rings_len, 1);
    assert_string_equal(r.pb.rings[0].name, "c");
    release(&r);
}

/* Each text has exactly one problem, which is told at its place. */
static void
what_does_not_fit_is_told_with_its_place(void **state)
{
#define RING "{\"name\": \"a\", \"size\": \"rest\""
    static const struct {
        const char *text, *path, *says;
    } rows[] = {
        {"{}", "$", "a playbook of kind \"rollout\" wants \"rings\""},
        {"{\"rings\": [{\"name\": \"a\"}]}", "$.rings[0]",
         "wants either \"select\" or \"size\""},
        {"{\"rings\": [" RING ", \"gates\": [\"x\"]}]}", "$.rings[0]",
         "ring 'a' names gate 'x', which is not in \"gates\""},
        {"{\"rings\": [" RING "}, " RING "}]}", "$.rings[1]",
         "a second ring 'a'"},
        {"{\"rings\": [" RING "}], \"gates\": [{\"name\": \"g\","
         " \"checks\": [\"moon\"]}]}",
         "$.gates[0]", "no signal 'moon'"},
        {"{\"rings\": [" RING "}], \"limits\": {\"ramp\": 90}}",
         "$.limits.ramp", "is above \"parallel\""},
        {"{\"rings\": [" RING "}], \"parallel\": 3}", "$.parallel",
         "unknown key 'parallel'"},
        {"{\"rings\": [{\"name\": \"a\", \"size\": \"101%\"}]}",
         "$.rings[0].size", "is not between 1% and 100%"},
        {"{\"rings\": [" RING "}], \"targets\": {\"select\": \"age:\"}}",
         "$.targets.select", "age:"},
        {"{\"kind\": \"reboot\", \"rings\": [" RING "}]}", "$.reboot.policy",
         "wants if-needed or always"},
        {"{\"extends\": \"mine\"}", "$.extends", "cannot extend 'mine'"},
    };

    (void)state;
    for (size_t i = 0; i < HF_COUNT(rows); i++) {
        struct read r;

        read_over(&r, rows[i].text, "{}");
        assert_int_equal(r.rc, HF_EINVALID);
        assert_int_equal(r.problems.len, 1);
        assert_string_equal(r.problems.v[0].path, rows[i].path);
        assert_non_null(strstr(r.problems.v[0].text, rows[i].says));
        release(&r);
    }
}

static void
an_extension_of_an_extension_is_refused(void **state)
{
    struct read r;

    (void)state;
    read_over(&r, "{\"extends\": \"base\"}", "{\"extends\": \"other\"}");
    assert_int_equal(r.rc, HF_EINVALID);
    assert_non_null(strstr(r.problems.v[0].text, "one level is allowed"));
    release(&r);
    read_over(&r, "{\"extends\": \"nobody\"}", "{}");
    assert_int_equal(r.rc, HF_ENOTFOUND);
    release(&r);
}

static void
the_schema_says_what_the_table_says(void **state)
{
    char *path = hf_xasprintf("%s/inventory/schemas/playbook.schema.json",
                              getenv("HOTFLEET_SOURCE"));
    char *text = hf_schema_text(hf_playbook_object, HF_SCHEMA_PLAYBOOK);
    struct hf_err err = HF_ERR_INIT;
    struct hf_buf kept = {0};

    (void)state;
    if (getenv("UPDATE_GOLDEN"))
        assert_int_equal(hf_file_write(path, text, strlen(text), 0644, &err),
                         HF_OK);
    assert_int_equal(hf_file_read(&kept, path, 1 << 20, &err), HF_OK);
    assert_string_equal(hf_buf_str(&kept), text);
    hf_buf_release(&kept);
    free(text);
    free(path);
}

static void
an_explanation_names_what_stops_it(void **state)
{
    struct hf_buf out = {0};
    struct read r;

    (void)state;
    read_over(&r,
              "{\"title\": \"T\", \"rings\": [{\"name\": \"first\", \"size\":"
              " \"10%\", \"approve\": true, \"gates\": [\"g\"]}],"
              " \"gates\": [{\"name\": \"g\", \"fail_after\": 1}]}",
              "{}");
    hf_playbook_explain(&out, &r.pb);
    assert_non_null(strstr(hf_buf_str(&out), "waits for a person"));
    assert_non_null(strstr(hf_buf_str(&out), "fails with 2 bad ones"));
    assert_non_null(strstr(hf_buf_str(&out), "failed       0 a run"));
    hf_buf_release(&out);
    release(&r);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            what_is_shipped_can_be_read_and_written_and_read_again),
        cmocka_unit_test(what_is_not_said_is_the_default),
        cmocka_unit_test(an_extension_changes_only_what_it_says),
        cmocka_unit_test(what_does_not_fit_is_told_with_its_place),
        cmocka_unit_test(an_extension_of_an_extension_is_refused),
        cmocka_unit_test(the_schema_says_what_the_table_says),
        cmocka_unit_test(an_explanation_names_what_stops_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
