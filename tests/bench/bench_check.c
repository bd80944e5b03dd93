/*
 * What a whole `hotfleet check` costs the console for each host: connect, host
 * key, login, probe, judge, report, ledger; beside one OpenSSH client process
 * for each host that only logs in; the same of Windows hosts, whose probe tells
 * more. The simulated hosts are served by another
 * process. Then hosts that take two seconds each to answer, all at once.
 * Ratios of one run are what counts; times depend on the machine.
 *
 *   bench_check [--json] [HOSTS]
 */
#include <fcntl.h>
#include <libgen.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

#include "backend/base/json.h"
#include "backend/base/text.h"
#include "tests/support/git.h"

#define SSH_HOSTS 50 /* processes are slow: fewer of them */
#define SLOW_MS 2000

struct served {
    char *dir, *fleet;
    pid_t pid;
    int input; /* closing it ends the simulator */
    int port;
    char **addresses;
    size_t len, cap;
};

struct cost {
    const char *name, *title;
    int hosts;
    double cpu_ms, wall_ms, rss_kib; /* cpu for each host */
};

static char *program, *simulator;

static double
now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static void
die(const char *what)
{
    (void)fprintf(stderr, "bench_check: %s\n", what);
    exit(1);
}

/* ---- the simulator ---- */

static void
read_announcement(struct served *s, FILE *said)
{
    char line[512], address[64];

    while (fgets(line, sizeof(line), said) && strcmp(line, "ready\n") != 0) {
        if (sscanf(line, "host %*s %63s", address) == 1)
            *HF_PUSH(&s->addresses, &s->len, &s->cap) = hf_xstrdup(address);
        else
            (void)sscanf(line, "port %d", &s->port);
    }
    if (!s->len || !s->port)
        die("the simulator does not start");
}

static void
serve(struct served *s, int hosts, int reply_ms, int windows)
{
    int in[2], out[2];
    char n[16], ms[16];
    FILE *said;

    *s = (struct served){.dir = scratch_new()};
    s->fleet = hf_path_join(s->dir, "fleet");
    (void)snprintf(n, sizeof(n), "%d", hosts);
    (void)snprintf(ms, sizeof(ms), "%d", reply_ms);
    if (pipe2(in, O_CLOEXEC) < 0 || pipe2(out, O_CLOEXEC) < 0 ||
        (s->pid = fork()) < 0)
        die("no process");
    if (s->pid == 0) {
        (void)dup2(in[0], STDIN_FILENO);
        (void)dup2(out[1], STDOUT_FILENO);
        execl(simulator, simulator, s->fleet, n, ms, "1", windows ? n : "0",
              (char *)NULL);
        _exit(127);
    }
    (void)close(in[0]);
    (void)close(out[1]);
    s->input = in[1];
    said = fdopen(out[0], "r");
    if (!said)
        die("no pipe");
    read_announcement(s, said);
    (void)fclose(said);
}

static void
stop(struct served *s)
{
    (void)close(s->input);
    (void)waitpid(s->pid, NULL, 0);
    for (size_t i = 0; i < s->len; i++)
        free(s->addresses[i]);
    free(s->addresses);
    free(s->fleet);
    scratch_free(s->dir);
}

/* ---- what is measured ---- */

