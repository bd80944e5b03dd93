/*
 * The git command as a child: for what needs the network or checks
 * signatures, with a deadline and nobody to ask.
 */
#ifndef HF_INVENTORY_GIT_CHILD_H
#define HF_INVENTORY_GIT_CHILD_H

#include "backend/base/child.h"
#include "backend/base/err.h"
#include "inventory/repo.h"

/*
 * Runs `git <args>` on the repository; args end with NULL. *out (may be NULL)
 * gets its output. HF_OK: it ended with 0; HF_ERR: with something else, the
 * text is what it said; else see hf_child_run.
 */
int hf_git_run(struct hf_repo *repo, const char *const *args,
               int64_t timeout_ms, struct hf_buf *out, struct hf_err *err);

/* A file of ours for a child to read; the caller's to unlink and free. */
int
hf_git_temp_file(char **path, const void *data, size_t len, struct hf_err *err);

#endif
