/* Thirteen weeks of restarts; see quarter.h. */
#include "tui/rows/quarter.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/civil.h"
#include "backend/base/mem.h"
#include "backend/base/text.h"

#define LABEL_COLS 14
#define CELL_COLS 5

/* clang-format off */
const char *const hf_quarter_by_names[HF_QUARTER_BY_COUNT + 1] = {
    [HF_QUARTER_RING] = "ring",
    [HF_QUARTER_SITE] = "site",
    [HF_QUARTER_BY_COUNT] = NULL,
};
/* clang-format on */

void
hf_quarter_release(struct hf_quarter *q)
{
    free(q->v);
    q->v = NULL;
    q->len = q->cap = 0;
}

int64_t
hf_quarter_monday(const struct hf_zone *zone, int64_t at)
{
    int64_t day = hf_day_of(hf_zone_local(zone, at));

    return day - hf_day_weekday(day);
}

int
hf_quarter_week(const struct hf_quarter *q, int64_t at)
{
    int64_t days = hf_day_of(hf_zone_local(q->zone, at)) - q->monday;

    return days >= 0 && days < HF_QUARTER_WEEKS * 7 ? (int)(days / 7) : -1;
}

/* ---- rows ---- */

static int
is_name(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

/* Equal names mostly are one text of the inventory. */
static size_t
row_of(struct hf_quarter *q, const char *name)
{
    for (size_t i = 0; i < q->len; i++) {
        if (q->v[i].name == name)
            return i;
    }
    for (size_t i = 0; name && i < q->len; i++) {
        if (is_name(q->v[i].name, name))
            return i;
    }
    HF_PUSH(&q->v, &q->len, &q->cap)->name = name;
    return q->len - 1;
}

static int
compare_rows(const void *a, const void *b)
{
    const struct hf_quarter_row *x = a, *y = b;

    if (!x->name || !y->name)
        return (y->name != NULL) - (x->name != NULL);
    return hf_text_natcmp(x->name, y->name);
}

/* Every row there is, in its order, before anything is counted. */
static void
find_rows(struct hf_quarter *q, const struct hf_fleet *fleet,
          const struct hf_state *states, size_t n)
{
    for (size_t i = 0; q->by == HF_QUARTER_RING && i < fleet->rings_len; i++)
        (void)row_of(q, fleet->rings[i].name);
    for (size_t i = 0; i < n; i++)
        (void)row_of(q, q->by == HF_QUARTER_RING ? states[i].host->ring
                                                 : states[i].host->site);
    if (q->by == HF_QUARTER_SITE && q->len)
        qsort(q->v, q->len, sizeof(*q->v), compare_rows);
}

/* ---- cells ---- */

static void
count_host(const struct hf_quarter *q, struct hf_quarter_row *row,
           const struct hf_due *due)
{
    row->hosts++;
    for (size_t i = 0; i < due->steps_len; i++) {
        const struct hf_due_step *step = &due->steps[i];
        int none = step->opens == HF_NEVER;
        int week = hf_quarter_week(q, none ? step->at : step->opens);

        if (week >= 0)
            *(none ? &row->weeks[week].out : &row->weeks[week].in) += 1;
    }
}

/* What the calendar has in store for a host, and for all of its class. */
static void
look_ahead(struct hf_quarter_cell *weeks, const struct hf_quarter *q,
           const struct hf_calendar *cal, const struct hf_host *host)
{
    for (int i = 0; i < HF_QUARTER_WEEKS; i++) {
        int64_t from, to;
        struct hf_period p;

        (void)hf_zone_moment(q->zone, (q->monday + i * 7) * HF_DAY_MS, 0,
                             &from);
        (void)hf_zone_moment(q->zone, (q->monday + i * 7 + 7) * HF_DAY_MS, 0,
                             &to);
        weeks[i].window = hf_calendar_window(cal, host, HF_RULE_RESTART, from,
                                             &p) != HF_OPEN_NEVER &&
                          p.from < to;
        (void)hf_calendar_freeze(cal, host, from, &p);
        weeks[i].freeze = p.from < to;
    }
}

struct seen {
    struct hf_quarter_cell *weeks; /* by class, when looked ahead */
    unsigned char *looked;         /* by class */
    unsigned char *has;            /* rows x classes */
    size_t classes;
};

static void
mark_host(struct hf_quarter *q, struct seen *seen,
          const struct hf_calendar *cal, const struct hf_host *host, size_t row)
{
    size_t class = hf_calendar_class(cal, host);
    unsigned char *has = &seen->has[row * seen->classes + class];
    struct hf_quarter_cell *weeks = &seen->weeks[class * HF_QUARTER_WEEKS];

    if (*has)
        return;
    *has = 1;
    if (!seen->looked[class])
        look_ahead(weeks, q, cal, host);
    seen->looked[class] = 1;
    for (int i = 0; i < HF_QUARTER_WEEKS; i++) {
        q->v[row].weeks[i].window |= weeks[i].window;
        q->v[row].weeks[i].freeze |= weeks[i].freeze;
    }
}

void
hf_quarter_make(struct hf_quarter *q, const struct hf_fleet *fleet,
                const struct hf_dues *dues, const struct hf_state *states,
                const struct hf_zone *zone, int64_t monday)
{
    const struct hf_calendar *cal = fleet->calendar;
    struct seen seen = {.classes = cal ? hf_calendar_classes(cal) : 0};

    hf_quarter_release(q);
    q->zone = zone;
    q->monday = monday;
    find_rows(q, fleet, states, dues->n);
    seen.weeks =
        hf_xcalloc(seen.classes * HF_QUARTER_WEEKS + 1, sizeof(*seen.weeks));
    seen.looked = hf_xcalloc(seen.classes + 1, 1);
    seen.has = hf_xcalloc(q->len * seen.classes + 1, 1);
    for (size_t i = 0; i < dues->n; i++) {
        const struct hf_host *h = states[i].host;
        size_t row = row_of(q, q->by == HF_QUARTER_RING ? h->ring : h->site);

        count_host(q, &q->v[row], hf_dues_of(dues, i));
        if (cal)
            mark_host(q, &seen, cal, h, row);
    }
    free(seen.weeks);
    free(seen.looked);
    free(seen.has);
}

/* ---- lines ---- */

struct signs {
    const char *none, *window, *freeze;
};
static const struct signs utf8 = {"·", "░░", "▓▓"}, ascii = {".", "--", "xx"};

static const struct signs *
signs_of(const struct hf_look *look)
{
    return look->ascii ? &ascii : &utf8;
}

/* "12", "1.2k", "12k": four columns at most, with the sign of an error. */
static void
count_text(char out[24], const struct hf_quarter_cell *c)
{
    size_t n = c->in + c->out;
    const char *sign = c->out ? "!" : "";

    if (n < 1000)
        (void)snprintf(out, 24, "%zu%s", n, sign);
    else if (n < 10000 && !c->out)
        (void)snprintf(out, 24, "%zu.%zuk", n / 1000, n % 1000 / 100);
    else
        (void)snprintf(out, 24, "%zuk%s", n / 1000, sign);
}

static void
add_cell(struct hf_line *line, const struct hf_quarter_cell *c,
         const struct hf_look *look)
{
    const struct signs *s = signs_of(look);
    enum hf_tone tone = HF_TONE_DIM;
    const char *sign = s->none;
    char text[24];

    if (c->in + c->out) {
        count_text(text, c);
        sign = text;
        tone = c->out ? HF_TONE_BAD : HF_TONE_STRONG;
    } else if (c->window) {
        sign = s->window;
        tone = HF_TONE_GOOD;
    } else if (c->freeze) {
        sign = s->freeze;
        tone = HF_TONE_WARN;
    }
    hf_line_add(line, tone, "%*s%s", CELL_COLS - (int)hf_text_width(sign), "",
                sign);
}

static void
add_row(struct hf_doc *out, const struct hf_quarter *q,
        const struct hf_quarter_row *row, const struct hf_look *look)
{
    struct hf_line *line = &hf_doc_add(out)->line;

    hf_line_cell(line, HF_TONE_PLAIN,
                 row->name                  ? row->name
                 : q->by == HF_QUARTER_RING ? "(no ring)"
                                            : "(no site)",
                 LABEL_COLS, look->ascii);
    for (int i = 0; i < HF_QUARTER_WEEKS; i++)
        add_cell(line, &row->weeks[i], look);
}

/* Days of Mondays, with the month above the first one in it. */
static void
add_heads(struct hf_doc *out, const struct hf_quarter *q, int week)
{
    struct hf_line *months = &hf_doc_add(out)->line, *days;
    int month = 0;

    hf_line_add(months, HF_TONE_DIM, "%-*s", LABEL_COLS + 1, "");
    for (int i = 0; i < HF_QUARTER_WEEKS; i++) {
        struct hf_civil c = hf_day_civil(q->monday + i * 7);

        if (c.month == month)
            continue;
        month = c.month;
        hf_line_pad(months, (size_t)(LABEL_COLS + 2 + i * CELL_COLS));
        hf_line_add(months, HF_TONE_HEAD, "%04d-%02d", c.year, c.month);
    }
    days = &hf_doc_add(out)->line;
    hf_line_cell(days, HF_TONE_HEAD, "week of", LABEL_COLS, 1);
    for (int i = 0; i < HF_QUARTER_WEEKS; i++) {
        struct hf_civil c = hf_day_civil(q->monday + i * 7);

        hf_line_add(days, i == week ? HF_TONE_STRONG : HF_TONE_HEAD, "  %s%02d",
                    i == week ? ">" : " ", c.day);
    }
}

void
hf_quarter_rows(struct hf_doc *out, const struct hf_quarter *q, int week,
                size_t rows, const struct hf_look *look)
{
    add_heads(out, q, week);
    for (size_t i = 0; i < q->len && i < rows; i++)
        add_row(out, q, &q->v[i], look);
    if (q->len > rows)
        hf_line_add(&hf_doc_add(out)->line, HF_TONE_WARN, "%zu more %s%s",
                    q->len - rows, hf_quarter_by_names[q->by],
                    hf_plural(q->len - rows));
}

void
hf_quarter_signs(struct hf_line *out, const struct hf_look *look)
{
    const struct signs *s = signs_of(look);

    hf_line_add(out, HF_TONE_DIM,
                " 3 in a window  3! outside  %s window  %s freeze", s->window,
                s->freeze);
}
