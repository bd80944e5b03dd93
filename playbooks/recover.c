/*
 * What earlier processes left behind: intents without an outcome, outcomes
 * that the ledger has not got. Each is settled once.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/file.h"
#include "backend/base/mem.h"
#include "backend/base/names.h"
#include "backend/base/text.h"
#include "playbooks/session_priv.h"

#define LOOKS 3 /* at who is at work, until it is the same twice */

static void
intent_release(struct open_intent *i)
{
    cJSON_Delete(i->data);
    *i = (struct open_intent){0};
}

static void
drop_recorded(struct hf_session *s, uint64_t seq)
{
    size_t keep = 0;

    for (size_t i = 0; i < s->unrecorded_len; i++) {
        if (s->unrecorded[i].seq <= seq)
            hf_event_release(&s->unrecorded[i]);
        else
            s->unrecorded[keep++] = s->unrecorded[i];
    }
    s->unrecorded_len = keep;
}

void
intents_free(struct hf_session *s)
{
    for (size_t i = 0; i < s->intents_len; i++)
        intent_release(&s->intents[i]);
    drop_recorded(s, UINT64_MAX);
    free(s->unrecorded);
    s->unrecorded = NULL;
    s->unrecorded_cap = 0;
    free(s->intents);
    s->intents = NULL;
    s->intents_len = s->intents_cap = 0;
}

int
intent_settled(struct hf_session *s, const char *run, const char *host)
{
    for (size_t i = 0; i < s->intents_len; i++) {
        struct open_intent *o = &s->intents[i];

        if (strcmp(o->run, run) != 0 || strcmp(o->host, host) != 0)
            continue;
        intent_release(o);
        *o = s->intents[--s->intents_len];
        return 1;
    }
    return 0;
}

static void
keep_intent(struct hf_session *s, struct hf_event *e)
{
    const char *name = hf_json_str(e->data, "action");
    int action = name ? hf_name_index(hf_action_names, name) : -1;
    struct open_intent *o;

    if (action < 0)
        return;
    o = HF_PUSH(&s->intents, &s->intents_len, &s->intents_cap);
    hf_say(o->run, sizeof(o->run), "%s", e->run);
    hf_say(o->host, sizeof(o->host), "%s", e->host);
    o->action = (enum hf_action)action;
    o->data = e->data;
    e->data = NULL;
}

/* ---- what the ledger has not got ---- */

static void
keep_unrecorded(struct hf_session *s, struct hf_event *e)
{
    struct hf_event *to;

    if (e->kind == HF_EVENT_RECORDED) {
        drop_recorded(s, (uint64_t)hf_json_int(e->data, "seq", 0));
    } else if (e->kind == HF_EVENT_HOST_OUTCOME ||
               ((e->kind == HF_EVENT_RUN_STARTED ||
                 e->kind == HF_EVENT_RUN_ENDED) &&
                !hf_event_is_of_part(e))) {
        to = HF_PUSH(&s->unrecorded, &s->unrecorded_len, &s->unrecorded_cap);
        *to = *e;
        e->data = NULL;
    }
}

void
relay_unrecorded(struct hf_session *s)
{
    for (size_t i = 0; s->ledger && i < s->unrecorded_len; i++) {
        const struct hf_event *e = &s->unrecorded[i];

        if (e->kind == HF_EVENT_HOST_OUTCOME)
            outcome_relay(s, e);
        else if (e->kind == HF_EVENT_RUN_STARTED)
            record_run_started(s, e);
        else
            record_run_ended(s, e);
    }
    if (s->ledger)
        drop_recorded(s, UINT64_MAX);
}

static int
read_event(void *ctx, struct hf_event *e)
{
    struct hf_session *s = ctx;

    if (e->kind == HF_EVENT_HOST_INTENT)
        keep_intent(s, e);
    else if (e->kind == HF_EVENT_HOST_OUTCOME)
        (void)intent_settled(s, e->run, e->host);
    keep_unrecorded(s, e);
    return 0;
}

