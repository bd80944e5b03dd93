/*
 * Screen 6, Rollback: what can be taken back, at what price, and the switch
 * that blocks a release for the whole fleet. Looking at every host takes a
 * while in a large fleet, so it is done in pieces between keys; what was found
 * before is shown until then.
 */
#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "backend/base/time.h"
#include "tui/panes/again.h"
#include "tui/panes/blocks.h"
#include "tui/panes/draw.h"
#include "tui/panes/fleet_pane.h"
#include "tui/panes/host_pane.h"
#include "tui/panes/run_control.h"
#include "tui/panes/verbs.h"
#include "tui/rows/rollback_view.h"

#define AGAIN_MS 60000 /* windows open and close by themselves */
#define PIECE_MS 8     /* of looking, at most, in one picture */
#define PIECE_HOSTS 32
#define DETAIL_ROWS 10

struct finding {
    struct hf_undo_past past;
    const struct hf_state **states;
    struct hf_undoables u;
};

struct hf_rollback_pane {
    struct finding *shown; /* NULL: none yet */
    struct finding *next;  /* being looked at, or NULL */
    struct hf_rollback_view v;
    struct hf_list list;
    int moved;                /* something happened since */
    int64_t began, took;      /* the last look: monotonic ms; ms */
    char *host, *group;       /* under the cursor, or NULL */
    char trouble[HF_WHY_LEN]; /* the ledger cannot be read */
};

static void *
rollback_make(void)
{
    return HF_NEW(struct hf_rollback_pane);
}

static void
drop(struct finding **f)
{
    if (*f) {
        hf_undoables_release(&(*f)->u);
        hf_undo_past_release(&(*f)->past);
        free((*f)->states);
    }
    free(*f);
    *f = NULL;
}

static void
rollback_free(void *kept)
{
    struct hf_rollback_pane *p = kept;

    hf_rollback_view_release(&p->v);
    drop(&p->shown);
    drop(&p->next);
    free(p->host);
    free(p->group);
    free(p);
}

static struct hf_rollback_pane *
mine(const struct hf_ui *ui)
{
    return hf_ui_kept(ui, &hf_pane_rollback);
}

static const struct hf_rollback_item *
current(const struct hf_ui *ui)
{
    const struct hf_rollback_pane *p = mine(ui);

    return p->list.cursor < p->v.len ? &p->v.items[p->list.cursor] : NULL;
}

static const struct hf_rollback_group *
current_group(const struct hf_ui *ui)
{
    const struct hf_rollback_item *item = current(ui);

    return item ? &mine(ui)->v.groups.v[item->group] : NULL;
}

/* ---- the cursor follows its host ---- */

static void
remember(struct hf_ui *ui)
{
    struct hf_rollback_pane *p = mine(ui);
    const struct hf_rollback_item *item = current(ui);

    if (!item)
        return;
    free(p->host);
    free(p->group);
    p->host = item->host == HF_UNDO_NONE
                  ? NULL
                  : hf_xstrdup(p->v.u->states[item->host]->host->name);
    p->group = hf_xstrdup(p->v.groups.v[item->group].name);
}

/* Who has not moved from the top stays there. */
static void
find_again(struct hf_ui *ui)
{
    struct hf_rollback_pane *p = mine(ui);
    uint32_t host =
        p->host ? hf_fleet_view_index(&ui->view, p->host) : HF_UNDO_NONE;

    hf_list_fit(&p->list, p->v.len, p->list.height);
    if (p->list.cursor > 0)
        hf_list_to(&p->list, hf_rollback_view_find(&p->v, host, p->group));
}

/* ---- looking ---- */

