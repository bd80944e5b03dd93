/* Ctrl-C and its like as something to poll. */
#include "tui/cli/signals.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "backend/base/mem.h"

struct hf_signals {
    int fd;
    sigset_t before;
};

struct hf_signals *
hf_signals_new(void)
{
    struct hf_signals *s = HF_NEW(struct hf_signals);
    sigset_t set;

    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGHUP);
    (void)sigprocmask(SIG_BLOCK, &set, &s->before);
    s->fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    return s;
}

void
hf_signals_free(struct hf_signals *s)
{
    if (!s)
        return;
    if (s->fd >= 0)
        (void)close(s->fd);
    (void)sigprocmask(SIG_SETMASK, &s->before, NULL);
    free(s);
}

int
hf_signals_fd(const struct hf_signals *s)
{
    return s->fd;
}

int
hf_signals_take(struct hf_signals *s)
{
    struct signalfd_siginfo info;

    return read(s->fd, &info, sizeof(info)) == sizeof(info);
}
