/* The listeners of the simulated fleet. */
#include "backend/sim/listen.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "backend/base/mem.h"

#define BACKLOG 4096
/* A free port of one address may be taken at another: try this often. */
#define PORT_TRIES 20

void
hf_sim_listeners_release(struct hf_sim_listeners *l)
{
    size_t i;

    for (i = 0; i < l->len; i++)
        close(l->fd[i]);
    free(l->fd);
    *l = (struct hf_sim_listeners){0};
}

/* Adds a socket; returns 0 or -1 with errno. Sets l->port by the first. */
static int
listen_at(struct hf_sim_listeners *l, uint32_t address, int port,
          const char *device)
{
    struct sockaddr_in sa = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)port),
                             .sin_addr = {.s_addr = address}};
    socklen_t len = sizeof(sa);
    int one = 1, saved;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

    if (fd < 0)
        return -1;
    if ((port && setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one))) ||
        (device && setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, device, 3)) ||
        bind(fd, (struct sockaddr *)&sa, sizeof(sa)) || listen(fd, BACKLOG) ||
        getsockname(fd, (struct sockaddr *)&sa, &len)) {
        saved = errno;
        close(fd);
        errno = saved;
        return -1;
    }
    l->port = ntohs(sa.sin_port);
    *HF_PUSH(&l->fd, &l->len, &l->cap) = fd;
    return 0;
}

static int
try_each(struct hf_sim_listeners *l, const uint32_t *addresses, size_t n,
         int port)
{
    size_t i;

    for (i = 0; i < n; i++) {
        if (listen_at(l, addresses[i], i ? l->port : port, NULL) < 0)
            return -1;
    }
    return 0;
}

int
hf_sim_listen_each(struct hf_sim_listeners *out, const uint32_t *addresses,
                   size_t n, int port, struct hf_err *err)
{
    int tries = port ? 1 : PORT_TRIES, why = 0;

    *out = (struct hf_sim_listeners){0};
    while (tries-- > 0) {
        if (try_each(out, addresses, n, port) == 0)
            return HF_OK;
        why = errno;
        hf_sim_listeners_release(out);
        if (why != EADDRINUSE)
            break;
    }
    return hf_fail_errno(err, why, "cannot listen on loopback, port %d", port);
}

/* Each connection takes a descriptor. */
static void
raise_file_limit(void)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        (void)setrlimit(RLIMIT_NOFILE, &limit);
    }
}

int
hf_sim_listen(struct hf_sim_listeners *out, const uint32_t *addresses, size_t n,
              int port, struct hf_err *err)
{
    *out = (struct hf_sim_listeners){0};
    raise_file_limit();
    if (listen_at(out, htonl(INADDR_ANY), port, "lo") == 0)
        return HF_OK;
    return hf_sim_listen_each(out, addresses, n, port, err);
}
