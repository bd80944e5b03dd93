/* What live patches cost in memory. */
#include "playbooks/memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/civil.h"
#include "backend/base/mem.h"
#include "backend/base/text.h"

#define MIB (INT64_C(1) << 20)
#define DISTANCES 5

/* clang-format off */
const struct hf_memory_row hf_memory_rows[HF_MEMORY_KINDS] = {
    [HF_MEMORY_COMMITTED] = {"committed", "committed memory",
                             "memory.committed", 64 * MIB},
    [HF_MEMORY_MODULES] = {"modules", "kernel modules and drivers",
                           "memory.modules", MIB},
    [HF_MEMORY_PATCHES] = {"patches", "live patch modules",
                           "memory.patches", MIB},
    [HF_MEMORY_POOL] = {"pool", "nonpaged pool", "memory.pool", 16 * MIB},
};
/* clang-format on */

/* What a moment tells; `before`: of a run, what was so before it. 1: anything
 * of it is known. */
static int
read_memory(struct hf_memory *out, const struct hf_history *h, size_t i,
            int before)
{
    int known = 0;

    for (int k = 0; k < HF_MEMORY_KINDS; k++) {
        const char *value =
            hf_history_fact(h, i, before, hf_memory_rows[k].fact);

        if (value && hf_parse_int(&out->v[k], value, INT64_MIN, INT64_MAX) == 0)
            known = 1;
        else
            out->v[k] = HF_MEMORY_UNKNOWN;
    }
    return known;
}

int64_t
hf_memory_growth(const struct hf_memory_change *c, enum hf_memory_kind kind)
{
    int64_t before = c->before.v[kind], after = c->after.v[kind];

    return before == HF_MEMORY_UNKNOWN || after == HF_MEMORY_UNKNOWN
               ? HF_MEMORY_UNKNOWN
               : after - before;
}

int
hf_memory_compares(const struct hf_memory_change *c)
{
    return c->boot == HF_PAST_BOOT_SAME && (c->run[0] || c->at > c->from);
}

/* ---- lines ---- */

static size_t
find_line(const struct hf_memory_report *r, const char *product)
{
    size_t i = 0;

    while (i < r->len && (product && r->lines[i].product
                              ? strcmp(product, r->lines[i].product) != 0
                              : product != r->lines[i].product))
        i++;
    return i;
}

const struct hf_memory_line *
hf_memory_line_of(const struct hf_memory_report *r,
                  const struct hf_memory_change *c)
{
    return &r->lines[find_line(r, c->product)];
}

static size_t
line_of(struct hf_memory_report *r, const char *product)
{
    struct hf_memory_line *line;
    size_t i = find_line(r, product);

    if (i == r->len) {
        line = HF_PUSH(&r->lines, &r->len, &r->cap);
        *line = (struct hf_memory_line){.product = product};
        line->days = hf_xcalloc(r->days, sizeof(*line->days));
    }
    return i;
}

/* ---- numbers of many ---- */

struct numbers {
    int64_t *v;
    size_t len, cap;
};

static void
add_number(struct numbers *n, int64_t value)
{
    if (value != HF_MEMORY_UNKNOWN)
        *HF_PUSH(&n->v, &n->len, &n->cap) = value;
}

