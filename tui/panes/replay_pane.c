/*
 * A run of a plan once more, event by event: its rings as they were at each
 * moment. Nothing here reaches a host or a run.
 */
#include <stdlib.h>

#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "backend/base/time.h"
#include "tui/panes/draw.h"
#include "tui/panes/fleet_pane.h"
#include "tui/panes/run_pane.h"
#include "tui/rows/replay.h"

/* Events a second, from slow to fast. */
static const int rates[] = {2, 8, 32, 128, 1024};

struct hf_replay_pane {
    struct hf_replay replay;
    struct hf_rings rows;
    struct hf_list list;
    size_t made_at, made_cols; /* what the rows were made for */
    int made;
    int playing;
    size_t rate;   /* which of them */
    int64_t since; /* monotonic ms: of the event that came last */
};

static void *
replay_make(void)
{
    return HF_NEW(struct hf_replay_pane);
}

static void
clear(struct hf_replay_pane *p)
{
    hf_rings_release(&p->rows);
    hf_replay_release(&p->replay);
    *p = (struct hf_replay_pane){.list.scrolls = 0};
}

static void
replay_free(void *kept)
{
    clear(kept);
    free(kept);
}

static struct hf_replay_pane *
mine(const struct hf_ui *ui)
{
    return hf_ui_kept(ui, &hf_pane_replay);
}

void
hf_replay_pane_show(struct hf_ui *ui, const char *run)
{
    struct hf_replay_pane *p = mine(ui);
    struct hf_plan *plan = NULL;
    struct hf_err err = HF_ERR_INIT;

    if (hf_rollout_plan(&plan, ui->session, run, &err) < 0) {
        hf_ui_say(ui, HF_TONE_PLAIN, "only runs of plans can be replayed: %s",
                  err.text);
        return;
    }
    clear(p);
    hf_replay_init(&p->replay, run, plan);
    if (hf_rollout_each(ui->session, run, plan, hf_replay_take, &p->replay,
                        &err) < 0) {
        hf_ui_fail(ui, &err);
        return;
    }
    hf_replay_to(&p->replay, 1);
    hf_ui_go(ui, &hf_pane_replay);
}

/* ---- as it was then ---- */

static void
layout(struct hf_ui *ui)
{
    struct hf_replay_pane *p = mine(ui);
    struct hf_look then = ui->look;

    if (p->made && p->made_at == p->replay.at && p->made_cols == ui->look.cols)
        return;
    then.now = hf_replay_time(&p->replay);
    hf_rings_make(&p->rows, &p->replay.run, p->replay.run.plan != NULL, 0,
                  &then);
    p->made = 1;
    p->made_at = p->replay.at;
    p->made_cols = ui->look.cols;
    hf_list_fit(&p->list, p->rows.doc.len, p->list.height);
}

static void
go_to(struct hf_ui *ui, size_t at)
{
    hf_replay_to(&mine(ui)->replay, at);
    mine(ui)->since = hf_mono();
}

/* As many events as their time has come. */
static void
play(struct hf_ui *ui)
{
    struct hf_replay_pane *p = mine(ui);
    int64_t due = (hf_mono() - p->since) * rates[p->rate] / 1000;

    if (!p->playing)
        return;
    if (due > 0)
        go_to(ui, p->replay.at + (size_t)due);
    p->playing = p->replay.at < p->replay.len;
    ui->lively |= p->playing;
}

/* ---- drawing ---- */

static void
draw_place(struct hf_ui *ui, int y)
{
    const struct hf_replay *r = &mine(ui)->replay;
    size_t cols = ui->look.cols > 110 ? 48 : 16;
    size_t full = r->len ? r->at * cols / r->len : 0;
    struct hf_line line = {0};

    hf_line_add(&line, HF_TONE_PLAIN, "  ");
    for (size_t i = 0; i < cols; i++)
        hf_line_add(&line, i < full ? HF_TONE_BUSY : HF_TONE_DIM,
                    ui->look.ascii ? (i < full ? "=" : ".")
                                   : (i < full ? "▒" : "░"));
    hf_line_add(&line, HF_TONE_PLAIN, "  ");
    hf_replay_place(&line, r, &ui->look);
    hf_draw_line(ui, y, 0, (int)ui->look.cols, &line, 0);
    hf_line_clear(&line);
    hf_line_add(&line, HF_TONE_PLAIN, "  ");
    hf_replay_event(&line, r);
    hf_draw_line(ui, y + 1, 0, (int)ui->look.cols, &line, 0);
    hf_line_release(&line);
}

