/*
 * Plans that go on from a run: a retry of some of its hosts, or one with newer
 * releases in its place. Hosts keep the rings they had, so that nobody comes
 * before those who were to test it.
 */
#include "backend/model/retry.h"

#include <string.h>

#include "backend/base/names.h"
#include "backend/base/text.h"
#include "playbooks/plan_priv.h"

/* ---- the hosts ---- */

const char **
plan_named_targets(const struct plan_making *m, size_t *n)
{
    const char **names = hf_xcalloc(m->ask->only_len + 1, sizeof(*names));

    *n = 0;
    for (size_t i = 0; i < m->ask->only_len; i++) {
        if (hf_fleet_find(m->fleet, m->ask->only[i]))
            names[(*n)++] = m->ask->only[i];
    }
    return names;
}

void
plan_leave_out_gone(struct plan_making *m)
{
    for (size_t i = 0; i < m->ask->only_len; i++) {
        struct hf_plan_left_out *out;

        if (hf_fleet_find(m->fleet, m->ask->only[i]))
            continue;
        out = &m->plan->left_out[m->plan->left_out_len++];
        out->name = plan_keep(m, m->ask->only[i]);
        out->outcome = HF_OUTCOME_SKIPPED;
        out->why = "it is not in the fleet any more";
    }
}

/* ---- rings ---- */

/* The ring of that name now, or -1. */
static int
ring_named(const struct plan_making *m, const char *name)
{
    for (size_t i = 0; name && i < m->pb->rings_len; i++) {
        if (strcmp(m->pb->rings[i].name, name) == 0)
            return (int)i;
    }
    return -1;
}

static const char *
ring_before(const struct hf_plan *plan, const char *host)
{
    int at = hf_plan_find(plan, host);

    if (at >= 0)
        return plan->playbook.rings[plan->hosts[at].ring].name;
    for (size_t i = 0; i < plan->left_out_len; i++) {
        if (strcmp(plan->left_out[i].name, host) == 0)
            return plan->left_out[i].ring;
    }
    return NULL;
}

void
plan_keep_rings(struct plan_making *m)
{
    for (size_t i = 0; i < m->len; i++)
        m->v[i].ring = ring_named(
            m, ring_before(m->ask->after, m->v[i].f->state->host->name));
}

void
plan_keep_controls(struct plan_making *m, int ring)
{
    const struct hf_plan *after = m->ask->after;

    for (size_t i = 0; i < after->controls_len; i++) {
        const struct hf_plan_control *was = &after->controls[i];
        struct hf_plan_control *c;

        if (ring_named(m, after->playbook.rings[was->ring].name) != ring ||
            !hf_fleet_find(m->fleet, was->name))
            continue;
        c = &m->plan->controls[m->plan->controls_len++];
        c->name = plan_keep(m, was->name);
        c->ring = (uint16_t)ring;
    }
}

/* ---- what is taken back ---- */

static int
has_name(const char *const *v, const char *name)
{
    for (; v && *v; v++) {
        if (strcmp(*v, name) == 0)
            return 1;
    }
    return 0;
}

/* By what the run put in; what came later stands on top. */
static int
is_of_run(const struct hf_plan *plan, const char *host,
          const struct hf_order *o)
{
    int at = hf_plan_find(plan, host);

    for (size_t i = 0; at >= 0 && i < o->releases.len; i++) {
        if (!has_name(plan->hosts[at].releases, o->releases.v[i]))
            return 0;
    }
    return at >= 0;
}

