/*
 * Making a plan: who is meant, who can be changed, which ring and batch each
 * host is in, what it costs. From recorded facts alone.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/sha256.h"
#include "backend/base/text.h"
#include "backend/base/time.h"
#include "backend/model/calendar.h"
#include "playbooks/plan.h"
#include "playbooks/plan_priv.h"
#include "playbooks/playbook.h"

const char *
plan_keep(struct plan_making *m, const char *text)
{
    return text && *text ? hf_arena_strdup(m->plan->arena, text) : NULL;
}

/* ---- the playbook ---- */

/* What this build cannot enforce is refused, never run. */
static int
refuse_unenforced(const struct hf_playbook *pb, struct hf_err *err)
{
    if (pb->change.approvals > 0)
        return hf_fail(err, HF_EREFUSED,
                       "playbook '%s' wants %d approvals: this version "
                       "cannot check them",
                       pb->name, pb->change.approvals);
    return HF_OK;
}

static int
load_playbook(struct plan_making *m, struct hf_problems *problems,
              struct hf_err *err)
{
    int rc = hf_playbook_load(m->pb, m->plan->arena, hf_session_repo(m->s),
                              m->fleet->commit, m->ask->playbook,
                              m->plan->playbook_blob, problems, err);

    if (rc < 0)
        return rc;
    if (m->ask->change)
        m->pb->change.id = plan_keep(m, m->ask->change);
    if (m->ask->reason)
        m->pb->change.reason = plan_keep(m, m->ask->reason);
    m->plan->change = m->pb->change.id;
    if (m->ask->origin.how == HF_PLAN_UNDO && (rc = plan_no_soak(m, err)) < 0)
        return rc;
    return refuse_unenforced(m->pb, err);
}

/* ---- who is meant, and what would happen to each ---- */

static int
choose_targets(struct plan_making *m, const char ***out, size_t *n,
               struct hf_err *err)
{
    struct hf_selector *selector = NULL;
    const struct hf_state *states;
    const char **names;
    size_t len;
    int rc;

    if (m->ask->only) {
        *out = plan_named_targets(m, n);
        return HF_OK;
    }
    rc = hf_selector_parse(
        &selector, m->pb->targets.select ? m->pb->targets.select : "", err);
    if (rc < 0)
        return hf_wrap(err, "playbook '%s'", m->pb->name);
    states = hf_session_states(m->s, &len);
    names = hf_xcalloc(len + 1, sizeof(*names));
    *n = 0;
    for (size_t i = 0; i < len; i++) {
        if (hf_selector_match(selector, &states[i], m->now))
            names[(*n)++] = states[i].host->name;
    }
    hf_selector_free(selector);
    *out = names;
    return HF_OK;
}

static int
forecast(struct plan_making *m, struct hf_err *err)
{
    struct hf_ask ask = {
        .action = hf_playbook_action((enum hf_playbook_kind)m->pb->kind),
        .change = m->pb->change.id,
        .reason = m->pb->change.reason,
        .old_catalogue = m->ask->old_catalogue,
        .planned = 1,
    };
    const char **names = NULL;
    int rc = choose_targets(m, &names, &ask.hosts_len, err);

    if (rc < 0)
        return rc;
    ask.hosts = names;
    rc = hf_session_forecast(m->s, &m->forecasts, &ask, err);
    free(names);
    m->v = hf_xcalloc(m->forecasts.len + 1, sizeof(*m->v));
    m->len = m->forecasts.len;
    for (size_t i = 0; i < m->len; i++) {
        m->v[i].f = &m->forecasts.v[i];
        m->v[i].ring = -1;
        m->v[i].order =
            hf_plan_order(m->pb->name, m->forecasts.v[i].state->host->name);
    }
    return rc;
}

static const char *
ring_name(const struct plan_making *m, const struct plan_candidate *c)
{
    return c->ring >= 0 ? m->pb->rings[c->ring].name : NULL;
}

static void
leave_out(struct plan_making *m, const struct plan_candidate *c,
          enum hf_outcome outcome, const char *why)
{
    struct hf_plan_left_out *out = &m->plan->left_out[m->plan->left_out_len++];

