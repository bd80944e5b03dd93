/* What the files of the step function share. Private to rollout*.c. */
#ifndef HF_MODEL_ROLLOUT_PRIV_H
#define HF_MODEL_ROLLOUT_PRIV_H

#include "backend/base/text.h"
#include "backend/model/rollout.h"

#define SAMPLES_KEPT 64
#define ASK_AGAIN ((int64_t)60 * 1000) /* admission could not say when */

/* Where the run is. Each place has a row in the table of rollout.c. */
enum place {
    PLACE_RUN,
    PLACE_REHEARSAL,
    PLACE_RING,
    PLACE_BATCH,
    PLACE_HOSTS,
    PLACE_BATCH_DONE,
    PLACE_GATES,
    PLACE_SOAK_START,
    PLACE_SOAK,
    PLACE_CATCH_UP,
    PLACE_FINISH,
    PLACE_OVER,
    PLACE_COUNT
};

enum hook_state { HOOK_NOT_RUN, HOOK_RUNNING, HOOK_DONE, HOOK_FAILED };

/* A gate in the current ring. */
struct gate_run {
    int64_t next_at; /* of the next sample */
    int passes, fails, asked;
    int passed, failed, told;
    int64_t signed_until; /* signoff: ms, 0 = nobody said yes */
    char why[HF_WHY_LEN]; /* of the last bad sample */
};

struct gate_past {
    uint8_t v[SAMPLES_KEPT];
    size_t len;                 /* ever taken */
    struct hf_sign_off signed_; /* the newest */
};

/* Hosts that wait for a moment, soonest first (a binary heap). */
struct wait {
    int64_t at;
    int host;
};
struct waits {
    struct wait *v;
    size_t len, cap;
};
void waits_push(struct waits *w, int host, int64_t at);
int waits_pop(struct waits *w);            /* the soonest host */
int64_t waits_next(const struct waits *w); /* 0: none */

/* Hosts that are restarted with an update are a group of their own, with
 * budgets of the same size. */
enum { GROUP_MAIN, GROUP_RESTART_UPDATE, GROUP_COUNT };

struct account {
    int spent[GROUP_COUNT][HF_BUDGET_KIND_COUNT];
    int forgiven[GROUP_COUNT][HF_BUDGET_KIND_COUNT];
};

struct ring_run {
    struct hf_rollout_counts counts;
    struct account account;
    size_t touched; /* hosts that were changed, or may have been */
    int approved, ended;
    int64_t ended_at;
};

struct hf_rollout {
    const struct hf_plan *plan;
    const struct hf_playbook *pb;
    struct hf_slot *slots;
    enum hf_rollout_state state;
    enum place place;
    enum hook_state hook; /* of this place */
    int hook_which;
    char hook_why[HF_WHY_LEN];
    int ring, batch;
    size_t batch_first, batch_end; /* hosts of the batch */
    size_t batch_open;             /* of them not ended nor asleep */
    int64_t batch_ended_at, soak_until, began, ended;
    struct gate_run *gates; /* of the current ring, one per gate */
    struct gate_past *past; /* ring x gate */
    struct ring_run *rings;
    struct hf_rollout_counts counts;
    struct account account, batch_account;
    int parallel;          /* as far as the ramp has come */
    int *domain_in_flight; /* by value */
    char stop[HF_WHY_LEN]; /* must halt, for this; told by next */
    int stop_is_pause;
    char why[HF_WHY_LEN], who[96]; /* of the state */
    int by_person;                 /* the abort */
    int superseded, finishing;
    /* Of the halt: what brought it about, and whether it was taken back. */
    int gate_failed, budget_exceeded;
    enum hook_state undo, rehearsal; /* how far */
    char undo_by[40];
    int exit, timed_out;

    /* What hf_rollout_next remembers between calls. None of it is lost when
     * it is forgotten: it only saves looking again. */
    size_t cursor;
    int chosen;         /* told to be next and not applied yet; -1: none */
    struct waits later; /* deferred, to be tried again, asleep */
    int *blocked_next;  /* by host: the next one that waits for the same
                           domain value, -1 */
    int *blocked_head;  /* by value */
    int *freed;         /* hosts whose domain has room again */
    size_t freed_len, freed_cap;
    char deferred[HF_WHY_LEN]; /* why a host may not start before then */
    int64_t deferred_until;
    int64_t due;
    char waits_for[HF_WHY_LEN];
};

/* Begins an event at `now` about nothing in particular. */
void
event_init(struct hf_rollout_event *e, enum hf_rollout_kind kind, int64_t now);
/* `at` is a moment at which it may go on. */
void wait_until(struct hf_rollout *r, int64_t at);

/* ---- rollout_hosts.c ---- */
/* The next host that may start, of the batch or of those that slept, or that
 * is not admitted any more: 1 with the event. */
int next_host(struct hf_rollout *r, int64_t now, const struct hf_admission *a,
              struct hf_rollout_event *out);
void host_started(struct hf_rollout *r, const struct hf_rollout_event *e);
void host_ended(struct hf_rollout *r, const struct hf_rollout_event *e);
void host_left_out(struct hf_rollout *r, const struct hf_rollout_event *e);
/* The ring has ended: its sleepers may be caught up from now on. */
void wake_sleepers(struct hf_rollout *r, int ring, int64_t now);
/* One host more or less that is in this state. */
void count_state(struct hf_rollout *r, int host, int by);

/* ---- rollout_gates.c ---- */
/* From here on they must pass (anew). */
void gates_begin(struct hf_rollout *r, int64_t at);
/* They go on at their pace; bad samples count from here. */
void gates_soak(struct hf_rollout *r, int64_t at);
/* A sample that is due, or what a gate has come to: 1 with the event. */
int next_gate(struct hf_rollout *r, int64_t now, struct hf_rollout_event *out);
int gates_passed(const struct hf_rollout *r);
/* Samples that were asked for and did not come yet. */
int gates_asked(const struct hf_rollout *r);
/* Sign-offs that the end of the ring waits for: NULL, or the gate. */
const struct hf_gate *gates_unsigned(const struct hf_rollout *r, int64_t now);
void gate_event(struct hf_rollout *r, const struct hf_rollout_event *e);

/* ---- rollout_budget.c ---- */
void budget_spend(struct hf_rollout *r, int host, enum hf_outcome outcome);
/* After a person said go on: what is spent is accepted, the next one is not. */
void budget_forgive(struct hf_rollout *r);
void budget_begin_batch(struct hf_rollout *r);

/* ---- rollout_undo.c ---- */
/* The host on which taking it back is tried first, or -1: none. */
int rehearsal_host(const struct hf_rollout *r);
int next_rehearsal(struct hf_rollout *r, int64_t now,
                   const struct hf_admission *a, struct hf_rollout_event *out);
void rehearsal_event(struct hf_rollout *r, const struct hf_rollout_event *e);
/* What stopped it is one of the reasons to take it back, and nobody did. */
int undo_is_due(const struct hf_rollout *r);
void undo_event(struct hf_rollout *r, const struct hf_rollout_event *e);
/* A person says go on: what is not over is tried again. */
void undo_forget(struct hf_rollout *r);

/* Must stop, for this reason. */
void must_stop(struct hf_rollout *r, int pause, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

#endif
