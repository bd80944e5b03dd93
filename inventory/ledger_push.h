/*
 * The ledger and its remote: pushing, and taking over what others pushed.
 * Nothing is ever forced upon the remote.
 */
#ifndef HF_INVENTORY_LEDGER_PUSH_H
#define HF_INVENTORY_LEDGER_PUSH_H

#include "inventory/ledger_book.h"

/* Whether the remote, as far as it is known here, has all commits. */
int hf_book_is_pushed(struct hf_book *b);

/*
 * Pushes the branch. When it was refused because the remote's has moved,
 * fetches that, repeats our commits' files on top of it (the local branch
 * moves there) and pushes again.
 */
int hf_book_push(struct hf_book *b, int64_t timeout_ms, struct hf_err *err);

/*
 * Makes a drafted commit the remote's tip, unless the remote's branch holds
 * what the commit does not: then ours takes that over, and it is HF_EMOVED:
 * the draft is to be made anew.
 */
int hf_book_push_draft(struct hf_book *b, const git_oid *id, int64_t timeout_ms,
                       struct hf_err *err);
/* Fetches what the remote has and puts our commits on top of it. */
int hf_book_catch_up(struct hf_book *b, int64_t timeout_ms, struct hf_err *err);

/* Lets git pack what many small batches left, if it thinks that worth while
 * (gc.auto). What goes wrong there is only logged. */
void hf_book_tidy(struct hf_book *b);

#endif
