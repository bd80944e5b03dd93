/*
 * The steps of one host, as a table: what each phase asks and what follows
 * from the answer. A connection may be lost anywhere; once the host may have
 * been changed the answer to that is always to ask it again, never to guess
 * and never to repeat blindly.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/json.h"
#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "backend/base/time.h"
#include "backend/engine/decide.h"
#include "backend/engine/flow.h"

#define POLL_FIRST 250         /* ms between polls, doubling up to ... */
#define POLL_MOST 2000
#define LOST_PAUSE 1000        /* before asking again, doubling up to ... */
#define LOST_PAUSE_MOST 15000
#define HOST_LIMIT 7200000     /* 2 h: a host may take so long */
#define CLOSE_TRIES 3
#define BAD_REPLIES 3          /* then the host's answers are not believed */

/* What a phase does when it is entered, and with the decoded answer. `begin`
 * may be NULL (it waits for something else). */
struct step {
    void (*begin)(struct flow *f);
    void (*answer)(struct flow *f, const struct hf_reply *reply);
};
static const struct step steps[HF_PHASE_COUNT];

#define SAY(to, ...) (void)snprintf((to), HF_WHY_LEN, __VA_ARGS__)

void
flow_enter(struct flow *f, enum hf_phase phase)
{
    if (f->pub.phase != phase) {
        cJSON *data = cJSON_CreateObject();

        f->pub.phase = phase;
        f->pub.phase_since = hf_mono();
        hf_json_add_str(data, "step", hf_phase_names[phase]);
        (void)run_emit(f->run, HF_EVENT_HOST_STEP, f, data);
    }
    f->due = 0;
    if (steps[phase].begin)
        steps[phase].begin(f);
}

void
flow_wake(struct flow *f)
{
    if (f->pub.phase == HF_PHASE_DONE || f->asked)
        return;
    flow_enter(f, f->pub.phase == HF_PHASE_LOST ? HF_PHASE_WORKING
                                                : f->pub.phase);
}

/* The request could not even be made. */
static void
cannot_ask(struct flow *f, const struct hf_err *err)
{
    SAY(f->pub.hint, "%s", err->hint);
    flow_end(f,
             f->intent_durable ? HF_OUTCOME_UNVERIFIED
             : err->code == HF_EREFUSED || err->code == HF_EDENIED
                 ? HF_OUTCOME_REFUSED
                 : HF_OUTCOME_FAILED,
             "%s", err->text);
}

static void
ask(struct flow *f, enum hf_driver_script which, struct hf_params *params)
{
    struct hf_err err = HF_ERR_INIT;

    if (flow_ask(f, which, params, &err) < 0)
        cannot_ask(f, &err);
    hf_params_release(params);
}

/* ---- reading facts, before and after ---- */

static const struct hf_state *
recorded_state(const struct flow *f)
{
    const struct hf_run_options *o = &f->run->o;

    return o->recorded ? o->recorded(o->ctx, f->pub.host) : NULL;
}

static void
begin_probe(struct flow *f)
{
    const struct hf_state *rec = recorded_state(f);
    const struct hf_facts none = {0};
    struct hf_params params = {0};

    if (!f->driver)
        f->driver = hf_driver_of(f->pub.host, rec ? &rec->facts : &none);
    if (!f->driver)
        f->driver = hf_drivers[0];
    if (f->driver->probe_params)
        f->driver->probe_params(&params, f->pub.host);
    f->elevated = 0;
    ask(f, HF_SCRIPT_PROBE, &params);
}

static void
set_elevation(struct flow *f, const struct hf_facts *facts)
{
    int64_t uid;

    f->elevated = hf_facts_int(facts, "login.uid", &uid) < 0 || uid != 0;
}

static void
emit_facts(struct flow *f, const struct hf_facts *facts)
{
    cJSON *data = cJSON_CreateObject();

    hf_json_add_str(data, "net", hf_net_outcome_names[f->net]);
    cJSON_AddItemToObject(data, "facts", hf_facts_to_json(facts));
    (void)run_emit(f->run, HF_EVENT_HOST_FACTS, f, data);
}

/* Facts, findings and status as of now, in a state of its own whose members
 * are moved into the flow afterwards. */
static void
judge_fresh(struct flow *f, struct hf_state *fresh,
            const struct hf_facts *facts)
{
    const struct hf_state *rec = recorded_state(f);

    memset(fresh, 0, sizeof(*fresh));
    fresh->host = f->pub.host;
    hf_facts_copy(&fresh->facts, facts);
    if (rec)
        fresh->recent = rec->recent;
    hf_judge(fresh, f->run->o.fleet, hf_now());
}

