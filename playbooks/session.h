/*
 * A session: one opened fleet with all that is recorded of it, and the means
 * to act on it (transport, journal, ledger). Console and command line stand
 * on this and on nothing below it.
 */
#ifndef HF_PLAYBOOKS_SESSION_H
#define HF_PLAYBOOKS_SESSION_H

#include "backend/base/json.h"
#include "backend/engine/run.h"
#include "backend/model/selector.h"
#include "inventory/ledger.h"
#include "inventory/repo.h"

struct hf_session;

struct hf_session_options {
    const char *dir; /* -C, or NULL: $HOTFLEET_FLEET, else "." */
    int read_only;   /* refuses every write, also the ledger's */
    struct hf_secret *(*passphrase)(void *ctx, const char *identity);
    void *ctx;
    /* Simulated copies stand for the hosts: everything says "simulated",
     * nothing is pushed or signed, no hook is run, and copies are found where
     * `dial` says, see hf_run_options. */
    int rehearsal;
    void (*dial)(void *ctx, const struct hf_host *h, struct hf_link_spec *spec);
    struct hf_net_limits limits; /* of everything that hosts are asked */
};

/* Opens and loads; problems of the inventory are in *problems (caller's to
 * release) also when it fails with HF_EINVALID. Settles open intents of
 * earlier processes only when hf_session_recover is called. */
int hf_session_open(struct hf_session **out,
                    const struct hf_session_options *options,
                    struct hf_problems *problems, struct hf_err *err);
void hf_session_free(struct hf_session *s);

struct hf_repo *hf_session_repo(struct hf_session *s);
const struct hf_fleet *hf_session_fleet(const struct hf_session *s);
int hf_session_read_only(const struct hf_session *s);
/* Reads the committed tree again when HEAD moved, or somebody else wrote the
 * ledger. 1: something changed (old host pointers are invalid, the last run is
 * gone), 0 (also while a run is under way, or the ledger cannot be told what
 * happened), or an error (old one stays). */
int hf_session_reload(struct hf_session *s, struct hf_problems *problems,
                      struct hf_err *err);

/* All hosts with facts, findings, status; fleet order. */
const struct hf_state *hf_session_states(const struct hf_session *s, size_t *n);
const struct hf_state *
hf_session_state(const struct hf_session *s, const char *host);
/* Recomputes statuses (time passes, holds age). */
void hf_session_judge(struct hf_session *s, int64_t now);

/* ---- acting ---- */

struct hf_ask {
    enum hf_action action;
    const char *const *hosts; /* names; frozen list */
    size_t hosts_len;
    const char *selector; /* how they were chosen, for still_wanted and
                             the record; NULL: by name */
    const char *change, *reason;
    int parallel, go_on, again;
    const char *again_on; /* as `again`, on this host; or NULL */
    int old_catalogue;    /* although overdue; needs a reason */
    unsigned break_glass; /* rules to be overridden (enum hf_glass); needs a
                             reason, and the fleet must allow each */
    int planned;          /* for a plan: bounds of single verbs do not hold */
    /* A part of a rollout, which keeps records of its own: */
    const char *unless_running; /* see hf_run_options */
    int unless_logged_on;
    const struct hf_also *also; /* the same; also for a forecast */
    int64_t host_time,
        restart_time; /* ms: how long each may take; 0: as ever */
    const char *run;  /* its id; NULL: a run of its own, with a new one */
    const char *const *levels; /* planned, by host; NULL: any. Another one would
                                  be HF_ESTALE */
    int manual;                /* hosts start by hf_session_begin only */
    int sample; /* a look in between: no evidence, nothing remembered but
                   facts */
};

/* What would happen to one host: for forms and --dry-run. Owned by the plan */
struct hf_forecast {
    const struct hf_state *state;
    struct hf_order order;
    enum hf_outcome skip; /* HF_OUTCOME_COUNT: would be done; else why not */
    char why[HF_WHY_LEN];
    char hint[HF_WHY_LEN]; /* the next step, or empty */
};
struct hf_forecasts {
    struct hf_forecast *v;
    size_t len, cap;
    size_t to_do, restarts; /* hosts that would be changed; with a restart */
};
void hf_forecasts_release(struct hf_forecasts *f);
/* From recorded facts; contacts nobody. HF_ESTALE: the catalogue is overdue;
 * HF_EREFUSED: change missing or not matching the fleet's rule, more hosts
 * than adhoc.max_hosts, or a ring that it does not name. What was forecast is
 * in `out` then, too: the caller's to release. */
