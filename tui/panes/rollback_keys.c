/* What keys do on the Rollback screen; see rollback_pane.c. */
#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"
#include "tui/panes/again.h"
#include "tui/panes/blocks.h"
#include "tui/panes/fleet_pane.h"
#include "tui/panes/host_pane.h"
#include "tui/panes/rollback_priv.h"
#include "tui/panes/run_control.h"
#include "tui/panes/verbs.h"

static unsigned
key_enter(struct hf_ui *ui, int key)
{
    const struct hf_rollback_item *item = rollback_current(ui);
    struct hf_targets t = {0};

    (void)key;
    if (!item)
        return HF_HANDLED;
    if (item->host != HF_UNDO_NONE) {
        hf_host_pane_show(
            ui, rollback_mine(ui)->v.u->states[item->host]->host->name);
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
    struct rollback_pane *p = rollback_mine(ui);
    int by = key == 'T' ? HF_ROLLBACK_BY_COUNT - 1 : 1;

    if (!p->v.u)
        return HF_HANDLED;
    hf_rollback_view_by(
        &p->v, (enum hf_rollback_by)((p->v.by + by) % HF_ROLLBACK_BY_COUNT));
    p->list.cursor = p->list.top = 0;
    return HF_HANDLED;
}

static unsigned
key_fold(struct hf_ui *ui, int key)
{
    struct rollback_pane *p = rollback_mine(ui);

    (void)key;
    if (!rollback_current(ui))
        return HF_HANDLED;
    rollback_remember(ui);
    hf_rollback_view_fold(&p->v, p->list.cursor);
    rollback_find_again(ui);
    return HF_HANDLED;
}

/* The next group's head, or the one before. */
static unsigned
key_tab(struct hf_ui *ui, int key)
{
    struct rollback_pane *p = rollback_mine(ui);
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
    const struct hf_rollback_item *item = rollback_current(ui);
    const struct hf_rollback_group *g = rollback_current_group(ui);
    enum hf_rollback_by by = rollback_mine(ui)->v.by;
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
    const struct rollback_pane *p = rollback_mine(ui);
    const char *releases =
        rollback_current(ui)
            ? hf_rollback_view_release_of(&p->v, p->list.cursor)
            : NULL;

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
const struct hf_key_row rollback_keys[] = {
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
