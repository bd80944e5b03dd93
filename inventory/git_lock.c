/* Who holds a lock file, by the files that processes have open (proc(5)). */
#include "inventory/git_lock.h"

#include <ctype.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "backend/base/buf.h"
#include "backend/base/file.h"
#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "backend/base/time.h"

#define PATIENCE_MS 5000
#define QUICK_ATTEMPTS 3 /* before it is worth to ask who holds it */
#define SURE_MS 1000     /* git may close a file just before it moves it */
#define PROC_TEXT_MAX 8192

struct search {
    char *path;     /* as the kernel names it */
    uid_t owner;    /* of the lock */
    char pid[16];   /* who has it open, or empty */
    char name[64];  /* its program */
    int unreadable; /* processes that may have it, and are closed to us */
};

/* /proc/PID/<file>, at most one page; empty when it cannot be read. */
static void
read_proc(struct hf_buf *out, const char *pid, const char *file)
{
    char *path = hf_xasprintf("/proc/%s/%s", pid, file);
    struct hf_err ignored = HF_ERR_INIT;

    (void)hf_file_read(out, path, PROC_TEXT_MAX, &ignored);
    free(path);
}

/* By its name and effective user: agents and logins are closed to us, too,
 * and have no business there. A process that is gone is nobody's. */
static int
may_hold(const struct search *s, const char *pid)
{
    static const char *const writers[] = {"Name:\tgit", "Name:\thotfleet"};
    struct hf_buf text = {0};
    const char *uid_line;
    unsigned uid;
    int may = 0;

    read_proc(&text, pid, "status");
    uid_line = strstr(hf_buf_str(&text), "\nUid:");
    for (size_t i = 0; i < HF_COUNT(writers); i++)
        may |= hf_has_prefix(hf_buf_str(&text), writers[i]);
    if (!uid_line || sscanf(uid_line, "\nUid: %*u %u", &uid) != 1)
        may = 0;
    else
        may &= uid == s->owner;
    hf_buf_release(&text);
    return may;
}

static int
has_open(const struct search *s, DIR *fds)
{
    char target[4096];
    struct dirent *fd;

    while ((fd = readdir(fds))) {
        ssize_t n = readlinkat(dirfd(fds), fd->d_name, target, sizeof(target));

        if (n > 0 && (size_t)n == strlen(s->path) &&
            memcmp(target, s->path, (size_t)n) == 0)
            return 1;
    }
    return 0;
}

static void
look_into(struct search *s, const char *pid)
{
    char *path = hf_xasprintf("/proc/%s/fd", pid);
    struct hf_buf name = {0};
    DIR *fds = opendir(path);

    if (!fds) {
        s->unreadable += may_hold(s, pid);
    } else if (has_open(s, fds)) {
        read_proc(&name, pid, "comm");
        hf_say(s->pid, sizeof(s->pid), "%s", pid);
        hf_say(s->name, sizeof(s->name), "%.*s",
               (int)strcspn(hf_buf_str(&name), "\n"), hf_buf_str(&name));
    }
    if (fds)
        closedir(fds);
    hf_buf_release(&name);
    free(path);
}

/* -1: the lock is not there (any more). */
static int
find_holder(struct search *s, struct stat *st, const char *path)
{
    DIR *proc = opendir("/proc");
    struct dirent *entry;

    *s = (struct search){.path = realpath(path, NULL)};
    if (s->path && stat(s->path, st) == 0) {
        s->owner = st->st_uid;
        s->unreadable = !proc;
        while (proc && !s->pid[0] && (entry = readdir(proc)))
            if (isdigit((unsigned char)entry->d_name[0]))
                look_into(s, entry->d_name);
    }
    if (proc)
        closedir(proc);
    return s->path && access(s->path, F_OK) == 0 ? 0 : -1;
}

static int64_t
age_of(const struct stat *st)
{
    int64_t age = hf_now() - (int64_t)st->st_mtim.tv_sec * 1000 -
                  st->st_mtim.tv_nsec / 1000000;

    return age > 0 ? age : 0;
}

/* It is there, and no process holds it. Not when that cannot be told: it is
 * new, or there are processes that may not be looked into. */
static int
is_left(const char *path)
{
    struct search s;
    struct stat st;
    int left = find_holder(&s, &st, path) == 0 && !s.pid[0] && !s.unreadable &&
               age_of(&st) >= SURE_MS;

    free(s.path);
    return left;
}

static void
pause_a_little(int attempt)
{
    unsigned char jitter = 0;
    long ms = attempt < 9 ? 10L * (attempt + 1) : 90;
    struct timespec pause;

    if (getrandom(&jitter, sizeof(jitter), GRND_NONBLOCK) < 0)
        jitter = (unsigned char)attempt;
    pause.tv_sec = 0;
    pause.tv_nsec = (ms + jitter % 10) * 1000000L;
    nanosleep(&pause, NULL);
}

int
hf_git_try_again(const char *path, int64_t began, int attempt)
{
    if (hf_mono() - began >= PATIENCE_MS ||
        (attempt >= QUICK_ATTEMPTS && is_left(path)))
        return 0;
    pause_a_little(attempt);
    return 1;
}

int
hf_git_fail_locked(struct hf_err *err, const char *path)
{
    char age[HF_TIME_LEN];
    struct search s;
    struct stat st;

    if (find_holder(&s, &st, path) < 0) {
        hf_fail(err, HF_ELOCKED,
                "another git process is at work: '%s' was held", path);
        goto out;
    }
    hf_span_format(age, age_of(&st));
    if (s.pid[0]) {
        hf_fail(err, HF_ELOCKED, "process %s (%s) holds '%s' since %s", s.pid,
                s.name, path, age);
        hf_hint(err, "try again when it has ended");
    } else if (s.unreadable) {
        hf_fail(err, HF_ELOCKED, "'%s' is there since %s", path, age);
        hf_hint(err,
                "if no git or hotfleet works in the repository, it was left "
                "by one that was killed: rm '%s'",
                path);
    } else {
        hf_fail(err, HF_ELOCKED, "'%s' is there since %s; no process holds it",
                path, age);
        hf_hint(err, "it was left by one that was killed: rm '%s'", path);
    }
out:
    free(s.path);
    return HF_ELOCKED;
}
