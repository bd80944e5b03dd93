/* Screen 1, Fleet: every host in groups, filtered, sorted, marked. */
#include "tui/panes/fleet_pane.h"

#include <stdio.h>

#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "tui/panes/draw.h"
#include "tui/panes/host_pane.h"
#include "tui/panes/menu.h"
#include "tui/panes/prompt.h"
#include "tui/panes/run_control.h"

static const struct hf_fleet_item *
current(const struct hf_ui *ui)
{
    return ui->fleet_list.cursor < ui->view.len
               ? &ui->view.items[ui->fleet_list.cursor]
               : NULL;
}

/* Keeps the cursor on its host (or head) through a change of the rows. */
static void
arrange(struct hf_ui *ui, int anew)
{
    const struct hf_fleet_item *item = current(ui);
    struct hf_fleet_item was =
        item ? *item : (struct hf_fleet_item){HF_VIEW_NO_HOST, 0};
    size_t row;

    if (anew)
        hf_fleet_view_recalc(&ui->view, ui->look.now);
    else
        hf_fleet_view_arrange(&ui->view);
    row = hf_fleet_view_find(&ui->view, was.host, was.group);
    if (row == SIZE_MAX && was.host != HF_VIEW_NO_HOST)
        row = hf_fleet_view_find(&ui->view, HF_VIEW_NO_HOST, was.group);
    hf_list_fit(&ui->fleet_list, ui->view.len, ui->fleet_list.height);
    /* Who has not moved from the top stays there. */
    if (row != SIZE_MAX && ui->fleet_list.cursor > 0)
        hf_list_to(&ui->fleet_list, row);
}

static void
fleet_recalc(struct hf_ui *ui)
{
    arrange(ui, 1);
}

static void
show(struct hf_ui *ui, const char *selector, const char *title,
     const struct hf_strs *hosts)
{
    struct hf_err err = HF_ERR_INIT;

    if (hf_fleet_view_filter(&ui->view, selector, &err) < 0) {
        hf_ui_fail(ui, &err);
        return;
    }
    hf_fleet_view_subset(&ui->view, title, hosts);
    ui->view.only = -1;
    ui->view.folded = 0;
    arrange(ui, 1);
    hf_list_to(&ui->fleet_list, 0);
    hf_ui_go(ui, &hf_pane_fleet);
}

void
hf_fleet_pane_show(struct hf_ui *ui, const char *title,
                   const struct hf_strs *hosts)
{
    show(ui, NULL, title, hosts);
}

void
hf_fleet_pane_filter(struct hf_ui *ui, const char *selector)
{
    show(ui, selector, NULL, NULL);
}

/* ---- drawing ---- */

static void
fleet_draw(struct hf_ui *ui, const struct hf_area *area)
{
    struct hf_line line = {0};
    int heads = area->rows > 3;

    hf_list_fit(&ui->fleet_list, ui->view.len, (size_t)(area->rows - heads));
    if (heads) {
        hf_fleet_view_heads(&line, &ui->view, &ui->look);
        hf_draw_line(ui, area->y, 0, area->cols, &line, 0);
    }
    for (int i = 0; i < area->rows - heads; i++) {
        size_t row = ui->fleet_list.top + (size_t)i;

        if (row >= ui->view.len)
            break;
        hf_fleet_view_line(&line, &ui->view, row, &ui->look);
        hf_draw_line(ui, area->y + heads + i, 0, area->cols, &line,
                     row == ui->fleet_list.cursor);
    }
    if (!ui->view.len)
        hf_draw_text(ui, area->y + heads + 1, 2, area->cols - 2, HF_STYLE_DIM,
                     ui->view.n ? "no host matches: Esc shows all"
                                : "the fleet has no hosts yet: hotfleet "
                                  "import, or add files under hosts/");
    hf_line_release(&line);
}

static size_t
subset_cols(const struct hf_fleet_view *v)
{
    size_t width = hf_text_width(v->subset_of);

    return width < 44 ? width : 44;
}

