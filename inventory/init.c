/* A new fleet: its repository, its starter files, its first commit. */
#include "inventory/init.h"

#include <dirent.h>
#include <errno.h>
#include <libgen.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/file.h"
#include "backend/base/mem.h"
#include "backend/model/host.h"
#include "inventory/git.h"
#include "inventory/ledger_sign.h"

/* ---- the folder ---- */

/* 1 when the folder holds something else than a git folder. */
static int
is_in_use(DIR *dir, int *has_git)
{
    struct dirent *entry;

    while ((entry = readdir(dir)) != NULL) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        if (strcmp(entry->d_name, ".git") != 0)
            return 1;
        *has_git = 1;
    }
    return 0;
}

static int
check_dir(const char *path, int *has_git, struct hf_err *err)
{
    DIR *dir = opendir(path);
    int used;

    if (!dir && errno == ENOENT)
        return HF_OK;
    if (!dir)
        return hf_fail_errno(err, errno, "cannot open '%s'", path);
    used = is_in_use(dir, has_git);
    closedir(dir);
    if (!used)
        return HF_OK;
    hf_fail(err, HF_EEXISTS, "'%s' is not empty", path);
    return hf_hint(err, "name a new folder; an inventory that exists already "
                        "only needs hotfleet.json, committed");
}

/* NULL asks for the folder's own name. */
static int
choose_name(char **out, const char *dir, const char *name, struct hf_err *err)
{
    char *full = NULL, *copy;
    const char *problem;

    if (name) {
        *out = hf_xstrdup(name);
    } else {
        full = realpath(dir, NULL);
        copy = hf_xstrdup(full ? full : dir);
        *out = hf_xstrdup(basename(copy));
        free(copy);
        free(full);
    }
    if ((problem = hf_host_name_problem(*out)) == NULL)
        return HF_OK;
    hf_fail(err, HF_EINVALID, "'%s' %s", *out, problem);
    return hf_hint(err, "name the fleet: hotfleet init DIR --name NAME");
}

/* ---- the repository ---- */

static char *
first_branch(git_config *config)
{
    git_buf value = {0};
    char *out;

    if (git_config_get_string_buf(&value, config, "init.defaultbranch") == 0 &&
        value.size > 0)
        out = hf_xstrdup(value.ptr);
    else
        out = hf_xstrdup("main");
    git_buf_dispose(&value);
    return out;
}

static int
make_repository(git_repository **out, const char *dir, int has_git,
                git_config *config, struct hf_err *err)
{
    git_repository_init_options options = GIT_REPOSITORY_INIT_OPTIONS_INIT;
    char *branch = first_branch(config);
    int rc;

    options.flags = GIT_REPOSITORY_INIT_MKPATH | GIT_REPOSITORY_INIT_NO_REINIT;
    options.initial_head = branch;
    if (has_git)
        rc = git_repository_open_ext(out, dir, GIT_REPOSITORY_OPEN_NO_SEARCH,
                                     NULL);
    else
        rc = git_repository_init_ext(out, dir, &options);
    free(branch);
    if (rc < 0)
        return hf_git_fail(err, rc, "cannot make a repository in '%s'", dir);
    if (git_repository_head_unborn(*out) == 1)
        return HF_OK;
    hf_fail(err, HF_EEXISTS, "the repository in '%s' has commits already", dir);
    return hf_hint(err, "an inventory that exists already only needs "
                        "hotfleet.json, committed");
}

/* ---- the first commit ---- */

static int
write_files(git_index *index, const char *dir, const char *name,
            const struct hf_starter *row, struct hf_err *err)
{
    struct hf_buf text = {0};
    int rc = HF_OK;

    for (; row && row->path && rc == HF_OK; row++) {
        char *path = hf_path_join(dir, row->path);
        char *folder = hf_xstrdup(path);

        hf_buf_clear(&text);
        row->write(&text, name);
        if ((rc = hf_mkdirs(dirname(folder), 0777, err)) == HF_OK &&
            (rc = hf_file_write(path, hf_buf_str(&text), text.len, 0644,
                                err)) == HF_OK &&
            (rc = git_index_add_bypath(index, row->path)) < 0)
            rc = hf_git_fail(err, rc, "cannot add '%s'", row->path);
        free(folder);
        free(path);
    }
    hf_buf_release(&text);
    return rc;
}

