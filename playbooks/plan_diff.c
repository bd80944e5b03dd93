/*
 * What moved between two plans. A host that is gone makes nothing stale: holds,
 * freezes and known issues only take hosts away; nor does one that is new: it
 * is simply not in the plan.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "playbooks/plan_priv.h"
#include "playbooks/playbook.h"

#define TOLD HF_PLAN_CHANGE_TOLD
#define STALE (HF_PLAN_CHANGE_TOLD | HF_PLAN_CHANGE_STALE)

/* clang-format off */
const struct hf_plan_change_row hf_plan_change_rows[HF_PLAN_CHANGE_COUNT] = {
    [HF_PLAN_CHANGE_PLAYBOOK] = {"playbook", STALE,
        "playbook: \"%s\" changed"},
    [HF_PLAN_CHANGE_RELEASE_GONE] = {"release-gone", TOLD,
        "release %s: not in it any more"},
    [HF_PLAN_CHANGE_RELEASE_NEW] = {"release-new", TOLD, "release %s: new"},
    [HF_PLAN_CHANGE_CALENDAR] = {"calendar", STALE, "the calendar changed"},
    [HF_PLAN_CHANGE_CATALOGUE] = {"catalogue", TOLD, "the catalogue changed"},
    [HF_PLAN_CHANGE_RING] = {"ring", STALE, "%s: ring '%s' instead of '%s'"},
    [HF_PLAN_CHANGE_FROM] = {"from", TOLD, "%s: runs %s now, not %s"},
    [HF_PLAN_CHANGE_TO] = {"to", STALE, "%s: would get %s, not %s"},
    [HF_PLAN_CHANGE_SETTINGS] = {"settings", STALE, "%s: its settings changed"},
    [HF_PLAN_CHANGE_RESTART] = {"restart", STALE, "%s: restart %s, not %s"},
    [HF_PLAN_CHANGE_MINUTES] = {"minutes", 0, "%s: takes %s minutes, not %s"},
    [HF_PLAN_CHANGE_UNDO] = {"undo", 0,
        "%s: taking it back restarts it: %s, not %s"},
    [HF_PLAN_CHANGE_HOST_GONE] = {"host-gone", TOLD,
        "%s: would be left out now: %s"},
    [HF_PLAN_CHANGE_HOST_NEW] = {"host-new", TOLD,
        "%s: new, not in the plan; in ring '%s'"},
    [HF_PLAN_CHANGE_LEFT_OUT] = {"left-out", 0, "%s: left out: %s, not %s"},
};
/* clang-format on */

/* ---- comparing ---- */

struct out {
    const char *name, *why;
};
struct outs {
    struct out *v;
    size_t len;
};

struct comparing {
    const struct hf_plan *old, *now;
    struct outs out_old, out_now;
    struct hf_plan_changes *to;
};

static void
add(struct comparing *c, enum hf_plan_change_kind kind, const char *what,
    const char *was, const char *is)
{
    struct hf_plan_change *row = HF_PUSH(&c->to->v, &c->to->len, &c->to->cap);

    row->kind = kind;
    row->what = hf_xstrdup(what);
    row->was = was ? hf_xstrdup(was) : NULL;
    row->is = is ? hf_xstrdup(is) : NULL;
}

/* Adds it when the two differ. */
static void
text(struct comparing *c, enum hf_plan_change_kind kind, const char *what,
     const char *was, const char *is)
{
    if (was == is || (was && is && strcmp(was, is) == 0))
        return;
    add(c, kind, what, was, is);
}

static void
number(struct comparing *c, enum hf_plan_change_kind kind, const char *what,
       int was, int is)
{
    char a[16], b[16];

    (void)snprintf(a, sizeof(a), "%d", was);
    (void)snprintf(b, sizeof(b), "%d", is);
    text(c, kind, what, a, b);
}

static const char *
ring_of(const struct hf_plan *plan, const struct hf_plan_host *h)
{
    return plan->playbook.rings[h->ring].name;
}

static void
host(struct comparing *c, const struct hf_plan_host *a,
     const struct hf_plan_host *b)
{
    const char *name = b->name;

    text(c, HF_PLAN_CHANGE_RING, name, ring_of(c->old, a), ring_of(c->now, b));
    text(c, HF_PLAN_CHANGE_FROM, name, a->from, b->from);
    text(c, HF_PLAN_CHANGE_TO, name, a->to, b->to);
    if (strcmp(a->settings, b->settings) != 0)
        add(c, HF_PLAN_CHANGE_SETTINGS, name, NULL, NULL);
    text(c, HF_PLAN_CHANGE_RESTART, name, hf_restart_names[a->restart],
         hf_restart_names[b->restart]);
    number(c, HF_PLAN_CHANGE_MINUTES, name, a->minutes, b->minutes);
    text(c, HF_PLAN_CHANGE_UNDO, name, hf_restart_names[a->undo_restart],
         hf_restart_names[b->undo_restart]);
}

/* ---- hosts that are left out ---- */

static int
compare_names(const void *a, const void *b)
{
    return strcmp(((const struct out *)a)->name, ((const struct out *)b)->name);
}

/* Control hosts among them, by name. */
static struct outs
outs_of(const struct hf_plan *plan)
{
    size_t most = plan->left_out_len + plan->controls_len;
    struct outs out = {hf_xcalloc(most + 1, sizeof(*out.v)), 0};

    for (size_t i = 0; i < plan->left_out_len; i++) {
        const struct hf_plan_left_out *l = &plan->left_out[i];

        out.v[out.len++] = (struct out){
            l->name, l->why ? l->why : hf_outcome_names[l->outcome]};
    }
    for (size_t i = 0; i < plan->controls_len; i++)
        out.v[out.len++] =
            (struct out){plan->controls[i].name, "control host of its ring"};
    qsort(out.v, out.len, sizeof(*out.v), compare_names);
    return out;
}

