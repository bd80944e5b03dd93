/*
 * The session's run as the console sees it: starting, pumping, holding,
 * leaving; and looking at the fleet anew when its repository moved.
 */
#ifndef HF_PANES_RUN_CONTROL_H
#define HF_PANES_RUN_CONTROL_H

#include "tui/panes/ui.h"

/* Starts the run; on an error says so and gives its code. */
int hf_ui_start(struct hf_ui *ui, const struct hf_ask *ask);
/* For tables of keys: asks the hosts that the screen's keys act on for their
 * facts. */
unsigned hf_ui_key_check(struct hf_ui *ui, int key);
/* Check or verify: nothing on a host changes, so nothing is asked. */
unsigned hf_ui_start_reading(struct hf_ui *ui, enum hf_action action,
                             const struct hf_targets *t);
/* Asks the hosts that an earlier process left unsettled. */
void hf_ui_recover(struct hf_ui *ui);
/* Offers that, when there are any. */
void hf_ui_offer_recovery(struct hf_ui *ui);

/* Does what can be done now; ms until the next call is due, or -1. */
int64_t hf_ui_pump(struct hf_ui *ui);

/* Looks at the run's hosts anew. */
void hf_ui_progress(struct hf_ui *ui);

struct hf_run_sums {
    size_t all, done, in_flight, waiting;
};
/* Of the run under way; all 0 without one. */
void hf_ui_run_sums(const struct hf_ui *ui, struct hf_run_sums *out);

/* 1 while hosts are under way, in a run of either kind. */
int hf_ui_is_busy(const struct hf_ui *ui);

/* Key handlers. */
unsigned hf_ui_hold_run(struct hf_ui *ui, int key);
unsigned hf_ui_resume_run(struct hf_ui *ui, int key);

/* ---- leave.c ---- */
unsigned hf_ui_quit(struct hf_ui *ui, int key);
/* Asks whether the restarts that the run under way has ordered on these hosts
 * are to be called off. Takes the targets. */
void hf_ui_ask_call_off(struct hf_ui *ui, struct hf_targets *t);
/* Ctrl-C: once starts no more hosts, twice lets go of all; without a run it
 * closes what is open above the screen, else leaves. */
void hf_ui_interrupt(struct hf_ui *ui);
/* The console is to end: nothing new begins, what is under way is finished. */
void hf_ui_wind_up(struct hf_ui *ui, const char *why);
/* No longer waits for that: jobs on hosts go on. */
void hf_ui_let_go(struct hf_ui *ui);

/* Takes the states over from the session; marks and cursor go over by name. */
void hf_ui_look_at_fleet(struct hf_ui *ui);
/* When the repository moved: reads it again. Not while a run is under way. */
void hf_ui_reload(struct hf_ui *ui);

#endif
