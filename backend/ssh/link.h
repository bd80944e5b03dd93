/*
 * One link: the connection to one host and the requests that wait for it. A
 * link belongs to one worker's thread from its OPEN message to its end; only
 * its ssh session leaves that thread, for a login through ssh-agent.
 *
 *   CLOSED > WAITING > RESOLVE > TCP > KEX > AUTH or AGENT > OPEN > EXEC >
 *   IO > IDLE > OPEN ... > CLOSED
 */
#ifndef HF_SSH_LINK_H
#define HF_SSH_LINK_H

#include <libssh/callbacks.h>
#include <libssh/libssh.h>
#include <netdb.h>
#include <stdint.h>
#include <sys/queue.h>

#include "backend/ssh/capture.h"
#include "backend/ssh/keys.h"
#include "backend/ssh/timers.h"
#include "backend/ssh/transport.h"

struct hf_worker;

enum hf_stage {
    HF_STAGE_CLOSED,  /* no connection, no request */
    HF_STAGE_WAITING, /* for a place among the open connections */
    HF_STAGE_RESOLVE, /* name to addresses, in the pool */
    HF_STAGE_TCP,     /* connecting */
    HF_STAGE_KEX,     /* banner, key exchange, host key */
    HF_STAGE_AUTH,    /* login with a key of ours */
    HF_STAGE_AGENT,   /* login through ssh-agent, in the pool */
    HF_STAGE_OPEN,    /* session channel */
    HF_STAGE_EXEC,    /* command sent, not yet confirmed: it may run */
    HF_STAGE_IO,      /* command runs */
    HF_STAGE_IDLE,    /* logged in, no request */
    HF_STAGE_COUNT
};

/* One request with what is known of it so far. */
struct hf_errand {
    enum hf_request_kind kind;
    uint64_t tag;
    char *command;
    struct hf_buf input;
    struct hf_net_limits limits; /* filled in */
    size_t sent;                 /* bytes of input given to libssh */
    int eof_sent;
    struct hf_capture out, err;
    enum hf_exit_kind exit_kind;
    int exit_status;
    char exit_signal[16];
    int host_eof, host_closed;         /* the channel, by the host */
    int64_t began, moved;              /* command; last byte either way */
    int64_t connect_began, connect_ms; /* when this request connected */
    STAILQ_ENTRY(hf_errand) next;
};
STAILQ_HEAD(hf_runs, hf_errand);

struct hf_link {
    struct hf_worker *worker;
    uint32_t id;
    enum hf_stage stage;
    unsigned attempt; /* counts connections; marks answers and events */
    /* who to talk to; constant */
    char *name, *address, *user, *hostkey;
    int port;
    const struct hf_identity *identity; /* NULL: ssh-agent */
    /* the requests; the first one runs unless the stage is IDLE or CLOSED */
    struct hf_runs runs;
    /* the connection */
    struct addrinfo *addresses, *trying;
    int tries;       /* addresses tried */
    int fd;          /* -1: none, or owned by no one any more */
    uint32_t events; /* armed in epoll */
    ssh_session session;
    ssh_channel channel;
    struct ssh_channel_callbacks_struct callbacks;
    char *banner, *login_key;
    char *shown_key, *shown_print; /* host key, when a result will tell */
    struct hf_timer timer;
    int64_t started;     /* when it got its place */
    unsigned placed : 1; /* counts among the open connections */
    unsigned ramping : 1;
    unsigned reused : 1;       /* the request found the connection open */
    unsigned closing : 1;      /* gone when its requests are done */
    TAILQ_ENTRY(hf_link) line; /* WAITING or IDLE, or the dead */
    TAILQ_ENTRY(hf_link) ramp;
};
TAILQ_HEAD(hf_links, hf_link);

/* The caller's until it is handed to its worker. `spec` has been checked;
 * `hostkey` is canonical or NULL, and taken over. */
struct hf_link *hf_link_new(uint32_t id, const struct hf_link_spec *spec,
                            char *hostkey, const struct hf_identity *identity);
/* No connection and no requests may be left. */
void hf_link_free(struct hf_link *link);

/* Copies the request and takes over its input. */
struct hf_errand *hf_errand_new(struct hf_request *request);
void hf_errand_free(struct hf_errand *run);
/* The result of a request that no link ran. */
struct hf_result *
hf_errand_result(const struct hf_errand *run, uint32_t link,
                 enum hf_net_outcome outcome, const struct hf_err *err);

/* What the worker tells a link; all on its thread. */
void
hf_link_submit(struct hf_link *link, struct hf_errand *run); /* takes run */
void hf_link_cancel(struct hf_link *link);
void hf_link_close(struct hf_link *link);
void hf_link_shutdown(struct hf_link *link); /* cancel, then close at once */
void hf_link_wake(struct hf_link *link);     /* its socket is ready */
void hf_link_late(struct hf_link *link);     /* its timer fired */
/* It got a place: resolve and connect. */
void hf_link_connect(struct hf_link *link);
/* Its place is wanted and it is IDLE. */
void hf_link_evict(struct hf_link *link);

/* Between the files of the state machine; see stages.h for the rest. */

/* Goes on with the next request, connecting first if need be; without one it
 * idles, or ends when it is closing. */
void hf_link_proceed(struct hf_link *link);
/* The connection was dead before the request used it: makes a new one. */
void hf_link_reconnect(struct hf_link *link);
/* The running request is done; proceeds. */
void hf_link_done(struct hf_link *link);
/* The connection is of no use: ends the running request with `outcome`. All
 * others end, too: alike when login was not reached, else as cancelled. */
void hf_link_fail(struct hf_link *link, enum hf_net_outcome outcome,
                  const struct hf_err *err);
/* The error code that goes with an outcome. */
int hf_net_code(enum hf_net_outcome outcome);
/* Gives up socket, session and place. Polite: says goodbye. */
void hf_link_drop(struct hf_link *link, int polite);
/* The request in work, or NULL. */
struct hf_errand *hf_link_run(const struct hf_link *link);

#endif
