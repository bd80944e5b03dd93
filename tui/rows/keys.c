/* Numbers that order hosts by a column: computed once, compared often. */
#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "tui/rows/columns.h"

/* The different texts of a column; there are far fewer than hosts. */
struct pool {
    const char **v; /* open addressing; NULL is free */
    uint32_t *rank;
    size_t size; /* a power of two */
    size_t used;
};

static uint64_t
hash(const char *s)
{
    uint64_t h = 14695981039346656037u;

    for (; *s; s++)
        h = (h ^ (unsigned char)*s) * 1099511628211u;
    return h;
}

static size_t
pool_slot(const struct pool *p, const char *text)
{
    size_t at = (size_t)hash(text) & (p->size - 1);

    while (p->v[at] && p->v[at] != text && strcmp(p->v[at], text) != 0)
        at = (at + 1) & (p->size - 1);
    return at;
}

static int
by_nature(const void *a, const void *b)
{
    return hf_text_natcmp(*(const char *const *)a, *(const char *const *)b);
}

static void
pool_rank(struct pool *p)
{
    const char **sorted = hf_xcalloc(p->used + 1, sizeof(*sorted));
    size_t n = 0;

    for (size_t i = 0; i < p->size; i++) {
        if (p->v[i])
            sorted[n++] = p->v[i];
    }
    qsort(sorted, n, sizeof(*sorted), by_nature);
    for (size_t i = 0; i < n; i++)
        p->rank[pool_slot(p, sorted[i])] = (uint32_t)i;
    free(sorted);
}

static void
text_keys(uint32_t *keys, const char *(*text)(const struct hf_state *st),
          const struct hf_state *states, size_t n)
{
    struct pool p = {.size = 16};

    while (p.size < 2 * n)
        p.size *= 2;
    p.v = hf_xcalloc(p.size, sizeof(*p.v));
    p.rank = hf_xcalloc(p.size, sizeof(*p.rank));
    for (size_t i = 0; i < n; i++) {
        size_t at = pool_slot(&p, text(&states[i]));

        p.used += p.v[at] == NULL;
        p.v[at] = text(&states[i]);
        keys[i] = (uint32_t)at;
    }
    pool_rank(&p);
    for (size_t i = 0; i < n; i++)
        keys[i] = p.rank[keys[i]];
    free(p.v);
    free(p.rank);
}

/* Those that have a place come before the others. */
static void
place_keys(uint32_t *keys, const struct hf_column *c,
           const struct hf_fleet *fleet, const struct hf_state *states,
           size_t n)
{
    for (size_t i = 0; i < n; i++) {
        int at = c->place(fleet, &states[i]);

        keys[i] = at < 0 ? keys[i] | UINT32_C(1) << 31 : (uint32_t)at;
    }
}

/* Without rank and text: the fleet's own order, which is by name. */
void
hf_column_keys(uint32_t *keys, enum hf_column_id id,
               const struct hf_fleet *fleet, const struct hf_state *states,
               size_t n)
{
    const struct hf_column *c = &hf_columns[id];

    if (c->text)
        text_keys(keys, c->text, states, n);
    else
        for (size_t i = 0; i < n; i++)
            keys[i] = c->rank ? c->rank(&states[i]) : (uint32_t)i;
    if (c->place && fleet)
        place_keys(keys, c, fleet, states, n);
}
