/*
 * Screen 6, Rollback: what can be taken back, at what price, and the switch
 * that blocks a release for the whole fleet. Looking at every host takes a
 * while in a large fleet, so it is done in pieces between keys; what was found
 * before is shown until then. Its keys are in rollback_keys.c.
 */
#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "backend/base/time.h"
#include "tui/panes/draw.h"
#include "tui/panes/rollback_priv.h"

#define AGAIN_MS 60000 /* windows open and close by themselves */
#define PIECE_MS 8     /* of looking, between two keys */
#define DETAIL_ROWS 8
#define SUM_LEAST 14 /* rows from which on the price stands above the list */

static void *
rollback_make(void)
{
    struct rollback_pane *p = HF_NEW(struct rollback_pane);

    p->look = hf_undo_look_new();
    return p;
}

static void
rollback_free(void *kept)
{
    struct rollback_pane *p = kept;

    hf_rollback_view_release(&p->v);
    hf_undo_look_free(p->look);
    free(p->host);
    free(p->group);
    free(p);
}

struct rollback_pane *
rollback_mine(const struct hf_ui *ui)
{
    return hf_ui_kept(ui, &hf_pane_rollback);
}

const struct hf_rollback_item *
rollback_current(const struct hf_ui *ui)
{
    const struct rollback_pane *p = rollback_mine(ui);

    return p->list.cursor < p->v.len ? &p->v.items[p->list.cursor] : NULL;
}

const struct hf_rollback_group *
rollback_current_group(const struct hf_ui *ui)
{
    const struct hf_rollback_item *item = rollback_current(ui);

    return item ? &rollback_mine(ui)->v.groups.v[item->group] : NULL;
}

/* ---- the cursor follows its host ---- */

void
rollback_remember(struct hf_ui *ui)
{
    struct rollback_pane *p = rollback_mine(ui);
    const struct hf_rollback_item *item = rollback_current(ui);

    if (!item)
        return;
    free(p->host);
    free(p->group);
    p->host = item->host == HF_UNDO_NONE
                  ? NULL
                  : hf_xstrdup(p->v.u->states[item->host]->host->name);
    p->group = hf_xstrdup(p->v.groups.v[item->group].name);
}

/* Who has not moved from the top stays there. */
void
rollback_find_again(struct hf_ui *ui)
{
    struct rollback_pane *p = rollback_mine(ui);
    uint32_t host =
        p->host ? hf_fleet_view_index(&ui->view, p->host) : HF_UNDO_NONE;

    hf_list_fit(&p->list, p->v.len, p->list.height);
    if (p->list.cursor > 0)
        hf_list_to(&p->list, hf_rollback_view_find(&p->v, host, p->group));
}

/* ---- looking ---- */

static void
begin(struct hf_ui *ui)
{
    struct rollback_pane *p = rollback_mine(ui);

    p->moved = 0;
    p->began = hf_mono();
    hf_undo_look_begin(p->look, ui->session, ui->look.now);
}

/* While a run moves things, looking at a large fleet may take a twentieth of
 * the time. */
static int
rollback_work(struct hf_ui *ui)
{
    struct rollback_pane *p = rollback_mine(ui);
    int64_t at = hf_undo_look_at(p->look);

    p->moved |= at && ui->look.now - at >= AGAIN_MS;
    if (!hf_undo_look_is_looking(p->look) &&
        (!at || (p->moved && hf_mono() - p->began >= p->took * 20)))
        begin(ui);
    if (hf_undo_look_on(p->look, PIECE_MS))
        p->news = 1;
    return hf_undo_look_has_more(p->look);
}

static void
take(struct hf_ui *ui)
{
    struct rollback_pane *p = rollback_mine(ui);
    int was_looking = hf_undo_look_is_looking(p->look);

    rollback_remember(ui);
    hf_rollback_view_make(&p->v, hf_undo_look_take(p->look));
    p->news = 0;
    if (was_looking && !hf_undo_look_is_looking(p->look))
        p->took = hf_mono() - p->began;
    rollback_find_again(ui);
}

static void
rollback_recalc(struct hf_ui *ui)
{
    rollback_mine(ui)->moved = 1;
}

/* What is unfolded stays so. */
static void
rollback_forget(struct hf_ui *ui)
{
    struct rollback_pane *p = rollback_mine(ui);
    struct hf_strs opened = p->v.opened;

    rollback_remember(ui);
    p->v.opened = (struct hf_strs){0};
    hf_rollback_view_release(&p->v);
    p->v.opened = opened;
    p->news = 0;
    hf_undo_look_forget(p->look);
}

/* ---- drawing ---- */

static size_t
percent(const struct hf_undoables *u)
{
    return u && u->n ? u->len * 100 / u->n : 0;
}

static void
draw_none(struct hf_ui *ui, const struct hf_area *area)
{
    const struct rollback_pane *p = rollback_mine(ui);

    if (!hf_undo_look_at(p->look))
        hf_draw_text(ui, area->y + 1, 2, area->cols - 2, HF_STYLE_DIM,
                     "looking at the hosts: %zu %%", percent(p->v.u));
    else
        hf_draw_text(ui, area->y + 1, 2, area->cols - 2, HF_STYLE_DIM,
                     "nothing to take back: no hotpatch or live patch is "
                     "known to be in effect (R asks the hosts)");
}

