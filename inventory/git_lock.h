/*
 * Lock files of git: who holds one, or that nobody does any more. They carry
 * no name; but whoever took one has it open until the last moment.
 */
#ifndef HF_INVENTORY_GIT_LOCK_H
#define HF_INVENTORY_GIT_LOCK_H

#include "backend/base/err.h"

/* 1 when a lock file is there that no process holds: one that was killed left
 * it behind. 0 also when that cannot be told: it is younger than a second, or
 * its owner has processes that may not be looked into. */
int hf_git_lock_is_left(const char *path);

/* HF_ELOCKED: names the lock file, its age, and who holds it if that can be
 * told. It is never removed by us: whoever holds it may be about to write. */
int hf_git_fail_locked(struct hf_err *err, const char *path);

#endif
