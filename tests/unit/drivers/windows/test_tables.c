/* The driver's tables: rows, codes, products, orders. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"
#include "backend/drivers/windows/windows.h"

static void
every_check_says_what_it_is_and_who_mends_it(void **state)
{
    const struct hf_check *const *rows = hf_driver_windows.checks;

    (void)state;
    for (size_t i = 0; rows[i]; i++) {
        assert_true(*rows[i]->name && *rows[i]->title && *rows[i]->help);
        assert_true(*rows[i]->remedy && *rows[i]->who);
        for (size_t j = 0; j < i; j++)
            assert_string_not_equal(rows[i]->name, rows[j]->name);
    }
    for (size_t i = 0; windows_passing_checks[i]; i++) {
        size_t found = 0;

        for (size_t j = 0; rows[j]; j++)
            found += strcmp(rows[j]->name, windows_passing_checks[i]) == 0;
        assert_int_equal(found, 1);
    }
}

static void
without_facts_no_check_passes(void **state)
{
    struct hf_facts none = {0};
    struct hf_findings findings = {0};
    struct hf_check_in in = {.facts = &none};

    (void)state;
    hf_checks_run(&findings, hf_driver_windows.checks, &in);
    for (size_t i = 0; i < findings.len; i++)
        assert_int_equal(findings.v[i].verdict, HF_VERDICT_UNKNOWN);
    hf_findings_release(&findings);
}

static void
codes_are_in_order_and_complete(void **state)
{
    const struct windows_code *c = windows_codes;

    (void)state;
    for (; c->name; c++) {
        assert_true(c == windows_codes || c[-1].code < c->code);
        assert_true(*c->name && *c->means && *c->next && *c->who);
    }
    assert_true(c - windows_codes >= 60);
    assert_string_equal(windows_code_find(0x80240017)->name,
                        "WU_E_NOT_APPLICABLE");
    assert_int_equal(windows_code_find(0x80070070)->confirmed, 0);
    assert_null(windows_code_find(1));
}

static void
codes_are_explained(void **state)
{
    struct hf_facts result = {0};
    struct hf_err err = HF_ERR_INIT;

    (void)state;
    hf_facts_set(&result, "result.hresult", "-2145124318", NULL, 1);
    windows_explain(&err, &result);
    assert_string_equal(err.text, "0x80240022 WU_E_ALL_UPDATES_FAILED: every "
                                  "update failed");
    assert_string_equal(err.hint, "read the result of each update");
    hf_facts_set(&result, "result.hresult", "-2147024784", NULL, 1);
    windows_explain(&err, &result);
    assert_non_null(strstr(err.text, "by general knowledge"));
    hf_facts_release(&result);
}

static void
products_are_told_by_build_kind_and_edition(void **state)
{
    /* clang-format off */
    static const struct {
        const char *build, *type, *sku, *id;
        enum windows_grade grade;
    } rows[] = {
        {"26100", "3", "8", "ws2025", WINDOWS_ARC},
        {"26100", "2", "407", "ws2025", WINDOWS_TAKES},
        {"26100", "1", "4", "w11-24h2", WINDOWS_TAKES},
        {"26100", "1", "101", "w11-24h2", WINDOWS_NEVER},
        {"26200", "1", "48", "w11-25h2", WINDOWS_MAYBE},
        {"26300", "1", "4", "w11-26h2", WINDOWS_MAYBE},
        {"26300", "1", "101", "w11-26h2", WINDOWS_NEVER},
        {"20348", "3", "408", "ws2022-azure", WINDOWS_TAKES},
        {"20348", "3", "7", NULL, WINDOWS_NEVER},
        {"17763", "3", "8", NULL, WINDOWS_NEVER},
        {"26100", "3", "9999", "ws2025", WINDOWS_UNKNOWN},
    };
    /* clang-format on */

    (void)state;
    for (size_t i = 0; i < HF_COUNT(rows); i++) {
        struct hf_facts facts = {0};
        struct windows_product p;

        hf_facts_set(&facts, "os.build", rows[i].build, NULL, 1);
        hf_facts_set(&facts, "os.type", rows[i].type, NULL, 1);
        hf_facts_set(&facts, "os.sku", rows[i].sku, NULL, 1);
        windows_product(&p, &facts);
        assert_int_equal(p.grade, rows[i].grade);
        assert_int_equal(!p.id, !rows[i].id);
        if (p.id)
            assert_string_equal(p.id, rows[i].id);
        hf_facts_release(&facts);
    }
}

/* The newest release of the catalogue is what a verification wants. */
static void
verification_wants_the_newest_build(void **state)
{
    static const struct hf_release row = {.product = "ws2025",
                                          .type = HF_RELEASE_BASELINE,
                                          .month = "2026-07",
                                          .kb = "KB5099536",
                                          .build = "26100.33158",
                                          .released = 1};
    static const struct hf_catalogue catalogue = {.releases = &row,
                                                  .releases_len = 1};
    static const struct {
        const char *ubr;
        enum hf_verdict verdict;
    } rows[] = {{"33158", HF_VERDICT_PASS}, {"32995", HF_VERDICT_BLOCK}};

    (void)state;
    for (size_t i = 0; i < HF_COUNT(rows); i++) {
        struct hf_facts facts = {0};
        struct hf_judge_in in = {
            .facts = &facts, .catalogue = &catalogue, .now = 2};
        struct hf_check_in look = {
            .facts = &facts, .catalogue = &catalogue, .now = 2};
        struct hf_finding found = {0};
        struct hf_order order;

        hf_facts_set(&facts, "os.build", "26100", NULL, 1);
        hf_facts_set(&facts, "os.type", "3", NULL, 1);
        hf_facts_set(&facts, "os.sku", "8", NULL, 1);
        hf_facts_set(&facts, "os.ubr", rows[i].ubr, NULL, 1);
        hf_facts_set(&facts, "updates", "KB5099536", NULL, 1);
        windows_order(&order, HF_ACTION_VERIFY, &in);
        look.order = &order;
        hf_criterion_level.run(&look, &found);
        assert_int_equal(found.verdict, rows[i].verdict);
        free(found.expected);
        free(found.found);
        free(found.source);
        hf_order_release(&order);
        hf_facts_release(&facts);
    }
}

static void
the_banner_tells_the_platform(void **state)
{
    (void)state;
    assert_ptr_equal(hf_driver_by_banner("SSH-2.0-OpenSSH_for_Windows_9.5"),
                     &hf_driver_windows);
    assert_string_equal(hf_driver_by_banner("SSH-2.0-OpenSSH_9.2p1")->name,
                        "livepatch");
    assert_string_equal(hf_driver_by_banner(NULL)->name, "livepatch");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_check_says_what_it_is_and_who_mends_it),
        cmocka_unit_test(without_facts_no_check_passes),
        cmocka_unit_test(codes_are_in_order_and_complete),
        cmocka_unit_test(codes_are_explained),
        cmocka_unit_test(products_are_told_by_build_kind_and_edition),
        cmocka_unit_test(verification_wants_the_newest_build),
        cmocka_unit_test(the_banner_tells_the_platform),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
