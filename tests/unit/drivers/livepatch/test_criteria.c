/* What must hold after an action. */
#include "tests/unit/drivers/livepatch/bench.h"

static void
was(struct bench *b, const char *key, const char *value)
{
    hf_facts_set(&b->before, key, value, "probe", b->now - 60000);
}

static void
expected_patches_must_be_in_effect(void **state)
{
    const struct hf_finding *f;
    struct bench b;

    (void)state;
    bench_init(&b, 2);
    order(&b, HF_ACTION_APPLY);
    f = finding(&b, &hf_criterion_patches);
    assert_int_equal(f->verdict, HF_VERDICT_BLOCK);
    assert_string_equal(f->expected, "fix_1, fix_2 in effect");
    assert_string_equal(f->found, "fix_1 is not in effect, "
                                  "fix_2 is not in effect");
    fact(&b, "patches", "fix_2 fix_1");
    assert_int_equal(finding(&b, &hf_criterion_patches)->verdict,
                     HF_VERDICT_PASS);
    no_fact(&b, "patches", "absent");
    assert_int_equal(finding(&b, &hf_criterion_patches)->verdict,
                     HF_VERDICT_UNKNOWN);
    bench_clear(&b);
}

static void
patches_that_were_taken_out_must_be_gone(void **state)
{
    const struct hf_finding *f;
    struct bench b;

    (void)state;
    bench_init(&b, 2);
    fact(&b, "patches", "fix_1 fix_2");
    order(&b, HF_ACTION_ROLLBACK);
    f = finding(&b, &hf_criterion_patches);
    assert_int_equal(f->verdict, HF_VERDICT_BLOCK);
    assert_string_equal(f->expected, "fix_1 in effect; without fix_2");
    assert_string_equal(f->found, "fix_2 is in effect");
    fact(&b, "patches", "fix_1");
    assert_int_equal(finding(&b, &hf_criterion_patches)->verdict,
                     HF_VERDICT_PASS);
    bench_clear(&b);
}

static void
a_replaced_patch_must_be_gone(void **state)
{
    struct bench b;

    (void)state;
    bench_init(&b, 3);
    fact(&b, "patches", "fix_1");
    order(&b, HF_ACTION_APPLY);
    fact(&b, "patches", "fix_1 fix_3");
    assert_int_equal(finding(&b, &hf_criterion_patches)->verdict,
                     HF_VERDICT_BLOCK);
    fact(&b, "patches", "fix_3");
    assert_int_equal(finding(&b, &hf_criterion_patches)->verdict,
                     HF_VERDICT_PASS);
    bench_clear(&b);
}

static void
an_open_transition_fails(void **state)
{
    struct bench b;

    (void)state;
    bench_init(&b, 2);
    assert_int_equal(finding(&b, &hf_criterion_transition)->verdict,
                     HF_VERDICT_PASS);
    fact(&b, "transition", "fix_1");
    assert_int_equal(finding(&b, &hf_criterion_transition)->verdict,
                     HF_VERDICT_BLOCK);
    no_fact(&b, "transition", "absent");
    assert_int_equal(finding(&b, &hf_criterion_transition)->verdict,
                     HF_VERDICT_UNKNOWN);
    bench_clear(&b);
}

