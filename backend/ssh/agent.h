/*
 * Login through ssh-agent. libssh waits for the agent without limit, so the
 * session moves to a pool thread for the login and comes back by mail; it is
 * owned by one side at a time. An agent that hangs is cut off at the deadline
 * and holds up at most the threads of this pool.
 */
#ifndef HF_SSH_AGENT_H
#define HF_SSH_AGENT_H

#include <libssh/libssh.h>
#include <stdint.h>

#include "backend/ssh/pool.h"
#include "backend/ssh/transport.h"

struct hf_agents;

struct hf_login {
    struct hf_task task;
    struct hf_agents *agents;
    uint32_t link;
    unsigned attempt;
    ssh_session session; /* the worker takes it back */
    char *user;
    int64_t limit, asked; /* ms; hf_mono() */
    /* the answer */
    enum hf_net_outcome outcome;
    struct hf_err error;
    char *login_key; /* fingerprint */
};

/* `socket` as in hf_transport_options.agent_sock. */
int
hf_agents_new(struct hf_agents **out, const char *socket, struct hf_err *err);
/* Cuts running logins off and waits for them. */
void hf_agents_free(struct hf_agents *agents);

/* 1, with err set, when no agent is known at all. */
int hf_agents_missing(const struct hf_agents *agents, struct hf_err *err);

/* Hands `session` over; `take` gets the hf_login with the session in it, in
 * at most `limit` ms once a thread is free. */
void hf_agents_login(struct hf_agents *agents, struct hf_queue *to,
                     void (*take)(struct hf_worker *, struct hf_mail *),
                     uint32_t link, unsigned attempt, ssh_session session,
                     const char *user, int64_t limit);
void hf_login_free(struct hf_login *login);

#endif
