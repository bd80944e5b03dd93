/* Did the action leave a pending restart that was not there before? */
#include <string.h>

#include "backend/checks/check.h"

static const char *
reason_of(const struct hf_facts *facts)
{
    const char *reason = hf_facts_get(facts, "restart.reason");

    return reason && *reason ? reason : "no reason given";
}

/* A restart is pending now; was it for the same reason before? */
static void
judge_pending(const struct hf_check_in *in, struct hf_finding *out,
              const char *expected)
{
    int before = in->before ? hf_facts_bool(in->before, "restart.pending") : -1;
    const char *reason = reason_of(in->facts);

    if (before == 0)
        hf_finding_set(out, HF_VERDICT_BLOCK, expected, "newly pending: %s",
                       reason);
    else if (before < 0)
        hf_finding_no_baseline(out, in, expected, "pending: %s", reason);
    else if (strcmp(reason, reason_of(in->before)) != 0)
        hf_finding_set(out, HF_VERDICT_WARN, expected,
                       "pending before as well, the reason changed: %s",
                       reason);
    else
        hf_finding_set(out, HF_VERDICT_PASS, expected,
                       "pending before as well: %s", reason);
}

static void
run(const struct hf_check_in *in, struct hf_finding *out)
{
    static const char expected[] = "no new pending restart";
    const char *text =
        hf_finding_need(out, in->facts, "restart.pending", expected);
    int pending = hf_facts_bool(in->facts, "restart.pending");

    if (!text)
        return;
    if (pending < 0)
        hf_finding_set(out, HF_VERDICT_UNKNOWN, expected,
                       "neither yes nor no: '%s'", text);
    else if (!pending)
        hf_finding_set(out, HF_VERDICT_PASS, expected, "none");
    else
        judge_pending(in, out, expected);
}

const struct hf_check hf_criterion_restart = {
    .name = "new-restart",
    .title = "No new pending restart",
    .help = "a patch without a restart must not ask for one",
    .remedy = "see what asks for the restart, and plan it or take it back",
    .who = "whoever owns the host's restart window",
    .needs_restart = 1,
    .run = run,
};
