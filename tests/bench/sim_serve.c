/*
 * Serves simulated hosts in a process of its own, so that a benchmark can
 * measure the client alone:
 *
 *     sim_serve DIR HOSTS [REPLY_MS [JOB_MS [WINDOWS]]]
 *
 * writes a fleet of well hosts into DIR (see hf_sim_fleet_new), so many of them
 * with Windows, prints "port
 * N", a line "host NAME ADDRESS TYPE KEY" for each, "ready", and serves until
 * its standard input ends.
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "backend/base/text.h"
#include "backend/sim/sim.h"

static void
announce(struct hf_sim_fleet *fleet)
{
    struct hf_sim *sim = hf_sim_fleet_sim(fleet);
    const struct hf_sim_host *hosts;
    size_t i, n;

    hosts = hf_sim_fleet_hosts(fleet, &n);
    printf("port %d\n", hf_sim_port(sim));
    for (i = 0; i < n; i++)
        printf("host %s %s %s\n", hosts[i].name, hosts[i].address,
               hf_sim_hostkey(sim, i));
    puts("ready");
    (void)fflush(stdout);
}

static void
wait_for_end(void)
{
    char waste[256];

    while (read(STDIN_FILENO, waste, sizeof(waste)) > 0)
        ;
}

int
main(int argc, char **argv)
{
    struct hf_sim_options speed = {.all_well = 1};
    struct hf_sim_fleet *fleet = NULL;
    struct hf_err err = HF_ERR_INIT;
    int64_t n = 0, windows = 0;

    if (argc < 3 || argc > 6 || hf_parse_int(&n, argv[2], 1, 1000000) < 0 ||
        (argc > 3 && hf_parse_int(&speed.reply_ms, argv[3], 0, 3600000) < 0) ||
        (argc > 4 && hf_parse_int(&speed.job_ms, argv[4], 1, 3600000) < 0) ||
        (argc > 5 && hf_parse_int(&windows, argv[5], 0, n) < 0)) {
        (void)fprintf(stderr, "usage: sim_serve DIR HOSTS "
                              "[REPLY_MS [JOB_MS [WINDOWS]]]\n");
        return 1;
    }
    speed.windows = (size_t)windows;
    if (hf_sim_fleet_new(&fleet, argv[1], (size_t)n, &speed, &err) < 0) {
        (void)fprintf(stderr, "sim_serve: %s\n", err.text);
        return 1;
    }
    announce(fleet);
    wait_for_end();
    hf_sim_fleet_free(fleet);
    return 0;
}
