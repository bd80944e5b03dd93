/*
 * Child processes: a session of their own (so that they never ask questions
 * on our terminal), default signals, three descriptors and no others.
 */
#include "backend/base/child.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "backend/base/file.h"
#include "backend/base/mem.h"
#include "backend/base/time.h"

#define GRACE_MS 2000 /* between TERM and KILL */
#define MAX_CHUNKS 64 /* read at once: more than a pipe holds */
#define TICK_MS 20    /* looks for its end where the kernel lacks pidfd */

extern char **environ;

enum { IN, OUT, ERR, EXIT, FDS };

/* One running child. */
struct running {
    struct hf_child *c;
    pid_t pid;
    struct pollfd fd[FDS]; /* our pipe ends and the pidfd; -1: closed */
    size_t written;
    int64_t deadline;
    int signal; /* what we sent it last, or 0 */
    int ended;
};

static void
close_fd(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

/* Our end never blocks; the child's end is an ordinary pipe. */
static int
make_pipe(int *ours, int *theirs, int we_write)
{
    int ends[2];

    if (pipe2(ends, O_CLOEXEC) < 0)
        return -1;
    *ours = ends[we_write];
    *theirs = ends[!we_write];
    fcntl(*ours, F_SETFL, fcntl(*ours, F_GETFL) | O_NONBLOCK);
    return 0;
}

static int
make_pipes(struct running *r, int theirs[3])
{
    if (r->c->input) {
        if (make_pipe(&r->fd[IN].fd, &theirs[IN], 1) < 0)
            return -1;
    } else {
        theirs[IN] = open("/dev/null", O_RDONLY | O_CLOEXEC);
        if (theirs[IN] < 0)
            return -1;
    }
    if (make_pipe(&r->fd[OUT].fd, &theirs[OUT], 0) < 0)
        return -1;
    return make_pipe(&r->fd[ERR].fd, &theirs[ERR], 0);
}

static int
same_variable(const char *a, const char *b)
{
    size_t n = strcspn(a, "=");

    return strncmp(a, b, n) == 0 && b[n] == '=';
}

/* Ours with the extra ones put in place; the list is the caller's. */
static char **
merge_environment(const char *const *extra)
{
    size_t n = 0, m = 0, len = 0;
    char **merged;

    while (environ[n])
        n++;
    while (extra && extra[m])
        m++;
    merged = hf_xcalloc(n + m + 1, sizeof(*merged));
    for (size_t i = 0; i < n; i++) {
        size_t j = 0;

        while (j < m && !same_variable(extra[j], environ[i]))
            j++;
        if (j == m)
            merged[len++] = environ[i];
    }
    for (size_t j = 0; j < m; j++)
        merged[len++] = (char *)extra[j];
    return merged;
}

static int
spawn(struct running *r, const int theirs[3])
{
    char **env = merge_environment(r->c->env);
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attr;
    sigset_t all, none;
    int failed;

    sigfillset(&all);
    sigemptyset(&none);
    posix_spawnattr_init(&attr);
    posix_spawnattr_setsigdefault(&attr, &all);
    posix_spawnattr_setsigmask(&attr, &none);
    posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGDEF |
                                        POSIX_SPAWN_SETSIGMASK |
                                        POSIX_SPAWN_SETSID);
    posix_spawn_file_actions_init(&actions);
    for (int i = IN; i <= ERR; i++)
        posix_spawn_file_actions_adddup2(&actions, theirs[i], i);
    if (r->c->cwd)
        posix_spawn_file_actions_addchdir_np(&actions, r->c->cwd);
    failed = posix_spawnp(&r->pid, r->c->argv[0], &actions, &attr,
                          (char *const *)r->c->argv, env);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attr);
    free(env);
    return failed;
}

static int
start(struct running *r, struct hf_err *err)
{
    const char *name = r->c->argv[0];
    int theirs[3] = {-1, -1, -1};
    int failed;

    if (make_pipes(r, theirs) < 0)
        failed = errno;
    else
        failed = spawn(r, theirs);
    for (int i = IN; i <= ERR; i++)
        close_fd(&theirs[i]);
    if (failed == 0) {
        r->fd[EXIT].fd = (int)syscall(SYS_pidfd_open, r->pid, 0);
        return HF_OK;
    }
    if (failed == ENOENT && r->c->cwd && !hf_path_exists(r->c->cwd))
        return hf_fail_errno(err, failed, "cannot run '%s' in '%s'", name,
                             r->c->cwd);
    return hf_fail_errno(err, failed, "cannot run '%s'", name);
}

