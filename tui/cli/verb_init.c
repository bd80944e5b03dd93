/* hotfleet init: a new fleet that explains itself. */
#include <stdio.h>
#include <stdlib.h>

#include "backend/base/text.h"
#include "inventory/init.h"
#include "inventory/load.h"
#include "playbooks/playbook.h"
#include "tui/cli/verb.h"

static void
say_next(const char *dir, const struct hf_fleet *f)
{
    struct hf_buf cd = {0};

    if (dir[0] != '.' || dir[1]) {
        hf_buf_puts(&cd, "  cd ");
        hf_shell_quote(&cd, dir);
        hf_buf_putc(&cd, '\n');
    }
    (void)printf("fleet %s, %s@%.10s\n\nnext\n%s"
                 "  hotfleet import csv hosts.csv    or write hosts/*.json "
                 "and commit them\n"
                 "  hotfleet lint\n"
                 "  hotfleet enroll\n"
                 "  hotfleet check\n",
                 f->name, f->branch ? f->branch : "detached", f->commit,
                 hf_buf_str(&cd));
    hf_buf_release(&cd);
}

/* What was made must load: read it as every other verb will. */
static int
report(struct hf_cli *cli, const char *dir, struct hf_err *err)
{
    struct hf_repo *repo = NULL;
    struct hf_fleet *fleet = NULL;
    cJSON *doc;
    int rc;

    if ((rc = hf_repo_open(&repo, dir, err)) < 0 ||
        (rc = hf_fleet_load(&fleet, repo, NULL, &cli->problems, err)) < 0)
        goto out;
    if (cli->opt[HF_OPT_JSON]) {
        doc = hf_cli_doc_of(fleet, "init");
        hf_json_add_str(doc, "directory", hf_repo_dir(repo));
        (void)hf_cli_print_doc(doc, HF_EXIT_OK);
    } else {
        say_next(dir, fleet);
    }
out:
    hf_fleet_free(fleet);
    hf_repo_free(repo);
    return rc;
}

static int
run_init(struct hf_cli *cli)
{
    const char *dir = cli->argc ? cli->argv[0] : hf_cli_dir(cli);
    struct hf_err err = HF_ERR_INIT;

    if (hf_init(dir, cli->opt[HF_OPT_NAME], hf_playbook_starter, &err) < 0 ||
        report(cli, dir, &err) < 0)
        return hf_cli_fail(cli, &err);
    return HF_EXIT_OK;
}

const struct hf_verb hf_verb_init = {
    .name = "init",
    .group = "keep",
    .args = "[DIR]",
    .summary = "make a fleet: a git repository with a starter inventory",
    .help =
        "DIR must be missing or empty. What is made is ordinary files in one "
        "commit; its README.md and the \"note\" members say what they are for.",
    .examples = "  hotfleet init fleet && cd fleet\n"
                "  hotfleet init /srv/fleet --name production\n",
    .options = HF_OPTS(HF_OPTS_FLEET, HF_OPT_NAME),
    .flags = HF_VERB_WRITES,
    .max_args = 1,
    .run = run_init,
};
