/*
 * A run's frame: which hosts start when, what wakes them, what is told. The
 * steps of one host are in steps.c.
 */
#include "backend/engine/run.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/json.h"
#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "backend/base/time.h"
#include "backend/engine/flow.h"

#define CONNECT_RAMP 64 /* flows begun in one pump at most */

static const struct hf_run_times default_times = {
    .host = 7200000,
    .reach = 120000,
    .pause = 1000,
    .poll = 250,
    .restart = 3600000,
    .linger = 300000,
    .recover = 600000,
    .settle = 5000,
};

static void
default_to(int64_t *time, int64_t ms)
{
    if (*time <= 0)
        *time = ms;
}

static void
set_times(struct hf_run_times *t)
{
    default_to(&t->host, default_times.host);
    default_to(&t->reach, default_times.reach);
    default_to(&t->pause, default_times.pause);
    default_to(&t->poll, default_times.poll);
    default_to(&t->restart, default_times.restart);
    default_to(&t->linger, default_times.linger);
    default_to(&t->recover, default_times.recover);
    default_to(&t->settle, default_times.settle);
}

int
hf_run_new(struct hf_run **out, const struct hf_run_options *options,
           const struct hf_host *const *hosts, size_t n, struct hf_err *err)
{
    struct hf_run *r;

    *out = NULL;
    if (!n)
        return hf_fail(err, HF_ENOTFOUND, "no host to act on");
    r = HF_NEW(struct hf_run);
    r->o = *options;
    if (r->o.parallel < 1)
        r->o.parallel = 1;
    set_times(&r->o.times);
    hf_say(r->run, sizeof(r->run), "%s", options->run);
    r->o.run = r->run;
    r->o.operator_ = r->operator_ = hf_xstrdup(options->operator_);
    r->o.change = r->change = hf_xstrdup(options->change);
    r->o.reason = r->reason = hf_xstrdup(options->reason);
    r->o.inventory = r->inventory = hf_xstrdup(options->inventory);
    r->flows = hf_xcalloc(n, sizeof(*r->flows));
    r->len = n;
    for (size_t i = 0; i < n; i++) {
        r->flows[i].run = r;
        r->flows[i].pub.host = hosts[i];
        r->flows[i].pub.status = hf_standing_none;
        r->flows[i].pub.phase_since = hf_pace();
    }
    *out = r;
    return HF_OK;
}

static void
flow_release(struct flow *f)
{
    flow_disconnect(f);
    hf_facts_release(&f->pub.before);
    hf_facts_release(&f->pub.after);
    hf_findings_release(&f->pub.findings);
    hf_findings_release(&f->pub.criteria);
    hf_standing_release(&f->pub.status);
    hf_order_release(&f->order);
    hf_facts_release(&f->result);
    hf_buf_release(&f->log);
    free(f->login_key);
}

void
hf_run_free(struct hf_run *r)
{
    if (!r)
        return;
    for (size_t i = 0; i < r->len; i++)
        flow_release(&r->flows[i]);
    free(r->flows);
    free(r->active);
    free(r->by_link);
    free(r->operator_);
    free(r->change);
    free(r->reason);
    free(r->inventory);
    free(r);
}

uint64_t
run_emit(struct hf_run *r, enum hf_event_kind kind, const struct flow *f,
         cJSON *data)
{
    struct hf_event e;
    uint64_t seq = 0;

    hf_event_init(&e, kind, r->run, f ? f->pub.host->name : "");
    e.data = data;
    if (r->o.journal && (hf_event_rows[kind].flags & HF_EVENT_JOURNALLED))
        seq = hf_journal_append(r->o.journal, &e);
    if (r->o.on_event)
        r->o.on_event(r->o.ctx, &e);
    hf_event_release(&e);
    return seq;
}

/* ---- hosts under way ---- */

static void
join_active(struct flow *f)
{
    struct hf_run *r = f->run;

    f->place = r->active_len;
    *HF_PUSH(&r->active, &r->active_len, &r->active_cap) = f;
}

/* The last one takes its place. */
static void
leave_active(struct flow *f)
{
    struct hf_run *r = f->run;

    if (!f->pub.started)
        return; /* never was one */
    r->active[f->place] = r->active[--r->active_len];
    r->active[f->place]->place = f->place;
}

/* Each of them once, also when it leaves meanwhile. */
static void
each_active(struct hf_run *r, void (*fn)(struct flow *f, const void *arg),
            const void *arg)
{
    for (size_t i = 0; i < r->active_len;) {
        struct flow *f = r->active[i];

        fn(f, arg);
        if (i < r->active_len && r->active[i] == f)
            i++;
    }
}