/* Our own lock is nobody else's. */
static void
look_elsewhere(struct hf_session *s)
{
    s->elsewhere[0] = '\0';
    if (s->lock_fd < 0)
        (void)hf_state_holder(s->elsewhere, s->state_dir);
}

/* A run that has ended by the first look has written its outcomes; one that
 * begins while they are read is seen by the second. When they differ, what was
 * read in between belongs to either. */
int
intents_load(struct hf_session *s, struct hf_err *err)
{
    char before[HF_HOLDER_LEN];
    size_t bad = 0;
    int rc, tries = LOOKS;

    do {
        intents_free(s);
        look_elsewhere(s);
        memcpy(before, s->elsewhere, sizeof(before));
        rc = hf_journal_read(s->state_dir, read_event, s, &bad, err);
        if (s->intents_len)
            look_elsewhere(s);
    } while (strcmp(before, s->elsewhere) != 0 && --tries);
    return rc == HF_ENOTFOUND ? HF_OK : rc;
}

/* Of the run that is under way in another process; all others were killed. */
static int
is_under_way(const struct hf_session *s, const struct open_intent *o)
{
    char words[sizeof(o->run) + 16];

    hf_say(words, sizeof(words), "run %s of ", o->run);
    return hf_has_prefix(s->elsewhere, words);
}

const char *
hf_session_elsewhere(struct hf_session *s)
{
    struct hf_err ignored = HF_ERR_INIT;

    look_elsewhere(s);
    if (s->lock_fd < 0 && (s->elsewhere[0] || s->intents_len))
        (void)intents_load(s, &ignored);
    return s->elsewhere[0] ? s->elsewhere : NULL;
}

/* ---- settling ---- */

/* Intents of one earlier run; a host that has left the fleet cannot be asked
 * and keeps its intent. */
static size_t
hosts_of_run(const struct hf_session *s, const char *run,
             const struct hf_host **hosts, const struct open_intent **intents)
{
    size_t n = 0;

    for (size_t i = 0; i < s->intents_len; i++) {
        const struct hf_host *h = hf_fleet_find(s->fleet, s->intents[i].host);

        if (!h || strcmp(s->intents[i].run, run) != 0)
            continue;
        hosts[n] = h;
        intents[n++] = &s->intents[i];
    }
    return n;
}

static const struct open_intent *
first_known(const struct hf_session *s)
{
    for (size_t i = 0; i < s->intents_len; i++) {
        if (hf_fleet_find(s->fleet, s->intents[i].host))
            return &s->intents[i];
    }
    return NULL;
}

size_t
hf_session_open_intents(const struct hf_session *s)
{
    size_t n = 0;

    for (size_t i = 0; i < s->intents_len; i++)
        n += hf_fleet_find(s->fleet, s->intents[i].host) &&
             !is_under_way(s, &s->intents[i]);
    return n;
}

const char *
hf_session_unsettled_run(const struct hf_session *s, const char *host)
{
    for (size_t i = 0; i < s->intents_len; i++) {
        if (strcmp(s->intents[i].host, host) == 0)
            return s->intents[i].run;
    }
    return NULL;
}

/* The first of these hosts that has one, or NULL. */
static const struct open_intent *
intent_among(const struct hf_session *s, const struct hf_ask *ask)
{
    for (size_t i = 0; i < s->intents_len; i++) {
        for (size_t k = 0; k < ask->hosts_len; k++) {
            if (strcmp(s->intents[i].host, ask->hosts[k]) == 0)
                return &s->intents[i];
        }
    }
    return NULL;
}

int
intents_refuse(const struct hf_session *s, const struct hf_ask *ask,
               struct hf_err *err)
{
    const struct open_intent *o = intent_among(s, ask);

    if (!o)
        return HF_OK;
    (void)hf_fail(err, HF_ELOCKED,
                  "run %s was killed while '%s' was under way, and what "
                  "became of it is not settled",
                  o->run, o->host);
    return hf_hint(err, "settle it first: hotfleet verify %s", o->host);
}

