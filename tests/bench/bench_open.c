/*
 * Opening a fleet and making the first screen: the committed files, what the
 * ledger says of every host, judging, the lines of Today. Each measurement is
 * a process of its own; "first" reads the ledger's documents, "warm" the
 * snapshot of the one before. Ratios of one run are what counts; times depend
 * on the machine.
 *
 *   bench_open [--json] [HOSTS...]
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

#include "backend/base/json.h"
#include "backend/base/time.h"
#include "backend/drivers/driver.h"
#include "backend/sim/node.h"
#include "backend/sim/sim.h"
#include "inventory/load.h"
#include "playbooks/session.h"
#include "tests/support/git.h"
#include "tui/rows/today.h"

#define NONCE "0123456789abcdef0123456789abcdef"
#define TIMES 5

static char *dir, *fleet_dir;

/* Of one process; wall and cpu of all its threads. */
struct cost {
    double load_ms, open_ms, today_ms, cpu_ms, rss_kib;
};

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
    (void)fprintf(stderr, "bench_open: %s\n", err->text);
    scratch_free(dir);
    exit(1);
}

/* ---- a fleet of which everything is recorded ---- */

/* The facts that a simulated host tells, without asking it over a network. */
static void
ask(struct hf_facts *out, const struct hf_sim_host *host)
{
    const struct hf_driver *driver = hf_driver_find("livepatch");
    const struct hf_params none = {0};
    struct hf_sim_request request = {.user = "ops",
                                     .command = driver->dialect->command};
    struct hf_sim_answer answer = {0};
    struct hf_reply reply = {0};
    struct hf_sim_node node;
    struct hf_buf input = {0};
    struct hf_err err = HF_ERR_INIT;

    hf_sim_node_init(&node, host, 0, 1000, hf_mono());
    if (driver->dialect->encode(&input, driver->scripts[HF_SCRIPT_PROBE], &none,
                                NONCE, &err) < 0)
        die(&err);
    request.input = hf_buf_str(&input);
    request.input_len = input.len;
    hf_sim_node_answer(&node, &answer, &request, hf_mono());
    if (driver->dialect->decode(&reply, hf_buf_str(&answer.out), answer.out.len,
                                NONCE, hf_now(), &err) < 0)
        die(&err);
    hf_facts_copy(out, &reply.values);
    hf_reply_release(&reply);
    hf_buf_release(&answer.out);
    hf_buf_release(&answer.err);
    hf_buf_release(&input);
    hf_sim_node_release(&node);
}

static char *
facts_document(const struct hf_sim_host *host)
{
    cJSON *doc = cJSON_CreateObject();
    struct hf_facts facts = {0};
    char *text;

    ask(&facts, host);
    hf_json_add_str(doc, "schema", "hotfleet.facts/1");
    hf_json_add_str(doc, "host", host->name);
    cJSON_AddItemToObject(doc, "facts", hf_facts_to_json(&facts));
    text = hf_json_print_pretty(doc);
    cJSON_Delete(doc);
    hf_facts_release(&facts);
    return text;
}

static void
record_all(const struct hf_sim_host *hosts, size_t n)
{
    const struct hf_ledger_options options = {.branch = "ledger"};
    struct hf_err err = HF_ERR_INIT;
    struct hf_ledger *ledger;

    if (hf_ledger_open(&ledger, fleet_dir, &options, NULL, &err) < 0)
        die(&err);
    for (size_t i = 0; i < n; i++) {
        struct hf_ledger_record *r = HF_NEW(struct hf_ledger_record);

        r->seq = i + 1;
        r->path = hf_ledger_facts_path(hosts[i].name);
        r->content = facts_document(&hosts[i]);
        r->subject = hf_xasprintf("check %s", hosts[i].name);
        hf_ledger_add(ledger, r);
    }
    if (hf_ledger_close(ledger, 600000, &err) < 0)
        die(&err);
}

static void
make_fleet(size_t n)
{
    struct hf_sim_options speed = {.all_well = 1};
    const struct hf_sim_host *hosts;
    struct hf_err err = HF_ERR_INIT;
    struct hf_sim_fleet *sim;

    if (hf_sim_fleet_new(&sim, fleet_dir, n, &speed, &err) < 0)
        die(&err);
    hosts = hf_sim_fleet_hosts(sim, &n);
    record_all(hosts, n);
    hf_sim_fleet_free(sim);
    git_do(fleet_dir, "gc -q"); /* packed, as `import` leaves it */
}

/* ---- one process ---- */

static void
make_today(const struct hf_session *s, struct hf_today *today)
{
    struct hf_today_in in = {
        .fleet = hf_session_fleet(s), .ledger_note = "", .now = hf_now()};

    in.states = hf_session_states(s, &in.states_len);
    hf_today_make(today, &in);
}

