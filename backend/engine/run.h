/*
 * A run: one action on a list of hosts, carried out over a transport. The
 * engine knows neither git nor curses: a fleet snapshot goes in, events come
 * out. It lives on one thread; the caller polls hf_run_fd and calls
 * hf_run_pump, which never blocks.
 */
#ifndef HF_ENGINE_RUN_H
#define HF_ENGINE_RUN_H

#include "backend/engine/journal.h"
#include "backend/model/action.h"
#include "backend/model/state.h"
#include "backend/ssh/transport.h"

struct hf_run;

/* How far a host has come; names in hf_phase_names. */
enum hf_phase {
    HF_PHASE_WAITING,
    HF_PHASE_PROBING, /* reads facts before */
    HF_PHASE_LOCKING, /* takes the job folder */
    HF_PHASE_UPLOADING,
    HF_PHASE_STARTING,
    HF_PHASE_WORKING,    /* the job runs; polled */
    HF_PHASE_LOST,       /* connection lost: will re-attach */
    HF_PHASE_CLOSING,    /* frees the job folder */
    HF_PHASE_RESTARTING, /* goes away and comes back */
    HF_PHASE_CALLING,    /* its restart is being called off */
    HF_PHASE_VERIFYING,  /* reads facts after */
    HF_PHASE_DONE,
    HF_PHASE_COUNT
};
extern const char *const hf_phase_names[HF_PHASE_COUNT + 1];

struct hf_run_host {
    const struct hf_host *host;
    enum hf_phase phase;
    int64_t phase_since;     /* monotonic ms */
    enum hf_outcome outcome; /* valid in HF_PHASE_DONE */
    char why[HF_WHY_LEN];    /* of the outcome, or what it waits for */
    char hint[HF_WHY_LEN];   /* next step, or empty */
    /* A check lets go of its facts and findings after the outcome was told. */
    struct hf_facts before, after;
    struct hf_findings findings; /* checks before */
    struct hf_findings criteria; /* verification */
    struct hf_standing status;   /* after */
    char level_from[HF_WHY_LEN], level_to[HF_WHY_LEN];
    char broken_glass[HF_WHY_LEN]; /* what was overridden, or empty */
    int64_t started, ended;        /* wall clock ms */
};

/* How long things may take, in ms; 0 takes the default in brackets. */
struct hf_run_times {
    int64_t host;    /* one host, from its intent on: 2 h */
    int64_t reach;   /* to reach a host again of which no job is known to run:
                        120 s */
    int64_t pause;   /* before the first try to reach it again, doubling: 1 s */
    int64_t poll;    /* between the first polls of a job, doubling: 250 */
    int64_t restart; /* from a job that ordered a restart until the host is
                        there again: 1 h */
    int64_t linger;  /* a host that still answers so long after its restart
                        was due does not restart: 5 min */
    int64_t recover; /* after a restart, until every criterion passes: 10 min */
    int64_t settle;  /* after a restart, before it is looked at: 5 s */
};

