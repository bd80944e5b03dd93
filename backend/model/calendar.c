/* The calendar's answers for a host and a moment. */
#include "backend/model/calendar.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/names.h"
#include "backend/base/text.h"
#include "backend/model/calendar_lines.h"

#define DAY_MS ((int64_t)24 * 60 * 60 * 1000)
#define BEFORE_MS (365 * DAY_MS) /* how far back lines reach */

const char *const hf_rule_kind_names[HF_RULE_KIND_COUNT + 1] = {
    "change", "restart", "freeze", NULL};

/* ---- preparing ---- */

struct preparing {
    struct hf_calendar_index *index;
    struct hf_arena *arena;
    struct hf_rule_line **lines; /* all so far */
    size_t len, cap;
};

static struct hf_rule_line *
make_line(struct preparing *p, const struct hf_rule *rule,
          const struct hf_zone *zone)
{
    struct hf_rule_line *line = hf_arena_alloc(p->arena, sizeof(*line));
    struct hf_periods spans = {0};
    struct hf_period *v;
    int64_t *run;

    hf_rule_expand(rule, zone, p->index->from, p->index->to, &spans);
    v = hf_arena_alloc(p->arena, (spans.len + 1) * sizeof(*v));
    run = hf_arena_alloc(p->arena, (spans.len + 1) * sizeof(*run));
    if (spans.len)
        memcpy(v, spans.v, spans.len * sizeof(*v));
    hf_periods_runs(v, spans.len, run);
    *line = (struct hf_rule_line){rule, zone, v, run, spans.len};
    free(spans.v);
    *HF_PUSH(&p->lines, &p->len, &p->cap) = line;
    return line;
}

/* Classes share the lines of rules that run on one clock. */
static const struct hf_rule_line *
line_of(struct preparing *p, const struct hf_rule *rule,
        const struct hf_zone *host_zone)
{
    const struct hf_zone *zone = rule->zone ? rule->zone : host_zone;

    for (size_t i = 0; i < p->len; i++) {
        if (p->lines[i]->rule == rule && p->lines[i]->zone == zone)
            return p->lines[i];
    }
    return make_line(p, rule, zone);
}

static void
add_lines(struct preparing *p, struct hf_host_class *k)
{
    for (int kind = 0; kind < HF_RULE_KIND_COUNT; kind++) {
        k->lines[kind] = hf_arena_alloc(p->arena, (k->len[kind] + 1) *
                                                      sizeof(*k->lines[kind]));
        for (size_t i = 0; i < k->len[kind]; i++)
            k->lines[kind][i] = line_of(p, k->rules[kind][i], k->zone);
    }
}

void
hf_calendar_prepare(struct hf_calendar *cal, const struct hf_fleet *fleet,
                    int64_t now)
{
    struct hf_calendar_index *index =
        hf_arena_alloc(fleet->arena, sizeof(*index));
    struct preparing p = {.index = index, .arena = fleet->arena};

    index->fleet = fleet;
    index->from = now - BEFORE_MS;
    index->to = now + BEFORE_MS + HF_CALENDAR_AHEAD;
    hf_calendar_classify(index, cal, fleet->arena);
    for (size_t i = 0; i < index->classes_len; i++)
        add_lines(&p, (struct hf_host_class *)&index->classes[i]);
    free(p.lines);
    cal->index = index;
}

/* ---- looking up ---- */

static const struct hf_host_class *
class_of(const struct hf_calendar *cal, const struct hf_host *host)
{
    const struct hf_calendar_index *index = cal->index;
    const struct hf_fleet *fleet = index->fleet;

    if (host < fleet->hosts || host >= fleet->hosts + fleet->hosts_len)
        host = hf_fleet_find(fleet, host->name); /* somebody's copy */
    assert(host);
    return &index->classes[index->class_of[host - fleet->hosts]];
}

/* The lines of one kind that answer for moments from `t` on: those of the
 * class, or, far from where these were made for, own ones. */
struct search {
    const struct hf_rule_line *const *v;
    size_t len;
    struct hf_rule_line *own;
    size_t own_len;
    const struct hf_rule_line **own_v, **named;
};

static void
own_lines(struct search *s, const struct hf_host_class *k,
          enum hf_rule_kind kind, int64_t t)
{
    s->own = hf_xcalloc(s->len + 1, sizeof(*s->own));
    s->own_v = hf_xcalloc(s->len + 1, sizeof(*s->own_v));
    for (size_t i = 0; i < s->len; i++) {
        struct hf_periods spans = {0};
        int64_t *run;

        hf_rule_expand(k->rules[kind][i], k->zone, t - DAY_MS,
                       t + HF_CALENDAR_AHEAD, &spans);
        run = hf_xcalloc(spans.len + 1, sizeof(*run));
        hf_periods_runs(spans.v, spans.len, run);
        s->own[i] = (struct hf_rule_line){k->rules[kind][i], k->zone, spans.v,
                                          run, spans.len};
        s->own_v[i] = &s->own[i];
    }
    s->v = s->own_v;
    s->own_len = s->len;
}

