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

#define CONNECT_RAMP 64       /* flows begun in one pump at most */
#define REATTACH_LIMIT 120000 /* ms to reach a host with an open intent */

const char *const hf_phase_names[HF_PHASE_COUNT + 1] = {
    [HF_PHASE_WAITING] = "waiting",
    [HF_PHASE_PROBING] = "reading facts",
    [HF_PHASE_LOCKING] = "taking the job folder",
    [HF_PHASE_UPLOADING] = "uploading",
    [HF_PHASE_STARTING] = "starting the job",
    [HF_PHASE_WORKING] = "job runs",
    [HF_PHASE_LOST] = "connection lost, will ask again",
    [HF_PHASE_CLOSING] = "closing the job",
    [HF_PHASE_VERIFYING] = "verifying",
    [HF_PHASE_DONE] = "done",
};

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
        r->flows[i].pub.phase_since = hf_mono();
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
    hf_order_release(&f->order);
    hf_facts_release(&f->result);
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

/* ---- ending a host ---- */

static int
outcome_stops_run(enum hf_outcome o)
{
    return o == HF_OUTCOME_FAILED || o == HF_OUTCOME_UNVERIFIED;
}

static void
stop_after_failure(struct hf_run *r, const struct flow *f)
{
    char why[HF_WHY_LEN];

    if (r->o.go_on || r->o.action == HF_ACTION_CHECK ||
        r->o.action == HF_ACTION_VERIFY || !outcome_stops_run(f->pub.outcome))
        return;
    hf_say(why, sizeof(why), "%.60s is %s", f->pub.host->name,
           hf_outcome_names[f->pub.outcome]);
    hf_run_stop(r, why);
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
    f->pub.phase_since = hf_mono();
    f->pub.ended = hf_now();
    f->due = 0;
    flow_disconnect(f);
    if (f->pub.started)
        r->in_flight--;
    r->done++;
    (void)run_emit(r, HF_EVENT_HOST_OUTCOME, f, flow_evidence(f));
    stop_after_failure(r, f);
}

/* ---- starting hosts ---- */

static void
flow_start(struct flow *f)
{
    struct hf_run *r = f->run;
    cJSON *data = cJSON_CreateObject();

    f->pub.started = hf_now();
    r->in_flight++;
    hf_json_add_str(data, "address", f->pub.host->address);
    hf_json_add_str(data, "ring", f->pub.host->ring);
    (void)run_emit(r, HF_EVENT_HOST_STARTED, f, data);
    flow_enter(f, f->reattach ? HF_PHASE_WORKING : HF_PHASE_PROBING);
}

static void
start_hosts(struct hf_run *r)
{
    int begun = 0;

    while (!r->held && !r->stopped && r->next < r->len &&
           r->in_flight < (size_t)r->o.parallel && begun++ < CONNECT_RAMP)
        flow_start(&r->flows[r->next++]);
}

