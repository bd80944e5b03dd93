/* One batch of new objects as a pack in the repository. */
#ifndef HF_INVENTORY_LEDGER_PACK_H
#define HF_INVENTORY_LEDGER_PACK_H

#include <git2.h>

#include "backend/base/err.h"

/*
 * Writes what was put into `builder` as a pack, synced. Until the file *keep
 * is removed, git's own packing leaves it alone: the caller's to unlink and
 * free, once a reference leads to the objects or nobody wants them.
 */
int hf_pack_write(char **keep, git_repository *git, git_packbuilder *builder,
                  struct hf_err *err);

/* Removes such files that a killed process left an hour ago or longer.
 * Returns how many packs there are. */
size_t hf_pack_sweep(git_repository *git);

#endif
