/*
 * A host with all that is known of it now: what screens, selectors and
 * reports look at.
 */
#ifndef HF_MODEL_STATE_H
#define HF_MODEL_STATE_H

#include "backend/model/facts.h"
#include "backend/model/host.h"
#include "backend/model/status.h"
#include "backend/model/verdict.h"

/* What past runs left, read from the ledger and the journal. */
struct hf_recent {
    char run[40];           /* the last run that touched the host, or empty */
    char action[16];        /* "apply", "rollback", ... */
    char outcome[24];       /* see hf_outcome_names */
    char level[HF_WHY_LEN]; /* level that it was to leave behind */
    char boot_id[40];       /* at the end of that run */
    char why[HF_WHY_LEN];
    int64_t at;
    char machine_id[40]; /* of the machine that was enrolled under the name */
};

struct hf_state {
    const struct hf_host *host;  /* borrowed from the fleet */
    struct hf_facts facts;       /* newest known; empty = never asked */
    struct hf_findings findings; /* eligibility checks over those facts */
    struct hf_status status;
    struct hf_recent recent;
    /* What criteria compare with: a few facts from before the run in `recent`
     * (see hf_baseline_keys); empty when no run has changed the host. */
    struct hf_facts baseline;
    char net[24]; /* outcome of the last contact, "" = fine or never */
    char net_why[2 * HF_WHY_LEN]; /* names two keys */
    int64_t net_at;
};

void hf_state_release(struct hf_state *s);

#endif
