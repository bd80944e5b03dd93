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
/* Restarts a host on the server's thread and waits until it was done. */
void hf_sim_server_reboot(struct hf_sim_server *s, size_t host);
/* In the same way: it ails like `like` from now on, see hf_sim_ail. */
void hf_sim_server_ail(struct hf_sim_server *s, size_t host,
                       const struct hf_sim_host *like);

#endif
