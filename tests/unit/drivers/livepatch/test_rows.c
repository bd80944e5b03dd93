/* The driver's own eligibility checks, row by row. */
#include "tests/unit/drivers/livepatch/bench.h"

/* One fact, and what a row makes of it. */
struct sample {
    const struct hf_check *row;
    const char *key, *value;
    enum hf_verdict verdict;
    const char *found;
};

static void
every_row_judges_its_fact(void **state)
{
    static const struct sample samples[] = {
        {&hf_check_livepatch, "livepatch.supported", "yes", HF_VERDICT_PASS,
         "it has it"},
        {&hf_check_livepatch, "livepatch.supported", "no", HF_VERDICT_BLOCK,
         "no /sys/kernel/livepatch"},
        {&hf_check_arch, "arch", "s390x", HF_VERDICT_PASS, "s390x"},
        {&hf_check_arch, "arch", "riscv64", HF_VERDICT_WARN,
         "riscv64: a transition may never end"},
        {&hf_check_kernel, "kernel.release", KERNEL, HF_VERDICT_PASS,
         KERNEL " has one"},
        {&hf_check_kernel, "kernel.release", "6.1.0-57-cloud-amd64",
         HF_VERDICT_BLOCK, "none for 6.1.0-57-cloud-amd64"},
        {&hf_check_lockdown, "lockdown", "none", HF_VERDICT_PASS, "none"},
        {&hf_check_lockdown, "lockdown", "integrity", HF_VERDICT_WARN,
         "integrity: unsigned modules are refused"},
        {&hf_check_signatures, "module.sig_enforce", "no", HF_VERDICT_PASS,
         "signatures are optional"},
        {&hf_check_signatures, "module.sig_enforce", "yes", HF_VERDICT_WARN,
         "signatures are enforced"},
        {&hf_check_transition, "transition", "none", HF_VERDICT_PASS, "none"},
        {&hf_check_transition, "transition", "fix_1", HF_VERDICT_BLOCK,
         "fix_1; held by: none"},
        {&hf_check_leftovers, "modules.leftover", "none", HF_VERDICT_PASS,
         "none"},
        {&hf_check_leftovers, "modules.leftover", "fix_0", HF_VERDICT_WARN,
         "fix_0"},
        {&hf_check_foreign, "patches", "fix_1 fix_2", HF_VERDICT_PASS,
         "2 in effect"},
        {&hf_check_foreign, "patches", "fix_1 kpatch_9", HF_VERDICT_WARN,
         "kpatch_9"},
    };

    (void)state;
    for (size_t i = 0; i < HF_COUNT(samples); i++) {
        const struct sample *s = &samples[i];
        const struct hf_finding *f;
        struct bench b;

        bench_init(&b, 2);
        fact(&b, s->key, s->value);
        f = finding(&b, s->row);
        assert_string_equal(f->found, s->found);
        assert_int_equal(f->verdict, s->verdict);
        assert_string_equal(f->source, "probe");
        bench_clear(&b);
    }
}

static void
what_cannot_be_read_is_unknown(void **state)
{
    static const struct {
        const struct hf_check *row;
        const char *key;
    } rows[] = {
        {&hf_check_livepatch, "livepatch.supported"},
        {&hf_check_arch, "arch"},
        {&hf_check_kernel, "kernel.release"},
        {&hf_check_lockdown, "lockdown"},
        {&hf_check_signatures, "module.sig_enforce"},
        {&hf_check_transition, "transition"},
        {&hf_check_leftovers, "modules.leftover"},
        {&hf_check_forced, "patches"},
        {&hf_check_foreign, "patches"},
    };

    (void)state;
    for (size_t i = 0; i < HF_COUNT(rows); i++) {
        const struct hf_finding *f;
        struct bench b;

        bench_init(&b, 2);
        no_fact(&b, rows[i].key, "needs elevation");
        f = finding(&b, rows[i].row);
        assert_int_equal(f->verdict, HF_VERDICT_UNKNOWN);
        assert_non_null(strstr(f->found, "needs elevation"));
        bench_clear(&b);
    }
}

static void
names_the_patches_that_were_forced(void **state)
{
    const struct hf_finding *f;
    struct bench b;

    (void)state;
    bench_init(&b, 2);
    fact(&b, "patches", "fix_1 fix_2");
    fact(&b, "patch.fix_1.forced", "no");
    fact(&b, "patch.fix_2.forced", "no");
    assert_int_equal(finding(&b, &hf_check_forced)->verdict, HF_VERDICT_PASS);
    fact(&b, "patch.fix_2.forced", "yes");
    f = finding(&b, &hf_check_forced);
    assert_int_equal(f->verdict, HF_VERDICT_BLOCK);
    assert_string_equal(f->found, "fix_2");
    fact(&b, "patch.fix_2.forced", "no");
    no_fact(&b, "patch.fix_1.forced", "needs elevation");
    assert_int_equal(finding(&b, &hf_check_forced)->verdict,
                     HF_VERDICT_UNKNOWN);
    bench_clear(&b);
}

static void
says_that_the_configuration_lacks_it(void **state)
{
    struct bench b;

    (void)state;
    bench_init(&b, 2);
    fact(&b, "livepatch.supported", "no");
    fact(&b, "livepatch.config", "n");
    assert_string_equal(finding(&b, &hf_check_livepatch)->found,
                        "no /sys/kernel/livepatch; CONFIG_LIVEPATCH is off");
    bench_clear(&b);
}

static void
names_secure_boot(void **state)
{
    struct bench b;

    (void)state;
    bench_init(&b, 2);
    fact(&b, "module.sig_enforce", "yes");
    fact(&b, "secureboot", "yes");
    assert_string_equal(finding(&b, &hf_check_signatures)->found,
                        "signatures are enforced, Secure Boot is on");
    bench_clear(&b);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_judges_its_fact),
        cmocka_unit_test(what_cannot_be_read_is_unknown),
        cmocka_unit_test(names_the_patches_that_were_forced),
        cmocka_unit_test(says_that_the_configuration_lacks_it),
        cmocka_unit_test(names_secure_boot),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