static enum hf_outcome
decide(struct flow *f, const struct hf_state *fresh, char why[HF_WHY_LEN])
{
    const struct hf_run_options *o = &f->run->o;
    struct hf_decide_in in = {.action = o->action,
                              .fleet = o->fleet,
                              .state = fresh,
                              .recorded = recorded_state(f),
                              .again = o->again,
                              .now = hf_now()};

    hf_order_release(&f->order);
    return hf_decide(&f->order, why, f->pub.hint, &in);
}

static void
note_levels(struct flow *f, const struct hf_state *fresh)
{
    SAY(f->pub.level_from, "%s",
        f->order.level_from[0] ? f->order.level_from : fresh->status.level);
    SAY(f->pub.level_to, "%s",
        f->order.level_to[0] ? f->order.level_to : fresh->status.level);
}

static void judge_result(struct flow *f);

/* verify looks, and changes nothing: the facts just read are "after", those
 * recorded by the run that changed the host are "before". */
static void
verify_only(struct flow *f)
{
    const struct hf_state *rec = recorded_state(f);

    hf_facts_copy(&f->pub.after, &f->pub.before);
    if (rec && rec->facts.len) {
        hf_facts_release(&f->pub.before);
        hf_facts_copy(&f->pub.before, &rec->facts);
    }
    judge_result(f);
}

static void
emit_intent(struct flow *f)
{
    struct hf_run *r = f->run;

    f->intent_seq = run_emit(r, HF_EVENT_HOST_INTENT, f, flow_intent(f));
    f->give_up = hf_mono() + HOST_LIMIT;
    if (!f->intent_seq)
        flow_end(f, HF_OUTCOME_CANCELLED,
                 "nothing was changed: there is no journal to announce it in");
}

static void
act_on(struct flow *f, const struct hf_state *fresh)
{
    const struct hf_run_options *o = &f->run->o;
    char why[HF_WHY_LEN];
    enum hf_outcome skip = decide(f, fresh, why);

    note_levels(f, fresh);
    if (skip != HF_OUTCOME_COUNT)
        flow_end(f, skip, "%s", why);
    else if (o->action == HF_ACTION_VERIFY)
        verify_only(f);
    else if (o->still_wanted && !o->still_wanted(o->ctx, fresh))
        flow_end(f, HF_OUTCOME_SKIPPED,
                 "no longer matches what was asked for (it is %s)",
                 hf_patch_names[fresh->status.patch]);
    else
        emit_intent(f);
}

static void
answer_probe(struct flow *f, const struct hf_reply *reply)
{
    const struct hf_driver *claimed = hf_driver_of(f->pub.host,
                                                   &reply->values);
    struct hf_state fresh;

    hf_facts_release(&f->pub.before);
    hf_facts_copy(&f->pub.before, &reply->values);
    if (claimed && claimed != f->driver) {
        f->driver = claimed;
        begin_probe(f);
        return;
    }
    f->driver = claimed ? claimed : f->driver;
    emit_facts(f, &f->pub.before);
    set_elevation(f, &f->pub.before);
    judge_fresh(f, &fresh, &f->pub.before);
    f->pub.status = fresh.status;
    hf_findings_release(&f->pub.findings);
    f->pub.findings = fresh.findings;
    fresh.findings = (struct hf_findings){0};
    if (f->run->o.action == HF_ACTION_CHECK)
        flow_end(f, HF_OUTCOME_CHECKED, "%s", fresh.status.patch_why);
    else {
        fresh.findings = f->pub.findings;
        act_on(f, &fresh);
        fresh.findings = (struct hf_findings){0};
    }
    hf_state_release(&fresh);
}

/* ---- the job folder is the lock ---- */

static void
begin_lock(struct flow *f)
{
    struct hf_params params = {0};

    if (!f->intent_durable)
        return; /* release_intents comes back */
    hf_params_set(&params, "RUN", f->run->run);
    hf_params_set(&params, "OPERATOR", f->run->operator_);
    hf_params_set(&params, "ACTION", hf_action_names[f->run->o.action]);
    ask(f, HF_SCRIPT_BEGIN, &params);
}

/* A folder whose job has ended (by itself, by dying, by a restart) locks
 * nobody out: it is put away under its own run, then asked for again. */
static void
clear_stale(struct flow *f, const char *run)
{
    struct hf_params params = {0};

    f->clearing = 1;
    hf_params_set(&params, "RUN", run ? run : "");
    ask(f, HF_SCRIPT_END, &params);
}

