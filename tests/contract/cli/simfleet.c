/*
 * simfleet fleet DIR well|unwell [JOB_MS]: a simulated fleet of 40 hosts in
 * DIR, which lasts until standard input ends; prints "ready".
 * simfleet module FILE NAME KERNEL: a stand-in for a livepatch module.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "backend/base/file.h"
#include "backend/base/text.h"
#include "backend/sim/module.h"
#include "backend/sim/sim.h"

#define HOSTS 40

#define JOB_MS 200

static int
serve(const char *dir, int all_well, int64_t job_ms, struct hf_err *err)
{
    struct hf_sim_options speed = {.job_ms = job_ms, .all_well = all_well};
    struct hf_sim_fleet *fleet = NULL;
    char byte;
    int rc = hf_sim_fleet_new(&fleet, dir, HOSTS, &speed, err);

    if (rc < 0)
        return rc;
    (void)puts("ready");
    (void)fflush(stdout);
    while (read(STDIN_FILENO, &byte, 1) > 0)
        ;
    hf_sim_fleet_free(fleet);
    return HF_OK;
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

    if (argc == 5 && strcmp(argv[1], "fleet") == 0 &&
        hf_parse_int(&job_ms, argv[4], 1, 60000) < 0)
        rc = hf_fail(&err, HF_EUSAGE, "'%s' is no job time in ms", argv[4]);
    else if ((argc == 4 || argc == 5) && strcmp(argv[1], "fleet") == 0)
        rc = serve(argv[2], strcmp(argv[3], "well") == 0, job_ms, &err);
    else if (argc == 5 && strcmp(argv[1], "module") == 0)
        rc = make_module(argv + 2, &err);
    if (rc < 0)
        (void)fprintf(stderr, "simfleet: %s\n", err.text);
    return rc < 0;
}
