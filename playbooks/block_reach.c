/* Whom a block concerns; see block_reach.h. */
#include "playbooks/block_reach.h"

#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"
#include "backend/base/time.h"
#include "backend/drivers/driver.h"

struct looking {
    const struct hf_fleet *fleet;
    const struct hf_strs *releases;
    const char *kernel;
    int64_t now;
};

static int
is_for(const struct looking *l, const struct hf_state *st)
{
    const char *kernel =
        hf_facts_get(&hf_state_record(st)->facts, "kernel.release");

    return !l->kernel || !kernel || strcmp(kernel, l->kernel) == 0;
}

static int
has_any(const struct looking *l, const struct hf_strs *all)
{
    for (size_t i = 0; i < l->releases->len; i++) {
        if (hf_strs_has(all, l->releases->v[i]))
            return 1;
    }
    return 0;
}

static int
has_it(const struct looking *l, const struct hf_state *st)
{
    struct hf_strs all = {0};
    int has;

    hf_releases_of(&all, st, l->fleet, l->now);
    has = has_any(l, &all);
    hf_strs_release(&all);
    return has;
}

static int
would_get_it(const struct looking *l, const struct hf_state *st)
{
    struct hf_order order = {0};
    int would;

    hf_order_of(&order, HF_ACTION_APPLY, st, l->fleet, l->now);
    would = has_any(l, &order.releases);
    hf_order_release(&order);
    return would;
}

void
hf_block_reach_make(struct hf_block_reach *out, struct hf_session *s,
                    const struct hf_strs *releases, const char *kernel)
{
    const struct looking l = {hf_session_fleet(s), releases, kernel, hf_now()};
    size_t n;
    const struct hf_state *states = hf_session_states(s, &n);

    *out = (struct hf_block_reach){0};
    out->has = hf_xcalloc(n + 1, sizeof(*out->has));
    out->next = hf_xcalloc(n + 1, sizeof(*out->next));
    out->concerned = hf_xcalloc(n + 1, sizeof(*out->concerned));
    for (size_t i = 0; i < n; i++) {
        const struct hf_state *st = &states[i];

        if (is_for(&l, st)) {
            if (has_it(&l, st))
                out->has[out->has_len++] =
                    out->concerned[out->concerned_len++] = st;
            else if (would_get_it(&l, st))
                out->next[out->next_len++] =
                    out->concerned[out->concerned_len++] = st;
        }
        hf_state_fold(st);
    }
}

void
hf_block_reach_release(struct hf_block_reach *r)
{
    free(r->has);
    free(r->next);
    free(r->concerned);
    *r = (struct hf_block_reach){0};
}
