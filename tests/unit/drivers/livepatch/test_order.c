/* What an action would do, its price, and the price of taking it back. */
#include "tests/unit/drivers/livepatch/bench.h"

static const char *
param(const struct hf_order *o, const char *name)
{
    return hf_params_get(&o->params, name);
}

static void
apply_brings_what_is_missing_in_order(void **state)
{
    const struct hf_order *o;
    struct bench b;

    (void)state;
    bench_init(&b, 2);
    o = order(&b, HF_ACTION_APPLY);
    assert_true(o->price.possible);
    assert_int_equal(o->price.restart, HF_RESTART_NO);
    assert_false(o->nothing);
    assert_string_equal(param(o, "ACTION"), "apply");
    assert_string_equal(param(o, "KERNEL"), KERNEL);
    assert_string_equal(param(o, "TRANSITION_S"), "75");
    assert_string_equal(param(o, "MODULES"), "fix_1=" SUM " fix_2=" SUM);
    assert_string_equal(param(o, "EXPECT"), "fix_1 fix_2");
    assert_string_equal(param(o, "ABSENT"), "none");
    assert_int_equal(o->uploads_len, 2);
    assert_string_equal(o->uploads[1].name, "fix_2.ko");
    assert_string_equal(o->uploads[1].sha256, SUM);
    assert_string_equal(o->level_from, KERNEL);
    assert_string_equal(o->level_to, KERNEL " + fix_1 fix_2");
    assert_int_equal(o->price.cves.len, 2);
    assert_true(o->undo.possible);
    assert_int_equal(o->undo.cves.len, 2);
    assert_true(o->time_limit > 2 * 2 * 75000);
    bench_clear(&b);
}

static void
apply_of_what_is_there_is_nothing(void **state)
{
    const struct hf_order *o;
    struct bench b;

    (void)state;
    bench_init(&b, 2);
    fact(&b, "patches", "fix_1 fix_2");
    o = order(&b, HF_ACTION_APPLY);
    assert_true(o->nothing);
    assert_true(o->price.possible);
    assert_int_equal(o->uploads_len, 0);
    bench_clear(&b);
}

static void
undoing_an_atomic_replacement_opens_more(void **state)
{
    const struct hf_order *o;
    struct bench b;

    (void)state;
    bench_init(&b, 3);
    fact(&b, "patches", "fix_1 kpatch_9");
    o = order(&b, HF_ACTION_APPLY);
    assert_string_equal(o->level_to, KERNEL " + fix_3");
    assert_string_equal(param(o, "EXPECT"), "fix_3");
    assert_string_equal(param(o, "ABSENT"), "fix_1 kpatch_9");
    assert_int_equal(o->price.cves.len, 1);
    assert_true(hf_strs_has(&o->undo.cves, "CVE-2026-0001"));
    assert_true(hf_strs_has(&o->undo.cves, "CVE-2026-0003"));
    assert_string_equal(o->undo.note,
                        "goes back to the kernel's own code, not to fix_1, "
                        "kpatch_9, which is replaced");
    bench_clear(&b);
}

static void
assert_refused(struct bench *b, enum hf_action action, const char *why)
{
    const struct hf_order *o = order(b, action);

    assert_false(o->price.possible);
    assert_string_equal(o->price.why, why);
}

static void
refuses_what_it_cannot_know(void **state)
{
    static const enum hf_action both[] = {HF_ACTION_APPLY, HF_ACTION_ROLLBACK};
    struct bench b;

    (void)state;
    for (size_t i = 0; i < HF_COUNT(both); i++) {
        bench_init(&b, 2);
        fact(&b, "transition", "fix_1");
        assert_refused(&b, both[i],
                       "fix_1 is in transition: nothing else can be done "
                       "before it has ended");
        no_fact(&b, "transition", "absent");
        assert_refused(&b, both[i],
                       "whether a patch is in transition is not known: absent");
        fact(&b, "kernel.release", "5.10.0");
        assert_refused(&b, both[i],
                       "the catalogue has no live patch for kernel 5.10.0");
        no_fact(&b, "patches", "absent");
        assert_refused(&b, both[i],
                       "the patches in effect are not known: absent");
        no_fact(&b, "kernel.release", "absent");
        assert_refused(&b, both[i], "the running kernel is not known: absent");
        bench_clear(&b);
    }
}