static void
feed(struct running *r)
{
    const char *p = (const char *)r->c->input + r->written;
    size_t left = r->c->input_len - r->written;
    ssize_t n = left ? write(r->fd[IN].fd, p, left) : 0;

    if (n > 0)
        r->written += (size_t)n;
    if (r->written == r->c->input_len ||
        (n < 0 && errno != EAGAIN && errno != EINTR))
        close_fd(&r->fd[IN].fd); /* all is said, or nobody listens */
}

/* Reads what is there; what is over the limit is read and dropped. */
static void
drain(struct running *r, int which, struct hf_buf *kept)
{
    char chunk[16384];
    ssize_t n = 1;

    for (int i = 0; i < MAX_CHUNKS && n > 0; i++) {
        size_t room = r->c->max_output - kept->len;

        n = read(r->fd[which].fd, chunk, sizeof(chunk));
        if (n > 0)
            hf_buf_add(kept, chunk, (size_t)n < room ? (size_t)n : room);
    }
    if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
        close_fd(&r->fd[which].fd);
}

static void
look_for_end(struct running *r)
{
    int status;
    pid_t got = waitpid(r->pid, &status, WNOHANG);

    if (got == 0 || (got < 0 && errno == EINTR))
        return;
    r->ended = 1;
    if (got < 0)
        r->c->status = 255; /* somebody else took its status */
    else if (WIFEXITED(status))
        r->c->status = WEXITSTATUS(status);
    else
        r->c->status = 128 + WTERMSIG(status);
}

/* TERM at the deadline, KILL after the grace, both to its whole session;
 * one that even then hangs in the kernel is given up. */
static void
enforce_deadline(struct running *r)
{
    if (hf_mono() < r->deadline)
        return;
    if (r->signal == SIGKILL) {
        r->c->status = 128 + SIGKILL;
        r->ended = 1;
        return;
    }
    r->signal = r->signal ? SIGKILL : SIGTERM;
    kill(-r->pid, r->signal);
    r->deadline = hf_mono() + GRACE_MS;
}

static int
wait_ms(const struct running *r)
{
    int64_t left = r->deadline - hf_mono();

    if (r->fd[EXIT].fd < 0 && left > TICK_MS)
        left = TICK_MS;
    return left < 0 ? 0 : left > 60000 ? 60000 : (int)left;
}

/* Until the child ended; then what it wrote is in the pipes. */
static void
attend(struct running *r)
{
    struct hf_child *c = r->c;

    while (!r->ended) {
        poll(r->fd, FDS, wait_ms(r));
        look_for_end(r);
        if (r->fd[IN].fd >= 0)
            feed(r);
        if (r->fd[OUT].fd >= 0)
            drain(r, OUT, &c->out);
        if (r->fd[ERR].fd >= 0)
            drain(r, ERR, &c->err);
        if (!r->ended)
            enforce_deadline(r);
    }
}

/* SIGPIPE stays out of the program while we write to a child: blocked in
 * this thread, and taken away again if one came. */
static void
attend_without_sigpipe(struct running *r)
{
    const struct timespec now = {0, 0};
    sigset_t pipe_set, old, pending;
    int was_pending;

    sigemptyset(&pipe_set);
    sigaddset(&pipe_set, SIGPIPE);
    sigpending(&pending);
    was_pending = sigismember(&pending, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe_set, &old);
    attend(r);
    if (!was_pending)
        while (sigtimedwait(&pipe_set, NULL, &now) < 0 && errno == EINTR)
            ;
    pthread_sigmask(SIG_SETMASK, &old, NULL);
}

int
hf_child_run(struct hf_child *c, struct hf_err *err)
{
    struct running r = {.c = c};
    int rc;

    assert(c->argv && c->argv[0] && c->timeout_ms > 0);
    hf_buf_clear(&c->out);
    hf_buf_clear(&c->err);
    c->status = -1;
    for (int i = 0; i < FDS; i++)
        r.fd[i] = (struct pollfd){.fd = -1, .events = POLLIN};
    r.fd[IN].events = POLLOUT;
    rc = start(&r, err);
    if (rc == HF_OK) {
        r.deadline = hf_mono() + c->timeout_ms;
        attend_without_sigpipe(&r);
        if (r.signal)
            rc = hf_fail(err, HF_ETIMEOUT, "'%s' did not end within %lld ms",
                         c->argv[0], (long long)c->timeout_ms);
    }
    for (int i = 0; i < FDS; i++)
        close_fd(&r.fd[i].fd);
    return rc;
}
