/* Failures in plain words, whoever worded them. */
#include <stdio.h>

#include "tests/unit/drivers/livepatch/bench.h"

struct sample {
    const char *code, *tool, *klog;
    const char *said; /* part of the sentence */
};

static void
explain(struct hf_err *err, const struct sample *s)
{
    struct hf_facts result = {0};

    hf_facts_set(&result, "result.outcome", "failed", NULL, 1);
    hf_facts_set(&result, "result.code", s->code, NULL, 1);
    hf_facts_set(&result, "result.text", "fix_1 failed", NULL, 1);
    hf_facts_set(&result, "result.tool", s->tool ? s->tool : "", NULL, 1);
    if (s->klog)
        hf_facts_set(&result, "result.klog", s->klog, NULL, 1);
    else
        hf_facts_set_unknown(&result, "result.klog", "needs elevation", NULL,
                             1);
    hf_driver_livepatch.explain(err, &result);
    hf_facts_release(&result);
}

static void
knows_the_words_of_kmod_busybox_and_kernel(void **state)
{
    static const char kmod[] = "insmod: ERROR: could not insert module x.ko: ";
    static const char busybox[] = "insmod: can't insert 'x.ko': ";
    static const struct sample samples[] = {
        {"load", "Invalid module format", "[1] x: version magic 'a' should be",
         "built for another kernel or with other options"},
        {"load", "Invalid module format",
         "x: disagrees about version of symbol module_layout",
         "another kernel or flavour"},
        {"load", "Invalid module format",
         ".gnu.linkonce.this_module section size must match",
         "another kernel line"},
        {"load", "Invalid module format", "Invalid ELF header magic",
         "no module, or it is damaged"},
        {"load", "Invalid parameters",
         "livepatch: symbol 'x' not found in symbol table",
         "does not exist in this kernel"},
        {"load", "Device or resource busy",
         "livepatch: pre-patch callback failed for object 'vmlinux'",
         "the patch itself refused this machine"},
        {"load", "Key was rejected by service", NULL, "signature was rejected"},
        {"load", "Required key not available", "", "does not know the key"},
        {"load", "", "Loading of unsigned module is rejected",
         "takes signed modules only"},
        {"load", "Operation not permitted", "", "the kernel forbids it"},
        {"load", "Device or resource busy", "", "in transition"},
        {"load", "Device or resource busy",
         "x: module verification failed: signature and/or required key "
         "missing - tainting kernel",
         "in transition"},
        {"load", "File exists", "", "loaded already"},
        {"load", "invalid module format", "", "does not fit this kernel"},
        {"load", "invalid parameters", "", "cannot use"},
        {"load", "unknown symbol in module, or unknown parameter", "",
         "does not have"},
        {"load", "Exec format error", "", "does not fit this kernel"},
        {"remove", "rmmod: ERROR: Module x is in use", "", "still in use"},
        {"remove",
         "rmmod: can't unload module 'x': Resource temporarily unavailable", "",
         "still in use"},
    };

    (void)state;
    for (size_t i = 0; i < HF_COUNT(samples); i++) {
        for (int who = 0; who < 2; who++) {
            struct hf_err err = HF_ERR_INIT;
            struct sample s = samples[i];
            char tool[200];

            snprintf(tool, sizeof(tool), "%s%s", who ? busybox : kmod, s.tool);
            s.tool = tool;
            explain(&err, &s);
            if (!strstr(err.text, s.said))
                fail_msg("'%s' does not say '%s'", err.text, s.said);
            assert_int_equal(strncmp(err.text, "fix_1 failed: ", 14), 0);
            assert_true(strlen(err.hint) > 0);
            assert_int_equal(err.code, HF_ERR);
        }
    }
}

static void
every_code_of_the_job_has_a_next_step(void **state)
{
    static const char *const codes[] = {
        "kernel", "file",    "checksum", "release",  "name",    "transition",
        "load",   "disable", "remove",   "internal", "foreign", "parameter"};

    (void)state;
    for (size_t i = 0; i < HF_COUNT(codes); i++) {
        struct hf_err err = HF_ERR_INIT;

        explain(&err, &(struct sample){.code = codes[i], .klog = ""});
        assert_string_equal(err.text, "fix_1 failed");
        assert_true(strlen(err.hint) > 0);
    }
}

static void
names_who_held_it_and_what_stays(void **state)
{
    struct hf_err err = HF_ERR_INIT;
    struct hf_facts result = {0};

    (void)state;
    hf_facts_set(&result, "outcome", "stuck", NULL, 1);
    hf_facts_set(&result, "code", "transition", NULL, 1);
    hf_facts_set(&result, "text", "fix_1 did not end", NULL, 1);
    hf_facts_set(&result, "blockers", "12/12 nfsd svc_recv", NULL, 1);
    hf_facts_set(&result, "remaining", "fix_1", NULL, 1);
    hf_driver_livepatch.explain(&err, &result);
    assert_string_equal(err.text,
                        "fix_1 did not end; held by 12/12 nfsd svc_recv; "
                        "not brought back: fix_1");
    hf_facts_release(&result);
}

static void
says_that_there_is_no_result(void **state)
{
    struct hf_err err = HF_ERR_INIT;
    struct hf_facts none = {0};

    (void)state;
    hf_driver_livepatch.explain(&err, &none);
    assert_string_equal(err.text, "the job left no result");
    assert_true(strlen(err.hint) > 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(knows_the_words_of_kmod_busybox_and_kernel),
        cmocka_unit_test(every_code_of_the_job_has_a_next_step),
        cmocka_unit_test(names_who_held_it_and_what_stays),
        cmocka_unit_test(says_that_there_is_no_result),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
