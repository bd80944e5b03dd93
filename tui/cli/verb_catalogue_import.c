/* hotfleet catalogue import: releases and CVEs from files of others. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/file.h"
#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "inventory/catalogue_import.h"
#include "tui/cli/verb.h"

/* ---- for people ---- */

static void
print_list(const struct hf_strs *list, const char *title)
{
    if (!list->len)
        return;
    (void)printf("%zu %s\n", list->len, title);
    for (size_t i = 0; i < list->len; i++)
        (void)printf("  %s\n", list->v[i]);
}

static void
print_problems(const struct hf_catalogue_plan *plan)
{
    struct hf_buf line = {0};

    for (size_t i = 0; i < plan->problems.len; i++) {
        hf_buf_clear(&line);
        hf_problem_format(&line, &plan->problems.v[i]);
        (void)fprintf(stderr, "warning: %s\n", hf_buf_str(&line));
    }
    hf_buf_release(&line);
}

static void
print_plan(struct hf_cli *cli, const struct hf_catalogue_plan *plan,
           const char *commit)
{
    print_list(&plan->added, "releases added");
    print_list(&plan->changed, "known releases of which more is known now");
    if (plan->cves_added || plan->cves_changed)
        (void)printf("%zu CVE%s added, %zu changed\n", plan->cves_added,
                     hf_plural(plan->cves_added), plan->cves_changed);
    print_list(&plan->complete, "products complete for longer");
    if (cli->opt[HF_OPT_DRY_RUN])
        (void)puts("nothing was written: leave --dry-run out to commit this");
    else
        hf_cli_say_written(cli, commit, "imported");
}

/* ---- for programs ---- */

static void
add_list(cJSON *doc, const char *key, const struct hf_strs *list)
{
    cJSON *arr = hf_json_add_arr(doc, key);

    for (size_t i = 0; i < list->len; i++)
        hf_json_push_str(arr, list->v[i]);
}

static int
print_json(struct hf_cli *cli, const struct hf_catalogue_plan *plan,
           const char *commit)
{
    cJSON *doc = hf_cli_doc(cli, "catalogue-import"), *obj;

    add_list(doc, "added", &plan->added);
    add_list(doc, "changed", &plan->changed);
    add_list(doc, "complete", &plan->complete);
    obj = hf_json_add_obj(doc, "cves");
    hf_json_add_int(obj, "added", (int64_t)plan->cves_added);
    hf_json_add_int(obj, "changed", (int64_t)plan->cves_changed);
    hf_json_add_bool(doc, "dry_run", cli->opt[HF_OPT_DRY_RUN] != NULL);
    obj = hf_json_add_arr(doc, "problems");
    for (size_t i = 0; i < plan->problems.len; i++)
        cJSON_AddItemToArray(obj, hf_cli_problem_json(&plan->problems.v[i]));
    hf_cli_add_written(cli, doc, commit);
    return hf_cli_print_doc(doc, HF_EXIT_OK);
}

/* ---- the verb ---- */

/* The file's own name: where somebody keeps it is not for the history. */
static const char *
name_of(const char *path)
{
    const char *slash = strrchr(path, '/');

    if (strcmp(path, "-") == 0)
        return "standard input";
    return slash && slash[1] ? slash + 1 : path;
}

static int
read_files(struct hf_cli *cli, struct hf_catalogue_plan *plan,
           struct hf_err *err)
{
    size_t n = (size_t)cli->argc;
    struct hf_buf *texts = hf_xcalloc(n, sizeof(*texts));
    struct hf_feed *files = hf_xcalloc(n, sizeof(*files));
    int rc = HF_OK;

    for (size_t i = 0; i < n && rc == HF_OK; i++) {
        rc = hf_file_read(&texts[i], cli->argv[i], HF_FEED_MAX, err);
        files[i] = (struct hf_feed){name_of(cli->argv[i]),
                                    hf_buf_str(&texts[i]), texts[i].len};
    }
    if (rc == HF_OK)
        rc = hf_catalogue_import_read(plan, hf_session_repo(cli->session),
                                      hf_session_fleet(cli->session), files, n,
                                      err);
    for (size_t i = 0; i < n; i++)
        hf_buf_release(&texts[i]);
    free(texts);
    free(files);
    return rc;
}

static int
run_import(struct hf_cli *cli)
{
    struct hf_catalogue_plan plan = {0};
    struct hf_err err = HF_ERR_INIT;
    char commit[41] = "";
    int status = HF_EXIT_OK, rc;

    rc = read_files(cli, &plan, &err);
    if (rc == HF_OK && !cli->opt[HF_OPT_DRY_RUN])
        rc = hf_catalogue_import_commit(hf_session_repo(cli->session), &plan,
                                        commit, &err);
    print_problems(&plan);
    if (rc < 0)
        status = hf_cli_fail(cli, &err);
    else if (cli->opt[HF_OPT_JSON])
        status = print_json(cli, &plan, commit);
    else
        print_plan(cli, &plan, commit);
    hf_catalogue_plan_release(&plan);
    return status;
}

const struct hf_verb hf_verb_catalogue_import = {
    .name = "catalogue import",
    .group = "keep",
    .args = "FILE...",
    .summary = "releases and CVEs from Microsoft's monthly documents",
    .help = "FILE is a monthly security document (CVRF as JSON), or a "
            "catalogue of hotfleet's own form; - reads standard input. Known "
            "rows stay as they are and gain CVEs; what disagrees with them is "
            "left out with a warning that names both. One commit; several "
            "months may be named, and reading one again changes nothing.",
    .examples = "  curl -fsH 'Accept: application/json' -o 2026-Sep.json \\\n"
                "      https://api.msrc.microsoft.com/cvrf/v3.0/cvrf/2026-Sep\n"
                "  hotfleet catalogue import 2026-Sep.json --dry-run\n"
                "  hotfleet catalogue import 2026-*.json\n",
    .options = HF_OPTS(HF_OPTS_FLEET, HF_OPT_DRY_RUN),
    .flags = HF_VERB_NEEDS_FLEET | HF_VERB_WRITES,
    .min_args = 1,
    .max_args = -1,
    .run = run_import,
};
