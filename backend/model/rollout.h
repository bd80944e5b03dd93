/*
 * The step function of a rollout: what has happened so far, as a fold over
 * events, and what is to be done next. Pure: it reads no clock, asks nobody
 * and starts nothing. Whoever carries it out does this, for ever:
 *
 *     while (hf_rollout_next(r, now, &admission, &e) == 1) {
 *         journal e; hf_rollout_apply(r, &e); do what e says;
 *     }
 *     wait until hf_rollout_due(r), or until something happened;
 *     then apply that as an event and begin again.
 *
 * A rollout that is read back event by event is the same rollout, so a crash
 * loses nothing, and any process that has the events can go on.
 */
#ifndef HF_MODEL_ROLLOUT_H
#define HF_MODEL_ROLLOUT_H

#include <cjson/cJSON.h>

#include "backend/model/plan.h"

enum hf_rollout_kind {
    /* decided by hf_rollout_next, to be carried out */
    HF_ROLLOUT_RUN_BEGAN,
    HF_ROLLOUT_RING_BEGAN,    /* ring */
    HF_ROLLOUT_BATCH_BEGAN,   /* ring, batch */
    HF_ROLLOUT_HOST_STARTED,  /* host: act on it now */
    HF_ROLLOUT_HOST_LEFT_OUT, /* host, outcome, why: not admitted any more */
    HF_ROLLOUT_SAMPLE_TAKEN,  /* ring, gate: take one now */
    HF_ROLLOUT_GATE_PASSED,   /* ring, batch, gate */
    HF_ROLLOUT_GATE_FAILED,   /* the same; why */
    HF_ROLLOUT_HOOK_BEGAN,    /* hook, ring, batch, host as far as they apply */
    HF_ROLLOUT_BATCH_ENDED,
    HF_ROLLOUT_SOAK_BEGAN, /* ring, until */
    HF_ROLLOUT_RING_ENDED,
    HF_ROLLOUT_HALTED,     /* why: a budget, a gate, a hook, the run's time */
    HF_ROLLOUT_ABORTED,    /* why: the same, where the playbook says so */
    HF_ROLLOUT_PAUSED,     /* why; also by a person */
    HF_ROLLOUT_SUPERSEDED, /* why: paused, a planned release has a newer one */
    HF_ROLLOUT_REHEARSAL_BEGAN, /* host: apply and take back there now */
    HF_ROLLOUT_UNDO_BEGAN,      /* ring, batch, by: take it back, as far as the
                                   playbook says */
    HF_ROLLOUT_ENDED,           /* exit */
    /* what happened */
    HF_ROLLOUT_HOST_ENDED,      /* host, outcome, why */
    HF_ROLLOUT_SAMPLE_ENDED,    /* ring, gate, sample, why */
    HF_ROLLOUT_HOOK_ENDED,      /* hook, ring, batch, host; ok, why */
    HF_ROLLOUT_REHEARSAL_ENDED, /* host; ok, why */
    HF_ROLLOUT_UNDO_ENDED,      /* by: the run that takes it back, if there is
                                   one; ok, why */
    HF_ROLLOUT_RESUMED,         /* who, why: also after a halt */
    HF_ROLLOUT_FINISH,          /* the same, with what was planned, whatever
                                   newer releases there are */
    HF_ROLLOUT_ABORT,           /* who, why: a person wants it to end */
    HF_ROLLOUT_REPLACED,        /* the same: another plan takes its place */
    HF_ROLLOUT_APPROVED,        /* ring; who */
    HF_ROLLOUT_SIGNED_OFF,      /* ring, gate; who, until */
    HF_ROLLOUT_SKIPPED,         /* host; who, why */
    HF_ROLLOUT_KIND_COUNT
};
extern const char *const hf_rollout_kind_names[HF_ROLLOUT_KIND_COUNT + 1];

/* -1 where an index does not apply; texts empty. A plain value. */
struct hf_rollout_event {
    enum hf_rollout_kind kind;
    int64_t at; /* ms */
    int ring, batch, gate, hook, host;
    int outcome; /* enum hf_outcome of a host */
    int sample;  /* enum hf_sample */
    int ok;      /* of a hook, a rehearsal, an undo */
    int exit;    /* of the run */
    int64_t until;
    char by[40]; /* another run */
    char who[96];
    char why[HF_WHY_LEN];
};
/* One that is about nothing yet. */
struct hf_rollout_event hf_rollout_event_of(enum hf_rollout_kind kind);
/* With names of rings, hosts, gates; caller's. And back: HF_EINVALID when it
 * names what the plan does not have. */
cJSON *hf_rollout_event_to_json(const struct hf_rollout_event *e,
                                const struct hf_plan *plan);
int hf_rollout_event_from_json(struct hf_rollout_event *out, const cJSON *doc,
                               const struct hf_plan *plan, struct hf_err *err);