int
intents_refuse_elsewhere(struct hf_session *s, const struct hf_ask *ask,
                         struct hf_err *err)
{
    const char *elsewhere = hf_session_elsewhere(s);
    const struct open_intent *o = elsewhere ? intent_among(s, ask) : NULL;

    if (!o)
        return HF_OK;
    if (is_under_way(s, o))
        (void)hf_fail(err, HF_ELOCKED, "'%s' is not settled: %s", o->host,
                      elsewhere);
    else
        (void)hf_fail(err, HF_ELOCKED,
                      "'%s' is not settled since run %s was killed, and %s",
                      o->host, o->run, elsewhere);
    return hf_hint(err, "wait until that has ended, or leave '%s' out",
                   o->host);
}

/* ---- the run that was killed ---- */

struct past {
    struct hf_session *s;
    const char *run;
};

/* How its other hosts ended stands in the journal. */
static int
count_past(void *ctx, struct hf_event *e)
{
    const struct past *p = ctx;
    const char *name;
    int outcome;

    if (strcmp(e->run, p->run) != 0)
        return 0;
    if (e->kind == HF_EVENT_RUN_STARTED)
        p->s->earlier_hosts =
            (size_t)cJSON_GetArraySize(hf_json_get(e->data, "hosts"));
    if (e->kind != HF_EVENT_HOST_OUTCOME)
        return 0;
    name = hf_json_str(e->data, "outcome");
    outcome = name ? hf_name_index(hf_outcome_names, name) : -1;
    if (outcome >= 0)
        p->s->earlier[outcome]++;
    return 0;
}

static int
count_earlier(struct hf_session *s, const char *run, struct hf_err *err)
{
    struct past past = {.s = s, .run = run};
    size_t bad = 0;

    memset(s->earlier, 0, sizeof(s->earlier));
    return hf_journal_read(s->state_dir, count_past, &past, &bad, err);
}

static int
recover_run(struct hf_session *s, const struct open_intent *first,
            struct hf_err *err)
{
    const struct hf_host **hosts = hf_xcalloc(s->intents_len, sizeof(*hosts));
    const struct open_intent **intents =
        hf_xcalloc(s->intents_len, sizeof(*intents));
    size_t n = hosts_of_run(s, first->run, hosts, intents);
    struct hf_ask ask = {.action = first->action,
                         .change = hf_json_str(first->data, "change"),
                         .reason = hf_json_str(first->data, "reason"),
                         .parallel = (int)n,
                         .go_on = 1};
    int rc;

    s->recovering = 1;
    if ((rc = count_earlier(s, first->run, err)) == HF_OK)
        rc = act_begin(s, &ask, first->run, hosts, n, err);
    for (size_t i = 0; rc == HF_OK && i < n; i++)
        hf_run_reattach(s->run, i, intents[i]->data);
    s->recovering = 0;
    free(hosts);
    free(intents);
    return rc;
}

int
hf_session_recover(struct hf_session *s,
                   void (*on_event)(void *, const struct hf_event *), void *ctx,
                   struct hf_err *err)
{
    const struct open_intent *first = first_known(s);
    int rc;

    if (s->running)
        return hf_fail(err, HF_ELOCKED, "run %s is still under way", s->run_id);
    if (!first)
        return hf_fail(err, HF_ENOTFOUND, "nothing is left to settle");
    if (s->o.read_only)
        return hf_fail(err, HF_EDENIED,
                       "read-only: run %s left hosts unsettled", first->run);
    if ((rc = ledger_ensure(s, err)) < 0 || (rc = open_journal(s, err)) < 0)
        return rc;
    /* Opening has read them anew; another process may have been faster. */
    first = first_known(s);
    if (!first) {
        rc = hf_fail(err, HF_ENOTFOUND, "nothing is left to settle");
    } else if ((rc = open_transport(s, err)) == HF_OK) {
        s->on_event = on_event;
        s->on_event_ctx = ctx;
        rc = recover_run(s, first, err);
    }
    if (rc < 0)
        close_journal(s, 0);
    return rc;
}
