/* What the files that carry rollouts out share. Private to conduct*.c. */
#ifndef HF_PLAYBOOKS_CONDUCT_H
#define HF_PLAYBOOKS_CONDUCT_H

#include "backend/base/queue.h"
#include "playbooks/restarts.h"
#include "playbooks/rollout.h"
#include "playbooks/rollout_log.h"
#include "playbooks/session_priv.h"

/* What the session does just now for the rollout. */
enum stint {
    STINT_NONE,
    STINT_ACTING, /* a manual run; hosts are begun one by one */
    STINT_SAMPLING,
    STINT_RECOVERING,
    STINT_REHEARSING, /* a run of its own on one host */
    STINT_LOOKING,    /* at others of failure domains */
};

/* What is to be done on the rehearsal's host. */
enum rehearsal { REHEARSAL_NONE, REHEARSAL_APPLY, REHEARSAL_ROLLBACK };

/* A hook under way, on a thread of its own; handed over whole. */
struct hook_job {
    struct hf_rollout_event of; /* HF_ROLLOUT_HOOK_BEGAN, or of a host */
    enum hf_hook_at at;         /* HF_HOOK_COUNT: a gate's command */
    char *path, *input;
    int64_t timeout;
    int ok;
    char why[HF_WHY_LEN];
};

/* A sample under way. */
struct sample {
    int gate, ring;
    int signals_bad, signals_unclear;
    char why[HF_WHY_LEN];      /* the first of them */
    char controls[HF_WHY_LEN]; /* why they tell nothing; "": they do */
};

struct ints {
    int *v;
    size_t len, cap;
};

/* The run's part in the fleet's restart budget. */
struct conduct_restarts {
    struct hf_queue *ended; /* struct restart_call that were made */
    size_t running;
    char *held;         /* by host: 1 = claimed for */
    int host;           /* in hand: claimed for, or held and not begun; -1 */
    int64_t not_before; /* monotonic: there was no room ... */
    int64_t told_by;    /* ... and by then those who wait were told */
    char why[HF_WHY_LEN];
};

/* What is known of the others in failure domains. */
struct conduct_domains {
    struct hf_strs names; /* to be read before these hosts are asked again: */
    char *waits;          /* by host: 1 = it waits for that */
    size_t waiting;
    struct hf_strs asked; /* who was read last ... */
    int64_t asked_at;     /* ... until then */
};

struct hf_conduct {
    struct hf_session *s;
    struct hf_conduct_options o;
    struct hf_plan *plan;
    struct hf_rollout *r;
    struct rollout_log *log;
    char run[HF_RUN_ID_LEN];

    enum stint stint;
    struct ints starts;  /* hosts that are to be begun */
    struct ints samples; /* gates that are to be sampled */
    char *in_stint;      /* by host of the plan: 1 = can still be begun
                             in the manual run */
    struct sample sample;
    struct hf_queue *hooks; /* jobs that ended */
    size_t hooks_running;
    struct conduct_restarts restarts;
    struct conduct_domains domains;
    char *unless_running; /* the playbook's names, as one text; NULL: none */

    struct hf_rollout_event undo; /* HF_ROLLOUT_UNDO_BEGAN */
    int undo_waits;               /* it is to be carried out */
    enum rehearsal rehearsal;
    int rehearsal_host, rehearsal_outcome;
    char rehearsal_why[HF_WHY_LEN];

    struct hf_fleet *planned; /* of the plan's commit, for its catalogue */
    const struct hf_catalogue *own; /* the session's, while ours is in its
                                       place */
    struct hf_durations *durations; /* NULL: not asked yet */
    int64_t heard_at, far_at, recorded_at; /* monotonic */
    char trouble[256];
    int64_t due;
    size_t taken; /* events so far */
    int over;
    int failed;     /* enum hf_code: nothing may be done any more */
    int blocked;    /* enum hf_code: nobody could act just now */
    int letting_go; /* what is not touched yet stays for whoever goes on */
};

void conduct_fail(struct hf_conduct *c, const struct hf_err *err);
/* Logs, applies, tells. Below 0: nothing may be done; it is in trouble. */
int conduct_take(struct hf_conduct *c, const struct hf_rollout_event *e);
/* One that happens now, about nothing in particular. */
struct hf_rollout_event conduct_event(enum hf_rollout_kind kind);

/* What an earlier process left comes first: what it journalled and did not get
 * recorded, and hosts that are unsettled. 1 when the session is busy with
 * them, or cannot. */
int conduct_settle_first(struct hf_conduct *c);
/* What was in flight when another process ended goes on. */
void conduct_take_up(struct hf_conduct *c);

