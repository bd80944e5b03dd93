/*
 * Acting: the run under way, its journal and lock, and what its events do to
 * the states.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "backend/base/time.h"
#include "playbooks/restarts.h"
#include "playbooks/session_priv.h"

#define CALL_OFF_PARALLEL 64 /* there is a minute for all of them */

/* ---- what events do to the states ---- */

static void
tell_recovered(struct hf_session *s, const struct hf_event *outcome)
{
    struct hf_event e;

    hf_event_init(&e, HF_EVENT_RECOVERED, s->run_id, outcome->host);
    e.data = cJSON_CreateObject();
    hf_json_add_str(e.data, "outcome", hf_json_str(outcome->data, "outcome"));
    if (s->journal)
        (void)hf_journal_append(s->journal, &e);
    if (s->on_event)
        s->on_event(s->on_event_ctx, &e);
    hf_event_release(&e);
}

static void
session_event(void *ctx, const struct hf_event *e)
{
    struct hf_session *s = ctx;

    switch (e->kind) {
    case HF_EVENT_RUN_STARTED:
        if (!s->part)
            record_run_started(s, e);
        break;
    case HF_EVENT_RUN_ENDED:
        if (!s->part)
            record_run_ended(s, e);
        break;
    case HF_EVENT_HOST_FACTS:
        outcome_contact(s, e);
        break;
    case HF_EVENT_HOST_INTENT:
        record_broken_glass(s, e);
        break;
    case HF_EVENT_HOST_OUTCOME:
        outcome_take(s, e);
        if (intent_settled(s, s->run_id, e->host))
            tell_recovered(s, e);
        break;
    default:
        break;
    }
    if (s->on_event)
        s->on_event(s->on_event_ctx, e);
}

static void
session_emit(struct hf_session *s, enum hf_event_kind kind, cJSON *data)
{
    struct hf_event e;

    hf_event_init(&e, kind, s->run_id, "");
    e.data = data;
    if (s->journalled)
        (void)hf_journal_append(s->journal, &e);
    session_event(s, &e);
    hf_event_release(&e);
}

/* ---- one run ---- */

/* A run that reads needs no journal; but what a killed process journalled is
 * passed on at the first occasion. Another process may be about that, too. */
static void
relay_by_the_way(struct hf_session *s)
{
    struct hf_err ignored = HF_ERR_INIT;

    if (s->ledger && s->unrecorded_len)
        (void)open_journal(s, &ignored);
}

static int
begin_journal(struct hf_session *s, const struct hf_ask *ask,
              struct hf_err *err)
{
    int rc = open_journal(s, err);

    return rc < 0 ? rc : intents_refuse(s, ask, err);
}

/* A restart is called off while the run that ordered it has the journal. */
static int
journal_if_free(struct hf_session *s, struct hf_err *err)
{
    int rc = open_journal(s, err);

    if (rc != HF_ELOCKED)
        return rc;
    *err = (struct hf_err)HF_ERR_INIT;
    return HF_OK;
}

static int
act_prepare(struct hf_session *s, const struct hf_ask *ask, struct hf_err *err)
{
    struct hf_forecasts all;
    int rc;

    s->restarts = 0;
    if (!hf_action_changes(ask->action)) {
        if ((ask->action == HF_ACTION_VERIFY &&
             (rc = intents_refuse_elsewhere(s, ask, err)) < 0) ||
            (rc = ledger_ensure(s, err)) < 0)
            return rc;
        relay_by_the_way(s);
        return open_transport(s, err);
    }
    if (s->o.read_only)
        return hf_fail(err, HF_EDENIED, "read-only: '%s' changes hosts",
                       hf_action_names[ask->action]);
    /* The fleet's own rules hold whoever asks. */
    rc = hf_session_forecast(s, &all, ask, err);
    forecast_agree(s, &all, ask);
    restarts_count_verb(s, &all, ask->action);
    hf_forecasts_release(&all);
    if (rc < 0 || (rc = ledger_ensure(s, err)) < 0 ||
        (rc = hf_action_is_bound(ask->action) ? begin_journal(s, ask, err)
                                              : journal_if_free(s, err)) < 0)
        return rc;
    return open_transport(s, err);
}

static void
remember_ask(struct hf_session *s, const struct hf_ask *ask, const char *run)
{
    free(s->change);
    free(s->reason);
    free(s->selector_text);
    free(s->again_on);
    s->change = hf_xstrdup(ask->change);
    s->reason = hf_xstrdup(ask->reason);
    s->selector_text = hf_xstrdup(ask->selector);
    s->again_on = hf_xstrdup(ask->again_on);
    s->action = ask->action;
    s->part = ask->run != NULL;
    s->sample = ask->sample;
    s->asked_at = hf_now();
    hf_say(s->run_id, sizeof(s->run_id), "%s", run);
    free(s->run_index);
    free(s->net_moved);
    s->run_index = hf_xcalloc(s->states_len + 1, sizeof(*s->run_index));
    s->net_moved = hf_xcalloc(s->states_len + 1, sizeof(*s->net_moved));
    hf_run_free(s->run);
    s->run = NULL;
}

