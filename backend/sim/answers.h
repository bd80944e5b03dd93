/* What a simulated host answers to each script, and how its job goes on. For
 * files of this folder. */
#ifndef HF_SIM_ANSWERS_H
#define HF_SIM_ANSWERS_H

#include "backend/sim/ask.h"
#include "backend/sim/node.h"
#include "backend/sim/reply.h"

/* Who asks: a login, perhaps through sudo. */
struct hf_sim_caller {
    const char *user;
    int root; /* has rights now */
};

/* Each returns the script's exit status; the frame is the caller's. */
typedef int hf_sim_script_fn(struct hf_sim_node *n, struct hf_sim_reply *r,
                             const struct hf_sim_ask *ask,
                             const struct hf_sim_caller *who, int64_t now);

hf_sim_script_fn hf_sim_probe, hf_sim_probe_windows;
hf_sim_script_fn hf_sim_begin, hf_sim_start, hf_sim_poll, hf_sim_end;
hf_sim_script_fn hf_sim_call_off;
int hf_sim_receive(struct hf_sim_node *n, struct hf_sim_reply *r,
                   const struct hf_sim_upload *u);

/* ---- how a kind of host is spoken to ---- */

struct hf_sim_platform {
    const struct hf_dialect *dialect;
    const char *banner; /* of its SSH server */
    const struct hf_sim_frame *frame;
    /* -1: text that is none of hotfleet's scripts. */
    int (*parse)(struct hf_sim_ask *out, const char *input, size_t len);
    hf_sim_script_fn *scripts[HF_DRIVER_SCRIPT_COUNT]; /* NULL: refused */
    void (*job)(struct hf_sim_node *n, int64_t at);    /* its first step */
    /* As sources name them. */
    const char *job_dir, *done_dir, *state, *heartbeat, *log, *boot_id,
        *boot_log;
    const char *ordered, *called_off;
    const char *job_how; /* how a job is detached */
    /* Beginnings of keys that are the simulation's own also in a copy;
     * NULL-terminated. */
    const char *const *own;
};
extern const struct hf_sim_platform hf_sim_linux, hf_sim_windows;
const struct hf_sim_platform *
hf_sim_platform_of(const struct hf_sim_host *host);

/* ---- the job ---- */

/* job.state's values. */
enum hf_sim_job_state {
    HF_SIM_JOB_NONE,
    HF_SIM_JOB_BEGUN,
    HF_SIM_JOB_RUNNING,
    HF_SIM_JOB_ENDED,
    HF_SIM_JOB_DIED,
    HF_SIM_JOB_REBOOTED,
};
extern const char *const hf_sim_job_state_names[];

enum hf_sim_job_state
hf_sim_job_state(const struct hf_sim_node *n, const struct hf_sim_job *job);
void hf_sim_job_free(struct hf_sim_job *job);
struct hf_sim_file *
hf_sim_job_file(const struct hf_sim_job *job, const char *name);
/* The keys job.* as every script shows them. */
void hf_sim_job_put(struct hf_sim_reply *r, const struct hf_sim_node *n,
                    const struct hf_sim_job *job, int64_t now);
/* ---- for the steps of a job: `at` is the moment of the step ---- */

/* A line of the log. */
void hf_sim_job_say(struct hf_sim_node *n, int64_t at, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* The next thing that the job does, `wait` ms later. */
void hf_sim_job_then(struct hf_sim_node *n, int64_t at, int64_t wait,
                     void (*step)(struct hf_sim_node *n, int64_t at));
/* The order wants something installed. */
int hf_sim_job_applies(const struct hf_sim_job *job);
/* Words, or "none". */
void hf_sim_job_names(struct hf_facts *f, const char *key,
                      const struct hf_strs *names);
/* The job ends; what else the result holds was set before. */
void hf_sim_job_leave(struct hf_sim_node *n, int64_t at, const char *outcome,
                      const char *code, const char *text);

/* A step: the job ends with the order to restart the host, in a moment, not
 * after the minute that real users are given; or fails, when it was called
 * off before. */
void hf_sim_job_restart(struct hf_sim_node *n, int64_t at);
/* What every simulated host runs, for playbooks that look for it. */
#define HF_SIM_PROCESS "hotfleet-sim"
/* 1: the order forbids a restart while that runs, and the job has ended so. */
int hf_sim_job_in_use(struct hf_sim_node *n, int64_t at);
/* Carries out the restart that is due by `now`. */
void hf_sim_restart_go_on(struct hf_sim_node *n, int64_t now);
/* The keys restart.scheduled and restart.calledoff of a probe. */
void hf_sim_restart_put(struct hf_sim_reply *r, const struct hf_sim_node *n);

void hf_sim_job_linux(struct hf_sim_node *n, int64_t at);
void hf_sim_job_windows(struct hf_sim_node *n, int64_t at);

/* ---- the job as a whole ---- */

/* The job is detached: it will change the host as time goes on. */
void hf_sim_job_start(struct hf_sim_node *n, int64_t now);
/* Lets the job do what it has done by `now`. */
void hf_sim_job_go_on(struct hf_sim_node *n, int64_t now);
/* "4711/4711 nfsd svc_recv; ...": who holds a transition that never ends. */
#define HF_SIM_BLOCKERS \
    "412/412 nfsd svc_recv; 87/87 kworker/2:1 wait_for_completion"

/* ---- hostile replies ---- */

struct hf_sim_poison {
    const char *name;
    void (*write)(struct hf_buf *out, const char *nonce);
};
extern const struct hf_sim_poison hf_sim_poisons[];
extern const size_t hf_sim_poisons_len;

#endif