static void
cancel_rest(struct hf_run *r)
{
    while (r->stopped && r->next < r->len)
        flow_end(&r->flows[r->next++], HF_OUTCOME_CANCELLED, "not started: %s",
                 r->held_why);
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

static void
journal_failed(struct hf_run *r, const struct hf_err *err)
{
    char why[HF_WHY_LEN];

    hf_say(why, sizeof(why), "the journal cannot be written: %.100s",
           err->text);
    for (size_t i = 0; i < r->next; i++) {
        struct flow *f = &r->flows[i];

        if (f->pub.phase != HF_PHASE_DONE && f->intent_seq &&
            !f->intent_durable)
            flow_end(f, HF_OUTCOME_CANCELLED, "nothing was changed: %s", why);
    }
    hf_run_stop(r, why);
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
release_intents(struct hf_run *r)
{
    for (size_t i = 0; i < r->next; i++) {
        struct flow *f = &r->flows[i];

        if (f->intent_seq && !f->intent_durable &&
            f->intent_seq <= r->durable && f->pub.phase != HF_PHASE_DONE) {
            f->intent_durable = 1;
            flow_enter(f, HF_PHASE_LOCKING);
        }
    }
}

void
flow_later(struct flow *f, int64_t ms)
{
    f->due = hf_mono() + ms;
    if (!f->run->earliest || f->due < f->run->earliest)
        f->run->earliest = f->due;
}

static void
wake_due(struct hf_run *r)
{
    int64_t now = hf_mono(), earliest = 0;

    if (!r->earliest || now < r->earliest)
        return;
    r->earliest = 0;
    for (size_t i = 0; i < r->next; i++) {
        struct flow *f = &r->flows[i];

        if (f->due && f->due <= now) {
            f->due = 0;
            flow_wake(f);
        }
        if (f->due && (!earliest || f->due < earliest))
            earliest = f->due;
    }
    r->earliest = earliest;
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
        release_intents(r);
    take_results(r);
    wake_due(r);
    cancel_rest(r);
    start_hosts(r);
    if (r->done == r->len || (r->abandoned && !r->in_flight)) {
        r->over = 1;
        return HF_RUN_OVER;
    }
    /* The ramp left hosts behind: go on at once. */
    if (!r->held && r->next < r->len && r->in_flight < (size_t)r->o.parallel)
        return 0;
    if (!r->earliest)
        return -1;
    now = hf_mono();
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

void
hf_run_stop(struct hf_run *r, const char *why)
{
    hf_run_hold(r, why);
    r->stopped = 1;
}

void
hf_run_abandon(struct hf_run *r)
{
    r->abandoned = 1;
    hf_run_stop(r, "interrupted");
    for (size_t i = 0; i < r->next; i++) {
        struct flow *f = &r->flows[i];

        if (f->pub.phase == HF_PHASE_DONE)
            continue;
        if (f->intent_durable) {
            /* The intent stays open on purpose: the next start asks the
             * host what became of it. */
            flow_disconnect(f);
            f->due = 0;
            r->in_flight--;
        } else {
            flow_end(f, HF_OUTCOME_CANCELLED,
                     "interrupted, nothing was changed");
        }
    }
    cancel_rest(r);
}

/* ---- settling what an earlier process left open ---- */

int
hf_run_reattach(struct hf_run *r, size_t i, const cJSON *intent,
                struct hf_err *err)
{
    struct flow *f = &r->flows[i];
    const char *driver = hf_json_str(intent, "driver");
    int rc;

    f->driver = driver ? hf_driver_find(driver) : NULL;
    if (!f->driver)
        return hf_fail(err, HF_EINVALID, "intent of '%s': no driver '%s'",
                       f->pub.host->name, driver ? driver : "");
    if ((rc = flow_from_intent(f, intent, err)) < 0)
        return rc;
    f->reattach = 1;
    f->intent_durable = 1;
    f->started = 1;
    f->give_up = hf_mono() + REATTACH_LIMIT;
    return HF_OK;
}

/* ---- what others see ---- */

size_t
hf_run_hosts_len(const struct hf_run *r)
{
    return r->len;
}

const struct hf_run_host *
hf_run_host(const struct hf_run *r, size_t i)
{
    return i < r->len ? &r->flows[i].pub : NULL;
}

void
hf_run_counts(const struct hf_run *r, size_t by_outcome[HF_OUTCOME_COUNT],
              size_t *waiting, size_t *in_flight)
{
    memset(by_outcome, 0, sizeof(size_t) * HF_OUTCOME_COUNT);
    for (size_t i = 0; i < r->len; i++) {
        if (r->flows[i].pub.phase == HF_PHASE_DONE)
            by_outcome[r->flows[i].pub.outcome]++;
    }
    *waiting = r->len - r->next;
    *in_flight = r->in_flight;
}

int
hf_run_is_held(const struct hf_run *r, const char **why)
{
    if (why)
        *why = r->held ? r->held_why : "";
    return r->held;
}

int
hf_run_exit(const struct hf_run *r)
{
    size_t by[HF_OUTCOME_COUNT], waiting, in_flight;
    int acting =
        r->o.action == HF_ACTION_APPLY || r->o.action == HF_ACTION_ROLLBACK;

    hf_run_counts(r, by, &waiting, &in_flight);
    if (r->abandoned)
        return 130;
    if (by[HF_OUTCOME_LOCKED])
        return 8;
    if (acting && by[HF_OUTCOME_CANCELLED])
        return 3;
    if (by[HF_OUTCOME_FAILED])
        return 2;
    if (by[HF_OUTCOME_UNREACHABLE] || by[HF_OUTCOME_REFUSED] ||
        by[HF_OUTCOME_UNVERIFIED])
        return 4;
    /* Held and ineligible hosts are no failure, unless nothing else is left:
     * "patched none of them" must not look like success. */
    if (acting && !by[HF_OUTCOME_VERIFIED] && !by[HF_OUTCOME_ALREADY])
        return 2;
    return 0;
}
