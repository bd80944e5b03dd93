/* Plans that verbs made; see plan_offer.h. */
#include "tui/cli/plan_offer.h"

#include "tui/cli/plan_report.h"
#include "tui/cli/rollout_runner.h"
#include "tui/cli/runner.h"

static void
say_more(const struct hf_plan_offer *o)
{
    if (o->say && !o->cli->opt[HF_OPT_JSON] && !o->cli->opt[HF_OPT_JSONL])
        o->say(o->ctx);
}

static int
stop_at_plan(const struct hf_plan_offer *o, int *status, struct hf_err *err)
{
    struct hf_cli *cli = o->cli;
    int record = cli->opt[HF_OPT_PLAN_ONLY] && !cli->opt[HF_OPT_DRY_RUN];
    int rc;

    if ((rc = hf_cli_expect(cli, o->plan->hosts_len, err)) < 0 ||
        (record && (rc = hf_plan_record(cli->session, o->plan, err)) < 0))
        return rc;
    if (record)
        hf_runner_settle(cli);
    *status = hf_plan_report(cli, o->plan, record);
    say_more(o);
    return HF_OK;
}

static int
carry_out(const struct hf_plan_offer *o, int *status, struct hf_err *err)
{
    struct hf_rollout_runner runner = {.cli = o->cli};
    struct hf_cli *cli = o->cli;
    int rc;

    if (!cli->opt[HF_OPT_JSON] && !cli->opt[HF_OPT_JSONL])
        hf_plan_print(cli, o->plan);
    say_more(o);
    if ((rc = hf_cli_consent(cli, o->what, o->plan->hosts_len, err)) < 0 ||
        (o->first && (rc = o->first(o->ctx, err)) < 0) ||
        (rc = hf_plan_record(cli->session, o->plan, err)) < 0 ||
        (rc = hf_rollout_begin(&runner, o->plan, err)) < 0)
        return rc;
    *status = hf_rollout_carry_out(&runner);
    return HF_OK;
}

int
hf_plan_offer(const struct hf_plan_offer *o, int *status, struct hf_err *err)
{
    const struct hf_cli *cli = o->cli;

    if (cli->opt[HF_OPT_DRY_RUN] || cli->opt[HF_OPT_PLAN_ONLY] ||
        !o->plan->hosts_len)
        return stop_at_plan(o, status, err);
    return carry_out(o, status, err);
}
