/* A link's requests and results, and the end of its connection. */
#include "backend/ssh/link.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "backend/base/mem.h"
#include "backend/base/time.h"
#include "backend/ssh/agent.h"
#include "backend/ssh/limits.h"
#include "backend/ssh/session.h"
#include "backend/ssh/stages.h"
#include "backend/ssh/worker.h"

static const int outcome_codes[HF_NET_COUNT] = {
    [HF_NET_DONE] = HF_OK,
    [HF_NET_UNRESOLVED] = HF_EUNREACHABLE,
    [HF_NET_UNREACHABLE] = HF_EUNREACHABLE,
    [HF_NET_HOSTKEY] = HF_EREFUSED,
    [HF_NET_DENIED] = HF_EREFUSED,
    [HF_NET_FAILED] = HF_ERR,
    [HF_NET_LOST] = HF_ELOST,
    [HF_NET_TIMEOUT] = HF_ETIMEOUT,
    [HF_NET_OVERFLOW] = HF_ELIMIT,
    [HF_NET_CANCELLED] = HF_ECANCELLED,
    [HF_NET_BAD_REPLY] = HF_EREPLY,
};

int
hf_net_code(enum hf_net_outcome outcome)
{
    return outcome_codes[outcome];
}

struct hf_link *
hf_link_new(uint32_t id, const struct hf_link_spec *spec, char *hostkey,
            const struct hf_identity *identity)
{
    struct hf_link *link = HF_NEW(struct hf_link);

    link->id = id;
    link->name = hf_xstrdup(spec->name);
    link->address = hf_xstrdup(spec->address);
    link->user = hf_xstrdup(spec->user);
    link->hostkey = hostkey;
    link->port = spec->port;
    link->identity = identity;
    link->fd = -1;
    STAILQ_INIT(&link->runs);
    return link;
}

void
hf_link_free(struct hf_link *link)
{
    if (!link)
        return;
    free(link->name);
    free(link->address);
    free(link->user);
    free(link->hostkey);
    free(link);
}

struct hf_errand *
hf_errand_new(struct hf_request *request)
{
    struct hf_errand *run = HF_NEW(struct hf_errand);

    run->kind = request->kind;
    run->tag = request->tag;
    run->command = hf_xstrdup(request->command);
    run->input = request->input;
    request->input = (struct hf_buf){0};
    run->limits = request->limits;
    hf_limits_fill(&run->limits);
    hf_capture_init(&run->out, run->limits.keep_out);
    hf_capture_init(&run->err, run->limits.keep_err);
    return run;
}

void
hf_errand_free(struct hf_errand *run)
{
    if (!run)
        return;
    free(run->command);
    hf_buf_release(&run->input);
    hf_capture_release(&run->out);
    hf_capture_release(&run->err);
    free(run);
}

struct hf_result *
hf_errand_result(const struct hf_errand *run, uint32_t link,
                 enum hf_net_outcome outcome, const struct hf_err *err)
{
    struct hf_result *r = HF_NEW(struct hf_result);

    r->link = link;
    r->tag = run->tag;
    r->outcome = outcome;
    r->exit_kind = run->exit_kind;
    r->exit_status = run->exit_status;
    memcpy(r->exit_signal, run->exit_signal, sizeof(r->exit_signal));
    r->connect_ms = run->connect_ms;
    if (err)
        r->error = *err;
    return r;
}

struct hf_errand *
hf_link_run(const struct hf_link *link)
{
    return STAILQ_FIRST(&link->runs);
}

/* Takes the first request off the link and posts its result. */
static void
post(struct hf_link *link, enum hf_net_outcome outcome,
     const struct hf_err *err)
{
    struct hf_errand *run = hf_link_run(link);
    struct hf_result *r = hf_errand_result(run, link->id, outcome, err);

    STAILQ_REMOVE_HEAD(&link->runs, next);
    r->out_total = run->out.total;
    r->err_total = run->err.total;
    r->out_truncated = hf_capture_take(&run->out, &r->out);
    r->err_truncated = hf_capture_take(&run->err, &r->err);
    r->banner = hf_xstrdup(link->banner);
    r->login_key = hf_xstrdup(link->login_key);
    if (run->kind == HF_REQUEST_SCAN || outcome == HF_NET_HOSTKEY) {
        r->hostkey = hf_xstrdup(link->shown_key);
        r->fingerprint = hf_xstrdup(link->shown_print);
    }
    if (run->began)
        r->exec_ms = link->worker->now - run->began;
    hf_errand_free(run);
    hf_worker_post(link->worker, r);
}

static void
post_all(struct hf_link *link, enum hf_net_outcome outcome,
         const struct hf_err *err)
{
    while (hf_link_run(link))
        post(link, outcome, err);
}

