/* How hosts stood over time. */
#include "playbooks/timeline.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"
#include "backend/drivers/driver.h"

/* The fleet as it would have been looked at from some time on. */
struct edition {
    int64_t from;
    struct hf_catalogue catalogue;
    struct hf_fleet fleet;
};

struct hf_timeline {
    struct edition *editions; /* by time; the first one is for all before */
    size_t editions_len, editions_cap;
    struct hf_stand *stands;
    size_t stands_len, stands_cap;
    size_t *first; /* by host, of its stands; one more at the end */
    size_t hosts;
};

/* ---- what was published when ---- */

static int
by_time(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

static void
add_edition(struct hf_timeline *t, const struct hf_fleet *fleet, int64_t from)
{
    const struct hf_catalogue *all = fleet->catalogue;
    struct edition *e =
        HF_PUSH(&t->editions, &t->editions_len, &t->editions_cap);
    struct hf_release *rows = hf_xcalloc(all->releases_len + 1, sizeof(*rows));
    size_t n = 0;

    for (size_t i = 0; i < all->releases_len; i++) {
        if (all->releases[i].released <= from)
            rows[n++] = all->releases[i];
    }
    e->from = from;
    e->catalogue = *all;
    e->catalogue.releases = rows;
    e->catalogue.releases_len = n;
    e->fleet = *fleet;
}

/* One for each time at which something came out, or a product's rows stopped
 * being trustworthy. */
static void
make_editions(struct hf_timeline *t, const struct hf_fleet *fleet, int64_t from,
              int64_t until)
{
    const struct hf_catalogue *c = fleet->catalogue;
    int64_t *times =
        hf_xcalloc(c->releases_len + c->products_len + 1, sizeof(*times));
    size_t n = 0, i;

    times[n++] = from;
    for (i = 0; i < c->releases_len; i++) {
        if (c->releases[i].released > from && c->releases[i].released <= until)
            times[n++] = c->releases[i].released;
    }
    for (i = 0; i < c->products_len; i++) {
        int64_t at = hf_product_overdue_at(&c->products[i]);

        if (at > from && at <= until)
            times[n++] = at;
    }
    qsort(times, n, sizeof(*times), by_time);
    for (i = 0; i < n; i++) {
        if (i == 0 || times[i] != times[i - 1])
            add_edition(t, fleet, times[i]);
    }
    for (i = 0; i < t->editions_len; i++) /* they do not move any more */
        t->editions[i].fleet.catalogue = &t->editions[i].catalogue;
    free(times);
}

static const struct edition *
edition_at(const struct hf_timeline *t, int64_t at)
{
    size_t i = t->editions_len;

    while (i > 1 && t->editions[i - 1].from > at)
        i--;
    return &t->editions[i - 1];
}

/* ---- one host ---- */

static int
same_stand(const struct hf_stand *a, const struct hf_stand *b)
{
    return a->asked == b->asked && a->coverage == b->coverage &&
           a->patch == b->patch && a->flags == b->flags &&
           a->product == b->product;
}

/* The host's own stands begin at `first`; a time asked for twice counts by
 * what is said last. */
static void
add_stand(struct hf_timeline *t, size_t first, const struct hf_stand *stand)
{
    struct hf_stand *last =
        t->stands_len > first ? &t->stands[t->stands_len - 1] : NULL;

    if (last && same_stand(last, stand))
        return;
    if (last && last->from == stand->from)
        *last = *stand;
    else
        *HF_PUSH(&t->stands, &t->stands_len, &t->stands_cap) = *stand;
}

static void
judge_at(struct hf_timeline *t, size_t first, struct hf_state *st, int64_t at)
{
    struct hf_stand stand = {.from = at};

    hf_judge(st, &edition_at(t, at)->fleet, at);
    stand.asked = st->asked;
    stand.coverage = st->status.coverage;
    stand.patch = st->status.patch;
    stand.flags = st->status.flags & HF_FLAG_UNREACHABLE;
    stand.product = st->status.product;
    add_stand(t, first, &stand);
}

/* With facts from `at` until `end`: then, and whenever something came out in
 * between. */
static void
judge_span(struct hf_timeline *t, size_t first, struct hf_state *st, int64_t at,
           int64_t end)
{
    judge_at(t, first, st, at);
    for (size_t i = 0; i < t->editions_len; i++) {
        if (t->editions[i].from > at && t->editions[i].from < end)
            judge_at(t, first, st, t->editions[i].from);
    }
}

/* What the moment recorded becomes the state's. */
static void
take_moment(struct hf_state *st, const struct hf_history *h, size_t i)
{
    struct hf_moment m;
    struct hf_record *r = hf_state_change(st);

    hf_history_get(h, i, &m);
    hf_record_release(r);
    *r = (struct hf_record){.recent = m.record.recent,
                            .net_at = m.record.net_at};
    hf_facts_copy(&r->facts, &m.record.facts);
    hf_facts_copy(&r->baseline, &m.record.baseline);
    (void)snprintf(st->net, sizeof(st->net), "%s", m.net);
    hf_record_release(&m.record);
}

/* The first moment from `i` on that tells facts; `end`: there is none. */
static size_t
next_facts(const struct hf_history *h, size_t i, size_t end)
{
    while (i < end && hf_history_glance(h, i)->is_run)
        i++;
    return i;
}

/* From the last facts until `from` on. */
static void
add_host(struct hf_timeline *t, const struct hf_history *h,
         const struct hf_host *host, struct hf_chapter of, int64_t from,
         int64_t until)
{
    size_t first = t->stands_len, i, next;
    size_t end = hf_history_since(h, of, until + 1);
    struct hf_state st = {0};

    hf_state_init(&st, host);
    i = hf_history_since(h, of, from + 1);
    while (i > of.first && hf_history_glance(h, i - 1)->is_run)
        i--;
    i = next_facts(h, i > of.first ? i - 1 : i, of.end);
    for (; i < end; i = next) {
        int64_t at = hf_history_glance(h, i)->at;

        next = next_facts(h, i + 1, of.end);
        take_moment(&st, h, i);
        judge_span(t, first, &st, at > from ? at : from,
                   next < of.end ? hf_history_glance(h, next)->at : until);
    }
    hf_state_release(&st);
}

/* ---- all ---- */

/* Each host's moments, by its place in the fleet. */
static struct hf_chapter *
find_chapters(const struct hf_fleet *fleet, const struct hf_history *h)
{
    struct hf_chapter *all = hf_xcalloc(fleet->hosts_len + 1, sizeof(*all));

    for (size_t k = 0; k < hf_history_hosts(h); k++) {
        struct hf_chapter of = hf_history_host(h, k);
        const struct hf_host *host = hf_fleet_find(fleet, of.host);

        if (host)
            all[host - fleet->hosts] = of;
    }
    return all;
}

struct hf_timeline *
hf_timeline_new(const struct hf_fleet *fleet, const struct hf_history *history,
                const struct hf_host *const *hosts, size_t n, int64_t from,
                int64_t until)
{
    struct hf_timeline *t = HF_NEW(struct hf_timeline);
    struct hf_chapter *chapters = find_chapters(fleet, history);

    make_editions(t, fleet, from, until);
    t->first = hf_xcalloc(n + 1, sizeof(*t->first));
    t->hosts = n;
    for (size_t i = 0; i < n; i++) {
        t->first[i] = t->stands_len;
        add_host(t, history, hosts[i], chapters[hosts[i] - fleet->hosts], from,
                 until);
    }
    t->first[n] = t->stands_len;
    free(chapters);
    return t;
}

void
hf_timeline_free(struct hf_timeline *t)
{
    if (!t)
        return;
    for (size_t i = 0; i < t->editions_len; i++)
        free((void *)t->editions[i].catalogue.releases);
    free(t->editions);
    free(t->stands);
    free(t->first);
    free(t);
}

struct hf_stands
hf_timeline_of(const struct hf_timeline *t, size_t i)
{
    return (struct hf_stands){t->stands + t->first[i],
                              t->first[i + 1] - t->first[i]};
}

const struct hf_stand *
hf_timeline_at(const struct hf_timeline *t, size_t i, int64_t at)
{
    struct hf_stands s = hf_timeline_of(t, i);
    const struct hf_stand *found = NULL;

    for (size_t k = 0; k < s.len && s.v[k].from <= at; k++)
        found = &s.v[k];
    return found;
}
