/* hotfleet playbook list|explain: what can be run, and what it would do. */
#include <stdio.h>
#include <string.h>

#include "playbooks/playbook.h"
#include "tui/cli/table.h"
#include "tui/cli/verb.h"

/* One that can be read, or the reason why not. */
struct row {
    struct hf_arena *arena;
    struct hf_playbook pb;
    struct hf_problems problems;
    struct hf_err err;
    char blob[41];
};

static int
load_row(struct row *r, struct hf_cli *cli, const char *name)
{
    const struct hf_fleet *fleet = hf_session_fleet(cli->session);

    *r = (struct row){.arena = hf_arena_new(), .err = HF_ERR_INIT};
    return hf_playbook_load(&r->pb, r->arena, hf_session_repo(cli->session),
                            fleet->commit, name, r->blob, &r->problems,
                            &r->err);
}

static void
release_row(struct row *r)
{
    hf_arena_free(r->arena);
    hf_problems_release(&r->problems);
}

static void
list_row(struct hf_cli *cli, struct hf_table *t, cJSON *arr, const char *name,
         const char *where)
{
    cJSON *obj = cJSON_CreateObject();
    struct row r;
    int rc = load_row(&r, cli, name);
    const char *kind = rc < 0 ? NULL : hf_playbook_kind_names[r.pb.kind];
    const char *title = rc < 0 ? r.err.text : r.pb.title;

    hf_table_cell(t, name);
    hf_table_cell(t, kind);
    hf_table_cell(t, where);
    hf_table_cell(t, title);
    hf_json_add_str(obj, "name", name);
    hf_json_add_str(obj, "from", where);
    if (kind)
        hf_json_add_str(obj, "kind", kind);
    if (rc < 0)
        hf_json_add_str(obj, "problem", r.err.text);
    else if (title)
        hf_json_add_str(obj, "title", title);
    cJSON_AddItemToArray(arr, obj);
    release_row(&r);
}

static int
run_list(struct hf_cli *cli)
{
    static const char *const heads[] = {"NAME", "KIND", "FROM", "TITLE", NULL};
    const struct hf_fleet *fleet = hf_session_fleet(cli->session);
    cJSON *doc = hf_cli_doc(cli, "playbooks");
    cJSON *arr = hf_json_add_arr(doc, "playbooks");
    struct hf_table *t = hf_table_new(heads);
    struct hf_strs own = {0}, shipped = {0};
    struct hf_err err = HF_ERR_INIT;
    int status = HF_EXIT_OK;

    if (hf_playbook_names(hf_session_repo(cli->session), fleet->commit, &own,
                          &shipped, &err) < 0)
        status = hf_cli_fail(cli, &err);
    for (size_t i = 0; i < own.len; i++)
        list_row(cli, t, arr, own.v[i], "fleet");
    for (size_t i = 0; i < shipped.len; i++) {
        if (!hf_strs_has(&own, shipped.v[i]))
            list_row(cli, t, arr, shipped.v[i], "shipped");
    }
    if (cli->opt[HF_OPT_JSON]) {
        (void)hf_cli_print_doc(doc, status);
    } else {
        hf_cli_header(cli);
        hf_table_print(t, stdout, cli->columns, cli->ascii);
        cJSON_Delete(doc);
    }
    hf_table_free(t);
    hf_strs_release(&own);
    hf_strs_release(&shipped);
    return status;
}

static int
print_explained(struct hf_cli *cli, const struct row *r)
{
    struct hf_buf out = {0};
    cJSON *doc;

    if (cli->opt[HF_OPT_JSON]) {
        doc = hf_cli_doc(cli, "playbook");
        hf_json_add_str(doc, "name", r->pb.name);
        hf_json_add_str(doc, "from",
                        strcmp(r->blob, "shipped") ? "fleet" : "shipped");
        cJSON_AddItemToObject(doc, "playbook", hf_playbook_to_json(&r->pb));
        return hf_cli_print_doc(doc, HF_EXIT_OK);
    }
    hf_playbook_explain(&out, &r->pb);
    (void)fputs(hf_buf_str(&out), stdout);
    hf_buf_release(&out);
    return HF_EXIT_OK;
}

static int
run_explain(struct hf_cli *cli)
{
    struct row r;
    int status;

    if (load_row(&r, cli, cli->argv[0]) == HF_OK) {
        status = print_explained(cli, &r);
    } else {
        hf_problems_release(&cli->problems);
        cli->problems = r.problems;
        r.problems = (struct hf_problems){0};
        hf_cli_problems(cli);
        status = hf_cli_fail(cli, &r.err);
    }
    release_row(&r);
    return status;
}

const struct hf_verb hf_verb_playbook_list = {
    .name = "playbook list",
    .group = "learn",
    .args = "",
    .summary = "playbooks of the fleet, and those that are shipped",
    .help = "A file playbooks/NAME.json of the fleet stands before a shipped "
            "one of that name, and may extend one.",
    .examples = "  hotfleet playbook list\n"
                "  hotfleet playbook list --json | jq '.playbooks[].name'\n",
    .options = HF_OPTS(HF_OPTS_FLEET),
    .flags = HF_VERB_NEEDS_FLEET,
    .run = run_list,
};

const struct hf_verb hf_verb_playbook_explain = {
    .name = "playbook explain",
    .group = "learn",
    .args = "NAME",
    .summary = "what a playbook does, with every default, in words",
    .help = "With --json the whole playbook with every default written out: a "
            "start for one of your own in playbooks/.",
    .examples = "  hotfleet playbook explain monthly-hotpatch\n"
                "  hotfleet playbook explain monthly-hotpatch --json | jq "
                ".playbook\n",
    .options = HF_OPTS(HF_OPTS_FLEET),
    .flags = HF_VERB_NEEDS_FLEET,
    .min_args = 1,
    .max_args = 1,
    .run = run_explain,
};
