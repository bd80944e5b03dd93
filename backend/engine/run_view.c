/* What others see of a run: its hosts, counts, exit status. */
#include <string.h>

#include "backend/base/time.h"
#include "backend/engine/flow.h"

const char *const hf_phase_names[HF_PHASE_COUNT + 1] = {
    [HF_PHASE_WAITING] = "waiting",
    [HF_PHASE_PROBING] = "reading facts",
    [HF_PHASE_LOCKING] = "taking the job folder",
    [HF_PHASE_UPLOADING] = "uploading",
    [HF_PHASE_STARTING] = "starting the job",
    [HF_PHASE_WORKING] = "job runs",
    [HF_PHASE_LOST] = "connection lost, will ask again",
    [HF_PHASE_CLOSING] = "closing the job",
    [HF_PHASE_RESTARTING] = "restarting",
    [HF_PHASE_CALLING] = "calling the restart off",
    [HF_PHASE_VERIFYING] = "verifying",
    [HF_PHASE_DONE] = "done",
};

size_t
hf_run_hosts_len(const struct hf_run *r)
{
    return r->len;
}

const struct hf_run_host *
hf_run_host(const struct hf_run *r, size_t i)
{
    return i < r->len ? &r->flows[i].pub : NULL;
}

void
hf_run_counts(const struct hf_run *r, size_t by_outcome[HF_OUTCOME_COUNT],
              size_t *waiting, size_t *in_flight)
{
    memcpy(by_outcome, r->by_outcome, sizeof(r->by_outcome));
    *waiting = r->len - r->next;
    *in_flight = r->active_len;
}

int
hf_run_is_held(const struct hf_run *r, const char **why)
{
    if (why)
        *why = r->held ? r->held_why : "";
    return r->held;
}

int
hf_run_exit(const struct hf_run *r)
{
    const size_t *by = r->by_outcome;
    int acting = hf_action_changes(r->o.action);

    if (r->interrupted)
        return 130;
    if (acting && (by[HF_OUTCOME_CANCELLED] || by[HF_OUTCOME_CALLED_OFF]) &&
        !by[HF_OUTCOME_LOCKED] && !by[HF_OUTCOME_CLOSED])
        return 3;
    if (hf_outcomes_exit(by) != 0)
        return hf_outcomes_exit(by);
    /* Held and ineligible hosts are no failure, unless nothing else is left:
     * "patched none of them" must not look like success. */
    if (acting && !by[HF_OUTCOME_VERIFIED] && !by[HF_OUTCOME_ALREADY])
        return 2;
    return 0;
}

int64_t
hf_run_lull(const struct hf_run *r)
{
    int64_t now = hf_pace();

    for (size_t i = 0; i < r->active_len; i++) {
        const struct flow *f = r->active[i];

        if (f->asked || (f->intent_seq && !f->intent_durable))
            return -1;
    }
    return r->earliest > now ? r->earliest - now : 0;
}