static double
load_files(void)
{
    struct hf_problems problems = {0};
    struct hf_err err = HF_ERR_INIT;
    struct hf_fleet *fleet = NULL;
    struct hf_repo *repo = NULL;
    double start = now_ms();

    if (hf_repo_open(&repo, fleet_dir, &err) < 0 ||
        hf_fleet_load(&fleet, repo, NULL, &problems, &err) < 0)
        die(&err);
    start = now_ms() - start;
    hf_fleet_free(fleet);
    hf_repo_free(repo);
    hf_problems_release(&problems);
    return start;
}

static void
open_and_draw(struct cost *c)
{
    struct hf_session_options options = {.dir = fleet_dir};
    struct hf_problems problems = {0};
    struct hf_err err = HF_ERR_INIT;
    struct hf_today today;
    struct hf_session *s;
    struct rusage use;
    double start = now_ms();

    if (hf_session_open(&s, &options, &problems, &err) < 0)
        die(&err);
    c->open_ms = now_ms() - start;
    start = now_ms();
    make_today(s, &today);
    c->today_ms = now_ms() - start;
    getrusage(RUSAGE_SELF, &use);
    c->rss_kib = (double)use.ru_maxrss;
    c->cpu_ms = (double)(use.ru_utime.tv_sec + use.ru_stime.tv_sec) * 1e3 +
                (double)(use.ru_utime.tv_usec + use.ru_stime.tv_usec) / 1e3;
    hf_today_release(&today);
    hf_session_free(s);
}

static void
in_a_process(struct cost *c, int only_files)
{
    int ends[2], status;
    pid_t pid;

    if (pipe(ends) < 0 || (pid = fork()) < 0)
        exit(1);
    if (pid == 0) {
        if (only_files)
            c->load_ms = load_files();
        else
            open_and_draw(c);
        _exit(write(ends[1], c, sizeof(*c)) == sizeof(*c) ? 0 : 1);
    }
    (void)close(ends[1]);
    if (read(ends[0], c, sizeof(*c)) != sizeof(*c))
        exit(1);
    (void)close(ends[0]);
    (void)waitpid(pid, &status, 0);
}

/* ---- the report ---- */

struct result {
    int hosts;
    struct cost first, warm;
};

static void
keep_best(double *best, double value)
{
    if (!*best || value < *best)
        *best = value;
}

static void
measure(struct result *r)
{
    dir = scratch_new();
    fleet_dir = hf_path_join(dir, "fleet");
    make_fleet((size_t)r->hosts);
    in_a_process(&r->first, 0);
    for (int i = 0; i < TIMES; i++) {
        struct cost c = {0};

        in_a_process(&c, 0);
        keep_best(&r->warm.open_ms, c.open_ms);
        keep_best(&r->warm.today_ms, c.today_ms);
        keep_best(&r->warm.cpu_ms, c.cpu_ms);
        keep_best(&r->warm.rss_kib, c.rss_kib);
        in_a_process(&c, 1);
        keep_best(&r->warm.load_ms, c.load_ms);
    }
    free(fleet_dir);
    scratch_free(dir);
}

static void
print_text(const struct result *r)
{
    printf("open a fleet of %d hosts, all of them recorded\n", r->hosts);
    printf("  first time, from the ledger   %8.1f ms\n", r->first.open_ms);
    printf("  warm, from the snapshot       %8.1f ms (%.1f of the first)\n",
           r->warm.open_ms, r->warm.open_ms / r->first.open_ms);
    printf("  of that, the committed files  %8.1f ms\n", r->warm.load_ms);
    printf("  lines of the first screen     %8.1f ms\n", r->warm.today_ms);
    printf("  processor, all threads        %8.1f ms\n", r->warm.cpu_ms);
    printf("  memory                        %8.1f KiB/host\n",
           r->warm.rss_kib / r->hosts);
}

static void
print_json(const struct result *r)
{
    cJSON *doc = cJSON_CreateObject();
    char *text;

    hf_json_add_str(doc, "bench", "open");
    hf_json_add_int(doc, "hosts", r->hosts);
    cJSON_AddNumberToObject(doc, "first_ms", r->first.open_ms);
    cJSON_AddNumberToObject(doc, "warm_ms", r->warm.open_ms);
    cJSON_AddNumberToObject(doc, "files_ms", r->warm.load_ms);
    cJSON_AddNumberToObject(doc, "today_ms", r->warm.today_ms);
    cJSON_AddNumberToObject(doc, "cpu_ms", r->warm.cpu_ms);
    hf_json_add_int(doc, "rss_kib", (int64_t)r->warm.rss_kib);
    text = hf_json_print(doc);
    puts(text);
    free(text);
    cJSON_Delete(doc);
}

int
main(int argc, char **argv)
{
    int json = argc > 1 && strcmp(argv[1], "--json") == 0;
    char *home = git_empty_home(), *state = hf_path_join(home, "state");
    struct result r;

    (void)setenv("XDG_STATE_HOME", state, 1);
    for (int i = 1 + json; i < argc || i == 1 + json; i++) {
        r = (struct result){.hosts = i < argc ? atoi(argv[i]) : 10000};
        measure(&r);
        (json ? print_json : print_text)(&r);
        (void)fflush(stdout);
    }
    free(state);
    scratch_free(home);
    return 0;
}