/* ---- ending a host ---- */

static void stop_run(struct hf_run *r, const char *why);

#define STOPPING                                             \
    (1u << HF_OUTCOME_FAILED | 1u << HF_OUTCOME_UNVERIFIED | \
     1u << HF_OUTCOME_CALLED_OFF)

static void
stop_after_failure(struct hf_run *r, const struct flow *f)
{
    char why[HF_WHY_LEN];

    if (r->o.go_on || !hf_action_is_bound(r->o.action) ||
        !(STOPPING & 1u << f->pub.outcome))
        return;
    hf_say(why, sizeof(why), "%.60s is %s", f->pub.host->name,
           hf_outcome_names[f->pub.outcome]);
    stop_run(r, why);
}

void
flow_end(struct flow *f, enum hf_outcome outcome, const char *fmt, ...)
{
    struct hf_run *r = f->run;
    char why[1024];
    va_list ap;

    assert(f->pub.phase != HF_PHASE_DONE);
    va_start(ap, fmt);
    (void)vsnprintf(why, sizeof(why), fmt, ap);
    va_end(ap);
    hf_text_cut(f->pub.why, sizeof(f->pub.why), why);
    f->pub.outcome = outcome;
    f->pub.phase = HF_PHASE_DONE;
    f->pub.phase_since = hf_pace();
    f->pub.ended = hf_now();
    f->due = 0;
    flow_disconnect(f);
    leave_active(f);
    r->done++;
    r->by_outcome[outcome]++;
    (void)run_emit(r, HF_EVENT_HOST_OUTCOME, f, flow_evidence(f));
    if (r->o.action == HF_ACTION_CHECK) { /* of thousands of hosts */
        hf_facts_release(&f->pub.before);
        hf_findings_release(&f->pub.findings);
    }
    stop_after_failure(r, f);
}

/* ---- starting hosts ---- */

static void
flow_start(struct flow *f)
{
    struct hf_run *r = f->run;
    cJSON *data = cJSON_CreateObject();

    f->pub.started = hf_now();
    join_active(f);
    hf_json_add_str(data, "address", f->pub.host->address);
    hf_json_add_str(data, "ring", f->pub.host->ring);
    (void)run_emit(r, HF_EVENT_HOST_STARTED, f, data);
    if (f->reattach && !f->driver)
        flow_end(f, HF_OUTCOME_UNVERIFIED,
                 "what became of the change is unknown: %s", f->job_error.text);
    else
        flow_enter(f, f->reattach ? HF_PHASE_WORKING : HF_PHASE_PROBING);
}

static void
start_hosts(struct hf_run *r)
{
    int begun = 0;

    while (!r->o.manual && !r->held && !r->stopped && r->next < r->len &&
           r->active_len < (size_t)r->o.parallel && begun++ < CONNECT_RAMP)
        flow_start(&r->flows[r->next++]);
}

static void
cancel_rest(struct hf_run *r)
{
    while (r->stopped && !r->o.manual && r->next < r->len)
        flow_end(&r->flows[r->next++], HF_OUTCOME_CANCELLED, "not started: %s",
                 r->held_why);
}

void
hf_run_begin(struct hf_run *r, size_t i)
{
    if (r->over || r->flows[i].pub.started)
        return;
    r->next++;
    flow_start(&r->flows[i]);
}

void
hf_run_finish(struct hf_run *r)
{
    r->finishing = 1;
}

/* ---- what wakes a run ---- */

static struct flow *
flow_by_link(const struct hf_run *r, uint32_t link)
{
    uint32_t i = link - r->link_base;

    return i < r->links_cap ? r->by_link[i] : NULL;
}

static void
take_results(struct hf_run *r)
{
    struct hf_result *res;

    while ((res = hf_queue_pop(r->o.results))) {
        struct flow *f = flow_by_link(r, res->link);

        /* A late answer to a request that was given up is nobody's. */
        if (f && f->linked && f->link == res->link && f->asked &&
            f->tag == res->tag) {
            f->asked = 0;
            flow_answer(f, res);
        }
        hf_result_free(res);
    }
}

static int
waits_for_journal(const struct flow *f)
{
    return f->intent_seq && !f->intent_durable;
}

static void
cancel_unannounced(struct flow *f, const void *why)
{
    if (waits_for_journal(f))
        flow_end(f, HF_OUTCOME_CANCELLED, "nothing was changed: %s",
                 (const char *)why);
}

static void
journal_failed(struct hf_run *r, const struct hf_err *err)
{
    const char *reason = strstr(err->text, "': "); /* a path may be long */
    char why[HF_WHY_LEN];

    hf_say(why, sizeof(why), "the journal cannot be written: %s",
           reason ? reason + 3 : err->text);
    each_active(r, cancel_unannounced, why);
    stop_run(r, why);
}