static void
draw_detail(struct hf_ui *ui, int y, int rows)
{
    struct rollback_pane *p = rollback_mine(ui);
    const struct hf_rollback_item *item = rollback_current(ui);
    struct hf_list list = {.scrolls = 1};
    const struct hf_area area = {y + 1, rows - 1, (int)ui->look.cols};
    struct hf_doc doc = {0};

    if (!item || rows < 2)
        return;
    hf_draw_rule(
        ui, y,
        item->host == HF_UNDO_NONE
            ? hf_rollback_group_title(&p->v.groups, &p->v.groups.v[item->group])
            : p->v.u->states[item->host]->host->name,
        NULL);
    hf_rollback_detail(&doc, &p->v, p->list.cursor, &ui->look);
    hf_draw_doc(ui, &area, &doc, &list);
    hf_doc_release(&doc);
}

static void
draw_list(struct hf_ui *ui, const struct hf_area *area)
{
    struct rollback_pane *p = rollback_mine(ui);
    struct hf_line line = {0};

    hf_rollback_heads(&line, &p->v, &ui->look);
    hf_draw_line(ui, area->y, 0, area->cols, &line, 0);
    hf_list_fit(&p->list, p->v.len, (size_t)(area->rows - 1));
    for (int i = 0; i < area->rows - 1; i++) {
        size_t row = p->list.top + (size_t)i;

        if (row >= p->v.len)
            break;
        hf_rollback_line(&line, &p->v, row, &ui->look);
        hf_draw_line(ui, area->y + 1 + i, 0, area->cols, &line,
                     row == p->list.cursor);
    }
    hf_line_release(&line);
}

static void
draw_sum(struct hf_ui *ui, const struct hf_area *area)
{
    const struct rollback_pane *p = rollback_mine(ui);
    struct hf_line sum[HF_ROLLBACK_SUM] = {0};

    hf_rollback_sum(sum, &p->v, p->list.cursor);
    for (int i = 0; i < HF_ROLLBACK_SUM; i++) {
        hf_draw_line(ui, area->y + i, 0, area->cols, &sum[i], 0);
        hf_line_release(&sum[i]);
    }
}

/* What stands below keeps its height, so that the list stands still. */
static void
rollback_draw(struct hf_ui *ui, const struct hf_area *area)
{
    struct rollback_pane *p = rollback_mine(ui);
    struct hf_area top = *area;
    int below = area->rows >= 12 ? DETAIL_ROWS + 1 : 0;

    if (below > area->rows * 3 / 5)
        below = area->rows * 3 / 5;
    if (p->news)
        take(ui);
    ui->lively |= !hf_undo_look_at(p->look) ||
                  hf_undo_look_is_looking(p->look) ||
                  hf_undo_look_is_reading(p->look);
    if (!p->v.len) {
        draw_none(ui, area);
        return;
    }
    top.rows -= below;
    if (area->rows >= SUM_LEAST) {
        draw_sum(ui, &top);
        top.y += HF_ROLLBACK_SUM;
        top.rows -= HF_ROLLBACK_SUM;
    }
    draw_list(ui, &top);
    draw_detail(ui, top.y + top.rows, below);
}

static void
rollback_subtitle(struct hf_ui *ui, struct hf_line *out)
{
    const struct rollback_pane *p = rollback_mine(ui);
    const char *trouble = hf_undo_look_trouble(p->look);

    if (!p->v.u)
        return;
    hf_line_add(out, HF_TONE_DIM, " by %s ", hf_rollback_by_names[p->v.by]);
    if (!hf_undo_look_at(p->look))
        hf_line_add(out, HF_TONE_BUSY, " so far: %zu %% of the hosts ",
                    percent(p->v.u));
    else if (p->v.groups.left)
        hf_line_add(out, HF_TONE_DIM, " %zu host%s with nothing to take back ",
                    p->v.groups.left, hf_plural(p->v.groups.left));
    if (hf_undo_look_is_reading(p->look))
        hf_line_add(out, HF_TONE_BUSY, " reading the ledger ");
    else if (hf_undo_look_at(p->look) && hf_undo_look_is_looking(p->look))
        hf_line_add(out, HF_TONE_BUSY, " looking anew ");
    if (trouble[0])
        hf_line_add(out, HF_TONE_BAD, " %s ", trouble);
}

static struct hf_list *
rollback_list(struct hf_ui *ui)
{
    return &rollback_mine(ui)->list;
}

void
rollback_targets(struct hf_ui *ui, struct hf_targets *out)
{
    const struct rollback_pane *p = rollback_mine(ui);
    const struct hf_rollback_item *item = rollback_current(ui);

    if (!item)
        return;
    hf_rollback_view_hosts(&out->names, &p->v, p->list.cursor);
    out->title =
        item->host != HF_UNDO_NONE
            ? hf_xstrdup(out->names.v[0])
            : hf_xasprintf("%zu host%s: %s", out->names.len,
                           hf_plural(out->names.len),
                           hf_rollback_group_title(&p->v.groups,
                                                   rollback_current_group(ui)));
}

const struct hf_pane hf_pane_rollback = {
    .name = "rollback",
    .title = "Rollback",
    .help = "what can be taken back, at what price; blocks of releases",
    .digit = '6',
    .keys = rollback_keys,
    .make = rollback_make,
    .unmake = rollback_free,
    .recalc = rollback_recalc,
    .forget = rollback_forget,
    .draw = rollback_draw,
    .work = rollback_work,
    .subtitle = rollback_subtitle,
    .list = rollback_list,
    .targets = rollback_targets,
};