static void
fleet_subtitle(struct hf_ui *ui, struct hf_line *out)
{
    const struct hf_fleet_view *v = &ui->view;

    if (v->matches == v->n)
        hf_line_add(out, HF_TONE_DIM, " %zu host%s ", v->n, hf_plural(v->n));
    else
        hf_line_add(out, HF_TONE_PLAIN, " %zu of %zu host%s ", v->matches, v->n,
                    hf_plural(v->n));
    if (v->marks)
        hf_line_add(out, HF_TONE_STRONG, " * %zu marked ", v->marks);
    if (v->filter)
        hf_line_add(out, HF_TONE_BUSY, " /%s ", v->filter);
    if (v->subset_of) {
        hf_line_add(out, HF_TONE_BUSY, " only: ");
        hf_line_cell(out, HF_TONE_BUSY, v->subset_of, subset_cols(v),
                     ui->look.ascii);
        hf_line_add(out, HF_TONE_BUSY, " ");
    }
}

/* Why the host under the cursor stands where it does. */
static void
fleet_footnote(struct hf_ui *ui, struct hf_line *out)
{
    const struct hf_fleet_item *item = current(ui);
    const struct hf_state *st;
    const char *why;

    if (!item || item->host == HF_VIEW_NO_HOST)
        return;
    st = &ui->view.states[item->host];
    why = st->net[0] && (st->status.flags & HF_FLAG_UNREACHABLE)
              ? hf_state_record(st)->net_why
          : st->status.patch == HF_PATCH_CURRENT && st->status.coverage_why[0]
              ? st->status.coverage_why
              : st->status.patch_why;
    hf_line_add(out, HF_TONE_STRONG, " %s", st->host->name);
    hf_line_add(out, HF_TONE_PLAIN, "  %s", why);
}

static struct hf_list *
fleet_list(struct hf_ui *ui)
{
    return &ui->fleet_list;
}

/* ---- what keys act on ---- */

static void
view_targets(const struct hf_ui *ui, struct hf_targets *out)
{
    const struct hf_fleet_view *v = &ui->view;

    for (uint32_t i = 0; i < v->n; i++) {
        if (hf_fleet_view_shows(v, i))
            hf_strs_add(&out->names, v->states[i].host->name);
    }
    out->selector = hf_fleet_view_selector(v, HF_VIEW_NO_GROUP);
    out->title = hf_xasprintf("%zu host%s in view", out->names.len,
                              hf_plural(out->names.len));
}

/* All that match a filter are marked: they were chosen by the filter. */
static int
marks_are_the_view(const struct hf_fleet_view *v)
{
    if (v->marks != v->matches || v->only >= 0)
        return 0;
    for (size_t i = 0; i < v->n; i++) {
        if (v->marked[i] != v->match[i])
            return 0;
    }
    return 1;
}

static void
marked_targets(const struct hf_ui *ui, struct hf_targets *out)
{
    const struct hf_fleet_view *v = &ui->view;

    for (uint32_t i = 0; i < v->n; i++) {
        if (!v->marked[i])
            continue;
        hf_strs_add(hf_fleet_view_shows(v, i) ? &out->names : &out->hidden,
                    v->states[i].host->name);
    }
    if (marks_are_the_view(v))
        out->selector = hf_fleet_view_selector(v, HF_VIEW_NO_GROUP);
    out->title = hf_xasprintf("%zu marked host%s", out->names.len,
                              hf_plural(out->names.len));
}

static void
group_targets(const struct hf_ui *ui, uint32_t group, struct hf_targets *out)
{
    const struct hf_fleet_view *v = &ui->view;
    const char *name = hf_fleet_view_group_name(v, group);

    for (uint32_t i = 0; i < v->n; i++) {
        if (v->match[i] && hf_fleet_view_group(v, i) == group)
            hf_strs_add(&out->names, v->states[i].host->name);
    }
    out->selector = hf_fleet_view_selector(v, group);
    out->title = hf_xasprintf("%zu host%s of group \"%s\"", out->names.len,
                              hf_plural(out->names.len), name);
}

