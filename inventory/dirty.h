/*
 * Whether the work tree differs from the commit, found out beside the
 * loading: it takes as long as reading all hosts.
 */
#ifndef HF_INVENTORY_DIRTY_H
#define HF_INVENTORY_DIRTY_H

#include "backend/base/err.h"

struct hf_dirty;

/* Never NULL. `dir` is copied. */
struct hf_dirty *hf_dirty_start(const char *dir);
/* Waits, frees, and says 0 or 1, or why it could not be found out. */
int hf_dirty_finish(struct hf_dirty *d, int *dirty, struct hf_err *err);

#endif
