/*
 * The steps of one host, as a table: what each phase asks and what follows
 * from the answer. A connection may be lost anywhere; once the host may have
 * been changed the answer to that is always to ask it again, never to guess
 * and never to repeat blindly.
 */
#include "backend/engine/steps.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/json.h"
#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "backend/base/time.h"

#define PAUSE_MOST 15000 /* ms between two tries to reach a host again */
#define CLOSE_TRIES 3
#define BAD_REPLIES 3 /* then the host's answers are not believed */

/* What a phase does when it is entered, and with the decoded answer. `begin`
 * may be NULL (it waits for something else). A lost connection is followed by
 * asking in the phase `resume`: how is the job, or the facts once more. */
struct step {
    void (*begin)(struct flow *f);
    void (*answer)(struct flow *f, const struct hf_reply *reply);
    enum hf_phase resume;
    /* In place of the above, where a lost connection is something else. */
    void (*no_answer)(struct flow *f, const struct hf_err *err);
};
static const struct step steps[HF_PHASE_COUNT];

void
flow_wait(struct flow *f, enum hf_phase phase)
{
    cJSON *data;

    f->due = 0;
    if (f->pub.phase == phase)
        return;
    f->pub.phase = phase;
    f->pub.phase_since = hf_pace();
    data = cJSON_CreateObject();
    hf_json_add_str(data, "step", hf_phase_names[phase]);
    (void)run_emit(f->run, HF_EVENT_HOST_STEP, f, data);
}

void
flow_enter(struct flow *f, enum hf_phase phase)
{
    flow_wait(f, phase);
    if (steps[phase].begin)
        steps[phase].begin(f);
}

void
flow_wake(struct flow *f)
{
    if (f->pub.phase == HF_PHASE_DONE || f->asked)
        return;
    flow_enter(f, f->pub.phase == HF_PHASE_LOST ? f->resume : f->pub.phase);
}

static void probe_failed(struct flow *f, const struct hf_err *err);

/* The request could not even be made: no such key file, behind a jump host. */
static void
cannot_ask(struct flow *f, const struct hf_err *err)
{
    f->net = err->code == HF_EREFUSED || err->code == HF_EDENIED
                 ? HF_NET_DENIED
                 : HF_NET_FAILED;
    if (f->pub.phase == HF_PHASE_PROBING)
        probe_failed(f, err);
    else
        flow_end_in_doubt(f, err);
}

