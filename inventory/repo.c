/* Opening a fleet repository, and reading files out of its commits. */
#include "inventory/repo.h"

#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "inventory/git.h"
#include "inventory/tree.h"
#include "inventory/trust.h"

struct hf_repo {
    git_repository *git;
    char *path;   /* git folder */
    char *dir;    /* work tree, or path */
    char *branch; /* as last asked */
};

git_repository *
hf_repo_git(struct hf_repo *repo)
{
    return repo->git;
}

const char *
hf_repo_path(const struct hf_repo *repo)
{
    return repo->path;
}

const char *
hf_repo_dir(const struct hf_repo *repo)
{
    return repo->dir;
}

int
hf_repo_is_bare(const struct hf_repo *repo)
{
    return git_repository_is_bare(repo->git);
}

void
hf_repo_free(struct hf_repo *repo)
{
    if (!repo)
        return;
    git_repository_free(repo->git);
    free(repo->path);
    free(repo->dir);
    free(repo->branch);
    free(repo);
}

/* ---- opening ---- */

static int
fail_open(struct hf_err *err, int rc, const char *dir)
{
    const git_error *last = git_error_last();
    const char *words = last && last->message ? last->message : "";

    /* libgit2 1.5 reports a foreign owner as a missing setting */
    if (rc == GIT_EOWNER || strstr(words, "safe.directory")) {
        hf_fail(err, HF_EDENIED,
                "the repository at '%s' belongs to another user", dir);
        return hf_hint(err,
                       "if you trust its owner: git config --global --add "
                       "safe.directory \"$(realpath '%s')\"",
                       dir);
    }
    if (rc == GIT_ENOTFOUND) {
        hf_fail(err, HF_ENOTFOUND, "'%s' is not in a git repository", dir);
        return hf_hint(err, "make a fleet with: hotfleet init DIR, or name "
                            "one with -C DIR");
    }
    if (strstr(words, "objectformat") || strstr(words, "object format")) {
        hf_fail(err, HF_EUNSUPPORTED,
                "the repository at '%s' uses SHA-256 object ids, which "
                "hotfleet cannot read",
                dir);
        return hf_hint(err, "make it with: git init --object-format=sha1");
    }
    return hf_git_fail(err, rc, "cannot open the repository at '%s'", dir);
}

static char *
without_slash(const char *path)
{
    size_t len = strlen(path);

    while (len > 1 && path[len - 1] == '/')
        len--;
    return hf_xstrndup(path, len);
}

static int
fail_head(struct hf_err *err, int rc, struct hf_repo *repo)
{
    const char *branch;

    if (rc != GIT_EUNBORNBRANCH && rc != GIT_ENOTFOUND)
        return hf_git_fail(err, rc, "cannot read HEAD of '%s'", repo->path);
    branch = hf_repo_branch(repo);
    hf_fail(err, HF_ENOTFOUND, "branch '%s' of '%s' has no commit yet",
            branch ? branch : "HEAD", repo->path);
    return hf_hint(err, "make a fleet with: hotfleet init DIR, or commit "
                        "hotfleet.json");
}

int
hf_repo_open(struct hf_repo **out, const char *dir, struct hf_err *err)
{
    struct hf_repo *repo = NULL;
    git_repository *git = NULL;
    const char *work;
    char commit[41];
    int rc;

    *out = NULL;
    hf_git_init();
    if ((rc = git_repository_open_ext(&git, dir, 0, NULL)) < 0)
        return fail_open(err, rc, dir);

    repo = HF_NEW(struct hf_repo);
    repo->git = git;
    work = git_repository_workdir(git);
    repo->path = without_slash(git_repository_path(git));
    repo->dir = without_slash(work ? work : git_repository_path(git));
    if ((rc = hf_trust_repo(repo, err)) < 0 ||
        (rc = hf_repo_head(repo, commit, err)) < 0) {
        hf_repo_free(repo);
        return rc;
    }
    *out = repo;
    return HF_OK;
}

/* ---- where it stands ---- */

