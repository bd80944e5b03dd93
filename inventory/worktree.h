/*
 * Files of a work tree, reached from its top without following a link, so
 * that a link in the way cannot lead a write elsewhere.
 */
#ifndef HF_INVENTORY_WORKTREE_H
#define HF_INVENTORY_WORKTREE_H

#include <stddef.h>
#include <sys/stat.h>

#include "backend/base/err.h"

/* `top` is a folder's descriptor, `path` relative to it; 0, or -1 with errno
 * (ELOOP or ENOTDIR when a link or file is in the way). */
int hf_worktree_stat(int top, const char *path, struct stat *st);
/* A new file `name` in the folder of `path`; missing folders are made. */
int hf_worktree_put(int top, const char *path, const char *name,
                    const void *data, size_t len, mode_t mode);
/* Renames `name`, beside `path`, to it. */
int hf_worktree_rename(int top, const char *path, const char *name);
/* Removes `name` beside `path`, or with NULL `path` itself and the folders
 * that are empty then. What is missing is fine. */
int hf_worktree_remove(int top, const char *path, const char *name);

#endif