static void
begin(struct hf_ui *ui)
{
    struct hf_rollback_pane *p = mine(ui);
    struct hf_err err = HF_ERR_INIT;
    const struct hf_state *states;
    size_t n;

    drop(&p->next);
    p->next = HF_NEW(struct finding);
    p->moved = 0;
    p->began = hf_mono();
    p->trouble[0] = '\0';
    if (hf_undo_past_read(&p->next->past, ui->session, &err) < 0)
        hf_say(p->trouble, sizeof(p->trouble), "%s", err.text);
    states = hf_session_states(ui->session, &n);
    p->next->states = hf_xcalloc(n + 1, sizeof(*p->next->states));
    for (size_t i = 0; i < n; i++)
        p->next->states[i] = &states[i];
    hf_undoables_init(&p->next->u, hf_session_fleet(ui->session),
                      p->next->states, n, &p->next->past, ui->look.now);
}

static void
take(struct hf_ui *ui)
{
    struct hf_rollback_pane *p = mine(ui);

    remember(ui);
    hf_rollback_view_make(&p->v, &p->next->u);
    drop(&p->shown);
    p->shown = p->next;
    p->next = NULL;
    p->took = hf_mono() - p->began;
    find_again(ui);
}

static void
look(struct hf_ui *ui)
{
    struct hf_rollback_pane *p = mine(ui);
    int64_t since = hf_mono();

    while (hf_mono() - since < PIECE_MS) {
        if (!hf_undoables_look(&p->next->u, PIECE_HOSTS)) {
            take(ui);
            return;
        }
    }
}

/* While a run moves things, looking at a large fleet may take a twentieth of
 * the time. */
static void
keep_up(struct hf_ui *ui)
{
    struct hf_rollback_pane *p = mine(ui);

    p->moved |= p->shown && ui->look.now - p->shown->u.now >= AGAIN_MS;
    if (!p->next &&
        (!p->shown || (p->moved && hf_mono() - p->began >= p->took * 20)))
        begin(ui);
    if (p->next)
        look(ui);
    ui->lively |= p->next != NULL;
}

static void
rollback_recalc(struct hf_ui *ui)
{
    mine(ui)->moved = 1;
}

/* What is unfolded stays so. */
static void
rollback_forget(struct hf_ui *ui)
{
    struct hf_rollback_pane *p = mine(ui);
    struct hf_strs opened = p->v.opened;

    remember(ui);
    p->v.opened = (struct hf_strs){0};
    hf_rollback_view_release(&p->v);
    p->v.opened = opened;
    drop(&p->shown);
    drop(&p->next);
}

/* ---- drawing ---- */

static void
draw_none(struct hf_ui *ui, const struct hf_area *area)
{
    const struct hf_rollback_pane *p = mine(ui);

    if (p->next)
        hf_draw_text(ui, area->y + 1, 2, area->cols - 2, HF_STYLE_DIM,
                     "looking at %zu host%s: %zu %%", p->next->u.n,
                     hf_plural(p->next->u.n),
                     p->next->u.n ? p->next->u.len * 100 / p->next->u.n : 0);
    else
        hf_draw_text(ui, area->y + 1, 2, area->cols - 2, HF_STYLE_DIM,
                     "nothing to take back: no hotpatch or live patch is "
                     "known to be in effect (R asks the hosts)");
}

static void
draw_detail(struct hf_ui *ui, int y, int rows)
{
    struct hf_rollback_pane *p = mine(ui);
    const struct hf_rollback_item *item = current(ui);
    struct hf_list list = {.scrolls = 1};
    const struct hf_area area = {y + 1, rows - 1, (int)ui->look.cols};
    struct hf_doc doc = {0};

    if (!item || rows < 2)
        return;
    hf_draw_rule(
        ui, y,
        item->host == HF_UNDO_NONE
            ? hf_rollback_group_title(&p->v.groups, &p->v.groups.v[item->group])
            : p->v.u->states[item->host]->host->name,
        NULL);
    hf_rollback_detail(&doc, &p->v, p->list.cursor, &ui->look);
    hf_draw_doc(ui, &area, &doc, &list);
    hf_doc_release(&doc);
}

