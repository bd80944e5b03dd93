/* One host: where it stands, checks, facts, history, what its job said. */
#include "tui/panes/host_pane.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"
#include "backend/drivers/driver.h"
#include "tui/panes/draw.h"
#include "tui/panes/run_control.h"
#include "tui/rows/host.h"

#define HISTORY_MAX 30
#define LOG_MAX 100

struct hf_host_pane {
    char *name;
    struct hf_doc doc;
    struct hf_doc history; /* read once a visit, and after each run */
    size_t cols;           /* for which the document was made */
    struct hf_list list;
};

static void *
host_make(void)
{
    struct hf_host_pane *p = HF_NEW(struct hf_host_pane);

    p->list.scrolls = 1;
    return p;
}

static void
host_free(void *kept)
{
    struct hf_host_pane *p = kept;

    hf_doc_release(&p->doc);
    hf_doc_release(&p->history);
    free(p->name);
    free(p);
}

static struct hf_host_pane *
mine(const struct hf_ui *ui)
{
    return hf_ui_kept(ui, &hf_pane_host);
}

/* ---- the document ---- */

struct reading {
    struct hf_doc *doc;
    const struct hf_look *look;
};

static int
add_history(void *ctx, const char *run, cJSON *doc)
{
    struct reading *r = ctx;

    hf_host_history_row(r->doc, run, doc, r->look);
    return 0;
}

static void
read_history(struct hf_ui *ui)
{
    struct hf_host_pane *p = mine(ui);
    struct reading r = {&p->history, &ui->look};
    struct hf_err err = HF_ERR_INIT;
    int rc;

    hf_doc_release(&p->history);
    rc = hf_ledger_host_history(hf_session_repo(ui->session),
                                hf_session_fleet(ui->session)->ledger_branch,
                                p->name, HISTORY_MAX, add_history, &r, &err);
    if (rc < 0 && rc != HF_ENOTFOUND)
        hf_doc_text(&p->history, "  ", HF_TONE_WARN, err.text, ui->look.cols);
}

static void
add_log(struct hf_ui *ui, struct hf_doc *doc)
{
    size_t n = 0;

    for (size_t i = ui->tail.len; i-- > 0 && n < LOG_MAX;) {
        const struct hf_tail_line *line = hf_tail_get(&ui->tail, i);

        if (strcmp(line->host, mine(ui)->name) != 0)
            continue;
        if (!n++)
            hf_doc_head(doc, "Log of the last run");
        hf_tail_line_make(&hf_doc_add(doc)->line, line, &ui->look);
    }
}

static const struct hf_run_host *
run_host(struct hf_ui *ui)
{
    const struct hf_run *run = hf_session_run(ui->session);

    for (size_t i = 0; run && i < hf_run_hosts_len(run); i++) {
        if (strcmp(hf_run_host(run, i)->host->name, mine(ui)->name) == 0)
            return hf_run_host(run, i);
    }
    return NULL;
}

static void
add_status(struct hf_ui *ui, const struct hf_state *st)
{
    const struct hf_fleet *fleet = hf_session_fleet(ui->session);
    struct hf_track track;

    hf_track_of(&track, st, fleet, ui->look.now);
    hf_host_status_rows(&mine(ui)->doc, st, fleet, &track, &ui->look);
    hf_track_release(&track);
}

static void
make(struct hf_ui *ui)
{
    struct hf_host_pane *p = mine(ui);
    const struct hf_state *st = hf_session_state(ui->session, p->name);
    const struct hf_run_host *h = run_host(ui);

    hf_doc_release(&p->doc);
    p->cols = ui->look.cols;
    if (!st) {
        hf_doc_text(&p->doc, "  ", HF_TONE_WARN, "this host has left the fleet",
                    ui->look.cols);
        return;
    }
    add_status(ui, st);
    if (h && h->phase != HF_PHASE_DONE)
        hf_doc_head(&p->doc, "Under way: %s", hf_phase_names[h->phase]);
    hf_host_check_rows(&p->doc, hf_state_findings(st), "Checks", &ui->look);
    if (h && h->criteria.len)
        hf_host_check_rows(&p->doc, &h->criteria, "Verified in the last run",
                           &ui->look);
    hf_host_fact_rows(&p->doc, &hf_state_record(st)->facts, &ui->look);
    hf_doc_head(&p->doc, "History");
    if (!p->history.len)
        hf_line_add(&hf_doc_add(&p->doc)->line, HF_TONE_DIM,
                    "  no run has touched it");
    for (size_t i = 0; i < p->history.len; i++)
        hf_line_append(&hf_doc_add(&p->doc)->line, &p->history.v[i].line);
    add_log(ui, &p->doc);
}

