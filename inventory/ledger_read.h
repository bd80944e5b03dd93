/* What the readers of the ledger share. */
#ifndef HF_INVENTORY_LEDGER_READ_H
#define HF_INVENTORY_LEDGER_READ_H

#include <git2.h>

#include "backend/base/err.h"
#include "inventory/repo.h"

/* The newest commit of the ledger: of the local branch, else of the branch as
 * a remote was seen to have it. HF_ENOTFOUND: there is no ledger yet. */
int hf_ledger_tip(git_oid *out, struct hf_repo *repo, const char *branch,
                  struct hf_err *err);

#endif
