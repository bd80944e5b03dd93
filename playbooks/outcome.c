/*
 * What contacts and ends do to a host's state: newest facts, what the run left
 * behind, and whether the ledger has to hear of it.
 */
#include <string.h>

#include "backend/base/mem.h"
#include "backend/base/names.h"
#include "backend/base/text.h"
#include "backend/base/time.h"
#include "backend/drivers/driver.h"
#include "playbooks/session_priv.h"

/* ---- contact ---- */

static int
was_reached(const char *net)
{
    return !net[0] || strcmp(net, "done") == 0;
}

void
outcome_contact(struct hf_session *s, const struct hf_event *e)
{
    const struct hf_host *host = hf_fleet_find(s->fleet, e->host);
    struct hf_state *st = &s->states[state_index(s, host)];
    struct hf_record *r = hf_state_change(st);
    const char *net = hf_json_str(e->data, "net");
    const char *why = hf_json_str(e->data, "why");
    int same;

    net = net ? net : "";
    why = why ? why : "";
    same =
        !*why == !r->net_why[0] &&
        (was_reached(net) ? was_reached(st->net) : strcmp(net, st->net) == 0);
    if (!same)
        s->net_moved[state_index(s, host)] = 1;
    if (!same || was_reached(net)) /* else: since when it is like that */
        r->net_at = e->at;
    hf_say(st->net, sizeof(st->net), "%s", net);
    hf_say(r->net_why, sizeof(r->net_why), "%s", why);
}

/* ---- the end ---- */

/* What is in effect now, whatever was wanted; when nobody could look, what
 * was wanted is what a later look has to prove. */
static const char *
level_left(const struct hf_run_host *h)
{
    if (h->after.len)
        return h->status.level;
    return h->outcome == HF_OUTCOME_UNVERIFIED ? h->level_to : h->level_from;
}

/* What later proofs compare with: the facts from before, or those from after a
 * restart that was ordered and went well, which leaves nothing as it was. */
static const struct hf_facts *
baseline_of(const struct hf_facts *before, const struct hf_facts *after,
            const char *outcome)
{
    const char *was = hf_facts_get(before, "boot.id");
    const char *is = hf_facts_get(after, "boot.id");

    return was && is && !hf_boot_same(was, is) &&
                   strcmp(outcome, hf_outcome_names[HF_OUTCOME_VERIFIED]) == 0
               ? after
               : before;
}

static void
take_recent(struct hf_session *s, struct hf_state *st,
            const struct hf_run_host *h)
{
    const struct hf_facts *facts = h->after.len ? &h->after : &h->before;
    const char *boot = hf_facts_get(facts, "boot.id");
    struct hf_record *record = hf_state_change(st);
    struct hf_recent *r = &record->recent;

    hf_say(r->run, sizeof(r->run), "%s", s->run_id);
    hf_say(r->action, sizeof(r->action), "%s", hf_action_names[s->action]);
    hf_say(r->outcome, sizeof(r->outcome), "%s", hf_outcome_names[h->outcome]);
    hf_say(r->boot_id, sizeof(r->boot_id), "%s", boot ? boot : "");
    hf_say(r->level, sizeof(r->level), "%s", level_left(h));
    hf_say(r->why, sizeof(r->why), "%s", h->why);
    r->at = h->ended;
    hf_baseline_take(&record->baseline,
                     baseline_of(&h->before, &h->after, r->outcome));
}

/* The level a host is first seen with is where changes by others are counted
 * from. */
static void
take_first_sight(struct hf_session *s, struct hf_state *st,
                 const struct hf_facts *facts)
{
    const char *boot = hf_facts_get(facts, "boot.id");
    struct hf_recent *r = &hf_state_change(st)->recent;

    st->last_at = r->at = hf_facts_newest(facts);
    hf_say(r->run, sizeof(r->run), "%s", s->run_id);
    hf_say(r->action, sizeof(r->action), "%s", hf_action_names[s->action]);
    hf_say(r->outcome, sizeof(r->outcome), HF_FIRST_SEEN);
    hf_say(r->boot_id, sizeof(r->boot_id), "%s", boot ? boot : "");
    hf_say(r->level, sizeof(r->level), "%s", st->status.level);
}

