/*
 * hotfleet apply, rollback, reboot, call-off, stage, verify: what would happen
 * and at what price, the question, the run, the report.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"
#include "backend/model/break_glass.h"
#include "tui/cli/change_report.h"
#include "tui/cli/runner.h"
#include "tui/cli/verb.h"

struct change {
    struct hf_cli *cli;
    struct hf_ask ask;
    const struct hf_state **states;
    const char **names;
    size_t n;
    char *selector;
    struct hf_forecasts forecasts;
    char typed[400]; /* the reason, when it was asked for */
};

static void
change_release(struct change *c)
{
    hf_forecasts_release(&c->forecasts);
    free(c->names);
    free(c->states);
    free(c->selector);
    c->names = NULL;
    c->states = NULL;
    c->selector = NULL;
}

/* A selector must have been said: "apply" alone must not mean everything. */
static int
need_target(const struct hf_cli *cli, struct hf_err *err)
{
    if (cli->argc > 0)
        return HF_OK;
    (void)hf_fail(err, HF_EUSAGE, "say which hosts to %s", cli->verb->name);
    return hf_hint(err, "for example: hotfleet %s 'ring:canary'",
                   cli->verb->name);
}

/* Which rules are overridden; the reason is typed there and then, unless it was
 * given. */
static int
read_glass(struct change *c, struct hf_err *err)
{
    struct hf_cli *cli = c->cli;
    const struct hf_strs *rules = &cli->all[HF_OPT_BREAK_GLASS];

    for (size_t i = 0; i < rules->len; i++) {
        unsigned bit = hf_glass_bit(rules->v[i]);

        if (!bit)
            return hf_fail(err, HF_EUSAGE,
                           "'%.40s' cannot be overridden: hold, exception, "
                           "known-issue, block and calendar can",
                           rules->v[i]);
        c->ask.break_glass |= bit;
    }
    if (!rules->len || c->ask.reason || !cli->tty_in)
        return HF_OK;
    c->ask.reason =
        hf_cli_type(cli, c->typed, sizeof(c->typed), "break the glass: why? ");
    return HF_OK;
}

static int
read_options(struct change *c, enum hf_action action, struct hf_err *err)
{
    struct hf_cli *cli = c->cli;
    int64_t parallel = 0;
    int rc;

    if ((rc = hf_cli_number(cli, HF_OPT_PARALLEL, 1, 100000, &parallel, err)) <
        0)
        return rc;
    c->ask = (struct hf_ask){
        .action = action,
        .change = cli->opt[HF_OPT_CHANGE],
        .reason = cli->opt[HF_OPT_REASON],
        .parallel = (int)parallel,
        .go_on = cli->opt[HF_OPT_CONTINUE] != NULL,
        .again = cli->opt[HF_OPT_AGAIN] != NULL,
        .old_catalogue = cli->opt[HF_OPT_OLD_CATALOGUE] != NULL,
    };
    return read_glass(c, err);
}

static int
choose_hosts(struct change *c, struct hf_err *err)
{
    int rc;

    if ((rc = need_target(c->cli, err)) < 0 ||
        (rc = hf_cli_select(c->cli, 0, &c->states, &c->n, &c->selector, err)) <
            0)
        return rc;
    c->names = hf_cli_names(c->states, c->n);
    c->ask.hosts = c->names;
    c->ask.hosts_len = c->n;
    c->ask.selector = c->selector;
    return hf_session_forecast(c->cli->session, &c->forecasts, &c->ask, err);
}

/* What was settled may have moved the states: chosen by those of now. */
static int
choose_anew(struct change *c, struct hf_err *err)
{
    int moved = hf_runner_recover(c->cli, err);

    if (moved <= 0)
        return moved;
    change_release(c);
    return choose_hosts(c, err);
}

/* ---- the verbs ---- */

/* Nothing was foretold, so that the report follows at once. */
static void
print_header(struct hf_cli *cli)
{
    char *line = hf_cli_header_line(cli);

    (void)puts(line);
    free(line);
}

