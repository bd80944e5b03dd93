/* The way out of the console, and Ctrl-C; see run_control.h. */
#include "backend/base/text.h"
#include "tui/panes/carry.h"
#include "tui/panes/menu.h"
#include "tui/panes/rings_pane.h"
#include "tui/panes/run_control.h"
#include "tui/panes/run_pane.h"

/* ---- while a single verb's run goes on ---- */

static unsigned
leave_finished(struct hf_ui *ui, size_t item)
{
    (void)item;
    if (!ui->live) {
        ui->leaving = 1;
        return HF_HANDLED;
    }
    hf_run_stop(hf_session_run(ui->session), "the operator left");
    ui->leave_when_over = 1;
    hf_run_pane_show_live(ui);
    hf_ui_say(ui, HF_TONE_WARN, "leaving when the hosts under way are done");
    return HF_HANDLED | HF_RECALC;
}

static unsigned
leave_abandoned(struct hf_ui *ui, size_t item)
{
    (void)item;
    if (ui->live)
        hf_run_abandon(hf_session_run(ui->session));
    ui->leave_when_over = 1;
    return HF_HANDLED;
}

static void
ask_single(struct hf_ui *ui)
{
    struct hf_run_sums sums;

    hf_ui_run_sums(ui, &sums);
    hf_menu_start(ui, "A run is under way",
                  "%zu host%s %s under way, %zu wait%s.", sums.in_flight,
                  hf_plural(sums.in_flight), sums.in_flight == 1 ? "is" : "are",
                  sums.waiting, sums.waiting == 1 ? "s" : "");
    hf_menu_add(ui, 'n', "stay", "", NULL);
    hf_menu_add(ui, 'f', "finish, then leave",
                "hosts in flight finish, none is started", leave_finished);
    hf_menu_add(ui, 'x', "abandon and leave",
                "jobs go on; settled at the next start", leave_abandoned);
    hf_menu_open(ui, 1);
}

/* ---- while a run of a plan is carried out here ---- */

static unsigned
leave_paused(struct hf_ui *ui, size_t item)
{
    (void)item;
    ui->leave_when_over = 1;
    hf_carry_pause(ui, "the operator left the console");
    hf_ui_say(ui, HF_TONE_WARN, "leaving when the hosts under way are done");
    return HF_HANDLED | HF_RECALC;
}

static unsigned
leave_let_go(struct hf_ui *ui, size_t item)
{
    (void)item;
    ui->leave_when_over = 1;
    if (ui->conduct)
        hf_conduct_let_go(ui->conduct);
    return HF_HANDLED;
}

static unsigned
leave_now(struct hf_ui *ui, size_t item)
{
    (void)item;
    ui->leaving = 1;
    return HF_HANDLED;
}

static void
ask_carried(struct hf_ui *ui)
{
    const char *run = hf_conduct_run_id(ui->conduct);

    if (hf_carry_acts(ui)) {
        hf_menu_start(ui, "Hosts are under way",
                      "Run %s is carried out by this console.", run);
        hf_menu_add(ui, 'n', "stay", "", NULL);
        hf_menu_add(ui, 'f', "pause it, then leave",
                    "hosts in flight finish, none is started", leave_paused);
        hf_menu_add(ui, 'x', "let go and leave",
                    "jobs go on; whoever goes on asks", leave_let_go);
    } else {
        hf_menu_start(ui, "A run is not over",
                      "Nobody goes on with run %s when this console is "
                      "closed, until 'hotfleet run %s' or a timer with "
                      "'hotfleet run --tick --all' does.",
                      run, run);
        hf_menu_add(ui, 'n', "stay", "", NULL);
        hf_menu_add(ui, 'y', "leave", "the run stands still", leave_now);
    }
    hf_menu_open(ui, 1);
}

/* ---- keys ---- */

unsigned
hf_ui_quit(struct hf_ui *ui, int key)
{
    (void)key;
    ui->exit_status = 0;
    if (ui->live)
        ask_single(ui);
    else if (ui->conduct)
        ask_carried(ui);
    else
        ui->leaving = 1;
    return HF_HANDLED;
}

void
hf_ui_wind_up(struct hf_ui *ui, const char *why)
{
    ui->leave_when_over = 1;
    if (ui->live)
        hf_run_stop(hf_session_run(ui->session), why);
    else if (hf_carry_acts(ui))
        hf_carry_pause(ui, why);
}

void
hf_ui_let_go(struct hf_ui *ui)
{
    if (ui->live)
        hf_run_abandon(hf_session_run(ui->session));
    else if (ui->conduct)
        hf_conduct_let_go(ui->conduct);
}

static void
interrupt_carried(struct hf_ui *ui)
{
    ui->moved = 1;
    if (ui->interrupts++ == 0) {
        hf_carry_pause(ui, "interrupted");
        hf_ui_say(ui, HF_TONE_WARN,
                  "interrupted: the run is paused, no further host is "
                  "started; once more lets go of all");
        return;
    }
    (void)leave_let_go(ui, 0);
    ui->exit_status = 130;
}

void
hf_ui_interrupt(struct hf_ui *ui)
{
    struct hf_key no = {.code = HF_KEY_ESC};

    if (hf_carry_acts(ui) && !ui->live) {
        interrupt_carried(ui);
    } else if (!ui->live && ui->above_len) {
        hf_ui_key(ui, &no);
    } else if (!ui->live) {
        ui->leaving = 1;
        ui->exit_status = 130;
    } else if (ui->interrupts++ == 0) {
        hf_run_hold(hf_session_run(ui->session), "interrupted");
        hf_ui_say(ui, HF_TONE_WARN,
                  "interrupted: no further host is started; "
                  "once more lets go of all");
        ui->moved = 1;
    } else {
        hf_run_abandon(hf_session_run(ui->session));
        ui->leave_when_over = 1;
    }
}
