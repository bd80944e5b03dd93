/* Rollouts in the foreground; see rollout_runner.h. */
#include "tui/cli/rollout_runner.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/text.h"
#include "backend/base/time.h"
#include "tui/cli/rollout_files.h"
#include "tui/cli/rollout_report.h"
#include "tui/cli/runner.h"
#include "tui/cli/signals.h"

#define LONGEST_WAIT 1000 /* ms: progress is drawn, people are heard */
#define WRITE_EVERY 10000 /* ms: --prometheus */

/* ---- what is told ---- */

static void
on_event(void *ctx, const struct hf_rollout_event *e)
{
    struct hf_rollout_runner *k = ctx;
    cJSON *doc;
    char *line;

    if (k->cli->opt[HF_OPT_JSONL]) {
        doc = hf_rollout_event_to_json(e, hf_conduct_plan(k->c));
        hf_json_add_int(doc, "seq", (int64_t)++k->cli->told);
        hf_json_add_str(doc, "run", hf_conduct_run_id(k->c));
        line = hf_json_print(doc);
        (void)printf("%s\n", line);
        (void)fflush(stdout);
        free(line);
        cJSON_Delete(doc);
    }
    hf_progress_event(k->progress, hf_conduct_plan(k->c), e);
}

static void
write_now_and_then(struct hf_rollout_runner *k)
{
    if (k->written_at && hf_mono() - k->written_at < WRITE_EVERY)
        return;
    k->written_at = hf_mono();
    hf_rollout_write_prometheus(k->cli, k->c);
}

/* ---- the loop ---- */

static void
wait_for_work(struct hf_rollout_runner *k, int64_t due)
{
    struct pollfd polls[HF_SESSION_FDS + 2];
    int fds[HF_SESSION_FDS];
    size_t n = hf_session_fds(k->cli->session, fds);
    int timeout = LONGEST_WAIT;

    for (size_t i = 0; i < n; i++)
        polls[i] = (struct pollfd){.fd = fds[i], .events = POLLIN};
    polls[n++] = (struct pollfd){.fd = hf_conduct_fd(k->c), .events = POLLIN};
    polls[n++] =
        (struct pollfd){.fd = hf_signals_fd(k->signals), .events = POLLIN};
    if (due >= 0 && due < timeout)
        timeout = (int)due;
    (void)poll(polls, n, timeout);
}

/* Once: nothing new begins, those under way are finished; the run is paused.
 * Twice: let go. */
static void
interrupted(struct hf_rollout_runner *k)
{
    struct hf_rollout_event e = hf_rollout_event_of(HF_ROLLOUT_PAUSED);
    struct hf_err err = HF_ERR_INIT;

    hf_say(e.why, sizeof(e.why), "interrupted");
    if (k->interrupts++ == 0) {
        (void)fputs("\ninterrupted: the run is paused, hosts under way are "
                    "finished; once more lets go of them\n",
                    stderr);
        if (hf_conduct_say(k->c, &e, &err) < 0)
            hf_cli_complain(&err);
    } else {
        hf_conduct_let_go(k->c);
    }
}

static enum hf_rollout_state
state_of(const struct hf_rollout_runner *k)
{
    struct hf_rollout_view v;

    hf_rollout_view(hf_conduct_rollout(k->c), &v);
    return v.state;
}

/* Nothing is under way: is there reason to stay? */
static int
is_done(const struct hf_rollout_runner *k)
{
    return k->tick || k->interrupts > 1 || state_of(k) != HF_ROLLOUT_GOING;
}

/* Told once, when it begins to be in the way. */
static void
tell_trouble(struct hf_rollout_runner *k)
{
    const char *trouble = hf_conduct_trouble(k->c);

    if (strcmp(trouble, k->trouble) == 0)
        return;
    (void)snprintf(k->trouble, sizeof(k->trouble), "%s", trouble);
    if (*trouble)
        (void)fprintf(stderr, "hotfleet: %s\n", trouble);
}

static void
loop(struct hf_rollout_runner *k)
{
    int64_t wait;

    while ((wait = hf_conduct_pump(k->c)) != HF_RUN_OVER) {
        hf_progress_draw(k->progress, k->c);
        write_now_and_then(k);
        tell_trouble(k);
        if (wait == HF_CONDUCT_IDLE) {
            if (is_done(k))
                return;
            wait = hf_conduct_due(k->c) && !hf_conduct_blocked(k->c)
                       ? hf_conduct_due(k->c) - hf_now()
                       : LONGEST_WAIT;
            wait = wait < 0 ? 0 : wait;
        }
        wait_for_work(k, wait);
        while (hf_signals_take(k->signals))
            interrupted(k);
    }
    tell_trouble(k); /* what came with the last answers */
}

static int
exit_of(const struct hf_rollout_runner *k)
{
    struct hf_rollout_view v;

    hf_rollout_view(hf_conduct_rollout(k->c), &v);
    if (v.state == HF_ROLLOUT_IS_OVER)
        return v.exit;
    if (k->interrupts)
        return HF_EXIT_INTERRUPTED;
    if (hf_conduct_blocked(k->c))
        return hf_conduct_blocked(k->c) == HF_ELOCKED ? HF_EXIT_LOCKED
                                                      : HF_EXIT_USAGE;
    return v.state == HF_ROLLOUT_GOING ? HF_EXIT_OK : HF_EXIT_HALTED;
}

/* The run that takes this one back goes on at once; how it ended is told by a
 * report of its own. */
static void
take_back(struct hf_rollout_runner *k)
{
    struct hf_conduct *taken_back = k->c;
    struct hf_err err = HF_ERR_INIT;
    struct hf_rollout_view v;

    hf_rollout_view(hf_conduct_rollout(k->c), &v);
    if (!v.taken_back_by[0] || k->interrupts ||
        hf_rollout_is_over(k->cli->session, v.taken_back_by))
        return;
    if (hf_rollout_go_on(k, v.taken_back_by, &err) == HF_OK) {
        loop(k);
        if (!k->cli->opt[HF_OPT_JSON] && !k->cli->opt[HF_OPT_JSONL])
            (void)hf_rollout_report(k->cli, k->c, exit_of(k));
        hf_conduct_free(k->c);
    } else if (err.code != HF_ELOCKED) {
        hf_cli_complain(&err);
    }
    k->c = taken_back;
}

int
hf_rollout_carry_out(struct hf_rollout_runner *k)
{
    int status;

    k->signals = hf_signals_new();
    k->progress = hf_progress_new(k->cli);
    loop(k);
    take_back(k);
    hf_progress_free(k->progress);
    status = exit_of(k);
    hf_signals_free(k->signals);
    hf_runner_settle(k->cli); /* what is told rests on evidence in the ledger */
    hf_rollout_write_files(k->cli, k->c);
    status = hf_rollout_report(k->cli, k->c, status);
    hf_conduct_free(k->c);
    return status;
}

int
hf_rollout_begin(struct hf_rollout_runner *k, const struct hf_plan *plan,
                 struct hf_err *err)
{
    const struct hf_conduct_options o = {.on_event = on_event, .ctx = k};

    return hf_conduct_new(&k->c, k->cli->session, plan, &o, err);
}

int
hf_rollout_go_on(struct hf_rollout_runner *k, const char *run,
                 struct hf_err *err)
{
    const struct hf_conduct_options o = {
        .on_event = on_event,
        .ctx = k,
        .takeover = k->cli->opt[HF_OPT_TAKEOVER] != NULL};

    if (!hf_run_id_valid(run))
        return HF_ENOTFOUND;
    return hf_conduct_resume(&k->c, k->cli->session, run, &o, err);
}
