/* Is there room for the job folder and the modules in it? */
#include "backend/checks/check.h"
#include "backend/checks/read.h"

#define MIB ((int64_t)1024 * 1024)
#define NEEDED (16 * MIB)
#define COMFORTABLE (64 * MIB)

static void
run(const struct hf_check_in *in, struct hf_finding *out)
{
    static const char expected[] = "at least 16 MiB free";
    const char *text = hf_finding_need(out, in->facts, "space.bytes", expected);
    enum hf_verdict verdict = HF_VERDICT_PASS;
    int64_t bytes;

    if (!text)
        return;
    if (hf_facts_int(in->facts, "space.bytes", &bytes) < 0 || bytes < 0) {
        hf_finding_set(out, HF_VERDICT_UNKNOWN, expected,
                       "not a number of bytes: '%s'", text);
        return;
    }
    if (bytes < NEEDED)
        verdict = HF_VERDICT_BLOCK;
    else if (bytes < COMFORTABLE)
        verdict = HF_VERDICT_WARN;
    if (bytes < MIB)
        hf_finding_set(out, verdict, expected, "%lld KiB free",
                       (long long)(bytes / 1024));
    else
        hf_finding_set(out, verdict, expected, "%lld MiB free",
                       (long long)(bytes / MIB));
}

const struct hf_check hf_check_space = {
    .name = "space",
    .title = "Free space for the job folder",
    .help = "a job brings files along and keeps its log on the host",
    .remedy = "free some space under /var/lib",
    .who = "root on the host",
    .spares = HF_SPARES_REMOVAL,
    .run = run,
};
