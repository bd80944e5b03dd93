/* Findings: the strongest, by name, and as JSON. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "backend/base/json.h"
#include "backend/base/mem.h"
#include "backend/model/verdict.h"

static void
add(struct hf_findings *f, const char *name, enum hf_verdict verdict)
{
    struct hf_finding *finding = HF_PUSH(&f->v, &f->len, &f->cap);

    finding->name = name;
    finding->title = name;
    finding->verdict = verdict;
    finding->expected = hf_xstrdup("e");
    finding->found = hf_xstrdup("f");
}

static void
unknown_is_worse_than_a_warning_and_better_than_a_block(void **state)
{
    struct hf_findings f = {0};

    (void)state;
    assert_int_equal(hf_findings_worst(&f), HF_VERDICT_PASS);
    add(&f, "a", HF_VERDICT_PASS);
    assert_int_equal(hf_findings_worst(&f), HF_VERDICT_PASS);
    add(&f, "b", HF_VERDICT_WARN);
    assert_int_equal(hf_findings_worst(&f), HF_VERDICT_WARN);
    add(&f, "c", HF_VERDICT_UNKNOWN);
    add(&f, "d", HF_VERDICT_WARN);
    assert_int_equal(hf_findings_worst(&f), HF_VERDICT_UNKNOWN);
    add(&f, "e", HF_VERDICT_BLOCK);
    add(&f, "g", HF_VERDICT_UNKNOWN);
    assert_int_equal(hf_findings_worst(&f), HF_VERDICT_BLOCK);
    assert_ptr_equal(hf_findings_find(&f, "e"), &f.v[4]);
    assert_null(hf_findings_find(&f, "z"));
    hf_findings_release(&f);
}

static void
json_leaves_out_what_is_not_stated(void **state)
{
    struct hf_findings f = {0};
    cJSON *arr;
    char *text;

    (void)state;
    add(&f, "lockdown", HF_VERDICT_BLOCK);
    f.v[0].at = 1000;
    arr = hf_findings_to_json(&f);
    text = hf_json_print(arr);
    assert_string_equal(text,
                        "[{\"name\":\"lockdown\",\"title\":\"lockdown\","
                        "\"verdict\":\"block\",\"expected\":\"e\",\"found\":"
                        "\"f\",\"at\":\"1970-01-01T00:00:01Z\","
                        "\"needs_restart\":false}]");
    free(text);
    cJSON_Delete(arr);
    hf_findings_release(&f);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            unknown_is_worse_than_a_warning_and_better_than_a_block),
        cmocka_unit_test(json_leaves_out_what_is_not_stated),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