    out->name = plan_keep(m, c->f->state->host->name);
    out->ring = ring_name(m, c);
    out->outcome = (int)outcome;
    out->why = plan_keep(m, why);
}

/* ---- what the playbook says about the release ---- */

static int
is_wanted_kb(const struct hf_playbook *pb, const char *kb)
{
    for (size_t i = 0; pb->patch.kbs && pb->patch.kbs[i]; i++) {
        if (kb && strcmp(pb->patch.kbs[i], kb) == 0)
            return 1;
    }
    return pb->patch.kbs == NULL;
}

static int
is_wanted_month(const struct plan_making *m, const char *kb)
{
    const struct hf_catalogue *c = m->fleet->catalogue;

    if (!m->pb->patch.month)
        return 1;
    for (size_t i = 0; kb && i < c->releases_len; i++) {
        const struct hf_release *r = &c->releases[i];

        if (r->kb && r->month && strcmp(r->kb, kb) == 0 &&
            strcmp(r->month, m->pb->patch.month) == 0)
            return 1;
    }
    return 0;
}

/* NULL when the order is one that the playbook allows, else why not. */
static const char *
refuse_order(const struct plan_making *m, const struct plan_candidate *c,
             char why[HF_WHY_LEN])
{
    const struct hf_playbook *pb = m->pb;
    const struct hf_order *o = &c->f->order;
    const char *kb = hf_params_get(&o->params, "KB");

    if (pb->kind == HF_PLAYBOOK_ROLLOUT &&
        ((!c->restart_update && !is_wanted_kb(pb, kb)) ||
         !is_wanted_month(m, kb))) {
        hf_say(why, HF_WHY_LEN,
               "its newest release is %s, not one that the "
               "playbook names",
               kb ? kb : o->level_to);
        return why;
    }
    if (o->price.restart == HF_RESTART_YES && !pb->patch.expect_restart &&
        pb->kind == HF_PLAYBOOK_ROLLOUT && !c->restart_update)
        return "it would need a restart, and the playbook expects a hotpatch";
    if (o->price.restart == HF_RESTART_YES &&
        pb->reboot.policy == HF_RESTART_NEVER && hf_action_changes(o->action))
        return "it needs a restart, and the playbook's policy is never";
    return NULL;
}

static int
never_opens(const struct plan_making *m, const struct hf_host *host,
            enum hf_rule_kind kind)
{
    struct hf_period span;

    return hf_calendar_window_named(m->fleet->calendar, host, kind,
                                    m->pb->windows.allow, m->now,
                                    &span) == HF_OPEN_NEVER;
}

/* 1 when it goes into the plan. */
static int
is_to_do(struct plan_making *m, const struct plan_candidate *c)
{
    const struct hf_host *host = c->f->state->host;
    char why[HF_WHY_LEN];
    const char *no = NULL;

    if (c->f->skip != HF_OUTCOME_COUNT) {
        leave_out(m, c, c->f->skip, c->f->why);
        return 0;
    }
    if (c->no) {
        leave_out(m, c, HF_OUTCOME_ALREADY, c->no);
        return 0;
    }
    if ((no = refuse_order(m, c, why)) == NULL && c->ring < 0)
        no = "no ring of the playbook holds it";
    if (!no)
        no = plan_not_meant(m, host->name, &c->f->order, why);
    if (!no && c->f->order.price.restart == HF_RESTART_YES &&
        never_opens(m, host, HF_RULE_RESTART))
        no = "it has no restart window: such hosts are never restarted";
    if (!no && !hf_action_restarts(c->f->order.action) &&
        hf_action_changes(c->f->order.action) &&
        never_opens(m, host, HF_RULE_CHANGE))
        no = "no change window of this playbook ever opens for it";
    if (!no)
        return 1;
    leave_out(m, c, HF_OUTCOME_SKIPPED, no);
    return 0;
}

/* ---- the plan's rows ---- */