static int
carry_out(struct change *c, struct hf_err *err)
{
    int status;

    if (c->ask.action == HF_ACTION_VERIFY && !c->cli->opt[HF_OPT_JSON] &&
        !c->cli->opt[HF_OPT_JSONL])
        print_header(c->cli);
    if (hf_runner_run(c->cli, &c->ask, err) < 0)
        return hf_cli_fail(c->cli, err);
    status = hf_change_report(c->cli);
    hf_runner_settle(c->cli);
    return status;
}

/* Who is asked has seen the price; a document stays a document. */
static FILE *
forecast_goes_to(const struct change *c)
{
    const struct hf_cli *cli = c->cli;
    int asks = cli->tty_in && c->forecasts.to_do && !cli->opt[HF_OPT_YES] &&
               !cli->opt[HF_OPT_DRY_RUN];

    if (!cli->opt[HF_OPT_JSON] && !cli->opt[HF_OPT_JSONL])
        return stdout;
    return asks ? stderr : NULL;
}

static int
change_hosts(struct change *c, struct hf_err *err)
{
    struct hf_cli *cli = c->cli;
    FILE *to = forecast_goes_to(c);

    if (to)
        hf_change_print_forecast(cli, to, &c->forecasts, c->ask.action);
    if (cli->opt[HF_OPT_DRY_RUN])
        return cli->opt[HF_OPT_JSON]
                   ? hf_change_forecast_json(cli, &c->forecasts)
                   : HF_EXIT_OK;
    if (!c->forecasts.to_do)
        return hf_change_nothing(cli, &c->forecasts);
    if (hf_cli_consent(cli, cli->verb->name, c->forecasts.to_do, err) < 0)
        return hf_cli_fail(cli, err);
    return carry_out(c, err);
}

int
hf_change_run(struct hf_cli *cli, enum hf_action action)
{
    struct change c = {.cli = cli};
    struct hf_err err = HF_ERR_INIT;
    int status;

    if (read_options(&c, action, &err) < 0 || choose_hosts(&c, &err) < 0 ||
        /* to wait until a run is settled would be to wait for its restart */
        (action != HF_ACTION_CALL_OFF && choose_anew(&c, &err) < 0))
        status = hf_cli_fail(cli, &err);
    else if (action == HF_ACTION_VERIFY)
        status = carry_out(&c, &err);
    else
        status = change_hosts(&c, &err);
    change_release(&c);
    return status;
}

static int
run_apply(struct hf_cli *cli)
{
    return hf_change_run(cli, HF_ACTION_APPLY);
}

static int
run_reboot(struct hf_cli *cli)
{
    return hf_change_run(cli, HF_ACTION_REBOOT);
}

static int
run_call_off(struct hf_cli *cli)
{
    return hf_change_run(cli, HF_ACTION_CALL_OFF);
}

static int
run_stage(struct hf_cli *cli)
{
    return hf_change_run(cli, HF_ACTION_STAGE);
}

static int
run_verify(struct hf_cli *cli)
{
    return hf_change_run(cli, HF_ACTION_VERIFY);
}

const struct hf_verb hf_verb_apply = {
    .name = "apply",
    .group = "act",
    .args = "SELECTOR",
    .summary = "put the newest hotpatch into effect",
    .help =
        "Shows hosts and price, then asks; the default is no. Hosts are chosen "
        "by recorded facts and probed again just before they start; one that "
        "no longer matches is left out. The first failed or unverified host "
        "stops new starts. --break-glass overrides a rule that the fleet lets "
        "an emergency override; why is asked and recorded. Where every host is "
        "left out, it exits with 2; --dry-run shows them and exits with 0.",
    .examples =
        "  hotfleet apply 'ring:canary and patch:behind' --change CHG001\n"
        "  hotfleet apply web-03 --dry-run\n"
        "  hotfleet apply 'ring:canary' --yes --expect-hosts 4\n",
    .options = HF_OPTS(HF_OPTS_CHANGE, HF_OPT_AGAIN, HF_OPT_OLD_CATALOGUE,
                       HF_OPT_BREAK_GLASS),
    .flags = HF_VERB_NEEDS_FLEET | HF_VERB_WRITES | HF_VERB_CHANGES |
             HF_VERB_NAMES_HOSTS,
    .max_args = -1,
    .again = "also hosts on which it was rolled back",
    .run = run_apply,
};

