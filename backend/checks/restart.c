/* Does the host wait for a restart already? */
#include "backend/base/time.h"
#include "backend/checks/check.h"
#include "backend/checks/read.h"

static void
run(const struct hf_check_in *in, struct hf_finding *out)
{
    static const char expected[] = "no restart is pending";
    const char *text =
        hf_finding_need(out, in->facts, "restart.pending", expected);
    const char *reason = hf_facts_get(in->facts, "restart.reason");
    const char *since = hf_facts_get(in->facts, "restart.since");
    int pending = hf_facts_bool(in->facts, "restart.pending");
    char when[HF_TIME_LEN];
    int64_t at;

    if (!text)
        return;
    if (!reason || !*reason)
        reason = "without a reason";
    if (pending < 0)
        hf_finding_set(out, HF_VERDICT_UNKNOWN, expected,
                       "neither yes nor no: '%s'", text);
    else if (!pending)
        hf_finding_set(out, HF_VERDICT_PASS, expected, "none");
    else if (since && hf_fact_time(&at, since) == 0)
        hf_finding_set(out, HF_VERDICT_WARN, expected, "pending since %s: %s",
                       hf_time_format(when, at), reason);
    else
        hf_finding_set(out, HF_VERDICT_WARN, expected, "pending: %s", reason);
}

const struct hf_check hf_check_restart = {
    .name = "restart",
    .title = "Pending restart",
    .help = "a host that waits for a restart may run older code than its "
            "packages say",
    .remedy = "restart the host in its window",
    .who = "whoever owns the host's restart window",
    .needs_restart = 1,
    .spares = HF_SPARES_UNDO,
    .run = run,
};
