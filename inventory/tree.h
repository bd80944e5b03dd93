/*
 * Walking the files of a commit. Names in a tree are foreign text: only
 * harmless ones are followed, everything else is a problem.
 */
#ifndef HF_INVENTORY_TREE_H
#define HF_INVENTORY_TREE_H

#include <git2.h>

#include "backend/base/json.h"

struct hf_tree_file {
    const char *path; /* from the top: "hosts/canary/web-01.json" */
    const char *name; /* its last part */
    const git_oid *id;
    int executable;
};

/*
 * Calls `fn` for every plain file below `folder` ("hosts"; a missing folder
 * is empty), in tree order. Odd names, links, submodules and folders nested
 * too deeply become problems and are passed over. A result of fn below 0 ends
 * the walk and is returned. HF_EIO names the folder that cannot be read.
 */
int hf_tree_walk(git_repository *git, git_tree *root, const char *folder,
                 struct hf_problems *problems,
                 int (*fn)(void *ctx, const struct hf_tree_file *file,
                           struct hf_err *err),
                 void *ctx, struct hf_err *err);

/* What is wrong with one name in a tree ("is a name of git's own"), or
 * NULL. */
const char *hf_tree_name_problem(const char *name);

#endif
