/* From a rule to its spans: which days, and what the clock makes of them. */
#include "backend/model/calendar_lines.h"

#include <stdlib.h>

#include "backend/base/civil.h"

#define HOUR_MS ((int64_t)60 * 60 * 1000)
#define REACH_MS (26 * HOUR_MS) /* a local time is never farther from UTC */

/* ---- days ---- */

/* The day that "second tuesday + 4 days" is in a month; the day before every
 * other when there is no fifth one. */
static int64_t
monthly_day(const struct hf_monthly *m, int year, int month)
{
    int64_t first = hf_day(year, month, 1), last = hf_day(year, month + 1, 1);
    int64_t day;
    int step = m->weekday == 7 ? 1 : 7;

    last--;
    if (m->nth < 0)
        day = last -
              (step == 1 ? 0 : (hf_day_weekday(last) - m->weekday + 7) % 7);
    else
        day = first + (int64_t)(m->nth - 1) * step +
              (step == 1 ? 0 : (m->weekday - hf_day_weekday(first) + 7) % 7);
    return day > last ? INT64_MIN : day + m->plus;
}

/* An offset may lead into another month: those around are tried, too. */
static int64_t
next_monthly(const struct hf_rule *rule, int64_t day)
{
    const struct hf_monthly *m = &rule->monthly;
    struct hf_civil c = hf_day_civil(day - m->plus);

    /* a fifth weekday in February comes every 28 years, at the latest 40 */
    for (int i = -1; i < 40 * 12; i++) {
        int month = c.month - 1 + i;
        unsigned bit = 1u << ((month % 12 + 12) % 12);
        int64_t found;

        if (rule->months && !(rule->months & bit))
            continue;
        if ((found = monthly_day(m, c.year, month + 1)) >= day)
            return found;
    }
    return HF_NEVER;
}

static int64_t
next_weekly(const struct hf_rule *rule, int64_t day)
{
    for (int i = 0; i < 7; i++, day++) {
        if (rule->weekdays & (1u << hf_day_weekday(day)))
            return day;
    }
    return HF_NEVER;
}

static int64_t
next_date(const struct hf_rule *rule, int64_t day)
{
    for (size_t i = 0; i < rule->days_len; i++) {
        if (rule->days[i] >= day)
            return rule->days[i];
    }
    return HF_NEVER;
}

/* clang-format off */
/* The first day at or after `day` on which it begins, or HF_NEVER. */
static int64_t (*const next_day[])(const struct hf_rule *rule, int64_t day) = {
    [HF_REPEAT_ONCE] = NULL,
    [HF_REPEAT_DATES] = next_date,
    [HF_REPEAT_WEEKLY] = next_weekly,
    [HF_REPEAT_MONTHLY] = next_monthly,
    [HF_REPEAT_EVENTS] = NULL,
};
/* clang-format on */

/* ---- spans ---- */

struct stretch {
    const struct hf_rule *rule;
    const struct hf_zone *zone;
    int64_t from, to;
    struct hf_periods *out;
    size_t first; /* of this rule in out */
};

/* A span that the clock leaves nothing of (Apia had no 30 December 2011), or
 * that lies in the one before, is none. */
static void
add_span(struct stretch *s, int64_t from, int64_t to, const char *title,
         unsigned flags)
{
    const struct hf_period *last =
        s->out->len > s->first ? &s->out->v[s->out->len - 1] : NULL;

    if (to <= from || to <= s->from || from >= s->to ||
        (last && (from <= last->from || to <= last->to)))
        return;
    *HF_PUSH(&s->out->v, &s->out->len, &s->out->cap) =
        (struct hf_period){from, to, s->rule, title, flags};
}

/* When in doubt closed: a window ends at the first of two equal times, a
 * freeze at the second. */
static int64_t
end_moment(const struct stretch *s, int64_t local)
{
    int64_t at;

    (void)hf_zone_moment(s->zone, local, s->rule->kind == HF_RULE_FREEZE, &at);
    return at;
}

static unsigned
start_moment(const struct stretch *s, int64_t local, int64_t *at)
{
    switch (hf_zone_moment(s->zone, local, 0, at)) {
    case HF_LOCAL_SKIPPED:
        return HF_PERIOD_MOVED;
    case HF_LOCAL_TWICE:
        return HF_PERIOD_TWICE;
    case HF_LOCAL_ONCE:
        break;
    }
    return 0;
}

