/* Screen 0, Today: what needs a person now. */
#include <stdlib.h>

#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "backend/base/time.h"
#include "tui/panes/draw.h"
#include "tui/panes/fleet_pane.h"
#include "tui/panes/rings_pane.h"
#include "tui/panes/run_control.h"
#include "tui/rows/today_rows.h"

struct hf_today_pane {
    struct hf_today today;
    struct hf_doc doc;
    size_t cols; /* for which the document was made */
    struct hf_list list;
    int moved; /* the cursor was: else it stays on the first line */
};

static void *
today_make(void)
{
    return HF_NEW(struct hf_today_pane);
}

static void
today_free(void *kept)
{
    struct hf_today_pane *p = kept;

    hf_today_release(&p->today);
    hf_doc_release(&p->doc);
    free(p);
}

static struct hf_today_pane *
mine(const struct hf_ui *ui)
{
    return hf_ui_kept(ui, &hf_pane_today);
}

static void
layout(struct hf_ui *ui)
{
    struct hf_today_pane *p = mine(ui);

    hf_doc_release(&p->doc);
    hf_today_rows(&p->doc, &p->today, &ui->look);
    p->cols = ui->look.cols;
}

static void
today_recalc(struct hf_ui *ui)
{
    const char *elsewhere = hf_session_elsewhere(ui->session);
    struct hf_today_in in = {
        .fleet = hf_session_fleet(ui->session),
        .operator_ = hf_session_operator(ui->session),
        .elsewhere = elsewhere,
        .open_intents = ui->live ? 0 : hf_session_open_intents(ui->session),
        .ledger_note = hf_session_ledger_note(ui->session),
        .read_only = hf_session_read_only(ui->session),
        .runs = hf_rings_pane_runs(ui)->v,
        .runs_len = hf_rings_pane_runs(ui)->len,
        .now = hf_now(),
    };

    in.states = hf_session_states(ui->session, &in.states_len);
    hf_today_release(&mine(ui)->today);
    hf_today_make(&mine(ui)->today, &in);
    layout(ui);
}

/* ---- the row under the cursor ---- */

static const struct hf_today_line *
current(const struct hf_ui *ui)
{
    const struct hf_today_pane *p = mine(ui);
    size_t row = p->list.cursor;

    if (row >= p->doc.len || !p->doc.v[row].link)
        return NULL;
    return &p->today.v[p->doc.v[row].link - 1];
}

/* Headings and empty lines are stepped over. */
static void
settle(struct hf_today_pane *p, int by)
{
    size_t at = p->list.cursor;

    while (at < p->doc.len && !p->doc.v[at].link &&
           at + (size_t)by < p->doc.len)
        at += (size_t)by;
    if (at < p->doc.len && p->doc.v[at].link)
        hf_list_to(&p->list, at);
    else if (by > 0 && p->list.cursor > 0)
        settle(p, -1);
}

static unsigned
today_key(struct hf_ui *ui, const struct hf_key *key)
{
    struct hf_today_pane *p = mine(ui);
    size_t before = p->list.cursor;

    if (!hf_list_key(&p->list, key->code))
        return HF_UNUSED;
    p->moved = 1;
    if (p->list.cursor < before && p->list.cursor > 0)
        settle(p, -1);
    if (p->list.cursor < p->doc.len && !p->doc.v[p->list.cursor].link)
        settle(p, 1);
    /* Headings above the first line come into view with it. */
    if (p->list.cursor <= p->list.height / 2)
        p->list.top = 0;
    return HF_HANDLED;
}

static void
today_targets(struct hf_ui *ui, struct hf_targets *out)
{
    const struct hf_today_line *line = current(ui);

    for (size_t i = 0; line && i < line->hosts.len; i++)
        hf_strs_add(&out->names, line->hosts.v[i]);
    out->selector = line ? hf_xstrdup(line->selector) : NULL;
    out->title = line ? hf_xstrdup(line->text) : NULL;
}

/* ---- drawing ---- */

static void
today_draw(struct hf_ui *ui, const struct hf_area *area)
{
    struct hf_today_pane *p = mine(ui);

    if (p->cols != ui->look.cols)
        layout(ui);
    hf_list_fit(&p->list, p->doc.len, (size_t)area->rows);
    if (!p->moved)
        hf_list_to(&p->list, 0);
    settle(p, 1);
    if (!p->moved)
        p->list.top = 0;
    hf_draw_doc(ui, area, &p->doc, &p->list);
}

static void
today_subtitle(struct hf_ui *ui, struct hf_line *out)
{
    size_t needs = mine(ui)->today.needs;

    hf_line_add(out, needs ? HF_TONE_WARN : HF_TONE_GOOD, " %zu need%s you ",
                needs, needs == 1 ? "s" : "");
}

static void
today_footnote(struct hf_ui *ui, struct hf_line *out)
{
    const struct hf_today_line *line = current(ui);

    if (!line)
        return;
    if (line->hosts.len)
        hf_line_add(out, HF_TONE_DIM, " Enter lists %s",
                    line->hosts.len == 1 ? "the host" : "the hosts");
    if (line->next)
        hf_line_add(out, HF_TONE_DIM, "%s%s", line->hosts.len ? "; " : " ",
                    line->next);
}

static struct hf_list *
today_list(struct hf_ui *ui)
{
    return &mine(ui)->list;
}

/* ---- keys ---- */

static unsigned
key_enter(struct hf_ui *ui, int key)
{
    const struct hf_today_line *line = current(ui);

    (void)key;
    if (line && line->hosts.len)
        hf_fleet_pane_show(ui, line->text, &line->hosts);
    else
        hf_ui_say(ui, HF_TONE_PLAIN, "no hosts behind this line");
    return HF_HANDLED;
}

static unsigned
key_refresh(struct hf_ui *ui, int key)
{
    struct hf_targets t = {0};
    const struct hf_state *states;
    unsigned got;
    size_t n;

    (void)key;
    states = hf_session_states(ui->session, &n);
    for (size_t i = 0; i < n; i++)
        hf_strs_add(&t.names, states[i].host->name);
    t.title = hf_xasprintf("all %zu host%s", n, hf_plural(n));
    got = hf_ui_start_reading(ui, HF_ACTION_CHECK, &t);
    hf_targets_release(&t);
    return got;
}

/* clang-format off */
static const struct hf_key_row keys[] = {
    {{HF_KEY_ENTER, HF_KEY_F(3)}, "Open", "list the hosts behind the line", 0,
     key_enter},
    {{'R', HF_KEY_F(5)}, "Check", "ask all hosts for their facts (check)",
     HF_NEED_IDLE, key_refresh},
    {{0}},
};
/* clang-format on */

const struct hf_pane hf_pane_today = {
    .name = "today",
    .title = "Today",
    .help = "what needs you now",
    .digit = '0',
    .make = today_make,
    .unmake = today_free,
    .keys = keys,
    .recalc = today_recalc,
    .draw = today_draw,
    .subtitle = today_subtitle,
    .list = today_list,
    .key = today_key,
    .targets = today_targets,
    .footnote = today_footnote,
};
