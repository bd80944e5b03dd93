/*
 * The run of a plan that this console carries out itself: one at a time, by
 * the conductor that batch uses, in between keys and pictures. While it stands
 * still (soaks, waits for a person) the session is free for single verbs, and
 * another one takes its place.
 */
#ifndef HF_PANES_CARRY_H
#define HF_PANES_CARRY_H

#include "playbooks/rollout.h"
#include "tui/panes/ui.h"

/* 1, or 0 after saying why this console can carry nothing out just now. */
int hf_carry_can(struct hf_ui *ui);
/* Begins a run of the plan, which was recorded; goes on with one. On an error
 * says so and gives its code. */
int hf_carry_begin(struct hf_ui *ui, const struct hf_plan *plan);
int hf_carry_resume(struct hf_ui *ui, const char *run);
/* Lets go of it: the run can be gone on with, by anybody. */
void hf_carry_drop(struct hf_ui *ui);

/* Does what can be done now; ms until the next call is due. */
int64_t hf_carry_pump(struct hf_ui *ui);
/* 1 while it needs the session: hosts are under way. */
int hf_carry_acts(const struct hf_ui *ui);
/* 1 when that is the run. */
int hf_carry_has(const struct hf_ui *ui, const char *run);

/* A person says something to a run, to this one at once. */
int hf_carry_say(struct hf_ui *ui, const char *run, struct hf_rollout_event *e,
                 struct hf_err *err);
/* Starts no further host; those under way are finished. */
void hf_carry_pause(struct hf_ui *ui, const char *why);

#endif
