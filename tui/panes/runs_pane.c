/* Screen 4, Runs: the run under way, or how the last one ended. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "backend/base/time.h"
#include "tui/panes/draw.h"
#include "tui/panes/host_pane.h"
#include "tui/panes/run_control.h"
#include "tui/rows/past_run.h"

#define PAST_MAX 50

struct hf_runs_pane {
    struct hf_list list;
    struct hf_doc past; /* what the ledger knows, until there is a run */
    struct hf_list past_list;
    size_t cols; /* for which it was made */
};

static void *
runs_make(void)
{
    struct hf_runs_pane *p = HF_NEW(struct hf_runs_pane);

    p->past_list.scrolls = 1;
    return p;
}

static void
runs_free(void *kept)
{
    struct hf_runs_pane *p = kept;

    hf_doc_release(&p->past);
    free(p);
}

static struct hf_runs_pane *
mine(const struct hf_ui *ui)
{
    return hf_ui_kept(ui, &hf_pane_runs);
}

/* ---- runs of the past ---- */

struct reading {
    struct hf_doc *doc;
    const struct hf_look *look;
};

static int
add_past(void *ctx, const char *run, cJSON *doc, cJSON *end)
{
    struct reading *r = ctx;

    hf_past_run_rows(r->doc, run, doc, end, r->look);
    return 0;
}

static void
read_past(struct hf_ui *ui)
{
    struct hf_runs_pane *p = mine(ui);
    struct reading r = {&p->past, &ui->look};
    struct hf_err err = HF_ERR_INIT;
    int rc;

    hf_doc_release(&p->past);
    p->cols = ui->look.cols;
    hf_doc_head(&p->past, "Earlier runs");
    rc = hf_ledger_runs(hf_session_repo(ui->session),
                        hf_session_fleet(ui->session)->ledger_branch, PAST_MAX,
                        add_past, &r, &err);
    if (rc < 0 && rc != HF_ENOTFOUND)
        hf_doc_text(&p->past, "  ", HF_TONE_WARN, err.text, ui->look.cols);
    else if (p->past.len == 1)
        hf_doc_text(&p->past, "  ", HF_TONE_DIM,
                    "none is recorded: R checks, a lists actions",
                    ui->look.cols);
}

static void
draw_past(struct hf_ui *ui, const struct hf_area *area)
{
    struct hf_runs_pane *p = mine(ui);

    if (p->cols != ui->look.cols)
        read_past(ui);
    hf_list_fit(&p->past_list, p->past.len, (size_t)area->rows);
    hf_draw_doc(ui, area, &p->past, &p->past_list);
}

/* ---- keeping the cursor on its host ---- */

static const char *
cursor_name(const struct hf_ui *ui)
{
    const struct hf_progress *p = &ui->progress;
    size_t row = mine(ui)->list.cursor;

    if (row >= p->len || p->items[row].host == SIZE_MAX)
        return NULL;
    return p->hosts[p->items[row].host].name;
}

static void
runs_recalc(struct hf_ui *ui)
{
    struct hf_progress *p = &ui->progress;
    struct hf_runs_pane *pane = mine(ui);
    char *name = hf_xstrdup(cursor_name(ui));

    if (!p->n)
        read_past(ui);
    if (ui->live)
        hf_ui_progress(ui);
    hf_list_fit(&pane->list, p->len, pane->list.height);
    for (size_t i = 0; name && i < p->len; i++) {
        if (p->items[i].host != SIZE_MAX &&
            strcmp(p->hosts[p->items[i].host].name, name) == 0)
            hf_list_to(&pane->list, i);
    }
    free(name);
}

/* ---- drawing ---- */

static void
draw_summary(struct hf_ui *ui, int y)
{
    struct hf_line line = {0};

    hf_line_add(&line, HF_TONE_PLAIN, "  ");
    hf_progress_bar(&line, &ui->progress, &ui->look);
    hf_draw_line(ui, y, 0, (int)ui->look.cols, &line, 0);
    hf_line_clear(&line);
    hf_line_add(&line, HF_TONE_PLAIN, "  ");
    hf_progress_counts(&line, &ui->progress, &ui->look);
    hf_draw_line(ui, y + 1, 0, (int)ui->look.cols, &line, 0);
    hf_line_release(&line);
}

