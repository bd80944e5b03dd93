/* The mode bits of a repository: libgit2 looks only at its owner. */
#include "inventory/trust.h"

#include <grp.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "backend/base/file.h"
#include "backend/base/mem.h"
#include "backend/base/names.h"
#include "inventory/git.h"

/* Whoever may write one of these decides what the fleet is. */
static const char *const guarded[] = {"", "config", "HEAD", "objects", "refs"};

/* core.sharedRepository as the mode bits that it allows. */
static mode_t
shared_bits(git_repository *git)
{
    static const char *const group[] = {"group", "true", "1", NULL};
    static const char *const world[] = {"all", "world", "everybody", "2", NULL};
    git_config *config = NULL;
    git_buf value = {0};
    mode_t bits = 0;

    if (git_repository_config_snapshot(&config, git) < 0 ||
        git_config_get_string_buf(&value, config, "core.sharedrepository") < 0)
        goto out;
    /* "all" lets everybody read and the group write */
    if (hf_name_index(group, value.ptr) >= 0 ||
        hf_name_index(world, value.ptr) >= 0)
        bits = S_IWGRP;
    else if (value.ptr[0] == '0')
        bits = (mode_t)strtoul(value.ptr, NULL, 8) & (S_IWGRP | S_IWOTH);
out:
    git_buf_dispose(&value);
    git_config_free(config);
    return bits;
}

/* A group of the same name as the owner, with nobody else in it: what a
 * umask of 002 relies on. */
static int
is_private_group(const struct stat *st)
{
    struct passwd user, *found_user = NULL;
    struct group group, *found_group = NULL;
    char user_text[2048], group_text[8192];

    if (getpwuid_r(st->st_uid, &user, user_text, sizeof(user_text),
                   &found_user) != 0 ||
        getgrgid_r(st->st_gid, &group, group_text, sizeof(group_text),
                   &found_group) != 0 ||
        !found_user || !found_group)
        return 0;
    return strcmp(user.pw_name, group.gr_name) == 0 && !group.gr_mem[0];
}

static int
check_mode(const char *path, mode_t allowed, struct hf_err *err)
{
    struct stat st;
    mode_t open;

    if (stat(path, &st) < 0)
        return HF_OK; /* what is missing, libgit2 reports better */
    open = st.st_mode & (S_IWGRP | S_IWOTH) & ~allowed;
    if ((open & S_IWGRP) && is_private_group(&st))
        open &= ~(mode_t)S_IWGRP;
    if (!open)
        return HF_OK;
    hf_fail(err, HF_EDENIED, "%s may write to '%s' (mode %04o)",
            open & S_IWOTH ? "everybody" : "a whole group", path,
            (unsigned)st.st_mode & 07777u);
    if (open & S_IWOTH)
        return hf_hint(err, "chmod -R o-w '%s'", path);
    return hf_hint(err,
                   "chmod -R g-w '%s', or if the group is meant to: git "
                   "config core.sharedRepository group",
                   path);
}

int
hf_trust_repo(struct hf_repo *repo, struct hf_err *err)
{
    mode_t allowed = shared_bits(hf_repo_git(repo));
    const char *common = git_repository_commondir(hf_repo_git(repo));
    char *path;
    int rc = HF_OK;

    for (size_t i = 0; i < HF_COUNT(guarded) && rc == HF_OK; i++) {
        path = hf_path_join(common, guarded[i]);
        rc = check_mode(path, allowed, err);
        free(path);
    }
    return rc;
}
