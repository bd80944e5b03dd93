/*
 * Reports over a long ledger: the past read from git, then from the index that
 * was kept of it, and what reports compute from it. Each measurement opens the
 * fleet anew. Ratios of one run are what counts; times depend on the machine.
 *
 *   bench_reports [--json] [RECORDS]
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "backend/base/civil.h"
#include "backend/base/json.h"
#include "backend/base/time.h"
#include "inventory/ledger.h"
#include "playbooks/memory.h"
#include "playbooks/review.h"
#include "tests/support/git.h"

#define HOSTS 1000 /* a run is over all of them */
#define DAYS 730
#define QUARTER 92

static char *dir, *fleet_dir;

static double
now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static void
die(const struct hf_err *err)
{
    fprintf(stderr, "bench_reports: %s\n", err->text);
    scratch_free(dir);
    exit(1);
}

/* ---- a ledger of so many records ---- */

static void
name_host(char out[32], int i)
{
    snprintf(out, 32, "web-%05d", i);
}

static void
write_hosts(void)
{
    struct hf_err err = HF_ERR_INIT;
    struct hf_buf text = {0};

    for (int i = 0; i < HOSTS; i++) {
        char host[32], *path;

        name_host(host, i);
        hf_buf_clear(&text);
        hf_buf_printf(&text, "{\"name\": \"%s\", \"address\": \"127.0.0.1\"}",
                      host);
        path = hf_xasprintf("%s/hosts/%s.json", fleet_dir, host);
        if (hf_file_write(path, hf_buf_str(&text), text.len, 0644, &err) < 0)
            die(&err);
        free(path);
    }
    hf_buf_release(&text);
}

static void
add_facts(cJSON *doc, const char *key, int boot)
{
    cJSON *facts = hf_json_add_obj(doc, key), *fact;
    char name[32], value[64];

    for (int i = 0; i < 12; i++) {
        snprintf(name, sizeof(name), i ? "kernel.fact%d" : "boot.id", i);
        snprintf(value, sizeof(value), "df5f770e-9a72-a685-1aec-%012x",
                 (unsigned)(i ? i : boot) * 2654435761u);
        fact = hf_json_add_obj(facts, name);
        hf_json_add_str(fact, "value", value);
        hf_json_add_str(fact, "source", "/sys/kernel/livepatch");
        hf_json_add_str(fact, "at", "2026-11-23T12:20:42.756Z");
    }
}

/* Of a likely size: half of what a host with few facts has. */
static char *
evidence(const char *host, const char *run, int64_t at, int boot)
{
    cJSON *doc = cJSON_CreateObject();
    char ended[HF_TIME_LEN], *text;

    hf_time_format(ended, at);
    hf_json_add_str(doc, "schema", "hotfleet.evidence/1");
    hf_json_add_str(doc, "run", run);
    hf_json_add_str(doc, "host", host);
    hf_json_add_str(doc, "ring", "canary");
    hf_json_add_str(doc, "action", "apply");
    hf_json_add_str(doc, "from", "6.1.0-53-amd64 + fix_1");
    hf_json_add_str(doc, "to", "6.1.0-53-amd64 + fix_2");
    hf_json_add_str(doc, "outcome", "verified");
    hf_json_add_str(doc, "why", "6.1.0-53-amd64 + fix_2");
    hf_json_add_str(doc, "started", ended);
    hf_json_add_str(doc, "ended", ended);
    hf_json_add_str(hf_json_add_obj(doc, "price"), "restart", "no");
    add_facts(doc, "before", boot);
    add_facts(doc, "after", boot);
    text = hf_json_print_pretty(doc);
    cJSON_Delete(doc);
    return text;
}

static void
write_ledger(int runs)
{
    const struct hf_ledger_options options = {.branch = "ledger"};
    struct hf_err err = HF_ERR_INIT;
    struct hf_ledger *ledger;
    uint64_t seq = 0;

    if (hf_ledger_open(&ledger, fleet_dir, &options, NULL, &err) < 0)
        die(&err);
    for (int i = 0; i < runs; i++) {
        int64_t at = hf_now() - (int64_t)(runs - i) * DAYS * HF_DAY_MS / runs;
        char host[32], run[HF_TIME_LEN], id[40];

        hf_time_format(run, at);
        snprintf(id, sizeof(id), "%.4s%.2s%.2sT000000Z-%06x", run, run + 5,
                 run + 8, (unsigned)i);
        for (int k = 0; k < HOSTS; k++) {
            struct hf_ledger_record *r = HF_NEW(struct hf_ledger_record);

            name_host(host, k);
            r->seq = ++seq;
            r->path = hf_ledger_evidence_path(host, id);
            r->content = evidence(host, id, at, k);
            r->subject = hf_xstrdup("apply: verified");
            r->run = hf_xstrdup(id);
            r->action = hf_xstrdup("apply");
            hf_ledger_add(ledger, r);
        }
    }
    if (hf_ledger_close(ledger, 3600000, &err) < 0)
        die(&err);
}