static void
draw_list(struct hf_ui *ui, const struct hf_area *area)
{
    struct hf_rollback_pane *p = mine(ui);
    struct hf_line line = {0};

    hf_rollback_heads(&line, &p->v, &ui->look);
    hf_draw_line(ui, area->y, 0, area->cols, &line, 0);
    hf_list_fit(&p->list, p->v.len, (size_t)(area->rows - 1));
    for (int i = 0; i < area->rows - 1; i++) {
        size_t row = p->list.top + (size_t)i;

        if (row >= p->v.len)
            break;
        hf_rollback_line(&line, &p->v, row, &ui->look);
        hf_draw_line(ui, area->y + 1 + i, 0, area->cols, &line,
                     row == p->list.cursor);
    }
    hf_line_release(&line);
}

/* What stands below keeps its height, so that the list stands still. */
static void
rollback_draw(struct hf_ui *ui, const struct hf_area *area)
{
    struct hf_area top = *area;
    int below = area->rows >= 12 ? DETAIL_ROWS + 1 : 0;

    if (below > area->rows * 3 / 5)
        below = area->rows * 3 / 5;
    keep_up(ui);
    if (!mine(ui)->v.len) {
        draw_none(ui, area);
        return;
    }
    top.rows -= below;
    draw_list(ui, &top);
    draw_detail(ui, area->y + top.rows, below);
}

static void
rollback_subtitle(struct hf_ui *ui, struct hf_line *out)
{
    const struct hf_rollback_pane *p = mine(ui);

    if (!p->shown)
        return;
    hf_line_add(out, HF_TONE_DIM, " by %s ", hf_rollback_by_names[p->v.by]);
    if (p->v.groups.left)
        hf_line_add(out, HF_TONE_DIM, " %zu host%s with nothing to take back ",
                    p->v.groups.left, hf_plural(p->v.groups.left));
    if (p->next)
        hf_line_add(out, HF_TONE_BUSY, " looking anew ");
    if (p->trouble[0])
        hf_line_add(out, HF_TONE_BAD, " %s ", p->trouble);
}

static struct hf_list *
rollback_list(struct hf_ui *ui)
{
    return &mine(ui)->list;
}

static void
rollback_targets(struct hf_ui *ui, struct hf_targets *out)
{
    const struct hf_rollback_pane *p = mine(ui);
    const struct hf_rollback_item *item = current(ui);

    if (!item)
        return;
    hf_rollback_view_hosts(&out->names, &p->v, p->list.cursor);
    out->title =
        item->host != HF_UNDO_NONE
            ? hf_xstrdup(out->names.v[0])
            : hf_xasprintf(
                  "%zu host%s: %s", out->names.len, hf_plural(out->names.len),
                  hf_rollback_group_title(&p->v.groups, current_group(ui)));
}

/* ---- keys ---- */

static unsigned
key_enter(struct hf_ui *ui, int key)
{
    const struct hf_rollback_item *item = current(ui);
    struct hf_targets t = {0};

    (void)key;
    if (!item)
        return HF_HANDLED;
    if (item->host != HF_UNDO_NONE) {
        hf_host_pane_show(ui, mine(ui)->v.u->states[item->host]->host->name);
        return HF_HANDLED;
    }
    rollback_targets(ui, &t);
    hf_fleet_pane_show(ui, t.title, &t.names);
    hf_targets_release(&t);
    return HF_HANDLED;
}

static unsigned
key_by(struct hf_ui *ui, int key)
{
    struct hf_rollback_pane *p = mine(ui);
    int by = key == 'T' ? HF_ROLLBACK_BY_COUNT - 1 : 1;

    if (!p->shown)
        return HF_HANDLED;
    hf_rollback_view_by(
        &p->v, (enum hf_rollback_by)((p->v.by + by) % HF_ROLLBACK_BY_COUNT));
    p->list.cursor = p->list.top = 0;
    return HF_HANDLED;
}

