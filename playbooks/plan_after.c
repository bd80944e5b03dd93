/*
 * Plans that go on from a run: a retry of some of its hosts, or one with newer
 * releases in its place. Hosts keep the rings they had, so that nobody comes
 * before those who were to test it.
 */
#include "backend/model/retry.h"

#include <string.h>

#include "backend/base/names.h"
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

/* ---- where it comes from ---- */

cJSON *
hf_plan_origin_json(const struct hf_plan_origin *o)
{
    cJSON *doc = cJSON_CreateObject();

    hf_json_add_str(doc, "how", hf_plan_after_names[o->how]);
    hf_json_add_str(doc, "run", o->run);
    if (o->of)
        hf_json_add_str(doc, "hosts", o->of);
    return doc;
}

int
plan_origin_read(struct hf_plan_origin *out, struct hf_arena *arena,
                 const cJSON *doc, struct hf_err *err)
{
    const char *how, *run, *of = hf_json_str(doc, "hosts");
    int rc;

    if ((rc = hf_json_want_str(&how, doc, "how", err)) < 0 ||
        (rc = hf_json_want_str(&run, doc, "run", err)) < 0)
        return rc;
    out->how = hf_name_index(hf_plan_after_names, how);
    if (out->how <= HF_PLAN_ALONE || !hf_run_id_valid(run))
        return hf_fail(err, HF_EINVALID, "'after': '%s' of run '%s'", how, run);
    out->run = hf_arena_strdup(arena, run);
    out->of = of ? hf_arena_strdup(arena, of) : NULL;
    return HF_OK;
}
