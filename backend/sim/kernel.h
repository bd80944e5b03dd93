/* The kernels that simulated hosts run, and their live patches: one table for
 * the hosts and for the catalogue of the ready-made fleet. */
#ifndef HF_SIM_KERNEL_H
#define HF_SIM_KERNEL_H

#include <stddef.h>

#define HF_SIM_PATCHES 2

struct hf_sim_patch_row {
    const char *name, *version;
    const char *replaces; /* "*" = all older ones; NULL = none */
    const char *cves[4];  /* NULL-terminated */
    const char *note;
};

struct hf_sim_kernel {
    const char *release, *version;
    const char *os_id, *os_version, *os_name;
    int days;         /* live patches are promised for so many days from now */
    const char *next; /* the kernel that is installed beside it when a restart
                         is due */
    /* Oldest first; the last one is the newest level. Empty: a kernel that
     * no catalogue knows. */
    struct hf_sim_patch_row patches[HF_SIM_PATCHES];
};

extern const struct hf_sim_kernel hf_sim_kernels[]; /* ends with no release */

/* Borrowed, or NULL. */
const struct hf_sim_kernel *hf_sim_kernel_find(const char *release);
/* The newest patch of a kernel, or NULL. */
const struct hf_sim_patch_row *
hf_sim_kernel_newest(const struct hf_sim_kernel *k);
const struct hf_sim_patch_row *
hf_sim_kernel_patch(const struct hf_sim_kernel *k, const char *name);

#endif
