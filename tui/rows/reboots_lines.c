/* The list of the Reboots screen as lines. */
#include <string.h>

#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "tui/rows/reboots_view.h"
#include "tui/rows/words.h"

#define NAME_COLS 14
#define RING_COLS 8
#define WIDE_BY 6    /* both are so much wider then */
#define WHEN_COLS 26 /* "2026-12-20 01:00 CEST late" */
#define DAY_COLS 10
#define TITLED_COLS 46  /* the same with the window's name */
#define MIDDLE_COLS 100 /* from then on with it, and the first day */
#define WIDE_COLS 140   /* from then on with the whole reason */

/* clang-format off */
static const struct {
    enum hf_tone tone;
    const char *means;
} groups[HF_DUE_GROUP_COUNT] = {
    [HF_DUE_OVERDUE] = {HF_TONE_BAD, "a window passed unused, or the last day "
        "has: b restarts them"},
    [HF_DUE_NOW] = {HF_TONE_WARN, "their next restart window serves"},
    [HF_DUE_SCHEDULED] = {HF_TONE_BUSY, "scheduled on the host itself"},
    [HF_DUE_NO_WINDOW] = {HF_TONE_BAD, "an error in planning: no restart "
        "window of calendar.json opens for them in time ('hotfleet window add')"},
    [HF_DUE_FORECAST] = {HF_TONE_PLAIN, "to come, and a window will serve"},
    [HF_DUE_UNKNOWN] = {HF_TONE_DIM, "when they must restart cannot be told: "
        "they were never asked (F5), or do not tell"},
};
/* clang-format on */

/* Columns of a width; 0: not shown. What is put off to the end takes the rest.
 */
struct layout {
    size_t name, ring, when, why, from, by, all;
};

static struct layout
layout_of(const struct hf_look *look)
{
    size_t wide = look->cols >= WIDE_COLS ? WIDE_BY : 0;
    struct layout l = {.name = NAME_COLS + wide,
                       .ring = RING_COLS + wide,
                       .when = WHEN_COLS,
                       .why = HF_FORCED_BRIEF_COLS,
                       .by = DAY_COLS};
    size_t used;

    if (look->cols < MIDDLE_COLS)
        return l;
    l.from = DAY_COLS;
    used = 2 + l.name + 1 + l.ring + 2 + 2 * (DAY_COLS + 1);
    if (wide) {
        l.when = TITLED_COLS;
        l.all = look->cols - used - l.when;
        l.why = 0;
    } else {
        l.when = look->cols - used - l.why;
    }
    return l;
}

static void
add_cell(struct hf_line *out, enum hf_tone tone, const char *text, size_t cols,
         const struct hf_look *look)
{
    if (!cols)
        return;
    hf_line_add(out, tone, " ");
    hf_line_cell(out, tone, text, cols, look->ascii);
}

void
hf_reboots_heads(struct hf_line *out, const struct hf_look *look)
{
    struct layout l = layout_of(look);

    hf_line_clear(out);
    hf_line_add(out, HF_TONE_HEAD, " ");
    add_cell(out, HF_TONE_HEAD, "HOST", l.name, look);
    add_cell(out, HF_TONE_HEAD, "RING", l.ring, look);
    add_cell(out, HF_TONE_HEAD, "RESTARTS", l.when, look);
    add_cell(out, HF_TONE_HEAD, "WHY", l.why, look);
    add_cell(out, HF_TONE_HEAD, "DUE FROM", l.from, look);
    add_cell(out, HF_TONE_HEAD, "BY", l.by, look);
    add_cell(out, HF_TONE_HEAD, "WHY", l.all, look);
}

static void
add_day(struct hf_line *out, int64_t at, enum hf_tone tone, size_t cols,
        const struct hf_look *look)
{
    char day[HF_TIME_LEN] = "-";

    if (at)
        hf_time_format(day, at);
    if (at)
        day[strlen("2027-01-12")] = '\0';
    add_cell(out, tone, day, cols, look);
}

static int
is_late(const struct hf_due *due, int64_t now)
{
    return due->forced.by && hf_due_opens(due, now) > due->forced.by;
}

