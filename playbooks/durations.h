/*
 * How long runs took before, as the ledger has it: to say what something will
 * take, and whether it fits into what is left of a window.
 */
#ifndef HF_PLAYBOOKS_DURATIONS_H
#define HF_PLAYBOOKS_DURATIONS_H

#include "playbooks/history.h"

struct hf_durations;

/* Of runs that went well. Errors: of hf_history_open. */
int hf_durations_open(struct hf_durations **out, struct hf_session *s,
                      struct hf_err *err);
/* From a history that is open already, and may be closed then. */
struct hf_durations *hf_durations_of(const struct hf_history *h);
void hf_durations_free(struct hf_durations *d);

/* What is done: `restart` is what it is priced with, `staged` whether what it
 * installs is downloaded before. Runs that were the other way in this respect
 * count where there are none of its own kind. */
struct hf_duration_of {
    enum hf_action action;
    enum hf_restart restart;
    int staged;
};

/* Mean over all hosts, in ms; 0: it was never done. */
int64_t hf_durations_mean(const struct hf_durations *d,
                          const struct hf_duration_of *of);
/* What the host must be given, in ms: the median of the last five there (one
 * that hung tells nothing of the next); without any, what was enough for 95 of
 * 100 elsewhere; 0: nothing is known. */
int64_t hf_durations_need(const struct hf_durations *d, const char *host,
                          const struct hf_duration_of *of);

#endif
