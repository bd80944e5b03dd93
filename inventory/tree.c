/* Walking the files of a commit, past everything that is not a file. */
#include "inventory/tree.h"

#include <string.h>
#include <strings.h>

#include "backend/base/text.h"
#include "inventory/git.h"

#define MAX_DEPTH 32

struct walk {
    git_repository *git;
    struct hf_problems *problems;
    int (*fn)(void *ctx, const struct hf_tree_file *file, struct hf_err *err);
    void *ctx;
    struct hf_buf path;
};

const char *
hf_tree_name_problem(const char *name)
{
    size_t len = strlen(name);
    uint32_t cp;

    if (len == 0 || strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
        return "leads out of its folder";
    if (strcasecmp(name, ".git") == 0 || strncasecmp(name, "git~", 4) == 0)
        return "is a name of git's own";
    if (strpbrk(name, "/\\:"))
        return "holds one of '/', '\\' and ':'";
    if (*name == '-')
        return "starts with '-'";
    if (name[len - 1] == '.' || name[len - 1] == ' ')
        return "ends with a dot or a space";
    for (size_t i = 0, n; i < len; i += n) {
        if ((n = hf_utf8_decode(name + i, len - i, &cp)) == 0)
            return "is not valid UTF-8";
        if (hf_cp_hidden(cp))
            return "holds characters that are not shown";
    }
    return NULL;
}

static void
refuse(struct walk *w, const char *why)
{
    hf_problem_add(w->problems, hf_buf_str(&w->path), 0, 0, "", "%s", why);
}

static int
walk_tree(struct walk *w, const git_oid *id, int depth, struct hf_err *err);

static int
walk_entry(struct walk *w, const git_tree_entry *entry, int depth,
           struct hf_err *err)
{
    const char *name = git_tree_entry_name(entry);
    const char *problem = hf_tree_name_problem(name);
    git_filemode_t mode = git_tree_entry_filemode(entry);
    struct hf_tree_file file = {
        .path = hf_buf_str(&w->path),
        .name = name,
        .id = git_tree_entry_id(entry),
        .executable = mode == GIT_FILEMODE_BLOB_EXECUTABLE,
    };

    if (problem) {
        hf_problem_add(w->problems, file.path, 0, 0, "", "the name %s",
                       problem);
        return HF_OK;
    }
    switch (mode) {
    case GIT_FILEMODE_BLOB:
    case GIT_FILEMODE_BLOB_EXECUTABLE:
        return w->fn(w->ctx, &file, err);
    case GIT_FILEMODE_TREE:
        if (depth < MAX_DEPTH)
            return walk_tree(w, file.id, depth + 1, err);
        refuse(w, "is nested too deeply");
        return HF_OK;
    case GIT_FILEMODE_LINK:
        refuse(w, "is a symbolic link: only plain files are read");
        return HF_OK;
    default:
        refuse(w, "is a submodule: only plain files are read");
        return HF_OK;
    }
}

static int
walk_tree(struct walk *w, const git_oid *id, int depth, struct hf_err *err)
{
    git_tree *tree = NULL;
    size_t base = w->path.len;
    int rc;

    if ((rc = git_tree_lookup(&tree, w->git, id)) < 0) {
        hf_git_fail(err, rc, "cannot read '%s'", hf_buf_str(&w->path));
        return err->code = HF_EIO;
    }
    for (size_t i = 0; i < git_tree_entrycount(tree) && rc >= 0; i++) {
        const git_tree_entry *entry = git_tree_entry_byindex(tree, i);

        hf_buf_putc(&w->path, '/');
        hf_buf_puts(&w->path, git_tree_entry_name(entry));
        rc = walk_entry(w, entry, depth, err);
        w->path.len = base;
        w->path.data[base] = '\0';
    }
    git_tree_free(tree);
    return rc;
}

int
hf_tree_walk(git_repository *git, git_tree *root, const char *folder,
             struct hf_problems *problems,
             int (*fn)(void *ctx, const struct hf_tree_file *file,
                       struct hf_err *err),
             void *ctx, struct hf_err *err)
{
    struct walk w = {.git = git, .problems = problems, .fn = fn, .ctx = ctx};
    const git_tree_entry *entry = git_tree_entry_byname(root, folder);
    int rc = HF_OK;

    if (!entry)
        return HF_OK;
    hf_buf_puts(&w.path, folder);
    if (git_tree_entry_type(entry) == GIT_OBJECT_TREE)
        rc = walk_tree(&w, git_tree_entry_id(entry), 0, err);
    else
        refuse(&w, "is not a folder");
    hf_buf_release(&w.path);
    return rc;
}
