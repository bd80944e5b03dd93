/* Screen 5, Reboots: the quarter, and who restarts when, why, in which window.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "backend/base/time.h"
#include "tui/panes/fleet_pane.h"
#include "tui/panes/host_pane.h"
#include "tui/panes/menu.h"
#include "tui/panes/prompt.h"
#include "tui/panes/reboots_draw.h"
#include "tui/panes/run_control.h"
#include "tui/panes/verbs.h"
#include "tui/rows/reboots_view.h"

#define AGAIN_MS 60000

struct hf_reboots_pane {
    struct hf_reboots_view v;
    struct hf_list list;
    char *host;            /* under the cursor, or NULL: a group's head */
    uint32_t group;        /* that it is in */
    int detailed;          /* there is room for what stands below the list */
    int64_t counted, took; /* monotonic ms: when, and for how long */
};

static void *
reboots_make(void)
{
    struct hf_reboots_pane *p = HF_NEW(struct hf_reboots_pane);

    p->v.week = -1;
    return p;
}

static void
reboots_free(void *kept)
{
    struct hf_reboots_pane *p = kept;

    hf_reboots_view_release(&p->v);
    free(p->host);
    free(p);
}

static struct hf_reboots_pane *
mine(const struct hf_ui *ui)
{
    return hf_ui_kept(ui, &hf_pane_reboots);
}

static const struct hf_reboots_item *
current(const struct hf_ui *ui)
{
    const struct hf_reboots_pane *p = mine(ui);

    return p->list.cursor < p->v.len ? &p->v.items[p->list.cursor] : NULL;
}

/* ---- the cursor follows its host ---- */

static void
remember(struct hf_ui *ui)
{
    struct hf_reboots_pane *p = mine(ui);
    const struct hf_reboots_item *item = current(ui);

    if (!item)
        return;
    free(p->host);
    p->host = item->host == HF_REBOOTS_HEAD
                  ? NULL
                  : hf_xstrdup(p->v.states[item->host].host->name);
    p->group = item->group;
}

/* Who has not moved from the top stays there. */
static void
find_again(struct hf_ui *ui)
{
    struct hf_reboots_pane *p = mine(ui);
    uint32_t host =
        p->host ? hf_fleet_view_index(&ui->view, p->host) : HF_REBOOTS_HEAD;

    hf_list_fit(&p->list, p->v.len, p->list.height);
    if (p->list.cursor > 0)
        hf_list_to(&p->list, hf_reboots_view_find(&p->v, host, p->group));
}

static void
reboots_forget(struct hf_ui *ui)
{
    hf_reboots_view_release(&mine(ui)->v);
}

static void
count(struct hf_ui *ui)
{
    struct hf_reboots_pane *p = mine(ui);
    const struct hf_state *states;
    size_t n;

    states = hf_session_states(ui->session, &n);
    p->counted = hf_mono();
    hf_reboots_view_make(&p->v, hf_session_fleet(ui->session), states, n,
                         ui->look.now);
    p->took = hf_mono() - p->counted;
}

/* While a run moves things, looking at a large fleet may take a twentieth of
 * the time. */
static void
reboots_recalc(struct hf_ui *ui)
{
    struct hf_reboots_pane *p = mine(ui);

    if (p->v.fleet && hf_mono() - p->counted < p->took * 20)
        return;
    remember(ui);
    count(ui);
    find_again(ui);
}

/* ---- drawing ---- */

static void
reboots_draw(struct hf_ui *ui, const struct hf_area *area)
{
    struct hf_reboots_pane *p = mine(ui);

    if (ui->look.now - p->v.dues.outlook.now >= AGAIN_MS)
        reboots_recalc(ui); /* windows open and close by themselves */
    remember(ui);
    p->detailed = hf_reboots_draw(ui, area, &p->v, &p->list);
}

static void
reboots_subtitle(struct hf_ui *ui, struct hf_line *out)
{
    const struct hf_reboots_view *v = &mine(ui)->v;
    size_t listed = 0;

    for (int i = 0; i < HF_DUE_GROUP_COUNT; i++)
        listed += v->counts[i];
    hf_line_add(out, HF_TONE_DIM, " %zu host%s ", listed, hf_plural(listed));
    if (v->restarted)
        hf_line_add(out, HF_TONE_BAD, " %zu restarted outside a window ",
                    v->restarted);
    if (v->this_month || v->week >= 0)
        hf_line_add(out, HF_TONE_BUSY, " only this %s ",
                    v->this_month ? "month" : "week");
    if (v->skip_baseline)
        hf_line_add(out, HF_TONE_WARN, " if the baseline is skipped ");
    if (v->kb[0])
        hf_line_add(out, HF_TONE_WARN, " if %s is installed now ", v->kb);
    hf_line_add(out, HF_TONE_DIM, " ");
    hf_due_month_line(out, &v->month);
    hf_line_add(out, HF_TONE_DIM, " ");
}

