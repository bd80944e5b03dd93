/* The keys that simulated hosts show. */
#ifndef HF_SIM_HOSTKEYS_H
#define HF_SIM_HOSTKEYS_H

#include <libssh/server.h>
#include <stddef.h>

#include "backend/base/err.h"

/* Thousands of hosts share a few keys: making one costs 0.1 ms, and a
 * difference between hosts nobody would see. */
#define HF_SIM_HOSTKEYS 16

struct hf_sim_hostkeys {
    ssh_bind bind[HF_SIM_HOSTKEYS]; /* sessions begin with its key */
    char *line[HF_SIM_HOSTKEYS];    /* "ssh-ed25519 AAAA..." */
};

/* Release it also after a failure. */
int hf_sim_hostkeys_make(struct hf_sim_hostkeys *k, struct hf_err *err);
void hf_sim_hostkeys_release(struct hf_sim_hostkeys *k);

#endif
