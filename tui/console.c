/*
 * The console's loop: keys, signals and the session's descriptors in, one
 * picture at most every 66 ms out. See console.h.
 */
#include "tui/console.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "backend/base/mem.h"
#include "backend/base/time.h"
#include "tui/cli/verb.h"
#include "tui/panes/carry.h"
#include "tui/panes/run_control.h"

#define FRAME_MS 66     /* at most 15 pictures a second */
#define RECALC_MS 250   /* while a run moves things */
#define CLOCK_MS 1000   /* the clock in the header */
#define RELOAD_MS 3000  /* did the repository move? */
#define SETTLE_MS 30000 /* for the ledger, at the end */

struct console {
    struct hf_ui ui;
    int signals; /* signalfd */
    sigset_t before;
    int gone;  /* nobody is behind the terminal */
    int dirty; /* the picture is old */
    int more;  /* the screen has more to work out */
    int64_t drawn, recalced, reloaded, judged;
    int64_t judge_took;
};

/* ---- signals ---- */

static int
open_signals(struct console *c, struct hf_err *err)
{
    static const int taken[] = {SIGHUP, SIGINT, SIGTERM, SIGWINCH, SIGTSTP};
    sigset_t set;

    sigemptyset(&set);
    for (size_t i = 0; i < HF_COUNT(taken); i++)
        sigaddset(&set, taken[i]);
    if (sigprocmask(SIG_BLOCK, &set, &c->before) < 0)
        return hf_fail(err, HF_ERR, "cannot block signals");
    c->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    if (c->signals >= 0)
        return HF_OK;
    (void)sigprocmask(SIG_SETMASK, &c->before, NULL);
    return hf_fail(err, HF_ERR, "cannot watch signals");
}

static void
close_signals(struct console *c)
{
    (void)close(c->signals);
    (void)sigprocmask(SIG_SETMASK, &c->before, NULL);
}

/* Ctrl-Z: the terminal is given back while we are stopped. */
static void
suspend(struct console *c)
{
    hf_screen_leave(c->ui.screen);
    (void)raise(SIGSTOP);
    hf_screen_enter(c->ui.screen);
}

static void
take_signal(struct console *c, int sig)
{
    c->dirty = 1;
    switch (sig) {
    case SIGWINCH:
        hf_screen_resize(c->ui.screen);
        break;
    case SIGTSTP:
        suspend(c);
        break;
    case SIGINT:
        hf_ui_interrupt(&c->ui);
        break;
    case SIGTERM:
        c->ui.leaving = 1;
        c->ui.exit_status = 130;
        break;
    default: /* SIGHUP */
        c->gone = 1;
        c->ui.exit_status = 130;
        break;
    }
}

static void
take_signals(struct console *c)
{
    struct signalfd_siginfo info;

    while (read(c->signals, &info, sizeof(info)) == sizeof(info))
        take_signal(c, (int)info.ssi_signo);
}

/* ---- one round ---- */

static void
take_keys(struct console *c)
{
    struct hf_key key;

    while (!c->ui.leaving && hf_screen_key(c->ui.screen, &key)) {
        hf_ui_key(&c->ui, &key);
        c->dirty = 1;
    }
}

/* Judging all hosts anew costs; it may take a hundredth of the time. */
static void
judge(struct console *c, int64_t mono)
{
    int64_t pause = c->judge_took * 100;

    if (mono - c->judged < (pause > 60000 ? pause : 60000))
        return;
    hf_session_judge(c->ui.session, hf_now());
    c->judged = hf_mono();
    c->judge_took = c->judged - mono;
    c->ui.moved = 1;
}

static void
take_time(struct console *c)
{
    int64_t mono = hf_mono();

    judge(c, mono);
    if (!hf_ui_is_busy(&c->ui) && mono - c->reloaded >= RELOAD_MS) {
        c->reloaded = mono;
        hf_ui_reload(&c->ui);
    }
    if (c->ui.moved && mono - c->recalced >= RECALC_MS) {
        c->ui.moved = 0;
        c->recalced = mono;
        hf_ui_recalc(&c->ui);
        c->dirty = 1;
    }
    if (mono - c->drawn >= (hf_ui_is_busy(&c->ui) ? RECALC_MS : CLOCK_MS))
        c->dirty = 1;
}

static void
draw(struct console *c)
{
    int64_t mono = hf_mono();

    if (!c->dirty || mono - c->drawn < FRAME_MS)
        return;
    c->drawn = mono;
    c->ui.lively = 0;
    hf_ui_draw(&c->ui);
    c->dirty = c->ui.lively;
}

static int
wait_ms(const struct console *c, int64_t due)
{
    int64_t left, timeout = hf_ui_is_busy(&c->ui) ? RECALC_MS : CLOCK_MS;

    if (c->more)
        return 0;
    if (c->dirty) {
        left = FRAME_MS - (hf_mono() - c->drawn);
        timeout = left > 0 ? left : 0;
    }
    return (int)(due >= 0 && due < timeout ? due : timeout);
}