static void
replay_draw(struct hf_ui *ui, const struct hf_area *area)
{
    struct hf_replay_pane *p = mine(ui);
    int head = area->rows > 6 ? 3 : 0;
    struct hf_area rest = {area->y + head, area->rows - head, area->cols};

    play(ui);
    layout(ui);
    if (head)
        draw_place(ui, area->y);
    hf_list_fit(&p->list, p->rows.doc.len, (size_t)rest.rows);
    hf_draw_doc(ui, &rest, &p->rows.doc, &p->list);
}

static void
replay_subtitle(struct hf_ui *ui, struct hf_line *out)
{
    const struct hf_replay_pane *p = mine(ui);

    hf_line_add(out, HF_TONE_DIM, " %s ", p->replay.run.id);
    if (p->playing)
        hf_line_add(out, HF_TONE_BUSY, " %d events a second ", rates[p->rate]);
    else
        hf_line_add(out, HF_TONE_WARN, " as it was ");
}

static void
replay_footnote(struct hf_ui *ui, struct hf_line *out)
{
    (void)ui;
    hf_line_add(out, HF_TONE_DIM,
                " Space plays, + - faster, Left Right an event, [ ] one of "
                "note, b e begin, end");
}

static struct hf_list *
replay_list(struct hf_ui *ui)
{
    return &mine(ui)->list;
}

/* ---- keys ---- */

static unsigned
key_step(struct hf_ui *ui, int key)
{
    struct hf_replay_pane *p = mine(ui);

    p->playing = 0;
    if (key == HF_KEY_RIGHT)
        go_to(ui, p->replay.at + 1);
    else if (p->replay.at)
        go_to(ui, p->replay.at - 1);
    return HF_HANDLED;
}

static unsigned
key_note(struct hf_ui *ui, int key)
{
    mine(ui)->playing = 0;
    go_to(ui, hf_replay_note(&mine(ui)->replay, key == '[' ? -1 : 1));
    return HF_HANDLED;
}

static unsigned
key_ends(struct hf_ui *ui, int key)
{
    mine(ui)->playing = 0;
    go_to(ui, key == 'b' ? 0 : SIZE_MAX);
    return HF_HANDLED;
}

/* At the end it begins once more. */
static unsigned
key_play(struct hf_ui *ui, int key)
{
    struct hf_replay_pane *p = mine(ui);

    (void)key;
    p->playing = !p->playing;
    if (p->playing && p->replay.at == p->replay.len)
        go_to(ui, 0);
    p->since = hf_mono();
    return HF_HANDLED;
}

static unsigned
key_rate(struct hf_ui *ui, int key)
{
    struct hf_replay_pane *p = mine(ui);

    if (key == '+' && p->rate + 1 < HF_COUNT(rates))
        p->rate++;
    else if (key == '-' && p->rate)
        p->rate--;
    return HF_HANDLED;
}

static unsigned
key_enter(struct hf_ui *ui, int key)
{
    struct hf_replay_pane *p = mine(ui);
    const struct hf_rings_link *at = hf_rings_at(&p->rows, p->list.cursor);
    struct hf_strs names = {0};
    char *title;

    (void)key;
    if (!at)
        return HF_HANDLED;
    hf_rings_hosts(&names, &p->replay.run, at);
    title = hf_rings_title(&p->replay.run, at);
    if (names.len)
        hf_fleet_pane_show(ui, title, &names);
    free(title);
    hf_strs_release(&names);
    return HF_HANDLED;
}

/* clang-format off */
static const struct hf_key_row keys[] = {
    {{HF_KEY_ENTER, HF_KEY_F(3)}, "Open", "list the hosts behind the row", 0,
     key_enter},
    {{HF_KEY_SPACE, HF_KEY_F(5)}, "Play", "play on, or stand still", 0,
     key_play},
    {{HF_KEY_RIGHT, HF_KEY_LEFT}, NULL, "an event on, or back", 0, key_step},
    {{']', '['}, NULL, "to the next, previous event of note", 0, key_note},
    {{'+', '-'}, NULL, "play faster, slower", 0, key_rate},
    {{'b', 'e'}, NULL, "to its beginning, its end", 0, key_ends},
    {{0}},
};
/* clang-format on */

const struct hf_pane hf_pane_replay = {
    .name = "replay",
    .title = "Replay",
    .help = "a run of a plan once more, event by event, ring by ring",
    .make = replay_make,
    .unmake = replay_free,
    .keys = keys,
    .draw = replay_draw,
    .subtitle = replay_subtitle,
    .list = replay_list,
    .footnote = replay_footnote,
};