const char *
hf_repo_branch(struct hf_repo *repo)
{
    git_reference *head = NULL;
    const char *target = NULL;

    free(repo->branch);
    repo->branch = NULL;
    if (git_reference_lookup(&head, repo->git, "HEAD") == 0)
        target = git_reference_symbolic_target(head);
    if (target && hf_has_prefix(target, "refs/heads/"))
        repo->branch = hf_xstrdup(target + strlen("refs/heads/"));
    git_reference_free(head);
    return repo->branch;
}

int
hf_repo_head(struct hf_repo *repo, char commit[41], struct hf_err *err)
{
    git_oid id;
    int rc;

    commit[0] = '\0';
    if ((rc = git_reference_name_to_id(&id, repo->git, "HEAD")) < 0)
        return fail_head(err, rc, repo);
    hf_git_hex(commit, &id);
    return HF_OK;
}

int
hf_repo_root_commit(struct hf_repo *repo, char commit[41], struct hf_err *err)
{
    git_revwalk *walk = NULL;
    git_oid id;
    int rc;

    commit[0] = '\0';
    if (git_repository_is_shallow(repo->git) == 1) {
        hf_fail(err, HF_EUNSUPPORTED, "'%s' is a shallow clone", repo->path);
        return hf_hint(err, "git fetch --unshallow");
    }
    if ((rc = git_revwalk_new(&walk, repo->git)) < 0 ||
        (rc = git_revwalk_simplify_first_parent(walk)) < 0 ||
        (rc = git_revwalk_push_head(walk)) < 0)
        goto out;
    while ((rc = git_revwalk_next(&id, walk)) == 0)
        hf_git_hex(commit, &id);
    if (rc == GIT_ITEROVER && commit[0])
        rc = 0;
out:
    if (rc < 0)
        rc =
            hf_git_fail(err, rc, "cannot read the history of '%s'", repo->path);
    git_revwalk_free(walk);
    return rc;
}

int
hf_repo_dirty(struct hf_repo *repo, struct hf_strs *paths, struct hf_err *err)
{
    git_status_options options = GIT_STATUS_OPTIONS_INIT;
    git_status_list *list = NULL;
    const git_status_entry *entry;
    const git_diff_delta *delta;
    int rc;

    if (hf_repo_is_bare(repo))
        return HF_OK;
    options.flags =
        GIT_STATUS_OPT_INCLUDE_UNTRACKED | GIT_STATUS_OPT_EXCLUDE_SUBMODULES;
    if ((rc = git_status_list_new(&list, repo->git, &options)) < 0)
        return hf_git_fail(err, rc, "cannot compare the work tree '%s'",
                           repo->dir);
    for (size_t i = 0; i < git_status_list_entrycount(list); i++) {
        entry = git_status_byindex(list, i);
        delta = entry->index_to_workdir ? entry->index_to_workdir
                                        : entry->head_to_index;
        hf_strs_add(paths, delta->new_file.path ? delta->new_file.path
                                                : delta->old_file.path);
    }
    git_status_list_free(list);
    return HF_OK;
}

/* ---- files ---- */

/* The entry of a plain file, the caller's. */
static int
file_entry(git_tree_entry **out, struct hf_repo *repo, const char *commit,
           const char *path, struct hf_err *err)
{
    git_tree *tree = NULL;
    int rc;

    *out = NULL;
    if ((rc = hf_git_tree(&tree, repo, commit, err)) < 0)
        return rc;
    rc = git_tree_entry_bypath(out, tree, path);
    git_tree_free(tree);
    if (rc == GIT_ENOTFOUND)
        return hf_fail(err, HF_ENOTFOUND, "no file '%s' in the %s", path,
                       commit ? "commit" : "checked-out commit");
    if (rc < 0)
        return hf_git_fail(err, rc, "cannot read '%s'", path);
    if (git_tree_entry_type(*out) == GIT_OBJECT_BLOB &&
        git_tree_entry_filemode(*out) != GIT_FILEMODE_LINK)
        return HF_OK;
    git_tree_entry_free(*out);
    *out = NULL;
    return hf_fail(err, HF_EINVALID, "'%s' is not a plain file", path);
}

