/*
 * A host with all that is known of it now: what screens, selectors and
 * reports look at. A fleet has many of them, so a state holds only where the
 * host stands; what is recorded of it, and the findings over that, are
 * fetched for whoever asks.
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

/* The outcome of a host that was read once and never changed by a run. */
#define HF_FIRST_SEEN "first-seen"
int hf_recent_is_first(const struct hf_recent *r);

/* What is recorded of a host; {0} is nothing. */
struct hf_record {
    struct hf_facts facts; /* newest known; empty = never asked */
    struct hf_recent recent;
    /* What criteria compare with: a few facts from before the run in `recent`
     * (see hf_baseline_keys); empty when no run has changed the host. */
    struct hf_facts baseline;
    char net_why[2 * HF_WHY_LEN]; /* of the last contact; names two keys */
    int64_t net_at;
};

void hf_record_release(struct hf_record *r);

struct hf_state {
    const struct hf_host *host; /* borrowed from the fleet */
    struct hf_standing status;
    char net[24]; /* outcome of the last contact, "" = fine or never */
    /* Of the record, as it was judged last: */
    int asked;       /* there are facts */
    int64_t newest;  /* when the newest of them was read, 0 = none */
    int64_t last_at; /* recent.at */
    /* Behind the functions below. */
    const struct hf_recall *recall; /* NULL: all of it is here */
    size_t place;                   /* for `recall` */
    struct hf_record *record;
    struct hf_findings findings;
    int has_findings;
};

/* Where what is not here comes from. Both fill an empty `out`; several
 * threads may call them at once, for different states. */
struct hf_recall {
    void (*record)(const struct hf_recall *r, const struct hf_state *st,
                   struct hf_record *out);
    void (*findings)(const struct hf_recall *r, const struct hf_state *st,
                     struct hf_findings *out);
};

/* Nothing is known of it. */
void hf_state_init(struct hf_state *s, const struct hf_host *host);
void hf_state_release(struct hf_state *s);

/* Never NULL. Borrowed until the state is released, folded or judged. */
const struct hf_record *hf_state_record(const struct hf_state *s);
/* Eligibility checks over the recorded facts; the same holds. */
const struct hf_findings *hf_state_findings(const struct hf_state *s);
/* Who else may install there, as the host said; NULL: nobody, or not known.
 * Borrowed as the record is. */
const char *hf_state_others(const struct hf_state *s);
/* The record to be changed: from now on it is the state's own. Judge the host
 * afterwards. */
struct hf_record *hf_state_change(struct hf_state *s);
/* Lets go of what can be fetched again: for a look at one host after the
 * other. */
void hf_state_fold(const struct hf_state *s);

#endif
