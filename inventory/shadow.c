/* Shadows of repositories: no object is copied. */
#include "inventory/shadow.h"

#include <stdlib.h>
#include <string.h>

#include "backend/base/file.h"
#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "inventory/git.h"

struct shadowing {
    git_repository *to;
    struct hf_err *err;
    int rc;
};

static int
make_bare(const char *dir, const char *branch, struct hf_err *err)
{
    git_repository_init_options o = GIT_REPOSITORY_INIT_OPTIONS_INIT;
    git_repository *git = NULL;
    git_config *config = NULL;
    int rc;

    o.flags = GIT_REPOSITORY_INIT_BARE | GIT_REPOSITORY_INIT_MKPATH;
    o.initial_head = branch;
    if ((rc = git_repository_init_ext(&git, dir, &o)) < 0 ||
        (rc = git_repository_config(&config, git)) < 0 ||
        (rc = git_config_set_string(config, "user.name", "rehearsal")) < 0 ||
        (rc = git_config_set_string(config, "user.email",
                                    "rehearsal@localhost")) < 0)
        rc = hf_git_fail(err, rc, "cannot make '%s'", dir);
    git_config_free(config);
    git_repository_free(git);
    return rc;
}

/* Objects are found there, too; a shallow history ends where it ends there. */
static int
share_objects(struct hf_repo *of, const char *dir, struct hf_err *err)
{
    const char *common = git_repository_commondir(hf_repo_git(of));
    char *line = hf_xasprintf("%sobjects\n", common);
    char *path = hf_path_join(dir, "objects/info/alternates");
    char *shallow = hf_path_join(common, "shallow");
    char *ours = hf_path_join(dir, "shallow");
    struct hf_buf text = {0};
    int rc = hf_file_write(path, line, strlen(line), 0644, err);

    if (rc == HF_OK && hf_path_exists(shallow) &&
        (rc = hf_file_read(&text, shallow, HF_REPO_MAX_FILE, err)) == HF_OK)
        rc = hf_file_write(ours, hf_buf_str(&text), text.len, 0644, err);
    hf_buf_release(&text);
    free(line);
    free(path);
    free(shallow);
    free(ours);
    return rc;
}

/* What is no branch of ours or of a remote does not matter; nor does a name
 * for another one. */
static int
copy_branch(git_reference *ref, void *ctx)
{
    struct shadowing *s = ctx;
    const git_oid *id = git_reference_target(ref);
    const char *name = git_reference_name(ref);
    git_reference *made = NULL;
    int rc = 0;

    if (id && (hf_has_prefix(name, "refs/heads/") ||
               hf_has_prefix(name, "refs/remotes/")))
        rc = git_reference_create(&made, s->to, name, id, 1, NULL);
    if (rc < 0)
        s->rc = hf_git_fail(s->err, rc, "cannot make branch '%s'", name);
    git_reference_free(made);
    git_reference_free(ref);
    return rc;
}

static int
copy_branches(struct hf_repo *of, const char *dir, struct hf_err *err)
{
    struct shadowing s = {.err = err};
    int rc;

    if ((rc = git_repository_open_bare(&s.to, dir)) < 0 ||
        ((rc = git_reference_foreach(hf_repo_git(of), copy_branch, &s)) < 0 &&
         s.rc == HF_OK))
        s.rc = hf_git_fail(err, rc, "cannot read the branches of '%s'",
                           hf_repo_path(of));
    git_repository_free(s.to);
    return s.rc;
}

/* A detached HEAD stays where it is. */
static int
copy_head(struct hf_repo *of, const char *dir, struct hf_err *err)
{
    git_repository *to = NULL;
    char commit[41];
    git_oid id;
    int rc;

    if (hf_repo_branch(of))
        return HF_OK;
    if ((rc = hf_repo_head(of, commit, err)) < 0)
        return rc;
    if ((rc = git_repository_open_bare(&to, dir)) < 0 ||
        (rc = git_oid_fromstr(&id, commit)) < 0 ||
        (rc = git_repository_set_head_detached(to, &id)) < 0)
        rc = hf_git_fail(err, rc, "cannot use commit %s", commit);
    git_repository_free(to);
    return rc;
}

int
hf_repo_shadow(struct hf_repo *of, const char *dir, struct hf_err *err)
{
    int rc;

    if ((rc = make_bare(dir, hf_repo_branch(of), err)) < 0 ||
        (rc = share_objects(of, dir, err)) < 0 ||
        (rc = copy_branches(of, dir, err)) < 0)
        return rc;
    return copy_head(of, dir, err);
}
