/* The catalogue: what a kernel should have, and when rows grow too old. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"
#include "backend/base/time.h"
#include "backend/model/release.h"

/* clang-format off */
#define ROW(k, p, day, r) \
    {.product = "linux", .kernel = k, .patch = p, .released = day, .replaces = r}

static struct hf_release rows[] = {
    ROW("6.1", "fix_1", 10, NULL),
    ROW("6.1", "fix_2", 20, NULL),
    ROW("6.1", "fix_3", 30, "fix_1"),
    ROW("6.2", "all_1", 10, "*"),
    ROW("6.2", "all_2", 20, "*"),
    ROW("6.2", "hot", 30, NULL),
    ROW("6.3", "klp", 10, NULL),
    ROW("6.3", "klp", 20, NULL),
    ROW("6.4", "late", 5, "later"),   /* an earlier row retires nothing */
    ROW("6.4", "later", 9, NULL),
    {.product = "ws2025", .kb = "KB1", .build = "26100.1"},
};
/* clang-format on */

static const struct hf_catalogue catalogue = {.releases = rows,
                                              .releases_len = HF_COUNT(rows)};

/* The patches of a kernel's target, with a space between. */
static const char *
target_of(const char *kernel)
{
    static char text[64];
    const struct hf_release *out[8];
    size_t n = hf_catalogue_kernel_target(&catalogue, kernel, out, 8);

    text[0] = '\0';
    for (size_t i = 0; i < n; i++) {
        strcat(text, i ? " " : "");
        strcat(text, out[i]->patch);
    }
    return text;
}

static void
a_later_row_retires_the_one_it_names(void **state)
{
    (void)state;
    assert_string_equal(target_of("6.1"), "fix_2 fix_3");
}

static void
an_atomic_replace_retires_all_before_it_only(void **state)
{
    (void)state;
    assert_string_equal(target_of("6.2"), "all_2 hot");
}

static void
a_patch_is_loaded_once_however_often_it_was_released(void **state)
{
    const struct hf_release *out[1];

    (void)state;
    assert_int_equal(hf_catalogue_kernel_target(&catalogue, "6.3", out, 1), 1);
    assert_int_equal(out[0]->released, 20);
    assert_int_equal(
        hf_catalogue_kernel_row(&catalogue, "6.3", "klp")->released, 20);
}

static void
an_earlier_row_cannot_retire_a_later_one(void **state)
{
    (void)state;
    assert_string_equal(target_of("6.4"), "late later");
}

static void
counts_what_does_not_fit(void **state)
{
    const struct hf_release *out[1] = {NULL};

    (void)state;
    assert_int_equal(hf_catalogue_kernel_target(&catalogue, "6.1", out, 1), 2);
    assert_string_equal(out[0]->patch, "fix_2");
    assert_int_equal(hf_catalogue_kernel_target(&catalogue, "6.1", NULL, 0), 2);
}

static void
knows_kernels_by_their_whole_name(void **state)
{
    static const struct hf_catalogue empty = {0};

    (void)state;
    assert_true(hf_catalogue_knows_kernel(&catalogue, "6.1"));
    assert_false(hf_catalogue_knows_kernel(&catalogue, "6"));
    assert_false(hf_catalogue_knows_kernel(&catalogue, "6.1.0"));
    assert_false(hf_catalogue_knows_kernel(&catalogue, ""));
    assert_false(hf_catalogue_knows_kernel(&empty, "6.1"));
    assert_null(hf_catalogue_kernel_row(&catalogue, "6.1", "klp"));
    assert_null(hf_catalogue_kernel_row(&catalogue, "9.9", "fix_1"));
}

static void
sorts_rows_as_the_lookups_need_them(void **state)
{
    struct hf_release mixed[HF_COUNT(rows)];

    (void)state;
    for (size_t i = 0; i < HF_COUNT(rows); i++)
        mixed[i] = rows[HF_COUNT(rows) - 1 - i];
    qsort(mixed, HF_COUNT(mixed), sizeof(mixed[0]), hf_release_compare);
    for (size_t i = 0; i < HF_COUNT(rows); i++)
        assert_int_equal(hf_release_compare(&mixed[i], &rows[i]), 0);
}

static void
expect_overdue(const char *id, const char *month, const char *when)
{
    struct hf_product p = {.id = id, .complete_until = month};
    char text[HF_TIME_LEN];

    assert_string_equal(hf_time_format(text, hf_product_overdue_at(&p)), when);
}

static void
a_windows_catalogue_ends_with_the_next_patch_tuesday(void **state)
{
    (void)state;
    expect_overdue("ws2025", "2026-08", "2026-09-08T18:00:00Z");
    expect_overdue("ws2025", "2026-11", "2026-12-08T18:00:00Z");
    expect_overdue("w11-24h2", "2026-12", "2027-01-12T18:00:00Z");
    /* a month that starts on a Tuesday, and one that starts on a Wednesday */
    expect_overdue("ws2025", "2026-08", "2026-09-08T18:00:00Z");
    expect_overdue("ws2025", "2026-06", "2026-07-14T18:00:00Z");
}

static void
a_linux_catalogue_ends_with_the_next_month(void **state)
{
    (void)state;
    expect_overdue("linux", "2026-08", "2026-10-01T00:00:00Z");
    expect_overdue("linux", "2026-11", "2027-01-01T00:00:00Z");
    expect_overdue("linux", "2026-12", "2027-02-01T00:00:00Z");
}

static void
without_a_month_there_is_no_date(void **state)
{
    static const char *const broken[] = {
        "", "2026", "2026-13", "2026-00", "2026-8", "2026-08-01", "20a6-08"};
    struct hf_product p = {.id = "linux"};

    (void)state;
    assert_true(hf_product_overdue_at(NULL) == 0);
    assert_true(hf_product_overdue_at(&p) == 0);
    for (size_t i = 0; i < HF_COUNT(broken); i++) {
        p.complete_until = broken[i];
        assert_true(hf_product_overdue_at(&p) == 0);
    }
}

static void
finds_products_by_id(void **state)
{
    static const struct hf_product products[] = {{.id = "linux"},
                                                 {.id = "ws2025"}};
    struct hf_catalogue c = {.products = products, .products_len = 2};

    (void)state;
    assert_ptr_equal(hf_catalogue_product(&c, "ws2025"), &products[1]);
    assert_null(hf_catalogue_product(&c, "ws2022"));
    assert_null(hf_catalogue_product(&c, NULL));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_later_row_retires_the_one_it_names),
        cmocka_unit_test(an_atomic_replace_retires_all_before_it_only),
        cmocka_unit_test(a_patch_is_loaded_once_however_often_it_was_released),
        cmocka_unit_test(an_earlier_row_cannot_retire_a_later_one),
        cmocka_unit_test(counts_what_does_not_fit),
        cmocka_unit_test(knows_kernels_by_their_whole_name),
        cmocka_unit_test(sorts_rows_as_the_lookups_need_them),
        cmocka_unit_test(a_windows_catalogue_ends_with_the_next_patch_tuesday),
        cmocka_unit_test(a_linux_catalogue_ends_with_the_next_month),
        cmocka_unit_test(without_a_month_there_is_no_date),
        cmocka_unit_test(finds_products_by_id),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
