/*
 * A fleet repository that was opened with care: found upward from a folder,
 * its owner and modes checked, its branch known. A handle belongs to one
 * thread; every thread opens its own.
 */
#ifndef HF_INVENTORY_REPO_H
#define HF_INVENTORY_REPO_H

#include "backend/base/buf.h"
#include "backend/base/err.h"

struct hf_repo;

/*
 * Opens the repository that holds `dir` (a work tree, a folder in one, or a
 * bare repository). HF_ENOTFOUND: there is none, or its branch has no commit
 * yet; HF_EDENIED: somebody else owns it or may write into it;
 * HF_EUNSUPPORTED: SHA-256 objects. The hint says how to mend it.
 */
int hf_repo_open(struct hf_repo **out, const char *dir, struct hf_err *err);
void hf_repo_free(struct hf_repo *repo);

/* The git folder and the work tree (bare: the git folder), both absolute and
 * without trailing slash; borrowed from repo. */
const char *hf_repo_path(const struct hf_repo *repo);
const char *hf_repo_dir(const struct hf_repo *repo);
int hf_repo_is_bare(const struct hf_repo *repo);

/* The checked-out branch ("main"), NULL when HEAD is detached; read anew at
 * every call and borrowed until the next one. */
const char *hf_repo_branch(struct hf_repo *repo);
/* The commit of HEAD, read anew. */
int hf_repo_head(struct hf_repo *repo, char commit[41], struct hf_err *err);
/* The first commit of the branch's history: what tells fleets apart.
 * HF_EUNSUPPORTED in a shallow clone. */
int
hf_repo_root_commit(struct hf_repo *repo, char commit[41], struct hf_err *err);

/* Adds the paths in which the work tree or the index differ from HEAD, also
 * untracked ones. Bare: none. */
int
hf_repo_dirty(struct hf_repo *repo, struct hf_strs *paths, struct hf_err *err);

/* Appends a file of `commit` (NULL: HEAD). HF_ENOTFOUND: no such path;
 * HF_EINVALID: not a plain file; HF_ELIMIT: above HF_REPO_MAX_FILE; HF_EIO:
 * the object is missing or damaged. */
#define HF_REPO_MAX_FILE (64u << 20)
int hf_repo_read(struct hf_repo *repo, const char *commit, const char *path,
                 struct hf_buf *out, struct hf_err *err);
/* The object id of that file; HF_ENOTFOUND and *id empty when there is
 * none. */
int hf_repo_blob(struct hf_repo *repo, const char *commit, const char *path,
                 char id[41], struct hf_err *err);

/* Whether git has that file as executable; HF_ENOTFOUND. */
int hf_repo_executable(struct hf_repo *repo, const char *commit,
                       const char *path, int *out, struct hf_err *err);

/* Adds the names of the plain files in a folder, in git's order; a folder that
 * is not there is empty. */
int hf_repo_list(struct hf_repo *repo, const char *commit, const char *folder,
                 struct hf_strs *out, struct hf_err *err);

/* Who commits: GIT_AUTHOR_NAME and GIT_AUTHOR_EMAIL, else git's user.name and
 * user.email; both the caller's. Never invented: HF_EINVALID with the two
 * commands that set them. */
int hf_repo_identity(struct hf_repo *repo, char **name, char **email,
                     struct hf_err *err);

#endif
