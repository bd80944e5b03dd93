/* The ready-made fleet in its two halves: who the hosts are, and the files
 * that describe them. For files of this folder. */
#ifndef HF_SIM_FLEET_H
#define HF_SIM_FLEET_H

#include <stddef.h>

#include "backend/base/err.h"
#include "backend/sim/sim.h"

/* A host and what the inventory says of it beside name and address. */
struct hf_sim_member {
    const char *ring, *site, *role, *owner, *cluster, *hold;
};

/* Both arrays have n elements. `members` are zeroed; `hosts` are the caller's
 * where `o` says so, and filled in else: the last o->windows run Windows. */
void hf_sim_roster(struct hf_sim_host *hosts, struct hf_sim_member *members,
                   size_t n, const struct hf_sim_options *o);

struct hf_sim_files {
    const char *dir, *identity; /* absolute */
    const struct hf_sim_host *hosts;
    const struct hf_sim_member *members;
    size_t n;
    const struct hf_sim *sim; /* for port and host keys */
    int furnished;
};
/* Writes and commits everything. */
int hf_sim_files_write(const struct hf_sim_files *f, struct hf_err *err);
/* A new file of the fleet, in a folder that is made if need be. */
int hf_sim_put_file(const struct hf_sim_files *f, const char *name,
                    const void *data, size_t len, struct hf_err *err);
/* Calendar, exception and known issue: see hf_sim_options. */
int hf_sim_furnish(const struct hf_sim_files *f, struct hf_err *err);

#endif
