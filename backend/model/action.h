/*
 * What is done to one host: the action, its order (from a driver), its price
 * and how it ended.
 */
#ifndef HF_MODEL_ACTION_H
#define HF_MODEL_ACTION_H

#include <cjson/cJSON.h>
#include <stddef.h>
#include <stdint.h>

#include "backend/base/buf.h"
#include "backend/base/err.h"
#include "backend/model/status.h"

enum hf_action {
    HF_ACTION_CHECK,
    HF_ACTION_APPLY,
    HF_ACTION_VERIFY,
    HF_ACTION_ROLLBACK,
    HF_ACTION_REBOOT,
    HF_ACTION_CALL_OFF, /* keeps a restart that was ordered from happening */
    HF_ACTION_RESTART_UPDATE, /* installs what needs a restart, and restarts:
                                 the baseline that is due, or the month's
                                 ordinary update where no hotpatch helps */
    HF_ACTION_STAGE, /* downloads what comes next, and installs nothing */
    HF_ACTION_COUNT
};
extern const char *const hf_action_names[HF_ACTION_COUNT + 1];
/* 0 for what only reads. */
int hf_action_changes(enum hf_action action);
/* 1 for what holds, checks, freezes and bounds stand before. Nothing stands
 * before calling a restart off. */
int hf_action_is_bound(enum hf_action action);
/* 1 for what changes what a host runs: it wants windows, and the host remembers
 * it as the last that was done. */
int hf_action_alters(enum hf_action action);

/* How a host ended within a run. */
enum hf_outcome {
    HF_OUTCOME_CHECKED,    /* check: facts were read */
    HF_OUTCOME_VERIFIED,   /* as wanted, every criterion passed */
    HF_OUTCOME_ALREADY,    /* was as wanted before: nothing done */
    HF_OUTCOME_SKIPPED,    /* left out, with the reason (held, no match...) */
    HF_OUTCOME_INELIGIBLE, /* a check blocks */
    HF_OUTCOME_FAILED,     /* the host said no, or a criterion failed */
    HF_OUTCOME_UNVERIFIED, /* neither proven nor disproven */
    HF_OUTCOME_UNREACHABLE,
    HF_OUTCOME_NOT_SEEN,   /* unreachable, and known to sleep */
    HF_OUTCOME_REFUSED,    /* host key or login */
    HF_OUTCOME_LOCKED,     /* another job holds the host */
    HF_OUTCOME_CANCELLED,  /* not started */
    HF_OUTCOME_CLOSED,     /* outside its window, or frozen: not started */
    HF_OUTCOME_CALLED_OFF, /* a person called its restart off */
    HF_OUTCOME_COUNT
};
extern const char *const hf_outcome_names[HF_OUTCOME_COUNT + 1];
/* Exit status for hosts counted by outcome: 8 some were
 * locked; 6 some were outside their window; 2 some failed or were called off; 4
 * some were not reached or are unverified; else 0. */
int hf_outcomes_exit(const size_t by_outcome[HF_OUTCOME_COUNT]);

struct hf_param {
    char *name; /* [A-Z][A-Z0-9_]* : becomes HF_<name> on the host */
    char *value;
};

struct hf_params {
    struct hf_param *v;
    size_t len, cap;
};
void hf_params_release(struct hf_params *p);
void hf_params_set(struct hf_params *p, const char *name, const char *value);
const char *hf_params_get(const struct hf_params *p, const char *name);

/* A file to bring along: from the patch store, by content. */
struct hf_upload {
    char *sha256;
    char *name; /* in the job folder: [A-Za-z0-9._-]+ */
};

/* What else is installed with an update that needs a restart. Each list is
 * NULL-terminated, or NULL; borrowed. */
struct hf_also {
    const char *const *kbs;             /* exactly these */
    const char *const *classifications; /* what is offered of these kinds */
};

enum hf_restart { HF_RESTART_NO, HF_RESTART_YES, HF_RESTART_UNKNOWN };

struct hf_price {
    int possible; /* 0: see `why` */
    enum hf_restart restart;
    int minutes;          /* expected, rounded up; 0 = under one */
    struct hf_strs cves;  /* apply: closed; else open again */
    int off_track;        /* hotpatches stop coming ... */
    int64_t off_until;    /* ... before then (ms); 0: nobody knows */
    char why[HF_WHY_LEN]; /* when not possible */
    char note[256];       /* what else it costs, or empty */
};
extern const char *const hf_restart_names[]; /* "no", "yes", "unknown" */
/* Restarting is what it is for: it needs no change window, as the restart
 * window says it all. */
int hf_action_restarts(enum hf_action action);
/* What restarts a host for certain, or may do so: an apply of which that is
 * not known installs nothing that does. */
int hf_may_restart(enum hf_action action, enum hf_restart restart);
void hf_price_release(struct hf_price *p);
/* {possible, restart, minutes, off_track, off_track_until, why, note, cves};
 * caller's. */
cJSON *hf_price_to_json(const struct hf_price *p);

/* What a driver wants done on one host. Owns its members. */
struct hf_order {
    enum hf_action action;
    struct hf_params params;
    struct hf_strs releases; /* that it puts in or takes out: KB numbers, names
                                of livepatch modules */
    struct hf_strs along;    /* KBs that are installed with them, as far as they
                                are offered: see hf_also */
    struct hf_strs stays;    /* KBs that are offered, and stay as they are */
    char offers_why[HF_WHY_LEN]; /* why `stays` is not known, or empty */
    int staged;                  /* what it installs is downloaded already */
    struct hf_upload *uploads;
    size_t uploads_len, uploads_cap;
    char level_from[HF_WHY_LEN], level_to[HF_WHY_LEN];
    char broken_glass[HF_WHY_LEN]; /* what it overrides, or empty */
    int covers;  /* with a restart: the host is `covered` afterwards */
    int nothing; /* already as wanted */
    struct hf_price price; /* of this action */
    struct hf_price undo;  /* of taking it back */
    int64_t time_limit;    /* ms for the whole job */
    int64_t restart_in;    /* ms from the job's end to the restart that it
                              orders and the host is waited for; 0: none */
};
void hf_order_release(struct hf_order *o);

#endif
