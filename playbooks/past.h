/*
 * Runs that are over, or that a killed process left: what the ledger and the
 * journal still know of them. Nothing is written and nobody asked.
 */
#ifndef HF_PLAYBOOKS_PAST_H
#define HF_PLAYBOOKS_PAST_H

#include "playbooks/session.h"

/* The ledger's run.json, and end.json or NULL when it has not ended; the
 * caller's. HF_ENOTFOUND: the ledger does not know the run. */
int hf_past_run(cJSON **doc, cJSON **end, struct hf_session *s, const char *run,
                struct hf_err *err);
/* The evidence that a run left about a host, the caller's. HF_ENOTFOUND:
 * none, as checks leave none. */
int hf_past_evidence(cJSON **out, struct hf_session *s, const char *run,
                     const char *host, struct hf_err *err);

/* Hosts that a killed process left unsettled, as the journal says: the i-th,
 * or 0. Texts are borrowed until the session acts. */
struct hf_unsettled {
    const char *run, *host;
    enum hf_action action;
};
int hf_session_unsettled(const struct hf_session *s, size_t i,
                         struct hf_unsettled *out);

#endif
