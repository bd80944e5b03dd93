/* The shared eligibility checks. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "backend/base/mem.h"
#include "tests/unit/checks/bench.h"

static const struct hf_check *const all[] = {
    &hf_check_elevation,  &hf_check_space,       &hf_check_restart,
    &hf_check_job,        &hf_check_clock,       &hf_check_identity,
    &hf_check_others,     &hf_criterion_boot_id, &hf_criterion_restart,
    &hf_criterion_health, &hf_criterion_units,   NULL,
};

static void
every_row_says_what_it_is_and_who_mends_it(void **state)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyz-";

    (void)state;
    for (size_t i = 0; all[i]; i++) {
        assert_int_equal(strspn(all[i]->name, plain), strlen(all[i]->name));
        assert_true(strlen(all[i]->title) > 0);
        assert_true(strlen(all[i]->help) > 0);
        assert_true(strlen(all[i]->remedy) > 0);
        assert_true(strlen(all[i]->who) > 0);
        for (size_t j = 0; j < i; j++)
            assert_string_not_equal(all[i]->name, all[j]->name);
    }
}

static void
nothing_passes_without_facts(void **state)
{
    struct bench b = {0};

    (void)state;
    for (size_t i = 0; all[i]; i++) {
        const struct hf_finding *f;

        if (all[i] == &hf_criterion_health)
            continue; /* this host asks for none */
        f = bench_run(&b, all[i]);
        assert_int_equal(f->verdict, HF_VERDICT_UNKNOWN);
        assert_string_equal(f->found, "never asked");
        assert_true(strlen(f->expected) > 0);
    }
    bench_clear(&b);
}

static void
nothing_passes_on_a_fact_that_could_not_be_read(void **state)
{
    static const char *const keys[] = {
        "login.elevated", "space.bytes", "restart.pending",
        "job.state",      "clock",       "machine.id",
        "others",         "boot.id",     "units.failed"};
    struct bench b = {0};

    (void)state;
    for (size_t i = 0; i < HF_COUNT(keys); i++) {
        hf_facts_set_unknown(&b.facts, keys[i], "needs elevation", "cat", T0);
        hf_facts_set(&b.before, keys[i], "1", NULL, T0);
    }
    b.has_before = 1;
    for (size_t i = 0; all[i]; i++) {
        const struct hf_finding *f;

        if (all[i] == &hf_criterion_health)
            continue;
        f = bench_run(&b, all[i]);
        assert_int_equal(f->verdict, HF_VERDICT_UNKNOWN);
        assert_string_equal(f->found, "unknown: needs elevation");
        assert_string_equal(f->source, "cat");
        assert_true(f->at == T0);
    }
    bench_clear(&b);
}

static void
nothing_passes_on_a_value_that_makes_no_sense(void **state)
{
    static const struct hf_check *const rows[] = {
        &hf_check_elevation, &hf_check_space, &hf_check_restart,
        &hf_check_clock, &hf_criterion_restart};
    static const char *const keys[] = {"login.elevated", "space.bytes",
                                       "restart.pending", "clock",
                                       "restart.pending"};
    struct bench b = {0};

    (void)state;
    for (size_t i = 0; i < HF_COUNT(rows); i++) {
        bench_fact(&b, keys[i], "perhaps");
        assert_int_equal(bench_verdict(&b, rows[i]), HF_VERDICT_UNKNOWN);
        bench_fact(&b, keys[i], "");
        assert_int_equal(bench_verdict(&b, rows[i]), HF_VERDICT_UNKNOWN);
    }
    bench_clear(&b);
}

static void
does_silent(const struct hf_check_in *in, struct hf_finding *out)
{
    (void)in;
    (void)out;
}