struct hf_run_options {
    enum hf_action action;
    const struct hf_fleet *fleet;
    struct hf_transport *transport;
    struct hf_queue *results;    /* the transport's and the journal's queues */
    struct hf_journal *journal;  /* NULL: nothing is journalled (read-only
                                    check) */
    struct hf_queue *acks;       /* the journal's */
    const char *run;             /* id */
    const char *operator_;       /* for lock and records */
    const char *change, *reason; /* may be NULL */
    const char *inventory;       /* commit id */
    int parallel;                /* hosts in flight */
    int go_on;                   /* --continue: do not stop at the first
                                    failed or unverified host */
    int again;                   /* apply although rolled back */
    const char *again_on;        /* the same on this host only, borrowed */
    unsigned break_glass;        /* rules to be overridden: enum hf_glass */
    int manual;                  /* hosts start by hf_run_begin only */
    /* Hosts that are to be restarted are left as they are while one of these
     * processes runs (names, separated by blanks; borrowed for as long as the
     * run lives), or somebody is logged on. */
    const char *unless_running;
    int unless_logged_on;
    /* What goes along with an update that restarts; NULL: nothing. Borrowed in
     * the same way. */
    const struct hf_also *also;
    /* The recorded state of a host (facts, recent), borrowed; may be NULL. */
    const struct hf_state *(*recorded)(void *ctx, const struct hf_host *h);
    /* 1 when the freshly read state still belongs to what was asked for (the
     * selector); NULL: always. */
    int (*still_wanted)(void *ctx, const struct hf_state *fresh);
    /* The fleet as its newest commit has it, whose holds, exceptions, blocks
     * and calendar count for hosts that are not begun; borrowed until the next
     * call. NULL: `fleet` for the whole run. */
    const struct hf_fleet *(*newest)(void *ctx);
    /* 1 when a person agreed to this host being changed; NULL: to all. */
    int (*agreed)(void *ctx, const struct hf_host *h);
    /* The level that a rollback is to leave there, borrowed; NULL: whichever.
     * What came on top meanwhile is not taken back in its place. */
    const char *(*back_to)(void *ctx, const struct hf_host *h);
    /* 1 when the host may start now, else `why` not (the windows of a
     * playbook); asked last, when its facts were read. The fleet's calendar
     * holds without it. NULL: always. */
    int (*admit)(void *ctx, const struct hf_host *h, int64_t now,
                 char why[HF_WHY_LEN]);
    /* Where the host is to be found, instead of where the inventory says; NULL:
     * as it says. What stands there stays valid until the next call. */
    void (*dial)(void *ctx, const struct hf_host *h, struct hf_link_spec *spec);
    /* A module's bytes by SHA-256, from the patch store. */
    int (*payload)(void *ctx, const char *sha256, struct hf_buf *out,
                   struct hf_err *err);
    /* Told of every event, journalled or not; the event is borrowed. */
    void (*on_event)(void *ctx, const struct hf_event *e);
    void *ctx;
    struct hf_run_times times;
    struct hf_net_limits limits; /* of everything that is asked */
};

/* Copies what it needs of the options; hosts are borrowed from the fleet. */
int
hf_run_new(struct hf_run **out, const struct hf_run_options *options,
           const struct hf_host *const *hosts, size_t n, struct hf_err *err);
void hf_run_free(struct hf_run *r);
/*
 * Before the first pump: host `i` has an open intent of an earlier process
 * with the same run id (the data of its HF_EVENT_HOST_INTENT). It is asked
 * what became of it; nothing is started. A host whose intent cannot be read
 * ends as unverified without being asked.
 */
void hf_run_reattach(struct hf_run *r, size_t i, const cJSON *intent);
/* Does everything that can be done now. Returns ms until it wants to be
 * called again at the latest (-1: only when the fds wake), or HF_RUN_OVER. */
#define HF_RUN_OVER (-2)
int64_t hf_run_pump(struct hf_run *r);
/* After a pump: ms in which nothing happens, because every host under way only
 * waits for time to pass; -1: something was asked, or is being written. */
int64_t hf_run_lull(const struct hf_run *r);

/* A manual run: starts host `i`, now, whatever `parallel` says; a host starts
 * once. And: no other will follow; it is over when those in flight are. */
void hf_run_begin(struct hf_run *r, size_t i);
void hf_run_finish(struct hf_run *r);

/* Starts nothing new; hosts in flight finish and are verified. */
void hf_run_hold(struct hf_run *r, const char *why);
/* Start again what a hold kept back. */
void hf_run_resume(struct hf_run *r);
/* A person wants it to end: as hold, and what was not started ends as
 * cancelled. The exit status says so. */
void hf_run_stop(struct hf_run *r, const char *why);
/* A person does not want host `i` to restart after all: where this run orders
 * or ordered a restart that is not carried out yet, the host is told, and ends
 * as called off if that came in time. 0 when there is nothing to call off. */
int hf_run_call_off(struct hf_run *r, size_t i);
/* Lets go of everything at once: jobs on hosts go on, intents stay open. */
void hf_run_abandon(struct hf_run *r);

size_t hf_run_hosts_len(const struct hf_run *r);
const struct hf_run_host *hf_run_host(const struct hf_run *r, size_t i);
/* Counts by outcome of hosts that are done; others by phase. */
void hf_run_counts(const struct hf_run *r, size_t by_outcome[HF_OUTCOME_COUNT],
                   size_t *waiting, size_t *in_flight);
int hf_run_is_held(const struct hf_run *r, const char **why);

/* Exit status for outcomes: 0, 2, 3, 4, 6, 8 or 130. */
int hf_run_exit(const struct hf_run *r);

#endif