static void
locked_out(struct flow *f, const struct hf_facts *v)
{
    const char *run = hf_facts_get(v, "job.run");
    const char *who = hf_facts_get(v, "job.operator");
    const char *stale = hf_facts_get(v, "stale");
    char age[HF_TIME_LEN];
    int64_t since = 0;

    if (stale && strcmp(stale, "no") != 0 && !f->cleared) {
        clear_stale(f, run);
        return;
    }
    (void)hf_facts_int(v, "job.since", &since);
    SAY(f->pub.hint, "wait for it to end, then start again");
    flow_end(f, HF_OUTCOME_LOCKED, "run %s of %s holds it since %s",
             run ? run : "?", who ? who : "?",
             since ? hf_time_format(age, since * 1000) : "?");
}

static void
answer_lock(struct flow *f, const struct hf_reply *reply)
{
    const struct hf_facts *v = &reply->values;
    const char *why = hf_facts_get(v, "error");

    if (f->clearing) {
        f->clearing = 0;
        f->cleared = 1;
        begin_lock(f);
    } else if (hf_facts_bool(v, "locked") == 1) {
        locked_out(f, v);
    } else if (reply->exit_status != 0) {
        flow_end(f, HF_OUTCOME_FAILED, "the job folder cannot be made: %s",
                 why ? why : "the host did not say why");
    } else {
        f->begun = 1;
        f->uploaded = 0;
        flow_enter(f, HF_PHASE_UPLOADING);
    }
}

/* ---- files: the order's, then the job's body ---- */

static void
begin_upload(struct flow *f)
{
    const struct hf_run_options *o = &f->run->o;
    const struct hf_script *body = f->driver->job;
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
        rc = flow_upload(f, "body.sh", body->text, body->len, &err);
    }
    hf_buf_release(&data);
    if (rc < 0) {
        f->job_failed = 1;
        f->job_error = err;
        flow_enter(f, HF_PHASE_CLOSING);
    }
}

static void
answer_upload(struct flow *f, const struct hf_reply *reply)
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

static void
begin_start(struct flow *f)
{
    struct hf_params params = {0};

    for (size_t i = 0; i < f->order.params.len; i++)
        hf_params_set(&params, f->order.params.v[i].name,
                      f->order.params.v[i].value);
    run_params(f, &params);
    hf_params_set(&params, "BODY", f->driver->job->sha256);
    f->started = 1; /* from here on it may run, whatever we hear */
    ask(f, HF_SCRIPT_START, &params);
}

static void
answer_start(struct flow *f, const struct hf_reply *reply)
{
    if (reply->exit_status != 0) {
        const char *why = hf_facts_get(&reply->values, "error");

        f->job_failed = 1;
        (void)hf_fail(&f->job_error, HF_ERR, "the job did not start: %s",
                      why ? why : "the host did not say why");
        flow_enter(f, HF_PHASE_CLOSING);
        return;
    }
    f->poll_pause = POLL_FIRST;
    f->pub.phase = HF_PHASE_WORKING;
    f->pub.phase_since = hf_mono();
    flow_later(f, POLL_FIRST);
}

static void
begin_poll(struct flow *f)
{
    struct hf_params params = {0};
    char offset[24];

    run_params(f, &params);
    (void)snprintf(offset, sizeof(offset), "%lld", (long long)f->log_offset);
    hf_params_set(&params, "OFFSET", offset);
    ask(f, HF_SCRIPT_POLL, &params);
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
    last_line(f->pub.why, text);
    data = cJSON_CreateObject();
    hf_json_add_str(data, "text", text);
    (void)run_emit(f->run, HF_EVENT_HOST_LOG, f, data);
}

static void
poll_again(struct flow *f, const struct hf_facts *v)
{
    (void)v;
    f->poll_pause = f->poll_pause ? f->poll_pause * 2 : POLL_FIRST;
    if (f->poll_pause > POLL_MOST)
        f->poll_pause = POLL_MOST;
    flow_later(f, f->poll_pause);
}

static void
job_new(struct flow *f, const struct hf_facts *v)
{
    (void)v;
    f->begun = 1;
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
    if (!f->started && !f->reattach) {
        flow_enter(f, HF_PHASE_LOCKING);
        return;
    }
    /* Closed by somebody, or never begun: the facts decide. */
    f->begun = 0;
    flow_enter(f, HF_PHASE_VERIFYING);
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
        f->driver->explain(&f->job_error, &f->result);
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
    {"none", job_none},   {"begun", job_new}, {"running", poll_again},
    {"ended", job_done}, {"died", job_died}, {"rebooted", job_rebooted},
};

