/*
 * Acting: the run under way, its journal and lock, and what its events do to
 * the states.
 */
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "backend/base/mem.h"
#include "backend/base/sha256.h"
#include "backend/base/text.h"
#include "backend/base/time.h"
#include "backend/drivers/driver.h"
#include "backend/engine/decide.h"
#include "inventory/patchstore.h"
#include "playbooks/session_priv.h"

#define KEEP_JOURNALS 20

static int
changes_host(enum hf_action a)
{
    return a == HF_ACTION_APPLY || a == HF_ACTION_ROLLBACK;
}

/* ---- what a run asks of its surroundings ---- */

static const struct hf_state *
ctx_recorded(void *ctx, const struct hf_host *host)
{
    const struct hf_session *s = ctx;

    return &s->states[state_index(s, host)];
}

static int
ctx_still_wanted(void *ctx, const struct hf_state *fresh)
{
    const struct hf_session *s = ctx;

    return !s->selector || hf_selector_match(s->selector, fresh, hf_now());
}

static int
ctx_payload(void *ctx, const char *sha256, struct hf_buf *out,
            struct hf_err *err)
{
    struct hf_session *s = ctx;

    return hf_patch_read(s->repo, s->fleet->commit, sha256, out, err);
}

/* ---- what events do to the states ---- */

static void
take_net(struct hf_state *st, const struct hf_event *e)
{
    const char *net = hf_json_str(e->data, "net");
    const char *why = hf_json_str(e->data, "why");

    hf_say(st->net, sizeof(st->net), "%s", net ? net : "");
    hf_say(st->net_why, sizeof(st->net_why), "%s", why ? why : "");
    st->net_at = e->at;
}

static void
take_facts(struct hf_session *s, const struct hf_event *e)
{
    const struct hf_host *host = hf_fleet_find(s->fleet, e->host);
    struct hf_state *st = &s->states[state_index(s, host)];
    char was[sizeof(st->net)];

    memcpy(was, st->net, sizeof(was));
    take_net(st, e);
    if (strcmp(was, st->net) != 0 && st->facts.len == 0) {
        hf_judge(st, s->fleet, hf_now());
    }
}

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
        record_run_started(s, e);
        break;
    case HF_EVENT_RUN_ENDED:
        record_run_ended(s, e);
        break;
    case HF_EVENT_HOST_FACTS:
        take_facts(s, e);
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
    if (s->journal)
        (void)hf_journal_append(s->journal, &e);
    session_event(s, &e);
    hf_event_release(&e);
}

/* ---- opening what a run needs ---- */

int
act_open_journal(struct hf_session *s, struct hf_err *err)
{
    int rc;

    if (s->journal)
        return HF_OK;
    if ((rc = hf_state_lock(&s->lock_fd, s->state_dir, s->operator_, err)) < 0)
        return rc;
    /* Old ones are moved away when everything in them is settled. */
    if (!s->intents_len && !s->unrecorded_len)
        (void)hf_journal_rotate(s->state_dir, KEEP_JOURNALS, err);
    rc = hf_journal_open(&s->journal, s->state_dir, s->acks, err);
    if (rc < 0)
        act_close_journal(s);
    else
        relay_unrecorded(s);
    return rc;
}

void
act_close_journal(struct hf_session *s)
{
    hf_journal_close(s->journal);
    s->journal = NULL;
    if (s->lock_fd >= 0)
        (void)close(s->lock_fd);
    s->lock_fd = -1;
}

int
act_open_transport(struct hf_session *s, struct hf_err *err)
{
    struct hf_transport_options o = {.passphrase = s->o.passphrase,
                                     .ctx = s->o.ctx};

    if (s->transport)
        return HF_OK;
    return hf_transport_new(&s->transport, &o, s->results, err);
}

static int
act_prepare(struct hf_session *s, enum hf_action action, struct hf_err *err)
{
    int rc;

    if (changes_host(action) && s->o.read_only)
        return hf_fail(err, HF_EDENIED, "read-only: '%s' changes hosts",
                       hf_action_names[action]);
    if ((rc = ledger_ensure(s, err)) < 0)
        return rc;
    if (changes_host(action) && (rc = act_open_journal(s, err)) < 0)
        return rc;
    return act_open_transport(s, err);
}

/* ---- one run ---- */

static void
remember_ask(struct hf_session *s, const struct hf_ask *ask, const char *run)
{
    free(s->change);
    free(s->reason);
    free(s->selector_text);
    s->change = hf_xstrdup(ask->change);
    s->reason = hf_xstrdup(ask->reason);
    s->selector_text = hf_xstrdup(ask->selector);
    s->action = ask->action;
    hf_say(s->run_id, sizeof(s->run_id), "%s", run);
    free(s->run_index);
    s->run_index = hf_xcalloc(s->states_len + 1, sizeof(*s->run_index));
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
    arr = hf_json_add_arr(doc, "hosts");
    for (size_t i = 0; i < n; i++)
        hf_json_push_str(arr, hosts[i]->name);
    return doc;
}

