/*
 * What hotpatching was worth: restarts that did not happen, from evidence, and
 * what that comes to by the fleet's own figures. What is not proven is not
 * counted; what is not stated is not guessed.
 */
#ifndef HF_PLAYBOOKS_SAVINGS_H
#define HF_PLAYBOOKS_SAVINGS_H

#include "playbooks/history.h"

struct hf_saved {
    size_t hotpatches; /* put into effect, proven: the same boot id */
    size_t unproven;   /* in effect, but the boot ids do not show it */
    size_t taken_back; /* of these proven ones, since */
    size_t fallbacks;  /* took the update with restart instead */
    size_t restarts;   /* of runs of ours, whatever for: the boot id moved */
    size_t rollbacks;  /* that succeeded, whatever they took back */
};
/* Restarts avoided: proven, and not taken back. Never negative; those of the
 * months add up to that of all. */
size_t hf_saved_avoided(const struct hf_saved *s);

struct hf_saved_month {
    char month[8];  /* "2026-11", UTC */
    int64_t begins; /* ms */
    struct hf_saved saved;
};

/* In whole units of the currency. */
struct hf_money {
    int64_t low, high; /* worth of the avoided restarts */
    int64_t minutes;   /* of people, -1: not stated */
    /* -1: not stated, so not in the sum */
    int64_t licence_month; /* as stated, or by cores */
    int64_t licence, rollbacks, fallbacks;
    int64_t costs; /* the sum of what is stated */
    int64_t net_low, net_high;
    /* Restarts that pay for the licence, a month; -1: nothing to pay for */
    int64_t even_low, even_high;
};

struct hf_savings {
    int64_t from, until;
    struct hf_saved all;
    struct hf_saved_month *months; /* every one of the time, in order */
    size_t months_len, months_cap;
    struct hf_costs costs; /* what it was reckoned with */
    struct hf_money money;
    size_t damaged;
    char commit[41]; /* of the ledger */
    /* Before adoption, an estimate: hosts that hotpatches could reach, and
     * restarts a year that would not be needed on them. */
    size_t could, could_avoid;
};

/* Of these hosts between two times. Errors: of hf_history_open. */
int hf_savings_make(struct hf_savings *out, struct hf_session *s,
                    const struct hf_state *const *states, size_t n,
                    int64_t from, int64_t until, struct hf_err *err);
/* The same from a past that is open already. */
void hf_savings_count(struct hf_savings *out, const struct hf_fleet *fleet,
                      const struct hf_history *h,
                      const struct hf_state *const *states, size_t n,
                      int64_t from, int64_t until);
void hf_savings_release(struct hf_savings *s);
/* By the figures in `costs`. */
void hf_money_of(struct hf_money *out, const struct hf_saved *saved,
                 const struct hf_costs *costs, int64_t from, int64_t until);

#endif
