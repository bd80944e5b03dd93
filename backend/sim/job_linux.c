/* The job of a simulated Linux host: it changes the kernel patch by patch, all
 * or nothing, and says what the real one says. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "backend/base/time.h"
#include "backend/sim/answers.h"

/* A transition that never ends is reversed after so many times job_ms. */
#define STUCK_TIMES 3

/* Each name of the order gets an equal part of the time. */
static int64_t
part(const struct hf_sim_node *n)
{
    return n->job_ms / (int64_t)(n->job->names.len ? n->job->names.len : 1);
}

/* ---- the result ---- */

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
    char text[512];
    va_list ap;

    va_start(ap, fmt);
    (void)vsnprintf(text, sizeof(text), fmt, ap);
    va_end(ap);
    hf_facts_set(f, "patch", e->patch ? e->patch : "", NULL, 0);
    hf_sim_job_names(f, "done", &job->done);
    hf_sim_job_names(f, "already", &job->already);
    hf_sim_job_names(f, "reversed", &job->reversed);
    hf_facts_set(f, "remaining", "none", NULL, 0);
    hf_facts_set(f, "blockers", e->blockers ? e->blockers : "none", NULL, 0);
    hf_facts_set(f, "tool", e->tool ? e->tool : "", NULL, 0);
    hf_facts_set(f, "klog", e->klog ? e->klog : "", NULL, 0);
    hf_sim_job_leave(n, at, e->outcome, e->code ? e->code : "", text);
}

static void
leave_well(struct hf_sim_node *n, int64_t at)
{
    struct hf_sim_job *job = n->job;
    const char *what = hf_sim_job_applies(job) ? "in effect" : "taken out";
    const char *nothing = hf_sim_job_applies(job) ? " nothing new" : " nothing";
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
        hf_sim_job_say(n, at, "taking %s back", job->done.v[i]);
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
    hf_sim_job_say(n, at, "held by: " HF_SIM_BLOCKERS);
    hf_sim_job_say(n, at, "writing 0 to /sys/kernel/livepatch/%s/enabled",
                   name);
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

    if (hf_sim_job_applies(job) && n->fault == HF_SIM_STUCK) {
        give_up(n, at, name);
        return;
    }
    hf_sim_node_settle(n, hf_sim_node_patch(n, name));
    hf_sim_job_say(n, at, "%s is %s effect", name,
                   hf_sim_job_applies(job) ? "in" : "out of");
    hf_strs_add(&job->done, name);
    job->next++;
    if (hf_sim_job_applies(job) && n->fault == HF_SIM_CRASH) {
        hf_sim_node_restart(n, at, HF_SIM_START_CRASH);
        return;
    }
    if (hf_sim_job_applies(job) && n->fault == HF_SIM_LIE)
        hf_sim_node_unload(n, name);
    hf_sim_job_then(n, at, 0, step_next);
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
    hf_sim_job_say(n, at, "insmod: %s", tool);
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

    hf_sim_job_say(n, at, "loading %s", name);
    if (n->fault == HF_SIM_LOAD_REFUSED || n->fault == HF_SIM_LOCKDOWN ||
        !hf_sim_node_load(n, name)) {
        refuse_load(n, at, name);
        return;
    }
    hf_sim_job_then(n, at, stuck ? STUCK_TIMES * n->job_ms : part(n) / 2,
                    step_settle);
}

static void
begin_rollback(struct hf_sim_node *n, int64_t at, struct hf_sim_patch *p)
{
    hf_sim_job_say(n, at, "writing 0 to /sys/kernel/livepatch/%s/enabled",
                   p->name);
    p->enabled = 0;
    p->transition = 1;
    hf_sim_job_then(n, at, part(n) / 2, step_settle);
}

static void
step_name(struct hf_sim_node *n, int64_t at)
{
    struct hf_sim_job *job = n->job;
    const char *name = job->names.v[job->next];
    struct hf_sim_patch *p = hf_sim_node_patch(n, name);
    int in_effect = p && hf_sim_patch_in_effect(p);

    if (in_effect == hf_sim_job_applies(job)) {
        if (!hf_sim_job_applies(job))
            hf_sim_node_unload(n, name); /* left over */
        hf_strs_add(&job->already, name);
        job->next++;
        hf_sim_job_then(n, at, 0, step_next);
    } else if (hf_sim_job_applies(job)) {
        begin_apply(n, at, name);
    } else if (p) { /* it is in effect, so it is there */
        begin_rollback(n, at, p);
    }
}

static void
step_next(struct hf_sim_node *n, int64_t at)
{
    if (n->job->next == n->job->names.len)
        leave_well(n, at);
    else
        hf_sim_job_then(n, at, part(n) / 2, step_name);
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
    const char *words = hf_params_get(
        &n->job->params, hf_sim_job_applies(n->job) ? "MODULES" : "PATCHES");
    char *copy = hf_xstrdup(words ? words : ""), *rest = NULL, *word;
    int rc = 0;

    for (word = strtok_r(copy, " ", &rest); word && rc == 0;
         word = strtok_r(NULL, " ", &rest)) {
        char *sum = strchr(word, '=');

        if (sum)
            *sum++ = '\0';
        hf_strs_add(&n->job->names, word);
        if (hf_sim_job_applies(n->job))
            rc = check_file(n, at, word, sum ? sum : "");
    }
    free(copy);
    return rc;
}

void
hf_sim_job_linux(struct hf_sim_node *n, int64_t at)
{
    struct hf_sim_job *job = n->job;
    const char *action = hf_params_get(&job->params, "ACTION");
    const char *kernel = hf_params_get(&job->params, "KERNEL");
    struct ending e = {.outcome = "failed", .code = "kernel"};

    hf_sim_job_say(n, at, "job %s: %s on %s", job->run, action ? action : "?",
                   n->release);
    if (!kernel || strcmp(kernel, n->release) != 0) {
        leave(n, at, &e, "the host runs '%s', the order was made for '%s'",
              n->release, kernel ? kernel : "");
    } else if (action && strcmp(action, "reboot") == 0) {
        if (!hf_sim_job_in_use(n, at))
            hf_sim_job_then(n, at, part(n), hf_sim_job_restart);
    } else if (read_names(n, at) == 0 && job->names.len) {
        hf_sim_job_then(n, at, part(n) / 2, step_name);
    } else if (job->step) {
        e.code = "parameter";
        leave(n, at, &e, "%s is missing or malformed",
              hf_sim_job_applies(job) ? "MODULES" : "PATCHES");
    }
}