static void
reboots_footnote(struct hf_ui *ui, struct hf_line *out)
{
    const struct hf_reboots_pane *p = mine(ui);

    if (p->detailed)
        hf_reboots_foot(out, &ui->look);
    else
        hf_reboots_note(out, &p->v, p->list.cursor);
}

static struct hf_list *
reboots_list(struct hf_ui *ui)
{
    return &mine(ui)->list;
}

static void
reboots_targets(struct hf_ui *ui, struct hf_targets *out)
{
    const struct hf_reboots_pane *p = mine(ui);
    const struct hf_reboots_item *item = current(ui);

    if (!item)
        return;
    hf_reboots_view_hosts(&out->names, &p->v, p->list.cursor);
    out->title = item->host != HF_REBOOTS_HEAD
                     ? hf_xstrdup(out->names.v[0])
                     : hf_xasprintf("%zu host%s %s", out->names.len,
                                    hf_plural(out->names.len),
                                    hf_due_titles[item->group]);
}

/* ---- keys ---- */

static void
list_again(struct hf_ui *ui)
{
    remember(ui);
    hf_reboots_view_list(&mine(ui)->v);
    find_again(ui);
}

static unsigned
key_enter(struct hf_ui *ui, int key)
{
    const struct hf_reboots_item *item = current(ui);
    struct hf_targets t = {0};

    (void)key;
    if (!item)
        return HF_HANDLED;
    if (item->host != HF_REBOOTS_HEAD) {
        hf_host_pane_show(ui, mine(ui)->v.states[item->host].host->name);
        return HF_HANDLED;
    }
    reboots_targets(ui, &t);
    hf_fleet_pane_show(ui, t.title, &t.names);
    hf_targets_release(&t);
    return HF_HANDLED;
}

static unsigned
key_week(struct hf_ui *ui, int key)
{
    struct hf_reboots_view *v = &mine(ui)->v;

    if (hf_reboots_view_week(v, key == HF_KEY_LEFT || key == 'h' ? -1 : 1))
        hf_reboots_view_quarter(v);
    list_again(ui);
    return HF_HANDLED;
}

static unsigned
key_month(struct hf_ui *ui, int key)
{
    struct hf_reboots_view *v = &mine(ui)->v;
    int on = !v->this_month;

    (void)key;
    v->week = 0;
    if (hf_reboots_view_week(v, -1)) /* back to all of them, from now on */
        hf_reboots_view_quarter(v);
    v->this_month = on;
    list_again(ui);
    return HF_HANDLED;
}

static unsigned
key_all(struct hf_ui *ui, int key)
{
    struct hf_reboots_view *v = &mine(ui)->v;

    (void)key;
    if (v->week < 0 && !v->this_month)
        return HF_UNUSED;
    v->week = -1;
    v->this_month = 0;
    if (v->offset) {
        v->offset = 0;
        hf_reboots_view_quarter(v);
    }
    list_again(ui);
    return HF_HANDLED;
}

static unsigned
key_by(struct hf_ui *ui, int key)
{
    struct hf_reboots_view *v = &mine(ui)->v;

    (void)key;
    v->quarter.by =
        (enum hf_quarter_by)((v->quarter.by + 1) % HF_QUARTER_BY_COUNT);
    hf_reboots_view_quarter(v);
    return HF_HANDLED;
}

static unsigned
key_fold(struct hf_ui *ui, int key)
{
    const struct hf_reboots_item *item = current(ui);

    (void)key;
    if (item)
        mine(ui)->v.folded ^= 1u << item->group;
    list_again(ui);
    return HF_HANDLED;
}

/* The next group's head, or the one before. */
static unsigned
key_tab(struct hf_ui *ui, int key)
{
    struct hf_reboots_pane *p = mine(ui);
    size_t at = p->list.cursor;
    int by = key == HF_KEY_BACKTAB ? -1 : 1;

    while (by > 0 ? at + 1 < p->v.len : at > 0) {
        at = by > 0 ? at + 1 : at - 1;
        if (p->v.items[at].host == HF_REBOOTS_HEAD)
            break;
    }
    hf_list_to(&p->list, at);
    return HF_HANDLED;
}

