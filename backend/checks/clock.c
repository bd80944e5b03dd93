/* How far is the host's clock from ours? */
#include "backend/base/time.h"
#include "backend/checks/check.h"
#include "backend/checks/read.h"

#define TOLERATED_MS ((int64_t)60 * 1000)

static void
run(const struct hf_check_in *in, struct hf_finding *out)
{
    static const char expected[] = "within one minute of ours";
    const char *text = hf_finding_need(out, in->facts, "clock", expected);
    char span[HF_TIME_LEN];
    int64_t theirs, ahead;

    if (!text)
        return;
    if (hf_fact_time(&theirs, text) < 0) {
        hf_finding_set(out, HF_VERDICT_UNKNOWN, expected, "not a time: '%s'",
                       text);
        return;
    }
    ahead = theirs - out->at;
    hf_span_format(span, ahead < 0 ? -ahead : ahead);
    if (ahead >= -TOLERATED_MS && ahead <= TOLERATED_MS)
        hf_finding_set(out, HF_VERDICT_PASS, expected, "%s apart", span);
    else
        hf_finding_set(out, HF_VERDICT_WARN, expected, "%s %s", span,
                       ahead < 0 ? "behind" : "ahead");
}

const struct hf_check hf_check_clock = {
    .name = "clock",
    .title = "Clock of the host",
    .help = "logs, windows and certificates are read by the host's own clock",
    .remedy = "set the clock, and see why it is not synchronised",
    .who = "root on the host",
    .spares = HF_SPARES_ALL,
    .run = run,
};
