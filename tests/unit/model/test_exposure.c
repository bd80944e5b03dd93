/* Sets of open CVEs, shared by hosts; groups; what documents do not tell. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "backend/base/mem.h"
#include "backend/model/exposure.h"

#define CVES(...) ((const char *const[]){__VA_ARGS__, NULL})

/* clang-format off */
static const struct hf_release rows[] = {
    {.product = "linux", .type = HF_RELEASE_HOTPATCH, .kernel = "6.1",
     .patch = "fix_1", .cves = CVES("CVE-2026-0007")},
    {.product = "ws2025", .type = HF_RELEASE_BASELINE, .month = "2026-01",
     .kb = "KB1", .cves = CVES("CVE-2026-0001", "CVE-2026-0002")},
    {.product = "ws2025", .type = HF_RELEASE_HOTPATCH, .month = "2026-02",
     .kb = "KB2", .cves = CVES("CVE-2026-0003")},
    {.product = "ws2025", .type = HF_RELEASE_UPDATE, .month = "2026-02",
     .kb = "KB3", .cves = CVES("CVE-2026-0003", "CVE-2026-0004")},
    {.product = "ws2025", .type = HF_RELEASE_COMPANION, .month = "2026-02",
     .kb = "KB4", .cves = CVES("CVE-2026-0004")},
    {.product = "ws2025", .type = HF_RELEASE_HOTPATCH, .month = "2026-03",
     .kb = "KB5"},
};
static const struct hf_cve known[] = {
    {"CVE-2026-0001", HF_SEVERITY_CRITICAL, "9.8", 0, 0},
    {"CVE-2026-0002", HF_SEVERITY_IMPORTANT, "7.8", 1, 0},
    {"CVE-2026-0003", HF_SEVERITY_CRITICAL, "10.0", 0, 0},
};
/* clang-format on */

static const struct hf_catalogue catalogue = {
    .releases = rows,
    .releases_len = HF_COUNT(rows),
    .cves = known,
    .cves_len = HF_COUNT(known),
};

/* A host of which the first `n` releases of the product are in effect. */
static void
add(struct hf_exposure *x, struct hf_fixes *f, size_t n)
{
    hf_fixes_start(f, &rows[1], HF_COUNT(rows) - 1);
    memset(f->taken, 1, n);
    hf_exposure_add(x, f);
}

static void
hosts_on_one_level_share_a_set(void **state)
{
    struct hf_exposure x;
    struct hf_fixes f = {0};

    (void)state;
    hf_exposure_init(&x, &catalogue);
    for (size_t i = 0; i < 10000; i++)
        add(&x, &f, i % 3);
    assert_int_equal(x.sets_len, 3);
    assert_ptr_equal(hf_exposure_of(&x, 1), hf_exposure_of(&x, 9997));
    assert_int_equal(hf_exposure_of(&x, 0)->hosts, 3334);
    hf_fixes_release(&f);
    hf_exposure_release(&x);
}

static void
what_is_taken_is_closed_and_the_rest_is_open(void **state)
{
    const struct hf_exposure_set *set;
    struct hf_exposure x;
    struct hf_fixes f = {0};

    (void)state;
    hf_exposure_init(&x, &catalogue);
    assert_int_equal(x.ids_len, 5);
    add(&x, &f, 0);
    set = hf_exposure_of(&x, 0);
    assert_int_equal(set->count.open, 4); /* those of Linux are not its own */
    assert_int_equal(set->count.exploited, 1);
    assert_int_equal(set->count.severity[HF_SEVERITY_CRITICAL], 2);
    assert_int_equal(set->count.severity[HF_SEVERITY_UNKNOWN], 1);
    assert_string_equal(set->count.worst->score, "10.0");
    add(&x, &f, 2);
    set = hf_exposure_of(&x, 1);
    assert_int_equal(set->count.closed, 3);
    assert_int_equal(set->count.open, 1);
    assert_null(set->count.worst); /* nothing is known of CVE-2026-0004 */
    assert_true(
        hf_exposure_closes(&x, set, hf_exposure_cve(&x, "CVE-2026-0003")));
    assert_false(
        hf_exposure_closes(&x, set, hf_exposure_cve(&x, "CVE-2026-0004")));
    assert_int_equal(hf_exposure_cve(&x, "CVE-2026-0009"), SIZE_MAX);
    hf_fixes_release(&f);
    hf_exposure_release(&x);
}

