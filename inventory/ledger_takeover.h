/* Our commits on top of what others pushed. */
#ifndef HF_INVENTORY_LEDGER_TAKEOVER_H
#define HF_INVENTORY_LEDGER_TAKEOVER_H

#include "inventory/ledger_book.h"

/*
 * Moves the branch to the tracking branch, with every commit that only ours
 * has repeated on it: same author, words and files. Of a host's facts the
 * newer ones stay, whoever read them.
 */
int hf_book_take_over(struct hf_book *b, struct hf_err *err);

#endif
