/* Walking back to where a file changed last; see origin.h. */
#include "inventory/origin.h"

#include <stdlib.h>

#include "backend/base/text.h"
#include "inventory/git.h"

/* The object at `path`, or all zeroes. */
static void
object_at(git_oid *id, const git_commit *commit, const char *path)
{
    git_tree *tree = NULL;
    git_tree_entry *entry = NULL;

    *id = (git_oid){{0}};
    if (git_commit_tree(&tree, commit) == 0 &&
        git_tree_entry_bypath(&entry, tree, path) == 0)
        git_oid_cpy(id, git_tree_entry_id(entry));
    git_tree_entry_free(entry);
    git_tree_free(tree);
}

/* The first parent that has the same object there, the caller's, or NULL. */
static git_commit *
same_parent(const git_commit *commit, const char *path, const git_oid *want)
{
    for (unsigned i = 0; i < git_commit_parentcount(commit); i++) {
        git_commit *parent = NULL;
        git_oid id;

        if (git_commit_parent(&parent, commit, i) < 0)
            continue;
        object_at(&id, parent, path);
        if (git_oid_equal(&id, want))
            return parent;
        git_commit_free(parent);
    }
    return NULL;
}

/* Replaces `at` by the commit that made `path` what it is there. */
static int
walk_back(git_commit **at, const char *path, const git_oid *want,
          struct hf_err *err)
{
    git_commit *parent;

    for (int i = 0; (parent = same_parent(*at, path, want)); i++) {
        git_commit_free(*at);
        *at = parent;
        if (i >= HF_ORIGIN_MAX)
            return hf_fail(err, HF_ELIMIT,
                           "'%s' changed more than %d commits ago", path,
                           HF_ORIGIN_MAX);
    }
    return HF_OK;
}

int
hf_repo_origin(struct hf_repo *repo, const char *commit, const char *path,
               char id[41], struct hf_err *err)
{
    git_commit *at = NULL;
    git_oid want;
    int rc;

    id[0] = '\0';
    if ((rc = hf_git_commit(&at, repo, commit, err)) < 0)
        return rc;
    object_at(&want, at, path);
    if (git_oid_is_zero(&want))
        rc = hf_fail(err, HF_ENOTFOUND, "'%s' is not in the commit", path);
    else if ((rc = walk_back(&at, path, &want, err)) == HF_OK)
        hf_git_hex(id, git_commit_id(at));
    git_commit_free(at);
    return rc;
}

static void
copy_text(char *out, size_t size, const char *text)
{
    char *safe = hf_sanitised(text ? text : "");

    hf_text_cut(out, size, safe);
    free(safe);
}

int
hf_repo_changed_by(struct hf_repo *repo, const char *path,
                   struct hf_origin *out, struct hf_err *err)
{
    git_commit *at = NULL;
    git_oid want;
    int rc;

    *out = (struct hf_origin){{0}};
    if ((rc = hf_git_commit(&at, repo, NULL, err)) < 0)
        return rc;
    object_at(&want, at, path);
    if ((rc = walk_back(&at, path, &want, err)) == HF_OK) {
        hf_git_hex(out->id, git_commit_id(at));
        copy_text(out->author, sizeof(out->author),
                  git_commit_author(at)->name);
        copy_text(out->subject, sizeof(out->subject), git_commit_summary(at));
    }
    git_commit_free(at);
    return rc;
}
