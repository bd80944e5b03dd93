/* Addresses of simulated hosts, found by binary search. */
#include "backend/sim/doors.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "backend/base/mem.h"

static int
by_address(const void *a, const void *b)
{
    uint32_t x = ((const struct hf_sim_door_plate *)a)->address;
    uint32_t y = ((const struct hf_sim_door_plate *)b)->address;

    return x < y ? -1 : x > y;
}

int
hf_sim_doors_init(struct hf_sim_doors *d, const struct hf_sim_node *nodes,
                  size_t n, struct hf_err *err)
{
    size_t i;

    d->v = hf_xcalloc(n, sizeof(*d->v));
    d->len = n;
    for (i = 0; i < n; i++) {
        if (inet_pton(AF_INET, nodes[i].address, &d->v[i].address) != 1 ||
            ntohl(d->v[i].address) >> 24 != IN_LOOPBACKNET)
            return hf_fail(err, HF_EINVALID,
                           "a simulated host needs an address in 127.0.0.0/8, "
                           "not '%s'",
                           nodes[i].address);
        d->v[i].node = i;
    }
    qsort(d->v, n, sizeof(*d->v), by_address);
    for (i = 1; i < n; i++) {
        if (d->v[i].address == d->v[i - 1].address)
            return hf_fail(err, HF_EINVALID,
                           "two simulated hosts have the address '%s'",
                           nodes[d->v[i].node].address);
    }
    return HF_OK;
}

void
hf_sim_doors_release(struct hf_sim_doors *d)
{
    free(d->v);
    *d = (struct hf_sim_doors){0};
}

int64_t
hf_sim_doors_find(const struct hf_sim_doors *d, int fd)
{
    struct sockaddr_in sa = {0};
    socklen_t len = sizeof(sa);
    struct hf_sim_door_plate key = {0}, *found;

    if (getsockname(fd, (struct sockaddr *)&sa, &len) < 0)
        return -1;
    key.address = sa.sin_addr.s_addr;
    found = bsearch(&key, d->v, d->len, sizeof(key), by_address);
    return found ? (int64_t)found->node : -1;
}
