/*
 * New objects of one batch: kept in memory in front of a repository's own,
 * then written as one synced pack, or forgotten.
 */
#ifndef HF_INVENTORY_LEDGER_STORE_H
#define HF_INVENTORY_LEDGER_STORE_H

#include "backend/base/err.h"
#include "inventory/repo.h"

struct hf_store;

/* From now on whatever is written through `repo` stays in memory. The store
 * goes with the repository; borrowed. */
int hf_store_attach(struct hf_store **out, struct hf_repo *repo,
                    struct hf_err *err);
/* Writes what is held as one pack, synced. It stays held, and git's own
 * packing keeps off the pack, until hf_store_clear: call that when a reference
 * leads to the objects, or when they are not wanted. */
int hf_store_flush(struct hf_store *s, struct hf_err *err);
void hf_store_clear(struct hf_store *s);

#endif
