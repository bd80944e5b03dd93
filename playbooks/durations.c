/* How long runs took before. */
#include "playbooks/durations.h"

#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"
#include "backend/base/names.h"
#include "backend/base/time.h"

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

static int
read_run(struct row *out, const struct hf_record *r)
{
    const char *price = hf_facts_get(&r->facts, HF_PAST_RESTART);
    const char *text = hf_facts_get(&r->facts, HF_PAST_STARTED);
    int action = hf_name_index(hf_action_names, r->recent.action);
    struct hf_duration_of of = {
        .staged = hf_facts_get(&r->facts, HF_PAST_STAGED) != NULL};
    int64_t started;

    if (action < 0 || !price || !text || hf_time_parse(&started, text) < 0 ||
        strcmp(r->recent.outcome, hf_outcome_names[HF_OUTCOME_VERIFIED]) != 0)
        return 0;
    of.action = (enum hf_action)action;
    for (int i = 0; i < RESTARTS; i++) {
        if (strcmp(price, hf_restart_names[i]) == 0)
            of.restart = (enum hf_restart)i;
    }
    out->kind = kind_of(&of);
    out->at = r->recent.at;
    out->took = r->recent.at - started;
    return out->took > 0;
}

static void
gather(struct hf_durations *d, const struct hf_history *h)
{
    const char *host = "";

    for (size_t i = 0; i < hf_history_len(h); i++) {
        struct row row = {0};
        struct hf_moment m;

        hf_history_peek(h, i, &m);
        if (!m.is_run)
            continue;
        hf_history_get(h, i, &m);
        if (read_run(&row, &m.record)) {
            if (strcmp(host, m.host) != 0)
                host = hf_arena_strdup(d->arena, m.host);
            row.host = host;
            *HF_PUSH(&d->rows, &d->len, &d->cap) = row;
        }
        hf_record_release(&m.record);
    }
}

static int
by_kind(const void *a, const void *b)
{
    const struct row *x = a, *y = b;

    if (x->kind != y->kind)
        return x->kind - y->kind;
    return (x->took > y->took) - (x->took < y->took);
}

static int
by_host(const void *a, const void *b)
{
    const struct row *x = a, *y = b;
    int order = strcmp(x->host, y->host);

    if (order != 0 || x->kind != y->kind)
        return order ? order : x->kind - y->kind;
    return (x->at < y->at) - (x->at > y->at);
}

static void
sum_up(struct hf_durations *d)
{
    if (!d->len)
        return;
    qsort(d->rows, d->len, sizeof(*d->rows), by_kind);
    for (size_t i = 0, n; i < d->len; i += n) {
        struct kind *k = &d->kinds[d->rows[i].kind];

        for (n = 0; i + n < d->len && d->rows[i + n].kind == d->rows[i].kind;
             n++)
            k->sum += d->rows[i + n].took;
        k->n = n;
        k->enough = d->rows[i + (n * 95 + 99) / 100 - 1].took;
    }
    qsort(d->rows, d->len, sizeof(*d->rows), by_host);
}

struct hf_durations *
hf_durations_of(const struct hf_history *h)
{
    struct hf_durations *d = HF_NEW(struct hf_durations);

    d->arena = hf_arena_new();
    gather(d, h);
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

static int
by_length(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return (x > y) - (x < y);
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