/* "2027-01-16 22:00 CET late (pilot)": what matters first, it may be cut. */
static void
say_when(struct hf_buf *out, const struct hf_reboots_view *v,
         const struct hf_due *due, const struct hf_host *host, int titled)
{
    int64_t now = v->dues.outlook.now, opens = hf_due_opens(due, now);
    char at[HF_ZONE_TIME_LEN];

    if (due->group == HF_DUE_UNKNOWN) {
        hf_buf_puts(out, "not known");
        return;
    }
    if (opens == HF_NEVER) {
        if (titled)
            hf_due_say_window(out, &v->dues, due, host);
        else
            hf_buf_puts(out, "no window");
        return;
    }
    if (opens <= now)
        hf_buf_puts(out, "open now");
    else
        hf_buf_puts(
            out, hf_zone_format(at, hf_calendar_zone(v->fleet->calendar, host),
                                opens));
    if (is_late(due, now))
        hf_buf_puts(out, " late");
    if (titled && due->window.title)
        hf_buf_printf(out, " (%s)", due->window.title);
}

static void
add_host(struct hf_line *out, const struct hf_reboots_view *v, uint32_t host,
         const struct hf_look *look)
{
    const struct hf_state *st = &v->states[host];
    const struct hf_due *due = hf_dues_of(&v->dues, host);
    struct layout l = layout_of(look);
    enum hf_tone tone = groups[due->group].tone;
    struct hf_buf text = {0};

    if (due->group == HF_DUE_OVERDUE && !is_late(due, v->dues.outlook.now))
        tone = HF_TONE_WARN; /* it has a window after all */
    hf_line_add(out, HF_TONE_PLAIN, " ");
    add_cell(out, HF_TONE_STRONG, st->host->name, l.name, look);
    add_cell(out, HF_TONE_PLAIN, st->host->ring ? st->host->ring : "-", l.ring,
             look);
    say_when(&text, v, due, st->host, l.from > 0);
    add_cell(out, tone, hf_buf_str(&text), l.when, look);
    hf_buf_clear(&text);
    hf_forced_brief(&text, &due->forced);
    add_cell(out, HF_TONE_PLAIN, hf_buf_str(&text), l.why, look);
    if (l.from)
        add_day(out, due->forced.at, HF_TONE_PLAIN, l.from, look);
    add_day(out, due->forced.by, HF_TONE_PLAIN, l.by, look);
    hf_buf_clear(&text);
    hf_forced_say(&text, &due->forced, &st->status);
    add_cell(out, HF_TONE_DIM, hf_buf_str(&text), l.all, look);
    hf_buf_release(&text);
}

const char *
hf_reboots_means(enum hf_due_group group)
{
    return groups[group].means;
}

void
hf_reboots_line(struct hf_line *out, const struct hf_reboots_view *v,
                size_t row, const struct hf_look *look)
{
    const struct hf_reboots_item *item = &v->items[row];

    hf_line_clear(out);
    if (item->host != HF_REBOOTS_HEAD) {
        add_host(out, v, item->host, look);
        return;
    }
    hf_line_add(out, HF_TONE_PLAIN, "%s ",
                hf_fold_sign((v->folded >> item->group & 1) != 0, look->ascii));
    hf_line_add(out, groups[item->group].tone, "%s",
                hf_due_titles[item->group]);
    hf_line_add(out, HF_TONE_STRONG, "  %zu", v->counts[item->group]);
}

void
hf_reboots_note(struct hf_line *out, const struct hf_reboots_view *v,
                size_t row)
{
    const struct hf_reboots_item *item = &v->items[row];
    struct hf_buf text = {0};

    if (row >= v->len)
        return;
    if (item->host == HF_REBOOTS_HEAD) {
        hf_line_add(out, groups[item->group].tone, " %s",
                    groups[item->group].means);
        return;
    }
    hf_line_add(out, HF_TONE_STRONG, " %s", v->states[item->host].host->name);
    hf_forced_say(&text, &hf_dues_of(&v->dues, item->host)->forced,
                  &v->states[item->host].status);
    hf_line_add(out, HF_TONE_PLAIN, "  %s", hf_buf_str(&text));
    if (v->states[item->host].status.restarted_why[0])
        hf_line_add(out, HF_TONE_BAD, "  restarted %s",
                    v->states[item->host].status.restarted_why);
    hf_buf_release(&text);
}
