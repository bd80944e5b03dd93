/* Which simulated host a client knocked at: hosts by their loopback address. */
#ifndef HF_SIM_DOORS_H
#define HF_SIM_DOORS_H

#include <stddef.h>
#include <stdint.h>

#include "backend/base/err.h"
#include "backend/sim/node.h"

struct hf_sim_door_plate {
    uint32_t address; /* network order */
    size_t node;
};

struct hf_sim_doors {
    struct hf_sim_door_plate *v; /* sorted by address */
    size_t len;
};

/* HF_EINVALID: an address outside of 127.0.0.0/8, or one twice. Release it
 * also then. */
int hf_sim_doors_init(struct hf_sim_doors *d, const struct hf_sim_node *nodes,
                      size_t n, struct hf_err *err);
void hf_sim_doors_release(struct hf_sim_doors *d);
/* The node at whose address a connection arrived, or -1. */
int64_t hf_sim_doors_find(const struct hf_sim_doors *d, int fd);

#endif