static void
host_recalc(struct hf_ui *ui)
{
    if (!mine(ui)->name)
        return;
    if (!ui->live)
        read_history(ui);
    make(ui);
}

void
hf_host_pane_show(struct hf_ui *ui, const char *name)
{
    char *copy = hf_xstrdup(name);

    free(mine(ui)->name);
    mine(ui)->name = copy;
    mine(ui)->list.top = mine(ui)->list.cursor = 0;
    read_history(ui);
    make(ui);
    hf_ui_go(ui, &hf_pane_host);
}

/* ---- drawing ---- */

static void
host_draw(struct hf_ui *ui, const struct hf_area *area)
{
    struct hf_host_pane *p = mine(ui);

    if (p->cols != ui->look.cols)
        host_recalc(ui);
    hf_list_fit(&p->list, p->doc.len, (size_t)area->rows);
    hf_draw_doc(ui, area, &p->doc, &p->list);
}

static void
host_subtitle(struct hf_ui *ui, struct hf_line *out)
{
    const struct hf_host_pane *p = mine(ui);

    hf_line_add(out, HF_TONE_STRONG, " %s ", p->name);
    if (p->doc.len > p->list.height && p->list.height)
        hf_line_add(out, HF_TONE_DIM, " %zu%% ",
                    (p->list.top + p->list.height) * 100 / p->doc.len);
}

static struct hf_list *
host_list(struct hf_ui *ui)
{
    return &mine(ui)->list;
}

static void
host_targets(struct hf_ui *ui, struct hf_targets *out)
{
    hf_strs_add(&out->names, mine(ui)->name);
    out->title = hf_xstrdup(mine(ui)->name);
}

/* ---- keys ---- */

static unsigned
key_section(struct hf_ui *ui, int key)
{
    struct hf_host_pane *p = mine(ui);
    size_t to =
        hf_doc_next_head(&p->doc, p->list.top, key == HF_KEY_BACKTAB ? -1 : 1);

    hf_list_move(&p->list, (long)to - (long)p->list.top);
    return HF_HANDLED;
}

/* The host above or below in the list that one came from. */
static unsigned
key_neighbour(struct hf_ui *ui, int key)
{
    int by = key == '[' || key == HF_KEY_LEFT ? -1 : 1;
    uint32_t host = hf_fleet_view_index(&ui->view, mine(ui)->name);
    size_t row = host == HF_VIEW_NO_HOST
                     ? SIZE_MAX
                     : hf_fleet_view_find(&ui->view, host, 0);

    if (row == SIZE_MAX)
        return HF_HANDLED;
    do
        row += (size_t)by;
    while (row < ui->view.len && ui->view.items[row].host == HF_VIEW_NO_HOST);
    if (row >= ui->view.len)
        return HF_HANDLED;
    hf_list_to(&ui->fleet_list, row);
    hf_host_pane_show(ui, ui->view.states[ui->view.items[row].host].host->name);
    return HF_HANDLED;
}

/* clang-format off */
static const struct hf_key_row keys[] = {
    {{HF_KEY_TAB, HF_KEY_BACKTAB}, NULL, "to the next, previous section", 0,
     key_section},
    {{']', HF_KEY_RIGHT}, NULL, "the next host of the list", 0, key_neighbour},
    {{'[', HF_KEY_LEFT}, NULL, "the previous host of the list", 0,
     key_neighbour},
    {{'R', HF_KEY_F(5)}, "Check", "ask the host for its facts (check)",
     HF_NEED_IDLE, hf_ui_key_check},
    {{0}},
};
/* clang-format on */

const struct hf_pane hf_pane_host = {
    .name = "host",
    .title = "Host",
    .help = "one host: state, checks with remedy, facts, history, log",
    .make = host_make,
    .unmake = host_free,
    .keys = keys,
    .recalc = host_recalc,
    .draw = host_draw,
    .subtitle = host_subtitle,
    .list = host_list,
    .targets = host_targets,
};