static void
take_acks(struct hf_run *r)
{
    struct hf_journal_ack *ack;

    while (r->o.acks && (ack = hf_queue_pop(r->o.acks))) {
        if (ack->error.code < 0)
            journal_failed(r, &ack->error);
        else if (ack->seq > r->durable)
            r->durable = ack->seq;
        free(ack);
    }
}

static void
release_intent(struct flow *f, const void *arg)
{
    (void)arg;
    if (waits_for_journal(f) && f->intent_seq <= f->run->durable) {
        f->intent_durable = 1;
        flow_act(f);
    }
}

void
flow_later(struct flow *f, int64_t ms)
{
    f->due = hf_pace() + ms;
    if (!f->run->earliest || f->due < f->run->earliest)
        f->run->earliest = f->due;
}

static void
wake_if_due(struct flow *f, const void *now)
{
    if (f->due && f->due <= *(const int64_t *)now) {
        f->due = 0;
        flow_wake(f);
    }
}

static void
wake_due(struct hf_run *r)
{
    int64_t now = hf_pace();

    if (!r->earliest || now < r->earliest)
        return;
    each_active(r, wake_if_due, &now);
    r->earliest = 0;
    for (size_t i = 0; i < r->active_len; i++) {
        int64_t due = r->active[i]->due;

        if (due && (!r->earliest || due < r->earliest))
            r->earliest = due;
    }
}

int64_t
hf_run_pump(struct hf_run *r)
{
    uint64_t durable = r->durable;
    int64_t now;

    if (r->over)
        return HF_RUN_OVER;
    take_acks(r);
    if (r->durable != durable)
        each_active(r, release_intent, NULL);
    take_results(r);
    wake_due(r);
    cancel_rest(r);
    start_hosts(r);
    if (r->done == r->len || r->abandoned || (r->finishing && !r->active_len)) {
        r->over = 1;
        return HF_RUN_OVER;
    }
    if (!r->o.manual && !r->held && r->next < r->len &&
        r->active_len < (size_t)r->o.parallel)
        return 0; /* the ramp left hosts behind */
    if (!r->earliest)
        return -1;
    now = hf_pace();
    return r->earliest > now ? r->earliest - now : 0;
}

/* ---- what people say ---- */

void
hf_run_hold(struct hf_run *r, const char *why)
{
    cJSON *data;

    if (r->held)
        return;
    r->held = 1;
    hf_say(r->held_why, sizeof(r->held_why), "%s", why);
    data = cJSON_CreateObject();
    hf_json_add_str(data, "why", why);
    (void)run_emit(r, HF_EVENT_HOLD, NULL, data);
}

void
hf_run_resume(struct hf_run *r)
{
    if (!r->stopped)
        r->held = 0;
}

/* Also when it was held before, which had another reason. */
static void
stop_run(struct hf_run *r, const char *why)
{
    if (r->stopped)
        return;
    r->held = 0;
    hf_run_hold(r, why);
    r->stopped = 1;
}

void
hf_run_stop(struct hf_run *r, const char *why)
{
    r->interrupted = 1;
    stop_run(r, why);
}

/* An intent on disk stays open on purpose: the next start asks the host what
 * became of it. */
static void
let_go(struct flow *f, const void *arg)
{
    (void)arg;
    if (f->intent_durable) {
        flow_disconnect(f);
        f->due = 0;
    } else {
        flow_end(f, HF_OUTCOME_CANCELLED, "interrupted, nothing was changed");
    }
}

void
hf_run_abandon(struct hf_run *r)
{
    if (r->abandoned)
        return;
    r->abandoned = 1;
    hf_run_stop(r, "interrupted");
    each_active(r, let_go, NULL);
    cancel_rest(r);
}

/* ---- settling what an earlier process left open ---- */

void
hf_run_reattach(struct hf_run *r, size_t i, const cJSON *intent)
{
    struct flow *f = &r->flows[i];
    const char *driver = hf_json_str(intent, "driver");

    f->reattach = f->intent_durable = 1;
    f->touched = f->started = 1;
    if (flow_from_intent(f, intent, &f->job_error) < 0)
        return;
    f->driver = driver ? hf_driver_find(driver) : NULL;
    if (!f->driver)
        (void)hf_fail(&f->job_error, HF_EINVALID,
                      "the journal's intent names no driver of this version "
                      "(%s)",
                      driver ? driver : "none");
    f->give_up = hf_pace() + r->o.times.host;
}
