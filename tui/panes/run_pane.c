/*
 * One run: a bar, what came out, hosts folded into groups by the reason of
 * their ends, and the log, which follows while its end is in view. A single
 * verb's run of this console is shown as it goes; a run of a plan from its
 * events; one of the past from the evidence that it left.
 */
#include "tui/panes/run_pane.h"

#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "backend/base/time.h"
#include "tui/panes/again.h"
#include "tui/panes/draw.h"
#include "tui/panes/host_pane.h"
#include "tui/panes/rings_pane.h"
#include "tui/panes/run_control.h"
#include "tui/panes/run_priv.h"

static void *
run_make(void)
{
    struct hf_run_pane *p = HF_NEW(struct hf_run_pane);

    p->log.scrolls = 1;
    return p;
}

static void
clear(struct hf_run_pane *p)
{
    hf_replay_release(&p->replay);
    hf_run_rows_release(&p->facts);
    hf_progress_release(&p->own);
    hf_tail_release(&p->tail);
    run_drop_reading(p);
    *p = (struct hf_run_pane){.log.scrolls = 1, .at_end = 1};
}

static void
run_free(void *kept)
{
    clear(kept);
    free(kept);
}

struct hf_run_pane *
run_mine(const struct hf_ui *ui)
{
    return hf_ui_kept(ui, &hf_pane_run);
}

/* ---- where it is from ---- */

static int
is_single(const struct hf_ui *ui)
{
    return ui->progress.n && strcmp(run_mine(ui)->id, ui->run_id) == 0;
}

static struct hf_progress *
progress(struct hf_ui *ui)
{
    return is_single(ui) ? &ui->progress : &run_mine(ui)->own;
}

static const struct hf_tail *
tail(const struct hf_ui *ui)
{
    return is_single(ui) ? &ui->tail : &run_mine(ui)->tail;
}

/* ---- going there ---- */

void
hf_run_pane_show(struct hf_ui *ui, const char *run)
{
    struct hf_run_pane *p = run_mine(ui);
    char id[HF_RUN_ID_LEN];

    hf_say(id, sizeof(id), "%s", run);
    clear(p);
    hf_say(p->id, sizeof(p->id), "%s", id);
    if (!is_single(ui))
        run_read(ui);
    hf_ui_go(ui, &hf_pane_run);
}

void
hf_run_pane_show_live(struct hf_ui *ui)
{
    hf_run_pane_show(ui, ui->run_id);
}

/* ---- keeping the cursor on its host ---- */

static const char *
cursor_name(struct hf_ui *ui)
{
    const struct hf_progress *p = progress(ui);
    size_t row = run_mine(ui)->list.cursor;

    if (row >= p->len || p->items[row].host == SIZE_MAX)
        return NULL;
    return p->hosts[p->items[row].host].name;
}

static void
run_recalc(struct hf_ui *ui)
{
    struct hf_run_pane *pane = run_mine(ui);
    struct hf_progress *p = progress(ui);
    char *name = hf_xstrdup(cursor_name(ui));

    run_look_again(ui);
    if (is_single(ui) && ui->live)
        hf_ui_progress(ui);
    else if (pane->old)
        hf_replay_hosts(&pane->own, &pane->replay);
    pane->old = 0;
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
    const struct hf_progress *p = progress(ui);
    struct hf_line line = {0};

    hf_line_add(&line, HF_TONE_PLAIN, "  ");
    hf_progress_bar(&line, p, &ui->look);
    hf_draw_line(ui, y, 0, (int)ui->look.cols, &line, 0);
    hf_line_clear(&line);
    hf_line_add(&line, HF_TONE_PLAIN, "  ");
    hf_progress_counts(&line, p, &ui->look);
    hf_draw_line(ui, y + 1, 0, (int)ui->look.cols, &line, 0);
    hf_line_release(&line);
}

static void
draw_log(struct hf_ui *ui, int y, int rows)
{
    struct hf_run_pane *p = run_mine(ui);
    const struct hf_tail *t = tail(ui);
    struct hf_line line = {0};

    if (rows < 2)
        return;
    hf_list_fit(&p->log, t->len, (size_t)rows - 1);
    if (p->at_end && t->len)
        hf_list_move(&p->log, (long)t->len);
    hf_line_add(&line, p->in_log ? HF_TONE_STRONG : HF_TONE_DIM,
                p->at_end ? " follows " : " stands still, G follows ");
    hf_draw_rule(ui, y, p->in_log ? "Log (Tab: hosts)" : "Log (Tab)", &line);
    for (int i = 1; i < rows; i++) {
        size_t at = p->log.top + (size_t)i - 1;

        if (at >= t->len)
            break;
        hf_tail_line_make(&line, hf_tail_get(t, t->len - 1 - at), &ui->look);
        hf_draw_line(ui, y + i, 0, (int)ui->look.cols, &line, 0);
    }
    hf_line_release(&line);
}

