/* Kernels and live patches of the simulation. The CVE numbers are made up. */
#include "backend/sim/kernel.h"

#include <string.h>

/* clang-format off */
const struct hf_sim_kernel hf_sim_kernels[] = {
    {.release = "6.1.0-56-amd64",
     .version = "#1 SMP PREEMPT_DYNAMIC Debian 6.1.192-2 (2026-07-19)",
     .os_id = "debian", .os_version = "12",
     .os_name = "Debian GNU/Linux 12 (bookworm)",
     .days = 210, .next = "6.1.0-57-amd64",
     .patches = {
        {.name = "hotfleet_fix_1", .version = "1",
         .cves = {"CVE-2026-90101"},
         .note = "use after free in nf_tables"},
        {.name = "hotfleet_fix_2", .version = "2", .replaces = "*",
         .cves = {"CVE-2026-90101", "CVE-2026-90144"},
         .note = "the same, and a race in io_uring"}}},
    {.release = "6.1.0-53-amd64",
     .version = "#1 SMP PREEMPT_DYNAMIC Debian 6.1.187-1 (2026-05-14)",
     .os_id = "debian", .os_version = "12",
     .os_name = "Debian GNU/Linux 12 (bookworm)",
     .days = 40, .next = "6.1.0-56-amd64",
     .patches = {
        {.name = "hotfleet_fix_1", .version = "1",
         .cves = {"CVE-2026-90101"},
         .note = "use after free in nf_tables"},
        {.name = "hotfleet_fix_2", .version = "2", .replaces = "*",
         .cves = {"CVE-2026-90101", "CVE-2026-90144", "CVE-2026-90098"},
         .note = "the same, and two races"}}},
    {.release = "6.12.95+deb12-amd64",
     .version = "#1 SMP PREEMPT_DYNAMIC Debian 6.12.95-1~bpo12+1 (2026-08-02)",
     .os_id = "debian", .os_version = "12",
     .os_name = "Debian GNU/Linux 12 (bookworm)",
     .days = 320, .next = "6.12.97+deb12-amd64",
     .patches = {
        {.name = "hotfleet_fix_3", .version = "1",
         .cves = {"CVE-2026-90144"},
         .note = "a race in io_uring"}}},
    /* what HF_SIM_OLD_KERNEL runs: nobody patches it any more */
    {.release = "5.10.0-28-amd64",
     .version = "#1 SMP Debian 5.10.209-2 (2024-01-31)",
     .os_id = "debian", .os_version = "11",
     .os_name = "Debian GNU/Linux 11 (bullseye)",
     .next = "5.10.0-46-amd64"},
    {0},
};
/* clang-format on */

const struct hf_sim_kernel *
hf_sim_kernel_find(const char *release)
{
    const struct hf_sim_kernel *k;

    for (k = hf_sim_kernels; k->release; k++) {
        if (strcmp(k->release, release) == 0)
            return k;
    }
    return NULL;
}

const struct hf_sim_patch_row *
hf_sim_kernel_newest(const struct hf_sim_kernel *k)
{
    size_t i;

    for (i = HF_SIM_PATCHES; i-- > 0;) {
        if (k->patches[i].name)
            return &k->patches[i];
    }
    return NULL;
}

const struct hf_sim_patch_row *
hf_sim_kernel_patch(const struct hf_sim_kernel *k, const char *name)
{
    size_t i;

    for (i = 0; i < HF_SIM_PATCHES && k->patches[i].name; i++) {
        if (strcmp(k->patches[i].name, name) == 0)
            return &k->patches[i];
    }
    return NULL;
}
