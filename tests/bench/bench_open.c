/*
 * Opening a fleet and making the first screen: the committed files, what the
 * ledger says of every host, judging, the lines of Today. Each measurement is
 * a process of its own; "first" reads all files and documents, "warm" what was
 * kept of the one before, "moved" the same after one host in a hundred was
 * recorded anew. Ratios of one run are what counts; times depend on the
 * machine.
 *
 *   bench_open [--json] [HOSTS...]
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "backend/base/json.h"
#include "backend/base/time.h"
#include "backend/drivers/driver.h"
#include "backend/sim/node.h"
#include "backend/sim/sim.h"
#include "playbooks/session.h"
#include "tests/support/git.h"
#include "tui/rows/today.h"

#define NONCE "0123456789abcdef0123456789abcdef"
#define TIMES 5

static char *dir, *fleet_dir;

/* Of one process; wall and cpu of all its threads, memory at its peak and
 * before anything was opened. */
struct cost {
    double open_ms, today_ms, cpu_ms, rss_kib, bare_kib;
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
facts_document(const struct hf_sim_host *host, const char *level)
{
    cJSON *doc = cJSON_CreateObject();
    struct hf_facts facts = {0};
    char *text;

    ask(&facts, host);
    if (level)
        hf_facts_set(&facts, "patches", level, NULL, hf_now());
    hf_json_add_str(doc, "schema", "hotfleet.facts/1");
    hf_json_add_str(doc, "host", host->name);
    cJSON_AddItemToObject(doc, "facts", hf_facts_to_json(&facts));
    text = hf_json_print_pretty(doc);
    cJSON_Delete(doc);
    hf_facts_release(&facts);
    return text;
}

/* Every `step`-th host; with `level` as what it runs. */
static void
record(const struct hf_sim_host *hosts, size_t n, size_t step,
       const char *level)
{
    const struct hf_ledger_options options = {.branch = "ledger"};
    struct hf_err err = HF_ERR_INIT;
    struct hf_ledger *ledger;

    if (hf_ledger_open(&ledger, fleet_dir, &options, NULL, &err) < 0)
        die(&err);
    for (size_t i = 0; i < n; i += step) {
        struct hf_ledger_record *r = HF_NEW(struct hf_ledger_record);

        r->seq = i + 1;
        r->path = hf_ledger_facts_path(hosts[i].name);
        r->content = facts_document(&hosts[i], level);
        r->subject = hf_xasprintf("check %s", hosts[i].name);
        hf_ledger_add(ledger, r);
    }
    if (hf_ledger_close(ledger, 600000, &err) < 0)
        die(&err);
}

static struct hf_sim_fleet *
make_fleet(size_t n)
{
    struct hf_sim_options speed = {.all_well = 1};
    const struct hf_sim_host *hosts;
    struct hf_err err = HF_ERR_INIT;
    struct hf_sim_fleet *sim;

    if (hf_sim_fleet_new(&sim, fleet_dir, n, &speed, &err) < 0)
        die(&err);
    hosts = hf_sim_fleet_hosts(sim, &n);
    record(hosts, n, 1, NULL);
    git_do(fleet_dir, "gc -q"); /* packed, as `import` leaves it */
    return sim;
}

static void
move_some(struct hf_sim_fleet *sim)
{
    size_t n;
    const struct hf_sim_host *hosts = hf_sim_fleet_hosts(sim, &n);

    record(hosts, n, 100, "another");
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

/* The most that this program had; getrusage tells of the one before, too. */
static double
peak_kib(void)
{
    FILE *status = fopen("/proc/self/status", "re");
    double kib = 0;
    char line[256];

    while (status && fgets(line, sizeof(line), status))
        (void)sscanf(line, "VmHWM: %lf", &kib);
    if (status)
        (void)fclose(status);
    return kib;
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

    c->bare_kib = peak_kib();
    if (hf_session_open(&s, &options, &problems, &err) < 0)
        die(&err);
    c->open_ms = now_ms() - start;
    start = now_ms();
    make_today(s, &today);
    c->today_ms = now_ms() - start;
    getrusage(RUSAGE_SELF, &use);
    c->rss_kib = peak_kib();
    c->cpu_ms = (double)(use.ru_utime.tv_sec + use.ru_stime.tv_sec) * 1e3 +
                (double)(use.ru_utime.tv_usec + use.ru_stime.tv_usec) / 1e3;
    hf_today_release(&today);
    hf_session_free(s);
}

/* A process of its own: this program with --once. */
static void
in_a_process(struct cost *c)
{
    int ends[2], status;
    pid_t pid;

    if (pipe(ends) < 0 || (pid = fork()) < 0)
        exit(1);
    if (pid == 0) {
        (void)dup2(ends[1], STDOUT_FILENO);
        execl("/proc/self/exe", "bench_open", "--once", fleet_dir,
              (char *)NULL);
        _exit(127);
    }
    (void)close(ends[1]);
    if (read(ends[0], c, sizeof(*c)) != sizeof(*c))
        exit(1);
    (void)close(ends[0]);
    (void)waitpid(pid, &status, 0);
}

static int
once(char *fleet)
{
    struct cost c = {0};

    fleet_dir = fleet;
    open_and_draw(&c);
    return write(STDOUT_FILENO, &c, sizeof(c)) == sizeof(c) ? 0 : 1;
}

/* ---- the report ---- */

struct result {
    int hosts;
    struct cost first, warm, moved;
};

static void
keep_best(double *best, double value)
{
    if (!*best || value < *best)
        *best = value;
}

static void
measure_best(struct cost *best)
{
    for (int i = 0; i < TIMES; i++) {
        struct cost c = {0};

        in_a_process(&c);
        keep_best(&best->open_ms, c.open_ms);
        keep_best(&best->today_ms, c.today_ms);
        keep_best(&best->cpu_ms, c.cpu_ms);
        keep_best(&best->rss_kib, c.rss_kib);
        keep_best(&best->bare_kib, c.bare_kib);
    }
}

static void
measure(struct result *r)
{
    struct hf_sim_fleet *sim;

    dir = scratch_new();
    fleet_dir = hf_path_join(dir, "fleet");
    sim = make_fleet((size_t)r->hosts);
    in_a_process(&r->first);
    measure_best(&r->warm);
    move_some(sim);
    measure_best(&r->moved);
    hf_sim_fleet_free(sim);
    free(fleet_dir);
    scratch_free(dir);
}

/* Of all hosts, without the program itself. */
static double
kib_each(const struct result *r)
{
    return (r->warm.rss_kib - r->warm.bare_kib) / r->hosts;
}

/* `before`: of the run with fewer hosts, or NULL. */
static void
print_text(const struct result *r, const struct result *before)
{
    const struct cost *w = &r->warm;
    double each = w->cpu_ms / r->hosts;

    printf("open a fleet of %d hosts, all of them recorded\n", r->hosts);
    printf("  first time, from the ledger   %8.1f ms\n", r->first.open_ms);
    printf("  warm, from what was kept      %8.1f ms (%.2f of the first)\n",
           w->open_ms, w->open_ms / r->first.open_ms);
    printf("  one host in 100 has moved     %8.1f ms (%.2f of the first)\n",
           r->moved.open_ms, r->moved.open_ms / r->first.open_ms);
    printf("  lines of the first screen     %8.1f ms\n", w->today_ms);
    printf("  processor, all threads        %8.1f ms", w->cpu_ms);
    if (before)
        printf(" (%.2f of that of %d hosts, for each)",
               each / (before->warm.cpu_ms / before->hosts), before->hosts);
    printf("\n  memory                        %8.1f KiB/host, and %.1f MiB\n",
           kib_each(r), w->bare_kib / 1024);
}

static void
print_json(const struct result *r, const struct result *before)
{
    cJSON *doc = cJSON_CreateObject();
    char *text;

    (void)before;
    hf_json_add_str(doc, "bench", "open");
    hf_json_add_int(doc, "hosts", r->hosts);
    cJSON_AddNumberToObject(doc, "first_ms", r->first.open_ms);
    cJSON_AddNumberToObject(doc, "warm_ms", r->warm.open_ms);
    cJSON_AddNumberToObject(doc, "moved_ms", r->moved.open_ms);
    cJSON_AddNumberToObject(doc, "today_ms", r->warm.today_ms);
    cJSON_AddNumberToObject(doc, "cpu_ms", r->warm.cpu_ms);
    hf_json_add_int(doc, "rss_kib", (int64_t)r->warm.rss_kib);
    cJSON_AddNumberToObject(doc, "kib_each", kib_each(r));
    text = hf_json_print(doc);
    puts(text);
    free(text);
    cJSON_Delete(doc);
}

int
main(int argc, char **argv)
{
    int json = argc > 1 && strcmp(argv[1], "--json") == 0;
    struct result r, before;
    char *home, *state;

    if (argc == 3 && strcmp(argv[1], "--once") == 0)
        return once(argv[2]);
    home = git_empty_home();
    state = hf_path_join(home, "state");
    (void)setenv("XDG_STATE_HOME", state, 1);
    for (int i = 1 + json; i < argc || i == 1 + json; i++) {
        r = (struct result){.hosts = i < argc ? atoi(argv[i]) : 10000};
        measure(&r);
        (json ? print_json : print_text)(&r, i > 1 + json ? &before : NULL);
        (void)fflush(stdout);
        before = r;
    }
    free(state);
    scratch_free(home);
    return 0;
}
