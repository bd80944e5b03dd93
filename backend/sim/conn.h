/*
 * One connection to a simulated host: a libssh server session with its own
 * event, and the commands that run in it. Belongs to the server's thread.
 */
#ifndef HF_SIM_CONN_H
#define HF_SIM_CONN_H

#include <libssh/callbacks.h>
#include <libssh/server.h>
#include <stdint.h>
#include <sys/queue.h>

#include "backend/base/err.h"
#include "backend/sim/clock.h"
#include "backend/sim/node.h"
#include "backend/ssh/timers.h"

struct hf_sim_conn {
    LIST_ENTRY(hf_sim_conn) line; /* the server's */
    struct hf_sim_node *node;
    unsigned boots; /* of the node, when it came */
    int fd;         /* of the socket; owned by the session, if there is one */
    int dead;       /* over */
    int buried;     /* off the list, to be freed after this round of events */
    ssh_session session; /* NULL: a host that never says a word */
    ssh_event event;
    char user[64];                    /* who logged in */
    ssh_key login;                    /* borrowed: the key that may log in */
    struct hf_timers *timers;         /* borrowed */
    const struct hf_sim_clock *clock; /* borrowed */
    struct ssh_server_callbacks_struct callbacks;
    struct hf_sim_exec *execs;
};

/* Takes fd. The session begins with its banner and key exchange; with `bind`
 * NULL nothing is ever sent. */
int hf_sim_conn_new(struct hf_sim_conn **out, struct hf_sim_node *node, int fd,
                    ssh_bind bind, ssh_key login, struct hf_timers *timers,
                    const struct hf_sim_clock *clock, struct hf_err *err);
/* Cuts the connection without a word. */
void hf_sim_conn_free(struct hf_sim_conn *c);
/* Moves everything that can be moved now. Sets `dead` when it is over. */
void hf_sim_conn_serve(struct hf_sim_conn *c);
/* The epoll events that it waits for. */
uint32_t hf_sim_conn_wants(const struct hf_sim_conn *c);
/* A command's time has come: its host answers. Returns its connection, which
 * wants to be served. */
struct hf_sim_conn *hf_sim_conn_due(struct hf_timer *timer);

#endif
