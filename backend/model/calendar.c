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
#define BEFORE_MS (365 * DAY_MS)     /* how far back lines reach */
#define KNOWN_BEFORE_MS (2 * DAY_MS) /* and answers, back and forth */
#define KNOWN_MS (100 * DAY_MS)

const char *const hf_rule_kind_names[HF_RULE_KIND_COUNT + 1] = {
    "change", "restart", "freeze", NULL};

const char *const hf_rule_kind_titles[HF_RULE_KIND_COUNT] = {
    [HF_RULE_CHANGE] = "change window",
    [HF_RULE_RESTART] = "restart window",
    [HF_RULE_FREEZE] = "freeze",
};

const char *const hf_rule_kind_means[HF_RULE_KIND_COUNT] = {
    [HF_RULE_CHANGE] = "they are changed in change windows alone",
    [HF_RULE_RESTART] = "they may be restarted in it",
    [HF_RULE_FREEZE] = "nothing starts on them in it, whatever windows say",
};

const char *
hf_period_clock(const struct hf_period *p)
{
    return p->flags & HF_PERIOD_MOVED
               ? "the clock skips its start: later that night"
           : p->flags & HF_PERIOD_TWICE
               ? "its start comes twice that night: the first"
               : NULL;
}

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

/* The answers around now, each found once: openings, then freezes. */
static void
keep_known(struct preparing *p, struct hf_known *out,
           const struct hf_periods *all)
{
    struct hf_period *v = hf_arena_alloc(p->arena, (all->len + 1) * sizeof(*v));

    if (all->len)
        memcpy(v, all->v, all->len * sizeof(*v));
    out->from = p->index->from + BEFORE_MS - KNOWN_BEFORE_MS;
    out->v = v;
    out->len = all->len;
}

static void
know_openings(struct preparing *p, struct hf_host_class *k,
              enum hf_rule_kind kind)
{
    int64_t t = p->index->from + BEFORE_MS - KNOWN_BEFORE_MS;
    int64_t end = t + KNOWN_BEFORE_MS + KNOWN_MS;
    int always = kind == HF_RULE_CHANGE && !k->len[kind];
    struct hf_search windows, freezes;
    struct hf_periods all = {0};
    struct hf_period next;

    hf_search_begin(&windows, p->index, k, kind, t);
    hf_search_begin(&freezes, p->index, k, HF_RULE_FREEZE, t);
    for (; t < end; t = next.to) {
        if (hf_search_opening(&windows, &freezes, t, always, &next) ==
            HF_OPEN_NEVER)
            break;
        *HF_PUSH(&all.v, &all.len, &all.cap) = next;
    }
    keep_known(p, &k->known[kind], &all);
    hf_search_end(&freezes);
    hf_search_end(&windows);
    free(all.v);
}

static void
know_freezes(struct preparing *p, struct hf_host_class *k)
{
    int64_t t = p->index->from + BEFORE_MS - KNOWN_BEFORE_MS;
    int64_t end = t + KNOWN_BEFORE_MS + KNOWN_MS;
    struct hf_search freezes;
    struct hf_periods all = {0};
    struct hf_period next;

    hf_search_begin(&freezes, p->index, k, HF_RULE_FREEZE, t);
    for (; t < end; t = next.to) {
        (void)hf_search_freeze(&freezes, t, &next);
        if (next.from == HF_NEVER)
            break;
        *HF_PUSH(&all.v, &all.len, &all.cap) = next;
    }
    keep_known(p, &k->known[HF_RULE_FREEZE], &all);
    hf_search_end(&freezes);
    free(all.v);
}

