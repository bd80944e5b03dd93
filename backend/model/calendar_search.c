/* Looking for openings and freezes along the lines of a class of hosts. */
#include <stdlib.h>

#include "backend/base/names.h"
#include "backend/model/calendar_lines.h"

#define DAY_MS ((int64_t)24 * 60 * 60 * 1000)

/* ---- lines ---- */

static void
own_lines(struct hf_search *s, const struct hf_host_class *k,
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

void
hf_search_keep(struct hf_search *s, const char *const *names)
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

void
hf_search_begin(struct hf_search *s, const struct hf_calendar_index *index,
                const struct hf_host_class *k, enum hf_rule_kind kind,
                int64_t t)
{
    *s = (struct hf_search){.v = k->lines[kind], .len = k->len[kind]};
    if (t < index->from || t > index->to - HF_CALENDAR_AHEAD)
        own_lines(s, k, kind, t);
}

void
hf_search_end(struct hf_search *s)
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
search_at(const struct hf_search *s, int64_t t, int64_t *end)
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
search_after(const struct hf_search *s, int64_t t)
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

static int64_t
freeze_after(const struct hf_search *freezes, int64_t t)
{
    const struct hf_period *next = search_after(freezes, t);

    return next ? next->from : HF_NEVER;
}

/* A window that holds at `t` since `from`: since when no freeze does. */
static int64_t
open_since(const struct hf_search *freezes, int64_t from, int64_t t)
{
    int64_t at = from, next;

    for (;;) {
        (void)search_at(freezes, at, &at);
        if ((next = freeze_after(freezes, at)) > t)
            return at;
        at = next;
    }
}

enum hf_opening
hf_search_opening(const struct hf_search *windows,
                  const struct hf_search *freezes, int64_t t, int always,
                  struct hf_period *out)
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
            *out = (struct hf_period){.from = HF_NEVER, .to = HF_NEVER};
            return HF_OPEN_NEVER;
        }
        at = window->from;
    }
    out->to = freeze_after(freezes, at);
    if (out->to > end)
        out->to = end;
    if (at == t) {
        if (!always)
            out->from = open_since(freezes, out->from, t);
        return HF_OPEN_NOW;
    }
    if (out->from != at)
        out->flags = 0; /* a freeze ends then, whatever the clock does */
    out->from = at;
    return HF_OPEN_LATER;
}

int
hf_search_freeze(const struct hf_search *freezes, int64_t t,
                 struct hf_period *out)
{
    int64_t end;
    const struct hf_period *found = search_at(freezes, t, &end);
    int frozen = found != NULL;

    *out = (struct hf_period){.from = HF_NEVER, .to = HF_NEVER};
    if (!found && (found = search_after(freezes, t)) != NULL)
        (void)search_at(freezes, found->from, &end);
    if (found) {
        *out = *found;
        out->to = end;
    }
    return frozen;
}
