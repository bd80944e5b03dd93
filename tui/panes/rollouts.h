/*
 * The runs of plans that a console knows, read again when their logs or the
 * ledger moved; and what is said to them. They are carried out elsewhere.
 */
#ifndef HF_PANES_ROLLOUTS_H
#define HF_PANES_ROLLOUTS_H

#include "tui/rows/rings.h"

/* {0} knows none. */
struct hf_rollouts {
    struct hf_rings_run *v; /* newest first */
    size_t len, cap;
    uint64_t stamp;
    int looked;
};
void hf_rollouts_release(struct hf_rollouts *r);
/* Reads what moved since the last look: 1 when anything did, 0, or an error.
 * A run that cannot be read says so itself. */
int hf_rollouts_look(struct hf_rollouts *r, struct hf_session *s,
                     struct hf_err *err);
/* Says `kind` about a ring (-1: none) to a run, as hf_rollout_say. */
int hf_rollouts_say(struct hf_session *s, const char *run,
                    enum hf_rollout_kind kind, int ring, struct hf_err *err);
/* Pauses every run that is not over, paused or halted: how many, or an error
 * (the others were told all the same). */
int hf_rollouts_pause_all(struct hf_rollouts *r, struct hf_session *s,
                          struct hf_err *err);

#endif
