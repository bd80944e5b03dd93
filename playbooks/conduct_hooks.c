/*
 * Hooks: executables of the fleet, from the committed blob, with JSON on their
 * standard input, each on a thread of its own with a time limit. They fail
 * closed: what did not end well has failed.
 */
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "backend/base/child.h"
#include "backend/base/file.h"
#include "backend/base/text.h"
#include "backend/base/thread.h"
#include "backend/base/time.h"
#include "playbooks/conduct.h"

#define MOST_OUTPUT 4096

static void
job_free(struct hook_job *job)
{
    if (!job)
        return;
    free(job->path);
    free(job->input);
    free(job);
}

/* ---- the executable ---- */

/* hooks/<name> of the plan's commit, written where only we may write. */
static int
place_hook(char **out, struct hf_conduct *c, const char *name,
           struct hf_err *err)
{
    char *path = hf_xasprintf("hooks/%s", name), blob[41] = "";
    char *dir = hf_xasprintf("%s/rollouts/%s/hooks", c->s->state_dir, c->run);
    struct hf_buf text = {0};
    int rc;

    *out = NULL;
    if ((rc = hf_repo_blob(c->s->repo, c->plan->inventory, path, blob, err)) <
            0 ||
        (rc = hf_repo_read(c->s->repo, c->plan->inventory, path, &text, err)) <
            0 ||
        (rc = hf_mkdirs(dir, 0700, err)) < 0)
        goto out;
    *out = hf_xasprintf("%s/%s-%.12s", dir, name, blob);
    if (!hf_path_exists(*out))
        rc = hf_file_write(*out, text.data, text.len, 0700, err);
    if (rc < 0) {
        free(*out);
        *out = NULL;
    }
out:
    hf_buf_release(&text);
    free(path);
    free(dir);
    return rc;
}

/* ---- what it is told ---- */

static char *
input_of(const struct hf_conduct *c, const char *moment,
         const struct hf_rollout_event *of)
{
    cJSON *doc = hf_rollout_event_to_json(of, c->plan);
    char *text;

    hf_json_add_str(doc, "schema", "hotfleet.hook/1");
    hf_json_add_str(doc, "moment", moment);
    hf_json_add_str(doc, "run", c->run);
    hf_json_add_str(doc, "fleet", c->plan->fleet);
    hf_json_add_str(doc, "playbook", c->plan->playbook.name);
    hf_json_add_str(doc, "plan", c->plan->hash);
    hf_json_add_bool(doc, "simulated", c->plan->simulated);
    if (c->plan->change)
        hf_json_add_str(doc, "change", c->plan->change);
    if (of->host >= 0 &&
        hf_fleet_find(c->s->fleet, c->plan->hosts[of->host].name))
        hf_json_add_str(
            doc, "address",
            hf_fleet_find(c->s->fleet, c->plan->hosts[of->host].name)->address);
    text = hf_json_print(doc);
    cJSON_Delete(doc);
    return text;
}

/* ---- running it ---- */

struct ride {
    struct hook_job *job;
    struct hf_queue *ended;
};

/* The first line of its complaints, else of what it said; the caller's. */
static char *
first_line(const struct hf_child *child)
{
    const struct hf_buf *from = child->err.len ? &child->err : &child->out;
    const char *text = hf_buf_str(from);
    char *line = hf_xstrndup(text, strcspn(text, "\n"));
    char *clean = hf_sanitised(line);

    free(line);
    return clean;
}

static void
run_job(struct hook_job *job)
{
    const char *const argv[] = {job->path, NULL};
    struct hf_child child = {.argv = argv,
                             .input = job->input,
                             .input_len = strlen(job->input),
                             .timeout_ms = job->timeout,
                             .max_output = MOST_OUTPUT};
    struct hf_err err = HF_ERR_INIT;
    int rc = hf_child_run(&child, &err);
    char span[HF_TIME_LEN], *said;

    job->ok = rc == HF_OK && child.status == 0;
    said = first_line(&child);
    if (rc == HF_ETIMEOUT)
        hf_say(job->why, sizeof(job->why), "it did not end within %s",
               hf_span_format(span, job->timeout));
    else if (rc < 0)
        hf_say(job->why, sizeof(job->why), "%s", err.text);
    else if (child.status != 0)
        hf_say(job->why, sizeof(job->why), "exit %d%s%s", child.status,
               *said ? ": " : "", said);
    else
        hf_say(job->why, sizeof(job->why), "%s", said);
    free(said);
    hf_buf_release(&child.out);
    hf_buf_release(&child.err);
}

static void *
run_ride(void *arg)
{
    struct ride *ride = arg;

    run_job(ride->job);
    hf_queue_push(ride->ended, ride->job);
    free(ride);
    return NULL;
}

/* Begins the job, or ends it at once: as failed, and in a rehearsal as good,
 * for a hook changes what is not simulated. Takes it. */
