/*
 * The detached job of a simulated host: it changes the kernel as time goes
 * on, whoever looks, and leaves a log and a result as the real one does.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "backend/base/time.h"
#include "backend/sim/answers.h"

/* A transition that never ends is reversed after so many times job_ms. */
#define STUCK_TIMES 3

static void __attribute__((format(printf, 3, 4)))
say(struct hf_sim_node *n, int64_t at, const char *fmt, ...)
{
    char line[512], moment[HF_TIME_LEN];
    va_list ap;

    va_start(ap, fmt);
    (void)vsnprintf(line, sizeof(line), fmt, ap);
    va_end(ap);
    /* only the time of day: 2026-11-23T01:23:45... */
    (void)hf_time_format(moment, hf_now() + at - hf_mono());
    hf_buf_printf(&n->job->log, "%.8sZ %s\n", moment + 11, line);
}

/* The next thing that the job does, `wait` ms after `at`. */
static void
then(struct hf_sim_node *n, int64_t at, int64_t wait,
     void (*step)(struct hf_sim_node *n, int64_t at))
{
    n->job->due = at + wait;
    n->job->step = step;
}

/* Each name of the order gets an equal part of the time. */
static int64_t
part(const struct hf_sim_node *n)
{
    return n->job_ms / (int64_t)(n->job->names.len ? n->job->names.len : 1);
}

static int
applies(const struct hf_sim_job *job)
{
    const char *action = hf_params_get(&job->params, "ACTION");

    return action && strcmp(action, "apply") == 0;
}

/* ---- the result ---- */

static void
put_names(struct hf_facts *f, const char *key, const struct hf_strs *names)
{
    struct hf_buf text = {0};
    size_t i;

    for (i = 0; i < names->len; i++)
        hf_buf_printf(&text, "%s%s", i ? " " : "", names->v[i]);
    hf_facts_set(f, key, text.len ? hf_buf_str(&text) : "none", NULL, 0);
    hf_buf_release(&text);
}

/* What a job that failed has to say; members may be NULL. */
struct ending {
    const char *outcome, *code;
    const char *patch, *blockers, *tool, *klog;
};

static void __attribute__((format(printf, 4, 5)))
leave(struct hf_sim_node *n, int64_t at, const struct ending *e,
      const char *fmt, ...)
{
    struct hf_sim_job *job = n->job;
    struct hf_facts *f = &job->result;
    char text[512], seconds[24];
    va_list ap;

    va_start(ap, fmt);
    (void)vsnprintf(text, sizeof(text), fmt, ap);
    va_end(ap);
    say(n, at, "%s: %s", e->outcome, text);
    (void)snprintf(seconds, sizeof(seconds), "%lld",
                   (long long)((at - job->begin) / 1000));
    hf_facts_set(f, "outcome", e->outcome, NULL, 0);
    hf_facts_set(f, "code", e->code ? e->code : "", NULL, 0);
    hf_facts_set(f, "text", text, NULL, 0);
    hf_facts_set(f, "patch", e->patch ? e->patch : "", NULL, 0);
    put_names(f, "done", &job->done);
    put_names(f, "already", &job->already);
    put_names(f, "reversed", &job->reversed);
    hf_facts_set(f, "remaining", "none", NULL, 0);
    hf_facts_set(f, "blockers", e->blockers ? e->blockers : "none", NULL, 0);
    hf_facts_set(f, "tool", e->tool ? e->tool : "", NULL, 0);
    hf_facts_set(f, "klog", e->klog ? e->klog : "", NULL, 0);
    hf_facts_set(f, "seconds", seconds, NULL, 0);
    job->end = at;
    job->step = NULL;
}

static void
leave_well(struct hf_sim_node *n, int64_t at)
{
    struct hf_sim_job *job = n->job;
    const char *what = applies(job) ? "in effect" : "taken out";
    const char *nothing = applies(job) ? " nothing new" : " nothing";
    struct hf_buf names = {0};
    size_t i;

    for (i = 0; i < job->done.len; i++)
        hf_buf_printf(&names, " %s", job->done.v[i]);
    leave(n, at, &(struct ending){.outcome = "ok"}, "%s:%s", what,
          names.len ? hf_buf_str(&names) : nothing);
    hf_buf_release(&names);
}

