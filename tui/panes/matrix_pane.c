/* One group of hosts against its checks; see matrix_pane.h. */
#include "tui/panes/matrix_pane.h"

#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "tui/panes/draw.h"
#include "tui/panes/host_pane.h"
#include "tui/panes/run_control.h"
#include "tui/rows/matrix.h"

struct hf_matrix_pane {
    struct hf_matrix m;
    char *group; /* product or ring, or NULL */
    char *title;
    char *host; /* under the cursor */
    struct hf_list list;
    size_t column;
};

static void *
matrix_make(void)
{
    return HF_NEW(struct hf_matrix_pane);
}

static void
matrix_free(void *kept)
{
    struct hf_matrix_pane *p = kept;

    hf_matrix_release(&p->m);
    free(p->group);
    free(p->title);
    free(p->host);
    free(p);
}

static struct hf_matrix_pane *
mine(const struct hf_ui *ui)
{
    return hf_ui_kept(ui, &hf_pane_matrix);
}

/* ---- what is shown ---- */

static const struct hf_state *
current(const struct hf_ui *ui)
{
    const struct hf_matrix_pane *p = mine(ui);

    return p->list.cursor < p->m.len ? &p->m.states[p->m.hosts[p->list.cursor]]
                                     : NULL;
}

static void
make(struct hf_ui *ui)
{
    struct hf_matrix_pane *p = mine(ui);
    const struct hf_eligibility *e = hf_eligibility_pane_counts(ui);
    struct hf_eligibility_row row;

    hf_matrix_release(&p->m);
    if (hf_eligibility_row(&row, e, hf_eligibility_find(e, p->group, NULL)) < 0)
        return;
    hf_matrix_make(&p->m, e, row.group);
    free(p->title);
    p->title = hf_xstrdup(row.group->title);
}

/* ---- the cursor follows its host ---- */

static void
remember(struct hf_ui *ui)
{
    struct hf_matrix_pane *p = mine(ui);

    if (!current(ui))
        return;
    free(p->host);
    p->host = hf_xstrdup(current(ui)->host->name);
}

static void
matrix_forget(struct hf_ui *ui)
{
    hf_matrix_release(&mine(ui)->m);
}

/* Who has not moved from the top stays there. */
static void
matrix_recalc(struct hf_ui *ui)
{
    struct hf_matrix_pane *p = mine(ui);
    uint32_t host;

    remember(ui);
    make(ui);
    hf_list_fit(&p->list, p->m.len, p->list.height);
    host = p->host ? hf_fleet_view_index(&ui->view, p->host) : HF_VIEW_NO_HOST;
    if (p->list.cursor > 0 && host != HF_VIEW_NO_HOST)
        hf_list_to(&p->list, hf_matrix_find(&p->m, host));
    if (p->column >= p->m.checks_len)
        p->column = 0;
}

void
hf_matrix_pane_show(struct hf_ui *ui, const char *group, const char *check)
{
    struct hf_matrix_pane *p = mine(ui);
    char *copy = hf_xstrdup(group);

    free(p->group);
    p->group = copy;
    p->column = 0;
    hf_list_to(&p->list, 0);
    make(ui);
    for (size_t i = 0; check && i < p->m.checks_len; i++) {
        if (strcmp(p->m.checks[i].name, check) == 0)
            p->column = i;
    }
    hf_ui_go(ui, &hf_pane_matrix);
}

/* ---- drawing ---- */

static void
matrix_draw(struct hf_ui *ui, const struct hf_area *area)
{
    struct hf_matrix_pane *p = mine(ui);
    struct hf_doc heads = {0};
    struct hf_line line = {0};
    int used;

    remember(ui);
    hf_matrix_heads(&heads, &p->m, (size_t)area->rows / 3, p->column,
                    &ui->look);
    used = (int)heads.len;
    for (int i = 0; i < used; i++)
        hf_draw_line(ui, area->y + i, 0, area->cols, &heads.v[i].line, 0);
    hf_list_fit(&p->list, p->m.len, (size_t)(area->rows - used));
    for (int i = 0; i < area->rows - used; i++) {
        size_t row = p->list.top + (size_t)i;
        int chosen = row == p->list.cursor;

        if (row >= p->m.len)
            break;
        hf_matrix_line(&line, &p->m, row, p->column, chosen, &ui->look);
        hf_draw_line(ui, area->y + used + i, 0, area->cols, &line, chosen);
    }
    if (!p->m.len)
        hf_draw_text(ui, area->y + used + 1, 2, area->cols - 2, HF_STYLE_DIM,
                     "no host of it is judged yet: R on Fleet asks them");
    hf_doc_release(&heads);
    hf_line_release(&line);
}