const struct hf_verb hf_verb_reboot = {
    .name = "reboot",
    .group = "act",
    .args = "SELECTOR",
    .summary = "restart hosts, and prove that they came back",
    .help = "Shows how many hosts restart and what they lose, then asks; the "
            "default is no. The users of a host are warned a minute before. "
            "Each host is waited for, at most an hour, and has to come back "
            "with another boot id, nothing pending, the expected level and its "
            "services. The first one that does not stops new starts. Hosts "
            "restart in the restart windows of calendar.json alone: outside it "
            "exits with 6 and names the next one. One that no window names is "
            "never restarted.",
    .examples =
        "  hotfleet reboot web-03 --change CHG001 --reason \"new kernel\"\n"
        "  hotfleet reboot 'ring:canary and reboot:pending' --dry-run\n",
    .options = HF_OPTS(HF_OPTS_CHANGE, HF_OPT_BREAK_GLASS),
    .flags = HF_VERB_NEEDS_FLEET | HF_VERB_WRITES | HF_VERB_CHANGES |
             HF_VERB_NAMES_HOSTS,
    .max_args = -1,
    .run = run_reboot,
};

const struct hf_verb hf_verb_call_off = {
    .name = "call-off",
    .group = "act",
    .args = "SELECTOR",
    .summary = "call off restarts that were ordered and wait",
    .help =
        "For the minute between a restart's order and the restart, whoever "
        "ordered it with hotfleet: from another terminal, account or jump "
        "host. Holds, windows and the host's job lock do not stand before it. "
        "The run that ordered the restart ends there as called-off. Too late "
        "is told as failed (2); a host where nothing is ordered as already.",
    .examples = "  hotfleet call-off web-03 --reason \"the batch still runs\"\n"
                "  hotfleet call-off 'ring:canary' --yes --expect-hosts 4\n",
    .options = HF_OPTS(HF_OPTS_ACT),
    .flags = HF_VERB_NEEDS_FLEET | HF_VERB_WRITES | HF_VERB_CHANGES |
             HF_VERB_NAMES_HOSTS,
    .max_args = -1,
    .run = run_call_off,
};

const struct hf_verb hf_verb_stage = {
    .name = "stage",
    .group = "act",
    .args = "SELECTOR",
    .summary = "download ahead of the window; installs nothing",
    .help =
        "Lets Windows hosts search for and download what comes next there: the "
        "update that is due with a restart, else the hotpatch. The script that "
        "is sent holds nothing that could install. The facts read afterwards "
        "must show the same level and the update lying ready. No window is "
        "needed; a freeze, a hold and an exception stand before it. On Linux "
        "there is nothing to stage, and it says so.",
    .examples = "  hotfleet stage 'product:ws2025' --reason \"baseline\"\n"
                "  hotfleet stage 'coverage:restart-due' --dry-run\n",
    .options = HF_OPTS(HF_OPTS_CHANGE, HF_OPT_BREAK_GLASS),
    .flags = HF_VERB_NEEDS_FLEET | HF_VERB_WRITES | HF_VERB_CHANGES |
             HF_VERB_NAMES_HOSTS,
    .max_args = -1,
    .run = run_stage,
};

const struct hf_verb hf_verb_verify = {
    .name = "verify",
    .group = "act",
    .args = "SELECTOR",
    .summary = "prove anew that the hotpatch is in effect",
    .help = "Reads facts and judges every criterion against what was recorded "
            "before. Changes nothing on a host.",
    .examples = "  hotfleet verify 'ring:canary'\n"
                "  hotfleet verify web-03 --json\n",
    .options = HF_OPTS(HF_OPTS_FLEET, HF_OPT_JSONL, HF_OPT_PARALLEL,
                       HF_OPT_REASON, HF_OPT_CHANGE),
    .flags = HF_VERB_NEEDS_FLEET | HF_VERB_NAMES_HOSTS,
    .max_args = -1,
    .run = run_verify,
};