int
act_begin(struct hf_session *s, const struct hf_ask *ask, const char *run,
          const struct hf_host *const *hosts, size_t n, struct hf_err *err)
{
    struct hf_run_options o = {.action = ask->action,
                               .fleet = s->fleet,
                               .transport = s->transport,
                               .results = s->results,
                               .journal = s->journal,
                               .acks = s->acks,
                               .operator_ = s->operator_,
                               .change = ask->change,
                               .reason = ask->reason,
                               .inventory = s->fleet->commit,
                               .go_on = ask->go_on,
                               .again = ask->again,
                               .recorded = ctx_recorded,
                               .still_wanted = ctx_still_wanted,
                               .payload = ctx_payload,
                               .on_event = session_event,
                               .ctx = s};
    int rc;

    remember_ask(s, ask, run);
    o.run = s->run_id;
    o.parallel = ask->parallel ? ask->parallel : s->fleet->parallel;
    if ((rc = hf_run_new(&s->run, &o, hosts, n, err)) < 0)
        return rc;
    for (size_t i = 0; i < n; i++)
        s->run_index[state_index(s, hosts[i])] = i + 1;
    s->running = 1;
    if (!s->recovering)
        session_emit(s, HF_EVENT_RUN_STARTED, run_started_data(s, hosts, n));
    return HF_OK;
}

static int
find_hosts(const struct hf_host ***out, const struct hf_session *s,
           const struct hf_ask *ask, struct hf_err *err)
{
    *out = hf_xcalloc(ask->hosts_len + 1, sizeof(**out));
    for (size_t i = 0; i < ask->hosts_len; i++) {
        (*out)[i] = hf_fleet_find(s->fleet, ask->hosts[i]);
        if (!(*out)[i])
            return hf_fail(err, HF_ENOTFOUND, "no host '%s' in fleet '%s'",
                           ask->hosts[i], s->fleet->name);
    }
    return HF_OK;
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
    int rc;

    if (s->running)
        return hf_fail(err, HF_ELOCKED, "run %s is still under way", s->run_id);
    if ((rc = take_selector(s, ask->selector, err)) < 0 ||
        (rc = find_hosts(&hosts, s, ask, err)) < 0 ||
        (rc = act_prepare(s, ask->action, err)) < 0)
        goto out;
    s->on_event = on_event;
    s->on_event_ctx = ctx;
    hf_run_id_new(run);
    rc = act_begin(s, ask, run, hosts, ask->hosts_len, err);
out:
    free(hosts);
    return rc;
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
    size_t by[HF_OUTCOME_COUNT], waiting, in_flight;
    cJSON *doc = cJSON_CreateObject(), *counts;

    hf_run_counts(s->run, by, &waiting, &in_flight);
    hf_json_add_str(doc, "action", hf_action_names[s->action]);
    hf_json_add_str(doc, "operator", s->operator_);
    hf_json_add_str(doc, "change", s->change);
    hf_json_add_str(doc, "inventory", s->fleet->commit);
    counts = hf_json_add_obj(doc, "counts");
    for (size_t i = 0; i < HF_OUTCOME_COUNT; i++) {
        if (by[i])
            hf_json_add_int(counts, hf_outcome_names[i], (int64_t)by[i]);
    }
    hf_json_add_int(doc, "open", (int64_t)in_flight);
    hf_json_add_int(doc, "exit", hf_run_exit(s->run));
    return doc;
}

int64_t
hf_session_pump(struct hf_session *s)
{
    int64_t due;

    record_take_acks(s);
    if (!s->running)
        return -1;
    due = hf_run_pump(s->run);
    if (due != HF_RUN_OVER)
        return due;
    s->running = 0;
    session_emit(s, HF_EVENT_RUN_ENDED, run_ended_data(s));
    if (s->ledger)
        hf_ledger_flush(s->ledger);
    states_save_seen(s);
    return HF_RUN_OVER;
}

int
hf_session_settle(struct hf_session *s, int64_t timeout_ms, struct hf_err *err)
{
    int rc = HF_OK;

    if (s->ledger) {
        rc = hf_ledger_close(s->ledger, timeout_ms, err);
        s->ledger = NULL;
    }
    record_take_acks(s);
    if (s->journal) {
        struct hf_err ignored = HF_ERR_INIT;

        (void)hf_journal_sync(s->journal, &ignored);
    }
    if (!s->running)
        act_close_journal(s);
    return rc;
}
