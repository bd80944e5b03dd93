/* The session's run as the console sees it; see run_control.h. */
#include "tui/panes/run_control.h"

#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "backend/base/time.h"
#include "tui/panes/carry.h"
#include "tui/panes/menu.h"
#include "tui/panes/rings_pane.h"
#include "tui/panes/run_pane.h"

void
hf_ui_progress(struct hf_ui *ui)
{
    const struct hf_run *run = hf_session_run(ui->session);
    size_t n = run ? hf_run_hosts_len(run) : 0;
    const struct hf_run_host **hosts = hf_xcalloc(n + 1, sizeof(*hosts));

    for (size_t i = 0; i < n; i++)
        hosts[i] = hf_run_host(run, i);
    hf_progress_take(&ui->progress, hosts, n);
    free(hosts);
}

/* ---- starting ---- */

static void
on_event(void *ctx, const struct hf_event *e)
{
    struct hf_ui *ui = ctx;

    (void)hf_tail_event(&ui->tail, e);
    ui->moved = 1;
}

static void
began(struct hf_ui *ui, enum hf_action action)
{
    ui->live = 1;
    ui->action = action;
    ui->interrupts = 0;
    ui->began = hf_mono();
    ui->run_exit = -1;
    hf_say(ui->run_id, sizeof(ui->run_id), "%s",
           hf_session_run_id(ui->session));
    hf_tail_release(&ui->tail);
    hf_progress_release(&ui->progress);
    hf_ui_progress(ui);
}

int
hf_ui_start(struct hf_ui *ui, const struct hf_ask *ask)
{
    struct hf_err err = HF_ERR_INIT;
    int rc;

    /* Its texts belong to the run that is now replaced. */
    hf_progress_keep(&ui->progress);
    rc = hf_session_start(ui->session, ask, on_event, ui, &err);
    if (rc < 0)
        hf_ui_fail(ui, &err);
    else
        began(ui, ask->action);
    return rc;
}

unsigned
hf_ui_start_reading(struct hf_ui *ui, enum hf_action action,
                    const struct hf_targets *t)
{
    struct hf_ask ask = {.action = action,
                         .hosts = (const char *const *)t->names.v,
                         .hosts_len = t->names.len,
                         .selector = t->selector};

    if (!hf_ui_can(ui, HF_NEED_IDLE))
        return HF_HANDLED;
    if (!t->names.len) {
        hf_ui_say(ui, HF_TONE_WARN, "no host to %s", hf_action_names[action]);
        return HF_HANDLED;
    }
    if (hf_ui_start(ui, &ask) == HF_OK)
        hf_ui_say(ui, HF_TONE_BUSY, "%s: %s", hf_action_names[action],
                  t->title);
    return HF_HANDLED | HF_RECALC;
}

unsigned
hf_ui_key_check(struct hf_ui *ui, int key)
{
    struct hf_targets t;
    unsigned got;

    (void)key;
    hf_ui_targets(ui, &t);
    got = hf_ui_start_reading(ui, HF_ACTION_CHECK, &t);
    hf_targets_release(&t);
    return got;
}

/* ---- what an earlier process left ---- */

void
hf_ui_recover(struct hf_ui *ui)
{
    struct hf_err err = HF_ERR_INIT;
    int rc;

    hf_progress_keep(&ui->progress);
    rc = hf_session_recover(ui->session, on_event, ui, &err);
    ui->recovering = rc == HF_OK;
    if (rc < 0)
        hf_ui_fail(ui, &err);
    else
        began(ui, HF_ACTION_VERIFY);
}

static unsigned
do_recover(struct hf_ui *ui, size_t item)
{
    (void)item;
    hf_ui_recover(ui);
    if (ui->live)
        hf_run_pane_show_live(ui);
    return HF_HANDLED | HF_RECALC;
}

void
hf_ui_offer_recovery(struct hf_ui *ui)
{
    const char *elsewhere = hf_session_elsewhere(ui->session);
    size_t n = hf_session_open_intents(ui->session);

    if (elsewhere)
        hf_ui_say(ui, HF_TONE_BUSY, "%s", elsewhere);
    if (!n || elsewhere) /* which has the lock that settling needs */
        return;
    if (hf_session_read_only(ui->session)) {
        hf_ui_say(ui, HF_TONE_WARN,
                  "%zu host%s left unsettled by a process "
                  "that was killed (read-only: not asked)",
                  n, hf_plural(n));
        return;
    }
    hf_menu_start(ui, "Left unsettled",
                  "A process was killed while %zu host%s under way. Asking "
                  "what happened changes nothing there; jobs that still run "
                  "are followed to their end.",
                  n, n == 1 ? " was" : "s were");
    hf_menu_add(ui, 'y', "ask the hosts now", "and record the outcome once",
                do_recover);
    hf_menu_add(ui, 'n', "later", "they stay unsettled", NULL);
    hf_menu_open(ui, 0);
}

