/* What stands below the list of the Reboots screen: of the host under the
 * cursor when it restarts, why, and what would move that. */
#include <stdio.h>

#include "backend/model/exception.h"
#include "tui/rows/reboots_view.h"

struct detail {
    struct hf_doc *doc;
    const struct hf_reboots_view *v;
    const struct hf_state *state;
    const struct hf_due *due;
    size_t cols;
};

static void
add(const struct detail *d, const char *label, enum hf_tone tone,
    const char *text)
{
    char head[16];

    (void)snprintf(head, sizeof(head), "  %-9s ", label);
    hf_doc_text(d->doc, head, tone, text, d->cols);
}

/* "opens 2026-12-20 01:00 CET (patch night); due since 2026-11-10, ..." */
static void
add_when(const struct detail *d)
{
    const struct hf_forced *f = &d->due->forced;
    struct hf_buf text = {0};
    char day[HF_TIME_LEN];

    if (d->due->group == HF_DUE_SCHEDULED)
        hf_buf_puts(&text, "by itself");
    else
        hf_due_say_window(&text, &d->v->dues, d->due, d->state->host);
    hf_buf_printf(&text, "; due %s %.10s",
                  f->at > d->v->dues.outlook.now ? "from" : "since",
                  hf_time_format(day, f->at));
    if (f->by)
        hf_buf_printf(&text, ", at the latest %.10s",
                      hf_time_format(day, f->by));
    add(d, "window", HF_TONE_PLAIN, hf_buf_str(&text));
    hf_buf_release(&text);
}

static int
wants_window(const struct detail *d)
{
    const struct hf_due *due = d->due;
    int64_t opens = hf_due_opens(due, d->v->dues.outlook.now);

    return due->group != HF_DUE_UNKNOWN && due->group != HF_DUE_SCHEDULED &&
           (opens == HF_NEVER || due->group == HF_DUE_OVERDUE ||
            (due->forced.by && opens > due->forced.by));
}

static void
add_moves(const struct detail *d)
{
    struct hf_buf text = {0};

    hf_buf_puts(&text, hf_forced_moves(&d->due->forced, &d->state->status));
    if (wants_window(d))
        hf_buf_printf(&text,
                      "; %s (W): hotfleet window add NAME %s --kind "
                      "restart",
                      d->due->window.from == HF_NEVER ? "a window"
                                                      : "an earlier window",
                      d->state->host->name);
    add(d, "moved by", HF_TONE_PLAIN, hf_buf_str(&text));
    hf_buf_release(&text);
}

/* Whom nothing is done to, that is not restarted by hotfleet either. */
static void
add_kept(const struct detail *d)
{
    const struct hf_host *host = d->state->host;
    const struct hf_exception *e =
        hf_exception_of(d->v->fleet, host, d->v->dues.outlook.now);
    char why[HF_WHY_LEN];

    if (host->hold)
        add(d, "held", HF_TONE_WARN, host->hold);
    if (e) {
        hf_exception_say(why, e);
        add(d, "excused", HF_TONE_WARN, why);
    }
    if (d->state->status.restarted_why[0])
        add(d, "restarted", HF_TONE_BAD, d->state->status.restarted_why);
}

void
hf_reboots_detail(struct hf_doc *out, const struct hf_reboots_view *v,
                  size_t row, const struct hf_look *look)
{
    const struct hf_reboots_item *item = &v->items[row];
    struct detail d = {.doc = out, .v = v, .cols = look->cols};
    struct hf_buf why = {0};

    if (row >= v->len)
        return;
    if (item->host == HF_REBOOTS_HEAD) {
        hf_doc_text(out, "  ", HF_TONE_PLAIN,
                    hf_reboots_means((enum hf_due_group)item->group),
                    look->cols);
        return;
    }
    d.state = &v->states[item->host];
    d.due = hf_dues_of(&v->dues, item->host);
    hf_forced_say(&why, &d.due->forced, &d.state->status);
    add(&d, "why", HF_TONE_STRONG, hf_buf_str(&why));
    hf_buf_release(&why);
    if (d.due->group != HF_DUE_UNKNOWN)
        add_when(&d);
    add_kept(&d);
    add_moves(&d);
}
