/*
 * git's index under its own lock, from the first look to the last rename.
 * libgit2 takes the lock only while it writes; an edit needs it longer.
 */
#ifndef HF_INVENTORY_INDEX_LOCK_H
#define HF_INVENTORY_INDEX_LOCK_H

#include <git2.h>

#include "inventory/repo.h"

struct hf_index_lock;

/* Takes index.lock (a short while, then HF_ELOCKED) and opens a copy of the
 * index. */
int hf_index_lock(struct hf_index_lock **out, struct hf_repo *repo,
                  struct hf_err *err);
/* The copy, borrowed. */
git_index *hf_index_lock_index(struct hf_index_lock *lock);
/* Writes the copy beside the index: may be repeated. */
int hf_index_lock_write(struct hf_index_lock *lock, struct hf_err *err);
/* Puts the written copy in place of the index; that unlocks. */
int hf_index_lock_commit(struct hf_index_lock *lock, struct hf_err *err);
/* Unlocks and forgets the copy. NULL is fine. */
void hf_index_lock_free(struct hf_index_lock *lock);

#endif
