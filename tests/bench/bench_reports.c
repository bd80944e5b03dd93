/*
 * Reports over a long ledger: the past read from git, then from the index that
 * was kept of it, then with a run that came since, and what reports compute
 * from it. Each measurement opens the fleet anew. Ratios of one run are what
 * counts; times depend on the machine.
 *
 *   bench_reports [--json] [--checks] [RECORDS] [DIR]
 *
 * With --checks the records are versions of the hosts' facts, else evidence of
 * runs. A fleet that is found in DIR is measured, else made there and kept.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

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

/* Of all processors together, ours and that of children who have ended: on a
 * machine that has other work, too, this counts and not the clock. */
static double
cpu_ms(void)
{
    struct rusage use[2];
    double ms = 0;

    getrusage(RUSAGE_SELF, &use[0]);
    getrusage(RUSAGE_CHILDREN, &use[1]);
    for (int i = 0; i < 2; i++)
        ms += (double)(use[i].ru_utime.tv_sec + use[i].ru_stime.tv_sec) * 1e3 +
              (double)(use[i].ru_utime.tv_usec + use[i].ru_stime.tv_usec) / 1e3;
    return ms;
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
add_facts(cJSON *doc, const char *key, const char *at, int boot)
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
        hf_json_add_str(fact, "at", at);
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
    add_facts(doc, "before", ended, boot);
    add_facts(doc, "after", ended, boot);
    text = hf_json_print_pretty(doc);
    cJSON_Delete(doc);
    return text;
}

/* What a check leaves of a host. */
static char *
facts(const char *host, int64_t at, int boot)
{
    cJSON *doc = cJSON_CreateObject(), *net;
    char when[HF_TIME_LEN], *text;

    hf_time_format(when, at);
    hf_json_add_str(doc, "schema", "hotfleet.facts/1");
    hf_json_add_str(doc, "host", host);
    add_facts(doc, "facts", when, boot);
    net = hf_json_add_obj(doc, "net");
    hf_json_add_str(net, "outcome", "ok");
    hf_json_add_str(net, "at", when);
    text = hf_json_print_pretty(doc);
    cJSON_Delete(doc);
    return text;
}

static void
write_record(FILE *to, int host, const char *run, int64_t at, int is_check)
{
    char name[32], *path, *text;

    name_host(name, host);
    path = is_check ? hf_ledger_facts_path(name)
                    : hf_ledger_evidence_path(name, run);
    text = is_check ? facts(name, at, host) : evidence(name, run, at, host);
    fprintf(to, "M 100644 inline %s\ndata %zu\n%s\n", path, strlen(text), text);
    free(path);
    free(text);
}

/* A commit for each run, and one pack, as git's housekeeping leaves them. The
 * ledger's own writer would sync each commit: bench_ledger measures that. */
static void
write_ledger(int runs, int are_checks)
{
    char *command = hf_xasprintf("git -C '%s' fast-import --quiet", fleet_dir);
    FILE *to = popen(command, "w");

    for (int i = 0; to && i < runs; i++) {
        int64_t at = hf_now() - (int64_t)(runs - i) * DAYS * HF_DAY_MS / runs;
        char run[HF_TIME_LEN], id[40];

        hf_time_format(run, at);
        snprintf(id, sizeof(id), "%.4s%.2s%.2sT000000Z-%06x", run, run + 5,
                 run + 8, (unsigned)i);
        fprintf(to,
                "commit refs/heads/ledger\ncommitter a <a@example.org> %lld "
                "+0000\ndata 3\nrun\n",
                (long long)at / 1000);
        for (int k = 0; k < HOSTS; k++)
            write_record(to, k, id, at, are_checks);
    }
    if (!to || pclose(to) != 0) {
        fprintf(stderr, "bench_reports: cannot write a ledger\n");
        exit(1);
    }
    free(command);
}

/* ---- reading ---- */

struct cost {
    double open_ms, past_ms, past_cpu_ms;
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
    double start = now_ms(), at, cpu;
    size_t n;