/* Moves the branch that HEAD names, which is not there yet. */
static int
begin_branch(git_repository *git, const git_oid *id, const char *name)
{
    git_reference *head = NULL, *branch = NULL;
    char *log = hf_xasprintf("commit (initial): start fleet %s", name);
    int rc;

    if ((rc = git_reference_lookup(&head, git, "HEAD")) == 0)
        rc = git_reference_create(
            &branch, git, git_reference_symbolic_target(head), id, 0, log);
    git_reference_free(branch);
    git_reference_free(head);
    free(log);
    return rc;
}

static int
commit_text(git_buf *text, git_repository *git, git_index *index,
            const char *name, const git_signature *author)
{
    char *message = hf_xasprintf("start fleet %s\n", name);
    git_tree *tree = NULL;
    git_oid id;
    int rc;

    git_repository_set_ident(git, author->name, author->email);
    if ((rc = git_index_write(index)) == 0 &&
        (rc = git_index_write_tree(&id, index)) == 0 &&
        (rc = git_tree_lookup(&tree, git, &id)) == 0)
        rc = git_commit_create_buffer(text, git, author, author, NULL, message,
                                      tree, 0, NULL);
    git_tree_free(tree);
    free(message);
    return rc;
}

static int
first_commit(git_repository *git, const char *dir, const char *name,
             const struct hf_starter *more, const git_signature *author,
             struct hf_signer *signer, struct hf_err *err)
{
    git_index *index = NULL;
    git_buf text = {0};
    git_oid id;
    int rc, git_rc;

    if ((git_rc = git_repository_index(&index, git)) < 0) {
        rc = hf_git_fail(err, git_rc, "cannot open the index of '%s'", dir);
        goto out;
    }
    if ((rc = write_files(index, dir, name, hf_starter, err)) < 0 ||
        (rc = write_files(index, dir, name, more, err)) < 0)
        goto out;
    if ((git_rc = commit_text(&text, git, index, name, author)) == 0 &&
        (rc = hf_signer_store(signer, &id, git, &text, dir, err)) < 0)
        goto out;
    if (git_rc < 0 || (git_rc = begin_branch(git, &id, name)) < 0)
        rc = hf_git_fail(err, git_rc, "cannot commit in '%s'", dir);
out:
    git_buf_dispose(&text);
    git_index_free(index);
    return rc;
}

/* The settings that hold in `dir`: those of the repository there, if any,
 * else the user's. NULL: none, and the environment may do. */
static git_config *
settings(const char *dir, int has_git)
{
    git_repository *git = NULL;
    git_config *config = NULL;

    if (has_git && git_repository_open_ext(
                       &git, dir, GIT_REPOSITORY_OPEN_NO_SEARCH, NULL) == 0)
        (void)git_repository_config(&config, git);
    else
        (void)git_config_open_default(&config);
    git_repository_free(git);
    return config;
}

int
hf_init(const char *dir, const char *name, const struct hf_starter *more,
        struct hf_err *err)
{
    git_repository *git = NULL;
    git_config *config = NULL;
    git_signature *author = NULL;
    struct hf_signer *signer = NULL;
    char *own_name = NULL, *who = NULL, *email = NULL;
    int has_git = 0, rc;

    hf_git_init();
    if ((rc = check_dir(dir, &has_git, err)) < 0 ||
        (rc = choose_name(&own_name, dir, name, err)) < 0)
        goto out;
    config = settings(dir, has_git);
    if ((rc = hf_git_identity(&who, &email, config, err)) < 0)
        goto out;
    if (git_signature_now(&author, who, email) < 0) {
        rc = hf_fail(err, HF_EINVALID, "git does not take '%s <%s>' as a name",
                     who, email);
        goto out;
    }
    /* A key that does not sign is found before anything is made. */
    if ((rc = hf_signer_for_edits(&signer, config, err)) < 0 ||
        (rc = hf_signer_prove(signer, err)) < 0 ||
        (rc = make_repository(&git, dir, has_git, config, err)) < 0)
        goto out;
    rc = first_commit(git, dir, own_name, more, author, signer, err);
out:
    hf_signer_free(signer);
    git_signature_free(author);
    git_config_free(config);
    git_repository_free(git);
    free(own_name);
    free(who);
    free(email);
    return rc;
}
