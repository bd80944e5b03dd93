/*
 * Finding out what can be taken back beside a screen that must go on: hosts
 * are looked at in pieces of some milliseconds, the ledger is read on a
 * thread, and what was found before stays until there is better. One that is
 * new has found nothing, and shows what it has so far.
 */
#ifndef HF_PLAYBOOKS_UNDO_LOOK_H
#define HF_PLAYBOOKS_UNDO_LOOK_H

#include "playbooks/undoable.h"

struct hf_undo_look;

struct hf_undo_look *hf_undo_look_new(void);
void hf_undo_look_free(struct hf_undo_look *l);

/* Looks at all hosts anew, unless it is looking, and reads the ledger when it
 * has moved. Fleet and states are borrowed until hf_undo_look_forget; `now` in
 * ms. */
void
hf_undo_look_begin(struct hf_undo_look *l, struct hf_session *s, int64_t now);
/* The fleet is gone, and what was found in it; the past is kept. */
void hf_undo_look_forget(struct hf_undo_look *l);

/* Goes on for about `ms`. 1: there is something to take. */
int hf_undo_look_on(struct hf_undo_look *l, int64_t ms);
/* Lets go of what was found before and returns what there is now: complete,
 * or the first hosts of the first look. Borrowed until the next taking,
 * forgetting or freeing; the first hosts become more. */
const struct hf_undoables *hf_undo_look_take(struct hf_undo_look *l);

/* 1: hosts are still to be looked at, or to be taken. */
int hf_undo_look_is_looking(const struct hf_undo_look *l);
/* 1: going on would do more at once. */
int hf_undo_look_has_more(const struct hf_undo_look *l);
/* 1: the ledger is still being read. */
int hf_undo_look_is_reading(const struct hf_undo_look *l);
/* What is complete was looked at then, in ms; 0: nothing is. */
int64_t hf_undo_look_at(const struct hf_undo_look *l);
/* "" or why the ledger could not be read. Borrowed. */
const char *hf_undo_look_trouble(const struct hf_undo_look *l);

#endif