static void
fleet_targets(struct hf_ui *ui, struct hf_targets *out)
{
    const struct hf_fleet_item *item = current(ui);

    if (ui->view.marks) {
        marked_targets(ui, out);
    } else if (item && item->host == HF_VIEW_NO_HOST) {
        group_targets(ui, item->group, out);
    } else if (item) {
        hf_strs_add(&out->names, ui->view.states[item->host].host->name);
        out->title = hf_xstrdup(out->names.v[0]);
    }
}

/* ---- keys ---- */

static unsigned
key_enter(struct hf_ui *ui, int key)
{
    const struct hf_fleet_item *item = current(ui);

    (void)key;
    if (!item)
        return HF_HANDLED;
    if (item->host != HF_VIEW_NO_HOST) {
        hf_host_pane_show(ui, ui->view.states[item->host].host->name);
        return HF_HANDLED;
    }
    ui->view.folded &= ~(UINT64_C(1) << item->group);
    ui->view.only = ui->view.only == (int)item->group ? -1 : (int)item->group;
    arrange(ui, 0);
    return HF_HANDLED;
}

static unsigned
key_fold(struct hf_ui *ui, int key)
{
    const struct hf_fleet_item *item = current(ui);
    uint64_t bit = item ? UINT64_C(1) << item->group : 0;

    if (key == HF_KEY_LEFT || key == 'h')
        ui->view.folded |= bit;
    else if (key == HF_KEY_RIGHT || key == 'l')
        ui->view.folded &= ~bit;
    else
        ui->view.folded = ui->view.folded ? 0 : ~UINT64_C(0);
    arrange(ui, 0);
    return HF_HANDLED;
}

static unsigned
key_mark(struct hf_ui *ui, int key)
{
    (void)key;
    hf_fleet_view_mark(&ui->view, ui->fleet_list.cursor);
    hf_list_move(&ui->fleet_list, 1);
    return HF_HANDLED;
}

static unsigned
key_unmark(struct hf_ui *ui, int key)
{
    (void)key;
    hf_fleet_view_unmark_all(&ui->view);
    return HF_HANDLED;
}

/* Only columns that are shown; the name always is. */
static unsigned
key_sort(struct hf_ui *ui, int key)
{
    int at = (int)ui->view.sort, by = key == '<' ? -1 : 1;

    do
        at = (at + by + HF_COLUMN_COUNT) % HF_COLUMN_COUNT;
    while (!(ui->view.columns & 1u << at));
    ui->view.sort = (enum hf_column_id)at;
    arrange(ui, 1);
    hf_ui_say(ui, HF_TONE_PLAIN, "sorted by %s%s", hf_columns[at].name,
              ui->view.descending ? ", reversed" : "");
    return HF_HANDLED;
}

static unsigned
key_invert(struct hf_ui *ui, int key)
{
    (void)key;
    ui->view.descending = !ui->view.descending;
    arrange(ui, 0);
    hf_ui_say(ui, HF_TONE_PLAIN, "sorted by %s%s",
              hf_columns[ui->view.sort].name,
              ui->view.descending ? ", reversed" : "");
    return HF_HANDLED;
}

static unsigned
key_group(struct hf_ui *ui, int key)
{
    (void)key;
    ui->view.group_by =
        (enum hf_group_by)((ui->view.group_by + 1) % HF_GROUP_BY_COUNT);
    ui->view.only = -1;
    ui->view.folded = 0;
    arrange(ui, 0);
    hf_ui_say(ui, HF_TONE_PLAIN, "grouped by %s",
              hf_group_by_names[ui->view.group_by]);
    return HF_HANDLED;
}

static unsigned
flip_column(struct hf_ui *ui, size_t item)
{
    /* The name's column is not in the menu. */
    ui->view.columns ^= 1u << (item + 1);
    hf_menu_flip(ui, item);
    return HF_HANDLED;
}

