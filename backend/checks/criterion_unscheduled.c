/* After a restart was called off: none is scheduled any more. */
#include "backend/checks/check.h"

static void
run(const struct hf_check_in *in, struct hf_finding *out)
{
    static const char expected[] = "no restart is scheduled";
    const char *at = hf_facts_get(in->facts, "restart.scheduled");
    const char *off = hf_finding_need(out, in->facts, "restart.calledoff",
                                      "the run that was called off");

    if (!off)
        return;
    if (at)
        hf_finding_set(out, HF_VERDICT_BLOCK, expected, "one is due at %s", at);
    else
        hf_finding_set(out, HF_VERDICT_PASS, expected, "that of run %s is off",
                       off);
}

const struct hf_check hf_criterion_unscheduled = {
    .name = "unscheduled",
    .title = "No restart is scheduled",
    .help = "a restart that was called off must not come after all",
    .remedy = "call it off on the host (shutdown /a, shutdown -c)",
    .who = "an administrator of the host",
    .run = run,
};

const struct hf_check *const hf_call_off_criteria[] = {
    &hf_criterion_boot_id,
    &hf_criterion_unscheduled,
    NULL,
};
