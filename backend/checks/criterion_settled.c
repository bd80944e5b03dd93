/* A restart is for what waits for it: nothing may wait afterwards. */
#include "backend/checks/check.h"

static void
run(const struct hf_check_in *in, struct hf_finding *out)
{
    static const char expected[] = "no restart is pending any more";
    const char *text =
        hf_finding_need(out, in->facts, "restart.pending", expected);
    const char *reason = hf_facts_get(in->facts, "restart.reason");

    if (!text)
        return;
    switch (hf_facts_bool(in->facts, "restart.pending")) {
    case 0:
        hf_finding_set(out, HF_VERDICT_PASS, expected, "none");
        break;
    case 1:
        hf_finding_set(out, HF_VERDICT_BLOCK, expected, "still pending: %s",
                       reason ? reason : "no reason given");
        break;
    default:
        hf_finding_set(out, HF_VERDICT_UNKNOWN, expected,
                       "neither yes nor no: '%s'", text);
    }
}

const struct hf_check hf_criterion_settled = {
    .name = "settled",
    .title = "No restart is pending any more",
    .help = "what waited for the restart is done by it",
    .remedy = "see what still asks for a restart",
    .who = "whoever owns the host's restart window",
    .needs_restart = 1,
    .settles = 1,
    .run = run,
};