static void
fill_host(struct plan_making *m, const struct plan_candidate *c)
{
    const struct hf_order *o = &c->f->order;
    struct hf_plan_host *h = &m->plan->hosts[m->plan->hosts_len++];

    h->name = plan_keep(m, c->f->state->host->name);
    h->settings = plan_settings(m->plan->arena, c->f->state->host);
    h->product = plan_keep(m, c->f->state->status.product);
    h->from = plan_keep(m, o->level_from);
    h->to = plan_keep(m, o->level_to);
    h->releases = plan_keep_names(m->plan->arena, &o->releases);
    h->along = plan_keep_names(m->plan->arena, &o->along);
    h->stays = plan_keep_names(m->plan->arena, &o->stays);
    h->offers_why = plan_keep(m, o->offers_why);
    h->note = plan_keep(m, o->price.note);
    h->staged = (uint8_t)o->staged;
    h->ring = (uint16_t)c->ring;
    h->restart_update = (uint8_t)c->restart_update;
    h->intermittent = (uint8_t)m->pb->rings[c->ring].intermittent;
    h->restart = (uint8_t)o->price.restart;
    h->undo_restart =
        (uint8_t)(o->undo.possible ? o->undo.restart : HF_RESTART_UNKNOWN);
    h->minutes = (uint16_t)plan_minutes(m, o);
    h->undo_minutes = (uint16_t)o->undo.minutes;
    plan_add_price(m, o);
}

/* Of n hosts from `first` on, which are a group. */
static void
fill_batches(struct plan_making *m, int ring, size_t first, size_t n)
{
    const struct hf_playbook_ring *pr = &m->pb->rings[ring];
    struct hf_plan_ring *span = &m->plan->rings[ring];
    size_t done = 0, batch = 0, want;

    while (done < n) {
        size_t which = batch < pr->batches_len ? batch : pr->batches_len - 1;

        want = hf_size_of(pr->batches[which], n);
        for (; want && done < n; want--, done++)
            m->plan->hosts[first + done].batch =
                (uint16_t)(span->batches + batch);
        batch++;
    }
    span->batches += batch;
}

static void
fill_ring_hosts(struct plan_making *m, int ring, struct plan_candidate **in)
{
    struct hf_plan_ring *span = &m->plan->rings[ring];
    size_t n = 0, others;

    for (size_t i = 0; i < m->len; i++) {
        if (m->v[i].ring == ring && is_to_do(m, &m->v[i]))
            in[n++] = &m->v[i];
    }
    n = plan_fill_controls(m, ring, in, n);
    others = n;
    if (m->pb->kind == HF_PLAYBOOK_ROLLOUT)
        plan_group_restarts(in, n, &others);
    span->first = m->plan->hosts_len;
    span->len = n;
    for (size_t i = 0; i < n; i++)
        fill_host(m, in[i]);
    span->batches = 0;
    fill_batches(m, ring, span->first, others);
    fill_batches(m, ring, span->first + others, n - others);
}

static void
fill_hosts(struct plan_making *m)
{
    struct plan_candidate **in =
        hf_xcalloc(m->len + 1, sizeof(struct plan_candidate *));
    struct hf_plan *plan = m->plan;
    struct hf_arena *a = plan->arena;

    size_t most = m->len + m->ask->only_len + 1, controls = m->len + 1;

    if (m->ask->after)
        controls += m->ask->after->controls_len;
    plan->hosts = hf_arena_alloc(a, (m->len + 1) * sizeof(*plan->hosts));
    plan->left_out = hf_arena_alloc(a, most * sizeof(*plan->left_out));
    plan->controls = hf_arena_alloc(a, controls * sizeof(*plan->controls));
    plan->rings =
        hf_arena_alloc(a, (m->pb->rings_len + 1) * sizeof(*plan->rings));
    for (size_t i = 0; i < m->pb->rings_len; i++)
        fill_ring_hosts(m, (int)i, in);
    for (size_t i = 0; i < m->len; i++) {
        if (m->v[i].ring < 0)
            (void)is_to_do(m, &m->v[i]);
    }
    plan_leave_out_gone(m);
    free(in);
}

