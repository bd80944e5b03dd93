/*
 * Reads on a thread of its own what the ledger tells of taking things back:
 * after a year that takes seconds, in which a console must answer.
 */
#ifndef HF_PLAYBOOKS_UNDO_READER_H
#define HF_PLAYBOOKS_UNDO_READER_H

#include "playbooks/undo_past.h"

struct hf_undo_reader;

/* Borrows nothing of the session. Errors: no thread, no repository. */
int hf_undo_reader_start(struct hf_undo_reader **out,
                         const struct hf_session *s, struct hf_err *err);
/* 1: it is over, and hf_undo_reader_take does not wait. */
int hf_undo_reader_is_over(const struct hf_undo_reader *r);
/* What was read, that has met no fleet yet; once, when it is over. Errors: of
 * hf_undo_past_load. */
int hf_undo_reader_take(struct hf_undo_reader *r, struct hf_undo_past *out,
                        struct hf_err *err);
/* Does not wait: a reading that is under way ends by itself, for nobody. */
void hf_undo_reader_free(struct hf_undo_reader *r);

#endif