static void
refuses_rows_without_a_module(void **state)
{
    struct bench b;

    (void)state;
    bench_init(&b, 2);
    b.rows[1].sha256 = NULL;
    assert_refused(&b, HF_ACTION_APPLY,
                   "the catalogue's row of fix_2 names no module file");
    b.rows[1].sha256 = SUM;
    b.rows[1].patch = "fix;2";
    assert_refused(&b, HF_ACTION_APPLY,
                   "the catalogue's row has no usable patch name");
    b.rows[1].patch = NULL;
    assert_refused(&b, HF_ACTION_APPLY,
                   "the catalogue's row has no usable patch name");
    bench_clear(&b);
}

static void
rollback_takes_the_newest_release_out(void **state)
{
    const struct hf_order *o;
    struct bench b;

    (void)state;
    bench_init(&b, 2);
    fact(&b, "patches", "fix_1 fix_2");
    o = order(&b, HF_ACTION_ROLLBACK);
    assert_true(o->price.possible);
    assert_int_equal(o->price.restart, HF_RESTART_NO);
    assert_string_equal(param(o, "PATCHES"), "fix_2");
    assert_string_equal(param(o, "EXPECT"), "fix_1");
    assert_string_equal(param(o, "ABSENT"), "fix_2");
    assert_string_equal(o->level_to, KERNEL " + fix_1");
    assert_int_equal(o->price.cves.len, 1);
    assert_string_equal(o->price.cves.v[0], "CVE-2026-0002");
    assert_null(param(o, "MODULES"));
    assert_int_equal(o->uploads_len, 0);
    bench_clear(&b);
}

static void
patches_of_one_day_go_together_top_first(void **state)
{
    const struct hf_order *o;
    struct bench b;

    (void)state;
    bench_init(&b, 2);
    b.rows[0].released = b.rows[1].released;
    fact(&b, "patches", "fix_1 fix_2");
    o = order(&b, HF_ACTION_ROLLBACK);
    assert_string_equal(param(o, "PATCHES"), "fix_2 fix_1");
    assert_string_equal(o->level_to, KERNEL);
    bench_clear(&b);
}

static void
rollback_of_a_replacement_names_its_price(void **state)
{
    const struct hf_order *o;
    struct bench b;

    (void)state;
    bench_init(&b, 3);
    fact(&b, "patches", "fix_3");
    o = order(&b, HF_ACTION_ROLLBACK);
    assert_true(o->price.possible);
    assert_int_equal(o->price.cves.len, 3);
    assert_string_equal(o->price.note,
                        "fix_3 had replaced older patches: this goes back to "
                        "the kernel's own code, not to them");
    assert_string_equal(o->level_to, KERNEL);
    bench_clear(&b);
}

static void
rollback_without_our_patches_is_nothing(void **state)
{
    const struct hf_order *o;
    struct bench b;

    (void)state;
    bench_init(&b, 2);
    fact(&b, "patches", "kpatch_9");
    o = order(&b, HF_ACTION_ROLLBACK);
    assert_true(o->nothing);
    assert_string_equal(o->price.why,
                        "no live patch of the catalogue is in effect");
    bench_clear(&b);
}

static void
refuses_to_take_out_what_was_forced(void **state)
{
    struct bench b;

    (void)state;
    bench_init(&b, 2);
    fact(&b, "patches", "fix_1 fix_2");
    fact(&b, "patch.fix_2.forced", "yes");
    assert_refused(&b, HF_ACTION_ROLLBACK,
                   "fix_2 was forced into effect: only a restart removes it");
    bench_clear(&b);
}

