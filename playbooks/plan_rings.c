/*
 * Which ring each target is in: by selector, or by a share of all targets that
 * depends on names alone, so that anybody can compute it again.
 */
#include <stdlib.h>
#include <string.h>

#include "playbooks/plan_priv.h"

static int
compare_order(const void *a, const void *b)
{
    const struct plan_candidate *x = a, *y = b;

    if (x->order != y->order)
        return x->order < y->order ? -1 : 1;
    return strcmp(x->f->state->host->name, y->f->state->host->name);
}

static int
fill_selected_ring(struct plan_making *m, int ring, struct hf_err *err)
{
    struct hf_selector *selector = NULL;
    int rc = hf_selector_parse(&selector, m->pb->rings[ring].select, err);

    for (size_t i = 0; rc == HF_OK && i < m->len; i++) {
        if (m->v[i].ring < 0 &&
            hf_selector_match(selector, m->v[i].f->state, m->now))
            m->v[i].ring = ring;
    }
    hf_selector_free(selector);
    return rc;
}

/* The share is one of all targets, so that it does not shrink with the rings
 * before it; who is in it depends on the names alone. */
static void
fill_sized_ring(struct plan_making *m, int ring)
{
    size_t want = hf_size_of(m->pb->rings[ring].size, m->len);

    for (size_t i = 0; i < m->len && want; i++) {
        if (m->v[i].ring < 0) {
            m->v[i].ring = ring;
            want--;
        }
    }
}

int
plan_fill_rings(struct plan_making *m, struct hf_err *err)
{
    int rc = HF_OK;

    if (m->len)
        qsort(m->v, m->len, sizeof(*m->v), compare_order);
    if (m->ask->after)
        plan_keep_rings(m);
    for (size_t i = 0; i < m->pb->rings_len && rc == HF_OK; i++) {
        if (m->pb->rings[i].select)
            rc = fill_selected_ring(m, (int)i, err);
        else
            fill_sized_ring(m, (int)i);
    }
    return rc;
}

size_t
plan_fill_controls(struct plan_making *m, int ring, struct plan_candidate **in,
                   size_t n)
{
    size_t want;

    if (m->ask->after) {
        plan_keep_controls(m, ring);
        return n;
    }
    if (!m->pb->rings[ring].has_control || n < 2)
        return n;
    want = hf_size_of(m->pb->rings[ring].control, n);
    if (want >= n)
        want = n - 1;
    for (size_t i = n - want; i < n; i++) {
        struct hf_plan_control *c = &m->plan->controls[m->plan->controls_len++];

        c->name = plan_keep(m, in[i]->f->state->host->name);
        c->ring = (uint16_t)ring;
    }
    return n - want;
}
