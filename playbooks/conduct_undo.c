/*
 * Taking a run back by itself: block, plan, and a run of that plan which goes
 * on like any other; and trying that on one host before the first ring.
 */
#include <string.h>

#include "backend/base/text.h"
#include "playbooks/conduct.h"
#include "playbooks/undo.h"

int
conduct_wants(struct hf_conduct *c, const struct hf_rollout_event *e)
{
    if (e->kind == HF_ROLLOUT_REHEARSAL_BEGAN) {
        c->rehearsal = REHEARSAL_APPLY;
        c->rehearsal_host = e->host;
        return 1;
    }
    if (e->kind != HF_ROLLOUT_UNDO_BEGAN)
        return 0;
    c->undo = *e;
    return c->undo_waits = 1;
}

/* ---- taking back ---- */

static struct hf_rollout_event
undo_end(int ok)
{
    struct hf_rollout_event e = conduct_event(HF_ROLLOUT_UNDO_ENDED);

    e.ok = ok;
    return e;
}

/* What is taken back, as the playbook says: the batch, the ring, the run. */
static void
scope_of(struct hf_undo *out, const struct hf_conduct *c)
{
    const struct hf_playbook *pb = &c->plan->playbook;
    const struct hf_rollout_event *of = &c->undo;

    *out = (struct hf_undo){.run = c->run};
    if (of->ring >= 0 && pb->undo.scope != HF_SCOPE_RUN)
        out->ring = pb->rings[of->ring].name;
    if (out->ring && pb->undo.scope == HF_SCOPE_BATCH)
        out->batch = of->batch + 1;
}

/* All that the run put in, also where it cannot be taken back. */
static int
block(struct hf_conduct *c, const char *reason, struct hf_err *err)
{
    struct hf_strs releases = {0};
    int rc;

    for (size_t i = 0; i < c->plan->hosts_len; i++) {
        const char *const *v = c->plan->hosts[i].releases;

        if (!hf_undo_touched(hf_rollout_slot(c->r, (int)i)))
            continue;
        for (; v && *v; v++) {
            if (!hf_strs_has(&releases, *v))
                hf_strs_add(&releases, *v);
        }
    }
    rc = hf_undo_block_releases(c->s, &releases, c->run, reason, err);
    hf_strs_release(&releases);
    return rc;
}

static int
make_plan(struct hf_plan **out, struct hf_conduct *c, struct hf_err *err)
{
    struct hf_plan_ask more = {.change = c->plan->change};
    struct hf_problems problems = {0};
    struct hf_rollout_view v;
    struct hf_undo what;
    int rc;

    hf_rollout_view(c->r, &v);
    more.reason = v.waits_for;
    scope_of(&what, c);
    if ((rc = block(c, v.waits_for, err)) == HF_OK)
        rc = hf_undo_plan(out, c->s, &what, &more, &problems, err);
    hf_problems_release(&problems);
    return rc;
}

/* NULL, or why a person has to carry it out. */
static const char *
wants_person(const struct hf_conduct *c, const struct hf_plan *plan,
             char why[HF_WHY_LEN])
{
    const struct hf_playbook_undo *u = &c->plan->playbook.undo;
    size_t restarts = 0;

    for (size_t i = 0; i < plan->hosts_len; i++)
        restarts += plan->hosts[i].restart != HF_RESTART_NO;
    if (restarts && !u->restart_allowed)
        hf_say(why, HF_WHY_LEN, "it restarts %zu host%s", restarts,
               hf_plural(restarts));
    else if (u->max_hosts && plan->hosts_len > (size_t)u->max_hosts)
        hf_say(why, HF_WHY_LEN, "%zu host%s, at most %d without a person",
               plan->hosts_len, hf_plural(plan->hosts_len), u->max_hosts);
    else
        return NULL;
    return why;
}

/* Nobody can be taken back: the reason of the first one. */
static void
say_nothing(struct hf_rollout_event *end, const struct hf_plan *plan)
{
    const struct hf_plan_left_out *l = plan->left_out;

    end->ok = plan->left_out_len == 0;
    if (end->ok)
        hf_say(end->why, sizeof(end->why), "there is nothing to take back");
    else
        hf_say(end->why, sizeof(end->why), "not taken back: %.60s: %s", l->name,
               l->why ? l->why : "left out");
}

/* The plan is there for whoever decides. */
static int
begin_plan(struct hf_conduct *c, const struct hf_plan *plan,
           struct hf_rollout_event *end, struct hf_err *err)
{
    char why[HF_WHY_LEN];
    int rc;

    if ((rc = hf_plan_record(c->s, plan, err)) < 0)
        return rc;
    if (wants_person(c, plan, why)) {
        end->ok = 0;
        hf_say(end->why, sizeof(end->why), "%s; waits for: hotfleet run %s",
               why, plan->id);
        return HF_OK;
    }
    hf_say(end->by, sizeof(end->by), "%s", c->undo.by);
    hf_say(end->why, sizeof(end->why), "taken back by run %s", end->by);
    return conduct_begin_as(c->s, plan, end->by, err);
}

