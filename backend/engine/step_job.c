/*
 * The steps of a job: its folder, which is the lock, the files it needs, its
 * start, its polls, its end.
 */
#include <string.h>

#include "backend/base/json.h"
#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "backend/base/time.h"
#include "backend/engine/steps.h"

#define BEGUN_LIMIT 7200000 /* ms: no console holds a host longer unstarted */

/* ---- the job folder is the lock ---- */

void
step_begin_lock(struct flow *f)
{
    struct hf_params params = {0};

    if (!f->intent_durable)
        return; /* run.c comes back when it is */
    f->clearing = 0;
    hf_params_set(&params, "RUN", f->run->run);
    hf_params_set(&params, "OPERATOR", f->run->operator_);
    hf_params_set(&params, "ACTION", hf_action_names[f->run->o.action]);
    step_ask(f, HF_SCRIPT_BEGIN, &params);
}

/* A folder whose job has ended (by itself, by dying, by a restart) locks
 * nobody out: it is put away under its own run, then asked for again. */
static void
clear_stale(struct flow *f, const char *run)
{
    struct hf_params params = {0};

    f->clearing = 1;
    hf_params_set(&params, "RUN", run ? run : "");
    step_ask(f, HF_SCRIPT_END, &params);
}

/* Taken long ago by the host's own clock, and never started. */
static int
is_forsaken(const struct flow *f, const struct hf_facts *v)
{
    const char *state = hf_facts_get(v, "job.state");
    int64_t since, clock;

    return state && strcmp(state, "begun") == 0 &&
           hf_facts_int(v, "job.since", &since) == 0 &&
           hf_facts_int(&f->pub.before, "clock", &clock) == 0 &&
           clock - since > BEGUN_LIMIT / 1000;
}

/* Locks nobody out: its job is over, it has no owner (who made it was cut off
 * at once; the host looks at its age), or nobody will come back to it. */
static int
is_stale(const struct flow *f, const struct hf_facts *v)
{
    const char *stale = hf_facts_get(v, "stale");

    return (stale && strcmp(stale, "no") != 0) || !hf_facts_get(v, "job.run") ||
           is_forsaken(f, v);
}

static void
locked_out(struct flow *f, const struct hf_facts *v)
{
    const char *run = hf_facts_get(v, "job.run");
    const char *who = hf_facts_get(v, "job.operator");
    char age[HF_TIME_LEN];
    int64_t since = 0;

    (void)hf_facts_int(v, "job.since", &since);
    SAY(f->pub.hint, "wait for it to end, then start again");
    flow_end(f, HF_OUTCOME_LOCKED, "run %s of %s holds it since %s",
             run ? run : "?", who ? who : "?",
             since ? hf_time_format(age, since * 1000) : "?");
}

void
step_answer_lock(struct flow *f, const struct hf_reply *reply)
{
    const struct hf_facts *v = &reply->values;
    const char *why = hf_facts_get(v, "error");

    if (f->clearing) {
        f->cleared = 1;
        step_begin_lock(f);
    } else if (hf_facts_bool(v, "locked") == 1) {
        if (is_stale(f, v) && !f->cleared)
            clear_stale(f, hf_facts_get(v, "job.run"));
        else
            locked_out(f, v);
    } else if (reply->exit_status != 0) {
        flow_end(f, HF_OUTCOME_FAILED, "the job folder cannot be made: %s",
                 why ? why : "the host did not say why");
    } else {
        f->begun = f->touched = 1;
        f->uploaded = 0;
        flow_enter(f, HF_PHASE_UPLOADING);
    }
}

/* ---- files: the order's, then the job's body ---- */

void
step_begin_upload(struct flow *f)
{
    const struct hf_run_options *o = &f->run->o;
    const struct hf_script *body = hf_driver_job(f->driver, o->action);
    struct hf_buf data = {0};
    struct hf_err err = HF_ERR_INIT;
    int rc;

    if (f->uploaded < f->order.uploads_len) {
        const struct hf_upload *u = &f->order.uploads[f->uploaded];

        rc = o->payload ? o->payload(o->ctx, u->sha256, &data, &err)
                        : hf_fail(&err, HF_ENOTFOUND, "no patch store");
        if (rc == HF_OK)
            rc = flow_upload(f, u->name, data.data, data.len, &err);
    } else {
        rc = flow_upload(f, f->driver->dialect->body, body->text, body->len,
                         &err);
    }
    hf_buf_release(&data);
    if (rc < 0) {
        f->job_failed = 1;
        f->job_error = err;
        flow_enter(f, HF_PHASE_CLOSING);
    }
}

