/* libgit2: start-up, its errors in our words, commits and identities. */
#include "inventory/git.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"

static void
start_libgit2(void)
{
    git_libgit2_init();
    git_libgit2_opts(GIT_OPT_ENABLE_FSYNC_GITDIR, 1);
    git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 1);
}

void
hf_git_init(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;

    pthread_once(&once, start_libgit2);
}

/* clang-format off */
static const struct { int rc, code; } result_codes[] = {
    {GIT_ENOTFOUND, HF_ENOTFOUND}, {GIT_EUNBORNBRANCH, HF_ENOTFOUND},
    {GIT_EEXISTS, HF_EEXISTS}, {GIT_ELOCKED, HF_ELOCKED},
    {GIT_EMODIFIED, HF_EMOVED}, {GIT_EOWNER, HF_EDENIED},
};
/* libgit2 has no results for what the system refused, only words. */
static const struct { const char *words; int code; } word_codes[] = {
    {"No space left", HF_ENOSPACE}, {"Disk quota exceeded", HF_ENOSPACE},
    {"Permission denied", HF_EDENIED}, {"Read-only file system", HF_EDENIED},
    {"Operation not permitted", HF_EDENIED},
};
/* clang-format on */

static int
code_of(int rc, const char *words)
{
    for (size_t i = 0; i < HF_COUNT(word_codes); i++)
        if (strstr(words, word_codes[i].words))
            return word_codes[i].code;
    for (size_t i = 0; i < HF_COUNT(result_codes); i++)
        if (result_codes[i].rc == rc)
            return result_codes[i].code;
    return HF_EIO;
}

int
hf_git_fail(struct hf_err *err, int rc, const char *fmt, ...)
{
    const git_error *last = git_error_last();
    const char *words = last && last->message ? last->message : "no reason";
    char text[512];
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(text, sizeof(text), fmt, ap);
    va_end(ap);
    return hf_fail(err, code_of(rc, words), "%s: %s", text, words);
}

const char *
hf_git_hex(char out[41], const git_oid *id)
{
    return git_oid_tostr(out, 41, id);
}

/* ---- commits ---- */

int
hf_git_commit(git_commit **out, struct hf_repo *repo, const char *id,
              struct hf_err *err)
{
    char head[41];
    git_oid oid;
    int rc;

    *out = NULL;
    if (!id) {
        if ((rc = hf_repo_head(repo, head, err)) < 0)
            return rc;
        id = head;
    }
    if (strlen(id) != 40 || git_oid_fromstr(&oid, id) < 0)
        return hf_fail(err, HF_EINVALID, "'%s' is not a commit id", id);
    if ((rc = git_commit_lookup(out, hf_repo_git(repo), &oid)) < 0)
        return hf_git_fail(err, rc, "cannot read commit %.10s", id);
    return HF_OK;
}

int
hf_git_tree(git_tree **out, struct hf_repo *repo, const char *id,
            struct hf_err *err)
{
    git_commit *commit = NULL;
    char hex[41];
    int rc;

    *out = NULL;
    if ((rc = hf_git_commit(&commit, repo, id, err)) < 0)
        return rc;
    if ((rc = git_commit_tree(out, commit)) < 0)
        rc = hf_git_fail(err, rc, "cannot read the files of commit %.10s",
                         hf_git_hex(hex, git_commit_id(commit)));
    git_commit_free(commit);
    return rc;
}

/* ---- identity ---- */

/* The environment, then the configuration; NULL when neither says it. */
static char *
identity_part(git_config *config, const char *variable, const char *key)
{
    const char *set = getenv(variable);
    git_buf value = {0};
    char *out = NULL;

    if (set && *set)
        return hf_xstrdup(set);
    if (config && git_config_get_string_buf(&value, config, key) == 0 &&
        value.size > 0)
        out = hf_xstrdup(value.ptr);
    git_buf_dispose(&value);
    return out;
}

int
hf_git_identity(char **name, char **email, git_config *config,
                struct hf_err *err)
{
    *name = identity_part(config, "GIT_AUTHOR_NAME", "user.name");
    *email = identity_part(config, "GIT_AUTHOR_EMAIL", "user.email");
    if (*name && *email)
        return HF_OK;
    free(*name);
    free(*email);
    *name = *email = NULL;
    hf_fail(err, HF_EINVALID, "git does not know who you are");
    return hf_hint(err, "git config --global user.name \"Your Name\" ; "
                        "git config --global user.email you@example.org");
}

int
hf_git_config(git_config **out, struct hf_repo *repo, struct hf_err *err)
{
    int rc = git_repository_config_snapshot(out, hf_repo_git(repo));

    return rc < 0
               ? hf_git_fail(err, rc, "cannot read the configuration of '%s'",
                             hf_repo_path(repo))
               : HF_OK;
}

int
hf_repo_identity(struct hf_repo *repo, char **name, char **email,
                 struct hf_err *err)
{
    git_config *config = NULL;
    int rc;

    *name = *email = NULL;
    if ((rc = hf_git_config(&config, repo, err)) < 0)
        return rc;
    rc = hf_git_identity(name, email, config, err);
    git_config_free(config);
    return rc;
}

int
hf_git_signature(git_signature **out, struct hf_repo *repo, struct hf_err *err)
{
    char *name = NULL, *email = NULL;
    int rc;

    *out = NULL;
    if ((rc = hf_repo_identity(repo, &name, &email, err)) < 0)
        return rc;
    if ((rc = git_signature_now(out, name, email)) < 0)
        rc = hf_git_fail(err, rc, "git does not take '%s <%s>' as a name", name,
                         email);
    free(name);
    free(email);
    return rc;
}
