/*
 * What moved between two plans. A host that is gone makes nothing stale: holds,
 * freezes and known issues only take hosts away; nor does one that is new: it
 * is simply not in the plan.
 */
#include <string.h>

#include "playbooks/plan_priv.h"
#include "playbooks/playbook.h"

static int
same(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

static const char *
or_none(const char *text)
{
    return text ? text : "(none)";
}

static void
diff_host(struct hf_plan_moves *out, const struct hf_plan *old,
          const struct hf_plan *now, const struct hf_plan_host *a,
          const struct hf_plan_host *b)
{
    const char *was = old->playbook.rings[a->ring].name;
    const char *is = now->playbook.rings[b->ring].name;

    if (strcmp(was, is) != 0)
        hf_strs_addf(&out->stale, "%s: ring '%s' instead of '%s'", b->name, is,
                     was);
    if (!same(a->from, b->from))
        hf_strs_addf(&out->harmless, "%s: runs %s now, not %s", b->name,
                     or_none(b->from), or_none(a->from));
    if (!same(a->to, b->to))
        hf_strs_addf(&out->stale, "%s: would get %s, not %s", b->name,
                     or_none(b->to), or_none(a->to));
    if (strcmp(a->settings, b->settings) != 0)
        hf_strs_addf(&out->stale, "%s: its settings changed", b->name);
    if (a->restart != b->restart)
        hf_strs_addf(&out->stale, "%s: restart %s, not %s", b->name,
                     hf_restart_names[b->restart],
                     hf_restart_names[a->restart]);
}

static void
diff_hosts(struct hf_plan_moves *out, const struct hf_plan *old,
           const struct hf_plan *now)
{
    for (size_t i = 0; i < old->hosts_len; i++) {
        const char *name = old->hosts[i].name;
        int k = hf_plan_find(now, name);

        if (k < 0)
            hf_strs_addf(&out->harmless, "%s: would be left out now", name);
        else
            diff_host(out, old, now, &old->hosts[i], &now->hosts[k]);
    }
    for (size_t i = 0; i < now->hosts_len; i++) {
        if (hf_plan_find(old, now->hosts[i].name) < 0)
            hf_strs_addf(&out->harmless,
                         "%s: new, not in the plan; in ring '%s'",
                         now->hosts[i].name,
                         now->playbook.rings[now->hosts[i].ring].name);
    }
}

static int
has_text(const char *const *v, const char *text)
{
    for (; v && *v; v++) {
        if (strcmp(*v, text) == 0)
            return 1;
    }
    return 0;
}

static void
diff_releases(struct hf_plan_moves *out, const struct hf_plan *old,
              const struct hf_plan *now)
{
    for (size_t i = 0; old->releases[i]; i++) {
        if (!has_text(now->releases, old->releases[i]))
            hf_strs_addf(&out->harmless, "release %s: not in it any more",
                         old->releases[i]);
    }
    for (size_t i = 0; now->releases[i]; i++) {
        if (!has_text(old->releases, now->releases[i]))
            hf_strs_addf(&out->harmless, "release %s: new", now->releases[i]);
    }
}

/* The first members of the playbook that differ, by name. */
static void
diff_playbooks(struct hf_plan_moves *out, const struct hf_plan *old,
               const struct hf_plan *now)
{
    cJSON *a = hf_playbook_to_json(&old->playbook);
    cJSON *b = hf_playbook_to_json(&now->playbook);
    const cJSON *member;

    cJSON_ArrayForEach(member, b)
    {
        if (!cJSON_Compare(member, hf_json_get(a, member->string), 1))
            hf_strs_addf(&out->stale, "playbook: \"%s\" changed",
                         member->string);
    }
    cJSON_Delete(a);
    cJSON_Delete(b);
}

void
hf_plan_diff(struct hf_plan_moves *out, const struct hf_plan *old,
             const struct hf_plan *now)
{
    diff_playbooks(out, old, now);
    diff_releases(out, old, now);
    if (strcmp(old->calendar, now->calendar) != 0)
        hf_strs_add(&out->stale, "the calendar changed");
    if (strcmp(old->catalogue, now->catalogue) != 0)
        hf_strs_add(&out->harmless, "the catalogue changed");
    diff_hosts(out, old, now);
}

void
hf_plan_moves_release(struct hf_plan_moves *m)
{
    hf_strs_release(&m->stale);
    hf_strs_release(&m->harmless);
}

/* A plan that goes on from a run is about its own hosts only, whatever else
 * the playbook would select by now. */
static void
only_its_hosts(struct hf_plan_ask *ask, const struct hf_plan *plan,
               struct hf_strs *names)
{
    for (size_t i = 0; i < plan->hosts_len; i++)
        hf_strs_add(names, plan->hosts[i].name);
    for (size_t i = 0; i < plan->left_out_len; i++)
        hf_strs_add(names, plan->left_out[i].name);
    ask->only = (const char *const *)names->v;
    ask->only_len = names->len;
    ask->after = plan;
    ask->origin = plan->origin;
}

int
hf_plan_now(struct hf_plan **out, struct hf_session *s,
            const struct hf_plan *plan, struct hf_problems *problems,
            struct hf_err *err)
{
    struct hf_plan_ask ask = {.playbook = plan->playbook.name,
                              .change = plan->playbook.change.id,
                              .reason = plan->playbook.change.reason,
                              .unbounded = 1};
    struct hf_strs names = {0};
    int rc;

    if (plan->origin.how != HF_PLAN_ALONE)
        only_its_hosts(&ask, plan, &names);
    rc = hf_plan_make(out, s, &ask, problems, err);
    hf_strs_release(&names);
    return rc;
}

int
hf_plan_moved(struct hf_plan_moves *out, struct hf_session *s,
              const struct hf_plan *plan, struct hf_problems *problems,
              struct hf_err *err)
{
    struct hf_plan *now = NULL;
    int rc = hf_plan_now(&now, s, plan, problems, err);

    if (rc == HF_OK)
        hf_plan_diff(out, plan, now);
    hf_plan_free(now);
    return rc;
}
