/*
 * Moments of the past as items of a shelf. Their names say of which host one
 * is, and when: "web-03/0001796400000000/<run>", so that their order is that
 * of hosts and times; no host has a slash in its name. What cannot be read is
 * an item, too: "/<commit>/<host>", so that it is counted once and for all.
 * For history*.c only.
 */
#ifndef HF_PLAYBOOKS_HISTORY_READ_H
#define HF_PLAYBOOKS_HISTORY_READ_H

#include "inventory/repo.h"
#include "playbooks/shelf.h"

/* Adds what the ledger's commits say after `since` (NULL: all of them) up to
 * `until`, oldest first. Errors as of hf_ledger_each_change. */
int history_read(struct shelf_maker *to, struct hf_repo *repo,
                 const char *since, const char *until, struct hf_err *err);

#endif