/* A later proof settles what a run could not prove itself, a restart that it
 * ordered, too. */
static int
take_proof(struct hf_state *st, const struct hf_run_host *h)
{
    const char *verified = hf_outcome_names[HF_OUTCOME_VERIFIED], *boot;
    struct hf_recent *r = &hf_state_change(st)->recent;

    if (h->outcome != HF_OUTCOME_VERIFIED || !r->run[0] ||
        strcmp(r->outcome, hf_outcome_names[HF_OUTCOME_UNVERIFIED]) != 0)
        return 0;
    hf_say(r->outcome, sizeof(r->outcome), "%s", verified);
    hf_say(r->level, sizeof(r->level), "%s", h->status.level);
    hf_say(r->why, sizeof(r->why), "verified later");
    if ((boot = hf_facts_get(&hf_state_record(st)->facts, "boot.id")))
        hf_say(r->boot_id, sizeof(r->boot_id), "%s", boot);
    return 1;
}

/* Did the host come close enough to being changed to remember the run? Only
 * then there was an intent, and the evidence tells of a job. */
static int
was_touched(const cJSON *evidence)
{
    static const char *const ends[] = {"verified", "failed", "unverified",
                                       "called-off", NULL};
    const char *outcome = hf_json_str(evidence, "outcome");
    const char *name = hf_json_str(evidence, "action");
    int action = name ? hf_name_index(hf_action_names, name) : -1;

    /* What was to restart remembers that it was called off; what was
     * downloaded is told by the facts. */
    if (action >= 0 && !hf_action_alters((enum hf_action)action))
        return 0;
    return hf_json_get(evidence, "job") && outcome &&
           hf_name_index(ends, outcome) >= 0;
}

/* The machine that first answers under a name is the one that is meant. */
static int
take_identity(struct hf_state *st)
{
    struct hf_record *r = hf_state_change(st);
    const char *id = hf_facts_get(&r->facts, "machine.id");

    if (!id || r->recent.machine_id[0])
        return 0;
    hf_say(r->recent.machine_id, sizeof(r->recent.machine_id), "%s", id);
    return 1;
}

/* Takes the newest facts; 1 when the ledger should have them. */
static int
take_facts(struct hf_session *s, struct hf_state *st,
           const struct hf_facts *facts)
{
    struct hf_record *r = hf_state_change(st);
    int64_t age = hf_facts_newest(facts) - hf_facts_newest(&r->facts);
    int moved =
        hf_facts_differ(&r->facts, facts) || age > s->fleet->stale_after / 2;

    hf_facts_copy(&r->facts, facts);
    return moved;
}

void
outcome_take(struct hf_session *s, const struct hf_event *e)
{
    const struct hf_host *host = hf_fleet_find(s->fleet, e->host);
    struct hf_state *st = &s->states[state_index(s, host)];
    size_t at = s->run_index[state_index(s, host)];
    const struct hf_run_host *h = at ? hf_run_host(s->run, at - 1) : NULL;
    const struct hf_facts *facts;
    int moved;

    if (!h)
        return;
    moved = s->net_moved[state_index(s, host)];
    s->net_moved[state_index(s, host)] = 0;
    facts = h->after.len ? &h->after : &h->before;
    if (facts->len)
        moved |= take_facts(s, st, facts);
    if (was_touched(e->data)) {
        take_recent(s, st, h);
        moved = 1;
    }
    if (s->action == HF_ACTION_VERIFY && !s->sample && take_proof(st, h))
        moved = 1;
    hf_judge(st, s->fleet, hf_now());
    if (!hf_state_record(st)->recent.run[0] && facts->len)
        take_first_sight(s, st, facts);
    moved |= take_identity(st);
    if (!s->sample)
        record_evidence(s, e);
    if (moved)
        record_facts(s, e, st);
}