/* A missing object is damage here, never "no such file". */
int
hf_git_read_blob(struct hf_buf *out, struct hf_repo *repo, const git_oid *id,
                 const char *path, struct hf_err *err)
{
    git_odb *odb = NULL;
    git_odb_object *object = NULL;
    git_object_t type;
    size_t size;
    int rc;

    if ((rc = git_repository_odb(&odb, repo->git)) < 0 ||
        (rc = git_odb_read_header(&size, &type, odb, id)) < 0)
        goto out;
    if (size > HF_REPO_MAX_FILE) {
        git_odb_free(odb);
        return hf_fail(err, HF_ELIMIT, "'%s' is larger than %u MiB", path,
                       HF_REPO_MAX_FILE >> 20);
    }
    if ((rc = git_odb_read(&object, odb, id)) == 0)
        hf_buf_add(out, git_odb_object_data(object),
                   git_odb_object_size(object));
out:
    if (rc < 0) {
        hf_git_fail(err, rc, "cannot read '%s'", path);
        rc = err->code = err->code == HF_ENOTFOUND ? HF_EIO : err->code;
    }
    git_odb_object_free(object);
    git_odb_free(odb);
    return rc;
}

int
hf_repo_read(struct hf_repo *repo, const char *commit, const char *path,
             struct hf_buf *out, struct hf_err *err)
{
    git_tree_entry *entry = NULL;
    int rc;

    if ((rc = file_entry(&entry, repo, commit, path, err)) < 0)
        return rc;
    rc = hf_git_read_blob(out, repo, git_tree_entry_id(entry), path, err);
    git_tree_entry_free(entry);
    return rc;
}

int
hf_repo_blob(struct hf_repo *repo, const char *commit, const char *path,
             char id[41], struct hf_err *err)
{
    git_tree_entry *entry = NULL;
    int rc;

    id[0] = '\0';
    if ((rc = file_entry(&entry, repo, commit, path, err)) < 0)
        return rc;
    hf_git_hex(id, git_tree_entry_id(entry));
    git_tree_entry_free(entry);
    return HF_OK;
}

int
hf_repo_executable(struct hf_repo *repo, const char *commit, const char *path,
                   int *out, struct hf_err *err)
{
    git_tree_entry *entry = NULL;
    int rc;

    *out = 0;
    if ((rc = file_entry(&entry, repo, commit, path, err)) < 0)
        return rc;
    *out = git_tree_entry_filemode(entry) == GIT_FILEMODE_BLOB_EXECUTABLE;
    git_tree_entry_free(entry);
    return HF_OK;
}

static void
add_plain(struct hf_strs *out, const git_tree *tree)
{
    for (size_t i = 0; i < git_tree_entrycount(tree); i++) {
        const git_tree_entry *entry = git_tree_entry_byindex(tree, i);

        if (git_tree_entry_type(entry) == GIT_OBJECT_BLOB &&
            git_tree_entry_filemode(entry) != GIT_FILEMODE_LINK &&
            !hf_tree_name_problem(git_tree_entry_name(entry)))
            hf_strs_add(out, git_tree_entry_name(entry));
    }
}

int
hf_repo_list(struct hf_repo *repo, const char *commit, const char *folder,
             struct hf_strs *out, struct hf_err *err)
{
    git_tree *top = NULL, *tree = NULL;
    git_tree_entry *entry = NULL;
    int rc;

    if ((rc = hf_git_tree(&top, repo, commit, err)) < 0)
        return rc;
    rc = git_tree_entry_bypath(&entry, top, folder);
    if (rc == 0 && git_tree_entry_type(entry) == GIT_OBJECT_TREE &&
        (rc = git_tree_lookup(&tree, repo->git, git_tree_entry_id(entry))) == 0)
        add_plain(out, tree);
    if (rc < 0 && rc != GIT_ENOTFOUND)
        rc = hf_git_fail(err, rc, "cannot read '%s'", folder);
    else
        rc = HF_OK; /* no such folder: nothing in it */
    git_tree_free(tree);
    git_tree_entry_free(entry);
    git_tree_free(top);
    return rc;
}
