/* getaddrinfo, on the spot for numbers and in the pool for names. */
#include "backend/ssh/resolve.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "backend/base/mem.h"
#include "backend/base/text.h"

static int
look_up(struct addrinfo **out, const char *host, int port, int flags)
{
    struct addrinfo hints = {.ai_family = AF_UNSPEC,
                             .ai_socktype = SOCK_STREAM,
                             .ai_flags = flags | AI_NUMERICSERV};
    char service[16];

    snprintf(service, sizeof(service), "%d", port);
    return getaddrinfo(host, service, &hints, out);
}

struct addrinfo *
hf_resolve_number(const char *host, int port)
{
    struct addrinfo *found = NULL;

    return look_up(&found, host, port, AI_NUMERICHOST) == 0 ? found : NULL;
}

static void
lookup_run(struct hf_task *task)
{
    struct hf_lookup *lookup = (struct hf_lookup *)task;
    int rc = look_up(&lookup->found, lookup->host, lookup->port, 0);

    if (rc == 0)
        return;
    lookup->found = NULL;
    lookup->why = hf_sanitised(rc == EAI_SYSTEM ? strerrordesc_np(errno)
                                                : gai_strerror(rc));
}

static void
lookup_drop(struct hf_mail *mail)
{
    hf_lookup_free((struct hf_lookup *)mail);
}

void
hf_resolve_start(struct hf_pool *pool, struct hf_queue *to,
                 void (*take)(struct hf_worker *, struct hf_mail *),
                 uint32_t link, unsigned attempt, const char *host, int port)
{
    struct hf_lookup *lookup = HF_NEW(struct hf_lookup);

    lookup->task.mail.take = take;
    lookup->task.mail.drop = lookup_drop;
    lookup->task.to = to;
    lookup->task.run = lookup_run;
    lookup->link = link;
    lookup->attempt = attempt;
    lookup->host = hf_xstrdup(host);
    lookup->port = port;
    hf_pool_run(pool, &lookup->task);
}

void
hf_lookup_free(struct hf_lookup *lookup)
{
    if (!lookup)
        return;
    if (lookup->found)
        freeaddrinfo(lookup->found);
    free(lookup->host);
    free(lookup->why);
    free(lookup);
}

const char *
hf_address_text(char out[HF_ADDRESS_TEXT], const struct addrinfo *ai)
{
    char host[HF_ADDRESS_TEXT - 10], port[8];

    if (getnameinfo(ai->ai_addr, ai->ai_addrlen, host, sizeof(host), port,
                    sizeof(port), NI_NUMERICHOST | NI_NUMERICSERV) != 0)
        snprintf(out, HF_ADDRESS_TEXT, "(address)");
    else if (ai->ai_family == AF_INET6)
        snprintf(out, HF_ADDRESS_TEXT, "[%s]:%s", host, port);
    else
        snprintf(out, HF_ADDRESS_TEXT, "%s:%s", host, port);
    return out;
}
