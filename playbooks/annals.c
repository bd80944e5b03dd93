/* Making annals. */
#include "playbooks/annals.h"

#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"
#include "backend/base/names.h"
#include "backend/base/once.h"
#include "backend/base/time.h"

#define SHELF_FULL (1u << 16) /* records: so much is packed at a time */

struct draft {
    uint32_t host; /* place of its name, then where it comes by its name */
    struct hf_glance row;
};

struct annals_maker {
    struct annals *to;
    struct hf_once names;
    struct draft *drafts; /* in the order of adding */
    size_t len, cap;
    struct shelf_maker *shelf;
    size_t on_shelf;
};

struct annals_maker *
annals_maker_new(void)
{
    struct annals_maker *m = HF_NEW(struct annals_maker);

    m->to = HF_NEW(struct annals);
    m->shelf = shelf_maker_new();
    (void)hf_once_text(&m->names, NULL);
    return m;
}

void
annals_free(struct annals *a)
{
    if (!a)
        return;
    for (size_t i = 0; i < a->shelves_len; i++)
        shelf_free(a->shelves[i]);
    for (size_t i = 0; i < a->files_len; i++)
        hf_sealed_unmap(&a->files[i]);
    for (size_t i = 0; i < HF_COUNT(a->made); i++)
        free(a->made[i]);
    free(a->shelves);
    free(a->files);
    free(a);
}

/* ---- adding ---- */

static uint8_t
number_of(const char *const *names, const char *text)
{
    int i = text ? hf_name_index(names, text) : -1;

    return i < 0 ? HF_PAST_NONE : (uint8_t)i;
}

static uint32_t
took(const struct hf_record *r)
{
    const char *text = hf_facts_get(&r->facts, HF_PAST_STARTED);
    int64_t started;

    if (!text || hf_time_parse(&started, text) < 0 || started >= r->recent.at)
        return 0;
    return r->recent.at - started < UINT32_MAX
               ? (uint32_t)(r->recent.at - started)
               : UINT32_MAX;
}

static void
look_at_run(struct hf_glance *row, const struct hf_record *r)
{
    /* clang-format off */
    static const struct { enum hf_past_mark mark; const char *fact; } marks[] = {
        {HF_PAST_FELL_BACK, HF_PAST_CRITERION "track"},
        {HF_PAST_BROKE_GLASS, HF_PAST_GLASS},
        {HF_PAST_WAS_STAGED, HF_PAST_STAGED},
    };
    /* clang-format on */

    row->is_run = 1;
    row->took = took(r);
    row->action = number_of(hf_action_names, r->recent.action);
    row->outcome = number_of(hf_outcome_names, r->recent.outcome);
    row->restart =
        number_of(hf_restart_names, hf_facts_get(&r->facts, HF_PAST_RESTART));
    row->boot = (uint8_t)hf_past_boot(r);
    for (size_t i = 0; i < HF_COUNT(marks); i++) {
        if (hf_facts_get(&r->facts, marks[i].fact))
            row->marks |= (uint8_t)marks[i].mark;
    }
}

static void
end_shelf(struct annals_maker *m)
{
    struct annals *a = m->to;

    *HF_PUSH(&a->shelves, &a->shelves_len, &a->shelves_cap) =
        shelf_make(m->shelf);
    m->shelf = NULL;
    m->on_shelf = 0;
}

void
annals_add(struct annals_maker *m, const char *host, int64_t at,
           const char *run, const struct shelf_item *item)
{
    struct draft *draft = HF_PUSH(&m->drafts, &m->len, &m->cap);
    struct shelf_item named = *item;

    if (m->on_shelf == SHELF_FULL) {
        end_shelf(m);
        m->shelf = shelf_maker_new();
    }
    named.name = run; /* texts are kept once: most of one run are one text */
    draft->host = hf_once_text(&m->names, host);
    draft->row = (struct hf_glance){
        .at = at < 0 ? 0 : at,
        .record = (uint32_t)shelf_put(m->shelf, &named),
        .shelf = (uint16_t)m->to->shelves_len,
        .action = HF_PAST_NONE,
        .outcome = HF_PAST_NONE,
        .restart = HF_PAST_NONE,
    };
    m->on_shelf++;
    if (run)
        look_at_run(&draft->row, &item->record);
}

void
annals_add_damaged(struct annals_maker *m)
{
    m->to->damaged++;
}

/* ---- asking ---- */

const char *
annals_host(const struct annals *a, size_t host)
{
    return a->names + a->hosts[host].name;
}

size_t
annals_whose(const struct annals *a, size_t row)
{
    size_t low = 0, high = a->hosts_len;

    while (low + 1 < high) {
        size_t mid = low + (high - low) / 2;

        if (a->hosts[mid].first <= row)
            low = mid;
        else
            high = mid;
    }
    return low;
}

