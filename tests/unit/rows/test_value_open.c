/* What is open and who is excused, on screen 8. */
#include "backend/base/mem.h"
#include "tests/unit/rows/doc_shows.h"
#include "tui/rows/value.h"

#define NOW INT64_C(1795400000000) /* 2026-11-23 */

static void
expect(const struct hf_exposure_report *x, const struct hf_look *look,
       const char *const *wanted)
{
    struct hf_doc doc = {0};

    hf_value_open_rows(&doc, x, look);
    for (size_t i = 0; i < doc.len; i++)
        assert_true(hf_line_width(&doc.v[i].line) <= look->cols);
    expect_doc(&doc, wanted);
    hf_doc_release(&doc);
}

static void
what_is_open_is_told_by_ring_and_by_who_is_excused(void **state)
{
    static const char *const wanted[] = {
        "of all hosts            7 CVEs, 2 of them exploited, 1 critical; of 1 "
        "host it is not known",
        "canary                  ############             2 of 4 hosts, 3 CVEs",
        "pilot                                            0 of 1 host, 0 CVEs",
        "books                   until 2026-11-28, 2 hosts, 5 CVEs: closing",
        "held                    no end, 1 host, 1 CVE, 1 of them exploited: "
        "year end",
        NULL};
    const struct hf_exception books = {.id = "books",
                                       .reason = "closing",
                                       .ticket = "CHG-1",
                                       .owner = "dba",
                                       .until = INT64_C(1795824000000)};
    struct hf_exposed v[] = {
        {.kind = HF_EXPOSED_ALL,
         .group = {.hosts = 9,
                   .unknown = 1,
                   .count = {.open = 7, .exploited = 2}}},
        {.kind = HF_EXPOSED_RING,
         .name = "canary",
         .group = {.hosts = 4, .exposed = 2, .count = {.open = 3}}},
        {.kind = HF_EXPOSED_RING, .name = "pilot", .group = {.hosts = 1}},
        {.kind = HF_EXPOSED_EXCEPTION,
         .name = "books",
         .exception = &books,
         .group = {.hosts = 2, .count = {.open = 5}}},
        {.kind = HF_EXPOSED_HOLD,
         .name = "year end",
         .group = {.hosts = 1, .count = {.open = 1, .exploited = 1}}},
    };
    const struct hf_exposure_report x = {.v = v, .len = HF_COUNT(v)};
    const struct hf_look look = {.cols = 100, .ascii = 1, .now = NOW};

    (void)state;
    v[0].group.count.severity[HF_SEVERITY_CRITICAL] = 1;
    expect(&x, &look, wanted);
}

static void
that_nobody_is_excused_is_said(void **state)
{
    static const char *const wanted[] = {"0 CVEs", "nobody: no host is", NULL};
    struct hf_exposed v[] = {{.kind = HF_EXPOSED_ALL}};
    const struct hf_exposure_report x = {.v = v, .len = HF_COUNT(v)};
    const struct hf_look look = {.cols = 40, .now = NOW};

    (void)state;
    expect(&x, &look, wanted);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_open_is_told_by_ring_and_by_who_is_excused),
        cmocka_unit_test(that_nobody_is_excused_is_said),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