/* Only the rules of these names. */
static void
keep_named(struct search *s, const char *const *names)
{
    size_t n = 0;

    s->named = hf_xcalloc(s->len + 1, sizeof(*s->named));
    for (size_t i = 0; i < s->len; i++) {
        if (hf_name_index(names, s->v[i]->rule->name) >= 0)
            s->named[n++] = s->v[i];
    }
    s->v = s->named;
    s->len = n;
}

static void
search_begin(struct search *s, const struct hf_calendar *cal,
             const struct hf_host_class *k, enum hf_rule_kind kind, int64_t t)
{
    *s = (struct search){.v = k->lines[kind], .len = k->len[kind]};
    if (t < cal->index->from || t > cal->index->to - HF_CALENDAR_AHEAD)
        own_lines(s, k, kind, t);
}

static void
search_end(struct search *s)
{
    for (size_t i = 0; i < s->own_len; i++) {
        free((void *)s->own[i].v);
        free((void *)s->own[i].run);
    }
    free(s->own);
    free(s->own_v);
    free(s->named);
}

/* The span that holds `t`, of several the one that began first; or NULL. *end
 * is when it and all that touch it are over. */
static const struct hf_period *
search_at(const struct search *s, int64_t t, int64_t *end)
{
    const struct hf_period *found = NULL;
    int64_t before;

    *end = t;
    do {
        before = *end;
        for (size_t i = 0; i < s->len; i++) {
            const struct hf_rule_line *line = s->v[i];
            size_t at = hf_rule_line_find(line, *end);

            if (at == line->len || line->v[at].from > *end)
                continue;
            if (line->v[at].from <= t &&
                (!found || line->v[at].from < found->from))
                found = &line->v[at];
            *end = line->run[at];
        }
    } while (*end > before);
    return found;
}

/* The first span that starts after `t`, or NULL. */
static const struct hf_period *
search_after(const struct search *s, int64_t t)
{
    const struct hf_period *found = NULL;

    for (size_t i = 0; i < s->len; i++) {
        const struct hf_rule_line *line = s->v[i];
        size_t at = hf_rule_line_find(line, t);

        while (at < line->len && line->v[at].from <= t)
            at++;
        if (at < line->len && (!found || line->v[at].from < found->from))
            found = &line->v[at];
    }
    return found;
}

/* ---- answers ---- */

static const struct hf_period never = {.from = HF_NEVER, .to = HF_NEVER};

static int64_t
freeze_after(const struct search *freezes, int64_t t)
{
    const struct hf_period *next = search_after(freezes, t);

    return next ? next->from : HF_NEVER;
}

/* From `t` on: the first moment inside a window and outside every freeze. */
static enum hf_opening
first_opening(const struct search *windows, const struct search *freezes,
              int64_t t, int always, struct hf_period *out)
{
    const struct hf_period *window;
    int64_t at = t, end = HF_NEVER;

    for (;;) {
        (void)search_at(freezes, at, &at);
        if (always) {
            *out = (struct hf_period){.from = INT64_MIN};
            break;
        }
        if ((window = search_at(windows, at, &end)) != NULL) {
            *out = *window;
            break;
        }
        if (!(window = search_after(windows, at)) ||
            window->from > t + HF_CALENDAR_AHEAD) {
            *out = never;
            return HF_OPEN_NEVER;
        }
        at = window->from;
    }
    out->to = freeze_after(freezes, at);
    if (out->to > end)
        out->to = end;
    if (at == t)
        return HF_OPEN_NOW;
    out->from = at;
    return HF_OPEN_LATER;
}

enum hf_opening
hf_calendar_window(const struct hf_calendar *cal, const struct hf_host *host,
                   enum hf_rule_kind kind, int64_t t, struct hf_period *out)
{
    return hf_calendar_window_named(cal, host, kind, NULL, t, out);
}

enum hf_opening
hf_calendar_window_named(const struct hf_calendar *cal,
                         const struct hf_host *host, enum hf_rule_kind kind,
                         const char *const *names, int64_t t,
                         struct hf_period *out)
{
    const struct hf_host_class *k = cal ? class_of(cal, host) : NULL;
    int always =
        kind == HF_RULE_CHANGE && !names && (!k || !k->len[HF_RULE_CHANGE]);
    struct search windows, freezes;
    enum hf_opening opening;

    if (!k || (!always && !k->len[kind])) {
        *out = never;
        if (!always)
            return HF_OPEN_NEVER;
        out->from = INT64_MIN;
        return HF_OPEN_NOW;
    }
    search_begin(&windows, cal, k, kind, t);
    search_begin(&freezes, cal, k, HF_RULE_FREEZE, t);
    if (names)
        keep_named(&windows, names);
    opening = first_opening(&windows, &freezes, t, always, out);
    search_end(&freezes);
    search_end(&windows);
    return opening;
}

