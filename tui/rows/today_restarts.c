/* Who must restart to be covered, by date: those that are due, then when cover
 * ends for the others. */
#include <stdlib.h>

#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "backend/base/time.h"
#include "tui/rows/today_priv.h"

#define DATES_MAX 3 /* of cover that ends: the rest is far away */
#define DAY_MS ((int64_t)24 * 60 * 60 * 1000)

struct bucket {
    int due;
    int64_t day; /* 0: not known */
    struct hf_strs hosts;
};

struct buckets {
    struct bucket *v;
    size_t len, cap;
};

static void
put(struct buckets *b, int due, int64_t at, const char *host)
{
    struct bucket *found = NULL;

    for (size_t i = 0; i < b->len && !found; i++) {
        if (b->v[i].due == due && b->v[i].day == at / DAY_MS)
            found = &b->v[i];
    }
    if (!found) {
        found = HF_PUSH(&b->v, &b->len, &b->cap);
        *found = (struct bucket){.due = due, .day = at / DAY_MS};
    }
    hf_strs_add(&found->hosts, host);
}

/* What is due first, in it the oldest first. */
static int
compare(const void *a, const void *b)
{
    const struct bucket *x = a, *y = b;

    if (x->due != y->due)
        return y->due - x->due;
    return (x->day > y->day) - (x->day < y->day);
}

static void
add_bucket(struct hf_today *t, struct bucket *b, int64_t now)
{
    size_t n = b->hosts.len;
    struct hf_today_line *line;
    char day[HF_TIME_LEN];

    hf_time_format(day, b->day * DAY_MS);
    if (!b->due)
        line = hf_today_add(t, HF_TODAY_RESTART, NULL,
                            "%.10s  cover of %zu host%s ends: then a restart",
                            day, n, hf_plural(n));
    else if (b->day)
        line = hf_today_add(
            t, HF_TODAY_RESTART, "hotfleet hosts coverage:restart-due",
            "%.10s  %zu host%s %s for a restart", day, n, hf_plural(n),
            b->day * DAY_MS > now ? "due by then" : "due since then");
    else
        line = hf_today_add(t, HF_TODAY_RESTART,
                            "hotfleet hosts coverage:restart-due",
                            "%zu host%s due for a restart into a covered level",
                            n, hf_plural(n));
    line->urgent = b->due;
    line->hosts = b->hosts;
    b->hosts = (struct hf_strs){0};
}

void
hf_today_restarts(struct hf_today *t, const struct hf_today_in *in)
{
    struct buckets b = {0};
    size_t dates = 0;

    for (size_t i = 0; i < in->states_len; i++) {
        const struct hf_standing *s = &in->states[i].status;
        int due = s->coverage == HF_COVERAGE_RESTART_DUE;

        if (due || (s->coverage == HF_COVERAGE_COVERED && s->covered_until))
            put(&b, due, s->covered_until, in->states[i].host->name);
    }
    if (b.len)
        qsort(b.v, b.len, sizeof(*b.v), compare);
    for (size_t i = 0; i < b.len; i++) {
        if (b.v[i].due || dates++ < DATES_MAX)
            add_bucket(t, &b.v[i], in->now);
        hf_strs_release(&b.v[i].hosts);
    }
    free(b.v);
}
