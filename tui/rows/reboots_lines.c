/* The list of the Reboots screen as lines. */
#include <string.h>

#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "tui/rows/reboots_view.h"
#include "tui/rows/words.h"

#define NAME_COLS 14
#define RING_COLS 8
#define WIDE_BY 6 /* both are so much wider then */
#define DAY_COLS 11
#define WINDOW_COLS 46
#define WIDE_COLS 140 /* from then on the reason stands in the row */

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
        "window of calendar.json opens for them in time"},
    [HF_DUE_FORECAST] = {HF_TONE_PLAIN, "to come, and a window will serve"},
    [HF_DUE_UNKNOWN] = {HF_TONE_DIM, "when they must restart cannot be told"},
};
/* clang-format on */

struct layout {
    size_t name, ring, window, why;
};

static struct layout
layout_of(const struct hf_look *look)
{
    size_t wide = look->cols >= WIDE_COLS ? WIDE_BY : 0;
    struct layout l = {.name = NAME_COLS + wide, .ring = RING_COLS + wide};
    size_t used = 2 + l.name + 1 + l.ring + 1 + 2 * DAY_COLS;

    if (wide) {
        l.window = WINDOW_COLS;
        l.why = look->cols - used - l.window - 1;
    } else {
        l.window = look->cols > used ? look->cols - used : 1;
    }
    return l;
}

void
hf_reboots_heads(struct hf_line *out, const struct hf_look *look)
{
    struct layout l = layout_of(look);

    hf_line_clear(out);
    hf_line_add(out, HF_TONE_HEAD, "  ");
    hf_line_cell(out, HF_TONE_HEAD, "HOST", l.name + 1, look->ascii);
    hf_line_cell(out, HF_TONE_HEAD, "RING", l.ring + 1, look->ascii);
    hf_line_cell(out, HF_TONE_HEAD, "FROM", DAY_COLS, look->ascii);
    hf_line_cell(out, HF_TONE_HEAD, "BY", DAY_COLS, look->ascii);
    hf_line_cell(out, HF_TONE_HEAD, "RESTART WINDOW", l.window, look->ascii);
    if (l.why)
        hf_line_add(out, HF_TONE_HEAD, " WHY");
}

static void
add_day(struct hf_line *out, int64_t at, enum hf_tone tone,
        const struct hf_look *look)
{
    char day[HF_TIME_LEN] = "-";

    if (at)
        hf_time_format(day, at);
    if (at)
        day[strlen("2027-01-12")] = '\0';
    hf_line_cell(out, tone, day, DAY_COLS, look->ascii);
}

/* "2027-01-16 22:00 CET too late (pilot)": what matters first, it may be cut.
 */
static void
add_window(struct hf_buf *out, const struct hf_reboots_view *v,
           const struct hf_due *due, const struct hf_host *host)
{
    const struct hf_period *w = &due->window;
    char at[HF_ZONE_TIME_LEN];

    if (due->group == HF_DUE_UNKNOWN)
        return;
    if (w->from == HF_NEVER) {
        hf_due_say_window(out, &v->dues, due, host);
        return;
    }
    if (w->from <= v->dues.outlook.now)
        hf_buf_puts(out, "open");
    else
        hf_buf_puts(
            out, hf_zone_format(at, hf_calendar_zone(v->fleet->calendar, host),
                                w->from));
    hf_buf_printf(out, "%s (%s)", due->too_late ? " too late" : "", w->title);
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

    hf_line_add(out, HF_TONE_PLAIN, "  ");
    hf_line_cell(out, HF_TONE_STRONG, st->host->name, l.name, look->ascii);
    hf_line_add(out, HF_TONE_PLAIN, " ");
    hf_line_cell(out, HF_TONE_PLAIN, st->host->ring ? st->host->ring : "-",
                 l.ring, look->ascii);
    hf_line_add(out, HF_TONE_PLAIN, " ");
    add_day(out, due->forced.at, tone, look);
    add_day(out, due->forced.by, HF_TONE_PLAIN, look);
    add_window(&text, v, due, st->host);
    hf_line_cell(out, due->group == HF_DUE_NO_WINDOW ? tone : HF_TONE_PLAIN,
                 hf_buf_str(&text), l.window, look->ascii);
    if (l.why) {
        hf_buf_clear(&text);
        hf_forced_say(&text, &due->forced, &st->status);
        hf_line_add(out, HF_TONE_PLAIN, " ");
        hf_line_cell(out, HF_TONE_DIM, hf_buf_str(&text), l.why, look->ascii);
    }
    hf_buf_release(&text);
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
