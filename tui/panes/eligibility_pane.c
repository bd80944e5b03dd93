/* Screen 2, Eligibility: checks and how many hosts they stop. */
#include <stdlib.h>

#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "backend/base/time.h"
#include "tui/panes/draw.h"
#include "tui/panes/fleet_pane.h"
#include "tui/panes/matrix_pane.h"
#include "tui/panes/run_control.h"

struct hf_eligibility_pane {
    struct hf_eligibility e;
    struct hf_list list;
    int column;            /* of hf_verdict_columns */
    char *group, *check;   /* under the cursor: see hf_eligibility_find */
    int64_t counted, took; /* monotonic ms: when, and for how long */
};

static void *
eligibility_make(void)
{
    return HF_NEW(struct hf_eligibility_pane);
}

static void
eligibility_free(void *kept)
{
    struct hf_eligibility_pane *p = kept;

    hf_eligibility_release(&p->e);
    free(p->group);
    free(p->check);
    free(p);
}

static struct hf_eligibility_pane *
mine(const struct hf_ui *ui)
{
    return hf_ui_kept(ui, &hf_pane_eligibility);
}

/* The row under the cursor: 0, or -1 without one. */
static int
current(const struct hf_ui *ui, struct hf_eligibility_row *out)
{
    const struct hf_eligibility_pane *p = mine(ui);

    return hf_eligibility_row(out, &p->e, p->list.cursor);
}

static enum hf_verdict
verdict(const struct hf_ui *ui)
{
    return hf_verdict_columns[mine(ui)->column];
}

/* ---- the cursor follows its check when the counts change the order ---- */

static void
remember(struct hf_ui *ui)
{
    struct hf_eligibility_pane *p = mine(ui);
    struct hf_eligibility_row row;
    char *group, *check;

    if (current(ui, &row) < 0)
        return;
    group = hf_xstrdup(row.group->key);
    check = hf_xstrdup(row.check ? row.check->name : row.quiet ? "" : NULL);
    free(p->group);
    free(p->check);
    p->group = group;
    p->check = check;
}

static void
eligibility_forget(struct hf_ui *ui)
{
    hf_eligibility_release(&mine(ui)->e);
}

/* While a run moves things, counting a large fleet may take a twentieth of
 * the time. */
static int
is_due(const struct hf_eligibility_pane *p, enum hf_eligibility_by by)
{
    return !p->e.fleet || p->e.by != by ||
           hf_mono() - p->counted >= p->took * 20;
}

static void
count(struct hf_ui *ui, enum hf_eligibility_by by)
{
    struct hf_eligibility_pane *p = mine(ui);
    const struct hf_state *states;
    size_t n;

    if (!is_due(p, by))
        return;
    states = hf_session_states(ui->session, &n);
    p->counted = hf_mono();
    p->e.by = by;
    hf_eligibility_make(&p->e, hf_session_fleet(ui->session), states, n);
    p->took = hf_mono() - p->counted;
}

const struct hf_eligibility *
hf_eligibility_pane_counts(struct hf_ui *ui)
{
    count(ui, mine(ui)->e.by);
    return &mine(ui)->e;
}

/* Who has not moved from the top stays there. */
static void
eligibility_recalc(struct hf_ui *ui)
{
    struct hf_eligibility_pane *p = mine(ui);

    remember(ui);
    count(ui, p->e.by);
    hf_list_fit(&p->list, hf_eligibility_rows(&p->e), p->list.height);
    if (p->list.cursor > 0)
        hf_list_to(&p->list, hf_eligibility_find(&p->e, p->group, p->check));
}

/* ---- drawing ---- */