/* An earlier process may have come as far as this. */
static int
has_begun(struct hf_conduct *c, struct hf_rollout_event *end)
{
    struct hf_err ignored = HF_ERR_INIT;
    struct hf_plan *plan = NULL;
    int begun = rollout_log_plan(&plan, c->s, c->undo.by, &ignored) == HF_OK;

    hf_plan_free(plan);
    hf_say(end->by, sizeof(end->by), "%s", begun ? c->undo.by : "");
    hf_say(end->why, sizeof(end->why), "taken back by run %s", c->undo.by);
    return begun;
}

void
conduct_undo(struct hf_conduct *c)
{
    struct hf_rollout_event end = undo_end(1);
    struct hf_err err = HF_ERR_INIT;
    struct hf_plan *plan = NULL;
    int rc = HF_OK;

    c->undo_waits = 0;
    if (!has_begun(c, &end)) {
        rc = make_plan(&plan, c, &err);
        if (rc == HF_OK && !plan->hosts_len)
            say_nothing(&end, plan);
        else if (rc == HF_OK)
            rc = begin_plan(c, plan, &end, &err);
    }
    if (rc < 0) {
        end.ok = 0;
        end.by[0] = '\0';
        hf_say(end.why, sizeof(end.why), "not taken back: %s", err.text);
    }
    hf_plan_free(plan);
    if (conduct_take(c, &end) == HF_OK)
        conduct_record(c, end.why);
}

/* ---- the rehearsal ---- */

static void
rehearsal_says(struct hf_conduct *c, int ok, const char *why)
{
    struct hf_rollout_event e = conduct_event(HF_ROLLOUT_REHEARSAL_ENDED);

    c->rehearsal = REHEARSAL_NONE;
    e.host = c->rehearsal_host;
    e.ok = ok;
    hf_say(e.why, sizeof(e.why), "%s", why);
    (void)conduct_take(c, &e);
}

static void
on_rehearsal_event(void *ctx, const struct hf_event *e)
{
    struct hf_conduct *c = ctx;
    const char *why = hf_json_str(e->data, "why");

    if (c->o.on_host)
        c->o.on_host(c->o.ctx, e);
    if (e->kind != HF_EVENT_HOST_OUTCOME)
        return;
    c->rehearsal_outcome = conduct_outcome_of(e->data);
    hf_say(c->rehearsal_why, sizeof(c->rehearsal_why), "%s", why ? why : "");
}

static enum hf_action
rehearsal_action(const struct hf_conduct *c)
{
    return c->rehearsal == REHEARSAL_APPLY ? HF_ACTION_APPLY
                                           : HF_ACTION_ROLLBACK;
}

int
conduct_rehearse(struct hf_conduct *c, struct hf_err *err)
{
    const struct hf_plan_host *h = &c->plan->hosts[c->rehearsal_host];
    char reason[HF_WHY_LEN];
    struct hf_ask ask = {.action = rehearsal_action(c),
                         .hosts = &h->name,
                         .hosts_len = 1,
                         .change = c->plan->change,
                         .reason = reason,
                         .again = 1,
                         .old_catalogue = 1,
                         .planned = 1};
    int rc;

    hf_say(reason, sizeof(reason), "rehearsal of the rollback, run %s", c->run);
    if (c->rehearsal == REHEARSAL_APPLY)
        ask.levels = &h->to;
    c->rehearsal_outcome = HF_OUTCOME_CANCELLED;
    hf_say(c->rehearsal_why, sizeof(c->rehearsal_why), "it was not begun");
    rc = hf_session_start(c->s, &ask, on_rehearsal_event, c, err);
    if (rc == HF_OK)
        c->stint = STINT_REHEARSING;
    else if (rc != HF_ELOCKED)
        rehearsal_says(c, 0, err->text);
    return rc == HF_ELOCKED ? rc : HF_OK;
}

/* What an earlier process had applied there is taken back all the same. */
void
conduct_rehearsal_over(struct hf_conduct *c)
{
    int applying = c->rehearsal == REHEARSAL_APPLY;
    char why[HF_WHY_LEN];

    if (c->rehearsal_outcome != HF_OUTCOME_VERIFIED &&
        !(applying && c->rehearsal_outcome == HF_OUTCOME_ALREADY)) {
        hf_say(why, sizeof(why), "%s: %s: %s",
               hf_action_names[rehearsal_action(c)],
               hf_outcome_names[c->rehearsal_outcome], c->rehearsal_why);
        rehearsal_says(c, 0, why);
    } else if (applying) {
        c->rehearsal = REHEARSAL_ROLLBACK;
    } else {
        rehearsal_says(c, 1, "");
    }
}
