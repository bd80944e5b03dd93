/*
 * Screen 4, Runs: live and past ones, of plans and of single verbs, newest
 * first; from the runs of plans, the ledger, and what the journal has open.
 */
#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "playbooks/past.h"
#include "tui/panes/again.h"
#include "tui/panes/carry.h"
#include "tui/panes/draw.h"
#include "tui/panes/rings_pane.h"
#include "tui/panes/rollout_menu.h"
#include "tui/panes/run_control.h"
#include "tui/panes/run_pane.h"
#include "tui/rows/runs.h"

#define PAST_MAX 50

struct hf_runs_pane {
    struct hf_run_rows past; /* what the ledger says */
    struct hf_run_rows rows; /* all of them */
    struct hf_list list;
    uint64_t stamp; /* of what the past was read from */
    int read;
    char why[HF_WHY_LEN]; /* the ledger cannot be read */
};

static void *
runs_make(void)
{
    return HF_NEW(struct hf_runs_pane);
}

static void
runs_free(void *kept)
{
    struct hf_runs_pane *p = kept;

    hf_run_rows_release(&p->past);
    hf_run_rows_release(&p->rows);
    free(p);
}

static struct hf_runs_pane *
mine(const struct hf_ui *ui)
{
    return hf_ui_kept(ui, &hf_pane_runs);
}

/* ---- rows ---- */

static int
add_past(void *ctx, const char *run, cJSON *doc, cJSON *end)
{
    hf_run_rows_past(ctx, run, doc, end);
    return 0;
}

static void
read_past(struct hf_ui *ui, uint64_t stamp)
{
    struct hf_runs_pane *p = mine(ui);
    struct hf_err err = HF_ERR_INIT;
    int rc;

    if (p->read && stamp == p->stamp)
        return;
    p->read = 1;
    p->stamp = stamp;
    hf_run_rows_release(&p->past);
    rc = hf_ledger_runs(hf_session_repo(ui->session),
                        hf_session_fleet(ui->session)->ledger_branch, PAST_MAX,
                        add_past, &p->past, &err);
    hf_say(p->why, sizeof(p->why), "%s",
           rc < 0 && rc != HF_ENOTFOUND ? err.text : "");
}

/* The single verb's run of this console; read-only ones leave no record. */
static void
add_own(struct hf_ui *ui)
{
    const struct hf_progress *p = &ui->progress;
    struct hf_run_row *row;

    if (!p->n)
        return;
    row = hf_run_rows_find(&mine(ui)->rows, ui->run_id);
    if (!row)
        row = hf_run_rows_add(&mine(ui)->rows, ui->run_id);
    if (!row->what)
        row->what = hf_xstrdup(hf_action_names[ui->action]);
    if (!row->who)
        row->who = hf_xstrdup(hf_session_operator(ui->session));
    if (!row->at)
        row->at = ui->look.now - (ui->mono - ui->began);
    row->standing = ui->live ? HF_RUN_HERE : HF_RUN_ENDED;
    row->exit = ui->run_exit;
    row->hosts = p->n;
    row->in_flight = p->in_flight;
    row->waiting = p->waiting;
    memcpy(row->by_outcome, p->by_outcome, sizeof(row->by_outcome));
}

static void
add_unsettled(struct hf_ui *ui)
{
    struct hf_unsettled u;

    for (size_t i = 0; hf_session_unsettled(ui->session, i, &u); i++)
        hf_run_rows_unsettled(&mine(ui)->rows, u.run, u.action);
}

/* Another process is at work: "run R of WHO is under way ...". */
static void
mark_elsewhere(struct hf_ui *ui)
{
    const char *who = hf_session_elsewhere(ui->session);
    struct hf_run_rows *rows = &mine(ui)->rows;

    for (size_t i = 0; who && i < rows->len; i++) {
        if (strstr(who, rows->v[i].id))
            rows->v[i].standing = HF_RUN_ELSEWHERE;
    }
}

static void
copy_past(struct hf_run_rows *to, const struct hf_run_rows *from)
{
    for (size_t i = 0; i < from->len; i++) {
        struct hf_run_row *row = hf_run_rows_add(to, from->v[i].id);

        *row = from->v[i];
        row->what = hf_xstrdup(row->what);
        row->who = hf_xstrdup(row->who);
    }
}

static void
make(struct hf_ui *ui)
{
    const struct hf_rollouts *runs = hf_rings_pane_runs(ui);
    struct hf_runs_pane *p = mine(ui);

    read_past(ui, runs->stamp);
    hf_run_rows_release(&p->rows);
    copy_past(&p->rows, &p->past);
    for (size_t i = 0; i < runs->len; i++)
        hf_run_rows_plan(&p->rows, &runs->v[i],
                         hf_carry_has(ui, runs->v[i].id));
    add_unsettled(ui);
    add_own(ui);
    if (!ui->live && !ui->conduct)
        mark_elsewhere(ui);
    hf_run_rows_sort(&p->rows);
}

/* The cursor stays on its run; on the first one it stays the first. */
static void
runs_recalc(struct hf_ui *ui)
{
    struct hf_runs_pane *p = mine(ui);
    size_t was = p->list.cursor;
    char id[HF_RUN_ID_LEN] = "";

    if (was && was < p->rows.len)
        hf_say(id, sizeof(id), "%s", p->rows.v[was].id);
    if (ui->live)
        hf_ui_progress(ui);
    make(ui);
    hf_list_fit(&p->list, p->rows.len, p->list.height);
    for (size_t i = 0; id[0] && i < p->rows.len; i++) {
        if (strcmp(p->rows.v[i].id, id) == 0)
            hf_list_to(&p->list, i);
    }
}

