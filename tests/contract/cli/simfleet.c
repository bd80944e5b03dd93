/*
 * simfleet fleet DIR well|unwell [JOB_MS]: a simulated fleet of 40 hosts in
 * DIR, which lasts until standard input ends; prints "ready". A line
 * "HOST FAULT ARG" there lets the host have that fault from now on ("well":
 * none); it is printed again when that is so.
 * simfleet windows DIR JOB_MS: the same of 500 Windows hosts, named after what
 * ails them; first a line "FAULT HOSTS" for each.
 * simfleet mixed DIR JOB_MS: the same of "linux" and "windows", both well.
 * simfleet several DIR JOB_MS: the same of "linux-1" to "-5", "windows-1" and
 * "-2", "off" with a stray update, and "down".
 * simfleet module FILE NAME KERNEL: a stand-in for a livepatch module.
 */
#include <stdio.h>
#include <string.h>

#include "backend/base/file.h"
#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "backend/sim/level.h"
#include "backend/sim/module.h"
#include "backend/sim/sim.h"

#define HOSTS 40

#define JOB_MS 200

/* Says the line again when it was understood. */
static void
ail(struct hf_sim_fleet *fleet, const char *name, const char *fault,
    int64_t arg)
{
    int index = hf_sim_fault_find(fault);
    const struct hf_sim_host *hosts;
    size_t n;

    hosts = hf_sim_fleet_hosts(fleet, &n);
    for (size_t i = 0; i < n && index >= 0; i++) {
        if (strcmp(hosts[i].name, name) != 0)
            continue;
        hf_sim_ail(hf_sim_fleet_sim(fleet), i, (enum hf_sim_fault)index, arg);
        (void)printf("%s %s %lld\n", name, fault, (long long)arg);
        (void)fflush(stdout);
    }
}

static int
serve(const char *dir, const struct hf_sim_options *o, struct hf_err *err)
{
    struct hf_sim_fleet *fleet = NULL;
    char line[256], host[64], fault[64];
    long long arg;
    int rc = hf_sim_fleet_new(&fleet, dir, o->hosts_len ? o->hosts_len : HOSTS,
                              o, err);

    if (rc < 0)
        return rc;
    (void)puts("ready");
    (void)fflush(stdout);
    while (fgets(line, sizeof(line), stdin)) {
        if (sscanf(line, "%63s %63s %lld", host, fault, &arg) == 3)
            ail(fleet, host, fault, arg);
    }
    hf_sim_fleet_free(fleet);
    return HF_OK;
}

#define WINDOWS_HOSTS 500
#define OF_EACH 8

/* So many hosts of a kind from `at` on; returns where they end. */
static size_t
fill(struct hf_sim_host *hosts, size_t at, size_t n, int fault)
{
    const struct hf_sim_fault_row *row = &hf_sim_faults[fault];

    for (size_t i = 0; i < n; i++, at++) {
        const char *product =
            row->product ? row->product : hf_sim_products[at % 4].id;

        hosts[at] = (struct hf_sim_host){.fault = (enum hf_sim_fault)fault,
                                         .behind = 1};
        (void)snprintf(hosts[at].name, sizeof(hosts[at].name), "%s-%03zu",
                       row->name, i + 1);
        (void)snprintf(hosts[at].product, sizeof(hosts[at].product), "%s",
                       product);
    }
    (void)printf("%s %zu\n", row->name, n);
    return at;
}

static int
serve_windows(const char *dir, int64_t job_ms, struct hf_err *err)
{
    static struct hf_sim_host hosts[WINDOWS_HOSTS];
    struct hf_sim_options o = {
        .job_ms = job_ms, .hosts = hosts, .hosts_len = WINDOWS_HOSTS};
    size_t at = 0;

    for (int i = HF_SIM_WELL + 1; i < HF_SIM_FAULT_COUNT; i++) {
        if (i != HF_SIM_BLACK_HOLE && /* a minute of waiting each */
            hf_sim_faults[i].on & HF_SIM_ON_WINDOWS)
            at = fill(hosts, at, OF_EACH, i);
    }
    (void)fill(hosts, at, WINDOWS_HOSTS - at, HF_SIM_WELL);
    return serve(dir, &o, err);
}

static int
serve_mixed(const char *dir, int64_t job_ms, struct hf_err *err)
{
    static const struct hf_sim_host hosts[] = {
        {.name = "linux", .behind = 1},
        {.name = "windows", .product = "ws2025", .behind = 1},
    };
    struct hf_sim_options o = {
        .job_ms = job_ms, .hosts = hosts, .hosts_len = HF_COUNT(hosts)};

    return serve(dir, &o, err);
}

static int
serve_several(const char *dir, int64_t job_ms, struct hf_err *err)
{
    static const struct hf_sim_host hosts[] = {
        {.name = "linux-1", .behind = 1},
        {.name = "linux-2", .behind = 1},
        {.name = "linux-3", .behind = 1},
        {.name = "linux-4", .behind = 1},
        {.name = "linux-5", .behind = 2},
        {.name = "windows-1", .product = "ws2025", .behind = 1},
        {.name = "windows-2", .product = "ws2025", .behind = 1},
        {.name = "off",
         .product = "ws2025",
         .behind = 1,
         .fault = HF_SIM_OFF_TRACK},
        {.name = "down", .fault = HF_SIM_DOWN},
    };
    struct hf_sim_options o = {
        .job_ms = job_ms, .hosts = hosts, .hosts_len = HF_COUNT(hosts)};

    return serve(dir, &o, err);
}

static int
make_module(char **argv, struct hf_err *err)
{
    struct hf_buf module = {0};
    int rc;

    hf_sim_module(&module, argv[1], "1", argv[2]);
    rc = hf_file_write(argv[0], hf_buf_str(&module), module.len, 0644, err);
    hf_buf_release(&module);
    return rc;
}

int
main(int argc, char **argv)
{
    struct hf_err err = HF_ERR_INIT;
    int64_t job_ms = JOB_MS;
    int rc = HF_EUSAGE;

    if (argc >= 4 && strcmp(argv[1], "module") != 0 &&
        (argc == 5 || strcmp(argv[1], "fleet") != 0) &&
        hf_parse_int(&job_ms, argv[argc - 1], 1, 60000) < 0)
        rc = hf_fail(&err, HF_EUSAGE, "'%s' is no job time in ms",
                     argv[argc - 1]);
    else if (argc == 4 && strcmp(argv[1], "windows") == 0)
        rc = serve_windows(argv[2], job_ms, &err);
    else if (argc == 4 && strcmp(argv[1], "mixed") == 0)
        rc = serve_mixed(argv[2], job_ms, &err);
    else if (argc == 4 && strcmp(argv[1], "several") == 0)
        rc = serve_several(argv[2], job_ms, &err);
    else if ((argc == 4 || argc == 5) && strcmp(argv[1], "fleet") == 0)
        rc = serve(
            argv[2],
            &(struct hf_sim_options){.job_ms = job_ms,
                                     .all_well = strcmp(argv[3], "well") == 0},
            &err);
    else if (argc == 5 && strcmp(argv[1], "module") == 0)
        rc = make_module(argv + 2, &err);
    if (rc < 0)
        (void)fprintf(stderr, "simfleet: %s\n", err.text);
    return rc < 0;
}
