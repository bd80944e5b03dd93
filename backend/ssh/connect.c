/* From a place to a TCP connection: lookup, and one address after another. */
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "backend/base/mem.h"
#include "backend/base/time.h"
#include "backend/ssh/resolve.h"
#include "backend/ssh/stages.h"
#include "backend/ssh/worker.h"

#define ADDRESSES_MAX 4 /* of one name; the rest is not tried */

/* Keepalives tell within half a minute that the host behind an idle
 * connection is gone. */
static const struct {
    int level, name, value;
} socket_options[] = {
    {IPPROTO_TCP, TCP_NODELAY, 1},   {SOL_SOCKET, SO_KEEPALIVE, 1},
    {IPPROTO_TCP, TCP_KEEPIDLE, 15}, {IPPROTO_TCP, TCP_KEEPINTVL, 5},
    {IPPROTO_TCP, TCP_KEEPCNT, 3},
};

static void
close_socket(struct hf_link *link)
{
    hf_worker_unwatch(link->worker, link);
    if (link->fd >= 0)
        close(link->fd);
    link->fd = -1;
    link->attempt++;
}

/* Begins to connect: 0 or an errno value. */
static int
begin(struct hf_link *link, const struct addrinfo *ai)
{
    int fd =
        socket(ai->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    int why = 0;

    if (fd < 0)
        return errno;
    for (size_t i = 0; i < HF_COUNT(socket_options); i++)
        (void)setsockopt(fd, socket_options[i].level, socket_options[i].name,
                         &socket_options[i].value, sizeof(int));
    link->fd = fd;
    if ((connect(fd, ai->ai_addr, ai->ai_addrlen) < 0 &&
         errno != EINPROGRESS) ||
        hf_worker_watch(link->worker, link, EPOLLOUT) < 0) {
        why = errno;
        close_socket(link);
    }
    return why;
}

/* No address is left; `ai` was the last one. */
static void
give_up(struct hf_link *link, const struct addrinfo *ai, int why)
{
    struct hf_err err = HF_ERR_INIT;
    enum hf_net_outcome outcome = HF_NET_UNREACHABLE;
    char where[HF_ADDRESS_TEXT], span[HF_TIME_LEN];

    hf_address_text(where, ai);
    if (why == EMFILE || why == ENFILE) {
        outcome = HF_NET_FAILED;
        hf_fail(&err, HF_ELIMIT, "no file descriptor is free");
        hf_hint(&err, "raise 'ulimit -n'");
    } else if (why == ETIMEDOUT) {
        hf_fail(&err, HF_EUNREACHABLE, "no answer from %s within %s", where,
                hf_span_format(span, hf_link_run(link)->limits.connect));
        hf_hint(&err, "is the host up, and does a firewall drop the port?");
    } else if (why == ECONNREFUSED) {
        hf_fail(&err, HF_EUNREACHABLE, "%s refuses connections", where);
        hf_hint(&err, "is an SSH server running there, and on this port?");
    } else {
        hf_fail(&err, HF_EUNREACHABLE, "cannot connect to %s: %s", where,
                strerrordesc_np(why));
    }
    hf_link_fail(link, outcome, &err);
}

/* Tries `ai` and those after it, until one does not fail at once. */
static void
try_from(struct hf_link *link, struct addrinfo *ai)
{
    const struct addrinfo *last = ai;
    int why = 0;

    for (; ai && link->tries < ADDRESSES_MAX; ai = ai->ai_next) {
        link->tries++;
        last = ai;
        if ((why = begin(link, ai)) == 0) {
            link->trying = ai;
            hf_link_enter(link, HF_STAGE_TCP);
            return;
        }
    }
    give_up(link, last, why);
}

/* The address that is being tried has failed with `why`. */
static void
try_next(struct hf_link *link, int why)
{
    struct addrinfo *next = link->trying->ai_next;

    close_socket(link);
    if (next && link->tries < ADDRESSES_MAX)
        try_from(link, next);
    else
        give_up(link, link->trying, why);
}

void
hf_step_tcp(struct hf_link *link)
{
    int why = 0;
    socklen_t len = sizeof(why);

    if (getsockopt(link->fd, SOL_SOCKET, SO_ERROR, &why, &len) < 0)
        why = errno;
    if (why)
        try_next(link, why);
    else
        hf_link_connected(link);
}

void
hf_late_tcp(struct hf_link *link)
{
    try_next(link, ETIMEDOUT);
}

static void
take_lookup(struct hf_worker *w, struct hf_mail *mail)
{
    struct hf_lookup *lookup = (struct hf_lookup *)mail;
    struct hf_link *link = hf_worker_find(w, lookup->link);
    struct hf_err err = HF_ERR_INIT;

    if (!link || link->stage != HF_STAGE_RESOLVE ||
        link->attempt != lookup->attempt) {
        hf_lookup_free(lookup);
        return;
    }
    link->addresses = lookup->found;
    lookup->found = NULL;
    if (!link->addresses) {
        hf_fail(&err, HF_EUNREACHABLE, "cannot look up '%s': %s", link->address,
                lookup->why);
        hf_hint(&err, "check the host's 'address'");
    }
    hf_lookup_free(lookup);
    if (link->addresses)
        try_from(link, link->addresses);
    else
        hf_link_fail(link, HF_NET_UNRESOLVED, &err);
}

void
hf_link_connect(struct hf_link *link)
{
    struct hf_worker *w = link->worker;

    hf_link_run(link)->connect_began = w->now;
    link->tries = 0;
    link->reused = 0;
    link->addresses = hf_resolve_number(link->address, link->port);
    if (link->addresses) {
        try_from(link, link->addresses);
        return;
    }
    hf_link_enter(link, HF_STAGE_RESOLVE);
    hf_resolve_start(w->options.resolver, w->mailbox, take_lookup, link->id,
                     link->attempt, link->address, link->port);
}
