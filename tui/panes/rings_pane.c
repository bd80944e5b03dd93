/*
 * Screen 3, Rings: runs of plans, ring by ring. They are carried out by
 * `hotfleet run`, here or elsewhere; the console looks on and says what people
 * say to them.
 */
#include "tui/panes/rings_pane.h"

#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "backend/base/time.h"
#include "tui/panes/again.h"
#include "tui/panes/draw.h"
#include "tui/panes/fleet_pane.h"
#include "tui/panes/rings_priv.h"
#include "tui/panes/rollout_menu.h"
#include "tui/panes/run_pane.h"

#define LOOK_MS 2000 /* between two looks, while it is shown */

static void *
rings_make(void)
{
    return HF_NEW(struct hf_rings_pane);
}

static void
rings_free(void *kept)
{
    struct hf_rings_pane *p = kept;

    hf_rings_release(&p->rows);
    hf_rollouts_release(&p->runs);
    free(p);
}

struct hf_rings_pane *
rings_mine(const struct hf_ui *ui)
{
    return hf_ui_kept(ui, &hf_pane_rings);
}

static size_t
shown(const struct hf_rings_pane *p)
{
    for (size_t i = 0; i < p->runs.len; i++) {
        if (strcmp(p->runs.v[i].id, p->chosen) == 0)
            return i;
    }
    return hf_rings_first(p->runs.v, p->runs.len);
}

/* ---- rows ---- */

static void
explain(struct hf_doc *doc, size_t cols)
{
    hf_doc_head(doc, "No plan was carried out yet");
    hf_doc_text(
        doc, "  ", HF_TONE_PLAIN,
        "A rollout patches a fleet ring by ring, with budgets, gates "
        "and time to watch in between. n begins one here; on the command line:",
        cols);
    (void)hf_doc_add(doc);
    hf_doc_text(doc, "  hotfleet playbook list   ", HF_TONE_DIM,
                "what could be rolled out", cols);
    hf_doc_text(doc, "  hotfleet plan PLAYBOOK   ", HF_TONE_DIM,
                "who is meant, in which order, at what price", cols);
    hf_doc_text(doc, "  hotfleet run PLAN        ", HF_TONE_DIM,
                "carries it out; this screen shows it and stops it", cols);
}

/* The cursor stays on what it was on, else on its run. */
static void
layout(struct hf_ui *ui)
{
    struct hf_rings_pane *p = rings_mine(ui);
    const struct hf_rings_link *at = hf_rings_at(&p->rows, p->list.cursor);
    struct hf_rings_link was = at ? *at : (struct hf_rings_link){0};
    size_t row;

    hf_rings_make(&p->rows, p->runs.v, p->runs.len, shown(p), &ui->look);
    if (p->why[0])
        hf_doc_text(&p->rows.doc, "  ", HF_TONE_BAD, p->why, ui->look.cols);
    else if (!p->runs.len)
        explain(&p->rows.doc, ui->look.cols);
    p->cols = ui->look.cols;
    p->made = ui->look.now;
    row = at ? hf_rings_find(&p->rows, &was) : 0;
    hf_list_fit(&p->list, p->rows.doc.len, p->list.height);
    hf_list_to(&p->list, p->moved && row != SIZE_MAX ? row : 0);
}

/* New runs come at the top, so places move: the cursor goes by the run. */
void
rings_look(struct hf_ui *ui)
{
    struct hf_rings_pane *p = rings_mine(ui);
    const struct hf_rings_link *at = hf_rings_at(&p->rows, p->list.cursor);
    char id[HF_RUN_ID_LEN] = "";
    struct hf_err err = HF_ERR_INIT;
    int rc;

    if (at)
        hf_say(id, sizeof(id), "%s", p->runs.v[at->run].id);
    rc = hf_rollouts_look(&p->runs, ui->session, &err);
    for (size_t i = 0; i < p->runs.len; i++)
        hf_rings_run_ask(&p->runs.v[i], ui->look.now);
    hf_say(p->why, sizeof(p->why), "%s", rc < 0 ? err.text : "");
    for (size_t i = 0; id[0] && i < p->runs.len; i++) {
        if (strcmp(p->runs.v[i].id, id) == 0)
            p->rows.links[p->rows.doc.v[p->list.cursor].link - 1].run = i;
    }
    p->looked = hf_mono();
    layout(ui);
}

