/* The form before hosts are changed; see confirm.h. Drawn in
 * confirm_draw.c. */
#include "tui/panes/confirm.h"

#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "backend/base/time.h"
#include "tui/panes/confirm_priv.h"
#include "tui/panes/guard.h"
#include "tui/panes/run_control.h"

static void *
confirm_make(void)
{
    return HF_NEW(struct hf_confirm);
}

static void
confirm_clear(struct hf_confirm *c)
{
    hf_targets_release(&c->targets);
    hf_forecasts_release(&c->forecasts);
    for (size_t i = 0; i < HF_COUNT(c->text); i++)
        hf_input_release(&c->text[i]);
    *c = (struct hf_confirm){0};
}

static void
confirm_free(void *kept)
{
    struct hf_confirm *c = kept;

    confirm_clear(c);
    free(c);
}

struct hf_confirm *
confirm_mine(const struct hf_ui *ui)
{
    return hf_ui_kept(ui, &hf_pane_confirm);
}

/* ---- fields ---- */

static int
always(const struct hf_ui *ui, const struct hf_confirm *c)
{
    (void)ui;
    (void)c;
    return 1;
}

static int
is_large(const struct hf_ui *ui, const struct hf_confirm *c)
{
    (void)ui;
    return c->forecasts.to_do > CONFIRM_LARGE;
}

static int
is_apply(const struct hf_ui *ui, const struct hf_confirm *c)
{
    (void)ui;
    return c->action == HF_ACTION_APPLY;
}

static int
is_stale(const struct hf_ui *ui, const struct hf_confirm *c)
{
    (void)ui;
    return c->stale;
}

static int
has_hidden(const struct hf_ui *ui, const struct hf_confirm *c)
{
    (void)ui;
    return c->targets.hidden.len > 0;
}

/* clang-format off */
const struct confirm_row confirm_rows[CONFIRM_FIELDS] = {
    [CONFIRM_CHANGE] = {CONFIRM_TEXT, "change id", always},
    [CONFIRM_REASON] = {CONFIRM_TEXT, "reason", always},
    [CONFIRM_COUNT] = {CONFIRM_TEXT, "how many hosts", is_large},
    [CONFIRM_GO_ON] = {CONFIRM_SWITCH, "go on after failures", always},
    [CONFIRM_AGAIN] = {CONFIRM_SWITCH, "although rolled back", is_apply},
    [CONFIRM_OLD] = {CONFIRM_SWITCH, "although the catalogue is old",
                     is_stale},
    [CONFIRM_HIDDEN] = {CONFIRM_SWITCH, "hidden ones, too", has_hidden},
    [CONFIRM_NO] = {CONFIRM_BUTTON, "No", always},
    [CONFIRM_YES] = {CONFIRM_BUTTON, "Yes", always},
};
/* clang-format on */

static void
move_focus(struct hf_ui *ui, int by)
{
    struct hf_confirm *c = confirm_mine(ui);
    int at = (int)c->focus;

    do
        at = (at + by + CONFIRM_FIELDS) % CONFIRM_FIELDS;
    while (!confirm_rows[at].shown(ui, c));
    c->focus = (enum confirm_field)at;
}

/* ---- what would happen ---- */

static const char *
text_or_null(const struct hf_confirm *c, enum confirm_field field)
{
    const char *text = hf_buf_str(&c->text[field].text);

    return *text ? text : NULL;
}

void
confirm_ask(struct hf_ask *ask, const struct hf_confirm *c, const char ***names)
{
    const struct hf_targets *t = &c->targets;
    size_t n = 0;

    *names = hf_xcalloc(t->names.len + t->hidden.len + 1, sizeof(**names));
    for (size_t i = 0; i < t->names.len; i++)
        (*names)[n++] = t->names.v[i];
    for (size_t i = 0; c->on[CONFIRM_HIDDEN] && i < t->hidden.len; i++)
        (*names)[n++] = t->hidden.v[i];
    *ask = (struct hf_ask){
        .action = c->action,
        .hosts = *names,
        .hosts_len = n,
        .selector = t->selector,
        .change = text_or_null(c, CONFIRM_CHANGE),
        .reason = text_or_null(c, CONFIRM_REASON),
        .go_on = c->on[CONFIRM_GO_ON],
        .again = c->on[CONFIRM_AGAIN],
        .old_catalogue = c->on[CONFIRM_OLD],
    };
}

static void
confirm_recalc(struct hf_ui *ui)
{
    struct hf_confirm *c = confirm_mine(ui);
    const char **names;
    struct hf_ask ask;

    confirm_ask(&ask, c, &names);
    hf_forecasts_release(&c->forecasts);
    c->refusal = (struct hf_err)HF_ERR_INIT;
    if (hf_session_forecast(ui->session, &c->forecasts, &ask, &c->refusal) ==
        HF_ESTALE)
        c->stale = 1;
    else if (!c->refusal.code && !c->forecasts.to_do)
        (void)hf_fail(&c->refusal, HF_ENOTFOUND,
                      "nothing to do: every host is left out");
    free(names);
}

void
hf_confirm_open(struct hf_ui *ui, enum hf_action action, struct hf_targets *t)
{
    struct hf_confirm *c = confirm_mine(ui);

    confirm_clear(c);
    c->action = action;
    c->targets = *t;
    *t = (struct hf_targets){0};
    c->opened = hf_mono();
    c->list.scrolls = 1;
    confirm_recalc(ui);
    hf_screen_flush(ui->screen);
    hf_ui_push(ui, &hf_pane_confirm);
}

/* ---- the answer ---- */

static int
count_is_right(const struct hf_confirm *c)
{
    int64_t typed;

    return c->forecasts.to_do <= CONFIRM_LARGE ||
           (hf_parse_int(&typed, hf_buf_str(&c->text[CONFIRM_COUNT].text), 0,
                         INT32_MAX) == 0 &&
            (size_t)typed == c->forecasts.to_do);
}

static unsigned
accept(struct hf_ui *ui)
{
    struct hf_confirm *c = confirm_mine(ui);
    const char **names;
    struct hf_ask ask;
    int rc;

    confirm_recalc(ui);
    if (c->refusal.code)
        return HF_HANDLED;
    if (!count_is_right(c)) {
        (void)hf_fail(&c->refusal, HF_EUSAGE,
                      "type %zu, the number of hosts, to go on",
                      c->forecasts.to_do);
        c->focus = CONFIRM_COUNT;
        return HF_HANDLED;
    }
    if (!hf_ui_can(ui, HF_NEED_IDLE | HF_NEED_WRITE))
        return HF_HANDLED;
    confirm_ask(&ask, c, &names);
    rc = hf_ui_start(ui, &ask);
    free(names);
    hf_ui_pop(ui);
    if (rc == HF_OK)
        hf_ui_go(ui, &hf_pane_runs);
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
        confirm_recalc(ui);
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
        confirm_recalc(ui);
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
        confirm_recalc(ui);
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