/* ---- pumping ---- */

static void
tell_end(struct hf_ui *ui)
{
    struct hf_line line = {0};
    size_t bad = 0;

    hf_progress_counts(&line, &ui->progress, &ui->look);
    for (int i = 0; i < HF_OUTCOME_COUNT; i++)
        bad += hf_outcome_words[i].rank < HF_RANK_FINE
                   ? ui->progress.by_outcome[i]
                   : 0;
    hf_ui_say(ui, bad ? HF_TONE_WARN : HF_TONE_GOOD, "%s ended: %s",
              hf_action_names[ui->action], hf_buf_str(&line.text));
    hf_line_release(&line);
}

static void
ended(struct hf_ui *ui)
{
    struct hf_run *run = hf_session_run(ui->session);

    ui->live = 0;
    ui->took = hf_mono() - ui->began;
    hf_ui_progress(ui);
    hf_progress_keep(&ui->progress);
    ui->exit_status = ui->run_exit = hf_run_exit(run);
    tell_end(ui);
    hf_ui_recalc(ui);
    if (ui->leave_when_over)
        ui->leaving = 1;
    else if (ui->recovering && hf_session_open_intents(ui->session))
        hf_ui_offer_recovery(ui);
    ui->recovering = 0;
}

int64_t
hf_ui_pump(struct hf_ui *ui)
{
    int64_t due;

    if (ui->conduct && !ui->live)
        return hf_carry_pump(ui);
    due = hf_session_pump(ui->session);
    if (due != HF_RUN_OVER)
        return due;
    if (ui->live)
        ended(ui);
    return -1;
}

void
hf_ui_run_sums(const struct hf_ui *ui, struct hf_run_sums *out)
{
    const struct hf_run *run = hf_session_run(ui->session);
    size_t by_outcome[HF_OUTCOME_COUNT];

    *out = (struct hf_run_sums){0};
    if (!ui->live || !run)
        return;
    hf_run_counts(run, by_outcome, &out->waiting, &out->in_flight);
    out->all = hf_run_hosts_len(run);
    out->done = out->all - out->waiting - out->in_flight;
}

int
hf_ui_is_busy(const struct hf_ui *ui)
{
    return ui->live || hf_carry_acts(ui);
}

/* ---- holding ---- */

static void
tell_hold(struct hf_ui *ui, int paused)
{
    if (!ui->live && !paused)
        hf_ui_say(ui, HF_TONE_WARN, "no run is under way");
    else if (!paused)
        hf_ui_say(ui, HF_TONE_WARN,
                  "held: no further host is started; those "
                  "under way are finished (u goes on)");
    else
        hf_ui_say(ui, HF_TONE_WARN,
                  "%s%d rollout%s told to pause: no further host is started "
                  "(3 shows them)",
                  ui->live ? "held; " : "", paused, hf_plural((size_t)paused));
}

unsigned
hf_ui_hold_run(struct hf_ui *ui, int key)
{
    struct hf_err err = HF_ERR_INIT;
    int paused = 0;

    (void)key;
    if (ui->live)
        hf_run_hold(hf_session_run(ui->session), "held by the operator");
    if (!hf_session_read_only(ui->session))
        paused = hf_rings_pane_pause_all(ui, &err);
    if (paused < 0)
        hf_ui_fail(ui, &err);
    else
        tell_hold(ui, paused);
    return HF_HANDLED | HF_RECALC;
}

static unsigned
do_resume(struct hf_ui *ui, size_t item)
{
    (void)item;
    if (ui->live)
        hf_run_resume(hf_session_run(ui->session));
    hf_ui_say(ui, HF_TONE_BUSY, "going on");
    return HF_HANDLED | HF_RECALC;
}

unsigned
hf_ui_resume_run(struct hf_ui *ui, int key)
{
    struct hf_run_sums sums;
    const char *why = "";

    (void)key;
    hf_ui_run_sums(ui, &sums);
    if (!hf_run_is_held(hf_session_run(ui->session), &why)) {
        hf_ui_say(ui, HF_TONE_PLAIN, "the run is not held");
        return HF_HANDLED;
    }
    hf_menu_start(ui, "Go on?", "The run is held: %s. %zu host%s wait%s.", why,
                  sums.waiting, hf_plural(sums.waiting),
                  sums.waiting == 1 ? "s" : "");
    hf_menu_add(ui, 'n', "no", "stay held", NULL);
    hf_menu_add(ui, 'y', "yes, start hosts again", "", do_resume);
    hf_menu_open(ui, 1);
    return HF_HANDLED;
}