void
step_answer_upload(struct flow *f, const struct hf_reply *reply)
{
    if (reply->exit_status != 0) {
        const char *why = hf_facts_get(&reply->values, "error");

        f->job_failed = 1;
        (void)hf_fail(&f->job_error, HF_EIO, "upload failed: %s",
                      why ? why : "the host did not say why");
        flow_enter(f, HF_PHASE_CLOSING);
        return;
    }
    f->uploaded++;
    flow_enter(f, f->uploaded > f->order.uploads_len ? HF_PHASE_STARTING
                                                     : HF_PHASE_UPLOADING);
}

/* ---- the job ---- */

static void
run_params(struct flow *f, struct hf_params *params)
{
    hf_params_set(params, "RUN", f->run->run);
}

void
step_begin_start(struct flow *f)
{
    struct hf_params params = {0};

    for (size_t i = 0; i < f->order.params.len; i++)
        hf_params_set(&params, f->order.params.v[i].name,
                      f->order.params.v[i].value);
    run_params(f, &params);
    if (f->order.restart_in) /* for the people at the host */
        hf_params_set(&params, "REASON", f->run->reason);
    if (f->order.restart_in && f->run->o.unless_running)
        hf_params_set(&params, "UNLESS_RUNNING", f->run->o.unless_running);
    if (f->order.restart_in && f->run->o.unless_logged_on)
        hf_params_set(&params, "UNLESS_LOGGED_ON", "yes");
    hf_params_set(&params, "BODY",
                  hf_driver_job(f->driver, f->run->o.action)->sha256);
    f->started = 1; /* from here on it may run, whatever we hear */
    step_ask(f, HF_SCRIPT_START, &params);
}

void
step_poll_later(struct flow *f)
{
    int64_t most = f->driver->dialect->poll_pause;

    f->poll_pause = f->poll_pause ? f->poll_pause * 2 : f->run->o.times.poll;
    if (f->poll_pause > most)
        f->poll_pause = most;
    flow_later(f, f->poll_pause);
}

void
step_answer_start(struct flow *f, const struct hf_reply *reply)
{
    if (reply->exit_status != 0) {
        const char *why = hf_facts_get(&reply->values, "error");

        f->job_failed = 1;
        (void)hf_fail(&f->job_error, HF_ERR, "the job did not start: %s",
                      why ? why : "the host did not say why");
        flow_enter(f, HF_PHASE_CLOSING);
        return;
    }
    f->job_end = hf_pace() + (f->order.time_limit ? f->order.time_limit
                                                  : f->run->o.times.host);
    f->poll_pause = 0;
    flow_wait(f, HF_PHASE_WORKING);
    step_poll_later(f);
}

void
step_begin_poll(struct flow *f)
{
    struct hf_params params = {0};
    char offset[24];

    run_params(f, &params);
    hf_say(offset, sizeof(offset), "%lld", (long long)f->log_offset);
    hf_params_set(&params, "OFFSET", offset);
    step_ask(f, HF_SCRIPT_POLL, &params);
}

static void
keep_result(struct flow *f, const struct hf_facts *v)
{
    hf_facts_release(&f->result);
    for (size_t i = 0; i < v->len; i++) {
        if (hf_has_prefix(v->v[i].key, "result.") && v->v[i].value)
            hf_facts_set(&f->result, v->v[i].key + strlen("result."),
                         v->v[i].value, NULL, v->v[i].at);
    }
}

/* What the job does just now, for the screen. */
static void
last_line(char to[HF_WHY_LEN], const char *text)
{
    size_t len = strlen(text);
    const char *from;

    while (len && text[len - 1] == '\n')
        len--;
    from = memrchr(text, '\n', len);
    from = from ? from + 1 : text;
    SAY(to, "%.*s", (int)(text + len - from), from);
}

static void
take_log(struct flow *f, const struct hf_facts *v)
{
    const char *text = hf_facts_get(v, "log");
    cJSON *data;

    (void)hf_facts_int(v, "log.offset", &f->log_offset);
    if (!text || !*text)
        return;
    flow_keep_log(f, text);
    last_line(f->pub.why, text);
    data = cJSON_CreateObject();
    hf_json_add_str(data, "text", text);
    (void)run_emit(f->run, HF_EVENT_HOST_LOG, f, data);
}