/* All or nothing: what this job loaded goes out again, last first. */
static void
take_back(struct hf_sim_node *n, int64_t at)
{
    struct hf_sim_job *job = n->job;
    size_t i;

    for (i = job->done.len; i-- > 0;) {
        say(n, at, "taking %s back", job->done.v[i]);
        hf_sim_node_unload(n, job->done.v[i]);
        hf_strs_add(&job->reversed, job->done.v[i]);
    }
    hf_strs_release(&job->done);
}

/* ---- one patch after the other ---- */

static void step_next(struct hf_sim_node *n, int64_t at);

static void
give_up(struct hf_sim_node *n, int64_t at, const char *name)
{
    say(n, at, "held by: " HF_SIM_BLOCKERS);
    say(n, at, "writing 0 to /sys/kernel/livepatch/%s/enabled", name);
    hf_sim_node_unload(n, name);
    hf_strs_add(&n->job->reversed, name);
    take_back(n, at);
    leave(n, at,
          &(struct ending){.outcome = "stuck",
                           .code = "transition",
                           .patch = name,
                           .blockers = HF_SIM_BLOCKERS,
                           .klog = "livepatch: signaling remaining tasks"},
          "the transition of %s did not end within %s s and was reversed", name,
          hf_params_get(&n->job->params, "TRANSITION_S"));
}

/* The transition's time is over. */
static void
step_settle(struct hf_sim_node *n, int64_t at)
{
    struct hf_sim_job *job = n->job;
    const char *name = job->names.v[job->next];

    if (applies(job) && n->fault == HF_SIM_STUCK) {
        give_up(n, at, name);
        return;
    }
    hf_sim_node_settle(n, hf_sim_node_patch(n, name));
    say(n, at, "%s is %s effect", name, applies(job) ? "in" : "out of");
    hf_strs_add(&job->done, name);
    job->next++;
    if (applies(job) && n->fault == HF_SIM_CRASH) {
        hf_sim_node_reboot(n, at);
        n->down_until = at + n->job_ms;
        return;
    }
    if (applies(job) && n->fault == HF_SIM_LIE)
        hf_sim_node_unload(n, name);
    then(n, at, 0, step_next);
}

static void
refuse_load(struct hf_sim_node *n, int64_t at, const char *name)
{
    int locked = n->fault == HF_SIM_LOCKDOWN;
    const char *why =
        locked ? "Key was rejected by service" : "Invalid module format";
    char tool[256], klog[256];

    (void)snprintf(tool, sizeof(tool),
                   "insmod: ERROR: could not insert module "
                   "/var/lib/hotfleet/job/%s.ko: %s",
                   name, why);
    (void)snprintf(klog, sizeof(klog), "%s%s",
                   locked ? "Loading of unsigned module is rejected" : name,
                   locked ? ""
                          : ": disagrees about version of symbol "
                            "module_layout");
    say(n, at, "insmod: %s", tool);
    take_back(n, at);
    leave(n, at,
          &(struct ending){.outcome = "failed",
                           .code = "load",
                           .patch = name,
                           .tool = tool,
                           .klog = klog},
          "the kernel refused %s: %s", name, tool);
}

static void
begin_apply(struct hf_sim_node *n, int64_t at, const char *name)
{
    int stuck = n->fault == HF_SIM_STUCK;

    say(n, at, "loading %s", name);
    if (n->fault == HF_SIM_LOAD_REFUSED || n->fault == HF_SIM_LOCKDOWN ||
        !hf_sim_node_load(n, name)) {
        refuse_load(n, at, name);
        return;
    }
    then(n, at, stuck ? STUCK_TIMES * n->job_ms : part(n) / 2, step_settle);
}

static void
begin_rollback(struct hf_sim_node *n, int64_t at, struct hf_sim_patch *p)
{
    say(n, at, "writing 0 to /sys/kernel/livepatch/%s/enabled", p->name);
    p->enabled = 0;
    p->transition = 1;
    then(n, at, part(n) / 2, step_settle);
}

static void
step_name(struct hf_sim_node *n, int64_t at)
{
    struct hf_sim_job *job = n->job;
    const char *name = job->names.v[job->next];
    struct hf_sim_patch *p = hf_sim_node_patch(n, name);
    int in_effect = p && hf_sim_patch_in_effect(p);

    if (in_effect == applies(job)) {
        if (!applies(job))
            hf_sim_node_unload(n, name); /* left over */
        hf_strs_add(&job->already, name);
        job->next++;
        then(n, at, 0, step_next);
    } else if (applies(job)) {
        begin_apply(n, at, name);
    } else {
        begin_rollback(n, at, p);
    }
}