static void
eligibility_draw(struct hf_ui *ui, const struct hf_area *area)
{
    struct hf_eligibility_pane *p = mine(ui);
    struct hf_line line = {0};
    int heads = area->rows > 3;

    remember(ui);
    hf_list_fit(&p->list, hf_eligibility_rows(&p->e),
                (size_t)(area->rows - heads));
    if (heads) {
        hf_eligibility_heads(&line, &ui->look);
        hf_draw_line(ui, area->y, 0, area->cols, &line, 0);
    }
    for (int i = 0; i < area->rows - heads; i++) {
        size_t row = p->list.top + (size_t)i;
        int chosen = row == p->list.cursor;

        if (row >= p->list.len)
            break;
        hf_eligibility_line(&line, &p->e, row, chosen ? p->column : -1,
                            &ui->look);
        hf_draw_line(ui, area->y + heads + i, 0, area->cols, &line, chosen);
    }
    if (!p->list.len)
        hf_draw_text(ui, area->y + heads + 1, 2, area->cols - 2, HF_STYLE_DIM,
                     "the fleet has no hosts yet");
    hf_line_release(&line);
}

static void
eligibility_subtitle(struct hf_ui *ui, struct hf_line *out)
{
    const struct hf_eligibility *e = &mine(ui)->e;
    size_t stopped = 0;

    for (size_t i = 0; i < e->groups_len; i++)
        stopped += e->groups[i].stopped;
    hf_line_add(out, HF_TONE_DIM, " %zu host%s, ", e->n, hf_plural(e->n));
    hf_line_add(out, stopped ? HF_TONE_BAD : HF_TONE_GOOD, "%zu stopped ",
                stopped);
}

static void
eligibility_footnote(struct hf_ui *ui, struct hf_line *out)
{
    struct hf_eligibility_row row;

    if (current(ui, &row) < 0)
        return;
    if (row.quiet)
        return;
    if (!row.check) {
        hf_line_add(out, HF_TONE_DIM, " Enter shows its hosts against checks");
        return;
    }
    hf_line_add(out, HF_TONE_STRONG, " %s ", row.check->name);
    hf_line_add(out, HF_TONE_PLAIN, " %s",
                row.check->remedy ? row.check->remedy : row.check->title);
    if (row.check->who)
        hf_line_add(out, HF_TONE_DIM, " - by %s", row.check->who);
    if (row.check->needs_restart)
        hf_line_add(out, HF_TONE_WARN, " - needs a restart");
}

static struct hf_list *
eligibility_list(struct hf_ui *ui)
{
    return &mine(ui)->list;
}

/* ---- what keys act on ---- */

static int
is_counted(const struct hf_state *st, const struct hf_eligibility_row *row,
           enum hf_verdict wanted)
{
    const struct hf_finding *f;
    int yes = !row->check;

    if (row->check) {
        f = hf_findings_find(hf_state_findings(st), row->check->name);
        yes = f && f->verdict == wanted;
        hf_state_fold(st);
    }
    return yes;
}

static void
eligibility_targets(struct hf_ui *ui, struct hf_targets *out)
{
    const struct hf_eligibility *e = &mine(ui)->e;
    struct hf_eligibility_row row;

    if (current(ui, &row) < 0)
        return;
    for (size_t i = 0; i < e->n; i++) {
        if (hf_eligibility_has(e, row.group, &e->states[i]) &&
            is_counted(&e->states[i], &row, verdict(ui)))
            hf_strs_add(&out->names, e->states[i].host->name);
    }
    out->selector = hf_eligibility_selector(e, &row, verdict(ui));
    out->title = hf_xasprintf(
        "%zu host%s%s%s", out->names.len, hf_plural(out->names.len),
        out->selector ? " of " : "", out->selector ? out->selector : "");
}

/* ---- keys ---- */

static unsigned
key_matrix(struct hf_ui *ui, int key)
{
    struct hf_eligibility_row row;

    (void)key;
    if (current(ui, &row) == 0)
        hf_matrix_pane_show(ui, row.group->key,
                            row.check ? row.check->name : NULL);
    return HF_HANDLED;
}

static unsigned
key_all(struct hf_ui *ui, int key)
{
    struct hf_eligibility_pane *p = mine(ui);

    (void)key;
    p->e.all = !p->e.all;
    hf_list_fit(&p->list, hf_eligibility_rows(&p->e), p->list.height);
    return HF_HANDLED;
}