/* May this host be started now? Asked at the moment it would be. */
enum hf_admit {
    HF_ADMIT_YES,
    HF_ADMIT_LATER,    /* not before `until` (0: unknown), see `why` */
    HF_ADMIT_LEAVE_OUT /* not in this run: held, known issue ... */
};
struct hf_admission {
    /* `host` is its place in the plan. Fills until, outcome (for LEAVE_OUT)
     * and why. */
    enum hf_admit (*ask)(void *ctx, int host, int64_t now, int64_t *until,
                         int *outcome, char why[HF_WHY_LEN]);
    void *ctx;
};

struct hf_rollout;

/* The plan is borrowed and outlives it. */
struct hf_rollout *hf_rollout_new(const struct hf_plan *plan);
void hf_rollout_free(struct hf_rollout *r);

/* Takes the event into account. Events of a run are applied in order, each
 * once; one that makes no sense now (a host that had ended ends) is ignored. */
void hf_rollout_apply(struct hf_rollout *r, const struct hf_rollout_event *e);

/* 1: `out` is to be done next; 0: nothing now. Asked again before that was
 * applied, it says the same. Its cost does not depend on how many hosts the
 * plan has. */
int hf_rollout_next(struct hf_rollout *r, int64_t now,
                    const struct hf_admission *admission,
                    struct hf_rollout_event *out);
/* What admission said to hosts that wait is out of date: they are asked at
 * once. */
void hf_rollout_ask_again(struct hf_rollout *r);
/* When hf_rollout_next may have something to say although nothing happened; 0:
 * never. Valid after it said 0. */
int64_t hf_rollout_due(const struct hf_rollout *r);

/* What was begun and has not ended, for a process that goes on with a run that
 * another one left: hosts in flight, a hook, samples. *cursor is 0 at first;
 * 1 with the event that began it, 0 at the end. */
int hf_rollout_open(const struct hf_rollout *r, size_t *cursor,
                    struct hf_rollout_event *out);

enum hf_rollout_state {
    HF_ROLLOUT_GOING,
    HF_ROLLOUT_IS_PAUSED,
    HF_ROLLOUT_IS_HALTED,
    HF_ROLLOUT_IS_ENDING, /* aborted: hosts in flight finish */
    HF_ROLLOUT_IS_OVER,
    HF_ROLLOUT_STATE_COUNT
};
extern const char *const hf_rollout_state_names[HF_ROLLOUT_STATE_COUNT + 1];

enum hf_slot_state {
    HF_SLOT_WAITING,
    HF_SLOT_IN_FLIGHT,
    HF_SLOT_AGAIN,  /* not reached; is tried again */
    HF_SLOT_ASLEEP, /* intermittent, not seen; caught up later */
    HF_SLOT_ENDED,
    HF_SLOT_STATE_COUNT
};

struct hf_slot {
    uint8_t state;   /* enum hf_slot_state */
    uint8_t outcome; /* enum hf_outcome, when ended */
    uint8_t tries;   /* that did not reach it, or found it locked */
    int64_t at;      /* started, ended, or to be tried again */
};

struct hf_rollout_counts {
    size_t hosts, waiting, in_flight, asleep;
    size_t by_outcome[HF_OUTCOME_COUNT];
};

struct hf_rollout_view {
    enum hf_rollout_state state;
    int ring, batch;    /* where it is; ring == rings_len: behind the last */
    int soaking;        /* the ring's batches are done */
    int64_t soak_until; /* ms, 0: not soaking */
    int wants_approval; /* a person must let `ring` begin */
    int superseded;     /* paused: a planned release has a newer one */
    int finishing;      /* a person said to finish nevertheless */
    char waits_for[HF_WHY_LEN]; /* or why it is paused or halted */
    char who[96];
    char taken_back_by[40]; /* the run that takes this one back, or empty */
    int exit;               /* when over */
    int64_t began, ended;
};
void hf_rollout_view(const struct hf_rollout *r, struct hf_rollout_view *out);
/* ring -1: the whole run. */
void hf_rollout_counts(const struct hf_rollout *r, int ring,
                       struct hf_rollout_counts *out);
/* How many of a kind were spent in the scope that is current (of that ring),
 * by the group of hosts that spent more: those that are updated with a restart
 * have budgets of their own;
 * `allowed` HF_BUDGET_OPEN: no bound. */
void hf_rollout_budget(const struct hf_rollout *r, int ring,
                       enum hf_budget_kind kind, enum hf_budget_scope scope,
                       int *spent, int *allowed);
const struct hf_slot *hf_rollout_slot(const struct hf_rollout *r, int host);

/* Samples of a gate in a ring so far, newest last; at most `max` of the
 * newest. Returns how many were written. */
size_t hf_rollout_samples(const struct hf_rollout *r, int ring, int gate,
                          uint8_t *out, size_t max);

/* What a person said to a sign-off; at 0: nobody did. */
struct hf_sign_off {
    int64_t at, until; /* ms */
    char who[96];
};
/* The newest one in that ring. Borrowed until an event is applied. */
const struct hf_sign_off *
hf_rollout_signed(const struct hf_rollout *r, int ring, int gate);

#endif