static void
job_running(struct flow *f, const struct hf_facts *v)
{
    (void)v;
    if (f->job_end && hf_pace() >= f->job_end) {
        SAY(f->pub.hint, "see %s on the host", f->driver->dialect->log);
        flow_end(f, HF_OUTCOME_UNVERIFIED,
                 "the job still runs, longer than it may; it keeps the host "
                 "locked");
        return;
    }
    step_poll_later(f);
}

static void
job_new(struct flow *f, const struct hf_facts *v)
{
    (void)v;
    f->begun = f->touched = 1;
    f->started = 0;
    f->uploaded = 0;
    if (f->reattach) {
        /* The folder was taken and nothing was started: nothing happened,
         * and an old wish is not carried out by surprise. */
        f->job_failed = 1;
        (void)hf_fail(&f->job_error, HF_ECANCELLED,
                      "interrupted before the job was started");
        flow_enter(f, HF_PHASE_CLOSING);
        return;
    }
    flow_enter(f, HF_PHASE_UPLOADING);
}

static void
job_none(struct flow *f, const struct hf_facts *v)
{
    (void)v;
    if (!f->started) {
        flow_enter(f, HF_PHASE_LOCKING);
        return;
    }
    /* Closed by somebody, or never begun: the facts decide. */
    f->begun = f->started = 0;
    f->vanished = 1;
    flow_enter(f, HF_PHASE_VERIFYING);
}

/* Another run's folder is there, and none of ours. */
static void
job_of_others(struct flow *f, const struct hf_facts *v)
{
    if (f->started)
        job_none(f, v);
    else
        locked_out(f, v);
}

static void
job_done(struct flow *f, const struct hf_facts *v)
{
    const char *status;

    keep_result(f, v);
    status = hf_facts_get(&f->result, "outcome");
    if (!status || strcmp(status, "ok") != 0) {
        f->job_failed = 1;
        (void)hf_fail(&f->job_error, HF_ERR, "the job reported no result");
        f->driver->explain(&f->job_error, v);
    }
    f->begun = 1;
    flow_enter(f, HF_PHASE_CLOSING);
}

static void
job_died(struct flow *f, const struct hf_facts *v)
{
    keep_result(f, v);
    f->job_failed = 1;
    (void)hf_fail(&f->job_error, HF_ERR,
                  "the job's process ended without a result");
    flow_enter(f, HF_PHASE_CLOSING);
}

static void
job_rebooted(struct flow *f, const struct hf_facts *v)
{
    keep_result(f, v);
    f->job_failed = 1;
    (void)hf_fail(&f->job_error, HF_ERR,
                  "the host restarted while the job ran");
    flow_enter(f, HF_PHASE_CLOSING);
}

static const struct {
    const char *state;
    void (*then)(struct flow *f, const struct hf_facts *v);
} job_states[] = {
    {"none", job_none},  {"begun", job_new}, {"running", job_running},
    {"ended", job_done}, {"died", job_died}, {"rebooted", job_rebooted},
};

static int
is_of_others(const struct flow *f, const struct hf_facts *v)
{
    const char *run = hf_facts_get(v, "job.run");

    return run && strcmp(run, f->run->run) != 0;
}

void
step_answer_poll(struct flow *f, const struct hf_reply *reply)
{
    const struct hf_facts *v = &reply->values;
    const char *state = hf_facts_get(v, "job.state");
    struct hf_err err = HF_ERR_INIT;

    if (is_of_others(f, v)) {
        job_of_others(f, v);
        return;
    }
    take_log(f, v);
    for (size_t i = 0; state && i < HF_COUNT(job_states); i++) {
        if (strcmp(job_states[i].state, state) == 0) {
            job_states[i].then(f, v);
            return;
        }
    }
    (void)hf_fail(&err, HF_EREPLY, "the host does not say how the job is: %s",
                  hf_facts_get(v, "error") ? hf_facts_get(v, "error")
                                           : "no reason given");
    flow_no_answer(f, &err);
}

void
step_begin_close(struct flow *f)
{
    struct hf_params params = {0};

    if (!f->begun) {
        step_after_job(f);
        return;
    }
    f->closes++;
    run_params(f, &params);
    step_ask(f, HF_SCRIPT_END, &params);
}

void
step_answer_close(struct flow *f, const struct hf_reply *reply)
{
    (void)reply; /* a folder that stays is shown by the next probe */
    f->begun = 0;
    step_after_job(f);
}