static const struct hf_run_row *
current(const struct hf_ui *ui)
{
    const struct hf_runs_pane *p = mine(ui);

    return p->list.cursor < p->rows.len ? &p->rows.v[p->list.cursor] : NULL;
}

/* ---- drawing ---- */

static void
draw_none(struct hf_ui *ui, const struct hf_area *area)
{
    struct hf_list list = {.scrolls = 1};
    struct hf_doc doc = {0};

    hf_doc_head(&doc, "No run yet");
    hf_doc_text(&doc, "  ", HF_TONE_DIM,
                "none is recorded: R checks, a lists actions, n begins a run "
                "of a playbook",
                ui->look.cols);
    hf_draw_doc(ui, area, &doc, &list);
    hf_doc_release(&doc);
}

static void
runs_draw(struct hf_ui *ui, const struct hf_area *area)
{
    struct hf_runs_pane *p = mine(ui);
    struct hf_line line = {0};

    hf_list_fit(&p->list, p->rows.len, (size_t)area->rows);
    if (!p->rows.len)
        draw_none(ui, area);
    for (int i = 0; i < area->rows; i++) {
        size_t row = p->list.top + (size_t)i;

        if (row >= p->rows.len)
            break;
        hf_run_row_line(&line, &p->rows.v[row], &ui->look);
        hf_draw_line(ui, area->y + i, 0, area->cols, &line,
                     row == p->list.cursor);
    }
    hf_line_release(&line);
}

static void
runs_subtitle(struct hf_ui *ui, struct hf_line *out)
{
    const struct hf_runs_pane *p = mine(ui);
    size_t open = 0;

    for (size_t i = 0; i < p->rows.len; i++)
        open += p->rows.v[i].standing != HF_RUN_ENDED;
    hf_line_add(out, HF_TONE_DIM, " %zu run%s, ", p->rows.len,
                hf_plural(p->rows.len));
    hf_line_add(out, open ? HF_TONE_BUSY : HF_TONE_DIM, "%zu not ended ", open);
    if (p->why[0])
        hf_line_add(out, HF_TONE_BAD, " %s ", p->why);
}

static void
runs_footnote(struct hf_ui *ui, struct hf_line *out)
{
    const struct hf_run_row *row = current(ui);

    if (row)
        hf_line_add(out, HF_TONE_DIM, " %s by %s", row->id,
                    row->who ? row->who : "-");
}

/* ---- keys ---- */

static struct hf_list *
runs_list(struct hf_ui *ui)
{
    return &mine(ui)->list;
}

static unsigned
key_enter(struct hf_ui *ui, int key)
{
    const struct hf_run_row *row = current(ui);

    (void)key;
    if (row)
        hf_run_pane_show(ui, row->id);
    return HF_HANDLED;
}

static unsigned
key_replay(struct hf_ui *ui, int key)
{
    const struct hf_run_row *row = current(ui);

    (void)key;
    if (row)
        hf_replay_pane_show(ui, row->id);
    return HF_HANDLED;
}

static unsigned
key_rings(struct hf_ui *ui, int key)
{
    const struct hf_run_row *row = current(ui);

    (void)key;
    if (row && row->of_plan)
        hf_rings_pane_show(ui, row->id);
    else if (row)
        hf_ui_say(ui, HF_TONE_PLAIN, "a single verb's run has no rings");
    return HF_HANDLED;
}

static unsigned
key_retry(struct hf_ui *ui, int key)
{
    const struct hf_run_row *run = current(ui);

    (void)key;
    return run ? hf_again_retry(ui, run->id) : HF_HANDLED;
}

static unsigned
key_undo(struct hf_ui *ui, int key)
{
    const struct hf_run_row *run = current(ui);

    (void)key;
    return run ? hf_again_undo(ui, run->id) : HF_HANDLED;
}

/* clang-format off */
static const struct hf_key_row keys[] = {
    {{HF_KEY_ENTER, HF_KEY_F(3)}, "Open",
     "open the run: errors in groups, the hosts behind them, its log", 0,
     key_enter},
    {{'v', HF_KEY_F(5)}, "Play", "view how it came about, event by event", 0,
     key_replay},
    {{'o', HF_KEY_F(6)}, "Rings", "the run ring by ring", 0, key_rings},
    {{'n', HF_KEY_F(7)}, "New", "a new run of a playbook: shows the plan first",
     HF_NEED_WRITE | HF_NEED_IDLE, hf_rollout_menu},
    {{'t'}, NULL, "try again what did not end well: shows the plan first",
     HF_NEED_WRITE | HF_NEED_IDLE, key_retry},
    {{'b'}, NULL, "take back what it did: shows plan and price first",
     HF_NEED_WRITE | HF_NEED_IDLE, key_undo},
    {{0}},
};
/* clang-format on */

const struct hf_pane hf_pane_runs = {
    .name = "runs",
    .title = "Runs",
    .help = "live and past runs; each opens, those of plans can be replayed",
    .digit = '4',
    .make = runs_make,
    .unmake = runs_free,
    .keys = keys,
    .recalc = runs_recalc,
    .draw = runs_draw,
    .subtitle = runs_subtitle,
    .list = runs_list,
    .footnote = runs_footnote,
};