void
step_ask(struct flow *f, enum hf_driver_script which, struct hf_params *params)
{
    struct hf_err err = HF_ERR_INIT;

    if (flow_ask(f, which, params, &err) < 0)
        cannot_ask(f, &err);
    hf_params_release(params);
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

/* Nobody will ask this host again in this run. */
void
flow_end_in_doubt(struct flow *f, const struct hf_err *err)
{
    SAY(f->pub.hint, "%s", err->hint);
    if (!f->touched)
        flow_end(f, outcome_of_net(f->net), "nothing was changed: %s",
                 err->text);
    else if (f->run->o.action == HF_ACTION_CALL_OFF)
        flow_end(f, HF_OUTCOME_UNVERIFIED,
                 "whether its restart was called off is not known: %s",
                 err->text);
    else if (!f->started)
        flow_end(f, HF_OUTCOME_UNVERIFIED,
                 "lost before the job was started, its folder may be left on "
                 "the host: %s",
                 err->text);
    else
        flow_end(f, HF_OUTCOME_UNVERIFIED,
                 f->order.restart_in
                     ? "did not come back, from its restart or before it: %s"
                     : "what became of the change is unknown: %s",
                 err->text);
}

/* A host whose job may run is waited for as long as a host may take; one
 * that an earlier process left, or where nothing was started, not so long. */
static int
is_given_up(const struct flow *f, int64_t now)
{
    const struct hf_run_times *t = &f->run->o.times;
    int64_t reach = f->started && !f->reattach ? t->host
                    : f->order.restart_in      ? t->restart
                                               : t->reach;

    return now - f->lost_since >= reach || (f->give_up && now >= f->give_up);
}

void
flow_retry_later(struct flow *f)
{
    int64_t pause = f->run->o.times.pause;

    for (int i = 0; i < f->retries && pause < PAUSE_MOST; i++)
        pause *= 2;
    f->retries++;
    flow_later(f, pause);
}

static void
ask_again_later(struct flow *f, const struct hf_err *err)
{
    int64_t now = hf_pace();

    f->resume = steps[f->pub.phase].resume;
    flow_disconnect(f);
    if (!f->lost_since)
        f->lost_since = now;
    if (is_given_up(f, now)) {
        flow_end_in_doubt(f, err);
        return;
    }
    flow_wait(f, HF_PHASE_LOST);
    SAY(f->pub.why, "%s", err->text);
    flow_retry_later(f);
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

/* Did the connection fail before a command of ours could begin? */
static int
is_unsent(enum hf_net_outcome net)
{
    return net != HF_NET_CANCELLED &&
           outcome_of_net(net) != HF_OUTCOME_UNVERIFIED;
}

/* Asking again cannot help: the door is shut, or the answers are garbage. */
static int
is_hopeless(const struct flow *f)
{
    return f->bad_replies >= BAD_REPLIES || f->net == HF_NET_HOSTKEY ||
           f->net == HF_NET_DENIED || (!f->touched && is_unsent(f->net));
}

void
flow_no_answer(struct flow *f, const struct hf_err *err)
{
    if (steps[f->pub.phase].no_answer) {
        steps[f->pub.phase].no_answer(f, err);
        return;
    }
    if (err->code == HF_EREPLY || f->net == HF_NET_OVERFLOW)
        f->bad_replies++;
    if (!is_unsent(f->net))
        f->touched = 1;
    if (is_hopeless(f))
        flow_end_in_doubt(f, err);
    else if (f->pub.phase == HF_PHASE_CLOSING && f->closes >= CLOSE_TRIES)
        step_after_job(f);
    else
        ask_again_later(f, err);
}

/* In which file a key is looked for depends on the host; and pam_nologin lets
 * only root in during the minutes before a restart. */
static void
explain_refusal(const struct flow *f, struct hf_err *err,
                const struct hf_result *res)
{
    const struct hf_driver *d =
        res->banner ? hf_driver_by_banner(res->banner) : f->driver;

    if (res->outcome != HF_NET_DENIED)
        return;
    if (d->refuses && strstr(err->hint, "authorized_keys"))
        (void)hf_hint(err, "%s", d->refuses);
    else if (!d->refuses && f->run->o.action == HF_ACTION_CALL_OFF)
        (void)hf_hint(err, "shortly before a restart Linux may let only root "
                           "in: call it off in the console that ordered it, "
                           "or on the host (shutdown -c)");
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
        explain_refusal(f, err, res);
        return err->code;
    }
    rc = f->driver->dialect->decode(reply, hf_buf_str(&res->out), res->out.len,
                                    f->nonce, hf_now(), err);
    if (rc == HF_OK)
        return HF_OK;
    f->net = HF_NET_BAD_REPLY;
    hf_sanitise(&said, hf_buf_str(res->err.len ? &res->err : &res->out),
                res->err.len ? res->err.len : res->out.len, 120, 0);
    if (!err->hint[0])
        (void)hf_hint(err, "the host said: %s", hf_buf_str(&said));
    hf_buf_release(&said);
    return rc;
}

/* Nobody said what the host is, and its banner tells that it was asked in the
 * wrong tongue. 1 when it is asked again, which happens once. */
static int
ask_as_its_banner(struct flow *f, const struct hf_result *res)
{
    const char *platform = f->pub.host->platform;
    const struct hf_driver *other = hf_driver_by_banner(res->banner);

    if (f->pub.phase != HF_PHASE_PROBING || res->outcome != HF_NET_DONE ||
        !res->banner || other->banner == f->driver->banner ||
        (platform && strcmp(platform, "auto") != 0))
        return 0;
    f->driver = other;
    step_begin_probe(f);
    return 1;
}

void
flow_answer(struct flow *f, struct hf_result *res)
{
    struct hf_reply reply = {0};
    struct hf_err err = HF_ERR_INIT;

    if (f->pub.phase == HF_PHASE_DONE || ask_as_its_banner(f, res))
        return;
    if (read_reply(f, &reply, res, &err) < 0) {
        flow_no_answer(f, &err);
    } else {
        f->lost_since = 0;
        f->retries = 0;
        steps[f->pub.phase].answer(f, &reply);
    }
    hf_reply_release(&reply);
}

/* clang-format off */
static const struct step steps[HF_PHASE_COUNT] = {
    [HF_PHASE_PROBING]   = {step_begin_probe, step_answer_probe,
                            HF_PHASE_PROBING, probe_failed},
    [HF_PHASE_LOCKING]   = {step_begin_lock, step_answer_lock,
                            HF_PHASE_WORKING, NULL},
    [HF_PHASE_UPLOADING] = {step_begin_upload, step_answer_upload,
                            HF_PHASE_WORKING, NULL},
    [HF_PHASE_STARTING]  = {step_begin_start, step_answer_start,
                            HF_PHASE_WORKING, NULL},
    [HF_PHASE_WORKING]   = {step_begin_poll, step_answer_poll,
                            HF_PHASE_WORKING, NULL},
    [HF_PHASE_CLOSING]   = {step_begin_close, step_answer_close,
                            HF_PHASE_WORKING, NULL},
    [HF_PHASE_RESTARTING] = {step_begin_restart, step_answer_restart,
                             HF_PHASE_RESTARTING, step_no_answer_restart},
    [HF_PHASE_CALLING]   = {step_begin_calling, step_answer_calling,
                            HF_PHASE_CALLING, NULL},
    [HF_PHASE_VERIFYING] = {step_begin_verify, step_answer_verify,
                            HF_PHASE_VERIFYING, NULL},
};
/* clang-format on */
