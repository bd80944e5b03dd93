/* Is somebody else's job at work on the host? */
#include <string.h>

#include "backend/base/text.h"
#include "backend/base/time.h"
#include "backend/checks/check.h"
#include "backend/checks/read.h"

#define FORSAKEN_S 7200 /* no run holds a host longer without starting */

/* Jobs that are over; their folder is put away by the next run. */
static int
is_over(const char *state)
{
    return strcmp(state, "ended") == 0 || strcmp(state, "died") == 0 ||
           strcmp(state, "rebooted") == 0;
}

/* Taken and never started, by somebody who was cut off before writing a name
 * or who has been away for longer than a host may take. */
static int
is_forsaken(const struct hf_check_in *in, const char *state)
{
    int64_t since, clock;

    if (strcmp(state, "begun") != 0)
        return 0;
    return !hf_facts_get(in->facts, "job.run") ||
           (hf_facts_int(in->facts, "job.since", &since) == 0 &&
            hf_facts_int(in->facts, "clock", &clock) == 0 &&
            clock - since > FORSAKEN_S);
}

static const char *
fact_or(const struct hf_check_in *in, const char *key, const char *otherwise)
{
    const char *value = hf_facts_get(in->facts, key);

    return value && *value ? value : otherwise;
}

static void
run(const struct hf_check_in *in, struct hf_finding *out)
{
    static const char expected[] = "no job of another run";
    const char *state = hf_finding_need(out, in->facts, "job.state", expected);
    const char *holder = fact_or(in, "job.run", "unknown");
    const char *who = fact_or(in, "job.operator", "somebody unknown");
    char sign[HF_TIME_LEN] = "unknown";
    int64_t seconds;

    if (!state)
        return;
    if (strcmp(state, "none") == 0) {
        hf_finding_set(out, HF_VERDICT_PASS, expected, "none");
        return;
    }
    if (is_over(state)) {
        hf_finding_set(out, HF_VERDICT_WARN, expected,
                       "run %s of %s is over (%s) but was not put away", holder,
                       who, state);
        return;
    }
    if (is_forsaken(in, state)) {
        hf_finding_set(out, HF_VERDICT_WARN, expected,
                       "run %s of %s took the job folder and never came back",
                       holder, who);
        return;
    }
    if (hf_facts_int(in->facts, "job.heartbeat", &seconds) == 0 &&
        seconds >= 0 && seconds <= INT64_MAX / 1000)
        hf_span_format(sign, seconds * 1000);
    hf_finding_set(out, HF_VERDICT_BLOCK, expected,
                   "run %s of %s, %s, last sign of life %s%s", holder, who,
                   state, sign, strcmp(sign, "unknown") ? " ago" : "");
}

const struct hf_check hf_check_job = {
    .name = "job",
    .title = "Jobs of other runs",
    .help = "two jobs at once would undo or hide each other's work",
    .remedy = "wait until that run has ended, or ask its operator",
    .who = "the operator of that run",
    .spares = HF_SPARES_READING,
    .run = run,
};