static unsigned
key_columns(struct hf_ui *ui, int key)
{
    (void)key;
    hf_menu_start(ui, "Columns",
                  "Those that do not fit are left out, the "
                  "least telling first.");
    for (int i = HF_COLUMN_NAME + 1; i < HF_COLUMN_COUNT; i++) {
        hf_menu_add(ui, 0, hf_columns[i].title, hf_columns[i].help,
                    flip_column);
        hf_menu_switch(ui, (ui->view.columns & 1u << i) != 0);
    }
    hf_menu_open(ui, 0);
    return HF_HANDLED;
}

static unsigned
key_filter(struct hf_ui *ui, int key)
{
    (void)key;
    hf_prompt_filter(ui);
    return HF_HANDLED;
}

/* Next and previous group. */
static unsigned
key_tab(struct hf_ui *ui, int key)
{
    size_t at = ui->fleet_list.cursor;
    int by = key == HF_KEY_BACKTAB ? -1 : 1;

    while (by > 0 ? at + 1 < ui->view.len : at > 0) {
        at = by > 0 ? at + 1 : at - 1;
        if (ui->view.items[at].host == HF_VIEW_NO_HOST)
            break;
    }
    hf_list_to(&ui->fleet_list, at);
    return HF_HANDLED;
}

/* What narrows the list is taken away, the newest first; then Esc goes back. */
static unsigned
key_escape(struct hf_ui *ui, int key)
{
    struct hf_err ignored = HF_ERR_INIT;

    (void)key;
    if (ui->view.only >= 0)
        ui->view.only = -1;
    else if (ui->view.filter)
        (void)hf_fleet_view_filter(&ui->view, NULL, &ignored);
    else if (ui->view.subset_of)
        hf_fleet_view_subset(&ui->view, NULL, NULL);
    else
        return HF_UNUSED;
    arrange(ui, 1);
    return HF_HANDLED;
}

static unsigned
key_refresh(struct hf_ui *ui, int key)
{
    struct hf_targets t = {0};
    unsigned got;

    (void)key;
    if (ui->view.marks)
        marked_targets(ui, &t);
    else
        view_targets(ui, &t);
    got = hf_ui_start_reading(ui, HF_ACTION_CHECK, &t);
    hf_targets_release(&t);
    return got;
}

/* clang-format off */
static const struct hf_key_row keys[] = {
    {{HF_KEY_ENTER, HF_KEY_F(3)}, "Open",
     "open the host; on a group's head: only this group, and back", 0,
     key_enter},
    {{'/', HF_KEY_F(4)}, "Find", "filter with a selector", 0, key_filter},
    {{'R', HF_KEY_F(5)}, "Check",
     "ask the marked hosts, or all in view, for their facts (check)",
     HF_NEED_IDLE, key_refresh},
    {{'>', '<', HF_KEY_F(6)}, "Sort", "sort by the next, previous column", 0,
     key_sort},
    {{'I'}, NULL, "turn the order around", 0, key_invert},
    {{'b', HF_KEY_F(7)}, "Group", "group by patch, coverage, ring, not at all",
     0, key_group},
    {{HF_KEY_SPACE, HF_KEY_F(8)}, "Mark",
     "mark the host; on a group's head: all of the group", 0, key_mark},
    {{'U'}, NULL, "take all marks away", 0, key_unmark},
    {{HF_KEY_LEFT, 'h'}, NULL, "fold the group", 0, key_fold},
    {{HF_KEY_RIGHT, 'l'}, NULL, "open the group", 0, key_fold},
    {{'z'}, NULL, "fold or open all groups", 0, key_fold},
    {{HF_KEY_TAB, HF_KEY_BACKTAB}, NULL, "to the next, previous group", 0,
     key_tab},
    {{'C'}, NULL, "choose columns", 0, key_columns},
    {{HF_KEY_ESC}, NULL, "take the filter away; else back", 0, key_escape},
    {{0}},
};
/* clang-format on */

const struct hf_pane hf_pane_fleet = {
    .name = "fleet",
    .title = "Fleet",
    .help = "every host, grouped by state",
    .digit = '1',
    .keys = keys,
    .recalc = fleet_recalc,
    .draw = fleet_draw,
    .subtitle = fleet_subtitle,
    .list = fleet_list,
    .targets = fleet_targets,
    .footnote = fleet_footnote,
};
