/* Which hosts are shown and in which order; see fleet_view.h. Their lines are
 * made in fleet_lines.c. */
#include "tui/rows/fleet_view.h"

#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "tui/rows/groups.h"

void
hf_fleet_view_init(struct hf_fleet_view *v)
{
    *v = (struct hf_fleet_view){.only = -1};
    for (int i = 0; i < HF_COLUMN_COUNT; i++)
        v->columns |= (unsigned)hf_columns[i].shown << i;
}

static void
free_arrays(struct hf_fleet_view *v)
{
    free(v->marked);
    free(v->subset);
    free(v->match);
    free(v->keys);
    free(v->order);
    free(v->items);
}

void
hf_fleet_view_release(struct hf_fleet_view *v)
{
    free_arrays(v);
    free(v->filter);
    free(v->subset_of);
    hf_selector_free(v->selector);
    *v = (struct hf_fleet_view){.only = -1};
}

/* ---- another snapshot ---- */

uint32_t
hf_fleet_view_index(const struct hf_fleet_view *v, const char *name)
{
    const struct hf_host *host = hf_fleet_find(v->fleet, name);

    return host ? (uint32_t)(host - v->fleet->hosts) : HF_VIEW_NO_HOST;
}

void
hf_fleet_view_names(struct hf_strs *out, const struct hf_fleet_view *v,
                    const unsigned char *flags)
{
    for (size_t i = 0; flags && i < v->n; i++) {
        if (flags[i])
            hf_strs_add(out, v->states[i].host->name);
    }
}

/* Names that have left the fleet are passed over. */
static size_t
flag_names(const struct hf_fleet_view *v, unsigned char *flags,
           const struct hf_strs *names)
{
    size_t n = 0;

    for (size_t i = 0; names && i < names->len; i++) {
        uint32_t at = hf_fleet_view_index(v, names->v[i]);

        if (at == HF_VIEW_NO_HOST || flags[at])
            continue;
        flags[at] = 1;
        n++;
    }
    return n;
}

static size_t
longest_name(const struct hf_state *states, size_t n)
{
    size_t longest = 0, cols;

    for (size_t i = 0; i < n; i++) {
        cols = hf_text_width(states[i].host->name);
        longest = cols > longest ? cols : longest;
    }
    return longest;
}

void
hf_fleet_view_set(struct hf_fleet_view *v, const struct hf_fleet *fleet,
                  const struct hf_state *states, size_t n,
                  const struct hf_strs *marked, const struct hf_strs *subset)
{
    free_arrays(v);
    v->fleet = fleet;
    v->states = states;
    v->n = n;
    v->marked = hf_xcalloc(n + 1, 1);
    v->subset = hf_xcalloc(n + 1, 1);
    v->match = hf_xcalloc(n + 1, 1);
    v->keys = hf_xcalloc(n + 1, sizeof(*v->keys));
    v->order = hf_xcalloc(n + 1, sizeof(*v->order));
    v->items = hf_xcalloc(n + HF_VIEW_GROUPS + 1, sizeof(*v->items));
    v->len = 0;
    v->name_cols = longest_name(states, n);
    v->marks = flag_names(v, v->marked, marked);
    (void)flag_names(v, v->subset, subset);
}

/* ---- filter and subset ---- */

int
hf_fleet_view_filter(struct hf_fleet_view *v, const char *text,
                     struct hf_err *err)
{
    struct hf_selector *fresh = NULL;
    int rc;

    if (text && *text && (rc = hf_selector_parse(&fresh, text, err)) < 0)
        return rc;
    hf_selector_free(v->selector);
    free(v->filter);
    v->selector = fresh;
    v->filter = fresh ? hf_xstrdup(text) : NULL;
    /* What the last one asked for is kept no longer than it stands. */
    for (size_t i = 0; i < v->n; i++)
        hf_state_fold(&v->states[i]);
    return HF_OK;
}

void
hf_fleet_view_subset(struct hf_fleet_view *v, const char *title,
                     const struct hf_strs *hosts)
{
    char *copy = title ? hf_xstrdup(title) : NULL;

    free(v->subset_of);
    v->subset_of = copy;
    memset(v->subset, 0, v->n);
    (void)flag_names(v, v->subset, hosts);
}

/* ---- order ---- */

static int
by_value(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

    return (x > y) - (x < y);
}

/* Group, key, then the fleet's own order, in one number: 8 + 32 + 24 bits. */
#define HOST_BITS 24
#define KEY_BITS 32

static size_t
fill_order(struct hf_fleet_view *v)
{
    const struct hf_grouping *g = &hf_groupings[v->group_by];
    size_t n = 0;

    memset(v->counts, 0, sizeof(v->counts));
    for (size_t i = 0; i < v->n; i++) {
        uint64_t group, key = v->descending ? ~v->keys[i] : v->keys[i];

        if (!v->match[i])
            continue;
        group = g->of(v->fleet, &v->states[i]);
        v->counts[group]++;
        if (v->only >= 0 && group != (uint64_t)v->only)
            continue;
        if (v->group_by != HF_GROUP_NONE && v->folded >> group & 1)
            continue;
        v->order[n++] = group << (KEY_BITS + HOST_BITS) |
                        (key & UINT32_MAX) << HOST_BITS | i;
    }
    qsort(v->order, n, sizeof(*v->order), by_value);
    return n;
}

