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
#include "playbooks/session.h"
#include "tests/bench/recorded.h"
#include "tests/support/git.h"
#include "tui/rows/today.h"

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
        recorded_die(&err);
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
    sim = recorded_fleet(fleet_dir, (size_t)r->hosts, 1);
    in_a_process(&r->first);
    measure_best(&r->warm);
    recorded_again(fleet_dir, sim, 100, "another");
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
