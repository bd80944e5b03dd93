/* Where a host stands. */
#include "tests/unit/drivers/livepatch/bench.h"

static void
without_facts_everything_is_unknown(void **state)
{
    struct bench b;

    (void)state;
    bench_init(&b, 2);
    hf_facts_release(&hf_state_change(&b.state)->facts);
    judge(&b);
    assert_int_equal(b.state.status.coverage, HF_COVERAGE_UNKNOWN);
    assert_int_equal(b.state.status.patch, HF_PATCH_UNKNOWN);
    assert_int_equal(b.state.status.reboot, HF_REBOOT_UNKNOWN);
    assert_int_equal(b.state.status.flags, HF_FLAG_STALE);
    assert_int_equal(b.state.findings.len, 0);
    bench_clear(&b);
}

static void
a_missing_patch_is_behind(void **state)
{
    const struct hf_standing *s;
    struct bench b;

    (void)state;
    bench_init(&b, 2);
    fact(&b, "patches", "fix_1");
    s = judge(&b);
    assert_int_equal(s->coverage, HF_COVERAGE_COVERED);
    assert_int_equal(s->patch, HF_PATCH_BEHIND);
    assert_string_equal(s->patch_why, "fix_2 is not in effect");
    assert_string_equal(s->level, KERNEL " + fix_1");
    assert_string_equal(s->target, KERNEL " + fix_1 fix_2");
    assert_int_equal(s->reboot, HF_REBOOT_NONE);
    bench_clear(&b);
}

static void
all_of_the_newest_level_is_current(void **state)
{
    struct bench b;

    (void)state;
    bench_init(&b, 2);
    fact(&b, "patches", "fix_2 fix_1");
    assert_int_equal(judge(&b)->patch, HF_PATCH_CURRENT);
    bench_clear(&b);
    bench_init(&b, 3);
    fact(&b, "patches", "fix_3");
    assert_int_equal(judge(&b)->patch, HF_PATCH_CURRENT);
    assert_string_equal(b.state.status.target, KERNEL " + fix_3");
    bench_clear(&b);
}

static void
an_old_catalogue_shows_nothing_green(void **state)
{
    struct bench b;

    (void)state;
    bench_init(&b, 2);
    fact(&b, "patches", "fix_1 fix_2");
    b.product.complete_until = "2026-09";
    assert_int_equal(judge(&b)->patch, HF_PATCH_UNKNOWN);
    assert_string_equal(b.state.status.patch_why, "catalogue ends 2026-09");
    b.product.complete_until = NULL;
    assert_int_equal(judge(&b)->patch, HF_PATCH_UNKNOWN);
    b.catalogue.products_len = 0;
    assert_int_equal(judge(&b)->patch, HF_PATCH_UNKNOWN);
    /* what is known to be missing is missing all the same */
    fact(&b, "patches", "fix_1");
    assert_int_equal(judge(&b)->patch, HF_PATCH_BEHIND);
    bench_clear(&b);
}

static void
a_kernel_without_rows_is_uncovered(void **state)
{
    struct bench b;

    (void)state;
    bench_init(&b, 2);
    fact(&b, "kernel.release", "6.1.0-57-cloud-amd64");
    judge(&b);
    assert_int_equal(b.state.status.coverage, HF_COVERAGE_UNCOVERED);
    assert_int_equal(b.state.status.patch, HF_PATCH_UNKNOWN);
    bench_clear(&b);
}

static void
an_unknown_patch_hides_the_level(void **state)
{
    struct bench b;

    (void)state;
    bench_init(&b, 2);
    fact(&b, "patches", "kpatch_9");
    assert_int_equal(judge(&b)->patch, HF_PATCH_UNKNOWN);
    assert_string_equal(b.state.status.patch_why,
                        "kpatch_9 is in effect, which the catalogue does not "
                        "know");
    fact(&b, "patches", "fix_1 fix_2 kpatch_9");
    assert_int_equal(judge(&b)->patch, HF_PATCH_CURRENT);
    assert_string_equal(b.state.status.patch_why,
                        "besides, kpatch_9 is in effect, from elsewhere");
    bench_clear(&b);
}

static void
a_block_is_ineligible_unless_it_passes_by_itself(void **state)
{
    struct bench b;

    (void)state;
    bench_init(&b, 2);
    fact(&b, "transition", "fix_1");
    fact(&b, "job.state", "running");
    assert_int_equal(judge(&b)->coverage, HF_COVERAGE_COVERED);
    fact(&b, "livepatch.supported", "no");
    assert_int_equal(judge(&b)->coverage, HF_COVERAGE_INELIGIBLE);
    assert_string_equal(b.state.status.coverage_why,
                        "blocked by: Live patching in the kernel");
    bench_clear(&b);
}