static cJSON *
run_started_data(const struct hf_session *s, const struct hf_host *const *hosts,
                 size_t n)
{
    cJSON *doc = cJSON_CreateObject(), *arr;

    hf_json_add_str(doc, "action", hf_action_names[s->action]);
    hf_json_add_str(doc, "operator", s->operator_);
    hf_json_add_str(doc, "change", s->change);
    hf_json_add_str(doc, "reason", s->reason);
    hf_json_add_str(doc, "selector", s->selector_text);
    hf_json_add_str(doc, "inventory", s->fleet->commit);
    if (s->fleet->catalogue)
        hf_json_add_str(doc, "catalogue", s->fleet->catalogue->hash);
    hf_json_add_bool(doc, "simulated", s->fleet->simulated);
    if (s->part)
        hf_json_add_bool(doc, "part", 1);
    arr = hf_json_add_arr(doc, "hosts");
    for (size_t i = 0; i < n; i++)
        hf_json_push_str(arr, hosts[i]->name);
    return doc;
}

int
act_begin(struct hf_session *s, const struct hf_ask *ask, const char *run,
          const struct hf_host *const *hosts, size_t n, struct hf_err *err)
{
    struct hf_run_options o = {
        .action = ask->action,
        .fleet = s->fleet,
        .transport = s->transport,
        .results = s->results,
        .acks = s->acks,
        .operator_ = s->operator_,
        .change = ask->change,
        .reason = ask->reason,
        .inventory = s->fleet->commit,
        .unless_running = ask->unless_running,
        .unless_logged_on = ask->unless_logged_on,
        .also = ask->also,
        .go_on = ask->go_on,
        .again = ask->again,
        .break_glass = ask->break_glass,
        .manual = ask->manual,
        .limits = s->o.limits,
        .on_event = session_event,
        .times = {.host = ask->host_time, .restart = ask->restart_time}};
    int rc;

    run_surroundings(&o, s);
    remember_ask(s, ask, run);
    o.again_on = s->again_on;
    if (s->lock_fd >= 0) /* only words for others: no run stops for them */
        (void)hf_state_lock_say(s->lock_fd, s->run_id, s->operator_);
    s->journalled = s->journal && hf_action_changes(ask->action);
    o.journal = s->journalled ? s->journal : NULL;
    o.run = s->run_id;
    o.parallel = ask->parallel ? ask->parallel : s->fleet->parallel;
    if (ask->action == HF_ACTION_CALL_OFF && !ask->parallel)
        o.parallel = CALL_OFF_PARALLEL;
    if ((rc = hf_run_new(&s->run, &o, hosts, n, err)) < 0)
        return rc;
    for (size_t i = 0; i < n; i++)
        s->run_index[state_index(s, hosts[i])] = i + 1;
    s->running = 1;
    if (!s->recovering) {
        s->earlier_hosts = 0;
        memset(s->earlier, 0, sizeof(s->earlier));
        session_emit(s, HF_EVENT_RUN_STARTED, run_started_data(s, hosts, n));
    }
    return HF_OK;
}

/* In the order in which they are named, each once. */
static int
find_hosts(const struct hf_host ***out, size_t *n, const struct hf_session *s,
           const struct hf_ask *ask, struct hf_err *err)
{
    char *seen = hf_xcalloc(s->states_len + 1, 1);
    int rc = HF_OK;

    *n = 0;
    *out = hf_xcalloc(ask->hosts_len + 1, sizeof(**out));
    for (size_t i = 0; i < ask->hosts_len && rc == HF_OK; i++) {
        const struct hf_host *h = hf_fleet_find(s->fleet, ask->hosts[i]);

        if (!h)
            rc = hf_fail(err, HF_ENOTFOUND, "no host '%s' in fleet '%s'",
                         ask->hosts[i], s->fleet->name);
        else if (!seen[state_index(s, h)]++)
            (*out)[(*n)++] = h;
    }
    free(seen);
    return rc;
}

static int
take_selector(struct hf_session *s, const char *text, struct hf_err *err)
{
    hf_selector_free(s->selector);
    s->selector = NULL;
    return text ? hf_selector_parse(&s->selector, text, err) : HF_OK;
}

