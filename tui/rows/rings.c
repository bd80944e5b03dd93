/* Runs, their rings, and the hosts behind a number; see rings.h. The lines of
 * one ring are in rings_lines.c. */
#include "tui/rows/rings.h"

#include <stdlib.h>
#include <string.h>

#include "backend/base/text.h"
#include "tui/rows/rings_priv.h"

void
hf_rings_run_own(struct hf_rings_run *run, struct hf_plan *plan,
                 struct hf_rollout *rollout)
{
    run->plan = run->own_plan = plan;
    run->rollout = run->own_rollout = rollout;
}

void
hf_rings_run_release(struct hf_rings_run *run)
{
    hf_rollout_free(run->own_rollout);
    hf_plan_free(run->own_plan);
    hf_rings_run_own(run, NULL, NULL);
}

int
hf_rings_run_is_over(const struct hf_rings_run *run)
{
    struct hf_rollout_view v = {.state = HF_ROLLOUT_GOING};

    if (run->rollout)
        hf_rollout_view(run->rollout, &v);
    return v.state == HF_ROLLOUT_IS_OVER;
}

static enum hf_admit
admit_all(void *ctx, int host, int64_t now, int64_t *until, int *outcome,
          char why[HF_WHY_LEN])
{
    (void)ctx;
    (void)host;
    (void)now;
    (void)until;
    (void)outcome;
    why[0] = '\0';
    return HF_ADMIT_YES;
}

/* Asking what is next tells what it waits for. Who asks and does not do it is
 * told of something else the next time. */
void
hf_rings_run_ask(struct hf_rings_run *run, int64_t now)
{
    static const struct hf_admission all = {admit_all, NULL};
    struct hf_rollout_event next;

    if (!run->own_rollout || (run->asked && (!run->due || now < run->due)))
        return;
    run->asked = 1;
    run->due = 0;
    if (!hf_rollout_next(run->own_rollout, now, &all, &next))
        run->due = hf_rollout_due(run->own_rollout);
}

/* ---- hosts behind a number ---- */

static int
is_in_set(const struct hf_slot *slot, int set)
{
    switch (set) {
    case HF_RINGS_ALL:
        return 1;
    case HF_RINGS_IN_FLIGHT:
        return slot->state == HF_SLOT_IN_FLIGHT;
    case HF_RINGS_ASLEEP:
        return slot->state == HF_SLOT_ASLEEP;
    case HF_RINGS_WAITING:
        return slot->state == HF_SLOT_WAITING || slot->state == HF_SLOT_AGAIN;
    default:
        return slot->state == HF_SLOT_ENDED && slot->outcome == set;
    }
}

void
hf_rings_hosts(struct hf_strs *out, const struct hf_rings_run *runs,
               const struct hf_rings_link *link)
{
    const struct hf_plan *plan = runs[link->run].plan;

    for (size_t i = 0; plan && i < plan->hosts_len; i++) {
        if (link->ring >= 0 && plan->hosts[i].ring != link->ring)
            continue;
        if (is_in_set(hf_rollout_slot(runs[link->run].rollout, (int)i),
                      link->set))
            hf_strs_add(out, plan->hosts[i].name);
    }
}

const char *
rings_set_name(int set)
{
    static const char *const others[] = {"under way", "not seen yet",
                                         "not started", "all"};

    return set < HF_OUTCOME_COUNT ? hf_outcome_names[set]
                                  : others[set - HF_OUTCOME_COUNT];
}

char *
hf_rings_title(const struct hf_rings_run *runs,
               const struct hf_rings_link *link)
{
    const struct hf_rings_run *run = &runs[link->run];

    if (link->ring < 0 || !run->plan)
        return hf_xasprintf("hosts of run %s", run->id);
    return hf_xasprintf("ring %s: %s",
                        run->plan->playbook.rings[link->ring].name,
                        rings_set_name(link->set));
}

/* ---- the whole ---- */

void
hf_rings_release(struct hf_rings *r)
{
    hf_doc_release(&r->doc);
    free(r->links);
    *r = (struct hf_rings){0};
}

size_t
hf_rings_first(const struct hf_rings_run *runs, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (runs[i].plan && !hf_rings_run_is_over(&runs[i]))
            return i;
    }
    return 0;
}

size_t
rings_link(struct hf_rings *r, struct hf_rings_link link)
{
    *HF_PUSH(&r->links, &r->links_len, &r->links_cap) = link;
    return r->links_len;
}

void
rings_link_rest(struct hf_rings *r, size_t first, size_t run, int ring)
{
    for (size_t i = first; i < r->doc.len; i++) {
        struct hf_rings_link link = {run, ring, HF_RINGS_ALL, (int)(i - first)};

        if (!r->doc.v[i].link)
            r->doc.v[i].link = rings_link(r, link);
    }
}

const struct hf_rings_link *
hf_rings_at(const struct hf_rings *r, size_t row)
{
    if (row >= r->doc.len || !r->doc.v[row].link)
        return NULL;
    return &r->links[r->doc.v[row].link - 1];
}

static int
is_same(const struct hf_rings_link *a, const struct hf_rings_link *b)
{
    return a->run == b->run && a->ring == b->ring && a->set == b->set;
}

size_t
hf_rings_find(const struct hf_rings *r, const struct hf_rings_link *link)
{
    size_t nearest = SIZE_MAX, first = SIZE_MAX;

    for (size_t i = 0; i < r->doc.len; i++) {
        const struct hf_rings_link *l = hf_rings_at(r, i);

        if (!l || l->run != link->run)
            continue;
        if (!is_same(l, link))
            first = first == SIZE_MAX ? i : first;
        else if (l->line == link->line)
            return i;
        else
            nearest = nearest == SIZE_MAX ? i : nearest;
    }
    return nearest == SIZE_MAX ? first : nearest;
}

void
hf_rings_make(struct hf_rings *out, const struct hf_rings_run *runs, size_t n,
              size_t shown, const struct hf_look *look)
{
    hf_rings_release(out);
    if (shown < n)
        rings_add_run(out, runs, shown, look);
    if (n > 1)
        hf_doc_head(&out->doc, "Other runs of plans");
    for (size_t i = 0; i < n; i++) {
        if (i != shown)
            rings_add_other(out, runs, i, look);
    }
}
