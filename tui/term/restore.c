/* Terminal settings on the way out; see restore.h. Only functions that are
 * safe in a signal handler. */
#include "tui/term/restore.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "backend/base/mem.h"

static const int fatal[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGQUIT};
static struct sigaction before[HF_COUNT(fatal)];
static struct termios settings;
static volatile sig_atomic_t armed;
static char bytes[256];

static void
give_back(void)
{
    if (!armed)
        return;
    armed = 0;
    if (bytes[0] && write(STDOUT_FILENO, bytes, strlen(bytes)) < 0) {
        /* the terminal is gone: nothing to give back */
    }
    (void)tcsetattr(STDIN_FILENO, TCSANOW, &settings);
}

/* As before, then the signal once more: a core or a sanitiser's report. */
static void
on_fatal(int sig)
{
    give_back();
    for (size_t i = 0; i < HF_COUNT(fatal); i++) {
        if (fatal[i] == sig)
            (void)sigaction(sig, &before[i], NULL);
    }
    (void)raise(sig);
}

void
hf_restore_arm(void)
{
    static int registered;
    struct sigaction action = {.sa_handler = on_fatal, .sa_flags = SA_NODEFER};

    if (tcgetattr(STDIN_FILENO, &settings) < 0)
        return;
    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < HF_COUNT(fatal); i++)
        (void)sigaction(fatal[i], &action, &before[i]);
    if (!registered && atexit(give_back) == 0)
        registered = 1;
    armed = 1;
}

void
hf_restore_bytes(const char *rmcup, const char *cnorm, const char *rmkx)
{
    /* No more bracketed pastes, plain attributes, then terminfo's own. */
    (void)snprintf(bytes, sizeof(bytes), "\033[?2004l\033[m%s%s%s", rmkx, cnorm,
                   rmcup);
}

void
hf_restore_disarm(void)
{
    if (!armed)
        return;
    armed = 0;
    for (size_t i = 0; i < HF_COUNT(fatal); i++)
        (void)sigaction(fatal[i], &before[i], NULL);
}
