/* Screen 8 as lines. */
#include "tui/rows/value.h"

#include <stdio.h>
#include <stdlib.h>

#include "backend/base/civil.h"
#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "tui/rows/fact.h"
#include "tui/rows/memory.h"
#include "tui/rows/plot.h"

#define LABEL 24 /* columns of names */

static struct hf_line *
add_label(struct hf_doc *d, const char *label)
{
    struct hf_line *l = &hf_doc_add(d)->line;

    hf_line_add(l, HF_TONE_PLAIN, "  %-*s", LABEL, label);
    return l;
}

/* ---- in effect ---- */

static void
add_figure(struct hf_doc *d, const char *label, size_t part, size_t whole)
{
    struct hf_line *l = add_label(d, label);
    char text[HF_SHARE_LEN];

    hf_line_add(l, HF_TONE_STRONG, "%7s", hf_share(text, part, whole));
    hf_line_add(l, HF_TONE_DIM, "  %zu of %zu", part, whole);
}

static void
add_trend(struct hf_doc *d, const char *label, const struct hf_compliance *c,
          int of_all, const struct hf_look *look)
{
    size_t cols = look->cols > LABEL + 24 ? look->cols - LABEL - 24 : 8;
    int64_t *v = hf_compliance_trend(c, of_all);
    struct hf_buf line = {0};

    hf_plot_spark(&line, v, c->days_len, 0, 1000, cols, look->ascii);
    hf_line_add(add_label(d, label), HF_TONE_GOOD, "%s", hf_buf_str(&line));
    hf_buf_release(&line);
    free(v);
}

static void
add_uncounted(struct hf_doc *d, const struct hf_compliance *c,
              const struct hf_look *look)
{
    char label[LABEL + 3];
    struct hf_buf text = {0};

    for (int i = 0; i < HF_COUNTED_COUNT; i++) {
        if (i != HF_COUNTED_CURRENT && c->now.by[i])
            hf_buf_printf(&text, "%s%zu %s", text.len ? ", " : "", c->now.by[i],
                          hf_counted_names[i]);
    }
    (void)snprintf(label, sizeof(label), "  %-*s", LABEL,
                   "not counted as current");
    if (text.len)
        hf_doc_text(d, label, HF_TONE_PLAIN, hf_buf_str(&text), look->cols);
    hf_buf_release(&text);
}

/* ---- how fast ---- */

static void
add_days(struct hf_line *l, const char *what, int64_t ms)
{
    int64_t tenths = ms * 10 / HF_DAY_MS;

    hf_line_add(l, HF_TONE_PLAIN, "%s %lld.%lld days", what,
                (long long)(tenths / 10), (long long)(tenths % 10));
}

static void
add_closings(struct hf_doc *d, const struct hf_compliance *c)
{
    size_t lines = 0;

    hf_doc_head(d, "From release to in effect");
    for (size_t i = 0; i < HF_CLOSINGS; i++) {
        const struct hf_closing *w = &c->closings[i];
        struct hf_line *l;

        if (!w->in_effect && !w->open)
            continue;
        lines++;
        l = add_label(d, w->exploited ? "exploited"
                                      : hf_severity_names[w->severity]);
        if (w->in_effect) {
            add_days(l, "half within", w->median);
            add_days(l, ", 95 % within", w->most);
        }
        if (w->open) {
            hf_line_add(l, HF_TONE_WARN, "%s%zu still open, ",
                        w->in_effect ? "; " : "", w->open);
            add_days(l, "oldest", w->oldest);
        }
    }
    if (!lines)
        hf_line_add(&hf_doc_add(d)->line, HF_TONE_DIM,
                    "  nothing came out while hosts were watched");
}

static void
add_goals(struct hf_doc *d, const struct hf_compliance *c)
{
    char text[HF_SHARE_LEN], at[HF_TIME_LEN];

    if (!c->goals_len)
        return;
    hf_doc_head(d, "Goal, of covered hosts");
    for (size_t i = 0; i < c->goals_len; i++) {
        const struct hf_goal_check *g = &c->goals[i];
        struct hf_line *l = add_label(d, g->release->product);

        hf_line_add(l, HF_TONE_PLAIN, "%s  due %.10s  ",
                    g->release->kb ? g->release->kb : g->release->patch,
                    hf_time_format(at, g->due));
        hf_line_add(l,
                    g->state == HF_GOAL_MISSED ? HF_TONE_BAD
                    : g->state == HF_GOAL_MET  ? HF_TONE_GOOD
                                               : HF_TONE_PLAIN,
                    "%s", hf_goal_names[g->state]);
        hf_line_add(l, HF_TONE_DIM, "  %s",
                    hf_share(text, g->tally.covered_current, g->tally.covered));
    }
}

/* ---- savings ---- */

/* Months before anything was done tell nothing. */
static size_t
first_month(const struct hf_savings *s)
{
    size_t i = 0;

    while (i + 1 < s->months_len && !s->months[i].saved.hotpatches &&
           !s->months[i].saved.fallbacks && !s->months[i].saved.restarts)
        i++;
    return i;
}

