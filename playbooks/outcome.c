/*
 * What a host's end does to its state: newest facts, what the run left behind,
 * and whether the ledger has to hear of it.
 */
#include <string.h>

#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "backend/base/time.h"
#include "backend/drivers/driver.h"
#include "playbooks/session_priv.h"

static int
changes_host(enum hf_action a)
{
    return a == HF_ACTION_APPLY || a == HF_ACTION_ROLLBACK;
}

static void
take_recent(struct hf_session *s, struct hf_state *st,
            const struct hf_run_host *h)
{
    const struct hf_facts *facts = h->after.len ? &h->after : &h->before;
    const char *boot = hf_facts_get(facts, "boot.id");
    struct hf_recent *r = &st->recent;

    hf_say(r->run, sizeof(r->run), "%s", s->run_id);
    hf_say(r->action, sizeof(r->action), "%s", hf_action_names[s->action]);
    hf_say(r->outcome, sizeof(r->outcome), "%s", hf_outcome_names[h->outcome]);
    hf_say(r->boot_id, sizeof(r->boot_id), "%s", boot ? boot : "");
    /* what is in effect now, whatever was wanted */
    hf_say(r->level, sizeof(r->level), "%s",
           h->after.len ? h->status.level : h->level_from);
    hf_say(r->why, sizeof(r->why), "%s", h->why);
    r->at = h->ended;
}

/* The level a host is first seen with is where changes by others are counted
 * from. */
static void
take_first_sight(struct hf_session *s, struct hf_state *st,
                 const struct hf_facts *facts)
{
    const char *boot = hf_facts_get(facts, "boot.id");
    struct hf_recent *r = &st->recent;

    *r = (struct hf_recent){.at = hf_facts_newest(facts)};
    hf_say(r->run, sizeof(r->run), "%s", s->run_id);
    hf_say(r->action, sizeof(r->action), "%s", hf_action_names[s->action]);
    hf_say(r->outcome, sizeof(r->outcome), "first-seen");
    hf_say(r->boot_id, sizeof(r->boot_id), "%s", boot ? boot : "");
    hf_say(r->level, sizeof(r->level), "%s", st->status.level);
}

/* A later proof settles what a run could not prove itself. */
static int
take_proof(struct hf_state *st, const struct hf_run_host *h)
{
    const char *verified = hf_outcome_names[HF_OUTCOME_VERIFIED];
    struct hf_recent *r = &st->recent;

    if (h->outcome != HF_OUTCOME_VERIFIED || !r->run[0] ||
        strcmp(r->outcome, hf_outcome_names[HF_OUTCOME_UNVERIFIED]) != 0)
        return 0;
    hf_say(r->outcome, sizeof(r->outcome), "%s", verified);
    hf_say(r->level, sizeof(r->level), "%s", h->status.level);
    hf_say(r->why, sizeof(r->why), "verified later");
    return 1;
}

/* Did the host come close enough to being changed to remember the run? */
static int
was_touched(const struct hf_run_host *h)
{
    return h->outcome == HF_OUTCOME_VERIFIED ||
           h->outcome == HF_OUTCOME_FAILED ||
           h->outcome == HF_OUTCOME_UNVERIFIED;
}

void
outcome_take(struct hf_session *s, const struct hf_event *e)
{
    const struct hf_host *host = hf_fleet_find(s->fleet, e->host);
    struct hf_state *st = &s->states[state_index(s, host)];
    size_t at = s->run_index[state_index(s, host)];
    const struct hf_run_host *h = at ? hf_run_host(s->run, at - 1) : NULL;
    const struct hf_facts *facts;
    int64_t age;
    int moved = 0;

    if (!h)
        return;
    facts = h->after.len ? &h->after : &h->before;
    if (facts->len) {
        age = hf_facts_newest(facts) - hf_facts_newest(&st->facts);
        moved = hf_facts_differ(&st->facts, facts) ||
                age > s->fleet->stale_after / 2;
        hf_facts_release(&st->facts);
        hf_facts_copy(&st->facts, facts);
    }
    if (changes_host(s->action) && was_touched(h)) {
        take_recent(s, st, h);
        moved = 1;
    }
    if (s->action == HF_ACTION_VERIFY && take_proof(st, h))
        moved = 1;
    hf_judge(st, s->fleet, hf_now());
    if (!st->recent.run[0] && facts->len)
        take_first_sight(s, st, facts);
    record_evidence(s, e);
    if (moved)
        record_facts(s, e, st);
}

/* ---- from the evidence of an earlier process ---- */

static void
relay_recent(struct hf_state *st, const struct hf_event *e)
{
    const char *action = hf_json_str(e->data, "action");
    const char *outcome = hf_json_str(e->data, "outcome");
    const char *why = hf_json_str(e->data, "why");
    const char *boot = hf_facts_get(&st->facts, "boot.id");
    struct hf_recent *r = &st->recent;

    hf_say(r->run, sizeof(r->run), "%s", e->run);
    hf_say(r->action, sizeof(r->action), "%s", action ? action : "");
    hf_say(r->outcome, sizeof(r->outcome), "%s", outcome ? outcome : "");
    hf_say(r->level, sizeof(r->level), "%s", st->status.level);
    hf_say(r->boot_id, sizeof(r->boot_id), "%s", boot ? boot : "");
    hf_say(r->why, sizeof(r->why), "%s", why ? why : "");
    r->at = e->at;
}

void
outcome_relay(struct hf_session *s, const struct hf_event *e)
{
    const struct hf_host *host = hf_fleet_find(s->fleet, e->host);
    const cJSON *after = hf_json_get(e->data, "after");
    struct hf_facts facts = {0};
    struct hf_err err = HF_ERR_INIT;
    struct hf_state *st;

    record_evidence(s, e);
    if (!host || !after || hf_facts_from_json(&facts, after, &err) < 0)
        return; /* it has left the fleet, or nothing was read afterwards */
    st = &s->states[state_index(s, host)];
    if (hf_facts_newest(&facts) >= hf_facts_newest(&st->facts)) {
        hf_facts_release(&st->facts);
        st->facts = facts;
        hf_judge(st, s->fleet, hf_now());
        relay_recent(st, e);
        hf_judge(st, s->fleet, hf_now());
        record_facts(s, e, st);
    } else {
        hf_facts_release(&facts);
    }
}