static void
a_row_that_states_nothing_has_not_passed(void **state)
{
    static const struct hf_check silent = {
        .name = "silent", .needs_restart = 1, .spares = 5, .run = does_silent};
    struct bench b = {0};
    const struct hf_finding *f = bench_run(&b, &silent);

    (void)state;
    assert_int_equal(f->verdict, HF_VERDICT_UNKNOWN);
    assert_string_equal(f->found, "not looked at");
    assert_int_equal(f->needs_restart, 1);
    assert_int_equal(f->spares, 5);
    bench_clear(&b);
}

static void
findings_come_in_the_order_of_the_rows(void **state)
{
    struct hf_facts facts = {0};
    struct hf_host host = {0};
    struct hf_check_in in = {.host = &host, .facts = &facts};
    struct hf_findings out = {0};

    (void)state;
    hf_checks_run(&out, all, &in);
    for (size_t i = 0; all[i]; i++)
        assert_string_equal(out.v[i].name, all[i]->name);
    hf_findings_release(&out);
}

static void
rights_are_root_or_sudo_without_a_password(void **state)
{
    struct bench b = {0};

    (void)state;
    bench_fact(&b, "login.uid", "0");
    bench_fact(&b, "login.elevated", "yes");
    assert_int_equal(bench_verdict(&b, &hf_check_elevation), HF_VERDICT_PASS);
    assert_string_equal(b.findings.v[0].found, "root");
    bench_fact(&b, "login.uid", "1000");
    bench_run(&b, &hf_check_elevation);
    assert_string_equal(b.findings.v[0].found, "sudo -n works");
    bench_fact(&b, "login.elevated", "no");
    assert_int_equal(bench_verdict(&b, &hf_check_elevation), HF_VERDICT_BLOCK);
    bench_clear(&b);
}

static void
an_account_that_only_reads_proves_nothing_about_the_acting_one(void **state)
{
    struct bench b = {0};

    (void)state;
    b.host.check.user = "audit";
    b.host.act.user = "patcher";
    bench_fact(&b, "login.elevated", "no");
    assert_int_equal(bench_verdict(&b, &hf_check_elevation),
                     HF_VERDICT_UNKNOWN);
    bench_fact(&b, "login.user", "audit");
    assert_int_equal(bench_verdict(&b, &hf_check_elevation),
                     HF_VERDICT_UNKNOWN);
    bench_fact(&b, "login.user", "patcher");
    assert_int_equal(bench_verdict(&b, &hf_check_elevation), HF_VERDICT_BLOCK);
    b.host.check.user = "patcher";
    assert_int_equal(bench_verdict(&b, &hf_check_elevation), HF_VERDICT_BLOCK);
    bench_clear(&b);
}

static void
space_blocks_below_16_mib_and_warns_below_64(void **state)
{
    /* clang-format off */
    static const struct { const char *bytes; enum hf_verdict v; const char *found; }
    rows[] = {
        {"0", HF_VERDICT_BLOCK, "0 KiB free"},
        {"16777215", HF_VERDICT_BLOCK, "15 MiB free"},
        {"16777216", HF_VERDICT_WARN, "16 MiB free"},
        {"67108864", HF_VERDICT_PASS, "64 MiB free"},
        {"-1", HF_VERDICT_UNKNOWN, "not a number of bytes: '-1'"},
    };
    /* clang-format on */
    struct bench b = {0};

    (void)state;
    for (size_t i = 0; i < HF_COUNT(rows); i++) {
        bench_fact(&b, "space.bytes", rows[i].bytes);
        assert_int_equal(bench_verdict(&b, &hf_check_space), rows[i].v);
        assert_string_equal(b.findings.v[0].found, rows[i].found);
    }
    bench_clear(&b);
}