static void
the_end_of_coverage_makes_a_restart_due(void **state)
{
    struct bench b;

    (void)state;
    bench_init(&b, 2);
    b.rows[0].covered_until = day("2027-03-01");
    b.rows[1].covered_until = day("2027-01-01");
    assert_int_equal(judge(&b)->coverage, HF_COVERAGE_COVERED);
    assert_int_equal(b.state.status.covered_until, day("2027-01-01"));
    b.rows[1].covered_until = day("2026-11-01");
    assert_int_equal(judge(&b)->coverage, HF_COVERAGE_RESTART_DUE);
    bench_clear(&b);
}

static void
a_transition_names_its_holder(void **state)
{
    struct bench b;

    (void)state;
    bench_init(&b, 2);
    fact(&b, "transition", "fix_1");
    fact(&b, "transition.blockers", "12/12 nfsd svc_recv");
    assert_int_equal(judge(&b)->patch, HF_PATCH_IN_TRANSITION);
    assert_string_equal(b.state.status.patch_why,
                        "fix_1 is held by 12/12 nfsd svc_recv");
    no_fact(&b, "transition.blockers", "needs elevation");
    judge(&b);
    assert_string_equal(b.state.status.patch_why,
                        "fix_1 has not reached every task");
    bench_clear(&b);
}

static void
rolled_back_lasts_until_something_newer(void **state)
{
    struct bench b;

    (void)state;
    bench_init(&b, 2);
    recent(&b, "rollback", "verified", KERNEL);
    assert_int_equal(judge(&b)->patch, HF_PATCH_ROLLED_BACK);
    b.rows[1].released = b.now - 60000; /* after the run */
    assert_int_equal(judge(&b)->patch, HF_PATCH_BEHIND);
    b.rows[1].released = day("2026-10-01");
    fact(&b, "boot.id", "another");
    assert_int_equal(judge(&b)->patch, HF_PATCH_BEHIND);
    fact(&b, "boot.id", BOOT);
    fact(&b, "patches", "fix_1 fix_2");
    assert_int_equal(judge(&b)->patch, HF_PATCH_CURRENT);
    bench_clear(&b);
}

static void
the_last_run_may_have_failed_or_proven_nothing(void **state)
{
    struct bench b;

    (void)state;
    bench_init(&b, 2);
    recent(&b, "apply", "failed", KERNEL);
    assert_int_equal(judge(&b)->patch, HF_PATCH_FAILED);
    assert_string_equal(b.state.status.patch_why, "because");
    fact(&b, "patches", "fix_1 fix_2");
    assert_int_equal(judge(&b)->patch, HF_PATCH_CURRENT);
    recent(&b, "apply", "unverified", KERNEL);
    assert_int_equal(judge(&b)->patch, HF_PATCH_UNVERIFIED);
    fact(&b, "boot.id", "another");
    assert_int_equal(judge(&b)->patch, HF_PATCH_CURRENT);
    bench_clear(&b);
}

static void
reads_the_pending_restart(void **state)
{
    struct bench b;

    (void)state;
    bench_init(&b, 2);
    fact(&b, "restart.pending", "yes");
    fact(&b, "restart.reason", "a newer kernel");
    fact(&b, "restart.since", "1794000000");
    assert_int_equal(judge(&b)->reboot, HF_REBOOT_PENDING);
    assert_string_equal(b.state.status.reboot_why, "a newer kernel");
    assert_int_equal(b.state.status.reboot_at, INT64_C(1794000000000));
    fact(&b, "restart.scheduled", "1794300000");
    assert_int_equal(judge(&b)->reboot, HF_REBOOT_SCHEDULED);
    assert_int_equal(b.state.status.reboot_at, INT64_C(1794300000000));
    bench_clear(&b);
    bench_init(&b, 2);
    no_fact(&b, "restart.pending", "needs elevation");
    assert_int_equal(judge(&b)->reboot, HF_REBOOT_UNKNOWN);
    bench_clear(&b);
}

