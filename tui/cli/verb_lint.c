/* hotfleet lint: everything that is wrong or odd about the fleet's files. */
#include <stdio.h>

#include "backend/base/text.h"
#include "inventory/lint.h"
#include "playbooks/playbook.h"
#include "tui/cli/verb.h"

static void
print_text(const struct hf_cli *cli, const struct hf_fleet *fleet)
{
    const struct hf_problems *all = &cli->problems;
    struct hf_buf line = {0};

    for (size_t i = 0; i < all->len; i++) {
        hf_buf_clear(&line);
        hf_problem_format(&line, &all->v[i]);
        (void)puts(hf_buf_str(&line));
    }
    hf_buf_release(&line);
    (void)printf("%s%zu error%s, %zu warning%s", all->len ? "\n" : "",
                 all->errors, hf_plural(all->errors), all->len - all->errors,
                 hf_plural(all->len - all->errors));
    if (fleet)
        (void)printf("; %zu host%s at commit %.10s%s", fleet->hosts_len,
                     hf_plural(fleet->hosts_len), fleet->commit,
                     fleet->dirty ? ", what is not committed was not looked at"
                                  : "");
    (void)puts("");
}

static int
print_json(const struct hf_cli *cli, const struct hf_fleet *fleet, int status)
{
    cJSON *doc = hf_cli_doc_of(fleet, "lint");
    cJSON *arr = hf_json_add_arr(doc, "problems");

    for (size_t i = 0; i < cli->problems.len; i++)
        cJSON_AddItemToArray(arr, hf_cli_problem_json(&cli->problems.v[i]));
    hf_json_add_int(doc, "errors", (int64_t)cli->problems.errors);
    return hf_cli_print_doc(doc, status);
}

/* Everything that a commit holds, also past what is wrong. */
static int
lint_all(struct hf_fleet **fleet, struct hf_repo *repo,
         struct hf_problems *problems, struct hf_err *err)
{
    int rc = hf_lint(fleet, repo, NULL, problems, err);

    if (rc == HF_OK || problems->errors)
        rc = hf_playbook_lint(repo, *fleet ? (*fleet)->commit : NULL, problems,
                              err);
    return rc;
}

static int
run_lint(struct hf_cli *cli)
{
    struct hf_repo *repo = NULL;
    struct hf_fleet *fleet = NULL;
    struct hf_err err = HF_ERR_INIT;
    int status = HF_EXIT_OK, rc;

    rc = hf_repo_open(&repo, hf_cli_dir(cli), &err);
    if (rc == HF_OK)
        rc = lint_all(&fleet, repo, &cli->problems, &err);
    if (rc < 0 && !cli->problems.errors) {
        status = hf_cli_fail(cli, &err); /* could not even be read */
        goto out;
    }
    if (cli->problems.errors)
        status = HF_EXIT_USAGE;
    if (cli->opt[HF_OPT_JSON])
        (void)print_json(cli, fleet, status);
    else
        print_text(cli, fleet);
out:
    hf_fleet_free(fleet);
    hf_repo_free(repo);
    return status;
}

const struct hf_verb hf_verb_lint = {
    .name = "lint",
    .group = "keep",
    .args = "",
    .summary = "what is wrong or odd about the fleet's files",
    .help = "Reads the committed tree, playbooks and all, and lists every "
            "problem with file, line, column and path. Exits with 1 when there "
            "is an error; warnings alone exit with 0.",
    .examples = "  hotfleet lint\n"
                "  hotfleet lint --json | jq -r '.problems[].text'\n",
    .options = HF_OPTS(HF_OPTS_FLEET),
    .run = run_lint,
};
