/*
 * hotfleet run: carries a plan out in the foreground, or does what is due and
 * leaves (--tick).
 */
#include "playbooks/plan.h"
#include "playbooks/rollout.h"
#include "tui/cli/find_plan.h"
#include "tui/cli/plan_report.h"
#include "tui/cli/rollout_runner.h"
#include "tui/cli/runner.h"
#include "tui/cli/verb.h"

/* ---- which run ---- */

static int
begin(struct hf_rollout_runner *k, const char *name, struct hf_err *err)
{
    struct hf_cli *cli = k->cli;
    struct hf_plan *plan = NULL;
    int rc;

    if ((rc = hf_runner_recover(cli, err)) < 0 ||
        (rc = hf_cli_find_plan(&plan, cli, name, err)) < 0)
        goto out;
    if (!cli->opt[HF_OPT_JSON] && !cli->opt[HF_OPT_JSONL])
        hf_plan_print(cli, plan);
    if ((rc = hf_cli_consent(cli, "run", plan->hosts_len, err)) < 0)
        goto out;
    rc = hf_rollout_begin(k, plan, err);
out:
    hf_plan_free(plan);
    return rc;
}

/* Every run that is not over, one after another. One that somebody else
 * carries out is left to them. How a run stands is no failure of the tick. */
static int
tick_all(struct hf_rollout_runner *k)
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
        rc = hf_rollout_go_on(k, runs.v[i], &err);
        if (rc == HF_OK)
            (void)hf_rollout_carry_out(k);
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
    if (!all && !cli->argc) {
        (void)hf_fail(err, HF_EUSAGE, "say what is to be run");
        return hf_hint(err, "a playbook (hotfleet playbook list), a plan, or "
                            "a run to go on with (hotfleet runs)");
    }
    if (cli->opt[HF_OPT_TAKEOVER] && (all || !hf_run_id_valid(cli->argv[0])))
        return hf_fail(err, HF_EUSAGE, "--takeover is about one run: name it");
    return HF_OK;
}

static int
run_run(struct hf_cli *cli)
{
    struct hf_rollout_runner k = {.cli = cli,
                                  .tick = cli->opt[HF_OPT_TICK] != NULL};
    struct hf_err err = HF_ERR_INIT;
    int rc;

    if (check_words(cli, &err) < 0)
        return hf_cli_fail(cli, &err);
    if (cli->opt[HF_OPT_ALL])
        return tick_all(&k);
    rc = hf_rollout_go_on(&k, cli->argv[0], &err);
    if (rc == HF_ENOTFOUND && !cli->opt[HF_OPT_TAKEOVER]) {
        err = (struct hf_err)HF_ERR_INIT;
        rc = begin(&k, cli->argv[0], &err);
    }
    if (rc < 0) {
        hf_cli_problems(cli);
        return hf_cli_fail(cli, &err);
    }
    return hf_rollout_carry_out(&k);
}

const struct hf_verb hf_verb_run = {
    .name = "run",
    .group = "act",
    .args = "PLAYBOOK | PLAN | RUN | --tick --all",
    .summary = "carry out a playbook, a plan, or go on with a run",
    .help = "A plan must still be fresh. Ring by ring: budgets, gates and soak "
            "as the playbook says. A run that was paused, halted or left goes "
            "on by its id, from any machine that has the ledger. With --tick "
            "it does what is due and leaves: for timers, and with --all so for "
            "every run that is not over. Where two machines went on with a "
            "run, --takeover goes by the ledger.",
    .examples =
        "  hotfleet run monthly-hotpatch --change CHG001\n"
        "  hotfleet run 20261123T053713Z-2d1d20 --yes --expect-hosts 23\n"
        "  hotfleet run 20261123T060000Z-77aa01 --tick\n"
        "  hotfleet run compliance-check --yes --expect-hosts 23 --junit "
        "run.xml\n",
    .options =
        HF_OPTS(HF_OPTS_FLEET, HF_OPT_JSONL, HF_OPT_CHANGE, HF_OPT_REASON,
                HF_OPT_YES, HF_OPT_EXPECT, HF_OPT_OLD_CATALOGUE, HF_OPT_TICK,
                HF_OPT_ALL, HF_OPT_JUNIT, HF_OPT_PROMETHEUS, HF_OPT_TAKEOVER),
    .flags = HF_VERB_NEEDS_FLEET | HF_VERB_WRITES | HF_VERB_CHANGES,
    .max_args = 1,
    .run = run_run,
};