/* Runs it in `dir` without a terminal, output thrown away. */
static int
run_measured(struct cost *cost, const char *dir, const char *const *argv)
{
    struct rusage use;
    double start = now_ms();
    pid_t pid = fork();
    int status = 0;

    if (pid == 0) {
        int none = open("/dev/null", O_RDWR | O_CLOEXEC);

        (void)dup2(none, STDIN_FILENO);
        (void)dup2(none, STDOUT_FILENO);
        (void)dup2(none, STDERR_FILENO);
        if (chdir(dir) == 0)
            execvp(argv[0], (char *const *)argv);
        _exit(127);
    }
    if (pid < 0 || wait4(pid, &status, 0, &use) < 0)
        die("no process");
    cost->wall_ms += now_ms() - start;
    cost->cpu_ms += (double)(use.ru_utime.tv_sec + use.ru_stime.tv_sec) * 1e3 +
                    (double)(use.ru_utime.tv_usec + use.ru_stime.tv_usec) / 1e3;
    cost->rss_kib = (double)use.ru_maxrss;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void
check(struct cost *cost, const struct served *s, int read_only)
{
    const char *const argv[] = {program, "check", "--json",
                                read_only ? "--read-only" : NULL, NULL};

    cost->hosts = (int)s->len;
    if (run_measured(cost, s->fleet, argv) != 0)
        die("check does not reach every host");
    cost->cpu_ms /= (double)s->len;
}

/* All at once, since they let us wait. */
static void
check_slow(struct cost *cost, const struct served *s)
{
    const char *const argv[] = {program,      "check", "--read-only",
                                "--parallel", "1000",  NULL};

    if (run_measured(cost, s->fleet, argv) != 0)
        die("check does not reach every slow host");
}

static void
ssh_each(struct cost *cost, const struct served *s)
{
    char *key = hf_path_join(s->fleet, ".keys/id_ed25519"), port[16];
    size_t n = s->len < SSH_HOSTS ? s->len : SSH_HOSTS;

    (void)snprintf(port, sizeof(port), "%d", s->port);
    cost->hosts = (int)n;
    for (size_t i = 0; i < n; i++) {
        const char *const argv[] = {"ssh",
                                    "-F",
                                    "none",
                                    "-i",
                                    key,
                                    "-p",
                                    port,
                                    "-o",
                                    "StrictHostKeyChecking=no",
                                    "-o",
                                    "UserKnownHostsFile=/dev/null",
                                    "-o",
                                    "BatchMode=yes",
                                    "-l",
                                    "ops",
                                    s->addresses[i],
                                    "true",
                                    NULL};

        /* 127: a simulated host runs no other commands, but it let us in */
        if (run_measured(cost, "/", argv) != 127)
            die("ssh does not log in");
    }
    cost->cpu_ms /= (double)n;
    free(key);
}

/* ---- the report ---- */

static void
print_text(const struct cost *c, size_t n, double slow_ms, int slow_hosts)
{
    printf("%-34s %6s %12s %12s %8s\n", "check", "hosts", "cpu ms/host",
           "wall ms", "ratio");
    for (size_t i = 0; i < n; i++)
        printf("%-34s %6d %12.2f %12.0f %8.1f\n", c[i].title, c[i].hosts,
               c[i].cpu_ms, c[i].wall_ms, c[i].cpu_ms / c[0].cpu_ms);
    printf("memory of a check of %d hosts: %.1f MiB\n", c[0].hosts,
           c[0].rss_kib / 1024);
    printf("%d hosts that take %d ms each: %.0f ms, %.2f of the slowest\n",
           slow_hosts, SLOW_MS, slow_ms, slow_ms / SLOW_MS);
}

static void
print_json(const struct cost *c, size_t n, double slow_ms, int slow_hosts)
{
    cJSON *doc = cJSON_CreateObject(), *rows;
    char *text;

    hf_json_add_str(doc, "bench", "check");
    rows = hf_json_add_arr(doc, "rows");
    for (size_t i = 0; i < n; i++) {
        cJSON *row = cJSON_CreateObject();

        hf_json_add_str(row, "name", c[i].name);
        hf_json_add_int(row, "hosts", c[i].hosts);
        cJSON_AddNumberToObject(row, "cpu_ms", c[i].cpu_ms);
        cJSON_AddNumberToObject(row, "wall_ms", c[i].wall_ms);
        cJSON_AddNumberToObject(row, "ratio", c[i].cpu_ms / c[0].cpu_ms);
        cJSON_AddItemToArray(rows, row);
    }
    hf_json_add_int(doc, "rss_kib", (int64_t)c[0].rss_kib);
    hf_json_add_int(doc, "slow_hosts", slow_hosts);
    hf_json_add_int(doc, "slow_reply_ms", SLOW_MS);
    cJSON_AddNumberToObject(doc, "slow_wall_ms", slow_ms);
    text = hf_json_print(doc);
    puts(text);
    free(text);
    cJSON_Delete(doc);
}

/* The program and the simulator stand beside this one in the build folder. */
static void
find_programs(void)
{
    char self[4096], *dir;
    ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);

    if (n < 0)
        die("where am I?");
    self[n] = '\0';
    dir = dirname(self);
    simulator = hf_path_join(dir, "sim_serve");
    program = hf_path_join(dir, "../../hotfleet");
}

int
main(int argc, char **argv)
{
    int json = argc > 1 && strcmp(argv[1], "--json") == 0;
    int hosts = argc > 1 + json ? atoi(argv[1 + json]) : 1000;
    struct cost costs[] = {
        {.name = "check", .title = "hotfleet check, with ledger"},
        {.name = "check-again", .title = "again, nothing has moved"},
        {.name = "check-read-only", .title = "hotfleet check --read-only"},
        {.name = "ssh", .title = "ssh process, only login"},
        {.name = "windows", .title = "Windows hosts, with ledger"},
        {.name = "windows-read-only", .title = "Windows hosts, --read-only"},
    };
    struct cost slow = {0};
    char *home = git_empty_home(), *state = hf_path_join(home, "state");
    struct served s;

    (void)setenv("XDG_STATE_HOME", state, 1);
    find_programs();
    serve(&s, hosts, 0, 0);
    check(&costs[0], &s, 0);
    check(&costs[1], &s, 0);
    check(&costs[2], &s, 1);
    ssh_each(&costs[3], &s);
    stop(&s);
    serve(&s, hosts, 0, 1);
    check(&costs[4], &s, 0);
    check(&costs[5], &s, 1);
    stop(&s);
    serve(&s, hosts, SLOW_MS, 0);
    check_slow(&slow, &s);
    stop(&s);
    (json ? print_json : print_text)(costs, HF_COUNT(costs), slow.wall_ms,
                                     hosts);
    free(program);
    free(simulator);
    free(state);
    scratch_free(home);
    return 0;
}
