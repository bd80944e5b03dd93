/*
 * Blocks of releases, as commits: one file blocks/<release>.json each, with
 * the trailers Action, Release and Run. The fleet was loaded from `repo`; when
 * the file was changed since, nothing is (HF_EMOVED). See hf_edit_commit for
 * the other errors.
 */
#ifndef HF_INVENTORY_BLOCK_H
#define HF_INVENTORY_BLOCK_H

#include "backend/model/block.h"
#include "inventory/repo.h"

/* Release, reason, and where they apply kernel, until and run are read from
 * `wanted`; who and when are added. HF_EUSAGE: no reason, or no name of a
 * release; HF_EEXISTS: somebody else blocked it otherwise, and who. HF_OK with
 * an empty `commit`: it was blocked so before. */
int hf_block_add(struct hf_repo *repo, const struct hf_fleet *fleet,
                 const struct hf_block *wanted, char commit[41],
                 struct hf_err *err);
/* `reason` may be NULL. HF_ENOTFOUND: it is not blocked. */
int hf_block_end(struct hf_repo *repo, const struct hf_fleet *fleet,
                 const char *release, const char *kernel, const char *reason,
                 char commit[41], struct hf_err *err);

#endif