/* ---- calling restarts off ---- */

static unsigned
do_call_off(struct hf_ui *ui, size_t item)
{
    struct hf_run *run = hf_session_run(ui->session);
    size_t told = 0;

    (void)item;
    for (size_t i = 0; ui->live && i < hf_run_hosts_len(run); i++) {
        if (hf_strs_has(&ui->asked.names, hf_run_host(run, i)->host->name))
            told += hf_run_call_off(run, i);
    }
    if (told)
        hf_ui_say(ui, HF_TONE_BUSY, "calling off %zu restart%s", told,
                  hf_plural(told));
    else
        hf_ui_say(ui, HF_TONE_WARN,
                  "no restart of this run waits there; of another one: "
                  "hotfleet call-off, in another terminal");
    return HF_HANDLED | HF_RECALC;
}

void
hf_ui_ask_call_off(struct hf_ui *ui, struct hf_targets *t)
{
    hf_targets_release(&ui->asked);
    ui->asked = *t;
    *t = (struct hf_targets){0};
    hf_menu_start(ui, "Call off?",
                  "Restarts that this run has ordered on %s and that are not "
                  "carried out yet.",
                  ui->asked.title ? ui->asked.title : "these hosts");
    hf_menu_add(ui, 'n', "no", "they restart", NULL);
    hf_menu_add(ui, 'y', "yes, call them off", "", do_call_off);
    hf_menu_open(ui, 1);
}

/* ---- the repository moved ---- */

static char *
cursor_host(const struct hf_ui *ui)
{
    const struct hf_fleet_item *item;

    if (ui->fleet_list.cursor >= ui->view.len)
        return NULL;
    item = &ui->view.items[ui->fleet_list.cursor];
    if (item->host == HF_VIEW_NO_HOST)
        return NULL;
    return hf_xstrdup(ui->view.states[item->host].host->name);
}

static void
look(struct hf_ui *ui, const struct hf_strs *marked,
     const struct hf_strs *subset, const char *cursor)
{
    const struct hf_state *states;
    uint32_t host;
    size_t n, row;

    states = hf_session_states(ui->session, &n);
    hf_fleet_view_set(&ui->view, hf_session_fleet(ui->session), states, n,
                      marked, subset);
    hf_fleet_view_recalc(&ui->view, ui->look.now);
    host = cursor ? hf_fleet_view_index(&ui->view, cursor) : HF_VIEW_NO_HOST;
    row = host == HF_VIEW_NO_HOST ? SIZE_MAX
                                  : hf_fleet_view_find(&ui->view, host, 0);
    hf_list_fit(&ui->fleet_list, ui->view.len, ui->fleet_list.height);
    if (row != SIZE_MAX)
        hf_list_to(&ui->fleet_list, row);
}

void
hf_ui_look_at_fleet(struct hf_ui *ui)
{
    look(ui, NULL, NULL, NULL);
}

/* A ledger that grew is no news to anybody who reads a message just now. */
static void
tell_commit(struct hf_ui *ui, const char *before)
{
    const char *now = hf_session_fleet(ui->session)->commit;

    if (strcmp(before, now) != 0)
        hf_ui_say(ui, HF_TONE_PLAIN, "the fleet was read again: commit %.10s",
                  now);
}

void
hf_ui_reload(struct hf_ui *ui)
{
    struct hf_strs marked = {0}, subset = {0};
    struct hf_problems problems = {0};
    struct hf_err err = HF_ERR_INIT;
    char *cursor, before[41];
    int rc;

    if (ui->live)
        return;
    hf_say(before, sizeof(before), "%s", hf_session_fleet(ui->session)->commit);
    cursor = cursor_host(ui);
    hf_fleet_view_names(&marked, &ui->view, ui->view.marked);
    hf_fleet_view_names(&subset, &ui->view, ui->view.subset);
    rc = hf_session_reload(ui->session, &problems, &err);
    if (rc < 0)
        hf_ui_fail(ui, &err);
    for (size_t i = 0; rc > 0 && hf_panes[i]; i++) {
        if (hf_panes[i]->forget)
            hf_panes[i]->forget(ui);
    }
    if (rc > 0) {
        look(ui, &marked, &subset, cursor);
        tell_commit(ui, before);
        hf_ui_recalc(ui);
    }
    free(cursor);
    hf_strs_release(&marked);
    hf_strs_release(&subset);
    hf_problems_release(&problems);
}