static unsigned
key_enter(struct hf_ui *ui, int key)
{
    struct hf_eligibility_row row;
    char *selector;

    if (current(ui, &row) < 0)
        return HF_HANDLED;
    if (row.quiet)
        return key_all(ui, key);
    if (!row.check)
        return key_matrix(ui, key);
    if (!row.check->by[verdict(ui)]) {
        hf_ui_say(ui, HF_TONE_PLAIN, "no host: %s is %s nowhere here",
                  row.check->name, hf_verdict_names[verdict(ui)]);
        return HF_HANDLED;
    }
    selector = hf_eligibility_selector(&mine(ui)->e, &row, verdict(ui));
    hf_fleet_pane_filter(ui, selector);
    free(selector);
    return HF_HANDLED;
}

static unsigned
key_column(struct hf_ui *ui, int key)
{
    struct hf_eligibility_pane *p = mine(ui);
    int by = key == HF_KEY_LEFT || key == 'h' ? -1 : 1;

    if (p->column + by >= 0 && p->column + by < HF_VERDICT_COUNT)
        p->column += by;
    return HF_HANDLED;
}

static unsigned
key_group(struct hf_ui *ui, int key)
{
    struct hf_eligibility_pane *p = mine(ui);

    (void)key;
    count(ui,
          (enum hf_eligibility_by)((p->e.by + 1) % HF_ELIGIBILITY_BY_COUNT));
    hf_list_fit(&p->list, hf_eligibility_rows(&p->e), p->list.height);
    hf_list_to(&p->list, 0);
    hf_ui_say(ui, HF_TONE_PLAIN, "grouped by %s",
              hf_eligibility_by_names[p->e.by]);
    return HF_HANDLED;
}

/* The next group's head, or the one before. */
static unsigned
key_tab(struct hf_ui *ui, int key)
{
    struct hf_eligibility_pane *p = mine(ui);
    size_t at = p->list.cursor;
    int by = key == HF_KEY_BACKTAB ? -1 : 1;
    struct hf_eligibility_row row;

    while (by > 0 ? at + 1 < p->list.len : at > 0) {
        at = by > 0 ? at + 1 : at - 1;
        if (hf_eligibility_row(&row, &p->e, at) == 0 && !row.check &&
            !row.quiet)
            break;
    }
    hf_list_to(&p->list, at);
    return HF_HANDLED;
}

/* clang-format off */
static const struct hf_key_row keys[] = {
    {{HF_KEY_ENTER, HF_KEY_F(3)}, "Open",
     "list the hosts behind the number; on a group's head: its hosts against "
     "checks", 0, key_enter},
    {{HF_KEY_RIGHT, 'l', HF_KEY_LEFT, 'h'}, NULL,
     "to the next, previous number", 0, key_column},
    {{'R', HF_KEY_F(5)}, "Check",
     "ask the hosts behind the number for their facts (check)", HF_NEED_IDLE,
     hf_ui_key_check},
    {{'m', HF_KEY_F(6)}, "Grid", "the group's hosts against checks", 0,
     key_matrix},
    {{'b', HF_KEY_F(7)}, "Group", "by product, by ring, all hosts together", 0,
     key_group},
    {{'z'}, NULL, "show checks that pass everywhere, or hide them", 0,
     key_all},
    {{HF_KEY_TAB, HF_KEY_BACKTAB}, NULL, "to the next, previous group", 0,
     key_tab},
    {{0}},
};
/* clang-format on */

const struct hf_pane hf_pane_eligibility = {
    .name = "eligibility",
    .title = "Eligibility",
    .help = "checks, and how many hosts they stop",
    .digit = '2',
    .keys = keys,
    .make = eligibility_make,
    .unmake = eligibility_free,
    .recalc = eligibility_recalc,
    .forget = eligibility_forget,
    .draw = eligibility_draw,
    .subtitle = eligibility_subtitle,
    .list = eligibility_list,
    .targets = eligibility_targets,
    .footnote = eligibility_footnote,
};