/* ---- conduct_record.c ---- */
/* The log so far, with a few words for the ledger's history. */
void conduct_record(struct hf_conduct *c, const char *what);
void conduct_record_now_and_then(struct hf_conduct *c);
/* run.json and end.json. */
void conduct_record_began(struct hf_conduct *c);
void conduct_record_ended(struct hf_conduct *c, int status);

/* ---- conduct_life.c ---- */
/* A run of the plan under this id: recorded, and left for whoever goes on. */
int conduct_begin_as(struct hf_session *s, const struct hf_plan *plan,
                     const char *run, struct hf_err *err);

/* ---- conduct_undo.c ---- */
/* A rehearsal or an undo that is to be carried out when the session is free: 1;
 * another event: 0. */
int conduct_wants(struct hf_conduct *c, const struct hf_rollout_event *e);
/* Carries c->undo out: block, plan, and the run that takes it back begins. */
void conduct_undo(struct hf_conduct *c);
/* The next part of the rehearsal, on the session. HF_ELOCKED: nobody can act
 * just now. */
int conduct_rehearse(struct hf_conduct *c, struct hf_err *err);
void conduct_rehearsal_over(struct hf_conduct *c);

/* ---- conduct_admit.c ---- */
enum hf_admit conduct_admit(void *ctx, int host, int64_t now, int64_t *until,
                            int *outcome, char why[HF_WHY_LEN]);

/* How long a restart may take: what the playbook says, and more where hosts of
 * the plan are known to take longer. */
int64_t conduct_restart_time(const struct hf_conduct *c);
/* Whether the host restarts, for certain or perhaps. */
int conduct_may_restart(const struct hf_conduct *c, int host);

/* ---- conduct_domains.c ---- */
/* May this host start as far as the others of its failure domains go? When
 * nobody knows, they are to be read first. */
enum hf_admit conduct_domains_admit(struct hf_conduct *c, int host, int64_t now,
                                    int64_t *until, char why[HF_WHY_LEN]);
/* Reads those that hosts wait for; the session is busy with it. */
int conduct_domains_look(struct hf_conduct *c, struct hf_err *err);
/* They have answered, or not. */
void conduct_domains_looked(struct hf_conduct *c);
void conduct_domains_release(struct hf_conduct *c);

/* ---- conduct_restarts.c ---- */
/* May this host, which restarts, start as far as the budget goes? Claims for
 * it when it can. */
enum hf_admit
conduct_restarts_admit(struct hf_conduct *c, int host, int64_t now,
                       int64_t *until, char why[HF_WHY_LEN]);
/* Something else keeps the host from starting. */
void conduct_restarts_refused(struct hf_conduct *c, int host);
/* Every event of the rollout, after it was taken into account. */
void
conduct_restarts_event(struct hf_conduct *c, const struct hf_rollout_event *e);
/* It was begun by another process of this run. */
void conduct_restarts_take_up(struct hf_conduct *c, int host);
/* Takes answers. */
void conduct_restarts_take(struct hf_conduct *c);
int conduct_restarts_busy(const struct hf_conduct *c);
void conduct_restarts_wait(struct hf_conduct *c);

/* ---- conduct_releases.c ---- */
/* From now on the session knows the releases that were planned, and no newer
 * ones; to be said again after it was read anew. */
void conduct_pin(struct hf_conduct *c);
void conduct_unpin(struct hf_conduct *c);
/* 1 with the event when e begins a batch and a host would get a newer release
 * by now than the plan says, which nobody has accepted. */
int conduct_superseded(struct hf_conduct *c, const struct hf_rollout_event *e,
                       struct hf_rollout_event *out);

/* ---- conduct_gates.c ---- */
/* Starts the next sample that waits; 1 when the session is busy with it. */
int conduct_sample_begin(struct hf_conduct *c);
/* All its hosts have ended. */
void conduct_sample_end(struct hf_conduct *c);

/* ---- conduct_hooks.c ---- */
/* Runs the playbook's hook at that moment, if there is one: 1 when one was
 * begun. */
int conduct_hook(struct hf_conduct *c, enum hf_hook_at at,
                 const struct hf_rollout_event *of);
/* The gate's own command has the last word about a sample that is good so
 * far. */
void
conduct_gate_command(struct hf_conduct *c, const struct hf_rollout_event *of);
/* Takes the ends of hooks. */
void conduct_hooks_take(struct hf_conduct *c);
/* Waits for those under way, within their time limits, and forgets them. */
void conduct_hooks_wait(struct hf_conduct *c);

/* ---- conduct.c, for hooks of hosts, and rehearsals ---- */
int conduct_outcome_of(const cJSON *evidence);
void conduct_start_host(struct hf_conduct *c, int host);
void conduct_host_ended(struct hf_conduct *c, int host, int outcome,
                        const char *why);
/* The same with hook after_host, as whatever before_host did wants it. */
void
conduct_host_over(struct hf_conduct *c, int host, int outcome, const char *why);

#endif
