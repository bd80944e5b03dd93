/* Listening sockets for many loopback addresses on one port. */
#ifndef HF_SIM_LISTEN_H
#define HF_SIM_LISTEN_H

#include <stddef.h>
#include <stdint.h>

#include "backend/base/err.h"

struct hf_sim_listeners {
    int *fd;
    size_t len, cap;
    int port;
};

/* One socket for all of 127.0.0.0/8, bound to the loopback device so that
 * nothing outside can reach it; where that is not allowed, one for each of
 * the `n` addresses (network order). `port` 0: any that is free. */
int hf_sim_listen(struct hf_sim_listeners *out, const uint32_t *addresses,
                  size_t n, int port, struct hf_err *err);
/* Always one for each address. */
int hf_sim_listen_each(struct hf_sim_listeners *out, const uint32_t *addresses,
                       size_t n, int port, struct hf_err *err);
void hf_sim_listeners_release(struct hf_sim_listeners *l);

#endif