/* Whole days end at the same time of day, the rest is time that passes. */
static void
add_day(struct stretch *s, int64_t day)
{
    const struct hf_rule *rule = s->rule;
    int64_t local = day * HF_DAY_MS + rule->at, from, to;
    int64_t days = rule->length / HF_DAY_MS * HF_DAY_MS;
    unsigned flags = start_moment(s, local, &from);

    to = days ? end_moment(s, local + days) : from;
    add_span(s, from, to + rule->length - days, rule->name, flags);
}

static void
add_days(struct stretch *s)
{
    const struct hf_rule *rule = s->rule;
    int64_t lowest = s->from - REACH_MS - rule->length - rule->at;
    int64_t day = hf_day_of(lowest < rule->from ? rule->from : lowest);
    int64_t last = hf_day_of(s->to + REACH_MS);

    if (last > hf_day_of(rule->to))
        last = hf_day_of(rule->to);
    while ((day = next_day[rule->repeat](rule, day)) <= last)
        add_day(s, day++);
}

static void
add_once(struct stretch *s)
{
    int64_t from;
    unsigned flags = start_moment(s, s->rule->from, &from);

    add_span(s, from, end_moment(s, s->rule->to), s->rule->name, flags);
}

static int
compare_spans(const void *a, const void *b)
{
    const struct hf_period *x = a, *y = b;

    if (x->from != y->from)
        return x->from < y->from ? -1 : 1;
    return (x->to > y->to) - (x->to < y->to);
}

static void
collect_occasions(struct stretch *s, struct hf_periods *all)
{
    const struct hf_rule *rule = s->rule;

    for (size_t i = 0; i < rule->occasions_len; i++) {
        const struct hf_occasion *o = &rule->occasions[i];
        struct hf_period span = {o->from, o->to, rule, o->title, o->flags};

        if (o->from - REACH_MS >= s->to)
            break;
        if (o->to + REACH_MS <= s->from)
            continue;
        if (o->local) {
            span.flags = start_moment(s, o->from, &span.from);
            span.to = end_moment(s, o->to);
        }
        if (!span.title)
            span.title = rule->name;
        *HF_PUSH(&all->v, &all->len, &all->cap) = span;
    }
}

/* Events of other people's calendars may lie over each other: such make one
 * span under the first one's title. */
static void
add_occasions(struct stretch *s)
{
    struct hf_periods all = {0};

    collect_occasions(s, &all);
    if (all.len)
        qsort(all.v, all.len, sizeof(*all.v), compare_spans);
    for (size_t i = 0; i < all.len; i++) {
        struct hf_period *last =
            s->out->len > s->first ? &s->out->v[s->out->len - 1] : NULL;

        if (last && all.v[i].from < last->to) {
            if (all.v[i].to > last->to)
                last->to = all.v[i].to;
        } else {
            add_span(s, all.v[i].from, all.v[i].to, all.v[i].title,
                     all.v[i].flags);
        }
    }
    free(all.v);
}

void
hf_rule_expand(const struct hf_rule *rule, const struct hf_zone *host_zone,
               int64_t from, int64_t to, struct hf_periods *out)
{
    struct stretch s = {
        rule, rule->zone ? rule->zone : host_zone, from, to, out, out->len};

    if (rule->repeat == HF_REPEAT_ONCE)
        add_once(&s);
    else if (rule->repeat == HF_REPEAT_EVENTS)
        add_occasions(&s);
    else
        add_days(&s);
}

void
hf_periods_runs(const struct hf_period *v, size_t n, int64_t *run)
{
    for (size_t i = n; i-- > 0;)
        run[i] = i + 1 < n && v[i + 1].from <= v[i].to ? run[i + 1] : v[i].to;
}

size_t
hf_rule_line_find(const struct hf_rule_line *line, int64_t t)
{
    size_t low = 0, high = line->len;

    while (low < high) {
        size_t mid = (low + high) / 2;

        if (line->v[mid].to > t)
            high = mid;
        else
            low = mid + 1;
    }
    return low;
}