/* Why that host is not changed, or NULL: the plan does not know it. */
static const char *
why_out(const struct outs *outs, const char *name)
{
    const struct out key = {.name = name};
    const struct out *found =
        bsearch(&key, outs->v, outs->len, sizeof(key), compare_names);

    return found ? found->why : NULL;
}

/* Left out in both, for another reason; or in one, and unknown to the other. */
static void
left_out(struct comparing *c)
{
    for (size_t i = 0; i < c->out_old.len; i++) {
        const struct out *o = &c->out_old.v[i];

        if (hf_plan_find(c->now, o->name) < 0)
            text(c, HF_PLAN_CHANGE_LEFT_OUT, o->name, o->why,
                 why_out(&c->out_now, o->name));
    }
    for (size_t i = 0; i < c->out_now.len; i++) {
        const struct out *o = &c->out_now.v[i];

        if (hf_plan_find(c->old, o->name) < 0 && !why_out(&c->out_old, o->name))
            add(c, HF_PLAN_CHANGE_LEFT_OUT, o->name, NULL, o->why);
    }
}

/* ---- hosts that are changed ---- */

static void
hosts(struct comparing *c)
{
    for (size_t i = 0; i < c->old->hosts_len; i++) {
        const struct hf_plan_host *a = &c->old->hosts[i];
        const char *why = why_out(&c->out_now, a->name);
        int k = hf_plan_find(c->now, a->name);

        if (k >= 0)
            host(c, a, &c->now->hosts[k]);
        else
            add(c, HF_PLAN_CHANGE_HOST_GONE, a->name, ring_of(c->old, a),
                why ? why : "it is no target of the playbook any more");
    }
    for (size_t i = 0; i < c->now->hosts_len; i++) {
        const struct hf_plan_host *b = &c->now->hosts[i];

        if (hf_plan_find(c->old, b->name) < 0)
            add(c, HF_PLAN_CHANGE_HOST_NEW, b->name,
                why_out(&c->out_old, b->name), ring_of(c->now, b));
    }
}

/* ---- what they share ---- */

static int
has_text(const char *const *v, const char *want)
{
    for (; v && *v; v++) {
        if (strcmp(*v, want) == 0)
            return 1;
    }
    return 0;
}

static void
releases(struct comparing *c)
{
    const char *const *v;

    for (v = c->old->releases; *v; v++) {
        if (!has_text(c->now->releases, *v))
            add(c, HF_PLAN_CHANGE_RELEASE_GONE, *v, NULL, NULL);
    }
    for (v = c->now->releases; *v; v++) {
        if (!has_text(c->old->releases, *v))
            add(c, HF_PLAN_CHANGE_RELEASE_NEW, *v, NULL, NULL);
    }
}

/* Members of the playbook that differ, by name. */
static void
playbooks(struct comparing *c)
{
    cJSON *a = hf_playbook_to_json(&c->old->playbook);
    cJSON *b = hf_playbook_to_json(&c->now->playbook);
    const cJSON *member;

    text(c, HF_PLAN_CHANGE_PLAYBOOK, "name", c->old->playbook.name,
         c->now->playbook.name);
    cJSON_ArrayForEach(member, b)
    {
        const cJSON *before = hf_json_get(a, member->string);
        char *was = before ? hf_json_print(before) : NULL;
        char *is = hf_json_print(member);

        text(c, HF_PLAN_CHANGE_PLAYBOOK, member->string, was, is);
        free(was);
        free(is);
    }
    cJSON_ArrayForEach(member, a)
    {
        if (!hf_json_get(b, member->string))
            add(c, HF_PLAN_CHANGE_PLAYBOOK, member->string, NULL, NULL);
    }
    cJSON_Delete(a);
    cJSON_Delete(b);
}

void
hf_plan_compare(struct hf_plan_changes *out, const struct hf_plan *old,
                const struct hf_plan *now)
{
    struct comparing c = {old, now, outs_of(old), outs_of(now), out};

    playbooks(&c);
    releases(&c);
    if (strcmp(old->calendar, now->calendar) != 0)
        add(&c, HF_PLAN_CHANGE_CALENDAR, "calendar", NULL, NULL);
    if (strcmp(old->catalogue, now->catalogue) != 0)
        add(&c, HF_PLAN_CHANGE_CATALOGUE, "catalogue", NULL, NULL);
    hosts(&c);
    left_out(&c);
    free(c.out_old.v);
    free(c.out_now.v);
}

void
hf_plan_changes_release(struct hf_plan_changes *c)
{
    for (size_t i = 0; i < c->len; i++) {
        free(c->v[i].what);
        free(c->v[i].was);
        free(c->v[i].is);
    }
    free(c->v);
    *c = (struct hf_plan_changes){0};
}

/* ---- stale or not ---- */

void
hf_plan_diff(struct hf_plan_moves *out, const struct hf_plan *old,
             const struct hf_plan *now)
{
    struct hf_plan_changes all = {0};

    hf_plan_compare(&all, old, now);
    for (size_t i = 0; i < all.len; i++) {
        const struct hf_plan_change *c = &all.v[i];
        const struct hf_plan_change_row *row = &hf_plan_change_rows[c->kind];

        if (row->flags & HF_PLAN_CHANGE_TOLD)
            hf_strs_addf(row->flags & HF_PLAN_CHANGE_STALE ? &out->stale
                                                           : &out->harmless,
                         row->sentence, c->what, c->is ? c->is : "(none)",
                         c->was ? c->was : "(none)");
    }
    hf_plan_changes_release(&all);
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
