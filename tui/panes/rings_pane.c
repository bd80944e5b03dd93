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
#include "tui/panes/draw.h"
#include "tui/panes/fleet_pane.h"
#include "tui/panes/menu.h"
#include "tui/panes/prompt.h"
#include "tui/panes/rollouts.h"

#define LOOK_MS 2000 /* between two looks, while it is shown */
#define ID_TYPED 6   /* the last letters of a run's id */

struct hf_rings_pane {
    struct hf_rollouts runs;
    struct hf_rings rows;
    struct hf_list list;
    char chosen[HF_RUN_ID_LEN]; /* shown in full; "": the first that goes on */
    char asked[HF_RUN_ID_LEN];  /* whom the open question is about */
    int asked_ring;
    int moved;            /* the cursor was: else it stays on the first row */
    size_t cols;          /* for which the rows were made */
    int64_t looked;       /* monotonic ms */
    int64_t made;         /* wall clock: times left run down */
    char why[HF_WHY_LEN]; /* runs cannot be listed */
};

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

static struct hf_rings_pane *
mine(const struct hf_ui *ui)
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
    hf_doc_text(doc, "  ", HF_TONE_PLAIN,
                "A rollout patches a fleet ring by ring, with budgets, gates "
                "and time to watch in between. It begins on the command line:",
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
    struct hf_rings_pane *p = mine(ui);
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
static void
look(struct hf_ui *ui)
{
    struct hf_rings_pane *p = mine(ui);
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
    const struct hf_rings_pane *p = mine(ui);

    if (!p->looked || hf_mono() - p->looked >= LOOK_MS)
        look(ui);
    else if (p->cols != ui->look.cols || p->made != ui->look.now)
        layout(ui);
}

/* ---- the row under the cursor ---- */

static const struct hf_rings_link *
current(const struct hf_ui *ui)
{
    return hf_rings_at(&mine(ui)->rows, mine(ui)->list.cursor);
}

static const struct hf_rings_run *
current_run(const struct hf_ui *ui)
{
    const struct hf_rings_link *at = current(ui);
    const struct hf_rings_pane *p = mine(ui);

    if (at)
        return &p->runs.v[at->run];
    return p->runs.len ? &p->runs.v[shown(p)] : NULL;
}

/* ---- drawing ---- */

static void
rings_draw(struct hf_ui *ui, const struct hf_area *area)
{
    struct hf_rings_pane *p = mine(ui);

    refresh(ui);
    p->list.scrolls = !p->rows.links_len;
    hf_list_fit(&p->list, p->rows.doc.len, (size_t)area->rows);
    hf_draw_doc(ui, area, &p->rows.doc, &p->list);
}

static void
rings_subtitle(struct hf_ui *ui, struct hf_line *out)
{
    const struct hf_rings_pane *p = mine(ui);
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
                at->run == shown(mine(ui)) ? " Enter lists the hosts"
                                           : " Enter shows this run");
    hf_line_add(out, HF_TONE_DIM,
                "; p pauses, u goes on, A approves, X ends it");
}

static struct hf_list *
rings_list(struct hf_ui *ui)
{
    return &mine(ui)->list;
}

static unsigned
rings_key(struct hf_ui *ui, const struct hf_key *key)
{
    if (!hf_list_key(&mine(ui)->list, key->code))
        return HF_UNUSED;
    mine(ui)->moved = 1;
    return HF_HANDLED;
}

static void
rings_targets(struct hf_ui *ui, struct hf_targets *out)
{
    const struct hf_rings_link *at = current(ui);

    if (!at)
        return;
    hf_rings_hosts(&out->names, mine(ui)->runs.v, at);
    out->title = hf_rings_title(mine(ui)->runs.v, at);
}

/* ---- saying ---- */

/* Says it, and tells who will hear it. */
static unsigned
say(struct hf_ui *ui, const char *run, enum hf_rollout_kind kind, int ring)
{
    struct hf_rollout_around around;
    struct hf_err err = HF_ERR_INIT;

    hf_rollout_around(&around, ui->session, run);
    if (hf_rollouts_say(ui->session, run, kind, ring, &err) < 0)
        hf_ui_fail(ui, &err);
    else if (around.carried_out)
        hf_ui_say(ui, HF_TONE_GOOD, "run %s: %s", run,
                  hf_rollout_kind_names[kind]);
    else
        hf_ui_say(ui, HF_TONE_WARN,
                  "%s is said; heard as soon as somebody carries it out: "
                  "hotfleet run %s",
                  hf_rollout_kind_names[kind], run);
    look(ui);
    return HF_HANDLED;
}

int
hf_rings_pane_pause_all(struct hf_ui *ui, struct hf_err *err)
{
    return hf_rollouts_pause_all(&mine(ui)->runs, ui->session, err);
}

/* The run that a key is about, and how it stands; NULL after saying why not. */
static const struct hf_rings_run *
about(struct hf_ui *ui, struct hf_rollout_view *view)
{
    const struct hf_rings_run *run;

    look(ui);
    run = current_run(ui);
    if (!run || !run->plan) {
        hf_ui_say(ui, HF_TONE_PLAIN, "no run of a plan");
        return NULL;
    }
    hf_rollout_view(run->rollout, view);
    if (view->state == HF_ROLLOUT_IS_OVER) {
        hf_ui_say(ui, HF_TONE_PLAIN, "run %s is over", run->id);
        return NULL;
    }
    hf_say(mine(ui)->asked, sizeof(mine(ui)->asked), "%s", run->id);
    return run;
}

