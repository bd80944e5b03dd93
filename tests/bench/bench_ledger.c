/*
 * What the ledger costs: records a second, on disk, beside one commit of loose
 * objects for each record (what a plain program would do); one host's past
 * among many runs; the facts of all hosts. Ratios of one run are what counts;
 * times depend on the machine.
 *
 *   bench_ledger [--json] [RUNS]
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "backend/base/json.h"
#include "inventory/git.h"
#include "inventory/ledger.h"
#include "tests/support/git.h"

#define HOSTS 10000
#define HOSTS_OF_A_RUN 10
#define LOOSE 300 /* records of the slow way: enough for a rate */
#define LOOKUPS 20

static char *dir, *fleet;
static struct hf_ledger *ledger;
static uint64_t seq;

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
    fprintf(stderr, "bench_ledger: %s\n", err->text);
    scratch_free(dir);
    exit(1);
}

/* ---- records of a likely size ---- */

static void
name_host(char out[32], int i)
{
    snprintf(out, 32, "web-%05d", i % HOSTS);
}

static void
name_run(char out[32], int i)
{
    snprintf(out, 32, "2026%02d%02dT%02d%02d%02dZ-%06x", 1 + i / 2500 % 12,
             1 + i / 90 % 28, i / 3600 % 24, i / 60 % 60, i % 60,
             (unsigned)i & 0xffffff);
}

static char *
facts_text(int i)
{
    cJSON *doc = cJSON_CreateObject();
    char key[32], value[64], *text;

    for (int k = 0; k < 20; k++) {
        cJSON *fact;

        snprintf(key, sizeof(key), "kernel.fact%d", k);
        snprintf(value, sizeof(value), "%d-%x", k, (unsigned)i * 2654435761u);
        fact = hf_json_add_obj(doc, key);
        hf_json_add_str(fact, "value", k % 4 ? "yes" : value);
        hf_json_add_str(fact, "source", "/sys/kernel/livepatch");
    }
    text = hf_json_print_pretty(doc);
    cJSON_Delete(doc);
    return text;
}

static void
add(char *path, char *content, const char *run)
{
    struct hf_ledger_record *r = HF_NEW(struct hf_ledger_record);

    r->seq = ++seq;
    r->path = path;
    r->content = content;
    r->subject = hf_xstrdup("apply: verified");
    r->run = hf_xstrdup(run);
    r->action = hf_xstrdup("apply");
    hf_ledger_add(ledger, r);
}

static void
open_ledger(void)
{
    const struct hf_ledger_options options = {.branch = "ledger"};
    struct hf_err err = HF_ERR_INIT;

    if (hf_ledger_open(&ledger, fleet, &options, NULL, &err) < 0)
        die(&err);
}

static void
close_ledger(void)
{
    struct hf_err err = HF_ERR_INIT;

    if (hf_ledger_close(ledger, 600000, &err) < 0)
        die(&err);
}

/* ---- writing ---- */

/* Facts of all hosts, synced: records a second. */
static double
write_facts(void)
{
    double start;
    char host[32];

    open_ledger();
    start = now_ms();
    for (int i = 0; i < HOSTS; i++) {
        name_host(host, i);
        add(hf_ledger_facts_path(host), facts_text(i), NULL);
    }
    close_ledger();
    return HOSTS / (now_ms() - start) * 1e3;
}

/* Runs over hosts, synced: records a second. */
static double
write_runs(int runs)
{
    double start;
    char host[32], run[32];

    open_ledger();
    start = now_ms();
    for (int i = 0; i < runs; i++) {
        name_run(run, i);
        add(hf_ledger_run_path(run, "run.json"), facts_text(i), run);
        for (int k = 0; k < HOSTS_OF_A_RUN; k++) {
            name_host(host, i * HOSTS_OF_A_RUN + k);
            add(hf_ledger_evidence_path(host, run), facts_text(i), run);
        }
    }
    close_ledger();
    return runs * (HOSTS_OF_A_RUN + 1) / (now_ms() - start) * 1e3;
}

/* One record: blob, trees and commit, each a synced file. */
static int
commit_loose(git_repository *git, const char *path, const char *text)
{
    git_tree_update update = {.action = GIT_TREE_UPDATE_UPSERT,
                              .filemode = GIT_FILEMODE_BLOB,
                              .path = path};
    git_object *parent = NULL;
    git_signature *me = NULL;
    git_tree *base = NULL, *tree = NULL;
    const git_commit *parents[1];
    git_oid id;
    int rc;

    if ((rc = git_revparse_single(&parent, git, "refs/heads/ledger")) == 0 &&
        (rc = git_commit_tree(&base, (git_commit *)parent)) == 0 &&
        (rc = git_blob_create_from_buffer(&update.id, git, text,
                                          strlen(text))) == 0 &&
        (rc = git_tree_create_updated(&id, git, base, 1, &update)) == 0 &&
        (rc = git_tree_lookup(&tree, git, &id)) == 0 &&
        (rc = git_signature_now(&me, "Ann", "ann@example.org")) == 0) {
        parents[0] = (git_commit *)parent;
        rc = git_commit_create(&id, git, "refs/heads/ledger", me, me, NULL,
                               "apply: verified", tree, 1, (void *)parents);
    }
    git_signature_free(me);
    git_tree_free(base);
    git_tree_free(tree);
    git_object_free(parent);
    return rc;
}

