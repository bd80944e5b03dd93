/* The form before hosts are changed; see confirm.h. Drawn in confirm_draw.c;
 * what it asks about is in confirm_hosts.c, _plan.c, and for edits of the
 * fleet's files in _block.c, _move.c, _window.c and _exception.c. */
#include "tui/panes/confirm.h"

#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "backend/base/time.h"
#include "tui/panes/confirm_priv.h"
#include "tui/panes/guard.h"

static void *
confirm_make(void)
{
    return HF_NEW(struct hf_confirm);
}

void
confirm_clear(struct hf_confirm *c)
{
    hf_targets_release(&c->targets);
    hf_forecasts_release(&c->forecasts);
    hf_plan_free(c->plan);
    hf_doc_release(&c->doc);
    hf_doc_release(&c->told);
    free(c->from.name);
    free(c->from.part);
    free(c->kernel);
    hf_strs_release(&c->seen);
    for (size_t i = 0; i < HF_COUNT(c->text); i++)
        hf_input_release(&c->text[i]);
    *c = (struct hf_confirm){0};
}

static void
confirm_free(void *kept)
{
    confirm_clear(kept);
    free(kept);
}

struct hf_confirm *
confirm_mine(const struct hf_ui *ui)
{
    return hf_ui_kept(ui, &hf_pane_confirm);
}

/* ---- fields ---- */

static int
is_large(const struct hf_confirm *c)
{
    return c->to_do > CONFIRM_LARGE;
}

static int
is_apply(const struct hf_confirm *c)
{
    return c->action == HF_ACTION_APPLY;
}

static int
is_stale(const struct hf_confirm *c)
{
    return c->stale;
}

static int
blocks(const struct hf_confirm *c)
{
    return c->maker->blocks;
}

static int
has_hidden(const struct hf_confirm *c)
{
    return c->targets.hidden.len > 0;
}

/* clang-format off */
const struct confirm_row confirm_rows[CONFIRM_FIELDS] = {
    [CONFIRM_NAME] = {CONFIRM_TEXT, "name", "what you call it", NULL},
    [CONFIRM_MONTHLY] = {CONFIRM_TEXT, "monthly", "second tuesday + 4 days",
                         NULL},
    [CONFIRM_WEEKLY] = {CONFIRM_TEXT, "or weekly", "saturday,sunday", NULL},
    [CONFIRM_AT] = {CONFIRM_TEXT, "at", "22:00", NULL},
    [CONFIRM_LENGTH] = {CONFIRM_TEXT, "for", "4h", NULL},
    [CONFIRM_FROM] = {CONFIRM_TEXT, "from", "2026-12-18T20:00, or a day",
                      NULL},
    [CONFIRM_TO] = {CONFIRM_TEXT, "to", "alone: from then to then",
                    NULL},
    [CONFIRM_OWNER] = {CONFIRM_TEXT, "owner", "who answers for it", NULL},
    [CONFIRM_TICKET] = {CONFIRM_TEXT, "ticket", "where it was agreed", NULL},
    [CONFIRM_CHANGE] = {CONFIRM_TEXT, "change id", "", NULL},
    [CONFIRM_REASON] = {CONFIRM_TEXT, "reason", "", NULL},
    [CONFIRM_CONTROL] = {CONFIRM_TEXT, "control",
                         "what protects them meanwhile", NULL},
    [CONFIRM_UNTIL] = {CONFIRM_TEXT, "until", "2027-01-31, the last day",
                       NULL},
    [CONFIRM_COUNT] = {CONFIRM_TEXT, "how many hosts", "", is_large},
    [CONFIRM_GO_ON] = {CONFIRM_SWITCH, "go on after failures", "", NULL},
    [CONFIRM_AGAIN] = {CONFIRM_SWITCH, "although rolled back", "", is_apply},
    [CONFIRM_OLD] = {CONFIRM_SWITCH, "although the catalogue is old", "",
                     is_stale},
    [CONFIRM_NO_BLOCK] = {CONFIRM_SWITCH, "do not block the release", "",
                          blocks},
    [CONFIRM_HIDDEN] = {CONFIRM_SWITCH, "hidden ones, too", "", has_hidden},
    [CONFIRM_EVERY] = {CONFIRM_SWITCH, "for every host", "", NULL},
    [CONFIRM_NO] = {CONFIRM_BUTTON, "No", "", NULL},
    [CONFIRM_YES] = {CONFIRM_BUTTON, "Yes", "", NULL},
};
/* clang-format on */