/* What runs wait for: the session, and the hooks of a rollout. */
static size_t
poll_work(const struct console *c, struct pollfd polls[HF_SESSION_FDS + 1])
{
    int fds[HF_SESSION_FDS];
    size_t n = hf_session_fds(c->ui.session, fds);

    for (size_t i = 0; i < n; i++)
        polls[i] = (struct pollfd){.fd = fds[i], .events = POLLIN};
    if (c->ui.conduct)
        polls[n++] = (struct pollfd){.fd = hf_conduct_fd(c->ui.conduct),
                                     .events = POLLIN};
    return n;
}

static void
wait_for_work(struct console *c, int64_t due)
{
    struct pollfd polls[HF_SESSION_FDS + 3];
    size_t n = poll_work(c, polls);

    polls[n] = (struct pollfd){.fd = c->signals, .events = POLLIN};
    polls[n + 1] = (struct pollfd){.fd = STDIN_FILENO, .events = POLLIN};
    if (poll(polls, n + 2, wait_ms(c, due)) <= 0)
        return;
    if (polls[n].revents)
        take_signals(c);
    /* getch would say ERR for ever: look at the terminal itself. */
    if (polls[n + 1].revents & (POLLHUP | POLLERR | POLLNVAL))
        take_signal(c, SIGHUP);
    else if (polls[n + 1].revents)
        take_keys(c);
}

static void
loop(struct console *c)
{
    int64_t due;

    c->dirty = 1;
    c->judged = c->reloaded = hf_mono();
    while (!c->ui.leaving && !c->gone) {
        due = hf_ui_pump(&c->ui);
        take_time(c);
        draw(c);
        c->more = hf_ui_work(&c->ui);
        if (!c->ui.leaving)
            wait_for_work(c, due);
    }
}

/* ---- without a screen ---- */

static void
take_last_signals(struct console *c)
{
    struct signalfd_siginfo info;

    while (read(c->signals, &info, sizeof(info)) == sizeof(info)) {
        if (info.ssi_signo == SIGINT || info.ssi_signo == SIGTERM)
            hf_ui_let_go(&c->ui);
    }
}

/* Hosts in flight are finished and verified, none is started. */
static void
finish_run(struct console *c)
{
    struct pollfd polls[HF_SESSION_FDS + 2];
    int64_t due;
    size_t n;

    hf_ui_wind_up(&c->ui, "the console ended");
    while (hf_ui_is_busy(&c->ui)) {
        due = hf_ui_pump(&c->ui);
        if (!hf_ui_is_busy(&c->ui))
            break;
        n = poll_work(c, polls);
        polls[n] = (struct pollfd){.fd = c->signals, .events = POLLIN};
        (void)poll(polls, n + 1,
                   due >= 0 && due < CLOCK_MS ? (int)due : CLOCK_MS);
        take_last_signals(c);
    }
}

static void
settle(struct console *c)
{
    struct hf_err err = HF_ERR_INIT;
    const char *note;

    if (hf_session_settle(c->ui.session, SETTLE_MS, &err) < 0) {
        if (!c->gone)
            hf_cli_complain(&err);
        return;
    }
    note = hf_session_ledger_note(c->ui.session);
    if (*note && !c->gone)
        (void)fprintf(stderr, "hotfleet: %s\n", note);
}

static void
leave_screen(struct console *c)
{
    /* A SIGHUP may come from somebody else: then the terminal is there. */
    c->gone = c->gone && hf_screen_is_gone(c->ui.screen);
    if (c->gone)
        hf_screen_forget(c->ui.screen);
    else
        hf_screen_close(c->ui.screen);
    c->ui.screen = NULL;
    c->ui.leave_when_over = 1;
    if (hf_ui_is_busy(&c->ui) && !c->gone)
        (void)fputs("hotfleet: hosts under way are finished, none is "
                    "started; Ctrl-C lets go of them\n",
                    stderr);
}

int
hf_console_run(struct hf_session *session, const struct hf_console_options *o,
               struct hf_err *err)
{
    struct hf_screen_options so = {.ascii = o->ascii, .no_color = o->no_color};
    struct console *c = HF_NEW(struct console);
    struct hf_screen *screen;
    int status, rc;

    if ((rc = open_signals(c, err)) < 0)
        goto out;
    if ((rc = hf_screen_open(&screen, &so, err)) < 0) {
        close_signals(c);
        goto out;
    }
    hf_ui_init(&c->ui, session, screen);
    hf_ui_offer_recovery(&c->ui);
    loop(c);
    leave_screen(c);
    status = c->ui.exit_status;
    if (hf_ui_is_busy(&c->ui)) {
        finish_run(c);
        status = c->ui.exit_status;
    }
    settle(c);
    hf_ui_release(&c->ui);
    close_signals(c);
    rc = status;
out:
    free(c);
    return rc;
}