static void
start_job(struct hf_conduct *c, struct hook_job *job, const char *name)
{
    struct hf_err err = HF_ERR_INIT;
    struct ride *ride;
    pthread_t thread;

    c->hooks_running++;
    if (c->s->o.rehearsal) {
        job->ok = 1;
        hf_queue_push(c->hooks, job);
        return;
    }
    ride = HF_NEW(struct ride);
    *ride = (struct ride){job, c->hooks};
    if (place_hook(&job->path, c, name, &err) == HF_OK &&
        hf_thread_spawn(&thread, "hook", run_ride, ride, &err) == HF_OK) {
        (void)pthread_detach(thread);
        return;
    }
    hf_say(job->why, sizeof(job->why), "%s", err.text);
    hf_queue_push(c->hooks, job);
    free(ride);
}

int
conduct_hook(struct hf_conduct *c, enum hf_hook_at at,
             const struct hf_rollout_event *of)
{
    const struct hf_hook *hook = &c->plan->playbook.hooks[at];
    struct hook_job *job;

    if (!hook->run)
        return 0;
    job = HF_NEW(struct hook_job);
    job->of = *of;
    job->at = at;
    job->timeout = hook->timeout;
    job->input = input_of(c, hf_hook_names[at], of);
    start_job(c, job, hook->run);
    return 1;
}

void
conduct_gate_command(struct hf_conduct *c, const struct hf_rollout_event *of)
{
    const struct hf_gate *gate = &c->plan->playbook.gates[of->gate];
    struct hook_job *job = HF_NEW(struct hook_job);

    job->of = *of;
    job->at = HF_HOOK_COUNT;
    job->timeout = gate->timeout;
    job->input = input_of(c, "gate", of);
    start_job(c, job, gate->command);
}

/* ---- when it has ended ---- */

static void
sequence_hook_ended(struct hf_conduct *c, const struct hook_job *job)
{
    struct hf_rollout_event e = job->of;

    e.kind = HF_ROLLOUT_HOOK_ENDED;
    e.at = hf_now();
    e.hook = (int)job->at;
    e.ok = job->ok;
    hf_say(e.why, sizeof(e.why), "%s", job->why);
    (void)conduct_take(c, &e);
}

static void
before_host_ended(struct hf_conduct *c, const struct hook_job *job)
{
    char why[HF_WHY_LEN];

    if (job->ok || c->plan->playbook.hooks[job->at].ignore_failures) {
        conduct_start_host(c, job->of.host);
        return;
    }
    hf_say(why, sizeof(why),
           "hook before_host failed, the host was not "
           "touched: %s",
           job->why);
    conduct_host_ended(c, job->of.host, HF_OUTCOME_FAILED, why);
}

/* What the hook says cannot make a bad end good. */
static void
after_host_ended(struct hf_conduct *c, const struct hook_job *job)
{
    struct hf_rollout_event e = job->of;

    e.at = hf_now();
    if (!job->ok && !c->plan->playbook.hooks[job->at].ignore_failures &&
        (e.outcome == HF_OUTCOME_VERIFIED || e.outcome == HF_OUTCOME_CHECKED)) {
        e.outcome = HF_OUTCOME_UNVERIFIED;
        hf_say(e.why, sizeof(e.why), "hook after_host failed: %s", job->why);
    }
    (void)conduct_take(c, &e);
}

static void
gate_command_ended(struct hf_conduct *c, const struct hook_job *job)
{
    struct hf_rollout_event e = job->of;

    e.at = hf_now();
    e.sample = job->ok ? HF_SAMPLE_PASS : HF_SAMPLE_FAIL;
    hf_say(e.why, sizeof(e.why), "%s", job->why);
    (void)conduct_take(c, &e);
}

static void
told(struct hf_conduct *c, const struct hook_job *job)
{
    if (!job->ok)
        hf_say(c->trouble, sizeof(c->trouble), "hook %s failed: %s",
               hf_hook_names[job->at], job->why);
}

static void (*const ends[HF_HOOK_COUNT + 1])(struct hf_conduct *,
                                             const struct hook_job *) = {
    [HF_HOOK_BEFORE_RUN] = sequence_hook_ended,
    [HF_HOOK_BEFORE_RING] = sequence_hook_ended,
    [HF_HOOK_BEFORE_BATCH] = sequence_hook_ended,
    [HF_HOOK_BEFORE_HOST] = before_host_ended,
    [HF_HOOK_AFTER_HOST] = after_host_ended,
    [HF_HOOK_AFTER_BATCH] = sequence_hook_ended,
    [HF_HOOK_AFTER_RING] = sequence_hook_ended,
    [HF_HOOK_AFTER_RUN] = sequence_hook_ended,
    [HF_HOOK_ON_HALT] = told,
    [HF_HOOK_ON_FINISH] = told,
    [HF_HOOK_COUNT] = gate_command_ended,
};

void
conduct_hooks_take(struct hf_conduct *c)
{
    struct hook_job *job;

    while ((job = hf_queue_pop(c->hooks)) != NULL) {
        c->hooks_running--;
        ends[job->at](c, job);
        job_free(job);
    }
}

void
conduct_hooks_wait(struct hf_conduct *c)
{
    struct pollfd p = {.fd = hf_queue_fd(c->hooks), .events = POLLIN};
    struct hook_job *job;

    while (c->hooks_running) {
        (void)poll(&p, 1, 1000);
        while ((job = hf_queue_pop(c->hooks)) != NULL) {
            c->hooks_running--;
            job_free(job);
        }
    }
}
