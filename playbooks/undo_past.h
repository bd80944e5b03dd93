/*
 * What the ledger tells of taking things back: which run put in what a host
 * has now, and how long rollbacks took before.
 */
#ifndef HF_PLAYBOOKS_UNDO_PAST_H
#define HF_PLAYBOOKS_UNDO_PAST_H

#include "playbooks/durations.h"

#define HF_UNDO_NONE UINT32_MAX

struct hf_undo_run {
    char id[HF_RUN_ID_LEN];
    char *what;  /* the playbook's name, or "apply" */
    int of_plan; /* 0: of a single verb; its hosts are named themselves */
    int64_t at;  /* ms, 0: unknown */
};

/* A host that has something of a run. */
struct hf_undo_put {
    const char *host; /* in the arena */
    uint32_t run;     /* among the runs */
};

/* {0} knows nothing: no run, and the drivers' guesses stand. */
struct hf_undo_past {
    /* ms that a rollback took in the mean, by what it was priced with; 0:
     * never measured */
    int64_t took[HF_RESTART_UNKNOWN + 1];
    struct hf_undo_run *runs; /* oldest first */
    size_t runs_len, runs_cap;
    struct hf_undo_put *put;
    size_t put_len;
    struct hf_arena *arena;
    char commit[41]; /* the ledger's newest; "" without a ledger */
    /* Once it has met a fleet: */
    uint32_t *of; /* by host of the fleet: the run that put in what it has,
                     HF_UNDO_NONE: none that is known */
    size_t hosts;
    size_t placed; /* of `put` */
};

/* From the ledger alone; it meets a fleet later. Errors: of hf_history_open;
 * `out` is {0} then. */
int hf_undo_past_load(struct hf_undo_past *out, struct hf_session *s,
                      struct hf_err *err);
/* Forgets the fleet that it met before; NULL: meets none. */
void hf_undo_past_meet(struct hf_undo_past *p, const struct hf_fleet *fleet);
/* Finds the next `n` hosts in the fleet that it met; 1 while there are more. */
int hf_undo_past_place(struct hf_undo_past *p, const struct hf_fleet *fleet,
                       size_t n);
/* All of it at once, with the session's fleet. */
int hf_undo_past_read(struct hf_undo_past *out, struct hf_session *s,
                      struct hf_err *err);
void hf_undo_past_release(struct hf_undo_past *p);

#endif
