/* How hosts stood over time. */
#include "playbooks/timeline.h"

#include <stdlib.h>
#include <string.h>

#include "backend/base/crew.h"
#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "backend/drivers/driver.h"

#define HOSTS_A_JOB 32

/* The fleet as it would have been looked at from some time on. */
struct edition {
    int64_t from;
    struct hf_catalogue catalogue;
    struct hf_fleet fleet;
};

struct hf_timeline {
    struct edition *editions; /* by time; the first one is for all before */
    size_t editions_len, editions_cap;
    struct list {
        struct hf_stand *v;
        size_t len, cap;
    } * stands; /* by host */
    size_t hosts;
};

/* What finding out takes; each host for itself. */
struct look {
    struct hf_timeline *t;
    const struct hf_fleet *fleet;
    const struct hf_history *h;
    const struct hf_host *const *hosts;
    struct hf_chapter *chapters; /* by place in the fleet */
    int64_t from, until;
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

/* A time asked for twice counts by what is said last. */
static void
add_stand(struct list *to, const struct hf_stand *stand)
{
    struct hf_stand *last = to->len ? &to->v[to->len - 1] : NULL;

    if (last && same_stand(last, stand))
        return;
    if (last && last->from == stand->from)
        *last = *stand;
    else
        *HF_PUSH(&to->v, &to->len, &to->cap) = *stand;
}

static void
judge_at(struct list *to, const struct hf_timeline *t, struct hf_state *st,
         int64_t at)
{
    struct hf_stand stand = {.from = at};

    hf_judge(st, &edition_at(t, at)->fleet, at);
    stand.asked = st->asked;
    stand.coverage = st->status.coverage;
    stand.patch = st->status.patch;
    stand.flags = st->status.flags & HF_FLAG_UNREACHABLE;
    stand.product = st->status.product;
    add_stand(to, &stand);
}

/* With facts from `at` until `end`: then, and whenever something came out in
 * between. */
static void
judge_span(struct list *to, const struct hf_timeline *t, struct hf_state *st,
           int64_t at, int64_t end)
{
    judge_at(to, t, st, at);
    for (size_t i = 0; i < t->editions_len; i++) {
        if (t->editions[i].from > at && t->editions[i].from < end)
            judge_at(to, t, st, t->editions[i].from);
    }
}

/* What the moment recorded becomes the state's, on loan from the history. */
static void
take_moment(struct hf_state *st, const struct hf_history *h, size_t i)
{
    struct hf_record *r = hf_state_change(st);
    struct hf_moment m;

    hf_history_get(h, i, &m);
    hf_record_release(r);
    *r = m.record;
    hf_say(st->net, sizeof(st->net), "%s", m.net);
}

/* The first moment from `i` on that tells facts; `end`: there is none. */
static size_t
next_facts(const struct hf_history *h, size_t i, size_t end)
{
    while (i < end && hf_history_glance(h, i)->is_run)
        i++;
    return i;
}

/* From the last facts until the timeline's beginning on. */
static void
look_at(const struct look *l, size_t host)
{
    const struct hf_history *h = l->h;
    struct hf_chapter of = l->chapters[l->hosts[host] - l->fleet->hosts];
    size_t end = hf_history_since(h, of, l->until + 1);
    size_t i = hf_history_since(h, of, l->from + 1), next;
    struct hf_state st = {0};

    hf_state_init(&st, l->hosts[host]);
    while (i > of.first && hf_history_glance(h, i - 1)->is_run)
        i--;
    i = next_facts(h, i > of.first ? i - 1 : i, of.end);
    for (; i < end; i = next) {
        int64_t at = hf_history_glance(h, i)->at;

        next = next_facts(h, i + 1, of.end);
        take_moment(&st, h, i);
        judge_span(&l->t->stands[host], l->t, &st, at > l->from ? at : l->from,
                   next < of.end ? hf_history_glance(h, next)->at : l->until);
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

static int
look_at_some(void *ctx, void *own, size_t job, struct hf_err *err)
{
    const struct look *l = ctx;
    size_t first = job * HOSTS_A_JOB, last = first + HOSTS_A_JOB;

    (void)own;
    (void)err;
    for (size_t i = first; i < last && i < l->t->hosts; i++)
        look_at(l, i);
    return HF_OK;
}

/* Judging is pure: several threads do it at once. */
static void
look_at_all(struct look *l)
{
    const struct hf_crew crew = {.work = look_at_some, .ctx = l};
    size_t jobs = (l->t->hosts + HOSTS_A_JOB - 1) / HOSTS_A_JOB;
    struct hf_err never = HF_ERR_INIT;

    (void)hf_crew_run(&crew, jobs, &never);
}

struct hf_timeline *
hf_timeline_new(const struct hf_fleet *fleet, const struct hf_history *history,
                const struct hf_host *const *hosts, size_t n, int64_t from,
                int64_t until)
{
    struct hf_timeline *t = HF_NEW(struct hf_timeline);
    struct look l = {.t = t,
                     .fleet = fleet,
                     .h = history,
                     .hosts = hosts,
                     .chapters = find_chapters(fleet, history),
                     .from = from,
                     .until = until};

    make_editions(t, fleet, from, until);
    t->stands = hf_xcalloc(n + 1, sizeof(*t->stands));
    t->hosts = n;
    look_at_all(&l);
    free(l.chapters);
    return t;
}

void
hf_timeline_free(struct hf_timeline *t)
{
    if (!t)
        return;
    for (size_t i = 0; i < t->editions_len; i++)
        free((void *)t->editions[i].catalogue.releases);
    for (size_t i = 0; i < t->hosts; i++)
        free(t->stands[i].v);
    free(t->editions);
    free(t->stands);
    free(t);
}

struct hf_stands
hf_timeline_of(const struct hf_timeline *t, size_t i)
{
    return (struct hf_stands){t->stands[i].v, t->stands[i].len};
}

/* The last that begins until then. */
const struct hf_stand *
hf_timeline_at(const struct hf_timeline *t, size_t i, int64_t at)
{
    const struct list *of = &t->stands[i];
    size_t low = 0, high = of->len;

    while (low < high) {
        size_t mid = low + (high - low) / 2;

        if (of->v[mid].from <= at)
            low = mid + 1;
        else
            high = mid;
    }
    return low ? &of->v[low - 1] : NULL;
}