static void
many_sets_are_told_apart(void **state)
{
    struct hf_exposure x;
    struct hf_fixes f = {0};

    (void)state;
    hf_exposure_init(&x, &catalogue);
    for (unsigned bits = 0; bits < 64; bits++) {
        hf_fixes_start(&f, rows, HF_COUNT(rows));
        for (size_t i = 0; i < HF_COUNT(rows); i++)
            f.taken[i] = bits >> i & 1;
        hf_exposure_add(&x, &f);
        hf_exposure_add(&x, &f);
    }
    assert_int_equal(x.sets_len, 64);
    for (size_t i = 0; i < x.sets_len; i++)
        assert_int_equal(x.sets[i].hosts, 2);
    hf_fixes_release(&f);
    hf_exposure_release(&x);
}

static void
a_group_has_what_is_open_on_any_of_its_hosts(void **state)
{
    struct hf_exposure_group g = {0};
    struct hf_exposure x;
    struct hf_fixes f = {0};

    (void)state;
    hf_exposure_init(&x, &catalogue);
    add(&x, &f, 5);
    add(&x, &f, 2);
    hf_fixes_start(&f, NULL, 0);
    hf_exposure_add(&x, &f);
    for (size_t i = 0; i < 3; i++)
        hf_exposure_group_add(&g, &x, i);
    hf_exposure_group_count(&g, &x);
    assert_int_equal(g.hosts, 3);
    assert_int_equal(g.unknown, 1);
    assert_int_equal(g.exposed, 1);
    assert_int_equal(g.count.open, 1);
    add(&x, &f, 0);
    hf_exposure_group_add(&g, &x, 3);
    hf_exposure_group_count(&g, &x);
    assert_int_equal(g.count.open, 4);
    assert_int_equal(g.attacked, 1);
    hf_exposure_group_release(&g);
    hf_fixes_release(&f);
    hf_exposure_release(&x);
}

static void
months_without_a_document_are_named_where_hosts_lack_them(void **state)
{
    struct hf_exposure x;
    struct hf_buf gaps = {0};
    struct hf_fixes f = {0};

    (void)state;
    hf_exposure_init(&x, &catalogue);
    add(&x, &f, 5);
    hf_exposure_gaps(&gaps, &x, "ws2025");
    assert_int_equal(gaps.len, 0);
    add(&x, &f, 2);
    hf_exposure_gaps(&gaps, &x, "ws2025");
    assert_string_equal(hf_buf_str(&gaps), "2026-03");
    hf_buf_release(&gaps);
    hf_fixes_release(&f);
    hf_exposure_release(&x);
}

static void
a_hotpatch_that_closes_less_than_its_update_is_named(void **state)
{
    size_t n;
    struct hf_month_difference *v = hf_month_differences(&catalogue, &n);

    (void)state;
    assert_int_equal(n, 1);
    assert_string_equal(v[0].month, "2026-02");
    assert_string_equal(v[0].hotpatch->kb, "KB2");
    assert_string_equal(v[0].update->kb, "KB3");
    assert_int_equal(v[0].left_open.len, 1);
    assert_string_equal(v[0].left_open.v[0], "CVE-2026-0004");
    assert_string_equal(v[0].companion.v[0], "KB4");
    hf_month_differences_free(v, n);
}

static void
a_catalogue_without_cves_leaves_nothing_open(void **state)
{
    static const struct hf_catalogue empty = {0};
    size_t n;
    struct hf_month_difference *v = hf_month_differences(&empty, &n);
    struct hf_exposure x;
    struct hf_fixes f = {0};

    (void)state;
    assert_int_equal(n, 0);
    hf_month_differences_free(v, n);
    hf_exposure_init(&x, &empty);
    hf_fixes_start(&f, NULL, 0);
    hf_exposure_add(&x, &f);
    assert_null(hf_exposure_of(&x, 0));
    assert_int_equal(hf_exposure_cve(&x, "CVE-2026-0001"), SIZE_MAX);
    hf_fixes_release(&f);
    hf_exposure_release(&x);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hosts_on_one_level_share_a_set),
        cmocka_unit_test(what_is_taken_is_closed_and_the_rest_is_open),
        cmocka_unit_test(many_sets_are_told_apart),
        cmocka_unit_test(a_group_has_what_is_open_on_any_of_its_hosts),
        cmocka_unit_test(
            months_without_a_document_are_named_where_hosts_lack_them),
        cmocka_unit_test(a_hotpatch_that_closes_less_than_its_update_is_named),
        cmocka_unit_test(a_catalogue_without_cves_leaves_nothing_open),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
