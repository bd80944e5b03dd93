/* What is fetched for whoever asks, and let go of. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"
#include "backend/model/selector.h"
#include "backend/model/state.h"

static size_t records, findings; /* how often they were fetched */

static void
fetch_record(const struct hf_recall *r, const struct hf_state *st,
             struct hf_record *out)
{
    (void)r;
    (void)st;
    records++;
    hf_facts_set(&out->facts, "os.id", "debian", NULL, 1);
}

/* Checks look at the facts. */
static void
fetch_findings(const struct hf_recall *r, const struct hf_state *st,
               struct hf_findings *out)
{
    struct hf_finding *f = HF_PUSH(&out->v, &out->len, &out->cap);

    (void)r;
    findings++;
    f->name = "space";
    f->verdict =
        hf_state_record(st)->facts.len ? HF_VERDICT_WARN : HF_VERDICT_UNKNOWN;
}

static const struct hf_host host = {.name = "web"};
static const struct hf_recall recall = {fetch_record, fetch_findings};

static int
setup(void **state)
{
    struct hf_state *st = HF_NEW(struct hf_state);

    records = findings = 0;
    hf_state_init(st, &host);
    st->recall = &recall;
    *state = st;
    return 0;
}

static int
teardown(void **state)
{
    hf_state_release(*state);
    free(*state);
    return 0;
}

static void
a_record_is_fetched_once(void **state)
{
    const struct hf_state *st = *state;

    assert_int_equal(hf_state_record(st)->facts.len, 1);
    assert_ptr_equal(hf_state_record(st), hf_state_record(st));
    assert_int_equal(records, 1);
    hf_state_fold(st);
    assert_string_equal(hf_facts_get(&hf_state_record(st)->facts, "os.id"),
                        "debian");
    assert_int_equal(records, 2);
}

static void
findings_stay_without_the_record(void **state)
{
    const struct hf_state *st = *state;

    assert_int_equal(hf_state_findings(st)->v[0].verdict, HF_VERDICT_WARN);
    assert_null(st->record);
    (void)hf_state_findings(st);
    assert_int_equal(findings, 1);
    hf_state_fold(st);
    assert_int_equal(hf_state_findings(st)->len, 1);
    assert_int_equal(findings, 2);
}

/* A pointer to the record stays good while findings are asked for. */
static void
findings_leave_a_record_that_is_looked_at(void **state)
{
    const struct hf_state *st = *state;
    const struct hf_record *r = hf_state_record(st);

    (void)hf_state_findings(st);
    assert_ptr_equal(hf_state_record(st), r);
    assert_int_equal(records, 1);
}

static void
what_was_changed_is_never_let_go(void **state)
{
    struct hf_state *st = *state;

    hf_facts_set(&hf_state_change(st)->facts, "os.id", "suse", NULL, 2);
    hf_state_fold(st);
    assert_string_equal(hf_facts_get(&hf_state_record(st)->facts, "os.id"),
                        "suse");
    assert_int_equal(records, 1);
}

static void
a_selector_keeps_no_records(void **state)
{
    const struct hf_state *st = *state;
    struct hf_err err = HF_ERR_INIT;
    struct hf_selector *s;

    assert_int_equal(hf_selector_parse(&s, "fact.os.id:debian", &err), HF_OK);
    assert_true(hf_selector_match(s, st, 2));
    assert_null(st->record);
    (void)hf_state_record(st);
    assert_true(hf_selector_match(s, st, 2));
    assert_non_null(st->record); /* somebody looks at it */
    hf_selector_free(s);
}

static void
nothing_is_known_of_a_new_one(void **state)
{
    struct hf_state st;

    (void)state;
    hf_state_init(&st, &host);
    assert_int_equal(hf_state_record(&st)->facts.len, 0);
    assert_int_equal(hf_state_findings(&st)->len, 0);
    assert_string_equal(st.status.level, "");
    assert_string_equal(st.status.patch_why, "");
    hf_state_release(&st);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_record_is_fetched_once),
        TEST(findings_stay_without_the_record),
        TEST(findings_leave_a_record_that_is_looked_at),
        TEST(what_was_changed_is_never_let_go),
        TEST(a_selector_keeps_no_records),
        cmocka_unit_test(nothing_is_known_of_a_new_one),
    };

    return cmocka_run_group_tests_name("state", tests, NULL, NULL);
}
