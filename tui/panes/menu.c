/* Choosing in a box; see menu.h. */
#include "tui/panes/menu.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "backend/base/time.h"
#include "tui/panes/draw.h"
#include "tui/panes/guard.h"

#define ITEMS_MAX 24

struct item {
    int letter;
    int on; /* of a switch; -1: no switch */
    char label[48], help[80];
    hf_menu_run *run;
};

struct hf_menu {
    char title[64];
    char text[400];
    struct item items[ITEMS_MAX];
    size_t len;
    struct hf_list list;
    int guarded;
    int64_t opened;
};

static void *
menu_make(void)
{
    return HF_NEW(struct hf_menu);
}

static void
menu_free(void *kept)
{
    struct hf_menu *m = kept;

    free(m);
}

static struct hf_menu *
mine(const struct hf_ui *ui)
{
    return hf_ui_kept(ui, &hf_pane_menu);
}

/* ---- making ---- */

void
hf_menu_start(struct hf_ui *ui, const char *title, const char *fmt, ...)
{
    struct hf_menu *m = mine(ui);
    va_list ap;

    *m = (struct hf_menu){0};
    (void)snprintf(m->title, sizeof(m->title), "%s", title);
    va_start(ap, fmt);
    (void)vsnprintf(m->text, sizeof(m->text), fmt, ap);
    va_end(ap);
}

void
hf_menu_add(struct hf_ui *ui, int letter, const char *label, const char *help,
            hf_menu_run *run)
{
    struct hf_menu *m = mine(ui);
    struct item *item;

    if (m->len == ITEMS_MAX)
        return;
    item = &m->items[m->len++];
    item->letter = letter;
    item->on = -1;
    item->run = run;
    (void)snprintf(item->label, sizeof(item->label), "%s", label);
    (void)snprintf(item->help, sizeof(item->help), "%s", help);
}

void
hf_menu_switch(struct hf_ui *ui, int on)
{
    mine(ui)->items[mine(ui)->len - 1].on = on;
}

void
hf_menu_flip(struct hf_ui *ui, size_t item)
{
    mine(ui)->items[item].on = !mine(ui)->items[item].on;
}

void
hf_menu_open(struct hf_ui *ui, int guarded)
{
    mine(ui)->guarded = guarded;
    mine(ui)->opened = hf_mono();
    if (guarded)
        hf_screen_flush(ui->screen);
    if (hf_ui_top(ui) != &hf_pane_menu)
        hf_ui_push(ui, &hf_pane_menu);
}

/* ---- keys ---- */

/* Closed first: what is chosen may open another pane or menu. */
static unsigned
choose(struct hf_ui *ui, size_t i)
{
    struct item item = mine(ui)->items[i];

    if (item.on < 0)
        hf_ui_pop(ui);
    return item.run ? item.run(ui, i) | HF_HANDLED : HF_HANDLED;
}

static unsigned
menu_key(struct hf_ui *ui, const struct hf_key *key)
{
    struct hf_menu *m = mine(ui);

    if (m->guarded && hf_guard_holds(m->opened))
        return HF_HANDLED;
    for (size_t i = 0; i < m->len; i++) {
        if (m->items[i].letter == key->code && key->code)
            return choose(ui, i);
    }
    return HF_UNUSED;
}

static unsigned
menu_enter(struct hf_ui *ui, int key)
{
    struct hf_menu *m = mine(ui);

    (void)key;
    if (m->guarded && hf_guard_holds(m->opened))
        return HF_HANDLED;
    return m->len ? choose(ui, m->list.cursor) : HF_HANDLED;
}

static unsigned
menu_close(struct hf_ui *ui, int key)
{
    (void)key;
    hf_ui_pop(ui);
    return HF_HANDLED;
}

static struct hf_list *
menu_list(struct hf_ui *ui)
{
    return &mine(ui)->list;
}

/* ---- drawing ---- */

static size_t
label_cols(const struct hf_menu *m)
{
    size_t widest = 0, width;

    for (size_t i = 0; i < m->len; i++) {
        width = hf_text_width(m->items[i].label);
        widest = width > widest ? width : widest;
    }
    return widest;
}

static int
text_cols(const struct hf_menu *m)
{
    size_t widest = hf_text_width(m->title) + 4, labels = label_cols(m);

    for (size_t i = 0; i < m->len; i++) {
        size_t width = 10 + labels + hf_text_width(m->items[i].help);

        widest = width > widest ? width : widest;
    }
    if (m->text[0] && widest < 56)
        widest = 56;
    return (int)widest;
}

static void
item_line(struct hf_line *out, const struct item *item, size_t cols)
{
    hf_line_clear(out);
    hf_line_add(out, HF_TONE_STRONG, " %s ",
                item->letter ? hf_key_name(item->letter) : " ");
    if (item->on >= 0)
        hf_line_add(out, HF_TONE_PLAIN, " [%c]", item->on ? 'x' : ' ');
    hf_line_add(out, HF_TONE_PLAIN, " ");
    hf_line_cell(out, HF_TONE_PLAIN, item->label, cols, 0);
    if (item->help[0])
        hf_line_add(out, HF_TONE_DIM, "  %s", item->help);
}

static void
menu_draw(struct hf_ui *ui, const struct hf_area *area)
{
    struct hf_menu *m = mine(ui);
    struct hf_doc doc = {0};
    struct hf_line line = {0};
    struct hf_box box;
    int text_rows, item_rows;

    box.cols = text_cols(m) + 4 < area->cols ? text_cols(m) + 4 : area->cols;
    if (m->text[0])
        hf_doc_text(&doc, "", HF_TONE_PLAIN, m->text, (size_t)box.cols - 4);
    text_rows = doc.len ? (int)doc.len + 1 : 0;
    box.rows = (int)m->len + text_rows + 2;
    box.rows = box.rows < area->rows ? box.rows : area->rows;
    box.y = area->y + (area->rows - box.rows) / 3;
    box.x = (area->cols - box.cols) / 2;
    item_rows = box.rows - 2 - text_rows;
    if (item_rows < 1) {
        item_rows = 1; /* no room: what can be chosen comes first */
        text_rows = 0;
    }
    hf_list_fit(&m->list, m->len, (size_t)item_rows);
    hf_draw_box(ui, &box, m->title);
    for (int i = 0; i < text_rows - 1; i++)
        hf_draw_line(ui, box.y + 1 + i, box.x + 2, box.cols - 4, &doc.v[i].line,
                     0);
    for (int i = 0; i < item_rows && m->list.top + (size_t)i < m->len; i++) {
        size_t at = m->list.top + (size_t)i;

        item_line(&line, &m->items[at], label_cols(m));
        hf_draw_line(ui, box.y + 1 + text_rows + i, box.x + 1, box.cols - 2,
                     &line, at == m->list.cursor);
    }
    hf_line_release(&line);
    hf_doc_release(&doc);
}

/* clang-format off */
static const struct hf_key_row keys[] = {
    {{HF_KEY_ENTER, HF_KEY_SPACE}, "Choose", "choose what the cursor is on", 0,
     menu_enter},
    {{HF_KEY_ESC, 'q'}, "Close", "close, choose nothing", 0, menu_close},
    {{0}},
};
/* clang-format on */

const struct hf_pane hf_pane_menu = {
    .name = "menu",
    .title = "Menu",
    .help = "a few things to choose from",
    .make = menu_make,
    .unmake = menu_free,
    .keys = keys,
    .key = menu_key,
    .list = menu_list,
    .draw = menu_draw,
};