int
hf_session_start(struct hf_session *s, const struct hf_ask *ask,
                 void (*on_event)(void *ctx, const struct hf_event *e),
                 void *ctx, struct hf_err *err)
{
    const struct hf_host **hosts = NULL;
    char run[HF_RUN_ID_LEN];
    size_t n;
    int rc;

    if (s->running)
        return hf_fail(err, HF_ELOCKED, "run %s is still under way", s->run_id);
    if ((rc = take_selector(s, ask->selector, err)) < 0 ||
        (rc = find_hosts(&hosts, &n, s, ask, err)) < 0 ||
        (rc = act_prepare(s, ask, err)) < 0)
        goto out;
    s->on_event = on_event;
    s->on_event_ctx = ctx;
    if (ask->run)
        hf_say(run, sizeof(run), "%s", ask->run);
    else
        hf_run_id_new(run);
    if ((rc = restarts_claim_verb(s, ask, run, err)) == HF_OK)
        rc = act_begin(s, ask, run, hosts, n, err);
out:
    if (rc < 0)
        close_journal(s, 0);
    free(hosts);
    return rc;
}

int
hf_session_begin(struct hf_session *s, const char *host, struct hf_err *err)
{
    const struct hf_host *h = hf_fleet_find(s->fleet, host);
    size_t at = h && s->running ? s->run_index[state_index(s, h)] : 0;

    if (!at)
        return hf_fail(err, HF_ENOTFOUND, "host '%s' is not in the run", host);
    hf_run_begin(s->run, at - 1);
    return HF_OK;
}

/* ---- pumping ---- */

size_t
hf_session_fds(const struct hf_session *s, int fds[HF_SESSION_FDS])
{
    fds[0] = hf_queue_fd(s->results);
    fds[1] = hf_queue_fd(s->acks);
    fds[2] = hf_queue_fd(s->ledger_acks);
    return 3;
}

static cJSON *
run_ended_data(const struct hf_session *s)
{
    size_t by[HF_OUTCOME_COUNT], waiting, in_flight, ended = 0;
    cJSON *doc = cJSON_CreateObject(), *counts;

    hf_run_counts(s->run, by, &waiting, &in_flight);
    hf_json_add_str(doc, "action", hf_action_names[s->action]);
    hf_json_add_str(doc, "operator", s->operator_);
    hf_json_add_str(doc, "change", s->change);
    hf_json_add_str(doc, "inventory", s->fleet->commit);
    counts = hf_json_add_obj(doc, "counts");
    for (size_t i = 0; i < HF_OUTCOME_COUNT; i++) {
        by[i] += s->earlier[i];
        ended += by[i];
        if (by[i])
            hf_json_add_int(counts, hf_outcome_names[i], (int64_t)by[i]);
    }
    hf_json_add_int(doc, "open", (int64_t)in_flight);
    if (s->earlier_hosts) { /* a process was killed on the way */
        hf_json_add_int(doc, "recovered", (int64_t)hf_run_hosts_len(s->run));
        hf_json_add_int(doc, "not_started",
                        (int64_t)(s->earlier_hosts - ended - in_flight));
    }
    hf_json_add_int(doc, "exit", hf_run_exit(s->run));
    if (s->part)
        hf_json_add_bool(doc, "part", 1);
    return doc;
}

/* What arrives late is nobody's, but would keep the fds awake. */
static void
idle(struct hf_session *s)
{
    void *late;

    while ((late = hf_queue_pop(s->results)))
        hf_result_free(late);
    while ((late = hf_queue_pop(s->acks)))
        free(late);
    if (s->journal && record_is_complete(s))
        close_journal(s, 0);
}

/* Hosts that were let go are open intents from now on. */
static void
note_open(struct hf_session *s)
{
    size_t by[HF_OUTCOME_COUNT], waiting, in_flight;
    struct hf_err ignored = HF_ERR_INIT;

    hf_run_counts(s->run, by, &waiting, &in_flight);
    if (!in_flight || !s->journalled ||
        hf_journal_sync(s->journal, &ignored) < 0)
        return;
    (void)intents_load(s, &ignored);
}

int64_t
hf_session_pump(struct hf_session *s)
{
    int64_t due;

    record_take_acks(s);
    if (!s->running) {
        idle(s);
        return -1;
    }
    due = hf_run_pump(s->run);
    if (due != HF_RUN_OVER)
        return due;
    s->running = 0;
    restarts_end_verb(s);
    session_emit(s, HF_EVENT_RUN_ENDED, run_ended_data(s));
    note_open(s);
    if (s->ledger)
        hf_ledger_flush(s->ledger);
    s->seen_moved = 1;
    return HF_RUN_OVER;
}

int
hf_session_settle(struct hf_session *s, int64_t timeout_ms, struct hf_err *err)
{
    int rc = HF_OK;

    if (s->ledger) {
        rc = hf_ledger_close(s->ledger, timeout_ms, err);
        s->ledger = NULL;
        s->seen_moved &= rc == HF_OK;
        if (rc < 0)
            hf_wrap(err, "%s",
                    hf_action_changes(s->action)
                        ? "not in the ledger yet, but kept in the journal"
                        : "not recorded");
    }
    record_take_acks(s);
    if (!s->running)
        close_journal(s, rc == HF_OK);
    return rc;
}
