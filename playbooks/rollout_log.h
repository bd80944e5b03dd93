/*
 * What is kept of a rollout on this machine and in the ledger: its plan, its
 * events in order, and what people said to it. The files in the state folder
 * are the truth until the ledger has them; the ledger alone is enough to go on
 * elsewhere. Private to playbooks/rollout*.c.
 *
 *   <state>/rollouts/<run>/log.jsonl     one event a line, synced
 *   <state>/rollouts/<run>/inbox/<id>    what other processes here say
 *   runs/<yyyy-mm>/<run>/plan.json       in the ledger
 *   runs/<yyyy-mm>/<run>/log/<first>.jsonl
 *   runs/<yyyy-mm>/<run>/said/<id>.json  what people say from anywhere
 */
#ifndef HF_PLAYBOOKS_ROLLOUT_LOG_H
#define HF_PLAYBOOKS_ROLLOUT_LOG_H

#include "backend/model/rollout.h"
#include "playbooks/session.h"

struct rollout_log;

/* "runs/<yyyy-mm>/<run>/<folder>/<file>", the caller's. */
char *
rollout_ledger_path(const char *run, const char *folder, const char *file);

/* Whose word counts when the log of this machine and that of the ledger went
 * on from the same events in two ways. */
enum rollout_log_trust {
    ROLLOUT_LOG_BOTH,   /* HF_ELOCKED: nobody's */
    ROLLOUT_LOG_LEDGER, /* ours is put aside */
};
/* Opens or begins the log of a run. What the ledger knows and this machine
 * does not is taken over first; what it lacks it is given. */
int rollout_log_open(struct rollout_log **out, struct hf_session *s,
                     const char *run, enum rollout_log_trust trust,
                     struct hf_err *err);
void rollout_log_close(struct rollout_log *l);

/* The run's plan: kept beside its log and in the ledger; read from either. */
int rollout_log_keep_plan(struct rollout_log *l, const struct hf_plan *plan,
                          struct hf_err *err);
/* HF_ENOTFOUND: not the id of a run, or of one without a plan. */
int rollout_log_plan(struct hf_plan **out, struct hf_session *s,
                     const char *run, struct hf_err *err);

/* Calls fn for every event so far, in order. HF_EINVALID: the log does not fit
 * the plan. */
int rollout_log_each(struct rollout_log *l, const struct hf_plan *plan,
                     void (*fn)(void *ctx, const struct hf_rollout_event *e),
                     void *ctx, struct hf_err *err);

/* The same of a run that somebody else may be carrying out. */
int rollout_log_read(struct hf_session *s, const char *run,
                     const struct hf_plan *plan,
                     void (*fn)(void *ctx, const struct hf_rollout_event *e),
                     void *ctx, struct hf_err *err);

/* Appends and syncs. HF_EIO: nothing may be done then. */
int rollout_log_add(struct rollout_log *l, const struct hf_plan *plan,
                    const struct hf_rollout_event *e, struct hf_err *err);

/* Gives the ledger what it lacks, with one sentence about it. HF_ELOCKED:
 * somebody else has gone on with the run; nothing may be done then. */
int rollout_log_record(struct rollout_log *l, const struct hf_plan *plan,
                       const char *subject, struct hf_err *err);

/* The oldest thing said to the run that is not in its log yet: 1 with the
 * event, else 0. Looks into the inbox; `far`: also into the ledger. */
int rollout_log_heard(struct rollout_log *l, const struct hf_plan *plan,
                      int far, struct hf_rollout_event *out);

#endif