    if (hf_session_open(&s, &o, &problems, &err) < 0)
        die(&err);
    out->open_ms = (at = now_ms()) - start;
    cpu = cpu_ms();
    if (hf_history_open(&past, s, &err) < 0)
        die(&err);
    out->moments = hf_history_len(past);
    hf_history_free(past);
    out->past_ms = now_ms() - at;
    out->past_cpu_ms = cpu_ms() - cpu;
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

/* What git itself takes to unpack all that the repository holds, in its own
 * best order, on one core. */
static void
measure_floor(struct cost *out)
{
    char *command = hf_xasprintf(
        "git -C '%s' cat-file --batch-all-objects --unordered --buffer "
        "--batch >/dev/null",
        fleet_dir);
    double start = now_ms(), cpu = cpu_ms();

    if (system(command) != 0)
        exit(1);
    out->past_ms = now_ms() - start;
    out->past_cpu_ms = cpu_ms() - cpu;
    free(command);
}

static void
print_past(const char *how, const struct cost *c, size_t records)
{
    printf("  %-22s %8.0f ms, of processors %8.0f ms (%.1f us a record)\n", how,
           c->past_ms, c->past_cpu_ms, c->past_cpu_ms * 1e3 / (double)records);
}

struct costs {
    struct cost floor, git, index, news, after;
};

static void
print_text(const struct costs *c)
{
    const struct {
        const char *how;
        const struct cost *cost;
    } rows[] = {
        {"read from git", &c->git},
        {"from the index of it", &c->index},
        {"and from one more run", &c->news},
        {"from the index of both", &c->after},
    };

    printf("the past of %d hosts, %zu records; %zu restarts avoided\n", HOSTS,
           c->git.moments, c->git.avoided);
    print_past("git reads its objects", &c->floor, c->git.moments);
    for (size_t i = 0; i < HF_COUNT(rows); i++) {
        const struct cost *cost = rows[i].cost;

        print_past(rows[i].how, cost, c->git.moments);
        printf("  %22s then savings %.0f ms, memory %.0f ms, quarter %.0f ms\n",
               "", cost->report_ms, cost->memory_ms, cost->quarter_ms);
    }
    printf("  from git / git's own reading: %.2f, of processors %.2f\n",
           c->git.past_ms / c->floor.past_ms,
           c->git.past_cpu_ms / c->floor.past_cpu_ms);
}

static void
print_json(const struct costs *c)
{
    const struct {
        const char *key;
        double ms;
    } rows[] = {
        {"floor_ms", c->floor.past_ms},
        {"floor_cpu_ms", c->floor.past_cpu_ms},
        {"from_git_ms", c->git.past_ms},
        {"from_git_cpu_ms", c->git.past_cpu_ms},
        {"from_index_ms", c->index.past_ms},
        {"from_index_and_news_ms", c->news.past_ms},
        {"savings_ms", c->index.report_ms},
        {"memory_ms", c->index.memory_ms},
        {"quarter_ms", c->index.quarter_ms},
    };
    cJSON *doc = cJSON_CreateObject();
    char *text;

    hf_json_add_str(doc, "bench", "reports");
    hf_json_add_int(doc, "records", (int64_t)c->git.moments);
    for (size_t i = 0; i < HF_COUNT(rows); i++)
        cJSON_AddNumberToObject(doc, rows[i].key, rows[i].ms);
    text = hf_json_print(doc);
    puts(text);
    free(text);
    cJSON_Delete(doc);
}

struct options {
    int json, checks, records;
    const char *dir; /* NULL: one that is gone afterwards */
};

static struct options
options_of(int argc, char **argv)
{
    struct options o = {.records = 10000};

    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--json") == 0)
            o.json = 1;
        else if (strcmp(argv[i], "--checks") == 0)
            o.checks = 1;
        else if (strspn(argv[i], "0123456789") == strlen(argv[i]))
            o.records = atoi(argv[i]);
        else
            o.dir = argv[i];
    }
    return o;
}

static void
make_fleet(const struct options *o)
{
    char *hosts = hf_path_join(fleet_dir, "hosts");
    struct hf_err err = HF_ERR_INIT;

    git_new_fleet(fleet_dir);
    if (hf_mkdirs(hosts, 0700, &err) < 0)
        die(&err);
    write_hosts();
    git_do(fleet_dir, "add -A");
    git_do(fleet_dir, "commit -q -m hosts");
    write_ledger(o->records / HOSTS + 1, o->checks); /* the last is news */
    free(hosts);
}

int
main(int argc, char **argv)
{
    const struct options o = options_of(argc, argv);
    char *home = git_empty_home(), *state;
    struct costs c = {0};

    dir = scratch_new();
    fleet_dir = hf_path_join(o.dir ? o.dir : dir, "fleet");
    state = hf_path_join(dir, "state");
    setenv("XDG_STATE_HOME", state, 1);
    if (access(fleet_dir, F_OK) < 0)
        make_fleet(&o);
    measure_floor(&c.floor);
    git_do(fleet_dir, "update-ref refs/heads/tip ledger");
    git_do(fleet_dir, "update-ref refs/heads/ledger ledger~1");
    measure(&c.git);
    measure(&c.index);
    git_do(fleet_dir, "update-ref refs/heads/ledger tip");
    measure(&c.news);
    measure(&c.after);
    (o.json ? print_json : print_text)(&c);
    scratch_free(dir);
    scratch_free(home);
    free(state);
    free(fleet_dir);
    return 0;
}