static void
matrix_subtitle(struct hf_ui *ui, struct hf_line *out)
{
    const struct hf_matrix_pane *p = mine(ui);

    hf_line_add(out, HF_TONE_STRONG, " %s ", p->title ? p->title : "");
    hf_line_add(out, HF_TONE_DIM, " %zu host%s, %zu check%s ", p->m.len,
                hf_plural(p->m.len), p->m.checks_len,
                hf_plural(p->m.checks_len));
}

/* What the check under the cursor says, and what would mend it. */
static void
matrix_footnote(struct hf_ui *ui, struct hf_line *out)
{
    const struct hf_matrix_pane *p = mine(ui);
    const struct hf_finding *f =
        hf_matrix_finding(&p->m, p->list.cursor, p->column);

    if (!current(ui))
        return;
    hf_line_add(out, HF_TONE_STRONG, " %s ", current(ui)->host->name);
    if (!f) {
        hf_line_add(out, HF_TONE_DIM, " this check was not run");
        return;
    }
    hf_line_add(out, hf_verdict_words[f->verdict].tone, " %s %s ", f->name,
                hf_verdict_names[f->verdict]);
    hf_line_add(out, HF_TONE_PLAIN, " %s", f->found ? f->found : "-");
}

static struct hf_list *
matrix_list(struct hf_ui *ui)
{
    return &mine(ui)->list;
}

static void
matrix_targets(struct hf_ui *ui, struct hf_targets *out)
{
    const struct hf_state *st = current(ui);

    if (!st)
        return;
    hf_strs_add(&out->names, st->host->name);
    out->title = hf_xstrdup(st->host->name);
}

/* ---- keys ---- */

static unsigned
key_enter(struct hf_ui *ui, int key)
{
    (void)key;
    if (current(ui))
        hf_host_pane_show(ui, current(ui)->host->name);
    return HF_HANDLED;
}

static unsigned
key_column(struct hf_ui *ui, int key)
{
    struct hf_matrix_pane *p = mine(ui);

    if (key == HF_KEY_LEFT || key == 'h')
        p->column -= p->column > 0;
    else
        p->column += p->column + 1 < p->m.checks_len;
    return HF_HANDLED;
}

static unsigned
key_counts(struct hf_ui *ui, int key)
{
    (void)key;
    hf_ui_back(ui);
    return HF_HANDLED;
}

/* clang-format off */
static const struct hf_key_row keys[] = {
    {{HF_KEY_ENTER, HF_KEY_F(3)}, "Open", "open the host", 0, key_enter},
    {{HF_KEY_RIGHT, 'l', HF_KEY_LEFT, 'h'}, NULL,
     "to the next, previous check", 0, key_column},
    {{'R', HF_KEY_F(5)}, "Check", "ask the host for its facts (check)",
     HF_NEED_IDLE, hf_ui_key_check},
    {{'m', HF_KEY_F(6)}, "Count", "back to the counts", 0, key_counts},
    {{0}},
};
/* clang-format on */

const struct hf_pane hf_pane_matrix = {
    .name = "matrix",
    .title = "Hosts and checks",
    .help = "single hosts against the checks of their product",
    .keys = keys,
    .make = matrix_make,
    .unmake = matrix_free,
    .recalc = matrix_recalc,
    .forget = matrix_forget,
    .draw = matrix_draw,
    .subtitle = matrix_subtitle,
    .list = matrix_list,
    .targets = matrix_targets,
    .footnote = matrix_footnote,
};
