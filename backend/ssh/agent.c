/* Logins through ssh-agent on threads of their own; see agent.h. */
#include "backend/ssh/agent.h"

#include <errno.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "backend/base/mem.h"
#include "backend/base/thread.h"
#include "backend/base/time.h"
#include "backend/ssh/auth.h"
#include "backend/ssh/link.h"
#include "backend/ssh/relay.h"
#include "backend/ssh/session.h"

#define LOGIN_THREADS 4

struct hf_agents {
    struct hf_pool *pool;
    char *socket;         /* NULL: none known */
    int stop;             /* eventfd, readable when logins must end */
    _Atomic int64_t hung; /* when the agent last failed to answer */
};

int
hf_agents_new(struct hf_agents **out, const char *socket, struct hf_err *err)
{
    struct hf_agents *agents = HF_NEW(struct hf_agents);
    int rc = HF_OK;

    *out = NULL;
    if (!socket)
        socket = getenv("SSH_AUTH_SOCK");
    agents->socket = hf_xstrdup(socket && *socket ? socket : NULL);
    if ((agents->stop = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) < 0)
        rc = hf_fail_errno(err, errno, "cannot make an event descriptor");
    else
        rc = hf_pool_new(&agents->pool, LOGIN_THREADS, err);
    if (rc < 0) {
        hf_agents_free(agents);
        return rc;
    }
    *out = agents;
    return HF_OK;
}

void
hf_agents_free(struct hf_agents *agents)
{
    if (!agents)
        return;
    if (agents->stop >= 0)
        (void)eventfd_write(agents->stop, 1);
    /* The stop ends every wait of a login at once. */
    hf_pool_free(agents->pool, INT64_C(3600) * 1000);
    if (agents->stop >= 0)
        close(agents->stop);
    free(agents->socket);
    free(agents);
}

int
hf_agents_missing(const struct hf_agents *agents, struct hf_err *err)
{
    if (agents->socket)
        return 0;
    hf_fail(err, HF_ENOTFOUND, "no 'identity' is set and no ssh-agent runs");
    hf_hint(err, "name a private key as 'identity', or start ssh-agent and "
                 "set SSH_AUTH_SOCK");
    return 1;
}

void
hf_login_free(struct hf_login *login)
{
    if (!login)
        return;
    hf_libssh_free(login->session, 0);
    free(login->user);
    free(login->login_key);
    free(login);
}

static void
login_drop(struct hf_mail *mail)
{
    hf_login_free((struct hf_login *)mail);
}

/* Asks until the host has answered: the last SSH_AUTH_*, or SSH_AUTH_AGAIN at
 * the deadline or stop. */
static int
ask_host(struct hf_login *login, int64_t deadline)
{
    struct pollfd p[2] = {{.fd = ssh_get_fd(login->session)},
                          {.fd = login->agents->stop, .events = POLLIN}};
    int64_t left;
    int rc;

    for (;;) {
        rc = ssh_userauth_agent(login->session, NULL);
        if (rc != SSH_AUTH_AGAIN || hf_libssh_closed(login->session))
            return rc == SSH_AUTH_AGAIN ? SSH_AUTH_ERROR : rc;
        left = deadline - hf_mono();
        if (left <= 0 || p[1].revents)
            return rc;
        p[0].events = POLLIN;
        if (ssh_get_status(login->session) & SSH_WRITE_PENDING)
            p[0].events |= POLLOUT;
        if (poll(p, 2, left < 60000 ? (int)left : 60000) < 0 && errno != EINTR)
            return rc;
    }
}

static void
agent_hung(struct hf_login *login)
{
    login->outcome = HF_NET_FAILED;
    hf_fail(&login->error, HF_ETIMEOUT, "ssh-agent does not answer");
    hf_hint(&login->error, "does it wait for a confirmation or a touch? try "
                           "'ssh-add -l'");
}

/* Puts host's answer and the relay's observations together. */
static void
conclude(struct hf_login *login, int rc, struct hf_relay *relay)
{
    if (relay->hung) {
        atomic_store(&login->agents->hung, hf_mono());
        agent_hung(login);
    } else if (relay->error.code) {
        login->outcome = HF_NET_FAILED;
        login->error = relay->error;
    } else if (rc == SSH_AUTH_AGAIN) {
        login->outcome = HF_NET_FAILED;
        hf_fail(&login->error, hf_net_code(HF_NET_FAILED),
                "the login was not answered in time");
    } else if (rc == SSH_AUTH_DENIED && relay->keys <= 0) {
        login->outcome = HF_NET_DENIED;
        hf_fail(&login->error, hf_net_code(HF_NET_DENIED),
                "ssh-agent holds no keys");
        hf_hint(&login->error, "load one with 'ssh-add'");
    } else {
        login->outcome = hf_auth_outcome(login->session, rc, login->user, NULL,
                                         &login->error);
    }
    if (login->outcome == HF_NET_DONE) {
        login->login_key = relay->key;
        relay->key = NULL;
    }
}

static void
talk(struct hf_login *login, int pair[2])
{
    struct hf_relay relay = {
        .socket = login->agents->socket,
        .near = pair[0],
        .stop = login->agents->stop,
        .deadline = hf_mono() + login->limit,
        .keys = -1,
    };
    pthread_t thread;
    int rc;

    if (hf_thread_spawn(&thread, "ssh-agent", hf_relay_run, &relay,
                        &login->error) < 0) {
        login->outcome = HF_NET_FAILED;
        return;
    }
    (void)ssh_set_agent_socket(login->session, pair[1]);
    rc = ask_host(login, relay.deadline);
    /* libssh would keep the descriptor as long as the connection */
    (void)ssh_set_agent_socket(login->session, -1);
    shutdown(pair[1], SHUT_RDWR);
    pthread_join(thread, NULL);
    conclude(login, rc, &relay);
    free(relay.key);
}

static void
login_run(struct hf_task *task)
{
    struct hf_login *login = (struct hf_login *)task;
    int pair[2];

    hf_libssh_quiet_thread();
    if (atomic_load(&login->agents->hung) >= login->asked) {
        agent_hung(login); /* found out while this one waited */
        return;
    }
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0) {
        login->outcome = HF_NET_FAILED;
        hf_fail_errno(&login->error, errno, "cannot reach ssh-agent");
        return;
    }
    talk(login, pair);
    close(pair[0]);
    close(pair[1]);
}

void
hf_agents_login(struct hf_agents *agents, struct hf_queue *to,
                void (*take)(struct hf_worker *, struct hf_mail *),
                uint32_t link, unsigned attempt, ssh_session session,
                const char *user, int64_t limit)
{
    struct hf_login *login = HF_NEW(struct hf_login);

    login->task.mail.take = take;
    login->task.mail.drop = login_drop;
    login->task.to = to;
    login->task.run = login_run;
    login->agents = agents;
    login->link = link;
    login->attempt = attempt;
    login->session = session;
    login->user = hf_xstrdup(user);
    login->limit = limit;
    login->asked = hf_mono();
    hf_pool_run(agents->pool, &login->task);
}
