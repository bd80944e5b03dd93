/* hotfleet retry: a new plan for the hosts of a run that did not end well. */
#include <stdio.h>
#include <stdlib.h>

#include "playbooks/retry.h"
#include "tui/cli/plan_offer.h"
#include "tui/cli/runner.h"
#include "tui/cli/table.h"
#include "tui/cli/verb.h"

#define NAMES_SHOWN 6

struct retrying {
    struct hf_cli *cli;
    struct hf_retry of;
    unsigned groups; /* bits 1 << enum hf_retry_group */
    struct hf_plan *plan;
};

/* ---- what there is ---- */

static void
add_names(struct hf_table *t, const struct hf_strs *names)
{
    struct hf_buf text = {0};

    for (size_t i = 0; i < names->len && i < NAMES_SHOWN; i++)
        hf_buf_printf(&text, "%s%s", i ? ", " : "", names->v[i]);
    if (names->len > NAMES_SHOWN)
        hf_buf_printf(&text, " and %zu more", names->len - NAMES_SHOWN);
    hf_table_cell(t, text.len ? hf_buf_str(&text) : NULL);
    hf_buf_release(&text);
}

static void
print_groups(const struct retrying *k)
{
    static const char *const heads[] = {"HOSTS THAT WERE", "COUNT", "RETRIED",
                                        "WHICH", NULL};
    struct hf_table *t = hf_table_new(heads);

    for (int i = 0; i < HF_RETRY_GROUP_COUNT; i++) {
        hf_table_cell(t, hf_retry_rows[i].name);
        hf_table_cellf(t, "%zu", k->of.hosts[i].len);
        hf_table_cell(t, k->groups & (1u << i) ? "yes" : "no");
        add_names(t, &k->of.hosts[i]);
    }
    (void)printf("run %s of %s\n\n", k->of.run, k->of.plan->playbook.name);
    hf_table_print(t, stdout, k->cli->columns, k->cli->ascii);
    (void)putchar('\n');
    hf_table_free(t);
}

/* Applying anew proves nothing on a host that has the patch already. */
static void
print_hint(void *ctx)
{
    const struct retrying *k = ctx;
    const struct hf_plan *plan = k->plan;
    size_t n = 0;

    if (!(k->groups & (1u << HF_RETRY_UNVERIFIED)))
        return;
    for (size_t i = 0; i < plan->left_out_len; i++)
        n += plan->left_out[i].outcome == HF_OUTCOME_ALREADY;
    if (n)
        (void)printf("%zu host%s patched already: 'hotfleet verify' proves "
                     "it, or not\n",
                     n, n == 1 ? " is" : "s are");
}

/* ---- the verb ---- */

static int
make(struct retrying *k, struct hf_err *err)
{
    struct hf_cli *cli = k->cli;
    const struct hf_plan_ask more = {
        .change = cli->opt[HF_OPT_CHANGE],
        .reason = cli->opt[HF_OPT_REASON],
        .old_catalogue = cli->opt[HF_OPT_OLD_CATALOGUE] != NULL,
    };
    int rc;

    if ((rc = hf_retry_parse(&k->groups, cli->argv[1], err)) < 0 ||
        (rc = hf_runner_recover(cli, err)) < 0 ||
        (rc = hf_retry_read(&k->of, cli->session, cli->argv[0], err)) < 0)
        return rc;
    if (!cli->opt[HF_OPT_JSON] && !cli->opt[HF_OPT_JSONL])
        print_groups(k);
    return hf_retry_plan(&k->plan, cli->session, &k->of, k->groups, &more,
                         &cli->problems, err);
}

static int
run_retry(struct hf_cli *cli)
{
    struct retrying k = {.cli = cli};
    struct hf_plan_offer offer = {
        .cli = cli, .what = "retry", .say = print_hint, .ctx = &k};
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
    hf_plan_free(k.plan);
    hf_retry_release(&k.of);
    return status;
}

const struct hf_verb hf_verb_retry = {
    .name = "retry",
    .group = "act",
    .args = "RUN failed | notstarted | unreachable | unverified | all",
    .summary = "do again what did not end well in a run: a new plan, then run",
    .help = "Hosts are named by how they ended; several such words are joined "
            "by +. First it shows how many hosts ended how, then the plan: "
            "made anew of the run's playbook, each host in the ring it was in. "
            "Hosts that were left out on purpose, or ended as wanted, are let "
            "be. 'notstarted' wants the run to be over. Plan and run say in "
            "the ledger which run they retry.",
    .examples = "  hotfleet retry 20261123T060000Z-77aa01 failed\n"
                "  hotfleet retry 20261123T060000Z-77aa01 failed+notstarted "
                "--dry-run\n"
                "  hotfleet retry 20261123T060000Z-77aa01 unreachable --yes "
                "--expect-hosts 4\n",
    .options =
        HF_OPTS(HF_OPTS_FLEET, HF_OPT_JSONL, HF_OPT_CHANGE, HF_OPT_REASON,
                HF_OPT_YES, HF_OPT_EXPECT, HF_OPT_DRY_RUN, HF_OPT_PLAN_ONLY,
                HF_OPT_OLD_CATALOGUE, HF_OPT_JUNIT, HF_OPT_PROMETHEUS),
    .flags = HF_VERB_NEEDS_FLEET | HF_VERB_WRITES | HF_VERB_CHANGES,
    .min_args = 2,
    .max_args = 2,
    .run = run_retry,
};