static void
answer_poll(struct flow *f, const struct hf_reply *reply)
{
    const struct hf_facts *v = &reply->values;
    const char *state = hf_facts_get(v, "job.state");

    f->retries = 0;
    take_log(f, v);
    for (size_t i = 0; state && i < HF_COUNT(job_states); i++) {
        if (strcmp(job_states[i].state, state) == 0) {
            job_states[i].then(f, v);
            return;
        }
    }
    poll_again(f, v);
}

static void
begin_close(struct flow *f)
{
    struct hf_params params = {0};

    if (!f->begun) {
        flow_enter(f, HF_PHASE_VERIFYING);
        return;
    }
    run_params(f, &params);
    ask(f, HF_SCRIPT_END, &params);
}

static void
answer_close(struct flow *f, const struct hf_reply *reply)
{
    (void)reply; /* a folder that stays is shown by the next probe */
    f->begun = 0;
    flow_enter(f, HF_PHASE_VERIFYING);
}

/* ---- the verdict ---- */

static void
begin_verify(struct flow *f)
{
    struct hf_params params = {0};

    if (f->driver->probe_params)
        f->driver->probe_params(&params, f->pub.host);
    f->elevated = 0;
    ask(f, HF_SCRIPT_PROBE, &params);
}

static const struct hf_finding *
first_with(const struct hf_findings *all, enum hf_verdict verdict)
{
    for (size_t i = 0; i < all->len; i++) {
        if (all->v[i].verdict == verdict)
            return &all->v[i];
    }
    return NULL;
}

static void
end_by_criteria(struct flow *f)
{
    enum hf_verdict worst = hf_findings_worst(&f->pub.criteria);
    const struct hf_finding *first = first_with(&f->pub.criteria, worst);
    const char *found = first && first->found ? first->found : "unknown";

    if (f->job_failed && f->job_error.code == HF_ECANCELLED) {
        flow_end(f, HF_OUTCOME_CANCELLED, "%s", f->job_error.text);
    } else if (f->job_failed && worst != HF_VERDICT_BLOCK) {
        flow_end(f, HF_OUTCOME_UNVERIFIED,
                 "%s, yet every criterion that could be read passes",
                 f->job_error.text);
    } else if (f->job_failed) {
        SAY(f->pub.hint, "%s", f->job_error.hint);
        flow_end(f, HF_OUTCOME_FAILED, "%s", f->job_error.text);
    } else if (worst == HF_VERDICT_BLOCK) {
        flow_end(f, HF_OUTCOME_FAILED, "%s: %s", first->name, found);
    } else if (worst == HF_VERDICT_UNKNOWN) {
        flow_end(f, HF_OUTCOME_UNVERIFIED, "%s: %s", first->name, found);
    } else {
        flow_end(f, HF_OUTCOME_VERIFIED, "%s", f->pub.status.level);
    }
}

static void
judge_result(struct flow *f)
{
    struct hf_state fresh;
    struct hf_check_in in = {.host = f->pub.host,
                             .facts = &f->pub.after,
                             .catalogue = f->run->o.fleet->catalogue,
                             .before = &f->pub.before,
                             .order = &f->order,
                             .now = hf_now()};

    hf_findings_release(&f->pub.criteria);
    hf_checks_run(&f->pub.criteria, f->driver->criteria, &in);
    judge_fresh(f, &fresh, &f->pub.after);
    f->pub.status = fresh.status;
    hf_state_release(&fresh);
    end_by_criteria(f);
}

static void
answer_verify(struct flow *f, const struct hf_reply *reply)
{
    hf_facts_release(&f->pub.after);
    hf_facts_copy(&f->pub.after, &reply->values);
    emit_facts(f, &f->pub.after);
    judge_result(f);
}

/* ---- when the answer is not one ---- */

static const struct {
    enum hf_net_outcome net;
    enum hf_outcome outcome;
} net_outcomes[] = {
    {HF_NET_HOSTKEY, HF_OUTCOME_REFUSED},
    {HF_NET_DENIED, HF_OUTCOME_REFUSED},
    {HF_NET_UNRESOLVED, HF_OUTCOME_UNREACHABLE},
    {HF_NET_UNREACHABLE, HF_OUTCOME_UNREACHABLE},
    {HF_NET_FAILED, HF_OUTCOME_UNREACHABLE},
    {HF_NET_CANCELLED, HF_OUTCOME_CANCELLED},
};

static enum hf_outcome
outcome_of_net(enum hf_net_outcome net)
{
    for (size_t i = 0; i < HF_COUNT(net_outcomes); i++) {
        if (net_outcomes[i].net == net)
            return net_outcomes[i].outcome;
    }
    return HF_OUTCOME_UNVERIFIED;
}