static void
fill_domains(struct plan_making *m)
{
    const struct hf_playbook_limits *l = &m->pb->limits;
    struct hf_plan *plan = m->plan;
    struct hf_strs values = {0};

    for (size_t i = 0; l->per_domain_len && i < plan->hosts_len; i++) {
        const struct hf_host *h = hf_fleet_find(m->fleet, plan->hosts[i].name);
        int32_t *of =
            hf_arena_alloc(plan->arena, l->per_domain_len * sizeof(*of));

        for (size_t k = 0; k < l->per_domain_len; k++)
            of[k] = plan_domain_value(&values, l->per_domain[k].domain, h);
        plan->hosts[i].domains = of;
    }
    plan->domain_values = values.len;
    hf_strs_release(&values);
}

static void
fill_head(struct plan_making *m)
{
    struct hf_plan *plan = m->plan;

    hf_run_id_new(plan->id);
    plan->created = m->now - m->now % 1000;
    plan->operator_ = plan_keep(m, hf_session_operator(m->s));
    plan->fleet = plan_keep(m, m->fleet->name);
    plan->simulated = m->fleet->simulated;
    plan->origin.how = m->ask->origin.how;
    plan->origin.run = plan_keep(m, m->ask->origin.run);
    plan->origin.of = plan_keep(m, m->ask->origin.of);
    plan->origin.release = plan_keep(m, m->ask->origin.release);
    memcpy(plan->inventory, m->fleet->commit, sizeof(plan->inventory));
    if (m->fleet->catalogue)
        memcpy(plan->catalogue, m->fleet->catalogue->hash,
               sizeof(plan->catalogue));
    if (m->fleet->calendar)
        memcpy(plan->calendar, m->fleet->calendar->hash,
               sizeof(plan->calendar));
}

/* ---- what may be expected ---- */

static int
check_expected(const struct plan_making *m, struct hf_err *err)
{
    const struct hf_playbook_targets *t = &m->pb->targets;
    size_t n = m->plan->hosts_len;

    if (m->ask->only || m->ask->unbounded)
        return HF_OK; /* a retry is smaller */
    if (n < (size_t)t->min)
        return hf_fail(err, HF_EINVALID,
                       "%zu host%s to do, the playbook expects at least %d", n,
                       hf_plural(n), t->min);
    if (t->max && n > (size_t)t->max)
        return hf_fail(err, HF_EINVALID,
                       "%zu host%s to do, the playbook expects at most %d", n,
                       hf_plural(n), t->max);
    return HF_OK;
}

static int
fill(struct plan_making *m, struct hf_problems *problems, struct hf_err *err)
{
    int rc;

    fill_head(m);
    if ((rc = load_playbook(m, problems, err)) < 0 ||
        (rc = forecast(m, err)) < 0 || (rc = plan_fill_rings(m, err)) < 0 ||
        (rc = plan_fill_restarts(m, err)) < 0)
        return rc;
    plan_measure_past(m);
    fill_hosts(m);
    plan_fill_price(m);
    fill_domains(m);
    plan_fill_releases(m->plan);
    if (!m->ask->after) /* the run before it had them */
        plan_fill_gaps(m->plan, m->s);
    hf_plan_index(m->plan);
    if ((rc = check_expected(m, err)) < 0 ||
        (rc = plan_check_rehearsal(m, err)) < 0 ||
        (rc = plan_check_gaps(m->plan, err)) < 0)
        return rc;
    hf_plan_seal(m->plan);
    return HF_OK;
}

int
hf_plan_make(struct hf_plan **out, struct hf_session *s,
             const struct hf_plan_ask *ask, struct hf_problems *problems,
             struct hf_err *err)
{
    struct plan_making m = {.s = s,
                            .fleet = hf_session_fleet(s),
                            .ask = ask,
                            .plan = HF_NEW(struct hf_plan),
                            .now = hf_now()};
    int rc;

    *out = NULL;
    m.plan->arena = hf_arena_new();
    m.pb = &m.plan->playbook;
    rc = fill(&m, problems, err);
    hf_forecasts_release(&m.forecasts);
    hf_forecasts_release(&m.updates);
    plan_price_release(&m.price);
    hf_durations_free(m.durations);
    free(m.v);
    if (rc == HF_OK)
        *out = m.plan;
    else
        hf_plan_free(m.plan);
    return rc;
}
