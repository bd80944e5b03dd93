/*
 * Carrying a plan out: the step function says what is next, this does it, on
 * one session. Made for a console and for batch alike; nothing here blocks but
 * the making of a rollout and what is said to one.
 */
#ifndef HF_PLAYBOOKS_ROLLOUT_H
#define HF_PLAYBOOKS_ROLLOUT_H

#include "backend/model/rollout.h"
#include "playbooks/plan.h"
#include "playbooks/session.h"

struct hf_conduct;

struct hf_conduct_options {
    /* Told of every event of the rollout, after it was taken into account. */
    void (*on_event)(void *ctx, const struct hf_rollout_event *e);
    /* Told of what happens on hosts, as in hf_session_start. */
    void (*on_host)(void *ctx, const struct hf_event *e);
    /* Reads the fleet anew before hosts are begun: for who shows hosts, and
     * must let go of them first. NULL: hf_session_reload. */
    void (*reload)(void *ctx);
    void *ctx;
    int takeover; /* when resumed: where the ledger and this machine tell two
                     stories, the ledger is believed */
};

/* A new run of the plan: recorded, not yet begun. */
int
hf_conduct_new(struct hf_conduct **out, struct hf_session *s,
               const struct hf_plan *plan,
               const struct hf_conduct_options *options, struct hf_err *err);
/* Goes on with a run that another process left, here or elsewhere: read from
 * state folder and ledger; hosts that were in flight are asked. HF_ELOCKED:
 * somebody carries it out just now, or went on with it elsewhere; HF_ENOTFOUND.
 */
int hf_conduct_resume(struct hf_conduct **out, struct hf_session *s,
                      const char *run, const struct hf_conduct_options *options,
                      struct hf_err *err);
/* Lets go: jobs on hosts go on, the log stays. */
void hf_conduct_free(struct hf_conduct *c);

/* Does what can be done now. Returns ms until the next call is due (-1: when
 * an fd of the session wakes), HF_RUN_OVER when the run is over, or
 * HF_CONDUCT_IDLE when nothing is under way and nothing is due before
 * hf_conduct_due (0: a person is waited for). The fds are hf_session_fds and
 * hf_conduct_fd. */
#define HF_CONDUCT_IDLE (-3)
int64_t hf_conduct_pump(struct hf_conduct *c);
int64_t hf_conduct_due(const struct hf_conduct *c);
int hf_conduct_fd(const struct hf_conduct *c);

/* On simulated hosts: pumps until nothing is under way, and skips (see
 * hf_clock_skip) what hosts are waited for. HF_RUN_OVER or HF_CONDUCT_IDLE;
 * what is due later is for the caller to skip to. `go_on` (NULL: always) is
 * asked again and again; 0 makes it return 0. */
int64_t
hf_conduct_hurry(struct hf_conduct *c, int (*go_on)(void *ctx), void *ctx);

/* Lets go of hosts under way: their jobs go on, the run can be gone on with. */
void hf_conduct_let_go(struct hf_conduct *c);
/* 0, or why nobody can act just now: HF_ELOCKED another process has the fleet,
 * HF_EIO the log cannot be written, ... See hf_conduct_trouble. */
int hf_conduct_blocked(const struct hf_conduct *c);

/* A person says something to this run: HF_ROLLOUT_PAUSED, _RESUMED, _FINISH,
 * _ABORT, _REPLACED, _APPROVED, _SIGNED_OFF, _SKIPPED with ring, gate, host,
 * why as they apply; `at` and `who` are filled in. */
int hf_conduct_say(struct hf_conduct *c, struct hf_rollout_event *e,
                   struct hf_err *err);
/* The same to a run that any process, here or elsewhere, carries out: into its
 * inbox and into the ledger. */
int hf_rollout_say(struct hf_session *s, const char *run,
                   struct hf_rollout_event *e, struct hf_err *err);

/* The host's place in the plan: HF_ENOTFOUND, or HF_EREFUSED when it has begun,
 * and cannot be skipped any more. */
int hf_rollout_unstarted(const struct hf_plan *plan, const struct hf_rollout *r,
                         const char *host, struct hf_err *err);

const struct hf_plan *hf_conduct_plan(const struct hf_conduct *c);
const struct hf_rollout *hf_conduct_rollout(const struct hf_conduct *c);
const char *hf_conduct_run_id(const struct hf_conduct *c);
/* "" or what cannot go on just now: "the journal is locked by ...". */
const char *hf_conduct_trouble(const struct hf_conduct *c);

/* Runs of plans that have a log on this machine or an unfinished record in the
 * ledger, newest first. */
int
hf_rollout_list(struct hf_strs *out, struct hf_session *s, struct hf_err *err);
/* Also of one that cannot be read: there is nothing to go on with. */
int hf_rollout_is_over(struct hf_session *s, const char *run);
/* Every event of a run so far, in order. */
int hf_rollout_each(struct hf_session *s, const char *run,
                    const struct hf_plan *plan,
                    void (*fn)(void *ctx, const struct hf_rollout_event *e),
                    void *ctx, struct hf_err *err);
/* The plan that a run carries out; the caller's. HF_ENOTFOUND. */
int hf_rollout_plan(struct hf_plan **out, struct hf_session *s, const char *run,
                    struct hf_err *err);
/* Reads a run without carrying it out: plan and rollout are the caller's. */
int hf_rollout_read(struct hf_plan **plan, struct hf_rollout **r,
                    struct hf_session *s, const char *run, struct hf_err *err);

/* What can be seen of a run without reading it. */
struct hf_rollout_around {
    uint64_t stamp;  /* another one when there may be more to read */
    int carried_out; /* by a process of this machine, just now */
    size_t unheard;  /* things said here that no such process has taken */
};
void hf_rollout_around(struct hf_rollout_around *out, struct hf_session *s,
                       const char *run);
/* Another number when hf_rollout_list may have another answer. */
uint64_t hf_rollouts_stamp(struct hf_session *s);

#endif
