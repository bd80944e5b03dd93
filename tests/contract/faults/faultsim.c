/*
 * A simulated fleet in a process of its own that outlives the program:
 *
 *     faultsim DIR well|unwell JOB_MS REPLY_MS
 *
 * makes a fleet of 40 hosts in DIR and prints "ready". Then one answer for
 * each line of standard input, until that ends: "jobs HOST" is answered with
 * how many jobs the host has begun, "reboot HOST" with "done", "with FAULT"
 * with the name of the first such host.
 */
#include <stdio.h>
#include <string.h>

#include "backend/base/text.h"
#include "backend/sim/sim.h"

#define HOSTS 40

static struct hf_sim_fleet *fleet;
static const struct hf_sim_host *hosts;
static size_t hosts_len;

static int
place_of(const char *name, size_t *out)
{
    for (size_t i = 0; i < hosts_len; i++) {
        *out = i;
        if (strcmp(hosts[i].name, name) == 0)
            return 1;
    }
    return 0;
}

static const char *
with_fault(const char *fault)
{
    for (size_t i = 0; i < hosts_len; i++) {
        if (strcmp(hf_sim_faults[hosts[i].fault].name, fault) == 0)
            return hosts[i].name;
    }
    return "?";
}

static void
answer(const char *verb, const char *arg)
{
    struct hf_sim *sim = hf_sim_fleet_sim(fleet);
    size_t i;

    if (strcmp(verb, "with") == 0) {
        (void)puts(with_fault(arg));
    } else if (!place_of(arg, &i)) {
        (void)puts("?");
    } else if (strcmp(verb, "jobs") == 0) {
        (void)printf("%u\n", hf_sim_jobs(sim, i));
    } else {
        hf_sim_reboot(sim, i);
        (void)puts("done");
    }
    (void)fflush(stdout);
}

int
main(int argc, char **argv)
{
    struct hf_sim_options speed = {0};
    struct hf_err err = HF_ERR_INIT;
    char line[256], verb[64], arg[128];

    if (argc != 5 || hf_parse_int(&speed.job_ms, argv[3], 1, 3600000) < 0 ||
        hf_parse_int(&speed.reply_ms, argv[4], 0, 60000) < 0) {
        (void)fputs("usage: faultsim DIR well|unwell JOB_MS REPLY_MS\n",
                    stderr);
        return 1;
    }
    speed.all_well = strcmp(argv[2], "well") == 0;
    if (hf_sim_fleet_new(&fleet, argv[1], HOSTS, &speed, &err) < 0) {
        (void)fprintf(stderr, "faultsim: %s\n", err.text);
        return 1;
    }
    hosts = hf_sim_fleet_hosts(fleet, &hosts_len);
    (void)puts("ready");
    (void)fflush(stdout);
    while (fgets(line, sizeof(line), stdin)) {
        if (sscanf(line, "%63s %127s", verb, arg) == 2)
            answer(verb, arg);
    }
    hf_sim_fleet_free(fleet);
    return 0;
}