/* ---- another machine, and that is as it should be ---- */

int
hf_session_adopt(struct hf_session *s, const char *const *hosts, size_t n,
                 struct hf_err *err)
{
    struct hf_event e;
    int rc;

    if (s->o.read_only)
        return hf_fail(err, HF_EDENIED, "read-only: no machine is adopted");
    if ((rc = ledger_ensure(s, err)) < 0)
        return rc;
    hf_event_init(&e, HF_EVENT_HOST_FACTS, "", "");
    e.data = cJSON_CreateObject();
    hf_json_add_str(e.data, "action", "enroll");
    hf_json_add_str(e.data, "operator", s->operator_);
    hf_json_add_str(e.data, "inventory", s->fleet->commit);
    for (size_t i = 0; i < n; i++) {
        const struct hf_host *h = hf_fleet_find(s->fleet, hosts[i]);
        struct hf_state *st = h ? &s->states[state_index(s, h)] : NULL;

        if (!st || !hf_state_record(st)->recent.machine_id[0])
            continue;
        hf_state_change(st)->recent.machine_id[0] = '\0';
        hf_judge(st, s->fleet, hf_now());
        record_facts(s, &e, st);
    }
    hf_event_release(&e);
    return HF_OK;
}

/* ---- from the evidence of an earlier process ---- */

static void
relay_recent(struct hf_state *st, const struct hf_event *e)
{
    const char *action = hf_json_str(e->data, "action");
    const char *outcome = hf_json_str(e->data, "outcome");
    const char *why = hf_json_str(e->data, "why");
    struct hf_record *record = hf_state_change(st);
    const char *boot = hf_facts_get(&record->facts, "boot.id");
    struct hf_recent *r = &record->recent;
    struct hf_facts before = {0};
    struct hf_err err = HF_ERR_INIT;

    hf_say(r->run, sizeof(r->run), "%s", e->run);
    hf_say(r->action, sizeof(r->action), "%s", action ? action : "");
    hf_say(r->outcome, sizeof(r->outcome), "%s", outcome ? outcome : "");
    hf_say(r->level, sizeof(r->level), "%s", st->status.level);
    hf_say(r->boot_id, sizeof(r->boot_id), "%s", boot ? boot : "");
    hf_say(r->why, sizeof(r->why), "%s", why ? why : "");
    r->at = e->at;
    (void)hf_facts_from_json(&before, hf_json_get(e->data, "before"), &err);
    hf_baseline_take(&record->baseline,
                     baseline_of(&before, &record->facts, r->outcome));
    hf_facts_release(&before);
}

void
outcome_relay(struct hf_session *s, const struct hf_event *e)
{
    const struct hf_host *host = hf_fleet_find(s->fleet, e->host);
    const cJSON *after = hf_json_get(e->data, "after");
    struct hf_facts facts = {0};
    struct hf_err err = HF_ERR_INIT;
    struct hf_record *r;
    struct hf_state *st;

    record_evidence(s, e);
    if (!host || !after || hf_facts_from_json(&facts, after, &err) < 0)
        return; /* it has left the fleet, or nothing was read afterwards */
    st = &s->states[state_index(s, host)];
    r = hf_state_change(st);
    if (hf_facts_newest(&facts) >= hf_facts_newest(&r->facts)) {
        hf_facts_release(&r->facts);
        r->facts = facts;
        hf_judge(st, s->fleet, hf_now());
        if (was_touched(e->data))
            relay_recent(st, e);
        (void)take_identity(st);
        hf_judge(st, s->fleet, hf_now());
        record_facts(s, e, st);
    } else {
        hf_facts_release(&facts);
    }
}