static double
write_loose(void)
{
    struct hf_err err = HF_ERR_INIT;
    struct hf_repo *repo;
    double start;
    char host[32];

    if (hf_repo_open(&repo, fleet, &err) < 0)
        die(&err);
    start = now_ms();
    for (int i = 0; i < LOOSE; i++) {
        char *path, *text = facts_text(-i);
        int rc;

        name_host(host, i);
        path = hf_ledger_evidence_path(host, "20270101T000000Z-000000");
        if ((rc = commit_loose(hf_repo_git(repo), path, text)) < 0) {
            hf_git_fail(&err, rc, "commit");
            die(&err);
        }
        free(path);
        free(text);
    }
    hf_repo_free(repo);
    return LOOSE / (now_ms() - start) * 1e3;
}

/* ---- reading ---- */

static int
count_doc(void *ctx, const char *run, cJSON *doc)
{
    (void)run;
    (void)doc;
    ++*(int *)ctx;
    return 0;
}

static int
count_facts(void *ctx, const char *host, const char *text, size_t len)
{
    (void)host;
    (void)text;
    (void)len;
    ++*(int *)ctx;
    return 0;
}

/* ms for the whole past of one host, from opening the repository on. */
static double
read_history(int *found)
{
    struct hf_err err = HF_ERR_INIT;
    double best = 1e9;

    for (int i = 0; i < LOOKUPS; i++) {
        double start = now_ms(), took;
        struct hf_repo *repo;
        char host[32];

        *found = 0;
        name_host(host, i * 37 % HOSTS);
        if (hf_repo_open(&repo, fleet, &err) < 0 ||
            hf_ledger_host_history(repo, "ledger", host, 0, count_doc, found,
                                   &err) < 0)
            die(&err);
        took = now_ms() - start;
        best = took < best ? took : best;
        hf_repo_free(repo);
    }
    return best;
}

static double
read_facts(int *found)
{
    struct hf_err err = HF_ERR_INIT;
    double best = 1e9;

    for (int i = 0; i < 5; i++) {
        double start = now_ms(), took;
        struct hf_repo *repo;

        *found = 0;
        if (hf_repo_open(&repo, fleet, &err) < 0 ||
            hf_ledger_each_facts(repo, "ledger", NULL, count_facts, found,
                                 &err) < 0)
            die(&err);
        took = now_ms() - start;
        best = took < best ? took : best;
        hf_repo_free(repo);
    }
    return best;
}

/* ---- the report ---- */

struct result {
    int runs;
    double facts_rate, runs_rate, loose_rate;
    double history_ms, history_packed_ms, facts_ms;
    int history_docs, facts_docs;
};

static void
print_text(const struct result *r)
{
    printf("ledger, %d hosts, %d runs of %d hosts\n", HOSTS, r->runs,
           HOSTS_OF_A_RUN);
    printf("  write facts of all hosts      %8.0f records/s, synced\n",
           r->facts_rate);
    printf("  write runs                    %8.0f records/s, synced\n",
           r->runs_rate);
    printf("  a loose commit for each       %8.0f records/s, synced\n",
           r->loose_rate);
    printf("  batches beside loose commits  %8.1f x\n",
           r->runs_rate / r->loose_rate);
    printf("  past of one host (%3d runs)   %8.2f ms, as written\n",
           r->history_docs, r->history_ms);
    printf("  past of one host (%3d runs)   %8.2f ms, after git gc\n",
           r->history_docs, r->history_packed_ms);
    printf("  facts of all hosts (%d)    %8.2f ms, after git gc\n",
           r->facts_docs, r->facts_ms);
}

static void
print_json(const struct result *r)
{
    cJSON *doc = cJSON_CreateObject();
    char *text;

    hf_json_add_str(doc, "bench", "ledger");
    hf_json_add_int(doc, "hosts", HOSTS);
    hf_json_add_int(doc, "runs", r->runs);
    cJSON_AddNumberToObject(doc, "facts_per_s", r->facts_rate);
    cJSON_AddNumberToObject(doc, "records_per_s", r->runs_rate);
    cJSON_AddNumberToObject(doc, "loose_per_s", r->loose_rate);
    cJSON_AddNumberToObject(doc, "ratio", r->runs_rate / r->loose_rate);
    cJSON_AddNumberToObject(doc, "history_ms", r->history_ms);
    cJSON_AddNumberToObject(doc, "history_packed_ms", r->history_packed_ms);
    cJSON_AddNumberToObject(doc, "facts_ms", r->facts_ms);
    text = hf_json_print(doc);
    puts(text);
    free(text);
    cJSON_Delete(doc);
}

int
main(int argc, char **argv)
{
    int json = argc > 1 && strcmp(argv[1], "--json") == 0;
    struct result r = {.runs = argc > 1 + json ? atoi(argv[1 + json]) : 10000};
    char *home = git_empty_home();

    dir = scratch_new();
    fleet = hf_path_join(dir, "fleet");
    git_new_fleet(fleet);
    r.facts_rate = write_facts();
    r.runs_rate = write_runs(r.runs);
    r.history_ms = read_history(&r.history_docs);
    r.loose_rate = write_loose();
    git_do(fleet, "gc -q");
    r.history_packed_ms = read_history(&r.history_docs);
    r.facts_ms = read_facts(&r.facts_docs);
    (json ? print_json : print_text)(&r);
    scratch_free(dir);
    scratch_free(home);
    free(fleet);
    return 0;
}