static void
add_item(struct hf_fleet_view *v, uint32_t host, uint32_t group)
{
    v->items[v->len++] = (struct hf_fleet_item){host, group};
}

void
hf_fleet_view_arrange(struct hf_fleet_view *v)
{
    size_t n = fill_order(v), at = 0;

    v->len = 0;
    for (uint32_t group = 0; group < HF_VIEW_GROUPS; group++) {
        if (!v->counts[group])
            continue;
        /* With one group alone the heads of the others stay: they lead
         * there. */
        if (v->group_by != HF_GROUP_NONE)
            add_item(v, HF_VIEW_NO_HOST, group);
        for (; at < n && v->order[at] >> (KEY_BITS + HOST_BITS) == group; at++)
            add_item(v, (uint32_t)(v->order[at] & ((1u << HOST_BITS) - 1)),
                     group);
    }
}

void
hf_fleet_view_recalc(struct hf_fleet_view *v, int64_t now)
{
    v->matches = 0;
    for (size_t i = 0; i < v->n; i++) {
        v->match[i] = (!v->subset_of || v->subset[i]) &&
                      (!v->selector ||
                       hf_selector_match(v->selector, &v->states[i], now));
        v->matches += v->match[i];
    }
    hf_column_keys(v->keys, v->sort, v->fleet, v->states, v->n);
    hf_fleet_view_arrange(v);
}

/* ---- rows ---- */

size_t
hf_fleet_view_find(const struct hf_fleet_view *v, uint32_t host, uint32_t group)
{
    for (size_t i = 0; i < v->len; i++) {
        if (v->items[i].host == host &&
            (host != HF_VIEW_NO_HOST || v->items[i].group == group))
            return i;
    }
    return SIZE_MAX;
}

int
hf_fleet_view_shows(const struct hf_fleet_view *v, uint32_t host)
{
    const struct hf_grouping *g = &hf_groupings[v->group_by];

    return host < v->n && v->match[host] &&
           (v->only < 0 ||
            g->of(v->fleet, &v->states[host]) == (uint32_t)v->only);
}

uint32_t
hf_fleet_view_group(const struct hf_fleet_view *v, uint32_t host)
{
    return hf_groupings[v->group_by].of(v->fleet, &v->states[host]);
}

const char *
hf_fleet_view_group_name(const struct hf_fleet_view *v, uint32_t group)
{
    return hf_groupings[v->group_by].name(v->fleet, group);
}

/* ---- in words ---- */

/* A ring's name is quoted: it may hold anything. */
static int
add_group_term(struct hf_buf *out, const struct hf_fleet_view *v,
               uint32_t group)
{
    const struct hf_grouping *g = &hf_groupings[v->group_by];
    int last_ring =
        v->group_by == HF_GROUP_RING && group >= v->fleet->rings_len;

    /* A filter that lets only this group through has said it already. */
    if (group == HF_VIEW_NO_GROUP || !g->field ||
        (out->len && v->counts[group] == v->matches))
        return 0;
    if (last_ring && v->fleet->rings_len >= HF_VIEW_GROUPS)
        return -1;
    hf_buf_puts(out, out->len ? " and " : "");
    if (last_ring)
        hf_buf_printf(out, "not %s:*", g->field);
    else
        hf_buf_printf(out, "%s:\"%s\"", g->field, g->name(v->fleet, group));
    return 0;
}

char *
hf_fleet_view_selector(const struct hf_fleet_view *v, uint32_t group)
{
    struct hf_buf text = {0};
    char *spelled = NULL;

    if (group == HF_VIEW_NO_GROUP && v->only >= 0)
        group = (uint32_t)v->only;
    if (v->selector) {
        hf_buf_putc(&text, '(');
        hf_selector_format(&text, v->selector);
        hf_buf_putc(&text, ')');
    }
    if (!v->subset_of && add_group_term(&text, v, group) == 0 && text.len)
        spelled = hf_selector_respell(hf_buf_str(&text));
    hf_buf_release(&text);
    return spelled;
}

/* ---- marks ---- */

static void
set_mark(struct hf_fleet_view *v, size_t host, unsigned char on)
{
    v->marks -= v->marked[host];
    v->marked[host] = on;
    v->marks += on;
}

static void
mark_group(struct hf_fleet_view *v, uint32_t group)
{
    const struct hf_grouping *g = &hf_groupings[v->group_by];
    unsigned char all = 1;

    for (int pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < v->n; i++) {
            if (!v->match[i] || g->of(v->fleet, &v->states[i]) != group)
                continue;
            if (pass == 0)
                all &= v->marked[i];
            else
                set_mark(v, i, !all);
        }
    }
}

void
hf_fleet_view_mark(struct hf_fleet_view *v, size_t row)
{
    const struct hf_fleet_item *item;

    if (row >= v->len)
        return;
    item = &v->items[row];
    if (item->host == HF_VIEW_NO_HOST)
        mark_group(v, item->group);
    else
        set_mark(v, item->host, !v->marked[item->host]);
}

void
hf_fleet_view_unmark_all(struct hf_fleet_view *v)
{
    memset(v->marked, 0, v->n);
    v->marks = 0;
}