static void
ask_again_later(struct flow *f, const struct hf_err *err)
{
    int64_t pause = LOST_PAUSE;

    flow_disconnect(f);
    SAY(f->pub.why, "%s", err->text);
    if (f->give_up && hf_mono() > f->give_up) {
        flow_end(f, HF_OUTCOME_UNVERIFIED,
                 "not reached again after the change began: %s", err->text);
        return;
    }
    for (int i = 0; i < f->retries && pause < LOST_PAUSE_MOST; i++)
        pause *= 2;
    f->retries++;
    f->pub.phase = HF_PHASE_LOST;
    f->pub.phase_since = hf_mono();
    flow_later(f, pause);
}

/* What failed while the facts were read, before or after. */
static void
probe_failed(struct flow *f, const struct hf_err *err)
{
    SAY(f->pub.hint, "%s", err->hint);
    if (f->pub.phase == HF_PHASE_PROBING) {
        cJSON *data = cJSON_CreateObject();

        hf_json_add_str(data, "net", hf_net_outcome_names[f->net]);
        hf_json_add_str(data, "why", err->text);
        (void)run_emit(f->run, HF_EVENT_HOST_FACTS, f, data);
    }
    flow_end(f,
             err->code == HF_EREPLY ? HF_OUTCOME_UNVERIFIED
                                    : outcome_of_net(f->net),
             "%s", err->text);
}

/* Asking again cannot help: the door is shut, or the answers are garbage. */
static int
is_hopeless(const struct flow *f, const struct hf_err *err)
{
    if (err->code == HF_EREPLY)
        return f->retries >= BAD_REPLIES;
    return f->net == HF_NET_HOSTKEY || f->net == HF_NET_DENIED;
}

static void
no_answer(struct flow *f, const struct hf_err *err)
{
    if (f->run->abandoned)
        return;
    if (f->pub.phase != HF_PHASE_PROBING && is_hopeless(f, err)) {
        flow_end(f, HF_OUTCOME_UNVERIFIED,
                 "what became of the change is unknown: %s", err->text);
        return;
    }
    switch (f->pub.phase) {
    case HF_PHASE_PROBING:
        probe_failed(f, err);
        break;
    case HF_PHASE_CLOSING:
        if (f->retries >= CLOSE_TRIES) {
            flow_enter(f, HF_PHASE_VERIFYING);
            break;
        }
        /* fall through */
    default:
        ask_again_later(f, err);
    }
}

/* Turns a transport result into a decoded reply, or says why there is none. */
static int
read_reply(struct flow *f, struct hf_reply *reply, struct hf_result *res,
           struct hf_err *err)
{
    struct hf_buf said = {0};
    int rc;

    f->net = res->outcome;
    if (res->connect_ms)
        f->connect_ms = res->connect_ms;
    if (res->login_key) {
        free(f->login_key);
        f->login_key = hf_xstrdup(res->login_key);
    }
    if (res->outcome != HF_NET_DONE) {
        *err = res->error;
        return err->code;
    }
    rc = f->driver->dialect->decode(reply, hf_buf_str(&res->out), res->out.len,
                                    f->nonce, hf_now(), err);
    if (rc == HF_OK)
        return HF_OK;
    hf_sanitise(&said, hf_buf_str(res->err.len ? &res->err : &res->out),
                res->err.len ? res->err.len : res->out.len, 120, 0);
    (void)hf_hint(err, "the host said: %s", hf_buf_str(&said));
    hf_buf_release(&said);
    return rc;
}

void
flow_answer(struct flow *f, struct hf_result *res)
{
    struct hf_reply reply = {0};
    struct hf_err err = HF_ERR_INIT;

    if (f->pub.phase == HF_PHASE_DONE)
        return;
    if (read_reply(f, &reply, res, &err) < 0)
        no_answer(f, &err);
    else
        steps[f->pub.phase].answer(f, &reply);
    hf_reply_release(&reply);
}

/* clang-format off */
static const struct step steps[HF_PHASE_COUNT] = {
    [HF_PHASE_PROBING]   = {begin_probe,  answer_probe},
    [HF_PHASE_LOCKING]   = {begin_lock,   answer_lock},
    [HF_PHASE_UPLOADING] = {begin_upload, answer_upload},
    [HF_PHASE_STARTING]  = {begin_start,  answer_start},
    [HF_PHASE_WORKING]   = {begin_poll,   answer_poll},
    [HF_PHASE_CLOSING]   = {begin_close,  answer_close},
    [HF_PHASE_VERIFYING] = {begin_verify, answer_verify},
};
/* clang-format on */
