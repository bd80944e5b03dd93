/*
 * hotfleet run: carries a plan out in the foreground, or does what is due and
 * leaves (--tick).
 */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/time.h"
#include "playbooks/plan.h"
#include "playbooks/rollout.h"
#include "tui/cli/plan_report.h"
#include "tui/cli/rollout_files.h"
#include "tui/cli/rollout_report.h"
#include "tui/cli/runner.h"
#include "tui/cli/signals.h"
#include "tui/cli/verb.h"

#define LONGEST_WAIT 1000 /* ms: progress is drawn, people are heard */
#define WRITE_EVERY 10000 /* ms: --prometheus */

struct conducting {
    struct hf_cli *cli;
    struct hf_conduct *c;
    struct hf_progress *progress;
    struct hf_signals *signals;
    int interrupts;
    int tick;
    int64_t written_at; /* monotonic */
    char trouble[256];
};

/* ---- what is told ---- */

static void
on_event(void *ctx, const struct hf_rollout_event *e)
{
    struct conducting *k = ctx;
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
write_now_and_then(struct conducting *k)
{
    if (k->written_at && hf_mono() - k->written_at < WRITE_EVERY)
        return;
    k->written_at = hf_mono();
    hf_rollout_write_prometheus(k->cli, k->c);
}

/* ---- the loop ---- */

static void
wait_for_work(struct conducting *k, int64_t due)
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
interrupted(struct conducting *k)
{
    struct hf_rollout_event e = {.kind = HF_ROLLOUT_PAUSED,
                                 .ring = -1,
                                 .batch = -1,
                                 .gate = -1,
                                 .hook = -1,
                                 .host = -1,
                                 .why = "interrupted"};
    struct hf_err err = HF_ERR_INIT;

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
state_of(const struct conducting *k)
{
    struct hf_rollout_view v;

    hf_rollout_view(hf_conduct_rollout(k->c), &v);
    return v.state;
}

/* Nothing is under way: is there reason to stay? */
static int
is_done(const struct conducting *k)
{
    return k->tick || k->interrupts > 1 || state_of(k) != HF_ROLLOUT_GOING;
}

/* Told once, when it begins to be in the way. */
static void
tell_trouble(struct conducting *k)
{
    const char *trouble = hf_conduct_trouble(k->c);

    if (strcmp(trouble, k->trouble) == 0)
        return;
    (void)snprintf(k->trouble, sizeof(k->trouble), "%s", trouble);
    if (*trouble)
        (void)fprintf(stderr, "hotfleet: %s\n", trouble);
}

static void
loop(struct conducting *k)
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
}

static int
exit_of(const struct conducting *k)
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

static int
conduct(struct conducting *k)
{
    int status;

    k->signals = hf_signals_new();
    k->progress = hf_progress_new(k->cli);
    loop(k);
    hf_progress_free(k->progress);
    status = exit_of(k);
    hf_signals_free(k->signals);
    hf_rollout_write_files(k->cli, k->c);
    status = hf_rollout_report(k->cli, k->c, status);
    hf_conduct_free(k->c);
    hf_runner_settle(k->cli);
    return status;
}

/* ---- which run ---- */

/* A run that has begun is gone on with. HF_ENOTFOUND: there is none of that
 * name. */
static int
go_on(struct conducting *k, const char *id, const struct hf_conduct_options *o,
      struct hf_err *err)
{
    if (!hf_run_id_valid(id))
        return HF_ENOTFOUND;
    return hf_conduct_resume(&k->c, k->cli->session, id, o, err);
}

static int
check_fresh(struct hf_cli *cli, const struct hf_plan *plan, struct hf_err *err)
{
    struct hf_plan_moves moves = {0};
    int rc = hf_plan_moved(&moves, cli->session, plan, &cli->problems, err);

    if (rc == HF_OK && moves.stale.len) {
        rc = hf_fail(err, HF_ESTALE, "plan %s is stale: %s", plan->id,
                     moves.stale.v[0]);
        (void)hf_hint(err,
                      "hotfleet plan --fresh %s says all that moved; "
                      "then plan anew",
                      plan->id);
    }
    hf_plan_moves_release(&moves);
    return rc;
}

/* From a playbook's name a plan is made here and now; a plan by its id or hash
 * must still be fresh. */
static int
find_plan(struct hf_plan **out, struct hf_cli *cli, const char *name,
          struct hf_err *err)
{
    struct hf_plan_ask ask = {
        .playbook = name,
        .change = cli->opt[HF_OPT_CHANGE],
        .reason = cli->opt[HF_OPT_REASON],
        .old_catalogue = cli->opt[HF_OPT_OLD_CATALOGUE] != NULL,
    };
    struct hf_err other = HF_ERR_INIT;
    int rc;

    rc = hf_plan_find_recorded(out, cli->session, name, &other);
    if (rc == HF_OK)
        return check_fresh(cli, *out, err);
    if (rc != HF_ENOTFOUND) {
        *err = other;
        return rc;
    }
    rc = hf_plan_make(out, cli->session, &ask, &cli->problems, err);
    if (rc == HF_OK && !cli->opt[HF_OPT_READ_ONLY])
        rc = hf_plan_record(cli->session, *out, err);
    return rc;
}

static int
begin(struct conducting *k, const char *name,
      const struct hf_conduct_options *o, struct hf_err *err)
{
    struct hf_cli *cli = k->cli;
    struct hf_plan *plan = NULL;
    int rc;

    if ((rc = hf_runner_recover(cli, err)) < 0 ||
        (rc = find_plan(&plan, cli, name, err)) < 0)
        goto out;
    if (!cli->opt[HF_OPT_JSON] && !cli->opt[HF_OPT_JSONL])
        hf_plan_print(cli, plan);
    if ((rc = hf_cli_consent(cli, "run", plan->hosts_len, err)) < 0)
        goto out;
    rc = hf_conduct_new(&k->c, cli->session, plan, o, err);
out:
    hf_plan_free(plan);
    return rc;
}

/* Every run that is not over, one after another. One that somebody else
 * carries out is left to them. How a run stands is no failure of the tick. */
static int
tick_all(struct conducting *k, const struct hf_conduct_options *o)
{
    struct hf_strs runs = {0};
    struct hf_err err = HF_ERR_INIT;
    int status = HF_EXIT_OK, rc;

    if (hf_rollout_list(&runs, k->cli->session, &err) < 0)
        status = hf_cli_fail(k->cli, &err);
    for (size_t i = 0; i < runs.len && !k->interrupts; i++) {
        if (hf_rollout_is_over(k->cli->session, runs.v[i]))
            continue;
        err = (struct hf_err)HF_ERR_INIT;
        rc = go_on(k, runs.v[i], o, &err);
        if (rc == HF_OK)
            (void)conduct(k);
        else if (rc != HF_ELOCKED)
            status = hf_cli_fail(k->cli, &err);
    }
    hf_strs_release(&runs);
    return k->interrupts ? HF_EXIT_INTERRUPTED : status;
}

/* One run, or with --tick all of them. */
static int
check_words(const struct hf_cli *cli, struct hf_err *err)
{
    int all = cli->opt[HF_OPT_ALL] != NULL;

    if (all && (!cli->opt[HF_OPT_TICK] || cli->argc))
        return hf_fail(err, HF_EUSAGE,
                       "--all goes with --tick, and names no "
                       "run");
    if (all && (cli->opt[HF_OPT_JSON] || cli->opt[HF_OPT_JUNIT] ||
                cli->opt[HF_OPT_PROMETHEUS]))
        return hf_fail(err, HF_EUSAGE,
                       "--json, --junit and --prometheus are "
                       "about one run: name it");
    if (!all && !cli->argc)
        return hf_fail(err, HF_EUSAGE, "say what is to be run");
    return HF_OK;
}

static int
run_run(struct hf_cli *cli)
{
    struct conducting k = {.cli = cli, .tick = cli->opt[HF_OPT_TICK] != NULL};
    const struct hf_conduct_options o = {.on_event = on_event, .ctx = &k};
    struct hf_err err = HF_ERR_INIT;
    int rc;

    if (check_words(cli, &err) < 0)
        return hf_cli_fail(cli, &err);
    if (cli->opt[HF_OPT_ALL])
        return tick_all(&k, &o);
    rc = go_on(&k, cli->argv[0], &o, &err);
    if (rc == HF_ENOTFOUND) {
        err = (struct hf_err)HF_ERR_INIT;
        rc = begin(&k, cli->argv[0], &o, &err);
    }
    if (rc < 0) {
        hf_cli_problems(cli);
        return hf_cli_fail(cli, &err);
    }
    return conduct(&k);
}

const struct hf_verb hf_verb_run = {
    .name = "run",
    .group = "act",
    .args = "PLAYBOOK | PLAN | RUN | --tick --all",
    .summary = "carry out a playbook, a plan, or go on with a run",
    .help =
        "A plan must still be fresh. Ring by ring: budgets, gates and soak as "
        "the playbook says.\nA run that was paused, halted or left goes on by "
        "its id, from any machine that has\nthe ledger. With --tick it does "
        "what is due and leaves: for timers,\nand with --all so for every run "
        "that is not over.",
    .examples =
        "  hotfleet run monthly-hotpatch --change CHG001\n"
        "  hotfleet run 20261123T053713Z-2d1d20 --yes --expect-hosts 23\n"
        "  hotfleet run 20261123T060000Z-77aa01 --tick\n"
        "  hotfleet run compliance-check --yes --expect-hosts 23 --junit "
        "run.xml\n",
    .options = HF_OPTS_FLEET | HF_OPT_BIT(HF_OPT_JSONL) |
               HF_OPT_BIT(HF_OPT_CHANGE) | HF_OPT_BIT(HF_OPT_REASON) |
               HF_OPT_BIT(HF_OPT_YES) | HF_OPT_BIT(HF_OPT_EXPECT) |
               HF_OPT_BIT(HF_OPT_OLD_CATALOGUE) | HF_OPT_BIT(HF_OPT_TICK) |
               HF_OPT_BIT(HF_OPT_ALL) | HF_OPT_BIT(HF_OPT_JUNIT) |
               HF_OPT_BIT(HF_OPT_PROMETHEUS),
    .flags = HF_VERB_NEEDS_FLEET | HF_VERB_WRITES | HF_VERB_CHANGES,
    .max_args = 1,
    .run = run_run,
};
