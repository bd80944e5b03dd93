/*
 * The restart budget of a fleet: how many hosts may be down for a restart at
 * the same time, and how many in a day, over all runs of everybody. What is
 * spent stands in one record that all of them share; here are its rules, and
 * nothing here reads a clock or a file.
 *
 * A claim is a lease: it ends when it is given back, or by itself, so that a
 * process that died keeps nobody waiting for ever.
 */
#ifndef HF_MODEL_RESTARTS_H
#define HF_MODEL_RESTARTS_H

#include "backend/base/err.h"
#include "backend/model/host.h"
#include "backend/model/status.h"

/* Of one host of a rollout, or of a whole single verb (`host` empty). */
struct hf_restart_claim {
    char *run, *host, *operator_;
    int at_once;       /* hosts that are down at the same time under it */
    int restarts;      /* hosts that restart under it, all in all */
    int64_t at, until; /* ms; from `until` on it does not count any more */
};

/* How many restarts began in the hour from `at` on. */
struct hf_restart_hour {
    int64_t at; /* ms, a whole hour */
    int restarts;
};

/* Owns its members. {0} is empty. */
struct hf_restarts {
    struct hf_restart_claim *claims;
    size_t claims_len, claims_cap;
    struct hf_restart_hour *hours; /* of the last day, oldest first */
    size_t hours_len, hours_cap;
};
void hf_restarts_release(struct hf_restarts *r);

/* The record as it is kept; an empty text is an empty one. HF_EINVALID. */
int hf_restarts_parse(struct hf_restarts *out, const char *text, size_t len,
                      struct hf_err *err);
/* The caller's. */
char *hf_restarts_format(const struct hf_restarts *r);

int hf_restarts_bounded(const struct hf_restart_rule *rule);
/* "at most 5 at once, 50 a day, over all runs; local only: ..." or "not
 * bounded". */
void hf_restarts_say(char out[HF_WHY_LEN], const struct hf_fleet *fleet);
/* What counts at `now`; either may be NULL. */
void hf_restarts_count(const struct hf_restarts *r, int64_t now, int *at_once,
                       int *in_a_day);

/*
 * 1: there is room, and the claim is in the record from now on; one of the
 * same run and host is prolonged, and costs nothing more. 0: no room; `why`
 * names the bound and who holds it, `until` (ms) is when there may be room at
 * the latest. The claim is copied.
 */
int hf_restarts_claim(struct hf_restarts *r, const struct hf_restart_rule *rule,
                      const struct hf_restart_claim *claim, int64_t now,
                      int64_t *until, char why[HF_WHY_LEN]);
/* 1: it was there, and is no more. `unused`: nothing restarted under it, so
 * the day gets it back, too. */
int hf_restarts_give_back(struct hf_restarts *r, const char *run,
                          const char *host, int unused);

#endif
