/* Runs in the foreground; see runner.h. */
#include "tui/cli/runner.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "backend/base/time.h"
#include "tui/cli/signals.h"

#define REDRAW_MS 150
#define SETTLE_MS 30000

struct runner {
    struct hf_cli *cli;
    struct hf_signals *signals;
    int interrupts;
    int64_t drawn; /* monotonic ms */
    int line_open; /* a progress line is on the terminal */
};

/* ---- what is told while it runs ---- */

static void
clear_line(struct runner *r)
{
    if (r->line_open)
        (void)fputs("\r\033[K", stderr);
    r->line_open = 0;
}

static void
draw_progress(struct runner *r)
{
    size_t by[HF_OUTCOME_COUNT], waiting, in_flight;
    struct hf_run *run = hf_session_run(r->cli->session);
    struct hf_buf line = {0};
    int64_t now = hf_mono();

    if (!r->cli->tty_err || now - r->drawn < REDRAW_MS)
        return;
    r->drawn = now;
    hf_run_counts(run, by, &waiting, &in_flight);
    hf_buf_printf(&line, "%zu waiting, %zu under way", waiting, in_flight);
    for (size_t i = 0; i < HF_OUTCOME_COUNT; i++) {
        if (by[i])
            hf_buf_printf(&line, ", %zu %s", by[i], hf_outcome_names[i]);
    }
    clear_line(r);
    (void)fputs(hf_buf_str(&line), stderr);
    (void)fflush(stderr);
    r->line_open = 1;
    hf_buf_release(&line);
}

static void
on_event(void *ctx, const struct hf_event *e)
{
    struct runner *r = ctx;
    struct hf_event numbered = *e; /* by its place in this stream */
    char *line;

    if (r->cli->opt[HF_OPT_JSONL]) {
        numbered.seq = ++r->cli->told;
        line = hf_event_format(&numbered);
        (void)printf("%s\n", line);
        (void)fflush(stdout);
        free(line);
    }
    if (e->kind == HF_EVENT_HOLD) {
        clear_line(r);
        (void)fprintf(stderr, "starting no further hosts: %s\n",
                      hf_json_str(e->data, "why"));
    }
}

/* ---- signals: once = no new hosts, twice = let go ---- */

static void
take_signals(struct runner *r)
{
    struct hf_run *run = hf_session_run(r->cli->session);

    while (hf_signals_take(r->signals)) {
        clear_line(r);
        if (r->interrupts++ == 0) {
            (void)fputs("interrupted: hosts under way are finished, none is "
                        "started; once more lets go of them\n",
                        stderr);
            hf_run_stop(run, "interrupted");
        } else {
            hf_run_abandon(run);
        }
    }
}

/* ---- the loop ---- */

static void
wait_for_work(struct runner *r, int64_t due)
{
    int fds[HF_SESSION_FDS];
    struct pollfd polls[HF_SESSION_FDS + 1];
    size_t n = hf_session_fds(r->cli->session, fds);
    int timeout = r->cli->tty_err ? REDRAW_MS : 1000;

    for (size_t i = 0; i < n; i++)
        polls[i] = (struct pollfd){.fd = fds[i], .events = POLLIN};
    polls[n] =
        (struct pollfd){.fd = hf_signals_fd(r->signals), .events = POLLIN};
    if (due >= 0 && due < timeout)
        timeout = (int)due;
    (void)poll(polls, n + 1, timeout);
}

static void
loop(struct runner *r)
{
    int64_t due;

    while ((due = hf_session_pump(r->cli->session)) != HF_RUN_OVER) {
        draw_progress(r);
        wait_for_work(r, due);
        take_signals(r);
    }
    clear_line(r);
}

int
hf_runner_run(struct hf_cli *cli, const struct hf_ask *ask, struct hf_err *err)
{
    struct runner r = {.cli = cli};
    int rc;

    r.signals = hf_signals_new();
    rc = hf_session_start(cli->session, ask, on_event, &r, err);
    if (rc == HF_OK)
        loop(&r);
    hf_signals_free(r.signals);
    return rc;
}

static int
recover_one(struct runner *r, struct hf_err *err)
{
    struct hf_session *s = r->cli->session;
    size_t n;
    int rc;

    if ((rc = hf_session_recover(s, on_event, r, err)) < 0)
        return rc;
    n = hf_run_hosts_len(hf_session_run(s));
    (void)fprintf(stderr,
                  "an earlier process left %zu host%s unsettled: asking "
                  "what happened\n",
                  n, hf_plural(n));
    loop(r);
    return r->interrupts ? hf_fail(err, HF_ECANCELLED, "interrupted") : HF_OK;
}

/* 1: it is left to others. A verb that changes hosts cannot go on then. */
static int
left_to_others(struct hf_cli *cli, struct hf_err *err)
{
    const char *who;

    if (cli->opt[HF_OPT_READ_ONLY] || cli->opt[HF_OPT_DRY_RUN])
        return 1;
    if (!(who = hf_session_elsewhere(cli->session)))
        return 0;
    if (!(cli->verb->flags & HF_VERB_CHANGES))
        return 1;
    (void)hf_fail(err, HF_ELOCKED, "%s", who);
    return hf_hint(err, "wait until that has ended, or stop it");
}

int
hf_runner_recover(struct hf_cli *cli, struct hf_err *err)
{
    struct runner r = {.cli = cli};
    size_t left, before, settled = 0;
    int rc;

    if ((rc = left_to_others(cli, err)) != 0)
        return rc < 0 ? rc : 0;
    left = hf_session_open_intents(cli->session);
    before = left + 1;
    if (!left)
        return 0;
    r.signals = hf_signals_new();
    while (rc == HF_OK && left && left < before) {
        rc = recover_one(&r, err);
        settled += rc == HF_OK;
        before = left;
        left = hf_session_open_intents(cli->session);
    }
    hf_signals_free(r.signals);
    /* Somebody else was faster. */
    if (rc == HF_ENOTFOUND ||
        (rc == HF_ELOCKED && !(cli->verb->flags & HF_VERB_CHANGES)))
        rc = HF_OK;
    return rc < 0 ? rc : settled > 0;
}

void
hf_runner_settle(struct hf_cli *cli)
{
    struct hf_err err = HF_ERR_INIT;

    if (hf_session_settle(cli->session, SETTLE_MS, &err) < 0)
        hf_cli_complain(&err);
    else if (hf_session_ledger_note(cli->session)[0])
        (void)fprintf(stderr, "hotfleet: %s\n",
                      hf_session_ledger_note(cli->session));
}