int
hf_calendar_freeze(const struct hf_calendar *cal, const struct hf_host *host,
                   int64_t t, struct hf_period *out)
{
    const struct hf_period *found;
    struct search freezes;
    int64_t end;
    int frozen;

    *out = never;
    if (!cal)
        return 0;
    search_begin(&freezes, cal, class_of(cal, host), HF_RULE_FREEZE, t);
    found = search_at(&freezes, t, &end);
    frozen = found != NULL;
    if (!found && (found = search_after(&freezes, t)) != NULL)
        (void)search_at(&freezes, found->from, &end);
    if (found) {
        *out = *found;
        out->to = end;
    }
    search_end(&freezes);
    return frozen;
}

static int
compare_spans(const void *a, const void *b)
{
    const struct hf_period *x = a, *y = b;

    if (x->from != y->from)
        return x->from < y->from ? -1 : 1;
    return (x->rule > y->rule) - (x->rule < y->rule);
}

void
hf_calendar_expand(const struct hf_calendar *cal, const struct hf_host *host,
                   int64_t from, int64_t to, struct hf_periods *out)
{
    const struct hf_host_class *k = cal ? class_of(cal, host) : NULL;
    size_t first = out->len;

    for (int kind = 0; k && kind < HF_RULE_KIND_COUNT; kind++) {
        for (size_t i = 0; i < k->len[kind]; i++)
            hf_rule_expand(k->rules[kind][i], k->zone, from, to, out);
    }
    if (out->len > first)
        qsort(out->v + first, out->len - first, sizeof(*out->v), compare_spans);
}

const struct hf_rule *
hf_calendar_rule(const struct hf_calendar *cal, const struct hf_host *host,
                 enum hf_rule_kind kind, size_t i)
{
    const struct hf_host_class *k = cal ? class_of(cal, host) : NULL;

    return k && i < k->len[kind] ? k->rules[kind][i] : NULL;
}

const struct hf_zone *
hf_calendar_zone(const struct hf_calendar *cal, const struct hf_host *host)
{
    return class_of(cal, host)->zone;
}

const char *
hf_calendar_zone_source(const struct hf_calendar *cal,
                        const struct hf_host *host)
{
    return class_of(cal, host)->zone_source;
}

size_t
hf_calendar_class(const struct hf_calendar *cal, const struct hf_host *host)
{
    return (size_t)(class_of(cal, host) - cal->index->classes);
}

size_t
hf_calendar_classes(const struct hf_calendar *cal)
{
    return cal->index->classes_len;
}

const struct hf_baselines *
hf_calendar_baselines(const struct hf_calendar *cal, const char *product)
{
    for (size_t i = 0; cal && product && i < cal->baselines_len; i++) {
        if (strcmp(cal->baselines[i].product, product) == 0)
            return &cal->baselines[i];
    }
    return NULL;
}

/* ---- sentences ---- */

static void
say_frozen(char why[HF_WHY_LEN], const struct hf_zone *zone,
           const struct hf_period *freeze)
{
    char until[HF_ZONE_TIME_LEN];

    hf_say(why, HF_WHY_LEN, "frozen by '%.60s' until %s", freeze->title,
           hf_zone_format(until, zone, freeze->to));
}

static void
say_closed(char why[HF_WHY_LEN], const struct hf_zone *zone,
           enum hf_rule_kind kind, const struct hf_period *next)
{
    char from[HF_ZONE_TIME_LEN];

    if (next->from == HF_NEVER)
        hf_say(why, HF_WHY_LEN,
               "outside its %s windows, and none opens within 5 years",
               hf_rule_kind_names[kind]);
    else
        hf_say(why, HF_WHY_LEN,
               "outside its %s windows: the next one, '%.50s', opens %s",
               hf_rule_kind_names[kind], next->title ? next->title : "any",
               hf_zone_format(from, zone, next->from));
}

int
hf_calendar_admits(const struct hf_calendar *cal, const struct hf_host *host,
                   enum hf_rule_kind kind, int64_t t, char why[HF_WHY_LEN])
{
    const struct hf_zone *zone;
    struct hf_period freeze, next;
    enum hf_opening opening = hf_calendar_window(cal, host, kind, t, &next);

    why[0] = '\0';
    if (opening == HF_OPEN_NOW)
        return 1;
    if (kind == HF_RULE_RESTART && !hf_calendar_rule(cal, host, kind, 0)) {
        hf_say(why, HF_WHY_LEN,
               "no restart window names it: it is never restarted");
        return 0;
    }
    zone = hf_calendar_zone(cal, host);
    if (hf_calendar_freeze(cal, host, t, &freeze))
        say_frozen(why, zone, &freeze);
    else
        say_closed(why, zone, kind, &next);
    return 0;
}
