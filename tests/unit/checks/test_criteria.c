/* The shared criteria of verification: before and after. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "backend/base/mem.h"
#include "tests/unit/checks/bench.h"

static void
the_same_boot_id_proves_that_nothing_restarted(void **state)
{
    struct bench b = {0};

    (void)state;
    bench_fact(&b, "boot.id", "1111");
    assert_int_equal(bench_verdict(&b, &hf_criterion_boot_id),
                     HF_VERDICT_UNKNOWN);
    bench_before(&b, "boot.id", "1111");
    assert_int_equal(bench_verdict(&b, &hf_criterion_boot_id), HF_VERDICT_PASS);
    bench_before(&b, "boot.id", "2222");
    assert_int_equal(bench_verdict(&b, &hf_criterion_boot_id),
                     HF_VERDICT_BLOCK);
    bench_before(&b, "boot.id", "");
    bench_fact(&b, "boot.id", "");
    assert_int_equal(bench_verdict(&b, &hf_criterion_boot_id),
                     HF_VERDICT_UNKNOWN);
    bench_clear(&b);
}

static void
a_restart_that_was_pending_before_is_no_news(void **state)
{
    struct bench b = {0};

    (void)state;
    bench_fact(&b, "restart.pending", "no");
    assert_int_equal(bench_verdict(&b, &hf_criterion_restart), HF_VERDICT_PASS);
    bench_fact(&b, "restart.pending", "yes");
    bench_fact(&b, "restart.reason", "newer kernel");
    assert_int_equal(bench_verdict(&b, &hf_criterion_restart),
                     HF_VERDICT_UNKNOWN);
    bench_before(&b, "restart.pending", "no");
    assert_int_equal(bench_verdict(&b, &hf_criterion_restart),
                     HF_VERDICT_BLOCK);
    bench_before(&b, "restart.pending", "yes");
    bench_before(&b, "restart.reason", "newer kernel");
    assert_int_equal(bench_verdict(&b, &hf_criterion_restart), HF_VERDICT_PASS);
    bench_before(&b, "restart.reason", "libc");
    assert_int_equal(bench_verdict(&b, &hf_criterion_restart), HF_VERDICT_WARN);
    bench_clear(&b);
}

static void
only_newly_failed_units_count(void **state)
{
    struct bench b = {0};

    (void)state;
    bench_fact(&b, "units.failed", "none");
    assert_int_equal(bench_verdict(&b, &hf_criterion_units), HF_VERDICT_PASS);
    bench_fact(&b, "units.failed", "a.service b.service");
    assert_int_equal(bench_verdict(&b, &hf_criterion_units),
                     HF_VERDICT_UNKNOWN);
    bench_before(&b, "units.failed", "b.service a.service c.service");
    assert_int_equal(bench_verdict(&b, &hf_criterion_units), HF_VERDICT_PASS);
    assert_string_equal(b.findings.v[0].found, "2 failed before already");
    bench_before(&b, "units.failed", "a.service");
    assert_int_equal(bench_verdict(&b, &hf_criterion_units), HF_VERDICT_BLOCK);
    assert_string_equal(b.findings.v[0].found, "newly failed: b.service");
    bench_before(&b, "units.failed", "none");
    bench_run(&b, &hf_criterion_units);
    assert_string_equal(b.findings.v[0].found,
                        "newly failed: a.service, b.service");
    bench_clear(&b);
}

static void
every_health_check_of_the_host_must_pass(void **state)
{
    static const struct hf_health health[] = {
        {.name = "web", .unit = "nginx.service"}, {.name = "db", .port = 5432}};
    struct bench b = {0};

    (void)state;
    assert_int_equal(bench_verdict(&b, &hf_criterion_health), HF_VERDICT_PASS);
    assert_string_equal(b.findings.v[0].found, "none are asked for");
    b.host.health = health;
    b.host.health_len = 2;
    bench_fact(&b, "health.web", "yes");
    assert_int_equal(bench_verdict(&b, &hf_criterion_health),
                     HF_VERDICT_UNKNOWN);
    assert_string_equal(b.findings.v[0].found, "not known: db (never asked)");
    bench_fact(&b, "health.db", "yes");
    assert_int_equal(bench_verdict(&b, &hf_criterion_health), HF_VERDICT_PASS);
    assert_string_equal(b.findings.v[0].source, "probe");
    bench_fact(&b, "health.db", "no");
    assert_int_equal(bench_verdict(&b, &hf_criterion_health), HF_VERDICT_BLOCK);
    assert_string_equal(b.findings.v[0].found, "failed: db");
    bench_before(&b, "health.db", "no");
    bench_run(&b, &hf_criterion_health);
    assert_string_equal(b.findings.v[0].found, "failed: db (before as well)");
    bench_clear(&b);
}

static void
a_failed_health_check_outweighs_an_unknown_one(void **state)
{
    static const struct hf_health health[] = {{.name = "a", .port = 1},
                                              {.name = "b", .port = 2}};
    struct bench b = {0};

    (void)state;
    b.host.health = health;
    b.host.health_len = 2;
    bench_fact(&b, "health.a", "no");
    bench_fact(&b, "health.b", "perhaps");
    assert_int_equal(bench_verdict(&b, &hf_criterion_health), HF_VERDICT_BLOCK);
    bench_clear(&b);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_boot_id_proves_that_nothing_restarted),
        cmocka_unit_test(a_restart_that_was_pending_before_is_no_news),
        cmocka_unit_test(only_newly_failed_units_count),
        cmocka_unit_test(every_health_check_of_the_host_must_pass),
        cmocka_unit_test(a_failed_health_check_outweighs_an_unknown_one),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