int
confirm_has(const struct hf_ui *ui, enum confirm_field field)
{
    const struct hf_confirm *c = confirm_mine(ui);
    const struct confirm_row *row = &confirm_rows[field];

    if (row->kind != CONFIRM_BUTTON && !(c->subject->fields & 1u << field))
        return 0;
    return !row->shown || row->shown(c);
}

static void
move_focus(struct hf_ui *ui, int by)
{
    struct hf_confirm *c = confirm_mine(ui);
    int at = (int)c->focus;

    do
        at = (at + by + CONFIRM_FIELDS) % CONFIRM_FIELDS;
    while (!confirm_has(ui, (enum confirm_field)at));
    c->focus = (enum confirm_field)at;
}

/* ---- what would happen ---- */

const char *
confirm_text(const struct hf_confirm *c, enum confirm_field field)
{
    const char *text = hf_buf_str(&c->text[field].text);

    return *text ? text : NULL;
}

static void
look(struct hf_ui *ui)
{
    struct hf_confirm *c = confirm_mine(ui);

    c->refusal = (struct hf_err)HF_ERR_INIT;
    c->refused = 0;
    c->subject->look(ui, c);
    if (c->refusal.code == HF_ESTALE)
        c->stale = 1;
    else if (!c->refusal.code && !c->to_do)
        (void)hf_fail(&c->refusal, HF_ENOTFOUND,
                      "nothing to do: every host is left out");
}

/* The answer to a yes stays until the next key. */
static void
confirm_recalc(struct hf_ui *ui)
{
    struct hf_confirm *c = confirm_mine(ui);
    const struct hf_err refusal = c->refusal;
    int refused = c->refused;

    if (!c->subject->follows)
        return;
    look(ui);
    if (refused) {
        c->refusal = refusal;
        c->refused = 1;
    }
}

void
confirm_open(struct hf_ui *ui)
{
    struct hf_confirm *c = confirm_mine(ui);

    c->opened = hf_mono();
    c->list.scrolls = 1;
    look(ui);
    if (!confirm_has(ui, c->focus))
        move_focus(ui, 1); /* to the first that it has */
    hf_screen_flush(ui->screen);
    hf_ui_push(ui, &hf_pane_confirm);
}

/* ---- the answer ---- */

static int
count_is_right(const struct hf_confirm *c)
{
    int64_t typed;

    return !is_large(c) ||
           (hf_parse_int(&typed, hf_buf_str(&c->text[CONFIRM_COUNT].text), 0,
                         INT32_MAX) == 0 &&
            (size_t)typed == c->to_do);
}

static unsigned
accept(struct hf_ui *ui)
{
    struct hf_confirm *c = confirm_mine(ui);

    if (c->subject->follows)
        look(ui);
    if (c->refusal.code)
        return HF_HANDLED;
    if (!count_is_right(c)) {
        (void)hf_fail(&c->refusal, HF_EUSAGE,
                      "type %zu, the number of hosts, to go on", c->to_do);
        c->focus = CONFIRM_COUNT;
        return HF_HANDLED;
    }
    if (!hf_ui_can(ui, c->subject->needs))
        return HF_HANDLED;
    if (c->subject->begin(ui, c) == HF_OK) {
        hf_ui_pop(ui);
        c->subject->show(ui);
    } else if (!c->refusal.code) {
        hf_ui_pop(ui); /* the error was told */
    } else {
        c->refused = 1;
    }
    return HF_HANDLED | HF_RECALC;
}

