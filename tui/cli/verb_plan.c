/* hotfleet plan: what a playbook would do now, to the letter. */
#include <stdio.h>

#include "playbooks/retry.h"
#include "tui/cli/plan_compare.h"
#include "tui/cli/plan_report.h"
#include "tui/cli/runner.h"
#include "tui/cli/verb.h"

/* ---- what moved since an earlier one ---- */

static void
add_lines(cJSON *doc, const char *key, const struct hf_strs *lines)
{
    cJSON *list = hf_json_add_arr(doc, key);

    for (size_t i = 0; i < lines->len; i++)
        hf_json_push_str(list, lines->v[i]);
}

static int
print_moved(struct hf_cli *cli, const struct hf_plan *plan,
            const struct hf_plan_moves *m)
{
    int status = m->stale.len ? HF_EXIT_STALE : HF_EXIT_OK;
    cJSON *doc;

    if (cli->opt[HF_OPT_JSON]) {
        doc = hf_cli_doc(cli, "plan-diff");
        hf_json_add_str(doc, "plan", plan->id);
        add_lines(doc, "stale", &m->stale);
        add_lines(doc, "harmless", &m->harmless);
        return hf_cli_print_doc(doc, status);
    }
    for (size_t i = 0; i < m->stale.len; i++)
        (void)puts(m->stale.v[i]);
    for (size_t i = 0; i < m->harmless.len; i++)
        (void)printf("(%s)\n", m->harmless.v[i]);
    (void)printf("plan %s is %s\n", plan->id,
                 m->stale.len ? "stale: make it anew" : "fresh");
    return status;
}

static int
compare(struct hf_cli *cli, const char *id, struct hf_err *err)
{
    struct hf_plan_moves moves = {0};
    struct hf_plan *plan = NULL;
    int status;

    if (hf_plan_find_recorded(&plan, cli->session, id, err) < 0 ||
        hf_plan_moved(&moves, cli->session, plan, &cli->problems, err) < 0) {
        hf_cli_problems(cli);
        status = hf_cli_fail(cli, err);
    } else {
        status = print_moved(cli, plan, &moves);
    }
    hf_plan_moves_release(&moves);
    hf_plan_free(plan);
    return status;
}

/* ---- a new one ---- */

static int
make_plan(struct hf_plan **out, struct hf_cli *cli, struct hf_err *err)
{
    struct hf_plan_ask ask = {
        .playbook = cli->argv[0],
        .change = cli->opt[HF_OPT_CHANGE],
        .reason = cli->opt[HF_OPT_REASON],
        .old_catalogue = cli->opt[HF_OPT_OLD_CATALOGUE] != NULL,
    };

    if (cli->opt[HF_OPT_SUPERSEDE])
        return hf_supersede_plan(out, cli->session, cli->argv[0], &ask,
                                 &cli->problems, err);
    return hf_plan_make(out, cli->session, &ask, &cli->problems, err);
}

/* Into the ledger; a run that it supersedes ends. */
static int
record(struct hf_cli *cli, const struct hf_plan *plan, struct hf_err *err)
{
    int rc = hf_plan_record(cli->session, plan, err);

    if (rc == HF_OK && plan->origin.how == HF_PLAN_SUPERSEDE)
        rc = hf_supersede_end(cli->session, plan, err);
    return rc;
}

static int
make(struct hf_cli *cli, struct hf_err *err)
{
    int kept = !cli->opt[HF_OPT_DRY_RUN] && !cli->opt[HF_OPT_READ_ONLY];
    struct hf_plan *plan = NULL;
    int status;

    if (make_plan(&plan, cli, err) < 0 ||
        hf_cli_expect(cli, plan->hosts_len, err) < 0 ||
        (kept && record(cli, plan, err) < 0)) {
        hf_cli_problems(cli);
        status = hf_cli_fail(cli, err);
    } else {
        hf_runner_settle(cli);
        status = hf_plan_report(cli, plan, kept);
    }
    hf_plan_free(plan);
    return status;
}

static int
run_plan(struct hf_cli *cli)
{
    struct hf_err err = HF_ERR_INIT;

    if (cli->opt[HF_OPT_COMPARE])
        return hf_plan_compare_report(cli);
    if (cli->argc > 1) {
        (void)hf_fail(&err, HF_EUSAGE, "two plans are for --diff");
        return hf_cli_fail(cli, &err);
    }
    if (cli->opt[HF_OPT_FRESH])
        return compare(cli, cli->argv[0], &err);
    return make(cli, &err);
}

const struct hf_verb hf_verb_plan = {
    .name = "plan",
    .group = "act",
    .args = "PLAYBOOK | --fresh PLAN | --diff PLAN [PLAN] | --supersede RUN",
    .summary = "what a playbook would do: hosts, order, price, who is left out",
    .help =
        "Contacts no host: it rests on recorded facts. The plan is kept in the "
        "ledger, with a hash over everything that decides; 'run' takes it. "
        "With --fresh it says what moved since the plan was made, and exits "
        "with 7 when something did. With --diff it says all in which two plans "
        "differ, or one and the plan that would be made now: hosts, rings, "
        "releases, price, who is left out. With --supersede it is the plan of "
        "a run that stands still, with the newest releases; the run ends.",
    .examples = "  hotfleet plan monthly-hotpatch --change CHG001\n"
                "  hotfleet plan monthly-hotpatch --dry-run --json | jq "
                "'.plan.decides.rings'\n"
                "  hotfleet plan --fresh 1f0c2ab9\n"
                "  hotfleet plan --diff 1f0c2ab9\n"
                "  hotfleet plan --supersede 20261123T060000Z-77aa01\n",
    .options = HF_OPTS(HF_OPTS_FLEET, HF_OPT_CHANGE, HF_OPT_REASON,
                       HF_OPT_EXPECT, HF_OPT_DRY_RUN, HF_OPT_OLD_CATALOGUE,
                       HF_OPT_FRESH, HF_OPT_COMPARE, HF_OPT_SUPERSEDE),
    .flags = HF_VERB_NEEDS_FLEET,
    .min_args = 1,
    .max_args = 2,
    .run = run_plan,
};