static void
says_what_a_restart_keeps(void **state)
{
    struct bench b;

    (void)state;
    bench_init(&b, 2);
    assert_int_equal(judge(&b)->survives, HF_SURVIVES_UNKNOWN);
    fact(&b, "patches", "fix_1 fix_2");
    assert_int_equal(judge(&b)->survives, HF_SURVIVES_NO);
    assert_string_equal(b.state.status.survives_by, "nobody loads it again");
    fact(&b, "survive", "kpatch.service");
    assert_int_equal(judge(&b)->survives, HF_SURVIVES_YES);
    assert_string_equal(b.state.status.survives_by, "kpatch.service");
    fact(&b, "boot.next", "6.1.0-57-cloud-amd64");
    assert_int_equal(judge(&b)->survives, HF_SURVIVES_NO);
    no_fact(&b, "boot.next", "needs elevation");
    assert_int_equal(judge(&b)->survives, HF_SURVIVES_UNKNOWN);
    bench_clear(&b);
}

static int
elsewhere(struct bench *b)
{
    return (judge(b)->flags & HF_FLAG_PATCHED_ELSEWHERE) != 0;
}

static void
notices_patches_that_no_run_left(void **state)
{
    struct bench b;

    (void)state;
    bench_init(&b, 2);
    assert_false(elsewhere(&b));
    fact(&b, "patches", "fix_1");
    assert_false(elsewhere(&b)); /* seen for the first time */
    recent(&b, "apply", "verified", KERNEL " + fix_1");
    assert_false(elsewhere(&b));
    fact(&b, "patches", "fix_1 fix_2");
    assert_true(elsewhere(&b));
    fact(&b, "patches", "none");
    assert_true(elsewhere(&b)); /* taken out, the host did not restart */
    fact(&b, "boot.id", "another");
    assert_false(elsewhere(&b)); /* a restart drops patches */
    fact(&b, "boot.id", BOOT);
    recent(&b, "apply", "failed", KERNEL " + fix_1"); /* it wanted that */
    assert_false(elsewhere(&b));
    bench_clear(&b);
}

static void
sets_the_flags_that_facts_tell(void **state)
{
    struct bench b;

    (void)state;
    bench_init(&b, 2);
    b.host.hold = "year end";
    strcpy(b.state.net, "timeout");
    fact(&b, "job.state", "running");
    judge(&b);
    assert_int_equal(b.state.status.flags,
                     HF_FLAG_HELD | HF_FLAG_UNREACHABLE | HF_FLAG_JOB_RUNNING);
    b.now += 86400001;
    judge(&b);
    assert_true(b.state.status.flags & HF_FLAG_STALE);
    bench_clear(&b);
}

static void
automatic_platform_is_found_by_the_facts(void **state)
{
    struct bench b;

    (void)state;
    bench_init(&b, 2);
    b.host.platform = "auto";
    assert_int_equal(judge(&b)->patch, HF_PATCH_BEHIND);
    b.host.platform = "windows";
    assert_int_equal(judge(&b)->patch, HF_PATCH_UNKNOWN);
    bench_clear(&b);
}

static void
long_levels_are_cut_between_characters(void **state)
{
    char level[HF_WHY_LEN];
    struct hf_strs names = {0};

    (void)state;
    for (int i = 0; i < 100; i++)
        hf_strs_add(&names, "\xc3\xbc\xc3\xbc");
    livepatch_level(level, KERNEL, &names);
    assert_true(strlen(level) >= HF_WHY_LEN - 3);
    assert_true(hf_utf8_valid(level, strlen(level)));
    hf_strs_release(&names);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_facts_everything_is_unknown),
        cmocka_unit_test(a_missing_patch_is_behind),
        cmocka_unit_test(all_of_the_newest_level_is_current),
        cmocka_unit_test(an_old_catalogue_shows_nothing_green),
        cmocka_unit_test(a_kernel_without_rows_is_uncovered),
        cmocka_unit_test(an_unknown_patch_hides_the_level),
        cmocka_unit_test(a_block_is_ineligible_unless_it_passes_by_itself),
        cmocka_unit_test(the_end_of_coverage_makes_a_restart_due),
        cmocka_unit_test(a_transition_names_its_holder),
        cmocka_unit_test(rolled_back_lasts_until_something_newer),
        cmocka_unit_test(the_last_run_may_have_failed_or_proven_nothing),
        cmocka_unit_test(reads_the_pending_restart),
        cmocka_unit_test(says_what_a_restart_keeps),
        cmocka_unit_test(notices_patches_that_no_run_left),
        cmocka_unit_test(sets_the_flags_that_facts_tell),
        cmocka_unit_test(automatic_platform_is_found_by_the_facts),
        cmocka_unit_test(long_levels_are_cut_between_characters),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