static void
only_new_taint_counts(void **state)
{
    static const struct {
        const char *before, *now;
        enum hf_verdict verdict;
        const char *found;
    } samples[] = {
        {"0", "0", HF_VERDICT_PASS, "nothing new"},
        {"0", "45056", HF_VERDICT_PASS,
         "O: a module from outside the kernel is loaded; "
         "E: an unsigned module is loaded; K: the kernel was live patched"},
        {"128", "32896", HF_VERDICT_PASS, "K: the kernel was live patched"},
        {"0", "128", HF_VERDICT_BLOCK,
         "D: the kernel crashed in part (oops or BUG)"},
        {"0", "33280", HF_VERDICT_WARN, "W: the kernel warned about itself"},
        {"0", "640", HF_VERDICT_BLOCK,
         "D: the kernel crashed in part (oops or BUG); "
         "W: the kernel warned about itself"},
        {"0", "16", HF_VERDICT_BLOCK,
         "M: the hardware reported a machine check"},
        {"0", "32", HF_VERDICT_BLOCK, "B: a memory page is in a bad state"},
        {"0", "16384", HF_VERDICT_BLOCK, "L: a processor was locked up"},
        {"0", "2", HF_VERDICT_WARN, "F: a module was loaded by force"},
        {"0", "8", HF_VERDICT_WARN, "R: a module was removed by force"},
        {"0", "65536", HF_VERDICT_PASS, "nothing new"},
        {"0", "many", HF_VERDICT_UNKNOWN, "not a number: 'many'"},
        {NULL, "32768", HF_VERDICT_PASS, "K: the kernel was live patched"},
        {NULL, "512", HF_VERDICT_UNKNOWN,
         "W: the kernel warned about itself; no baseline: what it was before "
         "is not known"},
    };

    (void)state;
    for (size_t i = 0; i < HF_COUNT(samples); i++) {
        const struct hf_finding *f;
        struct bench b;

        bench_init(&b, 2);
        fact(&b, "taint", samples[i].now);
        if (samples[i].before)
            was(&b, "taint", samples[i].before);
        f = finding(&b, &hf_criterion_taint);
        assert_string_equal(f->found, samples[i].found);
        assert_int_equal(f->verdict, samples[i].verdict);
        bench_clear(&b);
    }
}

static void
only_new_lines_of_the_kernel_log_count(void **state)
{
    /* clang-format off */
    static const struct {
        const char *before, *mark, *now, *last;
        enum hf_verdict verdict;
    } samples[] = {
        {"0", "none", "0", "none", HF_VERDICT_PASS},
        {"3", "[9] Oops", "3", "[9] Oops", HF_VERDICT_PASS},
        {"3", "[9] Oops", "1", "[9] Oops", HF_VERDICT_PASS},
        {"0", "none", "1", "[9] Oops", HF_VERDICT_BLOCK},
        {"1", "Oops", "2", "Oops", HF_VERDICT_BLOCK}, /* without times */
        /* the ring has wrapped */
        {"3", "[9] Oops", "3", "[12] Oops", HF_VERDICT_BLOCK},
        {"3", "[9] Oops", "1", "[12] Oops", HF_VERDICT_BLOCK},
        {"3", "[9] Oops", "0", "none", HF_VERDICT_UNKNOWN},
        /* recorded before there were marks */
        {"3", NULL, "3", "[9] Oops", HF_VERDICT_UNKNOWN},
        {"0", NULL, "0", "none", HF_VERDICT_PASS},
        {NULL, NULL, "0", "none", HF_VERDICT_PASS},
        {NULL, NULL, "2", "[9] Oops", HF_VERDICT_UNKNOWN},
        {"0", "none", "few", "none", HF_VERDICT_UNKNOWN},
    };
    /* clang-format on */

    (void)state;
    for (size_t i = 0; i < HF_COUNT(samples); i++) {
        struct bench b;

        bench_init(&b, 2);
        fact(&b, "klog.errors", samples[i].now);
        fact(&b, "klog.last", samples[i].last);
        if (samples[i].before)
            was(&b, "klog.errors", samples[i].before);
        if (samples[i].mark)
            was(&b, "klog.last", samples[i].mark);
        assert_int_equal(finding(&b, &hf_criterion_klog)->verdict,
                         samples[i].verdict);
        bench_clear(&b);
    }
}

static void
a_log_nobody_may_read_proves_nothing(void **state)
{
    struct bench b;

    (void)state;
    bench_init(&b, 2);
    no_fact(&b, "klog.errors", "needs elevation");
    assert_int_equal(finding(&b, &hf_criterion_klog)->verdict,
                     HF_VERDICT_UNKNOWN);
    bench_clear(&b);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(expected_patches_must_be_in_effect),
        cmocka_unit_test(patches_that_were_taken_out_must_be_gone),
        cmocka_unit_test(a_replaced_patch_must_be_gone),
        cmocka_unit_test(an_open_transition_fails),
        cmocka_unit_test(only_new_taint_counts),
        cmocka_unit_test(only_new_lines_of_the_kernel_log_count),
        cmocka_unit_test(a_log_nobody_may_read_proves_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
