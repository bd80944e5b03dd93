/*
 * Claims on the fleet's restart budget in the name of a run: made and given
 * back in the ledger, where every run of everybody looks. A call carries all
 * that it needs, so that any thread may make it. Private to playbooks/.
 */
#ifndef HF_PLAYBOOKS_RESTARTS_H
#define HF_PLAYBOOKS_RESTARTS_H

#include "backend/model/restarts.h"
#include "playbooks/session.h"

struct restart_call {
    char *dir, *branch, *remote; /* of the ledger; remote NULL: local only */
    int sign;
    struct hf_restart_rule rule;
    struct hf_restart_claim claim;
    int64_t now;
    int give_back; /* else it claims */
    int unused;    /* giving back: nothing restarted */
    /* the answer */
    int rc; /* HF_OK, or the error below: nothing was claimed */
    int granted;
    int64_t until; /* when there may be room at the latest; 0: not known */
    char why[HF_WHY_LEN];
    struct hf_err err;
};

/* For `host` of a run (NULL: for all hosts of a single verb), one restart
 * under it, for at most `lease` ms from `now` on, by the rules of `fleet`. */
struct restart_call *
restart_call_new(struct hf_session *s, const struct hf_fleet *fleet,
                 const char *run, const char *host, int64_t now, int64_t lease);
void restart_call_free(struct restart_call *call);
/* Blocks while the ledger is written, with a remote also while that is asked:
 * at most about half a minute. */
void restart_call_make(struct restart_call *call);

/* A single verb: how many hosts it may restart; claims for all of them at
 * once, and gives back when its run has ended. A rollout claims for each of its
 * hosts. HF_ELOCKED: there is no room. */
void restarts_count_verb(struct hf_session *s, const struct hf_forecasts *all,
                         enum hf_action action);
int restarts_claim_verb(struct hf_session *s, const struct hf_ask *ask,
                        const char *run, struct hf_err *err);
void restarts_end_verb(struct hf_session *s);

#endif