static void
a_pending_restart_warns_with_reason_and_time(void **state)
{
    struct bench b = {0};

    (void)state;
    bench_fact(&b, "restart.pending", "no");
    assert_int_equal(bench_verdict(&b, &hf_check_restart), HF_VERDICT_PASS);
    bench_fact(&b, "restart.pending", "yes");
    assert_int_equal(bench_verdict(&b, &hf_check_restart), HF_VERDICT_WARN);
    assert_string_equal(b.findings.v[0].found, "pending: without a reason");
    bench_fact(&b, "restart.reason", "newer kernel");
    bench_fact(&b, "restart.since", "1767225600");
    bench_run(&b, &hf_check_restart);
    assert_string_equal(b.findings.v[0].found,
                        "pending since 2026-01-01T00:00:00Z: newer kernel");
    bench_clear(&b);
}

static void
a_job_at_work_blocks_and_names_its_operator(void **state)
{
    struct bench b = {0};

    (void)state;
    bench_fact(&b, "job.state", "none");
    assert_int_equal(bench_verdict(&b, &hf_check_job), HF_VERDICT_PASS);
    bench_fact(&b, "job.state", "running");
    assert_int_equal(bench_verdict(&b, &hf_check_job), HF_VERDICT_BLOCK);
    bench_fact(&b, "job.run", "20261123T012345Z-4f9a1c");
    bench_fact(&b, "job.operator", "ada@jump1");
    bench_fact(&b, "job.heartbeat", "125");
    bench_run(&b, &hf_check_job);
    assert_string_equal(b.findings.v[0].found,
                        "run 20261123T012345Z-4f9a1c of ada@jump1, running, "
                        "last sign of life 2m 5s ago");
    bench_fact(&b, "job.state", "something-new");
    assert_int_equal(bench_verdict(&b, &hf_check_job), HF_VERDICT_BLOCK);
    bench_clear(&b);
}

static void
a_job_that_is_over_only_warns(void **state)
{
    static const char *const over[] = {"ended", "died", "rebooted"};
    struct bench b = {0};

    (void)state;
    for (size_t i = 0; i < HF_COUNT(over); i++) {
        bench_fact(&b, "job.state", over[i]);
        assert_int_equal(bench_verdict(&b, &hf_check_job), HF_VERDICT_WARN);
    }
    bench_clear(&b);
}

static void
the_clock_is_compared_with_the_time_of_asking(void **state)
{
    /* clang-format off */
    static const struct { const char *clock; enum hf_verdict v; const char *found; }
    rows[] = {
        {"1795400000", HF_VERDICT_PASS, NULL},
        {"1795400060", HF_VERDICT_PASS, NULL},
        {"1795399940", HF_VERDICT_PASS, NULL},
        {"1795400061", HF_VERDICT_WARN, "ahead"},
        {"1795399939", HF_VERDICT_WARN, "behind"},
        {"2026-11-22T22:13:20Z", HF_VERDICT_WARN, NULL},
        {"0", HF_VERDICT_WARN, "behind"},
        {"99999999999999999", HF_VERDICT_UNKNOWN, "not a time"},
    };
    /* clang-format on */
    struct bench b = {0};

    (void)state;
    for (size_t i = 0; i < HF_COUNT(rows); i++) {
        bench_fact(&b, "clock", rows[i].clock);
        assert_int_equal(bench_verdict(&b, &hf_check_clock), rows[i].v);
        if (rows[i].found)
            assert_non_null(strstr(b.findings.v[0].found, rows[i].found));
    }
    bench_clear(&b);
}

static void
another_machine_id_blocks_and_the_first_one_passes(void **state)
{
    struct bench b = {0};

    (void)state;
    bench_fact(&b, "machine.id", "aaaa");
    assert_int_equal(bench_verdict(&b, &hf_check_identity), HF_VERDICT_PASS);
    assert_string_equal(b.findings.v[0].found, "aaaa, first seen");
    bench_before(&b, "machine.id", "aaaa");
    assert_int_equal(bench_verdict(&b, &hf_check_identity), HF_VERDICT_PASS);
    assert_string_equal(b.findings.v[0].found, "aaaa");
    bench_before(&b, "machine.id", "bbbb");
    assert_int_equal(bench_verdict(&b, &hf_check_identity), HF_VERDICT_BLOCK);
    assert_string_equal(b.findings.v[0].found, "aaaa; recorded was bbbb");
    hf_facts_set_unknown(&b.before, "machine.id", "denied", NULL, T0);
    assert_int_equal(bench_verdict(&b, &hf_check_identity), HF_VERDICT_PASS);
    bench_fact(&b, "machine.id", "");
    assert_int_equal(bench_verdict(&b, &hf_check_identity), HF_VERDICT_UNKNOWN);
    bench_clear(&b);
}

