/* Forced restarts, drawn. */
#include "tui/rows/reboots.h"

#include <stdio.h>

#include "backend/base/civil.h"

#define LABEL_COLS 10

int64_t
hf_due_step_day(const struct hf_due_step *step)
{
    return step->opens == HF_NEVER ? step->at : step->opens;
}

void
hf_heat_make(struct hf_heat *out, const struct hf_dues *d,
             const struct hf_zone *zone)
{
    int64_t today = hf_day_of(hf_zone_local(zone, d->outlook.now));

    *out =
        (struct hf_heat){.monday = today - hf_day_weekday(today), .zone = zone};
    for (size_t i = 0; i < d->len; i++) {
        const struct hf_due *due = d->v[i];

        for (size_t s = 0; s < due->steps_len; s++) {
            int64_t at = hf_due_step_day(&due->steps[s]);
            int64_t week =
                (hf_day_of(hf_zone_local(zone, at)) - out->monday) / 7;

            if (week < 0 || week >= HF_HEAT_WEEKS)
                continue;
            out->weeks[week] += due->hosts;
            out->all += due->hosts;
        }
    }
    for (size_t i = 0; i < HF_HEAT_WEEKS; i++)
        out->max = out->weeks[i] > out->max ? out->weeks[i] : out->max;
}

/* ---- lines ---- */

static const char *
cell_of(size_t n, size_t max, const struct hf_look *look)
{
    static const char *const blocks[] = {"▁", "▂", "▃", "▄",
                                         "▅", "▆", "▇", "█"};
    static const char *const ascii[] = {".", ":", "-", "=", "+", "*", "#", "@"};

    if (!n)
        return look->ascii ? " " : "·";
    return (look->ascii ? ascii : blocks)[(n * 8 - 1) / max];
}

/* The month that begins in the week of that Monday, or 0. */
static struct hf_civil
month_of(int64_t monday)
{
    for (int i = 0; i < 7; i++) {
        struct hf_civil c = hf_day_civil(monday + i);

        if (c.day == 1)
            return c;
    }
    return (struct hf_civil){0};
}

static void
add_months(struct hf_doc *doc, const struct hf_heat *h)
{
    struct hf_line *line = &hf_doc_add(doc)->line;
    char name[4];

    hf_line_pad(line, LABEL_COLS);
    for (int64_t i = 0; i + 3 <= HF_HEAT_WEEKS; i++) {
        struct hf_civil c = month_of(h->monday + i * 7);

        if (!c.month || hf_line_width(line) > LABEL_COLS + (size_t)i)
            continue;
        (void)snprintf(name, sizeof(name), "%c%.2s",
                       hf_month_names[c.month - 1][0] - 'a' + 'A',
                       hf_month_names[c.month - 1] + 1);
        hf_line_pad(line, LABEL_COLS + (size_t)i);
        hf_line_add(line, HF_TONE_HEAD, "%s", name);
    }
}

/* The quarter that most of the week lies in: its Thursday's. */
static int
quarter_of(const struct hf_heat *h, size_t week)
{
    struct hf_civil c = hf_day_civil(h->monday + (int64_t)week * 7 + 3);

    return c.year * 4 + (c.month - 1) / 3;
}

static void
add_quarters(struct hf_doc *doc, const struct hf_heat *h)
{
    struct hf_line *line = &hf_doc_add(doc)->line;
    size_t sum = 0;

    hf_line_cell(line, HF_TONE_DIM, "restarts", LABEL_COLS, 1);
    for (size_t i = 0; i < HF_HEAT_WEEKS; i++) {
        int quarter = quarter_of(h, i);

        sum += h->weeks[i];
        if (i + 1 < HF_HEAT_WEEKS && quarter_of(h, i + 1) == quarter)
            continue;
        hf_line_add(line, HF_TONE_PLAIN, "%sQ%d %d: %zu",
                    hf_line_width(line) > LABEL_COLS ? "  " : "",
                    quarter % 4 + 1, quarter / 4, sum);
        sum = 0;
    }
}

void
hf_heat_rows(struct hf_doc *doc, const struct hf_heat *h,
             const struct hf_look *look)
{
    struct hf_line *line;

    add_months(doc, h);
    line = &hf_doc_add(doc)->line;
    hf_line_cell(line, HF_TONE_DIM, "by week", LABEL_COLS, 1);
    for (size_t i = 0; i < HF_HEAT_WEEKS; i++)
        hf_line_add(line, h->weeks[i] ? HF_TONE_WARN : HF_TONE_DIM, "%s",
                    cell_of(h->weeks[i], h->max, look));
    hf_line_add(line, HF_TONE_DIM, "  %zu at most", h->max);
    add_quarters(doc, h);
}

/* ---- windows ---- */

static int
is_named(const struct hf_dues *d, const struct hf_rule *rule,
         const struct hf_host *host)
{
    const struct hf_rule *of = NULL;

    for (size_t i = 0; of != rule; i++) {
        if (!(of = hf_calendar_rule(d->cal, host, HF_RULE_RESTART, i)))
            return 0;
    }
    return 1;
}

size_t
hf_dues_in(const struct hf_dues *d, const struct hf_period *window)
{
    size_t n = 0;

    for (size_t i = 0; i < d->len; i++) {
        const struct hf_due *due = d->v[i];
        size_t of_it = 0;

        for (size_t s = 0; s < due->steps_len; s++)
            of_it += due->steps[s].opens >= window->from &&
                     due->steps[s].opens < window->to;
        if (of_it && is_named(d, window->rule, due->state->host))
            n += of_it * due->hosts;
    }
    return n;
}

/* ---- what if ---- */

void
hf_moved_count(struct hf_moved *out, const struct hf_dues *without,
               const struct hf_dues *with)
{
    *out = (struct hf_moved){0};
    for (size_t i = 0; i < with->n && i < without->n; i++) {
        int64_t a = hf_dues_of(without, i)->forced.at;
        int64_t b = hf_dues_of(with, i)->forced.at;

        out->unknown += !a && !b;
        out->same += a && a == b;
        out->later += b > a && a;
        out->sooner += b && (b < a || !a);
    }
}
