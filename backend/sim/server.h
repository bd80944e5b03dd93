/*
 * The SSH server of all simulated hosts: one thread, one epoll loop, one
 * listener for 127.0.0.0/8. What a host answers is node.h's.
 */
#ifndef HF_SIM_SERVER_H
#define HF_SIM_SERVER_H

#include <stddef.h>
#include <stdint.h>

#include "backend/base/err.h"
#include "backend/sim/clock.h"
#include "backend/sim/node.h"

struct hf_sim_server;

struct hf_sim_server_options {
    struct hf_sim_node *nodes; /* borrowed; the server's thread changes them */
    size_t nodes_len;
    const char *login_key; /* "ssh-ed25519 AAAA..." that may log in */
    int port;              /* 0: any */
    const struct hf_sim_clock *clock; /* borrowed */
};

int hf_sim_server_new(struct hf_sim_server **out,
                      const struct hf_sim_server_options *options,
                      struct hf_err *err);
/* Cuts every connection and joins the thread. */
void hf_sim_server_free(struct hf_sim_server *s);
int hf_sim_server_port(const struct hf_sim_server *s);
/* The key that the inventory should pin for a host. Borrowed. */
const char *hf_sim_server_hostkey(struct hf_sim_server *s, size_t host);
/* Something is done to a host, or read from it, on the server's thread at the
 * hosts' time `now`; waits until that was done. `cut`: and its connections are
 * cut. */
typedef void hf_sim_order_fn(struct hf_sim_node *n, void *ctx, int64_t now);
void hf_sim_server_order(struct hf_sim_server *s, size_t host, int cut,
                         hf_sim_order_fn *fn, void *ctx);

#endif
