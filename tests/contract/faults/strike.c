/*
 * Sends a signal to a program at a chosen moment:
 *
 *     strike SIGNAL DIR TEXT COUNT COMMAND [ARG...]
 *
 * runs COMMAND and sends it SIGNAL as soon as the journal below DIR holds
 * TEXT COUNT times; it is then waited for. Signals "INT+INT" are two, the
 * second when the program has said "once more" on standard error, which is
 * passed on. Prints "struck" or "missed" and the exit status (128 + number
 * for a signal).
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "backend/base/buf.h"
#include "backend/base/file.h"
#include "backend/base/mem.h"
#include "backend/base/time.h"

#define LIMIT_MS 60000
#define LOOK_US 200

/* <dir>/<the only folder>/journal.jsonl, which may not be there yet. */
static char *
find_journal(const char *dir)
{
    DIR *d = opendir(dir);
    struct dirent *e;
    char *path = NULL;

    while (d && !path && (e = readdir(d))) {
        if (e->d_name[0] != '.')
            path = hf_xasprintf("%s/%s/journal.jsonl", dir, e->d_name);
    }
    if (d)
        closedir(d);
    return path;
}

/* Where a journal was read up to; what an earlier run wrote does not count. */
struct place {
    ino_t file;
    off_t at;
};

static struct place
end_of(const char *dir)
{
    char *path = find_journal(dir);
    struct stat st;
    struct place p = {0};

    if (path && stat(path, &st) == 0)
        p = (struct place){st.st_ino, st.st_size};
    free(path);
    return p;
}

/* What was appended since `place`, counted once per line. */
static int
count_new(const char *path, struct place *place, struct hf_buf *rest,
          const char *text)
{
    char block[65536];
    int fd = open(path, O_RDONLY | O_CLOEXEC), found = 0;
    off_t *at = &place->at;
    struct stat st;
    ssize_t n = 0;
    char *line, *end;

    if (fd >= 0 && fstat(fd, &st) == 0 && st.st_ino != place->file)
        *place = (struct place){.file = st.st_ino}; /* the old one is away */
    while (fd >= 0 && (n = pread(fd, block, sizeof(block), *at)) > 0) {
        hf_buf_add(rest, block, (size_t)n);
        *at += n;
    }
    if (fd >= 0)
        close(fd);
    for (line = rest->data; line && (end = strchr(line, '\n'));
         line = end + 1) {
        *end = '\0';
        found += strstr(line, text) != NULL;
    }
    if (line && line != rest->data) {
        char *left = hf_xstrdup(line);

        hf_buf_clear(rest);
        hf_buf_puts(rest, left);
        free(left);
    }
    return found;
}

static int
is_over(pid_t pid, int *status)
{
    return waitpid(pid, status, WNOHANG) == pid;
}

/* 1 when the moment came, 0 when the program ended before. */
static int
wait_for(pid_t pid, const char *dir, struct place place, const char *text,
         int count, int *status)
{
    const struct timespec pause = {.tv_nsec = LOOK_US * 1000};
    int64_t began = hf_mono();
    struct hf_buf rest = {0};
    int found = 0;

    while (found < count && hf_mono() - began < LIMIT_MS) {
        char *path = find_journal(dir);

        if (path)
            found += count_new(path, &place, &rest, text);
        free(path);
        if (found < count && is_over(pid, status))
            break;
        nanosleep(&pause, NULL);
    }
    hf_buf_release(&rest);
    return found >= count;
}

/* Passes on what the program says; 1 when `text` was among it, 0 at its end. */
static int
relay(int fd, const char *text)
{
    struct hf_buf said = {0};
    struct pollfd p = {.fd = fd, .events = POLLIN};
    int64_t began = hf_mono();
    char block[4096];
    int found = 0;

    while (!found && hf_mono() - began < LIMIT_MS && poll(&p, 1, 100) >= 0) {
        ssize_t n;

        if (!p.revents)
            continue;
        if ((n = read(fd, block, sizeof(block))) <= 0)
            break;
        hf_buf_add(&said, block, (size_t)n);
        (void)!write(STDERR_FILENO, block, (size_t)n);
        found = text && strstr(hf_buf_str(&said), text);
    }
    hf_buf_release(&said);
    return found;
}

static pid_t
start(char **argv, int *said)
{
    int ends[2];
    pid_t pid;

    if (pipe(ends) < 0 || (pid = fork()) < 0) {
        perror("strike");
        exit(1);
    }
    if (pid == 0) {
        (void)dup2(ends[1], STDERR_FILENO);
        close(ends[0]);
        close(ends[1]);
        execvp(argv[0], argv);
        _exit(127);
    }
    close(ends[1]);
    *said = ends[0];
    return pid;
}

static const struct {
    const char *name;
    int first, second;
} signals[] = {
    {"KILL", SIGKILL, 0},        {"INT", SIGINT, 0},
    {"TERM", SIGTERM, 0},        {"HUP", SIGHUP, 0},
    {"INT+INT", SIGINT, SIGINT}, {"HUP+TERM", SIGHUP, SIGTERM},
};

int
main(int argc, char **argv)
{
    int said, status = 0, struck, which = -1;
    struct place place;
    pid_t pid;

    for (size_t i = 0; argc > 5 && i < HF_COUNT(signals); i++) {
        if (strcmp(signals[i].name, argv[1]) == 0)
            which = (int)i;
    }
    if (which < 0) {
        (void)fputs("usage: strike SIGNAL DIR TEXT COUNT COMMAND...\n", stderr);
        return 2;
    }
    place = end_of(argv[2]);
    pid = start(argv + 5, &said);
    struck = wait_for(pid, argv[2], place, argv[3], atoi(argv[4]), &status);
    if (struck) {
        (void)kill(pid, signals[which].first);
        if (signals[which].second && relay(said, "once more"))
            (void)kill(pid, signals[which].second);
    }
    (void)relay(said, NULL);
    if (struck)
        (void)waitpid(pid, &status, 0);
    (void)printf("%s %d\n", struck ? "struck" : "missed",
                 WIFSIGNALED(status) ? 128 + WTERMSIG(status)
                                     : WEXITSTATUS(status));
    return 0;
}
