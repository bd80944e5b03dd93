/* Screens, panes above them, and where keys go; see ui.h. */
#include "tui/panes/ui.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"
#include "backend/base/time.h"
#include "tui/panes/carry.h"
#include "tui/panes/run_control.h"
#include "tui/rows/header.h"

/* clang-format off */
const struct hf_pane *const hf_panes[] = {
    &hf_pane_today, &hf_pane_fleet, &hf_pane_eligibility, &hf_pane_rings,
    &hf_pane_runs,
    &hf_pane_reboots,
    &hf_pane_rollback,
    &hf_pane_value,
    &hf_pane_host, &hf_pane_matrix, &hf_pane_run, &hf_pane_replay,
    &hf_pane_prompt, &hf_pane_menu, &hf_pane_confirm, &hf_pane_help,
    NULL,
};
/* clang-format on */
static_assert(HF_COUNT(hf_panes) - 1 <= HF_UI_PANES,
              "every pane has a place for what it keeps");

void
hf_targets_release(struct hf_targets *t)
{
    hf_strs_release(&t->names);
    hf_strs_release(&t->hidden);
    free(t->selector);
    free(t->title);
    *t = (struct hf_targets){0};
}

/* ---- the whole ---- */

static void
make_kept(struct hf_ui *ui)
{
    for (size_t i = 0; hf_panes[i]; i++)
        ui->kept[i] = hf_panes[i]->make ? hf_panes[i]->make() : NULL;
}

static void
free_kept(struct hf_ui *ui)
{
    for (size_t i = 0; hf_panes[i]; i++) {
        if (hf_panes[i]->unmake)
            hf_panes[i]->unmake(ui->kept[i]);
    }
}

void *
hf_ui_kept(const struct hf_ui *ui, const struct hf_pane *pane)
{
    size_t i = 0;

    while (hf_panes[i] != pane)
        i++;
    return ui->kept[i];
}

void
hf_ui_init(struct hf_ui *ui, struct hf_session *session,
           struct hf_screen *screen)
{
    *ui = (struct hf_ui){.session = session, .screen = screen};
    ui->look.ascii = hf_screen_is_ascii(screen);
    ui->look.now = hf_now();
    ui->mono = hf_mono();
    hf_fleet_view_init(&ui->view);
    make_kept(ui);
    hf_ui_look_at_fleet(ui);
    ui->base = &hf_pane_today;
    hf_ui_recalc(ui);
}

void
hf_ui_release(struct hf_ui *ui)
{
    while (ui->above_len)
        hf_ui_pop(ui);
    if (ui->conduct)
        hf_carry_drop(ui);
    free_kept(ui);
    hf_fleet_view_release(&ui->view);
    hf_progress_release(&ui->progress);
    hf_tail_release(&ui->tail);
    hf_targets_release(&ui->asked);
}

void
hf_ui_recalc(struct hf_ui *ui)
{
    size_t n;
    const struct hf_state *states = hf_session_states(ui->session, &n);

    ui->oldest = hf_oldest_product(hf_session_fleet(ui->session), states, n);
    if (ui->base->recalc)
        ui->base->recalc(ui);
    for (size_t i = 0; i < ui->above_len; i++) {
        if (ui->above[i]->recalc)
            ui->above[i]->recalc(ui);
    }
}

int
hf_ui_work(struct hf_ui *ui)
{
    return ui->base->work ? ui->base->work(ui) : 0;
}

/* ---- moving between panes ---- */

static void
show_base(struct hf_ui *ui, const struct hf_pane *pane)
{
    ui->base = pane;
    if (pane->open)
        pane->open(ui);
    if (pane->recalc)
        pane->recalc(ui);
}

void
hf_ui_go(struct hf_ui *ui, const struct hf_pane *pane)
{
    while (ui->above_len)
        hf_ui_pop(ui);
    if (ui->base == pane && pane->digit)
        return;
    if (ui->before_len == HF_UI_DEPTH) {
        memmove(ui->before, ui->before + 1,
                (HF_UI_DEPTH - 1) * sizeof(ui->before[0]));
        ui->before_len--;
    }
    if (ui->base != pane)
        ui->before[ui->before_len++] = ui->base;
    show_base(ui, pane);
}

void
hf_ui_back(struct hf_ui *ui)
{
    if (ui->before_len)
        show_base(ui, ui->before[--ui->before_len]);
}

void
hf_ui_push(struct hf_ui *ui, const struct hf_pane *pane)
{
    if (ui->above_len == HF_UI_DEPTH)
        return;
    ui->above[ui->above_len++] = pane;
    if (pane->open)
        pane->open(ui);
}

void
hf_ui_pop(struct hf_ui *ui)
{
    const struct hf_pane *pane;

    if (!ui->above_len)
        return;
    pane = ui->above[--ui->above_len];
    if (pane->close)
        pane->close(ui);
}

