/* What the Rollback screen lists; see rollback_view.h. Its lines are made in
 * rollback_lines.c. */
#include "tui/rows/rollback_view.h"

#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"

void
hf_rollback_view_release(struct hf_rollback_view *v)
{
    hf_rollback_groups_release(&v->groups);
    free(v->items);
    v->items = NULL;
    v->len = 0;
    v->u = NULL;
    hf_strs_release(&v->opened);
}

/* ---- the list ---- */

static char *
fold_key(const struct hf_rollback_view *v, size_t group)
{
    const char *name = v->groups.v[group].name;

    return hf_xasprintf("%s %s", hf_rollback_by_names[v->by], name ? name : "");
}

static int
is_open(const struct hf_rollback_view *v, size_t group)
{
    char *key;
    int open;

    if (v->by == HF_ROLLBACK_HOST)
        return 1;
    key = fold_key(v, group);
    open = hf_strs_has(&v->opened, key);
    free(key);
    return open;
}

/* Heads first, each with room for its hosts when it is unfolded. */
static void
list(struct hf_rollback_view *v)
{
    const struct hf_rollback_groups *g = &v->groups;
    size_t *next = hf_xcalloc(g->len + 1, sizeof(*next));
    char *open = hf_xcalloc(g->len + 1, 1);

    free(v->items);
    v->items = hf_xcalloc(g->len + v->u->n + 1, sizeof(*v->items));
    v->len = 0;
    for (size_t i = 0; i < g->len; i++) {
        open[i] = (char)is_open(v, i);
        if (v->by != HF_ROLLBACK_HOST)
            v->items[v->len++] =
                (struct hf_rollback_item){HF_UNDO_NONE, (uint32_t)i};
        next[i] = v->len;
        v->len += open[i] ? g->v[i].hosts : 0;
    }
    for (size_t i = 0; i < v->u->n; i++) {
        uint32_t at = g->of[i];

        if (at != HF_UNDO_NONE && open[at])
            v->items[next[at]++] = (struct hf_rollback_item){(uint32_t)i, at};
    }
    free(open);
    free(next);
}

void
hf_rollback_view_make(struct hf_rollback_view *v, const struct hf_undoables *u)
{
    hf_rollback_groups_release(&v->groups);
    v->u = u;
    hf_rollback_groups_make(&v->groups, u, v->by);
    list(v);
}

void
hf_rollback_view_by(struct hf_rollback_view *v, enum hf_rollback_by by)
{
    v->by = by;
    hf_rollback_view_make(v, v->u);
}

static void
toggle(struct hf_strs *all, const char *key)
{
    struct hf_strs kept = {0};

    for (size_t i = 0; i < all->len; i++) {
        if (strcmp(all->v[i], key) != 0)
            hf_strs_add(&kept, all->v[i]);
    }
    if (kept.len == all->len)
        hf_strs_add(&kept, key);
    hf_strs_release(all);
    *all = kept;
}

void
hf_rollback_view_fold(struct hf_rollback_view *v, size_t row)
{
    char *key;

    if (row >= v->len || v->by == HF_ROLLBACK_HOST)
        return;
    key = fold_key(v, v->items[row].group);
    toggle(&v->opened, key);
    free(key);
    list(v);
}

/* ---- rows ---- */

static int
is_group(const struct hf_rollback_group *group, const char *name)
{
    return group->name == name ||
           (group->name && name && strcmp(group->name, name) == 0);
}

size_t
hf_rollback_view_find(const struct hf_rollback_view *v, uint32_t host,
                      const char *group)
{
    size_t head = 0;

    for (size_t i = 0; i < v->len; i++) {
        const struct hf_rollback_item *item = &v->items[i];

        if (host != HF_UNDO_NONE && item->host == host)
            return i;
        if (item->host == HF_UNDO_NONE &&
            is_group(&v->groups.v[item->group], group))
            head = i;
    }
    return head;
}

void
hf_rollback_view_hosts(struct hf_strs *out, const struct hf_rollback_view *v,
                       size_t row)
{
    const struct hf_rollback_item *item = &v->items[row];
    int all;

    if (row >= v->len)
        return;
    if (item->host != HF_UNDO_NONE) {
        hf_strs_add(out, v->u->states[item->host]->host->name);
        return;
    }
    all = !v->groups.v[item->group].by[HF_UNDOABLE_YES];
    for (size_t i = 0; i < v->u->n; i++) {
        if (v->groups.of[i] == item->group &&
            (all || v->u->v[i].state == HF_UNDOABLE_YES))
            hf_strs_add(out, v->u->states[i]->host->name);
    }
}

const char *
hf_rollback_view_release_of(const struct hf_rollback_view *v, size_t row)
{
    const struct hf_rollback_item *item = &v->items[row];
    const struct hf_undo_cost *cost;
    uint32_t release;

    if (row >= v->len)
        return NULL;
    if (item->host == HF_UNDO_NONE && v->by == HF_ROLLBACK_RELEASE)
        return v->groups.v[item->group].name;
    cost =
        item->host != HF_UNDO_NONE ? hf_undoables_cost(v->u, item->host) : NULL;
    release = cost                         ? cost->release
              : item->host == HF_UNDO_NONE ? v->groups.v[item->group].release
                                           : HF_UNDO_NONE;
    return release == HF_UNDO_NONE ? NULL : v->u->releases.all.v[release];
}
