/* Gathering windows and freezes: once for each class of hosts, then put
 * together where they are the same. */
#include "backend/model/schedule.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/sha256.h"

/* Hosts with equal answers: one stands for all. */
struct group {
    const struct hf_host *host;
    size_t hosts;
};

/* ---- one group ---- */

/* Which freeze lies over a window, and is anything left of it? */
static void
mark_frozen(struct hf_schedule_row *row, const struct hf_periods *all)
{
    const struct hf_period *window = &row->period;
    int64_t open = window->from; /* nothing before it is left */

    for (size_t i = 0; i < all->len; i++) {
        const struct hf_period *freeze = &all->v[i];

        if (freeze->rule->kind != HF_RULE_FREEZE || freeze->to <= open ||
            freeze->from >= window->to)
            continue;
        if (!row->frozen)
            row->frozen = freeze->rule;
        if (freeze->from <= open)
            open = freeze->to;
    }
    row->frozen_all = row->frozen && open >= window->to;
}

static void
add_group(struct hf_schedule *s, const struct hf_calendar *cal,
          const struct group *g)
{
    struct hf_periods all = {0};

    hf_calendar_expand(cal, g->host, s->from, s->to, &all);
    for (size_t i = 0; i < all.len; i++) {
        const struct hf_rule *rule = all.v[i].rule;
        struct hf_schedule_row *row = HF_PUSH(&s->v, &s->len, &s->cap);

        row->period = all.v[i];
        row->hosts = g->hosts;
        row->zone = rule->zone ? rule->zone : hf_calendar_zone(cal, g->host);
        if (rule->kind != HF_RULE_FREEZE)
            mark_frozen(row, &all);
    }
    free(all.v);
    if (!hf_calendar_rule(cal, g->host, HF_RULE_CHANGE, 0))
        s->any_time += g->hosts;
    if (!hf_calendar_rule(cal, g->host, HF_RULE_RESTART, 0))
        s->never += g->hosts;
}

/* ---- all ---- */

static int
compare_rows(const void *a, const void *b)
{
    const struct hf_schedule_row *x = a, *y = b;

    if (x->period.from != y->period.from)
        return x->period.from < y->period.from ? -1 : 1;
    if (x->period.rule != y->period.rule)
        return x->period.rule < y->period.rule ? -1 : 1;
    if (x->period.to != y->period.to)
        return x->period.to < y->period.to ? -1 : 1;
    if (x->zone != y->zone)
        return strcmp(hf_zone_name(x->zone), hf_zone_name(y->zone));
    if (x->frozen != y->frozen)
        return x->frozen < y->frozen ? -1 : 1;
    return x->frozen_all - y->frozen_all;
}

static void
put_together(struct hf_schedule *s)
{
    size_t n = 0;

    if (s->len)
        qsort(s->v, s->len, sizeof(*s->v), compare_rows);
    for (size_t i = 0; i < s->len; i++) {
        if (n && compare_rows(&s->v[n - 1], &s->v[i]) == 0)
            s->v[n - 1].hosts += s->v[i].hosts;
        else
            s->v[n++] = s->v[i];
    }
    s->len = n;
}

void
hf_schedule_make(struct hf_schedule *out, const struct hf_calendar *cal,
                 const struct hf_host *const *hosts, size_t n, int64_t from,
                 int64_t to)
{
    size_t classes = cal ? hf_calendar_classes(cal) : 0;
    struct group *groups = hf_xcalloc(classes + 1, sizeof(*groups));

    *out = (struct hf_schedule){.from = from, .to = to, .hosts = n};
    for (size_t i = 0; cal && i < n; i++) {
        struct group *g = &groups[hf_calendar_class(cal, hosts[i])];

        g->host = hosts[i];
        g->hosts++;
    }
    for (size_t i = 0; i < classes; i++) {
        if (groups[i].hosts)
            add_group(out, cal, &groups[i]);
    }
    free(groups);
    put_together(out);
    if (!cal)
        out->any_time = out->never = n;
}

void
hf_schedule_release(struct hf_schedule *s)
{
    free(s->v);
    *s = (struct hf_schedule){0};
}

void
hf_schedule_id(char out[33], const struct hf_schedule_row *row)
{
    char text[512], hash[HF_SHA256_HEX];
    int n;

    n = snprintf(text, sizeof(text), "%s\n%s\n%s\n%" PRId64,
                 hf_rule_kind_names[row->period.rule->kind],
                 row->period.rule->name, hf_zone_name(row->zone),
                 row->period.from);
    hf_sha256_hex(hash, text, (size_t)n);
    memcpy(out, hash, 32);
    out[32] = '\0';
}