/* A rehearsal that restarts the host needs the same leave as the rollback. */
int
plan_check_rehearsal(struct plan_making *m, struct hf_err *err)
{
    struct hf_playbook_undo *u = &m->pb->undo;
    int at = u->rehearse_on ? hf_plan_find(m->plan, u->rehearse_on) : -1;

    if (!u->rehearse_on ||
        (at >= 0 && (m->plan->hosts[at].undo_restart == HF_RESTART_NO ||
                     u->restart_allowed)))
        return HF_OK;
    if (at < 0 && m->ask->origin.how != HF_PLAN_ALONE) {
        u->rehearse_on = NULL; /* the run before it has done that */
        return HF_OK;
    }
    if (at < 0) {
        (void)hf_fail(err, HF_EREFUSED,
                      "the rollback is to be rehearsed on '%s', which is not "
                      "among the hosts to do",
                      u->rehearse_on);
        return hf_hint(err, "hotfleet why %s", u->rehearse_on);
    }
    (void)hf_fail(err, HF_EREFUSED,
                  "rehearsing the rollback on '%s' restarts it",
                  u->rehearse_on);
    return hf_hint(err, "the playbook may allow it: \"rollback\": "
                        "{\"restart\": \"allowed\"}");
}

int
plan_no_soak(struct plan_making *m, struct hf_err *err)
{
    size_t n = m->pb->rings_len;
    struct hf_playbook_ring *rings =
        hf_arena_alloc(m->plan->arena, (n + 1) * sizeof(*rings));

    if (m->pb->kind != HF_PLAYBOOK_ROLLBACK)
        return hf_fail(err, HF_EINVALID, "playbook '%s' takes nothing back",
                       m->pb->name);
    for (size_t i = 0; i < n; i++) {
        rings[i] = m->pb->rings[i];
        rings[i].soak = 0;
    }
    m->pb->rings = rings;
    return HF_OK;
}

const char *
plan_not_meant(const struct plan_making *m, const char *host,
               const struct hf_order *o, char why[HF_WHY_LEN])
{
    const struct hf_plan_ask *ask = m->ask;
    const char *release = ask->origin.release;

    if (ask->origin.how != HF_PLAN_UNDO ||
        ((!release || hf_strs_has(&o->releases, release)) &&
         (!ask->origin.run || is_of_run(ask->after, host, o))))
        return NULL;
    hf_say(why, HF_WHY_LEN, "it runs %s: this would take back %s",
           o->level_from, o->releases.len ? o->releases.v[0] : "nothing");
    return why;
}

/* ---- where it comes from ---- */

void
hf_plan_origin_say(struct hf_buf *out, const struct hf_plan_origin *o)
{
    hf_buf_printf(out, "%s of", hf_plan_after_names[o->how]);
    if (o->release)
        hf_buf_printf(out, " release %s%s", o->release, o->run ? "," : "");
    if (o->run)
        hf_buf_printf(out, " run %s", o->run);
    if (o->of)
        hf_buf_printf(out, ": %s", o->of);
}

cJSON *
hf_plan_origin_json(const struct hf_plan_origin *o)
{
    cJSON *doc = cJSON_CreateObject();

    hf_json_add_str(doc, "how", hf_plan_after_names[o->how]);
    hf_json_add_str(doc, "run", o->run);
    hf_json_add_str(doc, "hosts", o->of);
    hf_json_add_str(doc, "release", o->release);
    return doc;
}

int
plan_origin_read(struct hf_plan_origin *out, struct hf_arena *arena,
                 const cJSON *doc, struct hf_err *err)
{
    const char *run = hf_json_str(doc, "run");
    const char *release = hf_json_str(doc, "release");
    const char *how, *of = hf_json_str(doc, "hosts");
    int rc;

    if ((rc = hf_json_want_str(&how, doc, "how", err)) < 0)
        return rc;
    out->how = hf_name_index(hf_plan_after_names, how);
    if (out->how <= HF_PLAN_ALONE || (run && !hf_run_id_valid(run)) ||
        (!run && out->how != HF_PLAN_UNDO))
        return hf_fail(err, HF_EINVALID, "'after': '%s' of run '%s'", how,
                       run ? run : "");
    out->run = run ? hf_arena_strdup(arena, run) : NULL;
    out->of = of ? hf_arena_strdup(arena, of) : NULL;
    out->release = release ? hf_arena_strdup(arena, release) : NULL;
    return HF_OK;
}
