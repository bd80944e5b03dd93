/* Every row of every table of the driver, and the registry. */
#include "tests/unit/drivers/livepatch/bench.h"

static void
assert_rows(const struct hf_check *const *rows)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyz-";

    for (size_t i = 0; rows[i]; i++) {
        assert_int_equal(strspn(rows[i]->name, plain), strlen(rows[i]->name));
        assert_true(strlen(rows[i]->title) > 0);
        assert_true(strlen(rows[i]->help) > 0);
        assert_true(strlen(rows[i]->remedy) > 0);
        assert_true(strlen(rows[i]->who) > 0);
        assert_non_null(rows[i]->run);
        for (size_t j = 0; j < i; j++)
            assert_string_not_equal(rows[i]->name, rows[j]->name);
    }
}

static void
every_driver_is_complete(void **state)
{
    (void)state;
    for (const struct hf_driver *const *d = hf_drivers; *d; d++) {
        assert_ptr_equal(hf_driver_find((*d)->name), *d);
        assert_true(strlen((*d)->title) > 0);
        assert_non_null((*d)->dialect);
        assert_non_null((*d)->scripts[HF_SCRIPT_PROBE]);
        /* without a job a driver only reads, and needs no other script */
        for (int i = 0; (*d)->job && i < HF_DRIVER_SCRIPT_COUNT; i++)
            assert_non_null((*d)->scripts[i]);
        assert_rows((*d)->checks);
        assert_rows((*d)->criteria);
        assert_non_null((*d)->probe_params);
        assert_non_null((*d)->claims);
        assert_non_null((*d)->judge);
        assert_non_null((*d)->order);
        assert_non_null((*d)->explain);
    }
}

static void
no_row_passes_without_facts(void **state)
{
    static const struct hf_host nobody = {.name = "x"};
    struct hf_facts none = {0};
    struct hf_catalogue empty = {0};
    struct hf_findings found = {0};
    struct hf_check_in in = {
        .host = &nobody, .facts = &none, .catalogue = &empty};

    (void)state;
    hf_checks_run(&found, hf_driver_livepatch.checks, &in);
    for (size_t i = 0; i < found.len; i++)
        assert_int_equal(found.v[i].verdict, HF_VERDICT_UNKNOWN);
    hf_findings_release(&found);
    hf_checks_run(&found, hf_driver_livepatch.criteria, &in);
    for (size_t i = 0; i < found.len; i++) {
        if (strcmp(found.v[i].name, "health") != 0) /* asks for none */
            assert_int_equal(found.v[i].verdict, HF_VERDICT_UNKNOWN);
    }
    hf_findings_release(&found);
}

static void
a_healthy_host_passes_every_check(void **state)
{
    struct bench b;

    (void)state;
    bench_init(&b, 2);
    judge(&b);
    for (size_t i = 0; i < b.state.findings.len; i++) {
        const struct hf_finding *f = &b.state.findings.v[i];

        if (f->verdict != HF_VERDICT_PASS && strcmp(f->name, "identity") != 0)
            fail_msg("%s: %s", f->name, f->found);
    }
    bench_clear(&b);
}

static void
claims_linux_hosts_and_no_others(void **state)
{
    struct bench b;
    struct hf_facts none = {0};

    (void)state;
    bench_init(&b, 2);
    assert_ptr_equal(hf_driver_claim(&hf_state_change(&b.state)->facts),
                     &hf_driver_livepatch);
    assert_null(hf_driver_claim(&none));
    assert_null(hf_driver_find("auto"));
    assert_null(hf_driver_find(NULL));
    bench_clear(&b);
}

static void
hands_the_health_checks_to_the_probe(void **state)
{
    static const struct hf_health health[] = {
        {.name = "the web", .unit = "nginx.service"},
        {.name = "db", .port = 5432},
    };
    struct hf_host host = {.health = health, .health_len = 2};
    struct hf_params params = {0};

    (void)state;
    hf_driver_livepatch.probe_params(&params, &host);
    assert_string_equal(hf_params_get(&params, "HEALTH"), "2");
    assert_string_equal(hf_params_get(&params, "HEALTH_1_KEY"), "the%20web");
    assert_string_equal(hf_params_get(&params, "HEALTH_1_UNIT"),
                        "nginx.service");
    assert_null(hf_params_get(&params, "HEALTH_1_PORT"));
    assert_string_equal(hf_params_get(&params, "HEALTH_2_PORT"), "5432");
    hf_params_release(&params);
}

static void
taints_are_in_order_and_explained(void **state)
{
    (void)state;
    for (const struct livepatch_taint *t = livepatch_taints; t->letter; t++) {
        assert_true(strlen(t->meaning) > 0);
        if (t > livepatch_taints)
            assert_true(t->bit > t[-1].bit);
    }
}

static void
checks_that_pass_by_themselves_exist(void **state)
{
    (void)state;
    for (const char *const *name = livepatch_passing_checks; *name; name++) {
        const struct hf_check *const *row = hf_driver_livepatch.checks;

        while (*row && strcmp((*row)->name, *name) != 0)
            row++;
        assert_non_null(*row);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_driver_is_complete),
        cmocka_unit_test(no_row_passes_without_facts),
        cmocka_unit_test(a_healthy_host_passes_every_check),
        cmocka_unit_test(claims_linux_hosts_and_no_others),
        cmocka_unit_test(hands_the_health_checks_to_the_probe),
        cmocka_unit_test(taints_are_in_order_and_explained),
        cmocka_unit_test(checks_that_pass_by_themselves_exist),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
