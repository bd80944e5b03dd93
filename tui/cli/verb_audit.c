/* hotfleet audit, hotfleet runs: what the ledger says happened. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "backend/base/time.h"
#include "tui/cli/runs.h"
#include "tui/cli/table.h"
#include "tui/cli/verb.h"

#define DEFAULT_LIMIT 100

struct listing {
    struct hf_cli *cli;
    struct hf_table *table;
    cJSON *arr;    /* with --json, else NULL */
    size_t n, bad; /* bad: signatures that do not verify */
};

static const char *
text_of(const cJSON *doc, const char *key)
{
    const char *t = hf_json_str(doc, key);

    return t ? t : "-";
}

/* ---- one host ---- */

/* Who, without address and account: those are in the record. */
static void
cell_operator(struct hf_table *table, const char *operator_)
{
    const char *address = strstr(operator_, " <");
    size_t len = address ? (size_t)(address - operator_) : strlen(operator_);

    hf_table_cellf(table, "%.*s", (int)len, operator_);
}

static int
add_evidence(void *ctx, const char *run, cJSON *doc)
{
    struct listing *l = ctx;
    const char *broken;

    l->n++;
    if (l->arr) {
        cJSON_AddItemToArray(l->arr, cJSON_Duplicate(doc, 1));
        return 0;
    }
    broken = hf_json_str(doc, "broken_glass");
    if (broken)
        hf_table_alarm(l->table, l->cli->color);
    hf_table_cell(l->table, text_of(doc, "ended"));
    hf_table_cell(l->table, run);
    hf_table_cell(l->table, text_of(doc, "action"));
    hf_table_cell(l->table, text_of(doc, "outcome"));
    hf_table_cell(l->table, text_of(doc, "change"));
    cell_operator(l->table, text_of(doc, "operator"));
    hf_table_cell(l->table, text_of(doc, "reason"));
    hf_table_cellf(l->table, "%s%s%s%s", broken ? HF_LEDGER_BROKEN " (" : "",
                   broken ? broken : "", broken ? "): " : "",
                   text_of(doc, "why"));
    return 0;
}

/* ---- commits ---- */

static int
add_commit(void *ctx, const struct hf_ledger_commit *c)
{
    struct listing *l = ctx;
    char at[HF_TIME_LEN], sign[2] = {c->signature, '\0'};
    cJSON *obj;

    l->n++;
    if (c->signature && c->signature != 'G')
        l->bad++;
    (void)hf_time_format(at, c->at);
    if (!l->arr) {
        if (hf_has_prefix(c->subject, HF_LEDGER_BROKEN))
            hf_table_alarm(l->table, l->cli->color);
        hf_table_cell(l->table, at);
        hf_table_cellf(l->table, "%.10s", c->id);
        hf_table_cell(l->table, sign);
        hf_table_cell(l->table, c->author);
        hf_table_cell(l->table, c->change);
        hf_table_cell(l->table, c->subject);
        return 0;
    }
    obj = cJSON_CreateObject();
    hf_json_add_str(obj, "commit", c->id);
    hf_json_add_str(obj, "at", at);
    hf_json_add_str(obj, "signature", sign[0] ? sign : NULL);
    hf_json_add_str(obj, "author", c->author);
    hf_json_add_str(obj, "run", c->run);
    hf_json_add_str(obj, "action", c->action);
    hf_json_add_str(obj, "change", c->change);
    hf_json_add_str(obj, "operator", c->operator_);
    hf_json_add_str(obj, "subject", c->subject);
    cJSON_AddItemToArray(l->arr, obj);
    return 0;
}

/* ---- runs ---- */

static int
add_run(void *ctx, const char *run, cJSON *doc, cJSON *end)
{
    struct listing *l = ctx;
    cJSON *obj;

    l->n++;
    if (l->arr) {
        obj = cJSON_Duplicate(doc, 1);
        cJSON_AddItemToObject(
            obj, "end", end ? cJSON_Duplicate(end, 1) : cJSON_CreateObject());
        cJSON_AddItemToArray(l->arr, obj);
        return 0;
    }
    hf_table_cell(l->table, run);
    hf_table_cell(l->table, text_of(doc, "action"));
    hf_table_cellf(l->table, "%d",
                   cJSON_GetArraySize(hf_json_get(doc, "hosts")));
    hf_table_cell(l->table, text_of(doc, "change"));
    if (end)
        hf_table_cellf(l->table, "exit %lld",
                       (long long)hf_json_int(end, "exit", -1));
    else
        hf_table_cell(l->table, "open");
    hf_table_cell(l->table, text_of(doc, "operator"));
    return 0;
}

/* ---- the frame of all three ---- */

/* A host that has left the fleet may have a past; one without a past must be
 * in the fleet. */
static int
is_known(struct hf_cli *cli)
{
    const char *host = cli->opt[HF_OPT_HOST];

    return !host || hf_cli_host(cli, host);
}

static void
say_nothing(const struct hf_cli *cli)
{
    if (cli->opt[HF_OPT_HOST])
        (void)printf("no run has acted on '%s' yet\n", cli->opt[HF_OPT_HOST]);
    else
        (void)puts("nothing is recorded yet");
}

