/*
 * Names to addresses. Numbers are read at once; names are looked up by the
 * resolver pool (getaddrinfo honours hosts files and nsswitch) while the
 * link's own deadline runs.
 */
#ifndef HF_SSH_RESOLVE_H
#define HF_SSH_RESOLVE_H

#include <netdb.h>
#include <stdint.h>

#include "backend/ssh/pool.h"

#define HF_ADDRESS_TEXT 64

/* The address when `host` is numeric (IPv4, IPv6, with scope), else NULL;
 * free with freeaddrinfo. */
struct addrinfo *hf_resolve_number(const char *host, int port);

struct hf_lookup {
    struct hf_task task;
    uint32_t link;
    unsigned attempt; /* answers to an older attempt are dropped */
    char *host;
    int port;
    /* the answer */
    struct addrinfo *found; /* taken by the worker */
    char *why;              /* when nothing was found */
};

/* Starts a lookup; `take` runs on the thread of the mailbox `to` and calls
 * hf_lookup_free. */
void
hf_resolve_start(struct hf_pool *pool, struct hf_queue *to,
                 void (*take)(struct hf_worker *, struct hf_mail *),
                 uint32_t link, unsigned attempt, const char *host, int port);
void hf_lookup_free(struct hf_lookup *lookup);

/* "10.0.0.1:22" or "[::1]:22" into `out`; returns out. */
const char *
hf_address_text(char out[HF_ADDRESS_TEXT], const struct addrinfo *ai);

#endif