static void
step_next(struct hf_sim_node *n, int64_t at)
{
    if (n->job->next == n->job->names.len)
        leave_well(n, at);
    else
        then(n, at, part(n) / 2, step_name);
}

/* ---- a restart ---- */

/* In a moment, not after the minute that real users are given. */
static void
step_restart(struct hf_sim_node *n, int64_t at)
{
    n->restart_at = at + n->job_ms;
    hf_facts_set(&n->job->result, "restart_in", "0", NULL, 0);
    leave(n, at, &(struct ending){.outcome = "ok"}, "restarts in 0 s");
}

/* ---- before anything is changed ---- */

/* 0 when the uploaded module is the ordered one and fits; else left. */
static int
check_file(struct hf_sim_node *n, int64_t at, const char *name, const char *sum)
{
    char file[128];
    const struct hf_sim_file *f;
    struct ending e = {.outcome = "failed", .patch = name};

    (void)snprintf(file, sizeof(file), "%s.ko", name);
    f = hf_sim_job_file(n->job, file);
    if (!f) {
        e.code = "file";
        leave(n, at, &e, "%s was not uploaded", file);
    } else if (strcmp(f->sha256, sum) != 0) {
        e.code = "checksum";
        leave(n, at, &e, "%s is not the file of the order", file);
    } else if (!f->release) {
        e.code = "file";
        leave(n, at, &e, "modinfo cannot read %s", file);
    } else if (strcmp(f->release, n->release) != 0) {
        e.code = "release";
        leave(n, at, &e, "%s is built for '%s', the host runs '%s'", file,
              f->release, n->release);
    }
    return n->job->step ? 0 : -1;
}

/* Words of MODULES (name=sum) or PATCHES (name) become the job's names. */
static int
read_names(struct hf_sim_node *n, int64_t at)
{
    const char *words =
        hf_params_get(&n->job->params, applies(n->job) ? "MODULES" : "PATCHES");
    char *copy = hf_xstrdup(words ? words : ""), *rest = NULL, *word;
    int rc = 0;

    for (word = strtok_r(copy, " ", &rest); word && rc == 0;
         word = strtok_r(NULL, " ", &rest)) {
        char *sum = strchr(word, '=');

        if (sum)
            *sum++ = '\0';
        hf_strs_add(&n->job->names, word);
        if (applies(n->job))
            rc = check_file(n, at, word, sum ? sum : "");
    }
    free(copy);
    return rc;
}

static void
step_prepare(struct hf_sim_node *n, int64_t at)
{
    struct hf_sim_job *job = n->job;
    const char *action = hf_params_get(&job->params, "ACTION");
    const char *kernel = hf_params_get(&job->params, "KERNEL");
    struct ending e = {.outcome = "failed", .code = "kernel"};

    say(n, at, "job %s: %s on %s", job->run, action ? action : "?", n->release);
    if (!kernel || strcmp(kernel, n->release) != 0) {
        leave(n, at, &e, "the host runs '%s', the order was made for '%s'",
              n->release, kernel ? kernel : "");
    } else if (action && strcmp(action, "reboot") == 0) {
        then(n, at, part(n), step_restart);
    } else if (read_names(n, at) == 0 && job->names.len) {
        then(n, at, part(n) / 2, step_name);
    } else if (job->step) {
        e.code = "parameter";
        leave(n, at, &e, "%s is missing or malformed",
              applies(job) ? "MODULES" : "PATCHES");
    }
}

void
hf_sim_job_start(struct hf_sim_node *n, int64_t now)
{
    (void)__atomic_add_fetch(&n->jobs, 1, __ATOMIC_RELAXED);
    n->job->started = 1;
    n->job->begin = now;
    then(n, now, 0, step_prepare);
}

/* The restart that a job ordered is due. */
static void
restart(struct hf_sim_node *n)
{
    int64_t at = n->restart_at;

    n->restart_at = 0;
    hf_sim_node_reboot(n, at);
    n->down_until = at + n->job_ms;
}

void
hf_sim_job_go_on(struct hf_sim_node *n, int64_t now)
{
    while (hf_sim_job_state(n, n->job) == HF_SIM_JOB_RUNNING &&
           n->job->due <= now)
        n->job->step(n, n->job->due);
    if (n->restart_at && n->restart_at <= now)
        restart(n);
}