static void
prepare_class(struct preparing *p, struct hf_host_class *k)
{
    add_lines(p, k);
    know_openings(p, k, HF_RULE_CHANGE);
    if (k->len[HF_RULE_RESTART])
        know_openings(p, k, HF_RULE_RESTART);
    if (k->len[HF_RULE_FREEZE])
        know_freezes(p, k);
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
        prepare_class(&p, &index->classes[i]);
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

/* ---- answers ---- */

static const struct hf_period never = {.from = HF_NEVER, .to = HF_NEVER};

/* The period that holds `t`, else the next; NULL: to be searched for. */
static const struct hf_period *
known_at(const struct hf_known *known, int64_t t)
{
    size_t low = 0, high = known->len;

    if (t < known->from)
        return NULL;
    while (low < high) {
        size_t mid = (low + high) / 2;

        if (known->v[mid].to > t)
            high = mid;
        else
            low = mid + 1;
    }
    return low < known->len ? &known->v[low] : NULL;
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
    struct hf_search windows, freezes;
    const struct hf_period *known;
    enum hf_opening opening;

    if (!k || (!always && !k->len[kind])) {
        *out = never;
        if (!always)
            return HF_OPEN_NEVER;
        out->from = INT64_MIN;
        return HF_OPEN_NOW;
    }
    if (!names && (known = known_at(&k->known[kind], t)) != NULL) {
        *out = *known;
        return known->from <= t ? HF_OPEN_NOW : HF_OPEN_LATER;
    }
    hf_search_begin(&windows, cal->index, k, kind, t);
    hf_search_begin(&freezes, cal->index, k, HF_RULE_FREEZE, t);
    if (names)
        hf_search_keep(&windows, names);
    opening = hf_search_opening(&windows, &freezes, t, always, out);
    hf_search_end(&freezes);
    hf_search_end(&windows);
    return opening;
}

int
hf_calendar_freeze(const struct hf_calendar *cal, const struct hf_host *host,
                   int64_t t, struct hf_period *out)
{
    const struct hf_host_class *k = cal ? class_of(cal, host) : NULL;
    const struct hf_period *known;
    struct hf_search freezes;
    int frozen;

    *out = never;
    if (!k || !k->len[HF_RULE_FREEZE])
        return 0;
    if ((known = known_at(&k->known[HF_RULE_FREEZE], t)) != NULL) {
        *out = *known;
        return known->from <= t;
    }
    hf_search_begin(&freezes, cal->index, k, HF_RULE_FREEZE, t);
    frozen = hf_search_freeze(&freezes, t, out);
    hf_search_end(&freezes);
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

/* After `lead`, with which the sentence begins. */
static void
say_next(char why[HF_WHY_LEN], const struct hf_zone *zone, const char *lead,
         const struct hf_period *next)
{
    const char *clock = hf_period_clock(next);
    char from[HF_ZONE_TIME_LEN];

    if (next->from == HF_NEVER)
        hf_say(why, HF_WHY_LEN, "%s, and none opens within 5 years", lead);
    else
        hf_say(why, HF_WHY_LEN, "%s: the next one, '%.50s', opens %s%s%s", lead,
               next->title ? next->title : "any",
               hf_zone_format(from, zone, next->from), clock ? "; " : "",
               clock ? clock : "");
}

static void
say_closed(char why[HF_WHY_LEN], const struct hf_zone *zone,
           enum hf_rule_kind kind, const struct hf_period *next)
{
    char lead[80];

    hf_say(lead, sizeof(lead), "outside its %s windows",
           hf_rule_kind_names[kind]);
    say_next(why, zone, lead, next);
}

/* Open, but not for long enough: as if it were over. */
static void
say_ending(char why[HF_WHY_LEN], const struct hf_zone *zone,
           const struct hf_period *now, const struct hf_period *next)
{
    char lead[80];

    hf_say(lead, sizeof(lead), "its window '%.40s' ends too soon",
           now->title ? now->title : "any");
    say_next(why, zone, lead, next);
}

int
hf_calendar_admits(const struct hf_calendar *cal, const struct hf_host *host,
                   enum hf_rule_kind kind, int64_t t, char why[HF_WHY_LEN])
{
    const struct hf_window_choice any = {0};
    int64_t until;

    return hf_calendar_admits_some(cal, host, kind, &any, t, &until, why);
}

int
hf_calendar_admits_some(const struct hf_calendar *cal,
                        const struct hf_host *host, enum hf_rule_kind kind,
                        const struct hf_window_choice *of, int64_t t,
                        int64_t *until, char why[HF_WHY_LEN])
{
    struct hf_period freeze, span, next;
    const struct hf_zone *zone;
    enum hf_opening opening =
        hf_calendar_window_named(cal, host, kind, of->names, t, &span);

    why[0] = '\0';
    *until = 0;
    if (opening == HF_OPEN_NOW &&
        (span.to == HF_NEVER || span.to - of->before_end > t))
        return 1;
    if (kind == HF_RULE_RESTART && !hf_calendar_rule(cal, host, kind, 0)) {
        hf_say(why, HF_WHY_LEN,
               "no restart window names it: it is never restarted");
        return 0;
    }
    zone = cal ? hf_calendar_zone(cal, host) : NULL; /* nothing to say then */
    if (opening == HF_OPEN_NOW) {
        *until = span.to;
        (void)hf_calendar_window_named(cal, host, kind, of->names, span.to,
                                       &next);
        say_ending(why, zone, &span, &next);
        return 0;
    }
    *until = opening == HF_OPEN_LATER ? span.from : 0;
    if (hf_calendar_freeze(cal, host, t, &freeze))
        say_frozen(why, zone, &freeze);
    else
        say_closed(why, zone, kind, &span);
    return 0;
}
