/*
 * Lock files of git: who holds one, or that nobody does any more. They carry
 * no name; but whoever took one has it open until the last moment.
 */
#ifndef HF_INVENTORY_GIT_LOCK_H
#define HF_INVENTORY_GIT_LOCK_H

#include <stdint.h>

#include "backend/base/err.h"

/*
 * 1 when what lost a race, or found the lock file `path` held, is to be tried
 * once more, after a pause that grows and is never the same for two writers.
 * 0: it was tried for five seconds since `began` (hf_mono), or no process
 * holds the lock: one that was killed left it. `attempt` counts from 0.
 */
int hf_git_try_again(const char *path, int64_t began, int attempt);

/* HF_ELOCKED: names the lock file, its age, and who holds it if that can be
 * told. It is never removed by us: whoever holds it may be about to write. */
int hf_git_fail_locked(struct hf_err *err, const char *path);

#endif