static void
draw_tail(struct hf_ui *ui, int y, int rows)
{
    struct hf_line line = {0};

    if (rows < 2)
        return;
    hf_draw_rule(ui, y, "Log", NULL);
    for (int i = 1; i < rows; i++) {
        const struct hf_tail_line *t =
            hf_tail_get(&ui->tail, (size_t)(rows - 1 - i));

        if (!t)
            continue;
        hf_tail_line_make(&line, t, &ui->look);
        hf_draw_line(ui, y + i, 0, (int)ui->look.cols, &line, 0);
    }
    hf_line_release(&line);
}

static void
draw_hosts(struct hf_ui *ui, int y, int rows)
{
    struct hf_list *list = &mine(ui)->list;
    struct hf_line line = {0};

    hf_list_fit(list, ui->progress.len, (size_t)rows);
    for (int i = 0; i < rows; i++) {
        size_t row = list->top + (size_t)i;

        if (row >= ui->progress.len)
            break;
        hf_progress_line(&line, &ui->progress, row, ui->mono, &ui->look);
        hf_draw_line(ui, y + i, 0, (int)ui->look.cols, &line,
                     row == list->cursor);
    }
    hf_line_release(&line);
}

static void
runs_draw(struct hf_ui *ui, const struct hf_area *area)
{
    int head = area->rows > 6 ? 3 : 0;
    int tail = area->rows > 14 ? area->rows / 4 : 0;

    if (!ui->progress.n) {
        draw_past(ui, area);
        return;
    }
    if (head)
        draw_summary(ui, area->y);
    draw_hosts(ui, area->y + head, area->rows - head - tail);
    draw_tail(ui, area->y + area->rows - tail, tail);
}

static void
runs_subtitle(struct hf_ui *ui, struct hf_line *out)
{
    char span[HF_TIME_LEN];
    const char *why = "";

    if (!ui->progress.n)
        return;
    hf_line_add(out, HF_TONE_STRONG, " %s ", hf_action_names[ui->action]);
    hf_line_add(out, HF_TONE_DIM, " %s ", hf_session_run_id(ui->session));
    hf_line_add(
        out, HF_TONE_DIM, " %s ",
        hf_span_format(span, ui->live ? ui->mono - ui->began : ui->took));
    if (!ui->live)
        hf_line_add(out, HF_TONE_STRONG, " ended ");
    else if (hf_run_is_held(hf_session_run(ui->session), &why))
        hf_line_add(out, HF_TONE_WARN, " HELD: %s ", why);
}

static struct hf_list *
runs_list(struct hf_ui *ui)
{
    return ui->progress.n ? &mine(ui)->list : &mine(ui)->past_list;
}

static void
runs_targets(struct hf_ui *ui, struct hf_targets *out)
{
    const struct hf_progress *p = &ui->progress;
    size_t row = mine(ui)->list.cursor;

    if (row >= p->len)
        return;
    for (size_t i = 0; i < p->n; i++) {
        if (p->items[row].host == i || (p->items[row].host == SIZE_MAX &&
                                        p->group_of[i] == p->items[row].group))
            hf_strs_add(&out->names, p->hosts[i].name);
    }
    out->title = hf_xasprintf("%zu host%s of the run", out->names.len,
                              hf_plural(out->names.len));
}

/* ---- keys ---- */

static unsigned
key_enter(struct hf_ui *ui, int key)
{
    const char *name = cursor_name(ui);

    (void)key;
    if (name)
        hf_host_pane_show(ui, name);
    else
        hf_progress_fold(&ui->progress, mine(ui)->list.cursor);
    return HF_HANDLED;
}

static unsigned
key_fold(struct hf_ui *ui, int key)
{
    size_t at = mine(ui)->list.cursor;

    (void)key;
    while (at > 0 && at < ui->progress.len &&
           ui->progress.items[at].host != SIZE_MAX)
        at--;
    hf_list_to(&mine(ui)->list, at);
    hf_progress_fold(&ui->progress, at);
    return HF_HANDLED;
}

/* clang-format off */
static const struct hf_key_row keys[] = {
    {{HF_KEY_ENTER, HF_KEY_F(3)}, "Open", "open the host, or fold the group",
     0, key_enter},
    {{HF_KEY_SPACE, HF_KEY_LEFT, HF_KEY_RIGHT}, NULL, "fold or open the group",
     0, key_fold},
    {{0}},
};
/* clang-format on */

const struct hf_pane hf_pane_runs = {
    .name = "runs",
    .title = "Runs",
    .help = "the run under way, or how the last one ended",
    .digit = '4',
    .make = runs_make,
    .unmake = runs_free,
    .keys = keys,
    .recalc = runs_recalc,
    .draw = runs_draw,
    .subtitle = runs_subtitle,
    .list = runs_list,
    .targets = runs_targets,
};
