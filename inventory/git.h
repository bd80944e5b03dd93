/*
 * libgit2, as the files of this folder use it: start-up, errors in our words,
 * and the handful of look-ups that everybody needs. Other folders use repo.h.
 */
#ifndef HF_INVENTORY_GIT_H
#define HF_INVENTORY_GIT_H

#include <git2.h>

#include "backend/base/buf.h"
#include "backend/base/err.h"
#include "inventory/repo.h"

/* Starts libgit2 once per process: fsync on, owner validation on. */
void hf_git_init(void);

/*
 * Turns a libgit2 result into an error: "<fmt>: <libgit2's words>", sanitised
 * and copied at once. The code is what callers act on (HF_ENOTFOUND,
 * HF_ELOCKED, HF_EMOVED, HF_ENOSPACE, HF_EDENIED, else HF_EIO); returned.
 */
int hf_git_fail(struct hf_err *err, int rc, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* Borrowed from the repository. */
git_repository *hf_repo_git(struct hf_repo *repo);

/* The commit `id` (hex), or with NULL that of HEAD; the caller's. */
int hf_git_commit(git_commit **out, struct hf_repo *repo, const char *id,
                  struct hf_err *err);
/* Its tree, the caller's. */
int hf_git_tree(git_tree **out, struct hf_repo *repo, const char *id,
                struct hf_err *err);
/* Appends the blob; `path` is for messages. HF_EIO: missing or damaged;
 * HF_ELIMIT: above HF_REPO_MAX_FILE. */
int hf_git_read_blob(struct hf_buf *out, struct hf_repo *repo,
                     const git_oid *id, const char *path, struct hf_err *err);
/* The configuration as it is now, the caller's (git_config_free). */
int hf_git_config(git_config **out, struct hf_repo *repo, struct hf_err *err);
/* Who commits, the caller's (git_signature_free). */
int
hf_git_signature(git_signature **out, struct hf_repo *repo, struct hf_err *err);
/* The same without a repository, from the user's configuration. */
int hf_git_identity(char **name, char **email, git_config *config,
                    struct hf_err *err);
const char *hf_git_hex(char out[41], const git_oid *id);

#endif
