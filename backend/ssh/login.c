/* Login with a key of ours, or through ssh-agent. */
#include <stdlib.h>

#include "backend/base/mem.h"
#include "backend/ssh/agent.h"
#include "backend/ssh/auth.h"
#include "backend/ssh/session.h"
#include "backend/ssh/stages.h"
#include "backend/ssh/worker.h"

static void
logged_in(struct hf_link *link, const char *login_key)
{
    struct hf_errand *run = hf_link_run(link);
    int64_t took;

    link->login_key = hf_xstrdup(login_key);
    free(link->shown_key);
    free(link->shown_print);
    link->shown_key = link->shown_print = NULL;
    hf_worker_ramp_done(link->worker, link);
    if (run) {
        took = link->worker->now - run->connect_began;
        run->connect_ms = took > 0 ? took : 1; /* 0 says: not connected */
    }
    hf_link_proceed(link);
}

void
hf_step_auth(struct hf_link *link)
{
    const struct hf_identity *id = link->identity;
    struct hf_err err = HF_ERR_INIT;
    enum hf_net_outcome outcome;
    int rc = ssh_userauth_publickey(link->session, NULL,
                                    id->copy[link->worker->options.index]);

    if (rc == SSH_AUTH_AGAIN && !hf_libssh_closed(link->session)) {
        hf_link_listen(link, 0);
        return;
    }
    outcome =
        hf_auth_outcome(link->session, rc, link->user, id->fingerprint, &err);
    if (outcome == HF_NET_DONE)
        logged_in(link, id->fingerprint);
    else
        hf_link_fail(link, outcome, &err);
}

static void
take_login(struct hf_worker *w, struct hf_mail *mail)
{
    struct hf_login *login = (struct hf_login *)mail;
    struct hf_link *link = hf_worker_find(w, login->link);

    /* A link that is in AGENT stays until its session is back. */
    if (!link || link->stage != HF_STAGE_AGENT ||
        link->attempt != login->attempt) {
        hf_login_free(login);
        return;
    }
    link->session = login->session;
    login->session = NULL;
    link->fd = ssh_get_fd(link->session);
    if (login->outcome == HF_NET_DONE)
        logged_in(link, login->login_key);
    else
        hf_link_fail(link, login->outcome, &login->error);
    hf_login_free(login);
}

static void
agent_login(struct hf_link *link)
{
    struct hf_worker *w = link->worker;
    ssh_session session = link->session;

    hf_timers_disarm(&w->timers, &link->timer);
    hf_worker_unwatch(w, link);
    link->session = NULL;
    link->fd = -1;
    link->stage = HF_STAGE_AGENT;
    hf_agents_login(w->options.agents, w->mailbox, take_login, link->id,
                    link->attempt, session, link->user,
                    hf_link_run(link)->limits.auth);
}

void
hf_link_login(struct hf_link *link)
{
    if (link->identity) {
        hf_link_enter(link, HF_STAGE_AUTH);
        hf_step_auth(link);
    } else {
        agent_login(link);
    }
}