/* ---- reading ---- */

struct cost {
    double open_ms, past_ms;
    double report_ms, memory_ms, quarter_ms;
    size_t moments, avoided;
};

static void
measure_quarter(struct cost *out, struct hf_session *s,
                const struct hf_state *const *states, size_t n)
{
    struct hf_memory_report memory;
    struct hf_review review;
    struct hf_err err = HF_ERR_INIT;
    double start = now_ms();

    if (hf_memory_make(&memory, s, states, n, QUARTER, hf_now(), &err) < 0)
        die(&err);
    hf_memory_release(&memory);
    out->memory_ms = now_ms() - start;
    start = now_ms();
    if (hf_review_make(&review, s, states, n, QUARTER, hf_now(), &err) < 0)
        die(&err);
    hf_review_release(&review);
    out->quarter_ms = now_ms() - start;
}

static void
measure(struct cost *out)
{
    const struct hf_session_options o = {.dir = fleet_dir};
    struct hf_problems problems = {0};
    struct hf_err err = HF_ERR_INIT;
    const struct hf_state **states;
    const struct hf_state *v;
    struct hf_history *past;
    struct hf_savings savings;
    struct hf_session *s;
    double start = now_ms(), at;
    size_t n;

    if (hf_session_open(&s, &o, &problems, &err) < 0)
        die(&err);
    out->open_ms = (at = now_ms()) - start;
    if (hf_history_open(&past, s, &err) < 0)
        die(&err);
    out->moments = hf_history_len(past);
    hf_history_free(past);
    out->past_ms = now_ms() - at;
    v = hf_session_states(s, &n);
    states = hf_xcalloc(n + 1, sizeof(*states));
    for (size_t i = 0; i < n; i++)
        states[i] = &v[i];
    at = now_ms();
    if (hf_savings_make(&savings, s, states, n, hf_now() - DAYS * HF_DAY_MS,
                        hf_now(), &err) < 0)
        die(&err);
    out->report_ms = now_ms() - at;
    out->avoided = hf_saved_avoided(&savings.all);
    hf_savings_release(&savings);
    measure_quarter(out, s, states, n);
    hf_problems_release(&problems);
    hf_session_free(s);
    free(states);
}

static void
print_text(const char *how, const struct cost *c)
{
    printf("  %-22s %8.0f ms (%.1f us a record), then savings %.0f ms, memory "
           "%.0f ms, quarter %.0f ms\n",
           how, c->past_ms, c->past_ms * 1e3 / (double)c->moments, c->report_ms,
           c->memory_ms, c->quarter_ms);
}

static void
print_json(const struct cost *git, const struct cost *index)
{
    cJSON *doc = cJSON_CreateObject();
    char *text;

    hf_json_add_str(doc, "bench", "reports");
    hf_json_add_int(doc, "records", (int64_t)git->moments);
    cJSON_AddNumberToObject(doc, "from_git_ms", git->past_ms);
    cJSON_AddNumberToObject(doc, "from_index_ms", index->past_ms);
    cJSON_AddNumberToObject(doc, "savings_ms", index->report_ms);
    cJSON_AddNumberToObject(doc, "memory_ms", index->memory_ms);
    cJSON_AddNumberToObject(doc, "quarter_ms", index->quarter_ms);
    text = hf_json_print(doc);
    puts(text);
    free(text);
    cJSON_Delete(doc);
}

int
main(int argc, char **argv)
{
    int json = argc > 1 && strcmp(argv[1], "--json") == 0;
    int records = argc > 1 + json ? atoi(argv[1 + json]) : 10000;
    char *home = git_empty_home(), *state;
    struct cost git = {0}, index = {0};
    struct hf_err err = HF_ERR_INIT;
    char *hosts;

    dir = scratch_new();
    fleet_dir = hf_path_join(dir, "fleet");
    state = hf_path_join(dir, "state");
    setenv("XDG_STATE_HOME", state, 1);
    git_new_fleet(fleet_dir);
    hosts = hf_path_join(fleet_dir, "hosts");
    if (hf_mkdirs(hosts, 0700, &err) < 0)
        die(&err);
    write_hosts();
    git_do(fleet_dir, "add -A");
    git_do(fleet_dir, "commit -q -m hosts");
    write_ledger(records / HOSTS);
    measure(&git);
    measure(&index);
    if (json) {
        print_json(&git, &index);
    } else {
        printf("the past of %d hosts, %zu records; %zu restarts avoided\n",
               HOSTS, git.moments, git.avoided);
        print_text("read from git", &git);
        print_text("from the index of it", &index);
    }
    scratch_free(dir);
    scratch_free(home);
    free(hosts);
    free(state);
    free(fleet_dir);
    return 0;
}