static void
refresh(struct hf_ui *ui)
{
    const struct hf_rings_pane *p = rings_mine(ui);

    if (!p->looked || hf_mono() - p->looked >= LOOK_MS)
        rings_look(ui);
    else if (p->cols != ui->look.cols || p->made != ui->look.now)
        layout(ui);
}

/* ---- the row under the cursor ---- */

static const struct hf_rings_link *
current(const struct hf_ui *ui)
{
    return hf_rings_at(&rings_mine(ui)->rows, rings_mine(ui)->list.cursor);
}

const struct hf_rings_run *
rings_current(const struct hf_ui *ui)
{
    const struct hf_rings_link *at = current(ui);
    const struct hf_rings_pane *p = rings_mine(ui);

    if (at)
        return &p->runs.v[at->run];
    return p->runs.len ? &p->runs.v[shown(p)] : NULL;
}

const struct hf_rollouts *
hf_rings_pane_runs(struct hf_ui *ui)
{
    refresh(ui);
    return &rings_mine(ui)->runs;
}

void
hf_rings_pane_carried(struct hf_ui *ui)
{
    rings_mine(ui)->runs.carried = ui->conduct;
    rings_mine(ui)->runs.looked = 0;
    rings_look(ui);
}

void
hf_rings_pane_show(struct hf_ui *ui, const char *run)
{
    struct hf_rings_pane *p = rings_mine(ui);

    hf_say(p->chosen, sizeof(p->chosen), "%s", run);
    p->moved = 0;
    rings_look(ui);
    hf_ui_go(ui, &hf_pane_rings);
}

/* ---- drawing ---- */

static void
rings_draw(struct hf_ui *ui, const struct hf_area *area)
{
    struct hf_rings_pane *p = rings_mine(ui);

    refresh(ui);
    p->list.scrolls = !p->rows.links_len;
    hf_list_fit(&p->list, p->rows.doc.len, (size_t)area->rows);
    hf_draw_doc(ui, area, &p->rows.doc, &p->list);
}

static void
rings_subtitle(struct hf_ui *ui, struct hf_line *out)
{
    const struct hf_rings_pane *p = rings_mine(ui);
    size_t open = 0;

    for (size_t i = 0; i < p->runs.len; i++)
        open += !hf_rings_run_is_over(&p->runs.v[i]);
    hf_line_add(out, HF_TONE_DIM, " %zu run%s of plans, ", p->runs.len,
                hf_plural(p->runs.len));
    hf_line_add(out, open ? HF_TONE_BUSY : HF_TONE_DIM, "%zu not over ", open);
}

static void
rings_footnote(struct hf_ui *ui, struct hf_line *out)
{
    const struct hf_rings_link *at = current(ui);

    if (!at)
        return;
    hf_line_add(out, HF_TONE_DIM,
                at->run == shown(rings_mine(ui)) ? " Enter lists the hosts"
                                                 : " Enter shows this run");
    hf_line_add(out, HF_TONE_DIM,
                "; p pauses, u goes on, A approves, X ends it, v replays");
}

static struct hf_list *
rings_list(struct hf_ui *ui)
{
    return &rings_mine(ui)->list;
}

static unsigned
rings_key(struct hf_ui *ui, const struct hf_key *key)
{
    if (!hf_list_key(&rings_mine(ui)->list, key->code))
        return HF_UNUSED;
    rings_mine(ui)->moved = 1;
    return HF_HANDLED;
}

static void
rings_targets(struct hf_ui *ui, struct hf_targets *out)
{
    const struct hf_rings_link *at = current(ui);

    if (!at)
        return;
    hf_rings_hosts(&out->names, rings_mine(ui)->runs.v, at);
    out->title = hf_rings_title(rings_mine(ui)->runs.v, at);
}

/* ---- other keys ---- */

static unsigned
key_enter(struct hf_ui *ui, int key)
{
    struct hf_rings_pane *p = rings_mine(ui);
    const struct hf_rings_link *at = current(ui);
    struct hf_targets t = {0};

    (void)key;
    if (!at)
        return HF_HANDLED;
    if (at->run != shown(p)) {
        hf_say(p->chosen, sizeof(p->chosen), "%s", p->runs.v[at->run].id);
        p->moved = 0;
        layout(ui);
        return HF_HANDLED;
    }
    rings_targets(ui, &t);
    if (t.names.len)
        hf_fleet_pane_show(ui, t.title, &t.names);
    hf_targets_release(&t);
    return HF_HANDLED;
}