static void
others_are_named_with_what_they_do(void **state)
{
    struct bench b = {0};

    (void)state;
    bench_fact(&b, "others", "none");
    assert_int_equal(bench_verdict(&b, &hf_check_others), HF_VERDICT_PASS);
    bench_fact(&b, "others", "");
    assert_int_equal(bench_verdict(&b, &hf_check_others), HF_VERDICT_PASS);
    bench_fact(&b, "others", "unattended-upgrades kpatch");
    bench_fact(&b, "others.kpatch", "loads modules at boot");
    assert_int_equal(bench_verdict(&b, &hf_check_others), HF_VERDICT_WARN);
    assert_string_equal(b.findings.v[0].found,
                        "unattended-upgrades, kpatch (loads modules at boot)");
    bench_clear(&b);
}

/* "Restart the host" is no way to find out. */
static void
the_remedy_of_an_unknown_is_how_to_read_it(void **state)
{
    /* clang-format off */
    static const struct { const char *why, *remedy; } rows[] = {
        {"needs elevation", "sudo without a password"},
        {"absent: securityfs is not mounted", "mount -t securityfs"},
        {"timed out", "again"},
        {"cannot be read", "see on the host why it cannot be read"},
    };
    /* clang-format on */
    struct bench b = {0};
    const struct hf_finding *f;

    (void)state;
    f = bench_run(&b, &hf_check_restart);
    assert_string_equal(f->remedy, "check the host");
    for (size_t i = 0; i < HF_COUNT(rows); i++) {
        hf_facts_set_unknown(&b.facts, "restart.pending", rows[i].why, "probe",
                             T0);
        f = bench_run(&b, &hf_check_restart);
        assert_int_equal(f->verdict, HF_VERDICT_UNKNOWN);
        assert_non_null(strstr(f->remedy, rows[i].remedy));
        assert_int_equal(f->needs_restart, 0);
    }
    bench_fact(&b, "restart.pending", "yes");
    assert_string_equal(bench_run(&b, &hf_check_restart)->remedy,
                        hf_check_restart.remedy);
    bench_clear(&b);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_says_what_it_is_and_who_mends_it),
        cmocka_unit_test(nothing_passes_without_facts),
        cmocka_unit_test(nothing_passes_on_a_fact_that_could_not_be_read),
        cmocka_unit_test(nothing_passes_on_a_value_that_makes_no_sense),
        cmocka_unit_test(a_row_that_states_nothing_has_not_passed),
        cmocka_unit_test(findings_come_in_the_order_of_the_rows),
        cmocka_unit_test(rights_are_root_or_sudo_without_a_password),
        cmocka_unit_test(
            an_account_that_only_reads_proves_nothing_about_the_acting_one),
        cmocka_unit_test(space_blocks_below_16_mib_and_warns_below_64),
        cmocka_unit_test(a_pending_restart_warns_with_reason_and_time),
        cmocka_unit_test(a_job_at_work_blocks_and_names_its_operator),
        cmocka_unit_test(a_job_that_is_over_only_warns),
        cmocka_unit_test(the_clock_is_compared_with_the_time_of_asking),
        cmocka_unit_test(another_machine_id_blocks_and_the_first_one_passes),
        cmocka_unit_test(others_are_named_with_what_they_do),
        cmocka_unit_test(the_remedy_of_an_unknown_is_how_to_read_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
