/*
 * How many hosts have the newest release in effect: now, over time, and how
 * long it took. Always two figures: of the covered hosts, and of all in scope,
 * where whoever cannot be counted as current counts as not current.
 */
#ifndef HF_PLAYBOOKS_COMPLIANCE_H
#define HF_PLAYBOOKS_COMPLIANCE_H

#include "playbooks/timeline.h"

/* Each host is one of these; the first that holds, from above. */
enum hf_counted {
    HF_COUNTED_EXCEPTED,
    HF_COUNTED_UNREACHABLE,
    HF_COUNTED_INELIGIBLE,
    HF_COUNTED_UNVERIFIED,
    HF_COUNTED_CURRENT,
    HF_COUNTED_BEHIND, /* also failed, taken back, under way */
    HF_COUNTED_UNKNOWN,
    HF_COUNTED_COUNT
};
extern const char *const hf_counted_names[HF_COUNTED_COUNT + 1];
enum hf_counted
hf_counted_as(enum hf_coverage coverage, enum hf_patch patch, unsigned flags);

struct hf_tally {
    size_t hosts;
    size_t recorded;                 /* of which anything was known */
    size_t covered, covered_current; /* of them */
    size_t by[HF_COUNTED_COUNT];
};
/* Tenths of a percent, rounded down; -1: of nothing. */
int hf_permille(size_t part, size_t whole);
#define HF_SHARE_LEN 16
/* "97.5 %"; "-": of nothing. */
const char *hf_share(char out[HF_SHARE_LEN], size_t part, size_t whole);
/* The same as a plain number: "97.5". */
const char *hf_percent(char out[HF_SHARE_LEN], size_t part, size_t whole);

struct hf_compliance_group {
    const char *axis, *name; /* "ring", "canary"; name NULL: in none */
    struct hf_tally tally;
};

struct hf_compliance_day {
    int64_t at; /* end of that day (UTC), the last: now */
    struct hf_tally tally;
};

/* From release to in effect, over hosts that were not current when it came
 * out. Times in ms. */
struct hf_closing {
    enum hf_severity severity; /* worst of what the release closes */
    int exploited;             /* over those that close an exploited one */
    size_t in_effect, open;    /* pairs of host and release */
    int64_t median, most;      /* of in_effect: half, 95 of 100 took as long */
    int64_t oldest;            /* of open: since when, ms ago */
};
#define HF_CLOSINGS (HF_SEVERITY_COUNT + 1) /* worst first, then exploited */

enum hf_goal_state {
    HF_GOAL_RUNNING,
    HF_GOAL_MET,
    HF_GOAL_MISSED,
    HF_GOAL_NOTHING, /* on that day no host was covered */
    HF_GOAL_COUNT
};
extern const char *const hf_goal_names[HF_GOAL_COUNT + 1];

/* What came out on one day for one product, at the goal's day or now. */
struct hf_goal_check {
    const struct hf_release *release; /* the first of them */
    int64_t due;
    enum hf_goal_state state; /* by the share of covered hosts */
    struct hf_tally tally;
};

struct hf_compliance {
    int64_t from, until;
    struct hf_tally now;
    struct hf_compliance_group *groups; /* by axis: ring, site, product */
    size_t groups_len, groups_cap;
    struct hf_compliance_day *days;
    size_t days_len, days_cap;
    struct hf_closing closings[HF_CLOSINGS];
    struct hf_goal_check *goals; /* without a goal none */
    size_t goals_len, goals_cap;
    size_t damaged;  /* records of the ledger that could not be read */
    char commit[41]; /* of the ledger */
};

/* Over `days` days until now. Names are borrowed from the session's fleet.
 * Errors: of hf_history_open. */
int hf_compliance_make(struct hf_compliance *out, struct hf_session *s,
                       const struct hf_state *const *states, size_t n, int days,
                       int64_t now, struct hf_err *err);
/* The same from a past that is open already. */
void
hf_compliance_count(struct hf_compliance *out, const struct hf_fleet *fleet,
                    const struct hf_history *history,
                    const struct hf_state *const *states, size_t n, int days,
                    int64_t now);
void hf_compliance_release(struct hf_compliance *c);
/* The share of each day in tenths of a percent, of all hosts or of the covered
 * ones; INT64_MIN: nothing was recorded then. The array is the caller's. */
int64_t *hf_compliance_trend(const struct hf_compliance *c, int of_all);

#endif
