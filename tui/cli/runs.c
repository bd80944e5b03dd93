/* One run, of a plan or of a single verb, as the ledger's evidence tells it;
 * see runs.h. */
#include "tui/cli/runs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/text.h"
#include "backend/base/time.h"
#include "playbooks/past.h"
#include "playbooks/plan.h"
#include "tui/cli/plan_report.h"
#include "tui/cli/rollout_files.h"
#include "tui/cli/table.h"

/* What is told of it. */
struct telling {
    struct hf_cli *cli;
    struct hf_table *table;
    cJSON *records; /* with --json, else NULL */
    struct hf_rollout_tale *tales;
    size_t len;
};

static const char *
text_of(const cJSON *doc, const char *key)
{
    return doc ? hf_json_str(doc, key) : NULL;
}

static void
cell_took(struct hf_table *t, const cJSON *evidence)
{
    const char *from = text_of(evidence, "started");
    const char *to = text_of(evidence, "ended");
    char span[HF_TIME_LEN];
    int64_t began, ended;

    if (from && to && hf_time_parse(&began, from) == 0 &&
        hf_time_parse(&ended, to) == 0 && ended >= began)
        hf_table_cell(t, hf_span_format(span, ended - began));
    else
        hf_table_cell(t, NULL);
}

/* One host: a check, and a host that was not begun, leave no evidence. */
static void
tell_host(struct telling *t, const char *name, cJSON *evidence)
{
    struct hf_table *table = t->table;

    hf_table_cell(table, name);
    hf_table_cell(table, text_of(evidence, "outcome"));
    hf_table_cell(table, text_of(evidence, "from"));
    hf_table_cell(table, text_of(evidence, "to"));
    cell_took(table, evidence);
    hf_table_cell(table, evidence ? text_of(evidence, "why") : "no evidence");
    hf_rollout_beside_of(&t->tales[t->len++].beside, evidence);
    if (t->records && evidence)
        cJSON_AddItemToArray(t->records, cJSON_Duplicate(evidence, 1));
}

static int
tell_hosts(struct telling *t, const char *run, const cJSON *doc,
           struct hf_err *err)
{
    const cJSON *hosts = hf_json_get(doc, "hosts"), *name;
    int rc = HF_OK;

    t->tales =
        hf_xcalloc((size_t)cJSON_GetArraySize(hosts) + 1, sizeof(*t->tales));
    cJSON_ArrayForEach(name, hosts)
    {
        cJSON *evidence = NULL;

        if (!cJSON_IsString(name))
            continue;
        rc = hf_past_evidence(&evidence, t->cli->session, run,
                              name->valuestring, err);
        if (rc < 0 && rc != HF_ENOTFOUND)
            return rc;
        tell_host(t, name->valuestring, evidence);
        cJSON_Delete(evidence);
    }
    return HF_OK;
}

static void
print_text(const struct telling *t, const char *run, const cJSON *doc,
           const cJSON *end)
{
    static const char *const keys[] = {"operator", "change",   "reason",
                                       "selector", "playbook", NULL};
    struct hf_plan_offers beside;

    (void)printf("run %s: %s, %zu host%s, ", run, text_of(doc, "action"),
                 t->len, hf_plural(t->len));
    if (end)
        (void)printf("ended %s with exit code %lld\n", text_of(end, "at"),
                     (long long)hf_json_int(end, "exit", -1));
    else
        (void)puts("not ended");
    for (size_t i = 0; keys[i]; i++) {
        if (text_of(doc, keys[i]))
            (void)printf("%s: %s\n", keys[i], text_of(doc, keys[i]));
    }
    hf_table_print(t->table, stdout, t->cli->columns, t->cli->ascii);
    hf_rollout_beside_sum(&beside, t->tales, t->len);
    hf_plan_offers_print(&beside, "offered beside the update that restarted");
    free(beside.v);
    if (text_of(doc, "plan"))
        (void)printf("rings, gates and what it waits for: hotfleet run %s\n",
                     run);
}

static int
print_json(struct telling *t, cJSON *out, cJSON *doc, const cJSON *end)
{
    cJSON *one = cJSON_Duplicate(doc, 1);

    cJSON_AddItemToObject(one, "end",
                          end ? cJSON_Duplicate(end, 1) : cJSON_CreateObject());
    cJSON_AddItemToArray(hf_json_add_arr(out, "runs"), one);
    cJSON_AddItemToObject(out, "records", t->records);
    return hf_cli_print_doc(out, HF_EXIT_OK);
}

static void
telling_release(struct telling *t)
{
    for (size_t i = 0; i < t->len; i++)
        hf_rollout_beside_release(&t->tales[i].beside);
    free(t->tales);
    hf_table_free(t->table);
}

int
hf_runs_tell(struct hf_cli *cli, const char *run)
{
    static const char *const heads[] = {"HOST", "OUTCOME", "FROM", "TO",
                                        "TOOK", "DETAIL",  NULL};
    struct telling t = {.cli = cli, .table = hf_table_new(heads)};
    struct hf_err err = HF_ERR_INIT;
    cJSON *doc = NULL, *end = NULL;
    int status = HF_EXIT_OK, rc;

    if (cli->opt[HF_OPT_JSON])
        t.records = cJSON_CreateArray();
    rc = hf_run_id_valid(run) ? hf_past_run(&doc, &end, cli->session, run, &err)
                              : HF_ENOTFOUND;
    if (rc == HF_ENOTFOUND) {
        (void)hf_fail(&err, rc, "the ledger has no run '%.60s'", run);
        (void)hf_hint(&err, "hotfleet runs names them");
    }
    if (rc < 0 || tell_hosts(&t, run, doc, &err) < 0) {
        status = hf_cli_fail(cli, &err);
        cJSON_Delete(t.records);
    } else if (t.records) {
        status = print_json(&t, hf_cli_doc(cli, "runs"), doc, end);
    } else {
        print_text(&t, run, doc, end);
    }
    telling_release(&t);
    cJSON_Delete(doc);
    cJSON_Delete(end);
    return status;
}
