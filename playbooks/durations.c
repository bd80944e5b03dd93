/* How long runs took before. */
#include "playbooks/durations.h"

#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"

#define LAST 5 /* runs on the host that count */
#define RESTARTS (HF_RESTART_UNKNOWN + 1)

struct row {
    const char *host; /* in the arena */
    int64_t at, took;
    int kind; /* see kind_of */
};

/* All rows of a kind, whatever the host. */
struct kind {
    int64_t sum, enough;
    size_t n;
};

struct hf_durations {
    struct hf_arena *arena;
    struct row *rows; /* by host, kind, newest first */
    size_t len, cap;
    struct kind kinds[HF_ACTION_COUNT * RESTARTS * 2];
};

static int
kind_of(const struct hf_duration_of *of)
{
    return ((int)of->action * RESTARTS + (int)of->restart) * 2 +
           (of->staged != 0);
}

/* The same, but for what was downloaded before. */
static int
other_kind(int kind)
{
    return kind ^ 1;
}

/* ---- gathering ---- */

/* 0: it tells nothing. */
static int
read_run(struct row *out, const struct hf_glance *g)
{
    const struct hf_duration_of of = {.action = (enum hf_action)g->action,
                                      .restart = (enum hf_restart)g->restart,
                                      .staged = g->marks & HF_PAST_WAS_STAGED};

    if (!g->is_run || g->action == HF_PAST_NONE || g->restart == HF_PAST_NONE ||
        g->outcome != HF_OUTCOME_VERIFIED || !g->took)
        return 0;
    *out = (struct row){.at = g->at, .took = g->took, .kind = kind_of(&of)};
    return 1;
}

static void
gather(struct hf_durations *d, const struct hf_history *h)
{
    for (size_t k = 0; k < hf_history_hosts(h); k++) {
        struct hf_chapter of = hf_history_host(h, k);
        const char *host = hf_arena_strdup(d->arena, of.host);
        struct row row;

        for (size_t i = of.first; i < of.end; i++) {
            if (!read_run(&row, hf_history_glance(h, i)))
                continue;
            row.host = host;
            *HF_PUSH(&d->rows, &d->len, &d->cap) = row;
        }
    }
}

/* Of one host. */
static int
by_kind(const void *a, const void *b)
{
    const struct row *x = a, *y = b;

    if (x->kind != y->kind)
        return x->kind - y->kind;
    return (x->at < y->at) - (x->at > y->at);
}

static int
by_host(const void *a, const void *b)
{
    int order =
        strcmp(((const struct row *)a)->host, ((const struct row *)b)->host);

    return order ? order : by_kind(a, b);
}

static int
by_length(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

/* All of a kind together, by how long they took. */
static void
sum_up(struct hf_durations *d)
{
    int64_t *took = hf_xcalloc(d->len + 1, sizeof(*took));
    int64_t *next[HF_COUNT(d->kinds)], *end = took;

    for (size_t i = 0; i < d->len; i++)
        d->kinds[d->rows[i].kind].n++;
    for (size_t i = 0; i < HF_COUNT(next); i++) {
        next[i] = end;
        end += d->kinds[i].n;
    }
    for (size_t i = 0; i < d->len; i++) {
        d->kinds[d->rows[i].kind].sum += d->rows[i].took;
        *next[d->rows[i].kind]++ = d->rows[i].took;
    }
    for (size_t i = 0; i < HF_COUNT(next); i++) {
        struct kind *k = &d->kinds[i];
        int64_t *first = next[i] - k->n;

        if (!k->n)
            continue;
        qsort(first, k->n, sizeof(*first), by_length);
        k->enough = first[(k->n * 95 + 99) / 100 - 1];
    }
    free(took);
}

/* The history has the hosts in order already. */
static void
put_in_order(struct hf_durations *d)
{
    for (size_t i = 0, n; i < d->len; i += n) {
        for (n = 1; i + n < d->len && d->rows[i + n].host == d->rows[i].host;)
            n++;
        qsort(d->rows + i, n, sizeof(*d->rows), by_kind);
    }
}

struct hf_durations *
hf_durations_of(const struct hf_history *h)
{
    struct hf_durations *d = HF_NEW(struct hf_durations);

    d->arena = hf_arena_new();
    gather(d, h);
    put_in_order(d);
    sum_up(d);
    return d;
}

int
hf_durations_open(struct hf_durations **out, struct hf_session *s,
                  struct hf_err *err)
{
    struct hf_history *h = NULL;
    int rc = hf_history_open(&h, s, err);

    *out = NULL;
    if (rc < 0)
        return rc;
    *out = hf_durations_of(h);
    hf_history_free(h);
    return HF_OK;
}

void
hf_durations_free(struct hf_durations *d)
{
    if (!d)
        return;
    free(d->rows);
    hf_arena_free(d->arena);
    free(d);
}

/* ---- asking ---- */

/* Of all hosts: of that kind, else of the other one. */
static const struct kind *
kind_at(const struct hf_durations *d, int kind)
{
    return &d->kinds[d->kinds[kind].n ? kind : other_kind(kind)];
}

int64_t
hf_durations_mean(const struct hf_durations *d, const struct hf_duration_of *of)
{
    const struct kind *k = kind_at(d, kind_of(of));

    return k->n ? k->sum / (int64_t)k->n : 0;
}

/* The first of the host's rows of that kind, or where it would be. */
static size_t
first_of(const struct hf_durations *d, const struct row *wanted)
{
    size_t low = 0, high = d->len;

    while (low < high) {
        size_t mid = low + (high - low) / 2;

        if (by_host(&d->rows[mid], wanted) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

/* The median of the host's last ones; 0: none. */
static int64_t
of_host(const struct hf_durations *d, const char *host, int kind)
{
    const struct row wanted = {.host = host, .at = INT64_MAX, .kind = kind};
    size_t i = first_of(d, &wanted), n = 0;
    int64_t took[LAST];

    while (n < LAST && i + n < d->len && d->rows[i + n].kind == wanted.kind &&
           strcmp(d->rows[i + n].host, host) == 0) {
        took[n] = d->rows[i + n].took;
        n++;
    }
    if (n)
        qsort(took, n, sizeof(*took), by_length);
    return n ? took[n / 2] : 0;
}

int64_t
hf_durations_need(const struct hf_durations *d, const char *host,
                  const struct hf_duration_of *of)
{
    int kind = kind_of(of);
    int64_t took = of_host(d, host, kind);

    if (!took)
        took = of_host(d, host, other_kind(kind));
    return took ? took : kind_at(d, kind)->enough;
}