static int
by_size(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

/* Sorts; of two in the middle the lower one, which somebody told. */
static int64_t
median_of(struct numbers *n)
{
    if (!n->len)
        return HF_MEMORY_UNKNOWN;
    qsort(n->v, n->len, sizeof(*n->v), by_size);
    return n->v[(n->len - 1) / 2];
}

static void
spread_of(struct hf_memory_spread *out, struct numbers *n, int64_t least)
{
    int64_t distance;

    *out = (struct hf_memory_spread){.known = n->len,
                                     .median = median_of(n),
                                     .most = HF_MEMORY_UNKNOWN,
                                     .limit = HF_MEMORY_UNKNOWN};
    if (!n->len)
        return;
    out->most = n->v[n->len - 1];
    if (n->len < HF_MEMORY_ENOUGH)
        return;
    for (size_t i = 0; i < n->len; i++)
        n->v[i] = llabs(n->v[i] - out->median);
    distance = DISTANCES * median_of(n);
    out->limit = out->median + (distance > least ? distance : least);
}

/* ---- the walk through the past ---- */

/* Of the hosts of one line, by day and kind. */
struct sums {
    struct hf_memory *sum, *hosts;
};

struct walk {
    struct hf_memory_report *out;
    struct sums *sums;         /* by line */
    struct numbers *newest;    /* by line and kind */
    const struct hf_state *st; /* the host's */
    size_t line;               /* its own */
    struct hf_memory last;     /* what it told last */
    size_t day;                /* up to here its days are counted */
    const char *boot;          /* of `over`; NULL: unknown */
    struct hf_memory_change over;
};

static const struct hf_memory nothing = {{HF_MEMORY_UNKNOWN, HF_MEMORY_UNKNOWN,
                                          HF_MEMORY_UNKNOWN,
                                          HF_MEMORY_UNKNOWN}};
_Static_assert(HF_MEMORY_KINDS == 4, "one unknown for each kind");

int64_t
hf_memory_day(const struct hf_memory_report *r, size_t day)
{
    return day + 1 < r->days ? r->from + (int64_t)day * HF_DAY_MS : r->until;
}

/* Days that ended before `at` knew what was told last. */
static void
count_days(struct walk *w, int64_t at)
{
    struct sums *to = &w->sums[w->line];

    for (; w->day < w->out->days && hf_memory_day(w->out, w->day) < at;
         w->day++) {
        for (int k = 0; k < HF_MEMORY_KINDS; k++) {
            if (w->last.v[k] == HF_MEMORY_UNKNOWN)
                continue;
            to->sum[w->day].v[k] += w->last.v[k];
            to->hosts[w->day].v[k]++;
        }
    }
}

/* Memory begins anew with a restart: so does the look at it. */
static void
take_facts(struct walk *w, const struct hf_history *h, size_t i)
{
    int64_t at = hf_history_glance(h, i)->at;
    const char *boot = hf_history_fact(h, i, 0, "boot.id");
    struct hf_memory *now = &w->last;

    count_days(w, at);
    if (!read_memory(now, h, i, 0))
        return;
    if (!w->over.at || at <= w->out->from || !boot || !w->boot ||
        !hf_boot_same(boot, w->boot)) {
        w->over.before = *now;
        w->over.from = at;
    }
    w->over.after = *now;
    w->over.at = at;
    w->over.boot = boot ? HF_PAST_BOOT_SAME : HF_PAST_BOOT_UNKNOWN;
    w->boot = boot;
}

static void
take_run(struct walk *w, const struct hf_history *h, size_t i)
{
    const struct hf_glance *run = hf_history_glance(h, i);
    struct hf_memory_changes *all = &w->out->patches;
    struct hf_memory_change *c;

    if (run->action != HF_ACTION_APPLY || run->outcome != HF_OUTCOME_VERIFIED)
        return;
    c = HF_PUSH(&all->v, &all->len, &all->cap);
    *c = (struct hf_memory_change){.host = w->st->host,
                                   .product = w->st->status.product,
                                   .boot = (enum hf_past_boot)run->boot,
                                   .from = run->at,
                                   .at = run->at};
    hf_say(c->run, sizeof(c->run), "%s", hf_history_run(h, i));
    (void)read_memory(&c->before, h, i, 1);
    (void)read_memory(&c->after, h, i, 0);
}

static void
begin_host(struct walk *w, const struct hf_state *st)
{
    w->st = st;
    w->last = nothing;
    w->day = 0;
    w->boot = NULL;
    w->over = (struct hf_memory_change){.before = nothing, .after = nothing};
    w->over.host = st->host;
    w->over.product = st->status.product;
    w->line = line_of(w->out, w->over.product);
}

static void
end_host(struct walk *w)
{
    struct hf_memory_changes *all = &w->out->hosts;

    count_days(w, w->out->until + 1);
    for (int k = 0; k < HF_MEMORY_KINDS; k++)
        add_number(&w->newest[w->line * HF_MEMORY_KINDS + (size_t)k],
                   w->last.v[k]);
    if (w->over.at)
        *HF_PUSH(&all->v, &all->len, &all->cap) = w->over;
}

/* The last facts before `first`; `first`: there are none. */
static size_t
facts_before(const struct hf_history *h, struct hf_chapter of, size_t first)
{
    for (size_t i = first; i > of.first; i--) {
        if (!hf_history_glance(h, i - 1)->is_run)
            return i - 1;
    }
    return first;
}

/* Of what was told before the time only the last facts count. */
static void
walk_host(struct walk *w, const struct hf_history *h, struct hf_chapter of)
{
    size_t first = hf_history_since(h, of, w->out->from);
    size_t end = hf_history_since(h, of, w->out->until + 1);
    size_t before = facts_before(h, of, first);

    if (before < first)
        take_facts(w, h, before);
    for (size_t i = first; i < end; i++) {
        if (hf_history_glance(h, i)->is_run)
            take_run(w, h, i);
        else
            take_facts(w, h, i);
    }
}

static void
walk_history(struct walk *w, const struct hf_history *h,
             const struct hf_fleet *fleet, const struct hf_state *const *wanted)
{
    for (size_t k = 0; k < hf_history_hosts(h); k++) {
        struct hf_chapter of = hf_history_host(h, k);
        const struct hf_host *host = hf_fleet_find(fleet, of.host);

        if (!host || !wanted[host - fleet->hosts])
            continue;
        begin_host(w, wanted[host - fleet->hosts]);
        walk_host(w, h, of);
        end_host(w);
    }
}

/* ---- after it ---- */

static void
finish_days(struct hf_memory_line *line, struct sums *s, size_t days)
{
    for (size_t d = 0; d < days; d++) {
        for (int k = 0; k < HF_MEMORY_KINDS; k++)
            line->days[d].v[k] = s->hosts[d].v[k]
                                     ? s->sum[d].v[k] / s->hosts[d].v[k]
                                     : HF_MEMORY_UNKNOWN;
    }
}

/* Growth of one kind on the hosts of one line, and who stands out. */
static void
measure(struct hf_memory_spread *out, struct hf_memory_report *r, size_t line,
        const struct hf_memory_changes *all, enum hf_memory_kind kind)
{
    struct numbers n = {0};

    for (size_t i = 0; i < all->len; i++) {
        if (hf_memory_compares(&all->v[i]) &&
            line_of(r, all->v[i].product) == line)
            add_number(&n, hf_memory_growth(&all->v[i], kind));
    }
    spread_of(out, &n, hf_memory_rows[kind].least);
    free(n.v);
    for (size_t i = 0; i < all->len && out->limit != HF_MEMORY_UNKNOWN; i++) {
        struct hf_memory_change *c = &all->v[i];

        if (!hf_memory_compares(c) || line_of(r, c->product) != line ||
            hf_memory_growth(c, kind) <= out->limit)
            continue;
        c->outlier |= 1u << kind;
        out->outliers++;
    }
}

static void
finish(struct hf_memory_report *r, struct walk *w)
{
    for (size_t i = 0; i < r->patches.len; i++) {
        const struct hf_memory_change *c = &r->patches.v[i];
        struct hf_memory_line *line = &r->lines[line_of(r, c->product)];

        line->patches++;
        line->restarted += !hf_memory_compares(c);
    }
    for (size_t i = 0; i < r->len; i++) {
        struct hf_memory_line *line = &r->lines[i];

        finish_days(line, &w->sums[i], r->days);
        for (int k = 0; k < HF_MEMORY_KINDS; k++) {
            struct numbers *n = &w->newest[i * HF_MEMORY_KINDS + (size_t)k];
            enum hf_memory_kind kind = (enum hf_memory_kind)k;

            line->told[k] = n->len;
            line->median[k] = median_of(n);
            measure(&line->over_patch[k], r, i, &r->patches, kind);
            measure(&line->over_time[k], r, i, &r->hosts, kind);
        }
    }
}

static void
walk_init(struct walk *w, struct hf_memory_report *out)
{
    *w = (struct walk){.out = out};
    w->sums = hf_xcalloc(out->len + 1, sizeof(*w->sums));
    w->newest =
        hf_xcalloc((out->len + 1) * HF_MEMORY_KINDS, sizeof(*w->newest));
    for (size_t i = 0; i < out->len; i++) {
        w->sums[i].sum = hf_xcalloc(out->days, sizeof(*w->sums[i].sum));
        w->sums[i].hosts = hf_xcalloc(out->days, sizeof(*w->sums[i].hosts));
    }
}

static void
walk_release(struct walk *w)
{
    for (size_t i = 0; i < w->out->len; i++) {
        free(w->sums[i].sum);
        free(w->sums[i].hosts);
    }
    for (size_t i = 0; i < w->out->len * HF_MEMORY_KINDS; i++)
        free(w->newest[i].v);
    free(w->sums);
    free(w->newest);
}

int
hf_memory_make(struct hf_memory_report *out, struct hf_session *s,
               const struct hf_state *const *states, size_t n, int days,
               int64_t now, struct hf_err *err)
{
    const struct hf_fleet *fleet = hf_session_fleet(s);
    const struct hf_state **wanted;
    struct hf_history *h = NULL;
    struct walk w;
    int rc;

    *out = (struct hf_memory_report){.until = now};
    out->from = now - now % HF_DAY_MS - (int64_t)(days - 1) * HF_DAY_MS;
    out->days = (size_t)((now - out->from + HF_DAY_MS - 1) / HF_DAY_MS) + 1;
    if ((rc = hf_history_open(&h, s, err)) < 0)
        return rc;
    wanted = hf_xcalloc(fleet->hosts_len + 1, sizeof(*wanted));
    for (size_t i = 0; i < n; i++) {
        size_t line = line_of(out, states[i]->status.product);

        wanted[states[i]->host - fleet->hosts] = states[i];
        out->lines[line].hosts++;
    }
    walk_init(&w, out);
    walk_history(&w, h, fleet, wanted);
    finish(out, &w);
    walk_release(&w);
    out->damaged = hf_history_damaged(h);
    memcpy(out->commit, hf_history_commit(h), sizeof(out->commit));
    hf_history_free(h);
    free(wanted);
    return HF_OK;
}

void
hf_memory_release(struct hf_memory_report *r)
{
    for (size_t i = 0; i < r->len; i++)
        free(r->lines[i].days);
    free(r->lines);
    free(r->patches.v);
    free(r->hosts.v);
    *r = (struct hf_memory_report){0};
}
