/* hotfleet import: hosts from what others already know, in one commit. */
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/file.h"
#include "backend/base/mem.h"
#include "backend/base/names.h"
#include "backend/base/time.h"
#include "inventory/import.h"
#include "tui/cli/verb.h"

#define SOURCE_MAX (64u << 20)

/* What a plan consists of, for people and for programs. */
static const struct {
    const char *key, *title;
    size_t offset; /* of the struct hf_strs in struct hf_import */
    int listed;    /* each is a line, not only counted */
} parts[] = {
    {"added", "added", offsetof(struct hf_import, added), 1},
    {"changed", "changed", offsetof(struct hf_import, changed), 1},
    {"unchanged", "unchanged", offsetof(struct hf_import, unchanged), 0},
    {"missing", "in the fleet, but not in the file (they stay)",
     offsetof(struct hf_import, missing), 1},
    {"gone", "in the last import, and not any more",
     offsetof(struct hf_import, gone), 1},
    {"strangers", "in the file, and no host of the fleet",
     offsetof(struct hf_import, strangers), 1},
    {"dropped", "secrets left out", offsetof(struct hf_import, dropped), 1},
};

static const struct hf_strs *
part_of(const struct hf_import *plan, size_t i)
{
    const void *at = (const char *)plan + parts[i].offset;

    return at;
}

/* ---- for people ---- */

static void
print_part(const struct hf_import *plan, size_t i)
{
    const struct hf_strs *list = part_of(plan, i);

    if (!list->len)
        return;
    (void)printf("%zu %s\n", list->len, parts[i].title);
    for (size_t k = 0; parts[i].listed && k < list->len; k++)
        (void)printf("  %s\n", list->v[k]);
}

static void
print_problems(const struct hf_import *plan)
{
    struct hf_buf line = {0};

    for (size_t i = 0; i < plan->problems.len; i++) {
        hf_buf_clear(&line);
        hf_problem_format(&line, &plan->problems.v[i]);
        (void)fprintf(stderr, "%s\n", hf_buf_str(&line));
    }
    hf_buf_release(&line);
}

static void
print_plan(struct hf_cli *cli, const struct hf_import *plan, const char *commit)
{
    for (size_t i = 0; i < HF_COUNT(parts); i++)
        print_part(plan, i);
    if (!cli->opt[HF_OPT_DIFF])
        hf_cli_say_written(cli, commit, "imported");
    else
        (void)puts("nothing was written: leave --diff out to commit this");
}

/* ---- for programs ---- */

static void
add_problems(cJSON *doc, const struct hf_import *plan)
{
    cJSON *arr = hf_json_add_arr(doc, "problems");

    for (size_t i = 0; i < plan->problems.len; i++)
        cJSON_AddItemToArray(arr, hf_cli_problem_json(&plan->problems.v[i]));
}

static int
print_json(struct hf_cli *cli, const struct hf_import *plan, const char *commit,
           int status)
{
    cJSON *doc = hf_cli_doc(cli, "import"), *arr;

    for (size_t i = 0; i < HF_COUNT(parts); i++) {
        const struct hf_strs *list = part_of(plan, i);

        arr = hf_json_add_arr(doc, parts[i].key);
        for (size_t k = 0; k < list->len; k++)
            hf_json_push_str(arr, list->v[k]);
    }
    add_problems(doc, plan);
    hf_cli_add_written(cli, doc, commit);
    return hf_cli_print_doc(doc, status);
}

/* ---- the verb ---- */

static int
read_day(const struct hf_cli *cli, struct hf_import *plan, struct hf_err *err)
{
    const char *day = cli->opt[HF_OPT_TAKEN];

    if (!day || hf_time_parse(&plan->taken, day) == 0)
        return HF_OK;
    (void)hf_fail(err, HF_EUSAGE, "'%s' is no day", day);
    return hf_hint(err, "such as 2026-11-23");
}

static int
read_source(struct hf_cli *cli, struct hf_import *plan, struct hf_err *err)
{
    int kind = hf_name_index(hf_import_names, cli->argv[0]);
    const char *file = cli->argv[1], **map = NULL;
    struct hf_buf text = {0};
    int rc;

    if (kind < 0) {
        (void)hf_fail(err, HF_EUSAGE, "cannot import '%s'", cli->argv[0]);
        return hf_hint(err, "one of: ansible, csv, ssh-config, arc, autopatch");
    }
    if ((rc = read_day(cli, plan, err)) < 0)
        return rc;
    plan->ring = cli->opt[HF_OPT_RING];
    plan->map = map = hf_cli_values(cli, HF_OPT_MAP);
    rc = hf_file_read(&text, file, SOURCE_MAX, err);
    if (rc == HF_OK)
        rc = hf_import_read(plan, (enum hf_import_kind)kind,
                            hf_session_repo(cli->session),
                            hf_session_fleet(cli->session),
                            strcmp(file, "-") == 0 ? "standard input" : file,
                            hf_buf_str(&text), text.len, err);
    plan->map = NULL;
    free(map);
    hf_buf_release(&text);
    return rc;
}

static int
run_import(struct hf_cli *cli)
{
    struct hf_import plan = {0};
    struct hf_err err = HF_ERR_INIT;
    char commit[41] = "";
    int status = HF_EXIT_OK, rc;

    rc = read_source(cli, &plan, &err);
    if (rc == HF_OK && !cli->opt[HF_OPT_DIFF])
        rc = hf_import_commit(hf_session_repo(cli->session), &plan, commit,
                              &err);
    print_problems(&plan);
    if (rc < 0)
        status = hf_cli_fail(cli, &err);
    else if (plan.problems.errors)
        status = HF_EXIT_FAILED;
    if (rc == HF_OK && cli->opt[HF_OPT_JSON])
        (void)print_json(cli, &plan, commit, status);
    else if (rc == HF_OK)
        print_plan(cli, &plan, commit);
    hf_import_release(&plan);
    return status;
}

const struct hf_verb hf_verb_import = {
    .name = "import",
    .group = "keep",
    .args = "ansible|csv|ssh-config|arc|autopatch FILE",
    .summary = "hosts from Ansible, a table or ssh; entitlement from Azure",
    .help =
        "FILE is the output of 'ansible-inventory --list', a CSV file with a "
        "header row, or an ssh_config; - reads standard input. Hosts that are "
        "there already are changed only in what FILE says; none is removed. "
        "Passwords and the like are left out and named. One commit; exits with "
        "2 when hosts had to be left out. arc and autopatch read an export "
        "(JSON or CSV) of what Azure says of each machine's hotpatching: kept "
        "with its day, and compared with what the hosts show.",
    .examples = "  ansible-inventory --list | hotfleet import ansible -\n"
                "  hotfleet import csv hosts.csv --diff\n"
                "  hotfleet import csv cmdb.csv --map 'Server Name=name' --map "
                "'IP=address'\n"
                "  hotfleet import ssh-config ~/.ssh/config --ring canary\n"
                "  az connectedmachine list -o json | hotfleet import arc -\n"
                "  hotfleet import autopatch devices.csv --map 'Device "
                "name=name' \\\n      --map 'Hotpatch readiness=hotpatch' "
                "--taken 2026-11-20\n",
    .options = HF_OPTS(HF_OPTS_FLEET, HF_OPT_DIFF, HF_OPT_RING, HF_OPT_MAP,
                       HF_OPT_TAKEN),
    .flags = HF_VERB_NEEDS_FLEET | HF_VERB_WRITES,
    .min_args = 2,
    .max_args = 2,
    .run = run_import,
};