void
hf_link_drop(struct hf_link *link, int polite)
{
    struct hf_worker *w = link->worker;

    hf_timers_disarm(&w->timers, &link->timer);
    hf_worker_leave_line(w, link);
    if (link->session && ssh_get_fd(link->session) != link->fd)
        link->fd = -1; /* closed by libssh; the number may be another's now */
    hf_worker_unwatch(w, link);
    if (link->session)
        hf_libssh_free(link->session, polite);
    else if (link->fd >= 0)
        close(link->fd);
    link->fd = -1;
    link->session = NULL;
    link->channel = NULL; /* went with its session */
    if (link->addresses)
        freeaddrinfo(link->addresses);
    link->addresses = link->trying = NULL;
    free(link->banner);
    free(link->login_key);
    free(link->shown_key);
    free(link->shown_print);
    link->banner = link->login_key = NULL;
    link->shown_key = link->shown_print = NULL;
    hf_worker_ramp_done(w, link);
    hf_worker_give_place(w, link);
    link->attempt++;
    link->stage = HF_STAGE_CLOSED;
}

void
hf_link_proceed(struct hf_link *link)
{
    const struct hf_errand *run = hf_link_run(link);
    struct hf_err err = HF_ERR_INIT;

    if (!run) {
        if (link->closing) {
            hf_link_drop(link, 1);
            hf_worker_forget(link->worker, link);
        } else if (link->session && link->stage != HF_STAGE_IDLE) {
            hf_timers_disarm(&link->worker->timers, &link->timer);
            link->stage = HF_STAGE_IDLE;
            hf_worker_idle(link->worker, link);
            hf_link_listen(link, 0);
        }
        return;
    }
    if (link->session && run->kind == HF_REQUEST_SCAN)
        hf_link_drop(link, 1); /* a scan sees the host with fresh eyes */
    if (link->session) {
        hf_worker_leave_line(link->worker, link);
        link->reused = link->stage == HF_STAGE_IDLE;
        hf_link_enter(link, HF_STAGE_OPEN);
        hf_link_wake(link);
        return;
    }
    if (run->kind == HF_REQUEST_EXEC && !link->identity &&
        hf_agents_missing(link->worker->options.agents, &err)) {
        hf_link_fail(link, HF_NET_FAILED, &err);
        return;
    }
    link->stage = HF_STAGE_WAITING;
    hf_worker_want_place(link->worker, link);
}

void
hf_link_reconnect(struct hf_link *link)
{
    hf_link_drop(link, 0);
    hf_link_proceed(link);
}

void
hf_link_done(struct hf_link *link)
{
    int scan = hf_link_run(link)->kind == HF_REQUEST_SCAN;

    if (link->channel)
        ssh_channel_free(link->channel);
    link->channel = NULL;
    post(link, HF_NET_DONE, NULL);
    if (scan || hf_libssh_closed(link->session))
        hf_link_drop(link, 1);
    hf_link_proceed(link);
}

void
hf_link_fail(struct hf_link *link, enum hf_net_outcome outcome,
             const struct hf_err *err)
{
    int logged_in = link->stage >= HF_STAGE_OPEN;
    struct hf_err why = HF_ERR_INIT;

    if (hf_link_run(link))
        post(link, outcome, err);
    if (logged_in && outcome != HF_NET_CANCELLED) {
        hf_fail(&why, HF_ECANCELLED,
                "not started: the command before it on this connection did "
                "not end well");
        post_all(link, HF_NET_CANCELLED, &why);
    } else {
        post_all(link, outcome, err);
    }
    hf_link_drop(link, 0);
    hf_link_proceed(link);
}

void
hf_link_submit(struct hf_link *link, struct hf_errand *run)
{
    STAILQ_INSERT_TAIL(&link->runs, run, next);
    if (link->stage == HF_STAGE_CLOSED || link->stage == HF_STAGE_IDLE)
        hf_link_proceed(link);
}

void
hf_link_cancel(struct hf_link *link)
{
    struct hf_err err = HF_ERR_INIT;

    hf_fail(&err, HF_ECANCELLED, "cancelled");
    if (link->stage == HF_STAGE_AGENT) /* the session is not here */
        post_all(link, HF_NET_CANCELLED, &err);
    else if (hf_link_run(link))
        hf_link_fail(link, HF_NET_CANCELLED, &err);
}

void
hf_link_close(struct hf_link *link)
{
    link->closing = 1;
    if (link->stage == HF_STAGE_CLOSED || link->stage == HF_STAGE_IDLE)
        hf_link_proceed(link);
}

void
hf_link_shutdown(struct hf_link *link)
{
    struct hf_err err = HF_ERR_INIT;

    hf_fail(&err, HF_ECANCELLED, "cancelled: the program ends");
    post_all(link, HF_NET_CANCELLED, &err);
    hf_link_drop(link, 1);
    hf_worker_forget(link->worker, link);
}

void
hf_link_evict(struct hf_link *link)
{
    hf_link_drop(link, 1);
}
