/* The state folder: where it is, whose it is, and who works in it. */
#include "backend/engine/state_dir.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "backend/base/file.h"
#include "backend/base/mem.h"
#include "backend/base/sha256.h"
#include "backend/base/text.h"
#include "backend/base/time.h"
#include "backend/engine/journal.h"

#define NAME_MAX_BYTES 100 /* of the fleet's name within the folder's */
#define HOLDER_MAX 512

int
hf_private_dir(const char *path, struct hf_err *err)
{
    struct stat st;
    int rc;

    if ((rc = hf_mkdirs(path, 0700, err)) < 0)
        return rc;
    if (lstat(path, &st) < 0)
        return hf_fail_errno(err, errno, "cannot look at '%s'", path);
    if (!S_ISDIR(st.st_mode))
        return hf_fail(err, HF_EDENIED, "'%s' is not a folder itself", path);
    if (st.st_uid != geteuid()) {
        hf_fail(err, HF_EDENIED, "'%s' belongs to uid %u, not to you (%u)",
                path, (unsigned)st.st_uid, (unsigned)geteuid());
        return hf_hint(err, "move it away, or set XDG_STATE_HOME to a folder "
                            "of your own");
    }
    if (st.st_mode & (S_IWGRP | S_IWOTH)) {
        hf_fail(err, HF_EDENIED, "others may write to '%s' (mode %04o)", path,
                (unsigned)st.st_mode & 07777u);
        return hf_hint(err, "look at what is in it, then: chmod 700 '%s'",
                       path);
    }
    return HF_OK;
}

/* ---- where ---- */

/* $XDG_STATE_HOME, which counts only when it is absolute, or its default. */
static int
state_home(char **out, struct hf_err *err)
{
    const char *state = getenv("XDG_STATE_HOME");
    const char *home = getenv("HOME");

    if (state && state[0] == '/') {
        *out = hf_xstrdup(state);
        return HF_OK;
    }
    if (home && home[0] == '/') {
        *out = hf_path_join(home, ".local/state");
        return HF_OK;
    }
    hf_fail(err, HF_ENOTFOUND,
            "no place for the journal: neither "
            "XDG_STATE_HOME nor HOME is set");
    return hf_hint(err, "set XDG_STATE_HOME to a folder of your own");
}

/* The name only helps people; the two hashes tell fleets apart. */
static char *
folder_name(const char *name, const char *root_commit, const char *repo_path)
{
    char path_hash[HF_SHA256_HEX];
    struct hf_buf part = {0};
    char *out;

    hf_percent_encode(&part, name, strlen(name), "");
    hf_sha256_hex(path_hash, repo_path, strlen(repo_path));
    out = hf_xasprintf("%.*s-%.12s-%.8s", NAME_MAX_BYTES, hf_buf_str(&part),
                       root_commit, path_hash);
    hf_buf_release(&part);
    return out;
}

int
hf_state_path(char **out, const char *name, const char *root_commit,
              const char *repo_path, struct hf_err *err)
{
    char *home = NULL, *folder;
    int rc;

    *out = NULL;
    if ((rc = state_home(&home, err)) < 0)
        return rc;
    folder = folder_name(name, root_commit, repo_path);
    *out = hf_xasprintf("%s/hotfleet/%s", home, folder);
    free(folder);
    free(home);
    return HF_OK;
}

int
hf_state_dir(char **out, const char *name, const char *root_commit,
             const char *repo_path, struct hf_err *err)
{
    char *ours, *path;
    int rc;

    *out = NULL;
    if ((rc = hf_state_path(&path, name, root_commit, repo_path, err)) < 0)
        return rc;
    ours = hf_xstrndup(path, (size_t)(strrchr(path, '/') - path));
    if ((rc = hf_private_dir(ours, err)) == HF_OK &&
        (rc = hf_private_dir(path, err)) == HF_OK) {
        *out = path;
        path = NULL;
    }
    free(ours);
    free(path);
    return rc;
}

/* ---- who ---- */

/* What the holder wrote of itself; it may not have come to that yet. */
static int
fail_locked(int fd, const char *dir, struct hf_err *err)
{
    char text[HOLDER_MAX];
    ssize_t n = pread(fd, text, sizeof(text) - 1, 0);

    text[n > 0 ? n : 0] = '\0';
    text[strcspn(text, "\n")] = '\0';
    hf_fail(err, HF_ELOCKED, "'%s' is in use by %s", dir,
            text[0] ? text : "another process");
    return hf_hint(err, "wait until that has ended, or stop it");
}

int
hf_state_is_locked(const char *dir)
{
    char *path = hf_path_join(dir, "lock");
    int f = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    int locked = f >= 0 && flock(f, LOCK_SH | LOCK_NB) < 0;

    if (f >= 0)
        close(f);
    free(path);
    return locked;
}

static int
write_holder(int fd, const char *what)
{
    char now[HF_TIME_LEN];
    char *one_line = hf_sanitised(what);
    char *text = hf_xasprintf("pid %ld, %.400s, since %s\n", (long)getpid(),
                              one_line, hf_time_format(now, hf_now()));
    int rc = ftruncate(fd, 0);

    if (rc == 0)
        rc = hf_write_all(fd, text, strlen(text));
    free(one_line);
    free(text);
    return rc;
}

int
hf_state_lock(int *fd, const char *dir, const char *what, struct hf_err *err)
{
    char *path = hf_path_join(dir, "lock");
    int f, rc;

    *fd = -1;
    f = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (f < 0) {
        rc = hf_fail_errno(err, errno, "cannot open '%s'", path);
    } else if (flock(f, LOCK_EX | LOCK_NB) < 0) {
        rc = errno == EWOULDBLOCK
                 ? fail_locked(f, dir, err)
                 : hf_fail_errno(err, errno, "cannot lock '%s'", path);
    } else if (write_holder(f, what) < 0) {
        rc = hf_fail_errno(err, errno, "cannot write '%s'", path);
    } else {
        *fd = f;
        f = -1;
        rc = HF_OK;
    }
    if (f >= 0)
        close(f);
    free(path);
    return rc;
}