static unsigned
key_fold(struct hf_ui *ui, int key)
{
    struct hf_rollback_pane *p = mine(ui);

    (void)key;
    if (!current(ui))
        return HF_HANDLED;
    remember(ui);
    hf_rollback_view_fold(&p->v, p->list.cursor);
    find_again(ui);
    return HF_HANDLED;
}

/* The next group's head, or the one before. */
static unsigned
key_tab(struct hf_ui *ui, int key)
{
    struct hf_rollback_pane *p = mine(ui);
    size_t at = p->list.cursor;
    int by = key == HF_KEY_BACKTAB ? -1 : 1;

    while (by > 0 ? at + 1 < p->v.len : at > 0) {
        at = by > 0 ? at + 1 : at - 1;
        if (p->v.items[at].host == HF_UNDO_NONE)
            break;
    }
    hf_list_to(&p->list, at);
    return HF_HANDLED;
}

/* A release and a run as a plan; a ring and hosts as the verb does. */
static unsigned
key_back(struct hf_ui *ui, int key)
{
    const struct hf_rollback_item *item = current(ui);
    const struct hf_rollback_group *g = current_group(ui);
    enum hf_rollback_by by = mine(ui)->v.by;
    char *name;

    (void)key;
    if (item && item->host == HF_UNDO_NONE && g->name) {
        if (by == HF_ROLLBACK_RUN && g->run->of_plan)
            return hf_again_undo(ui, g->name);
        if (by == HF_ROLLBACK_RELEASE) {
            name = hf_xstrndup(g->name, strcspn(g->name, " "));
            (void)hf_again_undo_release(ui, name);
            free(name);
            return HF_HANDLED;
        }
    }
    return hf_verb_line(ui, "rollback");
}

static unsigned
key_block(struct hf_ui *ui, int key)
{
    const struct hf_rollback_pane *p = mine(ui);
    const char *releases =
        current(ui) ? hf_rollback_view_release_of(&p->v, p->list.cursor) : NULL;

    (void)key;
    if (releases)
        hf_blocks_ask(ui, releases);
    else
        hf_ui_say(ui, HF_TONE_WARN,
                  "no release, or more than one, stands here: t shows them, "
                  ":block RELEASE names any");
    return HF_HANDLED;
}

/* clang-format off */
static const struct hf_key_row keys[] = {
    {{HF_KEY_ENTER, HF_KEY_F(3)}, "Open",
     "open the host; on a group's head: list its hosts that can be taken back",
     0, key_enter},
    {{'R', HF_KEY_F(5)}, "Check", "ask the hosts for their facts (check)",
     HF_NEED_IDLE, hf_ui_key_check},
    {{'t', HF_KEY_F(6), 'T'}, "By",
     "by release, run, ring, host; T: the other way", 0, key_by},
    {{'x', HF_KEY_F(7)}, "Block", "block the release for the whole fleet, or "
     "take its block away (asks)", HF_NEED_WRITE, key_block},
    {{'b', HF_KEY_F(8)}, "Back", "take it back: shows plan and price first",
     HF_NEED_WRITE | HF_NEED_IDLE, key_back},
    {{HF_KEY_SPACE, 'o'}, NULL, "unfold the group into its hosts, or fold it",
     0, key_fold},
    {{HF_KEY_TAB, HF_KEY_BACKTAB}, NULL, "to the next, previous group", 0,
     key_tab},
    {{0}},
};
/* clang-format on */

const struct hf_pane hf_pane_rollback = {
    .name = "rollback",
    .title = "Rollback",
    .help = "what can be taken back, at what price; blocks of releases",
    .digit = '6',
    .keys = keys,
    .make = rollback_make,
    .unmake = rollback_free,
    .recalc = rollback_recalc,
    .forget = rollback_forget,
    .draw = rollback_draw,
    .subtitle = rollback_subtitle,
    .list = rollback_list,
    .targets = rollback_targets,
};