static void
refuses_to_take_out_what_lies_below(void **state)
{
    struct bench b;

    (void)state;
    bench_init(&b, 2);
    fact(&b, "patches", "fix_1 fix_2 kpatch_9");
    assert_true(order(&b, HF_ACTION_ROLLBACK)->price.possible);
    fact(&b, "patch.fix_2.stack_order", "2");
    fact(&b, "patch.kpatch_9.stack_order", "3");
    assert_refused(&b, HF_ACTION_ROLLBACK,
                   "kpatch_9 lies above it: take that out first");
    fact(&b, "patch.kpatch_9.stack_order", "1");
    assert_true(order(&b, HF_ACTION_ROLLBACK)->price.possible);
    bench_clear(&b);
}

static void
verify_expects_what_the_last_run_left(void **state)
{
    const struct hf_order *o;
    struct bench b;

    (void)state;
    bench_init(&b, 2);
    o = order(&b, HF_ACTION_VERIFY);
    assert_string_equal(param(o, "EXPECT"), "fix_1 fix_2");
    recent(&b, "check", "first-seen", KERNEL);
    o = order(&b, HF_ACTION_VERIFY);
    assert_string_equal(param(o, "EXPECT"), "fix_1 fix_2");
    recent(&b, "apply", "verified", KERNEL " + fix_1");
    o = order(&b, HF_ACTION_VERIFY);
    assert_string_equal(param(o, "EXPECT"), "fix_1");
    recent(&b, "rollback", "verified", KERNEL);
    o = order(&b, HF_ACTION_VERIFY);
    assert_string_equal(param(o, "EXPECT"), "none");
    bench_clear(&b);
}

/* Somebody's boot script may load again what was taken out. */
static void
verify_after_a_rollback_wants_the_patch_gone(void **state)
{
    const struct hf_order *o;
    struct bench b;

    (void)state;
    bench_init(&b, 2);
    fact(&b, "patches", "fix_1 fix_2");
    recent(&b, "rollback", "verified", KERNEL " + fix_1");
    hf_facts_set(&hf_state_change(&b.state)->baseline, "patches", "fix_1 fix_2",
                 "probe", 1);
    o = order(&b, HF_ACTION_VERIFY);
    assert_string_equal(param(o, "EXPECT"), "fix_1");
    assert_string_equal(param(o, "ABSENT"), "fix_2");
    assert_int_equal(finding(&b, &hf_criterion_patches)->verdict,
                     HF_VERDICT_BLOCK);
    fact(&b, "patches", "fix_1");
    assert_int_equal(finding(&b, &hf_criterion_patches)->verdict,
                     HF_VERDICT_PASS);
    /* What failed to go is measured by the catalogue. */
    recent(&b, "rollback", "failed", KERNEL " + fix_1 fix_2");
    assert_string_equal(param(order(&b, HF_ACTION_VERIFY), "ABSENT"), "none");
    bench_clear(&b);
}

static void
assert_nothing_to_prove(struct bench *b, const char *why)
{
    const struct hf_order *o = order(b, HF_ACTION_VERIFY);

    assert_false(o->price.possible);
    assert_non_null(strstr(o->price.why, "nothing to prove: "));
    assert_non_null(strstr(o->price.why, why));
}

static void
verify_proves_nothing_where_nothing_is_expected(void **state)
{
    struct bench b;

    (void)state;
    bench_init(&b, 2);
    assert_true(order(&b, HF_ACTION_VERIFY)->price.possible);
    fact(&b, "kernel.release", "5.10.0-28-amd64");
    assert_nothing_to_prove(&b, "no live patch for kernel 5.10.0-28-amd64");
    recent(&b, "check", "first-seen", "5.10.0-28-amd64");
    assert_nothing_to_prove(&b, "no live patch for kernel");
    recent(&b, "apply", "unverified", "5.10.0-28-amd64");
    assert_nothing_to_prove(&b, "no live patch for kernel");
    recent(&b, "rollback", "verified", "5.10.0-28-amd64");
    assert_true(order(&b, HF_ACTION_VERIFY)->price.possible);
    no_fact(&b, "kernel.release", "absent");
    assert_nothing_to_prove(&b, "the running kernel is not known: absent");
    bench_clear(&b);
}

