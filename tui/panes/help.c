/* Help from the tables; see help.h. */
#include "tui/panes/help.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"
#include "tui/panes/draw.h"
#include "tui/panes/verbs.h"
#include "tui/term/input.h"

struct hf_help_pane {
    struct hf_doc doc;
    struct hf_list list;
    struct hf_input search;
};

static void *
help_make(void)
{
    struct hf_help_pane *p = HF_NEW(struct hf_help_pane);

    p->list.scrolls = 1;
    return p;
}

static void
help_free(void *kept)
{
    struct hf_help_pane *p = kept;

    hf_doc_release(&p->doc);
    hf_input_release(&p->search);
    free(p);
}

static struct hf_help_pane *
mine(const struct hf_ui *ui)
{
    return hf_ui_kept(ui, &hf_pane_help);
}

/* ---- the document ---- */

struct making {
    struct hf_ui *ui;
    const char *search;
    const char *title; /* of the section, until its first row */
};

static void
add_row(struct making *m, const char *keys, const char *help)
{
    struct hf_doc *d = &mine(m->ui)->doc;
    char *all = hf_xasprintf("%s %s", keys, help);
    char label[40];
    int hit = strcasestr(all, m->search) != NULL;

    free(all);
    if (!hit)
        return;
    if (m->title)
        hf_doc_head(d, "%s", m->title);
    m->title = NULL;
    (void)snprintf(label, sizeof(label), "  %-20s ", keys);
    hf_doc_text(d, label, HF_TONE_PLAIN, help, m->ui->look.cols);
}

static void
add_keys(struct making *m, const int *codes, size_t n, const char *help)
{
    struct hf_buf names = {0};

    for (size_t i = 0; i < n && codes[i]; i++)
        hf_buf_printf(&names, "%s%s", i ? " " : "", hf_key_name(codes[i]));
    add_row(m, hf_buf_str(&names), help);
    hf_buf_release(&names);
}

static void
add_table(struct making *m, const char *title, const struct hf_key_row *rows)
{
    m->title = title;
    for (; rows && rows->help; rows++)
        add_keys(m, rows->keys, HF_COUNT(rows->keys), rows->help);
}

static void
add_screens(struct making *m)
{
    m->title = "Screens";
    for (size_t i = 0; hf_panes[i]; i++) {
        char digit[2] = {hf_panes[i]->digit, '\0'};
        char *help =
            hf_xasprintf("%s: %s", hf_panes[i]->title, hf_panes[i]->help);

        if (hf_panes[i]->digit)
            add_row(m, digit, help);
        free(help);
    }
}

static void
add_motions(struct making *m)
{
    m->title = "Lists and pages";
    for (const struct hf_motion *row = hf_motions; row->help; row++)
        add_keys(m, row->keys, HF_COUNT(row->keys), row->help);
}

static void
add_verbs(struct making *m)
{
    m->title = "Verbs, after a colon";
    for (const struct hf_console_verb *v = hf_console_verbs; v->name; v++) {
        char *name = hf_xasprintf(":%s %s", v->name, v->args);

        add_row(m, name, v->help);
        free(name);
    }
}

static void
add_selectors(struct making *m)
{
    m->title = "Selectors: field:value, and, or, not, parentheses";
    for (const struct hf_selector_field *f = hf_selector_fields; f->name; f++) {
        char *help =
            hf_xasprintf("%s - %s", f->help, f->example ? f->example : "");

        add_row(m, f->name, help);
        free(help);
    }
}

static void
help_recalc(struct hf_ui *ui)
{
    struct making m = {ui, hf_buf_str(&mine(ui)->search.text), NULL};

    hf_doc_release(&mine(ui)->doc);
    add_table(&m, ui->base->title, ui->base->keys);
    add_screens(&m);
    add_table(&m, "Every screen", hf_keys_global);
    add_motions(&m);
    for (size_t i = 0; hf_panes[i]; i++) {
        if (hf_panes[i] != ui->base)
            add_table(&m, hf_panes[i]->title, hf_panes[i]->keys);
    }
    add_verbs(&m);
    add_selectors(&m);
    if (!mine(ui)->doc.len)
        hf_doc_text(&mine(ui)->doc, "  ", HF_TONE_DIM,
                    "nothing says that: another word?", ui->look.cols);
}

/* ---- the pane ---- */

unsigned
hf_help_open(struct hf_ui *ui, const char *word)
{
    hf_input_set(&mine(ui)->search, word);
    mine(ui)->list.top = mine(ui)->list.cursor = 0;
    if (hf_ui_top(ui) != &hf_pane_help)
        hf_ui_push(ui, &hf_pane_help);
    help_recalc(ui);
    return HF_HANDLED;
}

static unsigned
help_key(struct hf_ui *ui, const struct hf_key *key)
{
    struct hf_help_pane *p = mine(ui);

    /* Letters are what is looked for; only other keys move. */
    if (!hf_key_is_text(key->code) && hf_list_key(&p->list, key->code))
        return HF_HANDLED;
    if (!hf_input_key(&p->search, key))
        return HF_UNUSED;
    p->list.top = p->list.cursor = 0;
    help_recalc(ui);
    return HF_HANDLED;
}

static unsigned
help_close(struct hf_ui *ui, int key)
{
    (void)key;
    hf_ui_pop(ui);
    return HF_HANDLED;
}

static void
help_draw(struct hf_ui *ui, const struct hf_area *area)
{
    struct hf_help_pane *p = mine(ui);
    struct hf_area body = {area->y + 1, area->rows - 1, area->cols};

    if (area->rows < 2)
        body = *area;
    else
        hf_draw_text(ui, area->y, 2, 20, HF_STYLE_DIM, "look for:");
    if (area->rows >= 2)
        hf_draw_input(ui, area->y, 12, area->cols - 14, &p->search, 1);
    hf_list_fit(&p->list, p->doc.len, (size_t)body.rows);
    hf_draw_doc(ui, &body, &p->doc, &p->list);
}

/* clang-format off */
static const struct hf_key_row keys[] = {
    {{HF_KEY_ESC, HF_KEY_ENTER, HF_KEY_F(1)}, "Close", "close the help", 0,
     help_close},
    {{0}},
};
/* clang-format on */

const struct hf_pane hf_pane_help = {
    .name = "help",
    .title = "Help",
    .help = "keys and verbs",
    .fills = 1,
    .make = help_make,
    .unmake = help_free,
    .keys = keys,
    .recalc = help_recalc,
    .key = help_key,
    .draw = help_draw,
};
