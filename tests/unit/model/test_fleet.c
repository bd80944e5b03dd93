/* Looking up hosts and rings in a snapshot. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "backend/base/mem.h"
#include "backend/model/host.h"

static struct hf_fleet *
make_fleet(const char *const *names, size_t n)
{
    struct hf_fleet *fleet = HF_NEW(struct hf_fleet);
    struct hf_host *hosts;

    fleet->arena = hf_arena_new();
    hosts = hf_arena_alloc(fleet->arena, (n + 1) * sizeof(*hosts));
    for (size_t i = 0; i < n; i++)
        hosts[i].name = hf_arena_strdup(fleet->arena, names[i]);
    fleet->hosts = hosts;
    fleet->hosts_len = n;
    return fleet;
}

static const char *const few[] = {"db-1", "M\xc3\xbcnchen", "web-03"};

static void
expect_few(const struct hf_fleet *fleet)
{
    assert_ptr_equal(hf_fleet_find(fleet, "web-03"), &fleet->hosts[2]);
    assert_ptr_equal(hf_fleet_find(fleet, "WEB-03"), &fleet->hosts[2]);
    assert_ptr_equal(hf_fleet_find(fleet, "m\xc3\x9cNCHEN"), &fleet->hosts[1]);
    assert_null(hf_fleet_find(fleet, "web-3"));
    assert_null(hf_fleet_find(fleet, ""));
    assert_null(hf_fleet_find(fleet, "\xff\xfe"));
}

static void
finds_a_host_without_regard_to_case(void **state)
{
    struct hf_fleet *fleet = make_fleet(few, 3);

    (void)state;
    expect_few(fleet);
    hf_fleet_index(fleet);
    expect_few(fleet);
    hf_fleet_free(fleet);
}

static void
finds_nothing_in_an_empty_fleet(void **state)
{
    struct hf_fleet *fleet = make_fleet(NULL, 0);

    (void)state;
    assert_null(hf_fleet_find(fleet, "web"));
    hf_fleet_index(fleet);
    assert_null(hf_fleet_find(fleet, "web"));
    hf_fleet_free(fleet);
    hf_fleet_free(NULL);
}

static void
finds_each_of_a_hundred_thousand(void **state)
{
    enum { N = 100000 };
    static char text[N][16];
    static const char *names[N];
    struct hf_fleet *fleet;

    (void)state;
    for (int i = 0; i < N; i++) {
        snprintf(text[i], sizeof(text[i]), "web-%d", i);
        names[i] = text[i];
    }
    fleet = make_fleet(names, N);
    hf_fleet_index(fleet);
    for (size_t i = 0; i < N; i++)
        assert_ptr_equal(hf_fleet_find(fleet, names[i]), &fleet->hosts[i]);
    assert_null(hf_fleet_find(fleet, "web-100000"));
    hf_fleet_free(fleet);
}

static void
finds_rings_and_pairs(void **state)
{
    static const struct hf_ring rings[] = {{.name = "canary"},
                                           {.name = "broad"}};
    static const struct hf_pair pairs[] = {{"owner", "ops"}, {"role", "web"}};
    struct hf_fleet fleet = {.rings = rings, .rings_len = 2};
    struct hf_pairs all = {pairs, 2};

    (void)state;
    assert_ptr_equal(hf_fleet_ring(&fleet, "Broad"), &rings[1]);
    assert_null(hf_fleet_ring(&fleet, "late"));
    assert_string_equal(hf_pairs_get(&all, "role"), "web");
    assert_null(hf_pairs_get(&all, "Role"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_a_host_without_regard_to_case),
        cmocka_unit_test(finds_nothing_in_an_empty_fleet),
        cmocka_unit_test(finds_each_of_a_hundred_thousand),
        cmocka_unit_test(finds_rings_and_pairs),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