static void
minutes_are_rounded_up(void **state)
{
    struct bench b;
    struct hf_release rows[7];

    (void)state;
    bench_init(&b, 2);
    assert_int_equal(order(&b, HF_ACTION_APPLY)->price.minutes, 0);
    for (size_t i = 0; i < HF_COUNT(rows); i++)
        rows[i] = patch_row(
            ((const char *const[]){"a", "b", "c", "d", "e", "f", "g"})[i],
            "2026-09-01", cves_1);
    b.catalogue.releases = rows;
    b.catalogue.releases_len = HF_COUNT(rows);
    assert_int_equal(order(&b, HF_ACTION_APPLY)->price.minutes, 2);
    bench_clear(&b);
}

/* What becomes of fix_1 over a restart, by these facts. */
static void
expect_boot(const char *next, const char *survives, const char *note,
            size_t cves)
{
    struct bench b;
    const struct hf_order *o;

    bench_init(&b, 1);
    fact(&b, "patches", "fix_1");
    fact(&b, "patch.fix_1.enabled", "1");
    if (next)
        fact(&b, "boot.next", next);
    else
        no_fact(&b, "boot.next", "cannot be told");
    if (survives)
        fact(&b, "patch.fix_1.survives", survives);
    o = order(&b, HF_ACTION_REBOOT);
    assert_string_equal(o->price.note, note);
    assert_int_equal(o->price.cves.len, cves);
    /* there are live patches for that kernel, and for no other one */
    assert_int_equal(o->covers, next && strcmp(next, KERNEL) == 0);
    bench_clear(&b);
}

static void
a_restart_names_the_kernel_and_who_loads_patches_again(void **state)
{
    (void)state;
    expect_boot(KERNEL, "kpatch.service",
                "boots " KERNEL "; kpatch.service loads again: fix_1", 0);
    expect_boot(KERNEL, "none",
                "boots " KERNEL "; gone until applied again: fix_1", 1);
    expect_boot("6.1.0-57", "kpatch.service",
                "boots 6.1.0-57; gone until applied again: fix_1", 1);
    expect_boot(KERNEL, NULL,
                "boots " KERNEL "; who loads it again is not known: fix_1", 1);
    expect_boot(NULL, "kpatch.service",
                "boots a kernel that is not known; kpatch.service loads again "
                "if it is the same: fix_1",
                0);
}

static void
there_is_nothing_to_stage_and_it_says_so(void **state)
{
    struct bench b;

    (void)state;
    bench_init(&b, 2);
    assert_int_equal(order(&b, HF_ACTION_STAGE)->nothing, 1);
    assert_non_null(strstr(b.order.price.why, "nothing to stage"));
    bench_clear(&b);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(apply_brings_what_is_missing_in_order),
        cmocka_unit_test(apply_of_what_is_there_is_nothing),
        cmocka_unit_test(undoing_an_atomic_replacement_opens_more),
        cmocka_unit_test(refuses_what_it_cannot_know),
        cmocka_unit_test(refuses_rows_without_a_module),
        cmocka_unit_test(rollback_takes_the_newest_release_out),
        cmocka_unit_test(patches_of_one_day_go_together_top_first),
        cmocka_unit_test(rollback_of_a_replacement_names_its_price),
        cmocka_unit_test(rollback_without_our_patches_is_nothing),
        cmocka_unit_test(refuses_to_take_out_what_was_forced),
        cmocka_unit_test(refuses_to_take_out_what_lies_below),
        cmocka_unit_test(verify_expects_what_the_last_run_left),
        cmocka_unit_test(verify_after_a_rollback_wants_the_patch_gone),
        cmocka_unit_test(verify_proves_nothing_where_nothing_is_expected),
        cmocka_unit_test(minutes_are_rounded_up),
        cmocka_unit_test(
            a_restart_names_the_kernel_and_who_loads_patches_again),
        cmocka_unit_test(there_is_nothing_to_stage_and_it_says_so),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
