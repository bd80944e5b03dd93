/* Plans as people name them. */
#include "tui/cli/find_plan.h"

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

int
hf_cli_find_plan(struct hf_plan **out, struct hf_cli *cli, const char *name,
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