typedef int list_fn(struct listing *l, size_t max, struct hf_err *err);

static int
list(struct hf_cli *cli, const char *const *heads, const char *verb,
     const char *key, list_fn *fill)
{
    struct listing l = {.cli = cli};
    struct hf_err err = HF_ERR_INIT;
    int64_t max = DEFAULT_LIMIT;
    cJSON *doc = NULL;
    int status = HF_EXIT_OK, rc;

    if (hf_cli_number(cli, HF_OPT_LIMIT, 0, 1000000, &max, &err) < 0)
        return hf_cli_fail(cli, &err);
    if (cli->opt[HF_OPT_JSON]) {
        doc = hf_cli_doc(cli, verb);
        l.arr = hf_json_add_arr(doc, key);
    }
    l.table = hf_table_new(heads);
    rc = fill(&l, (size_t)max, &err);
    if (rc < 0 && rc != HF_ENOTFOUND)
        status = hf_cli_fail(cli, &err);
    else if (l.bad)
        status = HF_EXIT_AUDIT;
    if (status == HF_EXIT_OK && !l.n && !is_known(cli)) {
        status = HF_EXIT_USAGE;
        cJSON_Delete(doc);
    } else if (doc) {
        (void)hf_cli_print_doc(doc, status);
    } else if (!l.n && status == HF_EXIT_OK) {
        say_nothing(cli);
    } else if (l.n) {
        hf_table_print(l.table, stdout, cli->columns, cli->ascii);
    }
    if (l.bad)
        (void)fprintf(stderr,
                      "hotfleet: %zu commit%s without a good signature\n",
                      l.bad, hf_plural(l.bad));
    hf_table_free(l.table);
    return status;
}

static int
fill_host(struct listing *l, size_t max, struct hf_err *err)
{
    struct hf_session *s = l->cli->session;

    return hf_ledger_host_history(
        hf_session_repo(s), hf_session_fleet(s)->ledger_branch,
        l->cli->opt[HF_OPT_HOST], max, add_evidence, l, err);
}

static int
fill_commits(struct listing *l, size_t max, struct hf_err *err)
{
    struct hf_session *s = l->cli->session;

    return hf_ledger_commits(
        hf_session_repo(s), hf_session_fleet(s)->ledger_branch, max,
        l->cli->opt[HF_OPT_VERIFY] != NULL, add_commit, l, err);
}

static int
fill_runs(struct listing *l, size_t max, struct hf_err *err)
{
    struct hf_session *s = l->cli->session;

    return hf_ledger_runs(hf_session_repo(s),
                          hf_session_fleet(s)->ledger_branch, max, add_run, l,
                          err);
}

static int
run_audit(struct hf_cli *cli)
{
    static const char *const host_heads[] = {"ENDED",   "RUN",    "ACTION",
                                             "OUTCOME", "CHANGE", "OPERATOR",
                                             "REASON",  "DETAIL", NULL};
    static const char *const heads[] = {"AT",     "COMMIT",  "SIG", "AUTHOR",
                                        "CHANGE", "SUBJECT", NULL};

    if (cli->opt[HF_OPT_HOST])
        return list(cli, host_heads, "audit", "records", fill_host);
    return list(cli, heads, "audit", "commits", fill_commits);
}

static int
run_runs(struct hf_cli *cli)
{
    static const char *const heads[] = {"RUN",   "ACTION",   "HOSTS", "CHANGE",
                                        "ENDED", "OPERATOR", NULL};

    if (cli->argc)
        return hf_runs_tell(cli, cli->argv[0]);
    return list(cli, heads, "runs", "runs", fill_runs);
}

const struct hf_verb hf_verb_audit = {
    .name = "audit",
    .group = "look",
    .args = "",
    .summary = "what was done, by whom, with what proof",
    .help = "Reads the ledger branch; plain git log shows the same. With "
            "--host the evidence records of one host, newest first. With "
            "--verify every commit's signature is checked by git (exit 9 when "
            "one is missing or bad).",
    .examples = "  hotfleet audit\n  hotfleet audit --host web-03\n"
                "  hotfleet audit --host web-03 --json | jq '.records[0]'\n"
                "  hotfleet audit --verify\n",
    .options = HF_OPTS(HF_OPTS_FLEET, HF_OPT_HOST, HF_OPT_VERIFY, HF_OPT_LIMIT),
    .flags = HF_VERB_NEEDS_FLEET,
    .run = run_audit,
};

const struct hf_verb hf_verb_runs = {
    .name = "runs",
    .group = "look",
    .args = "[RUN]",
    .summary = "runs, newest first; or one of them",
    .help = "With RUN its hosts: how each ended, from which level to which, "
            "how long it took, and why, as the evidence in the ledger says; of "
            "a single verb as of a plan.",
    .examples = "  hotfleet runs\n  hotfleet runs --limit 5 --json\n"
                "  hotfleet runs 20261123T060000Z-77aa01\n",
    .options = HF_OPTS(HF_OPTS_FLEET, HF_OPT_LIMIT),
    .flags = HF_VERB_NEEDS_FLEET,
    .max_args = 1,
    .run = run_runs,
};
