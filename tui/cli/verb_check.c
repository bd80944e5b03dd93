/* hotfleet check: asks hosts, changes none. */
#include <stdio.h>
#include <stdlib.h>

#include "backend/base/mem.h"
#include "backend/base/time.h"
#include "tui/cli/cve.h"
#include "tui/cli/runner.h"
#include "tui/cli/states.h"
#include "tui/cli/verb.h"

/* Checks are light: as many at once as the loop carries well. */
#define CHECK_PARALLEL 500
#define HINTS 5 /* of all that there are */

static int
has_work(const struct hf_state *const *states, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const struct hf_standing *s = &states[i]->status;

        if (s->patch != HF_PATCH_CURRENT || s->coverage != HF_COVERAGE_COVERED)
            return 1;
    }
    return 0;
}

static int
exit_status(struct hf_cli *cli, const struct hf_state *const *states, size_t n)
{
    int status = hf_run_exit(hf_session_run(cli->session));

    if (status == HF_EXIT_OK && cli->opt[HF_OPT_EXIT_CODE] &&
        has_work(states, n))
        return HF_EXIT_WORK;
    return status;
}

/* Of what the hosts have just told. */
static int
report_cve(struct hf_cli *cli, const struct hf_state *const *states, size_t n,
           int status)
{
    const char *id = cli->opt[HF_OPT_ON_CVE];
    struct hf_exposure_report r;
    cJSON *doc;

    hf_exposure_report_make(&r, hf_session_fleet(cli->session), states, n,
                            hf_now());
    if (cli->opt[HF_OPT_JSON]) {
        doc = hf_cli_doc(cli, "check-cve");
        hf_cli_cve_add(doc, &r, states, n, id);
        (void)hf_cli_print_doc(doc, status);
    } else {
        hf_cli_cve_print(cli, &r, states, n, id);
    }
    hf_exposure_report_release(&r);
    return status;
}

/* What to do about hosts that were not reached: each advice once. */
static void
print_hints(const struct hf_run *run)
{
    struct hf_strs told = {0};

    for (size_t i = 0; i < hf_run_hosts_len(run) && told.len < HINTS; i++) {
        const struct hf_run_host *h = hf_run_host(run, i);

        if (!h->hint[0] || hf_strs_has(&told, h->hint))
            continue;
        (void)printf("%s  %s: %s\n", told.len ? "" : "\n", h->host->name,
                     h->hint);
        hf_strs_add(&told, h->hint);
    }
    hf_strs_release(&told);
}

static int
report(struct hf_cli *cli, const struct hf_state *const *states, size_t n)
{
    int status = exit_status(cli, states, n);

    if (cli->opt[HF_OPT_JSONL])
        return status;
    if (cli->opt[HF_OPT_ON_CVE])
        return report_cve(cli, states, n, status);
    if (cli->opt[HF_OPT_JSON])
        return hf_states_print_json(cli, "check", states, n, status);
    hf_states_print_table(cli, states, n);
    print_hints(hf_session_run(cli->session));
    hf_states_print_checks(cli, states, n);
    return status;
}

static int
run_check(struct hf_cli *cli)
{
    const struct hf_state **states = NULL;
    struct hf_err err = HF_ERR_INIT;
    struct hf_ask ask = {.action = HF_ACTION_CHECK, .go_on = 1};
    const char **names = NULL;
    char *text = NULL;
    size_t n = 0;
    int64_t parallel = CHECK_PARALLEL;
    int status;

    if ((cli->opt[HF_OPT_ON_CVE] && !hf_cli_cve_id(cli, &err)) ||
        hf_cli_select(cli, 0, &states, &n, &text, &err) < 0 ||
        hf_cli_number(cli, HF_OPT_PARALLEL, 1, 100000, &parallel, &err) < 0) {
        status = hf_cli_fail(cli, &err);
        goto out;
    }
    names = hf_cli_names(states, n);
    ask.hosts = names;
    ask.hosts_len = n;
    ask.parallel = (int)parallel;
    if (hf_runner_run(cli, &ask, &err) < 0) {
        status = hf_cli_fail(cli, &err);
        goto out;
    }
    status = report(cli, states, n);
    hf_runner_settle(cli);
out:
    free(names);
    free(states);
    free(text);
    return status;
}

const struct hf_verb hf_verb_check = {
    .name = "check",
    .group = "look",
    .args = "[SELECTOR]",
    .summary = "ask hosts who is covered, current, behind, not eligible",
    .help = "Reads facts over SSH and judges them. Changes nothing on a host. "
            "Facts that moved are recorded in the ledger; with --read-only "
            "they are only shown. --cve says on which of them one is open; "
            "report exposure --cve asks nobody.",
    .examples = "  hotfleet check\n"
                "  hotfleet check 'ring:canary' --json\n"
                "  hotfleet check --cve CVE-2026-21519\n"
                "  hotfleet check --exit-code || echo \"there is work\"\n",
    .options = HF_OPTS(HF_OPTS_FLEET, HF_OPT_JSONL, HF_OPT_PARALLEL,
                       HF_OPT_EXIT_CODE, HF_OPT_ON_CVE),
    .flags = HF_VERB_NEEDS_FLEET,
    .max_args = -1,
    .run = run_check,
};