static unsigned
key_reboot(struct hf_ui *ui, int key)
{
    (void)key;
    return hf_verb_line(ui, "reboot");
}

static unsigned
key_windows(struct hf_ui *ui, int key)
{
    (void)key;
    return hf_verb_line(ui, "window add");
}

/* ---- what if ---- */

static void
suppose(struct hf_ui *ui, int skip_baseline, const char *kb)
{
    struct hf_reboots_view *v = &mine(ui)->v;

    v->skip_baseline = skip_baseline;
    (void)snprintf(v->kb, sizeof(v->kb), "%s", kb);
    remember(ui);
    count(ui);
    find_again(ui);
    if (kb[0] && !hf_outlook_knows_kb(&v->dues.outlook)) {
        hf_ui_say(ui, HF_TONE_WARN, "the catalogue knows no %s", kb);
        suppose(ui, 0, "");
    }
}

static unsigned
do_as_it_is(struct hf_ui *ui, size_t item)
{
    (void)item;
    suppose(ui, 0, "");
    return HF_HANDLED;
}

static unsigned
do_skip(struct hf_ui *ui, size_t item)
{
    (void)item;
    suppose(ui, 1, "");
    hf_ui_say(ui, HF_TONE_PLAIN,
              "a skipped baseline comes with the next month's hotpatch");
    return HF_HANDLED;
}

static unsigned
take_kb(struct hf_ui *ui, const char *text)
{
    if (*text)
        suppose(ui, 0, text);
    return HF_HANDLED;
}

static unsigned
do_kb(struct hf_ui *ui, size_t item)
{
    (void)item;
    hf_prompt_question(ui, "which update, as KB5121768", "", take_kb);
    return HF_HANDLED;
}

static unsigned
key_what_if(struct hf_ui *ui, int key)
{
    (void)key;
    hf_menu_start(ui, "What if?",
                  "Shows what a decision would move. Nothing is done.");
    hf_menu_add(ui, 'n', "nothing", "as it stands", do_as_it_is);
    hf_menu_add(ui, 's', "skip",
                "this quarter's baseline is not taken in its "
                "month",
                do_skip);
    hf_menu_add(ui, 'k', "KB", "an update is installed now", do_kb);
    hf_menu_open(ui, 0);
    return HF_HANDLED;
}

/* clang-format off */
static const struct hf_key_row keys[] = {
    {{HF_KEY_ENTER, HF_KEY_F(3)}, "Open",
     "open the host; on a group's head: list its hosts", 0, key_enter},
    {{HF_KEY_RIGHT, 'l', HF_KEY_LEFT, 'h'}, NULL,
     "only the hosts that restart in the next, previous week", 0, key_week},
    {{'m'}, NULL, "only the hosts that restart this month, or should", 0,
     key_month},
    {{HF_KEY_ESC}, NULL, "all hosts again", 0, key_all},
    {{'R', HF_KEY_F(5)}, "Check", "ask the hosts for their facts (check)",
     HF_NEED_IDLE, hf_ui_key_check},
    {{'t', HF_KEY_F(6)}, "By", "the quarter by ring, by site", 0, key_by},
    {{'w', HF_KEY_F(7)}, "If", "suppose that a baseline is skipped, or an "
     "update installed", 0, key_what_if},
    {{'b', HF_KEY_F(8)}, "Boot", "restart the host, or those of the group "
     "(asks)", HF_NEED_WRITE | HF_NEED_TARGETS, key_reboot},
    {{'W', HF_KEY_F(4)}, "Times", "a window or a freeze more for the host, or "
     "those of the group; or one less (asks)", HF_NEED_WRITE, key_windows},
    {{'o', HF_KEY_SPACE}, NULL, "fold the group, or unfold it", 0, key_fold},
    {{HF_KEY_TAB, HF_KEY_BACKTAB}, NULL, "to the next, previous group", 0,
     key_tab},
    {{0}},
};
/* clang-format on */

const struct hf_pane hf_pane_reboots = {
    .name = "reboots",
    .title = "Reboots",
    .help = "which hosts restart when, why, and in which window",
    .digit = '5',
    .keys = keys,
    .make = reboots_make,
    .unmake = reboots_free,
    .recalc = reboots_recalc,
    .forget = reboots_forget,
    .draw = reboots_draw,
    .subtitle = reboots_subtitle,
    .list = reboots_list,
    .targets = reboots_targets,
    .footnote = reboots_footnote,
};
