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

/* {0} knows nothing: no run, and the drivers' guesses stand. */
struct hf_undo_past {
    struct hf_durations *durations;
    struct hf_undo_run *runs; /* oldest first */
    size_t runs_len, runs_cap;
    uint32_t *of; /* by host of the fleet: the run that put in what it has,
                     HF_UNDO_NONE: none that is known */
    size_t hosts;
};

/* Errors: of hf_history_open; `out` is {0} then. */
int hf_undo_past_read(struct hf_undo_past *out, struct hf_session *s,
                      struct hf_err *err);
void hf_undo_past_release(struct hf_undo_past *p);

#endif
