/* Which CVEs are open on which hosts; see exposure.h. */
#include "backend/model/exposure.h"

#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"

#define WORD 64
#define FIRST_SLOTS 64

void
hf_fixes_release(struct hf_fixes *f)
{
    free(f->taken);
    *f = (struct hf_fixes){0};
}

void
hf_fixes_start(struct hf_fixes *f, const struct hf_release *rows, size_t len)
{
    if (f->cap < len + 1) {
        free(f->taken);
        f->cap = len + 1;
        f->taken = hf_xmalloc(f->cap);
    }
    memset(f->taken, 0, len + 1);
    f->rows = rows;
    f->len = len;
    f->why[0] = '\0';
}

/* ---- all CVEs, and which row closes which ---- */

static int
compare_ids(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void
list_ids(struct hf_exposure *x)
{
    const struct hf_catalogue *c = x->catalogue;
    size_t cap = 0, n = 0;

    for (size_t i = 0; i < c->releases_len; i++) {
        const char *const *id = c->releases[i].cves;

        for (; id && *id; id++)
            *HF_PUSH(&x->ids, &x->ids_len, &cap) = *id;
    }
    if (x->ids_len)
        qsort(x->ids, x->ids_len, sizeof(*x->ids), compare_ids);
    for (size_t i = 0; i < x->ids_len; i++) {
        if (!i || strcmp(x->ids[n - 1], x->ids[i]) != 0)
            x->ids[n++] = x->ids[i];
    }
    x->ids_len = n;
}

size_t
hf_exposure_cve(const struct hf_exposure *x, const char *id)
{
    const char **found = x->ids_len ? bsearch(&id, x->ids, x->ids_len,
                                              sizeof(*x->ids), compare_ids)
                                    : NULL;

    return found ? (size_t)(found - x->ids) : SIZE_MAX;
}

void
hf_exposure_init(struct hf_exposure *x, const struct hf_catalogue *c)
{
    *x = (struct hf_exposure){.catalogue = c, .slots_len = FIRST_SLOTS};
    list_ids(x);
    x->words = x->ids_len / WORD + 1;
    x->rows = hf_xcalloc(c->releases_len * x->words + 1, sizeof(*x->rows));
    x->slots = hf_xcalloc(x->slots_len, sizeof(*x->slots));
    for (size_t i = 0; i < c->releases_len; i++) {
        const char *const *id = c->releases[i].cves;

        for (; id && *id; id++) {
            size_t bit = hf_exposure_cve(x, *id);

            x->rows[i * x->words + bit / WORD] |= (uint64_t)1 << bit % WORD;
        }
    }
}

void
hf_exposure_release(struct hf_exposure *x)
{
    for (size_t i = 0; i < x->sets_len; i++) {
        free(x->sets[i].taken);
        free(x->sets[i].open);
    }
    free(x->sets);
    free(x->ids);
    free(x->of);
    free(x->rows);
    free(x->slots);
    *x = (struct hf_exposure){0};
}

int
hf_exposure_is_open(const uint64_t *open, size_t cve)
{
    return open[cve / WORD] >> cve % WORD & 1;
}

const struct hf_cve *
hf_exposure_about(const struct hf_exposure *x, size_t cve)
{
    return hf_catalogue_cve(x->catalogue, x->ids[cve]);
}

/* ---- counting ---- */

/* "10.0" above "9.8": scores have one digit behind the point. */
static int
is_worse(const struct hf_cve *a, const struct hf_cve *b)
{
    size_t x, y;

    if (!a || !a->score || !b || !b->score)
        return a && a->score;
    x = strlen(a->score);
    y = strlen(b->score);
    return x != y ? x > y : strcmp(a->score, b->score) > 0;
}

static void
count_open(struct hf_exposure_count *out, const struct hf_exposure *x,
           const uint64_t *open)
{
    for (size_t i = 0; i < x->ids_len; i++) {
        const struct hf_cve *cve;

        if (!hf_exposure_is_open(open, i))
            continue;
        cve = hf_exposure_about(x, i);
        out->open++;
        out->exploited += cve && cve->exploited;
        out->severity[cve ? cve->severity : HF_SEVERITY_UNKNOWN]++;
        if (is_worse(cve, out->worst))
            out->worst = cve;
    }
}

/* ---- sets ---- */

static void
fill_set(struct hf_exposure_set *set, const struct hf_exposure *x,
         const struct hf_fixes *fixes)
{
    uint64_t *closed = hf_xcalloc(x->words, sizeof(*closed));

    *set = (struct hf_exposure_set){.rows = fixes->rows, .len = fixes->len};
    set->taken = hf_xmalloc(fixes->len + 1);
    memcpy(set->taken, fixes->taken, fixes->len);
    set->open = hf_xcalloc(x->words, sizeof(*set->open));
    for (size_t i = 0; i < fixes->len; i++) {
        size_t row = (size_t)(fixes->rows + i - x->catalogue->releases);

        for (size_t w = 0; w < x->words; w++)
            (fixes->taken[i] ? closed : set->open)[w] |=
                x->rows[row * x->words + w];
    }
    for (size_t w = 0; w < x->words; w++)
        set->open[w] &= ~closed[w];
    count_open(&set->count, x, set->open);
    for (size_t i = 0; i < x->ids_len; i++)
        set->count.closed += (size_t)hf_exposure_is_open(closed, i);
    free(closed);
}

/* FNV-1a over what tells sets apart. */
static size_t
hash(const struct hf_release *rows, const unsigned char *taken, size_t len)
{
    uint64_t h = (uint64_t)(uintptr_t)rows ^ UINT64_C(14695981039346656037);

    for (size_t i = 0; i < len; i++)
        h = (h ^ taken[i]) * UINT64_C(1099511628211);
    return (size_t)(h ^ h >> 32);
}

/* Slots hold the number of a set, plus one. */
static uint32_t *
find_slot(const struct hf_exposure *x, const struct hf_release *rows,
          const unsigned char *taken, size_t len)
{
    size_t at = hash(rows, taken, len) & (x->slots_len - 1);

    for (;; at = (at + 1) & (x->slots_len - 1)) {
        const struct hf_exposure_set *set;

        if (!x->slots[at])
            return &x->slots[at];
        set = &x->sets[x->slots[at] - 1];
        if (set->rows == rows && set->len == len &&
            memcmp(set->taken, taken, len) == 0)
            return &x->slots[at];
    }
}

static void
grow(struct hf_exposure *x)
{
    if (2 * x->sets_len < x->slots_len)
        return;
    free(x->slots);
    x->slots_len *= 4;
    x->slots = hf_xcalloc(x->slots_len, sizeof(*x->slots));
    for (size_t i = 0; i < x->sets_len; i++)
        *find_slot(x, x->sets[i].rows, x->sets[i].taken, x->sets[i].len) =
            (uint32_t)i + 1;
}

static uint32_t
set_of(struct hf_exposure *x, const struct hf_fixes *fixes)
{
    uint32_t *slot = find_slot(x, fixes->rows, fixes->taken, fixes->len);

    if (!*slot) {
        fill_set(HF_PUSH(&x->sets, &x->sets_len, &x->sets_cap), x, fixes);
        *slot = (uint32_t)x->sets_len;
        grow(x);
        return (uint32_t)x->sets_len - 1;
    }
    return *slot - 1;
}

void
hf_exposure_add(struct hf_exposure *x, const struct hf_fixes *fixes)
{
    uint32_t set = HF_EXPOSURE_UNKNOWN;

    if (fixes->rows) {
        set = set_of(x, fixes);
        x->sets[set].hosts++;
    }
    *HF_PUSH(&x->of, &x->len, &x->cap) = set;
}

const struct hf_exposure_set *
hf_exposure_of(const struct hf_exposure *x, size_t host)
{
    return x->of[host] == HF_EXPOSURE_UNKNOWN ? NULL : &x->sets[x->of[host]];
}

int
hf_exposure_closes(const struct hf_exposure *x,
                   const struct hf_exposure_set *set, size_t cve)
{
    for (size_t i = 0; i < set->len; i++) {
        size_t row = (size_t)(set->rows + i - x->catalogue->releases);

        if (set->taken[i] && hf_exposure_is_open(x->rows + row * x->words, cve))
            return 1;
    }
    return 0;
}

/* ---- groups ---- */

void
hf_exposure_group_add(struct hf_exposure_group *g, const struct hf_exposure *x,
                      size_t host)
{
    const struct hf_exposure_set *set = hf_exposure_of(x, host);

    g->hosts++;
    if (!g->open)
        g->open = hf_xcalloc(x->words, sizeof(*g->open));
    if (!set) {
        g->unknown++;
        return;
    }
    g->exposed += set->count.open > 0;
    g->attacked += set->count.exploited > 0;
    for (size_t w = 0; w < x->words; w++)
        g->open[w] |= set->open[w];
}

void
hf_exposure_group_count(struct hf_exposure_group *g,
                        const struct hf_exposure *x)
{
    g->count = (struct hf_exposure_count){0};
    if (g->open)
        count_open(&g->count, x, g->open);
}

void
hf_exposure_group_release(struct hf_exposure_group *g)
{
    free(g->open);
    *g = (struct hf_exposure_group){0};
}
