/* hotfleet today: the first screen, printed. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "backend/base/time.h"
#include "tui/cli/verb.h"
#include "tui/rows/today.h"

#define RUNS_MAX 20

static void
add_release(cJSON *line, const struct hf_today_line *from)
{
    const struct hf_release *row = from->release;
    cJSON *obj = hf_json_add_obj(line, "release"), *cves;

    hf_json_add_str(obj, "product", row->product);
    hf_json_add_str(obj, "type", hf_release_type_names[row->type]);
    hf_json_add_str(obj, "month", row->month);
    hf_json_add_str(obj, "kb", row->kb);
    hf_json_add_str(obj, "build", row->build);
    hf_json_add_str(obj, "patch", row->patch);
    if (row->released)
        hf_json_add_time(obj, "released", row->released);
    cves = hf_json_add_arr(obj, "cves");
    for (size_t i = 0; row->cves && row->cves[i]; i++)
        hf_json_push_str(cves, row->cves[i]);
    hf_json_add_int(obj, "exploited", (int64_t)from->exploited);
    hf_json_add_str(obj, "certainty", row->certainty);
    hf_json_add_int(obj, "in_effect", (int64_t)from->part);
}

static int
print_json(struct hf_cli *cli, const struct hf_today *t, int status)
{
    cJSON *doc = hf_cli_doc(cli, "today");
    cJSON *lines = hf_json_add_arr(doc, "lines");

    for (size_t i = 0; i < t->len; i++) {
        cJSON *obj = cJSON_CreateObject(), *hosts;

        hf_json_add_str(obj, "section", hf_today_titles[t->v[i].section]);
        hf_json_add_str(obj, "text", t->v[i].text);
        hf_json_add_str(obj, "next", t->v[i].next);
        hf_json_add_str(obj, "selector", t->v[i].selector);
        if (t->v[i].release)
            add_release(obj, &t->v[i]);
        hosts = hf_json_add_arr(obj, "hosts");
        for (size_t k = 0; k < t->v[i].hosts.len; k++)
            hf_json_push_str(hosts, t->v[i].hosts.v[k]);
        cJSON_AddItemToArray(lines, obj);
    }
    hf_json_add_int(doc, "needs_you", (int64_t)t->needs);
    return hf_cli_print_doc(doc, status);
}

static void
print_section(const struct hf_today *t, enum hf_today_section section)
{
    int first = 1;

    for (size_t i = 0; i < t->len; i++) {
        if (t->v[i].section != section)
            continue;
        if (first)
            (void)printf("%s%s\n", section ? "\n" : "",
                         hf_today_titles[section]);
        first = 0;
        (void)printf("  %s\n", t->v[i].text);
        if (t->v[i].next && section == HF_TODAY_NEEDS)
            (void)printf("      %s\n", t->v[i].next);
    }
}

/* The newest runs of plans; one that cannot be read is told by `runs`. */
static size_t
read_runs(struct hf_rings_run runs[RUNS_MAX], struct hf_cli *cli)
{
    struct hf_err err = HF_ERR_INIT;
    struct hf_strs ids = {0};
    size_t n = 0;

    (void)hf_rollout_list(&ids, cli->session, &err);
    for (size_t i = 0; i < ids.len && n < RUNS_MAX; i++) {
        struct hf_rollout *rollout = NULL;
        struct hf_plan *plan = NULL;

        if (hf_rollout_read(&plan, &rollout, cli->session, ids.v[i], &err) < 0)
            continue;
        hf_say(runs[n].id, sizeof(runs[n].id), "%s", ids.v[i]);
        hf_rings_run_own(&runs[n], plan, rollout);
        hf_rings_run_ask(&runs[n++], hf_now());
    }
    hf_strs_release(&ids);
    return n;
}

/* Since the first of the month, UTC. 0: could not be reckoned. */
static int
reckon(struct hf_savings *out, struct hf_cli *cli, int64_t now)
{
    const struct hf_state *all, **states;
    char first[HF_TIME_LEN];
    struct hf_err err = HF_ERR_INIT;
    int64_t from = now;
    size_t n;
    int rc;

    hf_time_format(first, now);
    (void)snprintf(first + strlen("2026-11-"), 3, "01");
    (void)hf_time_parse(&from, first);
    all = hf_session_states(cli->session, &n);
    states = hf_xcalloc(n + 1, sizeof(*states));
    for (size_t i = 0; i < n; i++)
        states[i] = &all[i];
    rc = hf_savings_make(out, cli->session, states, n, from, now, &err);
    free(states);
    return rc == HF_OK;
}

static int
run_today(struct hf_cli *cli)
{
    struct hf_savings savings = {0};
    struct hf_rings_run runs[RUNS_MAX] = {0};
    const char *elsewhere = hf_session_elsewhere(cli->session);
    struct hf_today_in in = {
        .fleet = hf_session_fleet(cli->session),
        .operator_ = hf_session_operator(cli->session),
        .elsewhere = elsewhere,
        .open_intents = hf_session_open_intents(cli->session),
        .ledger_note = hf_session_ledger_note(cli->session),
        .read_only = hf_session_read_only(cli->session),
        .now = hf_now()};
    struct hf_today today;
    int status;

    in.runs = runs;
    in.runs_len = read_runs(runs, cli);
    if (reckon(&savings, cli, in.now))
        in.saved = &savings.all;
    in.states = hf_session_states(cli->session, &in.states_len);
    hf_today_make(&today, &in);
    status = today.needs ? HF_EXIT_WORK : HF_EXIT_OK;
    if (cli->opt[HF_OPT_JSON]) {
        status = print_json(cli, &today, status);
    } else {
        for (int i = 0; i < HF_TODAY_SECTION_COUNT; i++)
            print_section(&today, (enum hf_today_section)i);
        if (!today.needs)
            (void)puts("\nnothing needs you");
    }
    hf_today_release(&today);
    hf_savings_release(&savings);
    for (size_t i = 0; i < in.runs_len; i++)
        hf_rings_run_release(&runs[i]);
    return status;
}

const struct hf_verb hf_verb_today = {
    .name = "today",
    .group = "look",
    .args = "",
    .summary = "what needs you now",
    .help = "Exits with 10 when something needs you. Contacts no host.",
    .examples = "  hotfleet today\n  hotfleet today --json\n",
    .options = HF_OPTS(HF_OPTS_FLEET),
    .flags = HF_VERB_NEEDS_FLEET,
    .run = run_today,
};