/* The next ring's or run's first row, or the one before. */
static unsigned
key_tab(struct hf_ui *ui, int key)
{
    struct hf_rings_pane *p = rings_mine(ui);
    size_t at = p->list.cursor;

    while (key == HF_KEY_BACKTAB ? at > 0 : at + 1 < p->rows.doc.len) {
        const struct hf_rings_link *link;

        at = key == HF_KEY_BACKTAB ? at - 1 : at + 1;
        link = hf_rings_at(&p->rows, at);
        if (link && link->set == HF_RINGS_ALL && !link->line)
            break;
    }
    p->moved = 1;
    hf_list_to(&p->list, at);
    return HF_HANDLED;
}

static unsigned
key_look(struct hf_ui *ui, int key)
{
    (void)key;
    rings_look(ui);
    return HF_HANDLED;
}

static unsigned
key_replay(struct hf_ui *ui, int key)
{
    const struct hf_rings_run *run = rings_current(ui);

    (void)key;
    if (run)
        hf_replay_pane_show(ui, run->id);
    return HF_HANDLED;
}

static unsigned
key_retry(struct hf_ui *ui, int key)
{
    const struct hf_rings_run *run = rings_current(ui);

    (void)key;
    return run ? hf_again_retry(ui, run->id) : HF_HANDLED;
}

static unsigned
key_undo(struct hf_ui *ui, int key)
{
    const struct hf_rings_run *run = rings_current(ui);

    (void)key;
    return run ? hf_again_undo(ui, run->id) : HF_HANDLED;
}

/* clang-format off */
static const struct hf_key_row keys[] = {
    {{HF_KEY_ENTER, HF_KEY_F(3)}, "Open",
     "list the hosts behind the row; on another run: show it in full", 0,
     key_enter},
    {{'R', HF_KEY_F(5)}, "Look", "read the runs again now", 0, key_look},
    {{'p', HF_KEY_F(6)}, "Pause", "start no further host in the run, at once",
     HF_NEED_WRITE, rings_key_pause},
    {{'u', HF_KEY_F(7)}, "Go on", "let a paused or halted run go on (asks)",
     HF_NEED_WRITE, rings_key_resume},
    {{'A', HF_KEY_F(8)}, "Allow", "let the ring begin, or its gate pass, that "
     "waits for a person (asks)", HF_NEED_WRITE, rings_key_approve},
    {{'X'}, NULL, "end the run: hosts under way finish, no other starts (asks)",
     HF_NEED_WRITE, rings_key_abort},
    {{'s'}, NULL, "skip a host of the run that has not begun, with the reason",
     HF_NEED_WRITE, rings_key_skip},
    {{'c'}, NULL, "carry the run out here, in this console (asks)",
     HF_NEED_WRITE | HF_NEED_IDLE, rings_key_carry},
    {{'n'}, NULL, "a new run of a playbook: shows the plan first",
     HF_NEED_WRITE | HF_NEED_IDLE, hf_rollout_menu},
    {{'v'}, NULL, "view how it came about, event by event", 0, key_replay},
    {{HF_KEY_TAB, HF_KEY_BACKTAB}, NULL, "to the next, previous ring", 0,
     key_tab},
    {{'t'}, NULL, "try again what did not end well: shows the plan first",
     HF_NEED_WRITE | HF_NEED_IDLE, key_retry},
    {{'b'}, NULL, "take back what it did: shows plan and price first",
     HF_NEED_WRITE | HF_NEED_IDLE, key_undo},
    {{0}},
};
/* clang-format on */

const struct hf_pane hf_pane_rings = {
    .name = "rings",
    .title = "Rings",
    .help = "how far rollouts are, and what they wait for",
    .digit = '3',
    .keys = keys,
    .make = rings_make,
    .unmake = rings_free,
    .open = rings_look,
    .recalc = layout,
    .draw = rings_draw,
    .subtitle = rings_subtitle,
    .list = rings_list,
    .key = rings_key,
    .targets = rings_targets,
    .footnote = rings_footnote,
};
