/*
 * Which hosts of a plan are to be restarted, and with what: in a playbook of
 * kind reboot those whose baseline is due take it along; in a rollout those
 * that hotpatches do not help get the ordinary update, where the playbook says
 * so. They are a group of their own.
 */
#include <stdlib.h>
#include <string.h>

#include "backend/base/text.h"
#include "playbooks/plan_priv.h"

/* ---- what the playbook says of hosts that cannot take the hotpatch ---- */

/* An ordinary update took it off, or waits to. */
static int
leaves_track(const struct hf_state *st)
{
    const struct hf_finding *f =
        hf_findings_find(hf_state_findings(st), "offers");

    return st->status.coverage == HF_COVERAGE_OFF_TRACK ||
           (f && f->verdict == HF_VERDICT_BLOCK);
}

static int
otherwise(const struct plan_making *m, const struct plan_candidate *c)
{
    const struct hf_playbook_patch *p = &m->pb->patch;

    if (m->pb->kind != HF_PLAYBOOK_ROLLOUT ||
        c->f->skip != HF_OUTCOME_INELIGIBLE)
        return HF_OTHERWISE_SKIP;
    return leaves_track(c->f->state) ? p->if_leaves_track : p->if_ineligible;
}

static int
refuse(const struct plan_candidate *c, struct hf_err *err)
{
    (void)hf_fail(err, HF_EREFUSED, "host '%s' cannot take it: %s",
                  c->f->state->host->name, c->f->why);
    return hf_hint(err,
                   "mend the host, hold it, or let the playbook say "
                   "\"%s\": \"skip\"",
                   leaves_track(c->f->state) ? "if_leaves_track"
                                             : "if_ineligible");
}

/* ---- the group ---- */

static int
asks_for_update(const struct plan_making *m, const struct plan_candidate *c)
{
    return m->pb->kind == HF_PLAYBOOK_REBOOT ||
           otherwise(m, c) == HF_OTHERWISE_RESTART_UPDATE;
}

/* Something that is installed, or a kernel, waits for it. */
static int
waits_for_restart(const struct hf_state *st, const struct hf_forecast *update)
{
    return st->status.reboot == HF_REBOOT_PENDING ||
           st->status.reboot == HF_REBOOT_SCHEDULED ||
           st->status.reboot == HF_REBOOT_OVERDUE ||
           (st->status.coverage == HF_COVERAGE_RESTART_DUE &&
            update->skip == HF_OUTCOME_ALREADY);
}

static void
choose(struct plan_making *m, struct plan_candidate *c,
       const struct hf_forecast *update)
{
    if (update->skip == HF_OUTCOME_COUNT) {
        c->f = update;
        c->restart_update = 1;
        return;
    }
    if (m->pb->kind != HF_PLAYBOOK_REBOOT || c->f->skip != HF_OUTCOME_COUNT ||
        m->pb->reboot.policy != HF_RESTART_NEEDED ||
        waits_for_restart(c->f->state, update))
        return;
    if (update->skip == HF_OUTCOME_ALREADY)
        c->no = "nothing waits for a restart";
    else
        c->f = update; /* what keeps the baseline from it */
}

int
plan_fill_restarts(struct plan_making *m, struct hf_err *err)
{
    struct hf_ask ask = {.action = HF_ACTION_RESTART_UPDATE,
                         .change = m->pb->change.id,
                         .reason = m->pb->change.reason,
                         .also = &m->pb->reboot.also,
                         .planned = 1};
    const char **names = hf_xcalloc(m->len + 1, sizeof(*names));
    struct plan_candidate **of =
        hf_xcalloc(m->len + 1, sizeof(struct plan_candidate *));
    int rc = HF_OK;

    for (size_t i = 0; i < m->len && rc == HF_OK; i++) {
        if (otherwise(m, &m->v[i]) == HF_OTHERWISE_STOP) {
            rc = refuse(&m->v[i], err);
        } else if (asks_for_update(m, &m->v[i])) {
            of[ask.hosts_len] = &m->v[i];
            names[ask.hosts_len++] = m->v[i].f->state->host->name;
        }
    }
    ask.hosts = names;
    if (rc == HF_OK && ask.hosts_len)
        rc = hf_session_forecast(m->s, &m->updates, &ask, err);
    for (size_t i = 0; i < m->updates.len && rc == HF_OK; i++)
        choose(m, of[i], &m->updates.v[i]);
    free(names);
    free(of);
    return rc;
}

/* In their order, those of the group last. */
void
plan_group_restarts(struct plan_candidate **v, size_t n, size_t *others)
{
    struct plan_candidate **group =
        hf_xcalloc(n + 1, sizeof(struct plan_candidate *));
    size_t kept = 0, moved = 0;

    for (size_t i = 0; i < n; i++) {
        if (v[i]->restart_update)
            group[moved++] = v[i];
        else
            v[kept++] = v[i];
    }
    for (size_t i = 0; i < moved; i++)
        v[kept + i] = group[i];
    *others = kept;
    free(group);
}