static void
add_months(struct hf_doc *d, const struct hf_savings *s,
           const struct hf_look *look)
{
    size_t cols = look->cols > LABEL + 24 ? look->cols - LABEL - 24 : 8;
    size_t most = 1;

    for (size_t i = 0; i < s->months_len; i++) {
        size_t n = hf_saved_avoided(&s->months[i].saved);

        most = n > most ? n : most;
    }
    for (size_t i = first_month(s); i < s->months_len; i++) {
        size_t n = hf_saved_avoided(&s->months[i].saved);
        struct hf_line *l = add_label(d, s->months[i].month);
        struct hf_buf bar = {0};

        hf_plot_bar(&bar, (int64_t)n, (int64_t)most, cols, look->ascii);
        hf_line_add(l, HF_TONE_PLAIN, "%6zu ", n);
        hf_line_add(l, HF_TONE_GOOD, "%s", hf_buf_str(&bar));
        if (s->months[i].saved.restarts)
            hf_line_add(l, HF_TONE_WARN, " %zu restarted",
                        s->months[i].saved.restarts);
        hf_buf_release(&bar);
    }
}

static void
add_money(struct hf_doc *d, const struct hf_savings *s)
{
    const struct hf_money *m = &s->money;

    if (!s->all.hotpatches && !m->costs) {
        hf_line_add(add_label(d, "worth"), HF_TONE_DIM,
                    "nothing yet; an estimate: report savings --potential");
        return;
    }
    hf_line_add(add_label(d, "worth"), HF_TONE_PLAIN,
                "%lld to %lld %s, at %d to %d a restart", (long long)m->low,
                (long long)m->high, s->costs.currency, s->costs.restart_low,
                s->costs.restart_high);
    if (m->costs)
        hf_line_add(add_label(d, "costs"), HF_TONE_PLAIN, "%lld %s",
                    (long long)m->costs, s->costs.currency);
    hf_line_add(add_label(d, "net"), HF_TONE_STRONG, "%lld to %lld %s",
                (long long)m->net_low, (long long)m->net_high,
                s->costs.currency);
}

static void
add_savings(struct hf_doc *d, const struct hf_savings *s,
            const struct hf_look *look)
{
    char from[HF_TIME_LEN];

    hf_doc_head(d, "Restarts avoided, since %.10s",
                hf_time_format(from, s->from));
    hf_line_add(add_label(d, "avoided"), HF_TONE_STRONG, "%zu",
                hf_saved_avoided(&s->all));
    hf_line_add(add_label(d, "hotpatches, proven"), HF_TONE_PLAIN,
                "%zu in effect with the same boot id, %zu taken back",
                s->all.hotpatches, s->all.taken_back);
    hf_line_add(add_label(d, "not counted"), HF_TONE_PLAIN,
                "%zu fallback%s, %zu without proof", s->all.fallbacks,
                hf_plural(s->all.fallbacks), s->all.unproven);
    hf_line_add(add_label(d, "carried out"), HF_TONE_PLAIN,
                "%zu by runs, whatever for", s->all.restarts);
    add_months(d, s, look);
    add_money(d, s);
}

/* ---- memory ---- */

/* By a patch, of the hosts of one product that can be compared. */
static void
add_growth(struct hf_doc *d, const struct hf_memory_line *line)
{
    const struct hf_memory_spread *s = &line->over_patch[HF_MEMORY_COMMITTED],
                                  *t = &line->over_time[HF_MEMORY_COMMITTED];
    struct hf_buf half = {0}, most = {0};
    struct hf_line *l;

    if (!s->known)
        return;
    hf_bytes_show(&half, s->median);
    hf_bytes_show(&most, s->most);
    l = add_label(d, line->product ? line->product : "(unknown)");
    hf_line_add(l, HF_TONE_PLAIN, "half of %zu patches took %s, the most %s",
                s->known, hf_buf_str(&half), hf_buf_str(&most));
    if (s->outliers + t->outliers)
        hf_line_add(l, HF_TONE_WARN, "; %zu stand out",
                    s->outliers + t->outliers);
    hf_buf_release(&half);
    hf_buf_release(&most);
}

static void
add_memory(struct hf_doc *d, const struct hf_memory_report *m,
           const struct hf_look *look)
{
    char from[HF_TIME_LEN];

    hf_doc_head(d, "Memory since %.10s, from its least to its most",
                hf_time_format(from, m->from));
    hf_memory_trend_rows(d, m, look);
    for (size_t i = 0; i < m->len; i++)
        add_growth(d, &m->lines[i]);
}

void
hf_value_rows(struct hf_doc *out, const struct hf_value *v,
              const struct hf_look *look)
{
    const struct hf_compliance *c = v->compliance;
    char from[HF_TIME_LEN];

    hf_doc_head(out, "Newest release in effect");
    add_figure(out, "of covered hosts", c->now.covered_current, c->now.covered);
    add_figure(out, "of all hosts in scope", c->now.by[HF_COUNTED_CURRENT],
               c->now.hosts);
    add_uncounted(out, c, look);
    hf_doc_head(out, "By day since %.10s, from 0 to 100 %%",
                hf_time_format(from, c->from));
    add_trend(out, "of covered", c, 0, look);
    add_trend(out, "of all", c, 1, look);
    add_savings(out, v->savings, look);
    hf_value_open_rows(out, v->exposure, look);
    add_closings(out, c);
    add_goals(out, c);
    add_memory(out, v->memory, look);
    if (c->damaged)
        hf_line_add(&hf_doc_add(out)->line, HF_TONE_WARN,
                    "  %zu record%s of the ledger cannot be read and not "
                    "counted",
                    c->damaged, hf_plural(c->damaged));
}
