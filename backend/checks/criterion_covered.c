/*
 * A restart for a baseline, or into another kernel, is made so that hotpatches
 * keep coming: coverage must be `covered` again. Where nobody promised that
 * (an ordinary update off the track, a kernel without live patches) what it
 * came to is said, and no more.
 */
#include "backend/checks/check.h"

static void
run(const struct hf_check_in *in, struct hf_finding *out)
{
    static const char expected[] = "coverage is covered";
    const struct hf_standing *s = in->status;
    int promised = in->order && in->order->covers;
    enum hf_verdict verdict = promised ? HF_VERDICT_BLOCK : HF_VERDICT_WARN;

    if (!s) {
        hf_finding_set(out, HF_VERDICT_UNKNOWN, expected, "not judged");
        return;
    }
    if (s->coverage == HF_COVERAGE_COVERED)
        verdict = HF_VERDICT_PASS;
    else if (s->coverage == HF_COVERAGE_UNKNOWN && promised)
        verdict = HF_VERDICT_UNKNOWN;
    hf_finding_set(
        out, verdict, expected, "%s%s%s%s", hf_coverage_names[s->coverage],
        s->coverage_why[0] ? ": " : "", s->coverage_why,
        verdict == HF_VERDICT_WARN ? "; this restart promised no other" : "");
}

const struct hf_check hf_criterion_covered = {
    .name = "covered",
    .title = "Coverage is covered again",
    .help = "the quarter's restart is made so that hotpatches keep coming",
    .remedy = "see hotfleet why HOST, and install the baseline that it lacks",
    .who = "an administrator of the host",
    .needs_restart = 1,
    .settles = 1,
    .run = run,
};