static void
draw_hosts(struct hf_ui *ui, int y, int rows)
{
    struct hf_list *list = &run_mine(ui)->list;
    const struct hf_progress *p = progress(ui);
    struct hf_line line = {0};

    hf_list_fit(list, p->len, (size_t)(rows > 0 ? rows : 0));
    for (int i = 0; i < rows; i++) {
        size_t row = list->top + (size_t)i;

        if (row >= p->len)
            break;
        hf_progress_line(&line, p, row, ui->mono, &ui->look);
        hf_draw_line(ui, y + i, 0, (int)ui->look.cols, &line,
                     row == list->cursor && !run_mine(ui)->in_log);
    }
    hf_line_release(&line);
}

/* A check leaves no evidence: its counts are all there is. */
static int
is_bare(const struct hf_run_pane *p)
{
    return p->facts.len && !p->own.done && !p->read;
}

static void
draw_facts(struct hf_ui *ui, const struct hf_area *area)
{
    struct hf_run_pane *p = run_mine(ui);
    struct hf_doc doc = {0};
    struct hf_list list = {.scrolls = 1};

    if (p->facts.len) {
        hf_run_row_line(&hf_doc_add(&doc)->line, &p->facts.v[0], &ui->look);
        hf_doc_text(&doc, "   by ", HF_TONE_DIM, p->facts.v[0].who,
                    ui->look.cols);
        (void)hf_doc_add(&doc);
    }
    if (p->read)
        hf_line_add(&hf_doc_add(&doc)->line, HF_TONE_BUSY,
                    "   reading evidence: %zu of %zu host%s", p->read_len,
                    p->names.len, hf_plural(p->names.len));
    else
        hf_doc_text(&doc, "   ", p->why[0] ? HF_TONE_BAD : HF_TONE_DIM,
                    p->why[0] ? p->why
                              : "the ledger has no evidence of its hosts: "
                                "what only reads leaves none",
                    ui->look.cols);
    hf_draw_doc(ui, area, &doc, &list);
    hf_doc_release(&doc);
}

static void
run_draw(struct hf_ui *ui, const struct hf_area *area)
{
    struct hf_run_pane *p = run_mine(ui);
    int head = area->rows > 6 ? 3 : 0;
    int log = area->rows > 14 ? area->rows / 4 : 0;

    run_read_more(ui);
    if (p->in_log)
        log = area->rows - head;
    if (!is_single(ui) && (p->why[0] || p->read || is_bare(p))) {
        draw_facts(ui, area);
        return;
    }
    if (head)
        draw_summary(ui, area->y);
    draw_hosts(ui, area->y + head, area->rows - head - log);
    draw_log(ui, area->y + area->rows - log, log);
}

static void
single_subtitle(struct hf_ui *ui, struct hf_line *out)
{
    char span[HF_TIME_LEN];
    const char *why = "";

    hf_line_add(out, HF_TONE_STRONG, " %s ", hf_action_names[ui->action]);
    hf_line_add(out, HF_TONE_DIM, " %s ", ui->run_id);
    hf_line_add(
        out, HF_TONE_DIM, " %s ",
        hf_span_format(span, ui->live ? ui->mono - ui->began : ui->took));
    if (!ui->live)
        hf_line_add(out, HF_TONE_STRONG, " ended ");
    else if (hf_run_is_held(hf_session_run(ui->session), &why))
        hf_line_add(out, HF_TONE_WARN, " HELD: %s ", why);
}

static void
run_subtitle(struct hf_ui *ui, struct hf_line *out)
{
    const struct hf_run_pane *p = run_mine(ui);
    struct hf_rollout_view v;

    if (is_single(ui)) {
        single_subtitle(ui, out);
        return;
    }
    if (!run_is_of_plan(p)) {
        hf_line_add(out, HF_TONE_DIM, " %s ", p->id);
        return;
    }
    hf_rollout_view(p->replay.run.rollout, &v);
    hf_line_add(out, HF_TONE_STRONG, " %s ", p->replay.run.plan->playbook.name);
    hf_line_add(out, HF_TONE_DIM, " %s ", p->id);
    hf_line_add(out, HF_TONE_STRONG, " %s ", hf_rollout_state_names[v.state]);
}

