/* The weeks of a schedule, drawn. */
#include "tui/rows/schedule.h"

#include <stdio.h>
#include <string.h>

#include "backend/base/civil.h"
#include "backend/base/mem.h"

#define CELLS 8 /* of a day */
#define CELL_MS (HF_DAY_MS / CELLS)
#define WEEK_CELLS (7 * CELLS)
#define GRID_COLS (7 * (CELLS + 1)) /* a line before each day */
#define LABEL_MIN 10

struct picture {
    const struct hf_schedule *s;
    const struct hf_zone *zone;
    const struct hf_look *look;
    struct hf_doc *out;
    size_t label; /* columns before the grid */
};

/* How a cell looks. Strongest last: what is frozen is not open. */
enum mark { MARK_NONE, MARK_OPEN, MARK_FROZEN, MARK_FREEZE, MARK_COUNT };

/* clang-format off */
static const struct { const char *utf8, *ascii; enum hf_tone tone; }
marks[MARK_COUNT] = {
    [MARK_NONE]   = {"·", ".", HF_TONE_DIM},
    [MARK_OPEN]   = {"█", "#", HF_TONE_GOOD},
    [MARK_FROZEN] = {"▒", "-", HF_TONE_DIM},
    [MARK_FREEZE] = {"▓", "x", HF_TONE_WARN},
};
/* clang-format on */

/* Moments of the cells' borders: a day may have 23 or 25 hours. */
static void
week_borders(const struct picture *p, int64_t monday,
             int64_t out[WEEK_CELLS + 1])
{
    for (int i = 0; i <= WEEK_CELLS; i++)
        (void)hf_zone_moment(p->zone, monday * HF_DAY_MS + i * CELL_MS, 0,
                             &out[i]);
}

static enum mark
mark_of(const struct hf_schedule_row *row)
{
    if (row->period.rule->kind == HF_RULE_FREEZE)
        return MARK_FREEZE;
    return row->frozen_all ? MARK_FROZEN : MARK_OPEN;
}

static void
mark_row(const struct hf_schedule_row *row, const int64_t *borders,
         enum mark *cells)
{
    for (int i = 0; i < WEEK_CELLS; i++) {
        if (row->period.from < borders[i + 1] && row->period.to > borders[i] &&
            mark_of(row) > cells[i])
            cells[i] = mark_of(row);
    }
}

/* ---- lines ---- */

static void
add_days(struct picture *p, int64_t monday)
{
    struct hf_line *line = &hf_doc_add(p->out)->line;
    struct hf_civil c = hf_day_civil(monday);
    char text[32];

    (void)snprintf(text, sizeof(text), "%04d-%02d-%02d", c.year, c.month,
                   c.day);
    hf_line_cell(line, HF_TONE_HEAD, text, p->label, p->look->ascii);
    for (int i = 0; i < 7; i++) {
        c = hf_day_civil(monday + i);
        (void)snprintf(text, sizeof(text), " %c%.2s %d",
                       hf_weekday_names[i][0] - 'a' + 'A',
                       hf_weekday_names[i] + 1, c.day);
        hf_line_cell(line, HF_TONE_HEAD, text, CELLS + 1, p->look->ascii);
    }
}

static void
add_cells(struct picture *p, const char *label, const enum mark *cells)
{
    struct hf_line *line = &hf_doc_add(p->out)->line;

    hf_line_cell(line, HF_TONE_PLAIN, label, p->label, p->look->ascii);
    for (int i = 0; i < WEEK_CELLS; i++) {
        enum mark m = cells[i];

        if (i % CELLS == 0)
            hf_line_add(line, HF_TONE_DIM, "%s", p->look->ascii ? "|" : "│");
        hf_line_add(line, marks[m].tone, "%s",
                    p->look->ascii ? marks[m].ascii : marks[m].utf8);
    }
}

static const char *
label_of(char out[96], const struct hf_rule *rule)
{
    static const char *const kinds[] = {"", " (restart)", " (freeze)"};

    (void)snprintf(out, 96, "%s%s", rule->name, kinds[rule->kind]);
    return out;
}

/* ---- weeks ---- */

/* A rule is drawn at its first row of the week, with all of them. */
static int
drawn_before(const struct hf_schedule *s, size_t i, const int64_t *borders)
{
    for (size_t j = 0; j < i; j++) {
        if (s->v[j].period.rule == s->v[i].period.rule &&
            s->v[j].period.from < borders[WEEK_CELLS] &&
            s->v[j].period.to > borders[0])
            return 1;
    }
    return 0;
}

static void
add_rule(struct picture *p, size_t first, const int64_t *borders)
{
    const struct hf_schedule *s = p->s;
    const struct hf_rule *rule = s->v[first].period.rule;
    enum mark cells[WEEK_CELLS] = {MARK_NONE};
    char label[96];

    for (size_t i = first; i < s->len; i++) {
        if (s->v[i].period.rule == rule)
            mark_row(&s->v[i], borders, cells);
    }
    add_cells(p, label_of(label, rule), cells);
}

/* 1 when there was something to draw. */
static int
add_week(struct picture *p, int64_t monday, size_t skipped)
{
    const struct hf_schedule *s = p->s;
    int64_t borders[WEEK_CELLS + 1];
    int any = 0;

    week_borders(p, monday, borders);
    for (size_t i = 0; i < s->len; i++) {
        const struct hf_period *period = &s->v[i].period;

        if (period->from >= borders[WEEK_CELLS] || period->to <= borders[0] ||
            drawn_before(s, i, borders))
            continue;
        if (!any++) {
            if (skipped)
                hf_line_add(&hf_doc_add(p->out)->line, HF_TONE_DIM,
                            "nothing for %zu week%s", skipped,
                            skipped == 1 ? "" : "s");
            add_days(p, monday);
        }
        add_rule(p, i, borders);
    }
    return any > 0;
}

void
hf_schedule_picture(struct hf_doc *out, const struct hf_schedule *s,
                    const struct hf_zone *zone, const struct hf_look *look)
{
    size_t cols = look->cols ? look->cols : 91, skipped = 0;
    struct picture p = {.s = s, .zone = zone, .look = look, .out = out};
    int64_t day = hf_day_of(hf_zone_local(zone, s->from));
    int64_t last = hf_day_of(hf_zone_local(zone, s->to - 1));

    p.label = cols > GRID_COLS + LABEL_MIN ? cols - GRID_COLS : LABEL_MIN;
    if (p.label > 28)
        p.label = 28;
    for (day -= hf_day_weekday(day); s->len && day <= last; day += 7)
        skipped = add_week(&p, day, skipped) ? 0 : skipped + 1;
}

/* ---- words ---- */

void
hf_schedule_note(struct hf_buf *out, const struct hf_schedule_row *row)
{
    const struct hf_period *period = &row->period;

    if (hf_period_clock(period))
        hf_buf_puts(out, hf_period_clock(period));
    if (row->frozen)
        hf_buf_printf(out, "%s%s by '%s'", out->len ? "; " : "",
                      row->frozen_all ? "frozen" : "partly frozen",
                      row->frozen->name);
    if (period->title && strcmp(period->title, period->rule->name) != 0)
        hf_buf_printf(out, "%s%s", out->len ? "; " : "", period->title);
}
