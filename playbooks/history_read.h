/*
 * The ledger's documents as moments of the past. For history*.c only.
 */
#ifndef HF_PLAYBOOKS_HISTORY_READ_H
#define HF_PLAYBOOKS_HISTORY_READ_H

#include "inventory/repo.h"
#include "playbooks/annals.h"

/* Adds what the ledger's commits say after `since` (NULL: all of them) up to
 * `until`, oldest first. Errors as of hf_ledger_each_change. */
int history_read(struct annals_maker *to, struct hf_repo *repo,
                 const char *since, const char *until, struct hf_err *err);

#endif