static void
run_footnote(struct hf_ui *ui, struct hf_line *out)
{
    if (run_is_of_plan(run_mine(ui)))
        hf_line_add(out, HF_TONE_DIM,
                    " v replays it, event by event; o shows its rings");
}

/* ---- keys ---- */

static struct hf_list *
run_list(struct hf_ui *ui)
{
    return &run_mine(ui)->list;
}

/* Motions in the log: it follows as long as its end is in view. */
static unsigned
run_key(struct hf_ui *ui, const struct hf_key *key)
{
    struct hf_run_pane *p = run_mine(ui);

    if (!p->in_log || !hf_list_key(&p->log, key->code))
        return HF_UNUSED;
    p->at_end = p->log.top + p->log.height >= p->log.len;
    return HF_HANDLED;
}

static void
run_targets(struct hf_ui *ui, struct hf_targets *out)
{
    const struct hf_progress *p = progress(ui);
    size_t row = run_mine(ui)->list.cursor;

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

static unsigned
key_enter(struct hf_ui *ui, int key)
{
    const char *name = cursor_name(ui);

    (void)key;
    if (name)
        hf_host_pane_show(ui, name);
    else
        hf_progress_fold(progress(ui), run_mine(ui)->list.cursor);
    return HF_HANDLED;
}

static unsigned
key_fold(struct hf_ui *ui, int key)
{
    struct hf_progress *p = progress(ui);
    size_t at = run_mine(ui)->list.cursor;

    (void)key;
    while (at > 0 && at < p->len && p->items[at].host != SIZE_MAX)
        at--;
    hf_list_to(&run_mine(ui)->list, at);
    hf_progress_fold(p, at);
    return HF_HANDLED;
}

static unsigned
key_log(struct hf_ui *ui, int key)
{
    (void)key;
    run_mine(ui)->in_log = !run_mine(ui)->in_log;
    return HF_HANDLED;
}

static unsigned
key_replay(struct hf_ui *ui, int key)
{
    (void)key;
    hf_replay_pane_show(ui, run_mine(ui)->id);
    return HF_HANDLED;
}

static unsigned
key_rings(struct hf_ui *ui, int key)
{
    (void)key;
    if (run_is_of_plan(run_mine(ui)))
        hf_rings_pane_show(ui, run_mine(ui)->id);
    else
        hf_ui_say(ui, HF_TONE_PLAIN, "a single verb's run has no rings");
    return HF_HANDLED;
}

static unsigned
key_retry(struct hf_ui *ui, int key)
{
    (void)key;
    return hf_again_retry(ui, run_mine(ui)->id);
}

static unsigned
key_undo(struct hf_ui *ui, int key)
{
    (void)key;
    return hf_again_undo(ui, run_mine(ui)->id);
}

/* clang-format off */
static const struct hf_key_row keys[] = {
    {{HF_KEY_ENTER, HF_KEY_F(3)}, "Open", "open the host, or fold the group",
     0, key_enter},
    {{HF_KEY_SPACE, HF_KEY_LEFT, HF_KEY_RIGHT}, NULL, "fold or open the group",
     0, key_fold},
    {{HF_KEY_TAB}, NULL, "to the log, which follows at its end; and back", 0,
     key_log},
    {{'v', HF_KEY_F(5)}, "Play", "view how it came about, event by event", 0,
     key_replay},
    {{'o', HF_KEY_F(6)}, "Rings", "the run ring by ring", 0, key_rings},
    {{'t'}, NULL, "try again what did not end well: shows the plan first",
     HF_NEED_WRITE | HF_NEED_IDLE, key_retry},
    {{'b'}, NULL, "take back what it did: shows plan and price first",
     HF_NEED_WRITE | HF_NEED_IDLE, key_undo},
    {{0}},
};
/* clang-format on */

const struct hf_pane hf_pane_run = {
    .name = "run",
    .title = "Run",
    .help = "one run: hosts by what came of them and why, and its log",
    .make = run_make,
    .unmake = run_free,
    .keys = keys,
    .recalc = run_recalc,
    .draw = run_draw,
    .subtitle = run_subtitle,
    .list = run_list,
    .key = run_key,
    .targets = run_targets,
    .footnote = run_footnote,
};