static unsigned
decline(struct hf_ui *ui, int key)
{
    (void)key;
    hf_ui_pop(ui);
    hf_ui_say(ui, HF_TONE_PLAIN, "nothing was changed");
    return HF_HANDLED;
}

/* ---- keys ---- */

static unsigned
key_enter(struct hf_ui *ui, int key)
{
    struct hf_confirm *c = confirm_mine(ui);

    if (hf_guard_holds(c->opened))
        return HF_HANDLED;
    if (c->focus == CONFIRM_YES)
        return accept(ui);
    if (c->focus == CONFIRM_NO)
        return decline(ui, key);
    if (confirm_rows[c->focus].kind == CONFIRM_TEXT)
        look(ui);
    move_focus(ui, 1);
    return HF_HANDLED;
}

static unsigned
key_focus(struct hf_ui *ui, int key)
{
    int back = key == HF_KEY_BACKTAB || key == HF_KEY_UP;

    if (hf_guard_holds(confirm_mine(ui)->opened))
        return HF_HANDLED;
    if (confirm_rows[confirm_mine(ui)->focus].kind == CONFIRM_TEXT)
        look(ui);
    move_focus(ui, back ? -1 : 1);
    return HF_HANDLED;
}

static unsigned
key_page(struct hf_ui *ui, int key)
{
    (void)hf_list_key(&confirm_mine(ui)->list, key);
    return HF_HANDLED;
}

static unsigned
switch_key(struct hf_ui *ui, int code)
{
    struct hf_confirm *c = confirm_mine(ui);

    if (code == HF_KEY_SPACE || code == 'x') {
        c->on[c->focus] = !c->on[c->focus];
        look(ui);
        return HF_HANDLED;
    }
    if (code == HF_KEY_LEFT || code == HF_KEY_RIGHT) {
        move_focus(ui, code == HF_KEY_LEFT ? -1 : 1);
        return HF_HANDLED;
    }
    return HF_UNUSED;
}

static unsigned
button_key(struct hf_ui *ui, int code)
{
    if (code == 'y')
        return accept(ui);
    if (code == 'n')
        return decline(ui, code);
    if (code == HF_KEY_LEFT || code == HF_KEY_RIGHT) {
        confirm_mine(ui)->focus =
            confirm_mine(ui)->focus == CONFIRM_NO ? CONFIRM_YES : CONFIRM_NO;
        return HF_HANDLED;
    }
    return HF_UNUSED;
}

static unsigned
confirm_key(struct hf_ui *ui, const struct hf_key *key)
{
    struct hf_confirm *c = confirm_mine(ui);

    if (hf_guard_holds(c->opened))
        return HF_HANDLED;
    switch (confirm_rows[c->focus].kind) {
    case CONFIRM_TEXT:
        return hf_input_key(&c->text[c->focus], key) ? HF_HANDLED : HF_UNUSED;
    case CONFIRM_SWITCH:
        return switch_key(ui, key->code);
    case CONFIRM_BUTTON:
        return button_key(ui, key->code);
    }
    return HF_UNUSED;
}

/* clang-format off */
static const struct hf_key_row keys[] = {
    {{HF_KEY_TAB, HF_KEY_DOWN}, "Next", "to the next field", 0, key_focus},
    {{HF_KEY_BACKTAB, HF_KEY_UP}, NULL, "to the field before", 0, key_focus},
    {{HF_KEY_ENTER}, "Go on", "next field; on a button: press it", 0,
     key_enter},
    {{HF_KEY_PGDN, HF_KEY_PGUP}, "Hosts", "scroll the hosts", 0, key_page},
    {{HF_KEY_ESC}, "No", "change nothing", 0, decline},
    {{0}},
};
/* clang-format on */

const struct hf_pane hf_pane_confirm = {
    .name = "form",
    .title = "Are you sure?",
    .help = "what would be done, at what price",
    .fills = 1,
    .make = confirm_make,
    .unmake = confirm_free,
    .keys = keys,
    .recalc = confirm_recalc,
    .key = confirm_key,
    .draw = confirm_draw,
};
