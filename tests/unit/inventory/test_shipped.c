/* The catalogue that ships: which rows there are, and what is known of them. */
#include "bed.h"

#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "inventory/lint.h"

static size_t
rows_of(const struct hf_catalogue *c, const char *product, int type)
{
    size_t n = 0;

    for (size_t i = 0; i < c->releases_len; i++)
        n += strcmp(c->releases[i].product, product) == 0 &&
             (type < 0 || (int)c->releases[i].type == type);
    return n;
}

static const struct hf_release *
row_of(const struct hf_catalogue *c, const char *product, const char *kb)
{
    for (size_t i = 0; i < c->releases_len; i++) {
        if (strcmp(c->releases[i].product, product) == 0 &&
            strcmp(c->releases[i].kb, kb) == 0)
            return &c->releases[i];
    }
    fail_msg("no row %s of %s", kb, product);
    return NULL;
}

static void
counts_the_shipped_rows(void **state)
{
    /* clang-format off */
    static const struct {
        const char *product, *until;
        size_t all, hotpatches, baselines, unplanned, oob;
    } expected[] = {
        {"ws2022-azure", "2026-08", 32, 19, 10, 1, 2},
        {"ws2025", "2026-08", 26, 14, 7, 1, 4},
        {"w11-24h2", "2026-08", 20, 11, 5, 1, 3},
        {"w11-25h2", "2026-09", 15, 6, 4, 1, 4},
        {"w11-26h2", NULL, 0, 0, 0, 0, 0},
        {"linux", NULL, 0, 0, 0, 0, 0},
    };
    /* clang-format on */
    struct bed *b = *state;
    const struct hf_catalogue *c;

    assert_int_equal(bed_load(b), HF_OK);
    c = b->fleet->catalogue;
    for (size_t i = 0; i < HF_COUNT(expected); i++) {
        const char *id = expected[i].product;
        const struct hf_product *p = hf_catalogue_product(c, id);

        assert_non_null(p);
        assert_non_null(p->title);
        assert_true(!p->complete_until == !expected[i].until);
        if (p->complete_until)
            assert_string_equal(p->complete_until, expected[i].until);
        assert_int_equal(rows_of(c, id, -1), expected[i].all);
        assert_int_equal(rows_of(c, id, HF_RELEASE_HOTPATCH),
                         expected[i].hotpatches);
        assert_int_equal(rows_of(c, id, HF_RELEASE_BASELINE),
                         expected[i].baselines);
        assert_int_equal(rows_of(c, id, HF_RELEASE_UNPLANNED_BASELINE),
                         expected[i].unplanned);
        assert_int_equal(rows_of(c, id, HF_RELEASE_OOB), expected[i].oob);
    }
}

static void
tells_the_two_updates_of_one_build_apart(void **state)
{
    struct bed *b = *state;
    const struct hf_release *leaves, *stays;

    assert_int_equal(bed_load(b), HF_OK);
    leaves = row_of(b->fleet->catalogue, "ws2025", "KB5070881");
    stays = row_of(b->fleet->catalogue, "ws2025", "KB5070893");
    assert_string_equal(leaves->build, "26100.6905");
    assert_string_equal(stays->build, leaves->build);
    assert_int_equal(hf_release_line(leaves), HF_LINE_RESTART);
    assert_int_equal(hf_release_line(stays), HF_LINE_KEPT);
    assert_string_equal(stays->month, "2025-10");
}

static void
keeps_what_is_uncertain_in_sight(void **state)
{
    struct bed *b = *state;
    const struct hf_release *row;

    assert_int_equal(bed_load(b), HF_OK);
    row = row_of(b->fleet->catalogue, "ws2025", "KB5099536");
    assert_int_equal(row->type, HF_RELEASE_BASELINE);
    assert_non_null(strstr(row->certainty, "unconfirmed"));
    row = row_of(b->fleet->catalogue, "w11-25h2", "KB5129241");
    assert_int_equal(hf_release_line(row), HF_LINE_HOTPATCH);
    assert_non_null(strstr(row->certainty, "derived"));
}

/* Every row has what the track is computed from, in the right order, and says
 * where it is known from. */
static void
rows_are_complete_and_plausible(void **state)
{
    struct bed *b = *state;
    const struct hf_catalogue *c;

    assert_int_equal(bed_load(b), HF_OK);
    c = b->fleet->catalogue;
    for (size_t i = 0; i < c->releases_len; i++) {
        const struct hf_release *r = &c->releases[i];
        const char *family = strcmp(r->product, "ws2022-azure") == 0 ? "20348."
                             : strcmp(r->product, "w11-25h2") == 0   ? "26200."
                                                                     : "26100.";

        assert_non_null(r->source);
        assert_int_equal(!r->line, r->type != HF_RELEASE_OOB);
        assert_true(r->released > 0);
        assert_true(hf_release_day(r->month, 0) - r->released <
                    (int64_t)2 * 86400000);
        assert_true(hf_has_prefix(r->build, family));
        if (i && strcmp(c->releases[i - 1].product, r->product) == 0)
            assert_true(c->releases[i - 1].released <= r->released);
    }
}

static void
a_fresh_fleet_has_nothing_to_lint(void **state)
{
    struct bed *b = *state;

    assert_int_equal(bed_load(b), HF_OK);
    hf_lint_fleet(b->fleet, &b->problems);
    for (size_t i = 0; i < b->problems.len; i++)
        assert_null(strstr(b->problems.v[i].file, "catalogue"));
    assert_int_equal(b->problems.errors, 0);
}

#define TEST(name) \
    cmocka_unit_test_setup_teardown(name, bed_setup_fleet, bed_teardown)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(counts_the_shipped_rows),
        TEST(tells_the_two_updates_of_one_build_apart),
        TEST(keeps_what_is_uncertain_in_sight),
        TEST(rows_are_complete_and_plausible),
        TEST(a_fresh_fleet_has_nothing_to_lint),
    };

    return cmocka_run_group_tests_name("shipped", tests, bed_group_setup, NULL);
}