static unsigned
key_pause(struct hf_ui *ui, int key)
{
    struct hf_rollout_view view;
    const struct hf_rings_run *run = about(ui, &view);

    (void)key;
    if (!run)
        return HF_HANDLED;
    if (view.state != HF_ROLLOUT_GOING) {
        hf_ui_say(ui, HF_TONE_PLAIN, "run %s is %s already", run->id,
                  hf_rollout_state_names[view.state]);
        return HF_HANDLED;
    }
    return say(ui, mine(ui)->asked, HF_ROLLOUT_PAUSED, -1);
}

static unsigned
do_resume(struct hf_ui *ui, size_t item)
{
    (void)item;
    return say(ui, mine(ui)->asked, HF_ROLLOUT_RESUMED, -1);
}

/* A manual run that is held comes first: the same key lets it go on. */
static unsigned
key_resume(struct hf_ui *ui, int key)
{
    struct hf_rollout_view view;
    const struct hf_rings_run *run;

    (void)key;
    if (ui->live)
        return HF_UNUSED;
    if (!(run = about(ui, &view)))
        return HF_HANDLED;
    /* A pause that was not heard yet can be taken back. */
    if (view.state == HF_ROLLOUT_GOING && !run->around.unheard) {
        hf_ui_say(ui, HF_TONE_PLAIN, "run %s is not paused", run->id);
        return HF_HANDLED;
    }
    hf_menu_start(ui, "Go on?",
                  "Run %s is %s%s%s. What was spent of its budgets is "
                  "accepted; the next failure stops it again.",
                  run->id, hf_rollout_state_names[view.state],
                  view.waits_for[0] ? ": " : "", view.waits_for);
    hf_menu_add(ui, 'n', "no", "it stays as it is", NULL);
    hf_menu_add(ui, 'y', "yes, let it go on", "", do_resume);
    hf_menu_open(ui, 1);
    return HF_HANDLED;
}

static unsigned
do_approve(struct hf_ui *ui, size_t item)
{
    (void)item;
    return say(ui, mine(ui)->asked, HF_ROLLOUT_APPROVED, mine(ui)->asked_ring);
}

static unsigned
key_approve(struct hf_ui *ui, int key)
{
    struct hf_rollout_view view;
    const struct hf_rings_run *run = about(ui, &view);
    const struct hf_plan *plan = run ? run->plan : NULL;

    (void)key;
    if (!run)
        return HF_HANDLED;
    if (!view.wants_approval) {
        hf_ui_say(ui, HF_TONE_PLAIN, "no ring of run %s waits for approval",
                  run->id);
        return HF_HANDLED;
    }
    mine(ui)->asked_ring = view.ring;
    hf_menu_start(ui, "Approve?",
                  "Ring %s of run %s may begin: %zu host%s. It is recorded "
                  "who said so.",
                  plan->playbook.rings[view.ring].name, run->id,
                  plan->rings[view.ring].len,
                  hf_plural(plan->rings[view.ring].len));
    hf_menu_add(ui, 'n', "no", "it waits", NULL);
    hf_menu_add(ui, 'y', "yes, it may begin", "", do_approve);
    hf_menu_open(ui, 1);
    return HF_HANDLED;
}

static unsigned
take_abort(struct hf_ui *ui, const char *text)
{
    const char *run = mine(ui)->asked;

    if (strcmp(text, run + strlen(run) - ID_TYPED) != 0) {
        hf_ui_say(ui, HF_TONE_WARN,
                  "that is not how its id ends: the run was not ended");
        return HF_HANDLED;
    }
    return say(ui, run, HF_ROLLOUT_ABORT, -1);
}

static unsigned
key_abort(struct hf_ui *ui, int key)
{
    struct hf_rollout_view view;

    (void)key;
    if (about(ui, &view))
        hf_prompt_question(ui, "to end the run type its id's last ", "six",
                           take_abort);
    return HF_HANDLED;
}

/* ---- other keys ---- */

static unsigned
key_enter(struct hf_ui *ui, int key)
{
    struct hf_rings_pane *p = mine(ui);
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
    struct hf_rings_pane *p = mine(ui);
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
    look(ui);
    return HF_HANDLED;
}

/* clang-format off */
static const struct hf_key_row keys[] = {
    {{HF_KEY_ENTER, HF_KEY_F(3)}, "Open",
     "list the hosts behind the row; on another run: show it in full", 0,
     key_enter},
    {{'R', HF_KEY_F(5)}, "Look", "read the runs again now", 0, key_look},
    {{'p', HF_KEY_F(6)}, "Pause", "start no further host in the run, at once",
     HF_NEED_WRITE, key_pause},
    {{'u', HF_KEY_F(7)}, "Go on", "let a paused or halted run go on (asks)",
     HF_NEED_WRITE, key_resume},
    {{'A', HF_KEY_F(8)}, "Allow", "let the ring begin that waits for a "
     "person (asks)", HF_NEED_WRITE, key_approve},
    {{'X'}, NULL, "end the run: hosts under way finish, no other starts (asks)",
     HF_NEED_WRITE, key_abort},
    {{HF_KEY_TAB, HF_KEY_BACKTAB}, NULL, "to the next, previous ring", 0,
     key_tab},
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
    .open = look,
    .recalc = layout,
    .draw = rings_draw,
    .subtitle = rings_subtitle,
    .list = rings_list,
    .key = rings_key,
    .targets = rings_targets,
    .footnote = rings_footnote,
};
