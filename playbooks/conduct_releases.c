/*
 * Releases of a rollout: it carries out what was planned, and pauses before a
 * batch when there is a newer release by then. A person decides.
 */
#include <stdlib.h>
#include <string.h>

#include "backend/base/text.h"
#include "backend/base/time.h"
#include "inventory/load.h"
#include "playbooks/conduct.h"

/* ---- what was planned ---- */

/* The plan's commit had the releases that it names; unless the shipped ones
 * are others now, because the program is another one. */
static const struct hf_catalogue *
planned_catalogue(struct hf_conduct *c)
{
    struct hf_problems problems = {0};
    struct hf_err ignored = HF_ERR_INIT;

    if (!c->planned)
        (void)hf_fleet_load(&c->planned, c->s->repo, c->plan->inventory,
                            &problems, &ignored);
    hf_problems_release(&problems);
    if (!c->planned || !c->planned->catalogue ||
        strcmp(c->planned->catalogue->hash, c->plan->catalogue) != 0)
        return NULL;
    return c->planned->catalogue;
}

void
conduct_pin(struct hf_conduct *c)
{
    const struct hf_catalogue *own = c->s->fleet->catalogue, *planned;

    if (!own || !c->plan->catalogue[0] ||
        strcmp(own->hash, c->plan->catalogue) == 0 ||
        !(planned = planned_catalogue(c)))
        return;
    c->own = own;
    c->s->fleet->catalogue = planned;
    hf_session_judge(c->s, hf_now());
}

/* Not when the session was read anew. */
static int
is_pinned(const struct hf_conduct *c)
{
    return c->planned && c->s->fleet->catalogue == c->planned->catalogue;
}

void
conduct_unpin(struct hf_conduct *c)
{
    if (!is_pinned(c))
        return;
    c->s->fleet->catalogue = c->own;
    hf_session_judge(c->s, hf_now());
}

/* ---- what there is now ---- */

/* Hosts that have not begun, with the levels that they were to get. */
static size_t
hosts_to_come(const struct hf_conduct *c, const char **names,
              const char **levels)
{
    size_t n = 0;

    for (size_t i = 0; i < c->plan->hosts_len; i++) {
        const struct hf_plan_host *h = &c->plan->hosts[i];
        int state = hf_rollout_slot(c->r, (int)i)->state;

        if (state == HF_SLOT_ENDED || state == HF_SLOT_IN_FLIGHT ||
            !hf_fleet_find(c->s->fleet, h->name))
            continue;
        levels[n] = h->to;
        names[n++] = h->name;
    }
    return n;
}

/* What was committed a moment ago counts. */
static const struct hf_catalogue *
newest_catalogue(struct hf_conduct *c)
{
    const struct hf_fleet *fleet;

    c->s->newest.at = 0;
    fleet = session_newest(c->s);
    return fleet == c->s->fleet && is_pinned(c) ? c->own : fleet->catalogue;
}

/* 1 when one of them would get another release by that catalogue. */
static int
would_get_another(struct hf_conduct *c, const struct hf_catalogue *newest,
                  char why[HF_WHY_LEN])
{
    const struct hf_catalogue *pinned = c->s->fleet->catalogue;
    struct hf_ask ask = {.action = HF_ACTION_APPLY,
                         .change = c->plan->change,
                         .reason = c->plan->playbook.change.reason,
                         .planned = 1,
                         .run = c->run};
    size_t most = c->plan->hosts_len + 1;
    const char **names = hf_xcalloc(most, sizeof(const char *));
    const char **levels = hf_xcalloc(most, sizeof(const char *));
    struct hf_forecasts all;
    struct hf_err err = HF_ERR_INIT;
    int stale;

    ask.hosts = names;
    ask.levels = levels;
    ask.hosts_len = hosts_to_come(c, names, levels);
    c->s->fleet->catalogue = newest;
    stale = hf_session_forecast(c->s, &all, &ask, &err) == HF_ESTALE;
    c->s->fleet->catalogue = pinned;
    hf_forecasts_release(&all);
    for (size_t i = 0; i < ask.hosts_len; i++) /* judged by the newest one */
        hf_state_fold(hf_session_state(c->s, names[i]));
    if (stale)
        hf_say(why, HF_WHY_LEN, "%s", err.text);
    free(names);
    free(levels);
    return stale;
}

static int
begins_batch(const struct hf_rollout_event *e)
{
    return e->kind == HF_ROLLOUT_BATCH_BEGAN ||
           (e->kind == HF_ROLLOUT_HOOK_BEGAN &&
            e->hook == HF_HOOK_BEFORE_BATCH);
}

int
conduct_superseded(struct hf_conduct *c, const struct hf_rollout_event *e,
                   struct hf_rollout_event *out)
{
    const struct hf_catalogue *newest;
    struct hf_rollout_view v;

    if (!begins_batch(e) || c->plan->playbook.kind != HF_PLAYBOOK_ROLLOUT)
        return 0;
    hf_rollout_view(c->r, &v);
    newest = newest_catalogue(c);
    if (v.finishing || !newest || strcmp(newest->hash, c->plan->catalogue) == 0)
        return 0;
    *out = conduct_event(HF_ROLLOUT_SUPERSEDED);
    return would_get_another(c, newest, out->why);
}
