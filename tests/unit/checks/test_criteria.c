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
a_port_that_was_open_must_stay_open(void **state)
{
    struct bench b = {0};

    (void)state;
    bench_fact(&b, "ports", "22 443");
    assert_int_equal(bench_verdict(&b, &hf_criterion_ports),
                     HF_VERDICT_UNKNOWN);
    bench_before(&b, "ports", "22 443 49664");
    assert_int_equal(bench_verdict(&b, &hf_criterion_ports), HF_VERDICT_PASS);
    bench_before(&b, "ports", "22 80 443 8080");
    assert_int_equal(bench_verdict(&b, &hf_criterion_ports), HF_VERDICT_BLOCK);
    assert_string_equal(b.findings.v[0].found, "closed: 80, 8080");
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

/* What was promised must hold; what cannot be told then is unknown, and what
 * nobody promised is only said. */
static void
coverage_must_be_as_promised(void **state)
{
    static const enum hf_verdict as_promised[HF_COVERAGE_COUNT] = {
        [HF_COVERAGE_UNKNOWN] = HF_VERDICT_UNKNOWN,
        [HF_COVERAGE_COVERED] = HF_VERDICT_PASS,
        [HF_COVERAGE_RESTART_DUE] = HF_VERDICT_BLOCK,
        [HF_COVERAGE_OFF_TRACK] = HF_VERDICT_BLOCK,
        [HF_COVERAGE_UNCOVERED] = HF_VERDICT_BLOCK,
        [HF_COVERAGE_INELIGIBLE] = HF_VERDICT_BLOCK,
    };
    static const struct hf_check *const rows[] = {&hf_criterion_covered, NULL};
    struct hf_standing status = hf_standing_none;
    struct hf_order order = {0};
    struct hf_check_in in = {.order = &order};
    struct hf_findings found = {0};

    (void)state;
    hf_checks_run(&found, rows, &in);
    assert_int_equal(found.v[0].verdict, HF_VERDICT_UNKNOWN);
    in.status = &status;
    status.coverage_why = "baseline KB4 needs a restart";
    for (int i = 0; i < HF_COVERAGE_COUNT; i++) {
        status.coverage = (enum hf_coverage)i;
        for (order.covers = 0; order.covers < 2; order.covers++) {
            enum hf_verdict wanted = order.covers ? as_promised[i]
                                     : i == HF_COVERAGE_COVERED
                                         ? HF_VERDICT_PASS
                                         : HF_VERDICT_WARN;

            hf_findings_release(&found);
            hf_checks_run(&found, rows, &in);
            assert_int_equal(found.v[0].verdict, wanted);
            assert_non_null(strstr(found.v[0].found, "KB4"));
        }
    }
    hf_findings_release(&found);
}

/* Nothing can be new on a host that no run has changed. */
static void
a_host_that_no_run_has_changed_has_no_baseline(void **state)
{
    struct hf_check_in in = {.unchanged = 1};
    static const struct hf_check *const rows[] = {&hf_criterion_boot_id,
                                                  &hf_criterion_restart,
                                                  &hf_criterion_units, NULL};
    struct bench b = {0};

    (void)state;
    bench_fact(&b, "boot.id", "b1");
    bench_fact(&b, "restart.pending", "yes");
    bench_fact(&b, "units.failed", "a.service");
    in.facts = &b.facts;
    hf_checks_run(&b.findings, rows, &in);
    for (size_t i = 0; i < b.findings.len; i++) {
        assert_int_equal(b.findings.v[i].verdict, HF_VERDICT_WARN);
        assert_non_null(strstr(b.findings.v[i].found,
                               "no baseline: no run has changed this host"));
    }
    bench_clear(&b);
}

static void
the_baseline_is_what_criteria_compare(void **state)
{
    struct hf_facts kept = {0};
    struct bench b = {0};

    (void)state;
    bench_fact(&b, "boot.id", "b1");
    bench_fact(&b, "health.web", "yes");
    bench_fact(&b, "space.bytes", "1");
    hf_facts_set_unknown(&b.facts, "taint", "absent", "probe", 1);
    hf_baseline_take(&kept, &b.facts);
    assert_int_equal(kept.len, 3);
    assert_string_equal(hf_facts_get(&kept, "boot.id"), "b1");
    assert_string_equal(hf_facts_get(&kept, "health.web"), "yes");
    assert_string_equal(hf_facts_why(&kept, "taint"), "absent");
    hf_facts_release(&kept);
    bench_clear(&b);
}

static void
what_was_called_off_must_not_be_scheduled(void **state)
{
    struct bench b = {0};

    (void)state;
    assert_int_equal(bench_verdict(&b, &hf_criterion_unscheduled),
                     HF_VERDICT_UNKNOWN);
    bench_fact(&b, "restart.calledoff", "20261123T012345Z-4f9a1c");
    assert_int_equal(bench_verdict(&b, &hf_criterion_unscheduled),
                     HF_VERDICT_PASS);
    bench_fact(&b, "restart.scheduled", "1795000500");
    assert_int_equal(bench_verdict(&b, &hf_criterion_unscheduled),
                     HF_VERDICT_BLOCK);
    bench_clear(&b);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_boot_id_proves_that_nothing_restarted),
        cmocka_unit_test(a_restart_that_was_pending_before_is_no_news),
        cmocka_unit_test(only_newly_failed_units_count),
        cmocka_unit_test(a_port_that_was_open_must_stay_open),
        cmocka_unit_test(every_health_check_of_the_host_must_pass),
        cmocka_unit_test(a_failed_health_check_outweighs_an_unknown_one),
        cmocka_unit_test(coverage_must_be_as_promised),
        cmocka_unit_test(a_host_that_no_run_has_changed_has_no_baseline),
        cmocka_unit_test(the_baseline_is_what_criteria_compare),
        cmocka_unit_test(what_was_called_off_must_not_be_scheduled),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