int hf_session_forecast(struct hf_session *s, struct hf_forecasts *out,
                        const struct hf_ask *ask, struct hf_err *err);

/* Starts it. One run at a time per session (HF_ELOCKED: another process has
 * the fleet, or a host is still unsettled; see text); what changes hosts is
 * refused as hf_session_forecast says. A host named twice counts once. The run
 * is the session's; its events reach `on_event` and are recorded. Poll
 * hf_session_fds, call hf_session_pump. */
int hf_session_start(struct hf_session *s, const struct hf_ask *ask,
                     void (*on_event)(void *ctx, const struct hf_event *e),
                     void *ctx, struct hf_err *err);
/* In a manual run: this host, by name, now. HF_ENOTFOUND: not in the run. */
int
hf_session_begin(struct hf_session *s, const char *host, struct hf_err *err);
struct hf_run *hf_session_run(struct hf_session *s); /* or NULL */
/* The run's id; "" when none was ever started. */
const char *hf_session_run_id(const struct hf_session *s);

#define HF_SESSION_FDS 4
/* Fills fds to poll for reading, returns how many. */
size_t hf_session_fds(const struct hf_session *s, int fds[HF_SESSION_FDS]);
/* Pumps run, journal and ledger. Returns ms until the next call is due (-1:
 * when an fd wakes) or HF_RUN_OVER when the run has just ended: states are
 * updated, everything is journalled; the ledger may still be writing. When it
 * has everything, the fleet's lock is let go. */
int64_t hf_session_pump(struct hf_session *s);
/* Waits (bounded) until the ledger holds everything. The error says whether
 * the journal keeps what the ledger lacks. */
int
hf_session_settle(struct hf_session *s, int64_t timeout_ms, struct hf_err *err);
/* "" or why the ledger lags: "not yet pushed: ...". Borrowed. */
const char *hf_session_ledger_note(const struct hf_session *s);

/* Open intents of earlier processes (killed, crashed) on hosts of this fleet:
 * how many. What another process is at work on does not count; while it is,
 * none can be settled. */
size_t hf_session_open_intents(const struct hf_session *s);
/* "run R of WHO is under way in process 123 since T", when another process is
 * at work on this fleet, or NULL. Looks anew, also for what is unsettled.
 * Borrowed until the next call. */
const char *hf_session_elsewhere(struct hf_session *s);
/* The run that began to change this host and has not told how it ended, be it
 * killed or under way in another process; or NULL. Borrowed. */
const char *
hf_session_unsettled_run(const struct hf_session *s, const char *host);
/* Starts a run that asks those hosts what happened, follows jobs that still
 * run, and records each once. */
int hf_session_recover(struct hf_session *s,
                       void (*on_event)(void *, const struct hf_event *),
                       void *ctx, struct hf_err *err);

/* Whatever machine answers under these names next is the one that is meant
 * ("enroll --again"): the machine ids recorded for them are forgotten. */
int hf_session_adopt(struct hf_session *s, const char *const *hosts, size_t n,
                     struct hf_err *err);

/* "git name <mail>, uid 1000 (sudo from ann), ssh from 10.0.0.7": who acts,
 * with what is proven. Borrowed. */
const char *hf_session_operator(const struct hf_session *s);

/* ---- host keys ---- */

struct hf_scanned {
    const struct hf_host *host;
    enum hf_net_outcome outcome;
    char *key, *fingerprint; /* what the server showed, or NULL */
    char why[HF_WHY_LEN];
};
/* Fetches the keys of hosts without a pinned one (or of all with `again`).
 * Blocks, calling `tick` about every 100 ms; result array caller's
 * (hf_scanned_free). */
int hf_session_scan(struct hf_session *s, const char *const *hosts, size_t n,
                    struct hf_scanned **out, void (*tick)(void *, size_t done),
                    void *ctx, struct hf_err *err);
void hf_scanned_free(struct hf_scanned *v, size_t n);

#endif
