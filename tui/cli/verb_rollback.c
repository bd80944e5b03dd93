/*
 * hotfleet rollback: of hosts, at once; of a run or a release, as a plan that
 * the engine of rollouts carries out.
 */
#include <stdio.h>
#include <stdlib.h>

#include "playbooks/undo.h"
#include "tui/cli/change_report.h"
#include "tui/cli/plan_offer.h"
#include "tui/cli/runner.h"
#include "tui/cli/verb.h"

struct taking_back {
    struct hf_cli *cli;
    struct hf_undo what;
    const struct hf_state **states; /* of a selector */
    const char **names;
    struct hf_plan *plan;
    struct hf_strs blocked;
};

static void
taking_back_release(struct taking_back *k)
{
    hf_plan_free(k->plan);
    hf_strs_release(&k->blocked);
    free(k->states);
    free(k->names);
}

/* ---- which hosts, which plan ---- */

/* "rollback RUN" is "rollback --run RUN". */
static const char *
run_of(const struct hf_cli *cli)
{
    if (cli->opt[HF_OPT_RUN])
        return cli->opt[HF_OPT_RUN];
    return cli->argc == 1 && hf_run_id_valid(cli->argv[0]) ? cli->argv[0]
                                                           : NULL;
}

static int
choose(struct taking_back *k, struct hf_err *err)
{
    struct hf_cli *cli = k->cli;
    char *text = NULL;
    size_t n;
    int rc;

    if (!cli->argc || k->what.run == cli->argv[0])
        return HF_OK;
    rc = hf_cli_select(cli, 0, &k->states, &n, &text, err);
    free(text);
    if (rc < 0)
        return rc;
    k->names = hf_cli_names(k->states, n);
    k->what.among = k->names;
    k->what.among_len = n;
    return HF_OK;
}

static int
make(struct taking_back *k, struct hf_err *err)
{
    struct hf_cli *cli = k->cli;
    const struct hf_plan_ask more = {.change = cli->opt[HF_OPT_CHANGE],
                                     .reason = cli->opt[HF_OPT_REASON]};
    int rc;

    k->what.run = run_of(cli);
    k->what.release = cli->opt[HF_OPT_RELEASE];
    k->what.ring = cli->opt[HF_OPT_RING];
    if (cli->opt[HF_OPT_BREAK_GLASS])
        return hf_fail(err, HF_EUSAGE,
                       "--break-glass is for hosts that are named, not for a "
                       "plan");
    if (cli->opt[HF_OPT_PARALLEL] || cli->opt[HF_OPT_CONTINUE])
        return hf_fail(err, HF_EUSAGE,
                       "--parallel and --continue are said by the playbook "
                       "'%s' here",
                       HF_UNDO_PLAYBOOK);
    if (k->what.ring && !k->what.run) {
        (void)hf_fail(err, HF_EUSAGE, "--ring goes with --run");
        return hf_hint(err, "hosts of a ring: hotfleet rollback 'ring:%s'",
                       k->what.ring);
    }
    if ((rc = hf_runner_recover(cli, err)) < 0 || (rc = choose(k, err)) < 0)
        return rc;
    return hf_undo_plan(&k->plan, cli->session, &k->what, &more, &cli->problems,
                        err);
}

/* ---- the verb ---- */

/* The release is blocked before the first host is touched, so that nobody
 * applies it again behind the rollback's back. */
static int
block(void *ctx, struct hf_err *err)
{
    struct taking_back *k = ctx;
    struct hf_cli *cli = k->cli;
    int rc;

    if (cli->opt[HF_OPT_NO_BLOCK])
        return HF_OK;
    rc = hf_undo_block(&k->blocked, cli->session, k->plan,
                       cli->opt[HF_OPT_REASON], err);
    if (rc < 0)
        return hf_hint(err, "--no-block takes it back nevertheless");
    for (size_t i = 0; i < k->blocked.len; i++)
        (void)fprintf(stderr, "blocked %s\n", k->blocked.v[i]);
    return HF_OK;
}

static int
take_back(struct hf_cli *cli)
{
    struct taking_back k = {.cli = cli};
    struct hf_plan_offer offer = {
        .cli = cli, .what = "take back from", .first = block, .ctx = &k};
    struct hf_err err = HF_ERR_INIT;
    int rc, status = HF_EXIT_OK;

    if ((rc = make(&k, &err)) == HF_OK) {
        offer.plan = k.plan;
        rc = hf_plan_offer(&offer, &status, &err);
    }
    if (rc < 0) {
        hf_cli_problems(cli);
        status = hf_cli_fail(cli, &err);
    }
    taking_back_release(&k);
    return status;
}

static int
run_rollback(struct hf_cli *cli)
{
    if (run_of(cli) || cli->opt[HF_OPT_RELEASE])
        return take_back(cli);
    return hf_change_run(cli, HF_ACTION_ROLLBACK);
}

const struct hf_verb hf_verb_rollback = {
    .name = "rollback",
    .group = "act",
    .args = "SELECTOR | --run RUN [SELECTOR] | --release RELEASE [SELECTOR]",
    .summary = "take a hotpatch, a run or a release back",
    .help =
        "Shows the price first: restart or not, minutes, protection lost. "
        "Hosts by a selector at once; what a run put in (--run, and only in "
        "one of its rings with --ring), or a release wherever it is in effect "
        "(--release), as a plan of the playbook 'rollback-release': no soak, "
        "but windows, failure domains, holds and budgets as ever. The release "
        "is blocked before the first host is touched, unless --no-block.",
    .examples =
        "  hotfleet rollback web-03 --change CHG001 --reason \"latency up\"\n"
        "  hotfleet rollback 'ring:canary' --dry-run\n"
        "  hotfleet rollback --run 20261123T060000Z-77aa01 --ring canary\n"
        "  hotfleet rollback --release KB5078766 'site:fra' --reason "
        "\"oops\"\n",
    .options = HF_OPTS(HF_OPTS_CHANGE, HF_OPT_BREAK_GLASS, HF_OPT_RUN,
                       HF_OPT_RELEASE, HF_OPT_RING, HF_OPT_NO_BLOCK,
                       HF_OPT_PLAN_ONLY, HF_OPT_JUNIT, HF_OPT_PROMETHEUS),
    .flags = HF_VERB_NEEDS_FLEET | HF_VERB_WRITES | HF_VERB_CHANGES |
             HF_VERB_NAMES_HOSTS,
    .max_args = -1,
    .run = run_rollback,
};