const struct hf_pane *
hf_ui_top(const struct hf_ui *ui)
{
    return ui->above_len ? ui->above[ui->above_len - 1] : ui->base;
}

/* ---- telling ---- */

void
hf_ui_say(struct hf_ui *ui, enum hf_tone tone, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    (void)vsnprintf(ui->message, sizeof(ui->message), fmt, ap);
    va_end(ap);
    ui->message_tone = tone;
}

void
hf_ui_fail(struct hf_ui *ui, const struct hf_err *err)
{
    hf_ui_say(ui, HF_TONE_BAD, "%s%s%s", err->text, err->hint[0] ? " - " : "",
              err->hint);
}

const struct hf_host **
hf_ui_asked_hosts(const struct hf_ui *ui, size_t *n)
{
    const struct hf_fleet *fleet = hf_session_fleet(ui->session);
    const struct hf_strs *names = &ui->asked.names;
    const struct hf_host **hosts = hf_xcalloc(names->len + 1, sizeof(*hosts));

    *n = 0;
    for (size_t i = 0; i < names->len; i++) {
        hosts[*n] = hf_fleet_find(fleet, names->v[i]);
        *n += hosts[*n] != NULL;
    }
    return hosts;
}

int
hf_ui_can(struct hf_ui *ui, unsigned needs)
{
    if ((needs & HF_NEED_WRITE) && hf_session_read_only(ui->session)) {
        hf_ui_say(ui, HF_TONE_WARN,
                  "read-only: this writes; start without "
                  "--read-only");
        return 0;
    }
    if ((needs & HF_NEED_IDLE) && ui->live) {
        hf_ui_say(ui, HF_TONE_WARN,
                  "a run is under way: wait for its end, or "
                  "hold it with !");
        return 0;
    }
    if ((needs & HF_NEED_IDLE) && hf_carry_acts(ui)) {
        hf_ui_say(ui, HF_TONE_WARN,
                  "a run of a plan is under way here: wait until it stands "
                  "still, or pause it with !");
        return 0;
    }
    if ((needs & HF_NEED_RUN) && !ui->live) {
        hf_ui_say(ui, HF_TONE_WARN, "no run is under way");
        return 0;
    }
    return 1;
}

void
hf_ui_targets(struct hf_ui *ui, struct hf_targets *out)
{
    *out = (struct hf_targets){0};
    if (ui->base->targets)
        ui->base->targets(ui, out);
}

/* ---- keys ---- */

static const struct hf_key_row *
find_key(const struct hf_key_row *rows, int code, unsigned flags)
{
    for (; rows && rows->help; rows++) {
        if ((rows->needs & flags) != flags)
            continue;
        for (size_t i = 0; i < HF_COUNT(rows->keys); i++) {
            if (rows->keys[i] == code && code)
                return rows;
        }
    }
    return NULL;
}

static unsigned
run_key(struct hf_ui *ui, const struct hf_key_row *row, int code)
{
    if (!hf_ui_can(ui, row->needs))
        return HF_HANDLED;
    return row->run(ui, code);
}

static int
go_by_digit(struct hf_ui *ui, int code)
{
    for (size_t i = 0; hf_panes[i]; i++) {
        if (hf_panes[i]->digit && hf_panes[i]->digit == code) {
            hf_ui_go(ui, hf_panes[i]);
            return 1;
        }
    }
    return 0;
}

/* The pane's own table, its text, motions, screens, then the global table
 * (above a screen only what works everywhere). */
static unsigned
dispatch(struct hf_ui *ui, const struct hf_key *key)
{
    const struct hf_pane *top = hf_ui_top(ui);
    const struct hf_key_row *row = find_key(top->keys, key->code, 0);
    unsigned got = HF_UNUSED;

    if (row && (got = run_key(ui, row, key->code)) != HF_UNUSED)
        return got;
    if (top->key && (got = top->key(ui, key)) != HF_UNUSED)
        return got;
    if (top->list && hf_list_key(top->list(ui), key->code))
        return HF_HANDLED;
    if (!ui->above_len && go_by_digit(ui, key->code))
        return HF_HANDLED;
    row = find_key(hf_keys_global, key->code,
                   ui->above_len ? HF_KEY_EVERYWHERE : 0);
    return row ? run_key(ui, row, key->code) : HF_UNUSED;
}

void
hf_ui_key(struct hf_ui *ui, const struct hf_key *key)
{
    unsigned got;

    ui->look.now = hf_now();
    ui->mono = hf_mono();
    ui->message[0] = '\0';
    got = dispatch(ui, key);
    if (got & HF_RECALC)
        hf_ui_recalc(ui);
}
