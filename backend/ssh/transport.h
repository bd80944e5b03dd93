/*
 * The transport: runs requests on hosts and posts results. The engine knows
 * only this interface; the other files here speak SSH. A request or result
 * crosses threads by value (the pointer is handed over).
 *
 * One link is one host's connection. It connects on its first request, stays
 * open for all requests of a run (which run one after the other, in order),
 * and closes on hf_transport_close. Nothing here retries a command; only a
 * connection that died while it was idle is made anew.
 *
 * When a connection cannot be made, all requests that wait for it end alike:
 * a refused login is tried once. When a command does not end well, those that
 * wait behind it end as HF_NET_CANCELLED and were never started.
 */
#ifndef HF_SSH_TRANSPORT_H
#define HF_SSH_TRANSPORT_H

#include <stdint.h>

#include "backend/base/buf.h"
#include "backend/base/err.h"
#include "backend/base/queue.h"
#include "backend/base/secret.h"

/* Why a request ended. Anything but DONE says how sure we are of the host. */
enum hf_net_outcome {
    HF_NET_DONE,        /* the command ended; see exit_kind */
    HF_NET_UNRESOLVED,  /* name lookup failed or took too long */
    HF_NET_UNREACHABLE, /* refused, no route, no answer, no banner */
    HF_NET_HOSTKEY,     /* host key unknown or changed: nothing was sent */
    HF_NET_DENIED,      /* login refused */
    HF_NET_FAILED,      /* protocol failure before the command started */
    HF_NET_LOST,        /* cut after the command started: state unknown */
    HF_NET_TIMEOUT,     /* our deadline passed after it started: unknown */
    HF_NET_OVERFLOW,    /* more output than the hard limit: closed by us */
    HF_NET_CANCELLED,   /* hf_transport_cancel or shutdown */
    HF_NET_BAD_REPLY,   /* ended, but what it said is no reply: the engine's */
    HF_NET_COUNT
};
/* Stable names for JSON and evidence: "done", "unreachable", ... */
extern const char *const hf_net_outcome_names[HF_NET_COUNT + 1];

enum hf_exit_kind { HF_EXIT_UNKNOWN, HF_EXIT_STATUS, HF_EXIT_SIGNAL };

/* Deadlines in ms; 0 takes the default in brackets. */
struct hf_net_limits {
    int64_t resolve; /* 5 s */
    int64_t connect; /* TCP, each address: 8 s */
    int64_t kex;     /* banner and key exchange: 10 s */
    int64_t auth;    /* 15 s */
    int64_t start;   /* channel and exec accepted: 10 s */
    int64_t idle;    /* no byte either way while running: 60 s */
    int64_t total;   /* whole command: 120 s */
    size_t keep_out; /* bytes kept of stdout: head and tail with a line
                        between that counts the rest, 256 KiB */
    size_t keep_err; /* bytes kept of stderr, 16 KiB */
    size_t hard_out; /* more than this of both: HF_NET_OVERFLOW, 8 MiB */
};

/* Who to talk to and how. All strings are copied by hf_transport_open. */
struct hf_link_spec {
    const char *name;    /* for messages and logs */
    const char *address; /* name or numeric; never starts with '-' */
    int port;            /* 1-65535 */
    const char *user;
    const char *identity; /* private key file (with "-cert.pub" beside it if
                             there), or NULL: agent */
    const char *hostkey;  /* "ssh-ed25519 AAAA..." pinned; NULL: refuse
                             (except for scans) */
};

enum hf_request_kind {
    HF_REQUEST_EXEC, /* run `command`, feed `input`, EOF */
    HF_REQUEST_SCAN  /* fetch the host key after kex, then close: no login */
};

struct hf_request {
    enum hf_request_kind kind;
    uint64_t tag;        /* given back in the result */
    const char *command; /* constant text, never built from values */
    struct hf_buf input; /* moved */
    struct hf_net_limits limits;
};

struct hf_result {
    uint32_t link;
    uint64_t tag;
    enum hf_net_outcome outcome;
    enum hf_exit_kind exit_kind;
    int exit_status;             /* with HF_EXIT_STATUS */
    char exit_signal[16];        /* with HF_EXIT_SIGNAL: "KILL" */
    struct hf_buf out, err;      /* sanitising is the reader's duty */
    size_t out_total, err_total; /* bytes received, kept or not */
    int out_truncated, err_truncated;
    char *hostkey;       /* scan, or HF_NET_HOSTKEY: what the server showed */
    char *fingerprint;   /* "SHA256:..." of it */
    char *banner;        /* server's version line, sanitised, or NULL */
    char *login_key;     /* fingerprint of the key that logged in, or NULL */
    int64_t connect_ms;  /* at least 1, or 0: the connection was there */
    int64_t exec_ms;     /* 0 when it did not happen */
    struct hf_err error; /* when outcome is not DONE */
};
void hf_result_free(struct hf_result *r);

struct hf_transport;

struct hf_transport_options {
    int workers;            /* 0: 1 for one core, else 2 */
    int max_open;           /* 0: from RLIMIT_NOFILE, which is raised */
    int ramp;               /* connections begun at once at most, 0: 64 */
    const char *kex;        /* key exchange list, NULL: curve25519 first */
    const char *agent_sock; /* NULL: $SSH_AUTH_SOCK */
    /* Asked once per identity file that wants a passphrase, on the thread
     * that called hf_transport_open; return NULL to give up. */
    struct hf_secret *(*passphrase)(void *ctx, const char *identity);
    void *ctx;
};

/*
 * Starts the workers; the calls below may come from any thread. Ignores
 * SIGPIPE and raises RLIMIT_NOFILE for the whole process. Results of all links
 * arrive in `results` as struct hf_result (free with hf_result_free). HF_ELIMIT
 * when the file limit is too low, HF_ERR when a thread cannot be made.
 */
int hf_transport_new(struct hf_transport **out,
                     const struct hf_transport_options *options,
                     struct hf_queue *results, struct hf_err *err);
/* Cancels what runs, joins the workers. No other call may be under way. */
void hf_transport_free(struct hf_transport *t);

/*
 * Registers a link; does not connect. Loads the identity (once per file).
 * HF_EINVALID for a bad address, port, user or host key; HF_EDENIED for a key
 * file that others can read; HF_EREFUSED for a wrong passphrase.
 */
int hf_transport_open(struct hf_transport *t, uint32_t *link,
                      const struct hf_link_spec *spec, struct hf_err *err);
/* Exactly one result will follow for each request. Takes request->input. */
void hf_transport_submit(struct hf_transport *t, uint32_t link,
                         struct hf_request *request);
/* Ends the link's running and waiting requests as CANCELLED. */
void hf_transport_cancel(struct hf_transport *t, uint32_t link);
/* Closes the connection after the requests submitted so far. The number is
 * not used again. */
void hf_transport_close(struct hf_transport *t, uint32_t link);

/* One line with library versions and, when older than the floors of July
 * 2026, a warning. Caller's. */
char *hf_ssh_versions(void);

#endif