const struct shelf *
annals_shelf(const struct annals *a, size_t row)
{
    return a->shelves[a->rows[row].shelf];
}

/* ---- the order ---- */

int
annals_compare(const struct annals *a, const struct hf_glance *x,
               const struct annals *b, const struct hf_glance *y)
{
    if (x->at != y->at)
        return x->at < y->at ? -1 : 1;
    if (!x->is_run || !y->is_run)
        return x->is_run - y->is_run;
    return strcmp(shelf_name(a->shelves[x->shelf], x->record),
                  shelf_name(b->shelves[y->shelf], y->record));
}

/* What was added first comes first. */
static int
by_time(const void *x, const void *y, void *ctx)
{
    const struct hf_glance *a = x, *b = y;
    int order = annals_compare(ctx, a, ctx, b);

    if (order || a->shelf != b->shelf)
        return order ? order : a->shelf - b->shelf;
    return (a->record > b->record) - (a->record < b->record);
}

/* Nearly always they come in the order of time. The number that is left. */
static size_t
order_rows(const struct annals *a, struct hf_glance *rows, size_t n)
{
    size_t kept = 0, sorted = 1;

    while (sorted < n &&
           annals_compare(a, &rows[sorted - 1], a, &rows[sorted]) < 0)
        sorted++;
    if (sorted >= n)
        return n;
    qsort_r(rows, n, sizeof(*rows), by_time, (void *)a);
    for (size_t i = 0; i < n; i++) {
        if (!kept || annals_compare(a, &rows[kept - 1], a, &rows[i]) != 0)
            rows[kept++] = rows[i];
    }
    return kept;
}

/* ---- making ---- */

static int
by_text(const void *a, const void *b, void *names)
{
    return strcmp((const char *)names + *(const uint32_t *)a,
                  (const char *)names + *(const uint32_t *)b);
}

/* The hosts by name; a draft's `host` becomes its number. */
static struct annals_host *
rank_hosts(struct annals_maker *m)
{
    const char *names = m->names.all.data;
    uint32_t *places = hf_xcalloc(m->names.used + 1, sizeof(*places));
    uint32_t *rank = hf_xcalloc(m->names.all.len, sizeof(*rank));
    struct annals_host *hosts;
    size_t n = 0;

    for (size_t at = 1; at < m->names.all.len; at += strlen(names + at) + 1)
        places[n++] = (uint32_t)at;
    if (n)
        qsort_r(places, n, sizeof(*places), by_text, (void *)names);
    hosts = hf_xcalloc(n + 1, sizeof(*hosts));
    for (size_t i = 0; i < n; i++) {
        hosts[i].name = places[i];
        rank[places[i]] = (uint32_t)i;
    }
    for (size_t i = 0; i < m->len; i++)
        m->drafts[i].host = rank[m->drafts[i].host];
    m->to->hosts_len = n;
    free(places);
    free(rank);
    return hosts;
}

/* Where each host's rows begin, then its rows behind one another. */
static struct hf_glance *
spread_rows(const struct annals_maker *m, struct annals_host *hosts)
{
    struct hf_glance *rows = hf_xcalloc(m->len + 1, sizeof(*rows));
    size_t n = m->to->hosts_len;
    uint32_t *next = hf_xcalloc(n + 1, sizeof(*next));

    for (size_t i = 0; i < m->len; i++)
        hosts[m->drafts[i].host + 1].first++;
    for (size_t i = 1; i <= n; i++)
        hosts[i].first += hosts[i - 1].first;
    for (size_t i = 0; i < n; i++)
        next[i] = hosts[i].first;
    for (size_t i = 0; i < m->len; i++)
        rows[next[m->drafts[i].host]++] = m->drafts[i].row;
    free(next);
    return rows;
}

/* Each host's in order, without those that were told before. */
static size_t
order_all(const struct annals *a, struct hf_glance *rows,
          struct annals_host *hosts)
{
    size_t len = 0;

    for (size_t i = 0; i < a->hosts_len; i++) {
        size_t first = hosts[i].first;
        size_t n = order_rows(a, rows + first, hosts[i + 1].first - first);

        if (n)
            memmove(rows + len, rows + first, n * sizeof(*rows));
        hosts[i].first = (uint32_t)len;
        len += n;
    }
    hosts[a->hosts_len].first = (uint32_t)len;
    return len;
}

struct annals *
annals_make(struct annals_maker *m)
{
    struct annals *a = m->to;
    struct annals_host *hosts;
    struct hf_glance *rows;

    end_shelf(m);
    hosts = rank_hosts(m);
    rows = spread_rows(m, hosts);
    free(m->drafts);
    a->len = order_all(a, rows, hosts);
    a->rows = a->made[0] = rows;
    a->hosts = a->made[1] = hosts;
    a->names_len = m->names.all.len;
    a->names = a->made[2] = hf_buf_take(&m->names.all);
    hf_once_release(&m->names);
    free(m);
    return a;
}
