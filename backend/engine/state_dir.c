/* The state folder: where it is, whose it is, and who works in it. */
#include "backend/engine/state_dir.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "backend/base/file.h"
#include "backend/base/mem.h"
#include "backend/base/sha256.h"
#include "backend/base/text.h"
#include "backend/base/time.h"
#include "backend/engine/journal.h"

#define NAME_MAX_BYTES 100 /* of the fleet's name within the folder's */
#define WHO_MAX 300        /* bytes of whoever holds the lock */
#define LOCK_ATTEMPTS 5

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
static void
read_holder(char out[HF_HOLDER_LEN], int fd)
{
    char text[HF_HOLDER_LEN], *clean;
    ssize_t n = pread(fd, text, sizeof(text) - 1, 0);

    text[n > 0 ? n : 0] = '\0';
    text[strcspn(text, "\n")] = '\0';
    clean = hf_sanitised(text[0] ? text : "another process is at work");
    hf_say(out, HF_HOLDER_LEN, "%s", clean);
    free(clean);
}

static int
fail_locked(int fd, const char *dir, struct hf_err *err)
{
    char holder[HF_HOLDER_LEN];

    read_holder(holder, fd);
    (void)hf_fail(err, HF_ELOCKED, "%s, and has '%s'", holder, dir);
    return hf_hint(err, "wait until that has ended, or stop it");
}

int
hf_state_holder(char out[HF_HOLDER_LEN], const char *dir)
{
    char *path = hf_path_join(dir, "lock");
    int f = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    int locked = f >= 0 && flock(f, LOCK_SH | LOCK_NB) < 0;

    out[0] = '\0';
    if (locked)
        read_holder(out, f);
    if (f >= 0)
        close(f);
    free(path);
    return locked;
}

int
hf_state_lock_say(int fd, const char *run, const char *who)
{
    char now[HF_TIME_LEN], *text;
    char *one_line = hf_sanitised(who);
    ssize_t len;
    int rc;

    hf_time_format(now, hf_now());
    if (run)
        text = hf_xasprintf("run %s of %.*s is under way in process %ld "
                            "since %s\n",
                            run, WHO_MAX, one_line, (long)getpid(), now);
    else
        text = hf_xasprintf("process %ld of %.*s is at work since %s\n",
                            (long)getpid(), WHO_MAX, one_line, now);
    len = (ssize_t)strlen(text);
    rc = pwrite(fd, text, (size_t)len, 0) == len ? ftruncate(fd, len) : -1;
    free(one_line);
    free(text);
    return rc;
}

/* Somebody who only looks has it for a moment, too. */
static int
take_lock(int fd)
{
    const struct timespec moment = {.tv_nsec = 2000000};

    for (int left = LOCK_ATTEMPTS; flock(fd, LOCK_EX | LOCK_NB) < 0; left--) {
        if (errno != EWOULDBLOCK || !left)
            return -1;
        (void)nanosleep(&moment, NULL);
    }
    return 0;
}

int
hf_state_lock(int *fd, const char *dir, const char *who, struct hf_err *err)
{
    char *path = hf_path_join(dir, "lock");
    int f, rc;

    *fd = -1;
    f = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (f < 0) {
        rc = hf_fail_errno(err, errno, "cannot open '%s'", path);
    } else if (take_lock(f) < 0) {
        rc = errno == EWOULDBLOCK
                 ? fail_locked(f, dir, err)
                 : hf_fail_errno(err, errno, "cannot lock '%s'", path);
    } else if (hf_state_lock_say(f, NULL, who) < 0) {
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
