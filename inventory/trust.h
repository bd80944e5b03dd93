/*
 * May this repository be believed? Nobody but its owner, and those whom
 * core.sharedRepository lets in, may be able to change it.
 */
#ifndef HF_INVENTORY_TRUST_H
#define HF_INVENTORY_TRUST_H

#include "backend/base/err.h"
#include "inventory/repo.h"

/* HF_EDENIED names the path, its mode and the command that mends it. */
int hf_trust_repo(struct hf_repo *repo, struct hf_err *err);

#endif
