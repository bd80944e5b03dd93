/*
 * Sessions and their commands on libssh's server API, without ever blocking.
 * libssh must not free a channel inside its own callbacks, so callbacks only
 * note what happened; hf_sim_conn_serve acts on it.
 */
#include "backend/sim/conn.h"

#include <errno.h>
#include <libssh/callbacks.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "backend/base/time.h"

/* A module is some hundred KiB; no request is larger than this. */
#define MAX_INPUT (16u << 20)
/* Written in one turn, so that one host does not keep the others waiting. */
#define MAX_TURN (64u << 10)
#define MAX_EXECS 16

/* One channel: a command, its input, its answer on the way out. */
struct hf_sim_exec {
    struct hf_timer timer; /* first: a timer is its exec */
    struct hf_sim_exec *next;
    struct hf_sim_conn *conn;
    ssh_channel channel;
    struct ssh_channel_callbacks_struct callbacks;
    char *command; /* NULL until it is asked for */
    struct hf_buf input;
    int eof;
    int answered; /* the answer is there; being written */
    int over;     /* nothing more to do: to be freed */
    struct hf_sim_answer answer;
    size_t out_sent, err_sent;
};

/* ---- callbacks: they only take notes ---- */

static int
on_data(ssh_session session, ssh_channel channel, void *data, uint32_t len,
        int is_stderr, void *userdata)
{
    struct hf_sim_exec *e = userdata;

    (void)session;
    (void)channel;
    (void)is_stderr;
    if (e->answered)
        return (int)len;
    if (e->input.len + len > MAX_INPUT)
        e->conn->dead = 1;
    else
        hf_buf_add(&e->input, data, len);
    return (int)len;
}

static void
on_eof(ssh_session session, ssh_channel channel, void *userdata)
{
    struct hf_sim_exec *e = userdata;

    (void)session;
    (void)channel;
    e->eof = 1;
}

static void
on_close(ssh_session session, ssh_channel channel, void *userdata)
{
    struct hf_sim_exec *e = userdata;

    (void)session;
    (void)channel;
    e->over = 1;
}

static int
on_exec(ssh_session session, ssh_channel channel, const char *command,
        void *userdata)
{
    struct hf_sim_exec *e = userdata;

    (void)session;
    (void)channel;
    if (e->command)
        return 1;
    e->command = hf_xstrdup(command);
    return 0;
}

static ssh_channel
on_channel(ssh_session session, void *userdata)
{
    struct hf_sim_conn *c = userdata;
    struct hf_sim_exec *e;
    size_t open = 0;

    for (e = c->execs; e; e = e->next)
        open++;
    if (open >= MAX_EXECS)
        return NULL;
    e = HF_NEW(struct hf_sim_exec);
    e->conn = c;
    e->channel = ssh_channel_new(session);
    if (!e->channel) {
        free(e);
        return NULL;
    }
    e->callbacks.userdata = e;
    e->callbacks.channel_data_function = on_data;
    e->callbacks.channel_eof_function = on_eof;
    e->callbacks.channel_close_function = on_close;
    e->callbacks.channel_exec_request_function = on_exec;
    ssh_callbacks_init(&e->callbacks);
    ssh_set_channel_callbacks(e->channel, &e->callbacks);
    e->next = c->execs;
    c->execs = e;
    return e->channel;
}

/* libssh checks the signature; asked before and after it. */
static int
on_pubkey(ssh_session session, const char *user, struct ssh_key_struct *key,
          char state, void *userdata)
{
    struct hf_sim_conn *c = userdata;

    (void)session;
    if (c->node->fault == HF_SIM_NO_LOGIN ||
        ssh_key_cmp(key, c->login, SSH_KEY_CMP_PUBLIC) != 0)
        return SSH_AUTH_DENIED;
    if (state != SSH_PUBLICKEY_STATE_NONE && state != SSH_PUBLICKEY_STATE_VALID)
        return SSH_AUTH_DENIED;
    (void)snprintf(c->user, sizeof(c->user), "%s", user);
    return SSH_AUTH_SUCCESS;
}

/* Everything without a callback (shell, terminal, forwarding): refused.
 * Without this libssh would keep the request and never answer it. */
static int
on_other(ssh_session session, ssh_message message, void *userdata)
{
    (void)session;
    (void)message;
    (void)userdata;
    return 1;
}

/* ---- commands ---- */

static void
exec_free(struct hf_sim_exec *e)
{
    hf_timers_disarm(e->conn->timers, &e->timer);
    ssh_remove_channel_callbacks(e->channel, &e->callbacks);
    ssh_channel_free(e->channel);
    free(e->command);
    hf_buf_release(&e->input);
    hf_buf_release(&e->answer.out);
    hf_buf_release(&e->answer.err);
    free(e);
}

static void
exec_begin(struct hf_sim_exec *e)
{
    int64_t delay = hf_sim_node_delay(e->conn->node);

    if (e->timer.slot || e->answered || !e->command || delay < 0)
        return;
    if (e->eof || !hf_sim_node_reads(e->conn->node, e->command))
        hf_timers_arm(e->conn->timers, &e->timer,
                      hf_mono() + delay / e->conn->clock->wire);
}

/* As much of a stream as window and turn allow; 0 or -1. */
static int
write_some(ssh_channel channel, const struct hf_buf *from, size_t *sent,
           int is_stderr)
{
    size_t len = from->len - *sent;
    uint32_t window = ssh_channel_window_size(channel);
    int n;

    if (len > MAX_TURN)
        len = MAX_TURN;
    if (len > window)
        len = window;
    if (len == 0)
        return 0;
    n = is_stderr
            ? ssh_channel_write_stderr(channel, from->data + *sent,
                                       (uint32_t)len)
            : ssh_channel_write(channel, from->data + *sent, (uint32_t)len);
    if (n < 0)
        return -1;
    *sent += (size_t)n;
    return 0;
}

static int
exec_pending(const struct hf_sim_exec *e)
{
    return e->answered &&
           (e->out_sent < e->answer.out.len || e->err_sent < e->answer.err.len);
}

static void
exec_end(struct hf_sim_exec *e)
{
    if (e->answer.cut) {
        e->conn->dead = 1;
        return;
    }
    if (e->answer.signal)
        ssh_channel_request_send_exit_signal(e->channel, e->answer.signal, 0,
                                             "", "");
    else if (e->answer.status >= 0)
        ssh_channel_request_send_exit_status(e->channel, e->answer.status);
    ssh_channel_send_eof(e->channel);
    ssh_channel_close(e->channel);
    e->over = 1;
}

static void
exec_serve(struct hf_sim_exec *e)
{
    exec_begin(e);
    if (!e->answered || e->over)
        return;
    if (write_some(e->channel, &e->answer.out, &e->out_sent, 0) < 0 ||
        write_some(e->channel, &e->answer.err, &e->err_sent, 1) < 0) {
        e->conn->dead = 1;
        return;
    }
    if (exec_pending(e))
        return;
    if (e->answer.endless)
        e->out_sent = 0;
    else
        exec_end(e);
}

struct hf_sim_conn *
hf_sim_conn_due(struct hf_timer *timer)
{
    struct hf_sim_exec *e = (struct hf_sim_exec *)timer;
    struct hf_sim_conn *c = e->conn;
    struct hf_sim_request request = {
        .user = c->user,
        .command = e->command,
        .input = hf_buf_str(&e->input),
        .input_len = e->input.len,
    };

    hf_sim_node_answer(c->node, &e->answer, &request,
                       hf_sim_clock_now(c->clock));
    if (c->boots != c->node->boots) /* by now, the host has restarted */
        c->dead = 1;
    e->answered = 1;
    hf_buf_release(&e->input);
    return c;
}

/* ---- connections ---- */

/* Frees the commands that are over, or all. */
static void
sweep(struct hf_sim_conn *c, int all)
{
    struct hf_sim_exec **at = &c->execs;

    while (*at) {
        struct hf_sim_exec *e = *at;

        if (!all && !e->over) {
            at = &e->next;
            continue;
        }
        *at = e->next;
        exec_free(e);
    }
}

static int
begin_session(struct hf_sim_conn *c, ssh_bind bind, struct hf_err *err)
{
    int one = 1;

    c->session = ssh_new();
    c->event = ssh_event_new();
    if (!c->session || !c->event)
        return hf_fail(err, HF_ERR, "cannot make a simulated session");
    ssh_set_blocking(c->session, 0);
    if (ssh_bind_accept_fd(bind, c->session, c->fd) != SSH_OK) {
        char *why = hf_sanitised(ssh_get_error(bind));

        hf_fail(err, HF_ERR, "cannot take a connection: %s", why);
        free(why);
        return err->code;
    }
    c->callbacks.userdata = c;
    c->callbacks.auth_pubkey_function = on_pubkey;
    c->callbacks.channel_open_request_session_function = on_channel;
    ssh_callbacks_init(&c->callbacks);
    ssh_set_server_callbacks(c->session, &c->callbacks);
    ssh_set_message_callback(c->session, on_other, c);
    ssh_set_auth_methods(c->session, SSH_AUTH_METHOD_PUBLICKEY);
    /* libssh waits for nobody here: it sends the banner and says "again" */
    if (ssh_handle_key_exchange(c->session) == SSH_ERROR)
        return hf_fail(err, HF_ERR, "cannot begin a simulated session");
    ssh_event_add_session(c->event, c->session);
    (void)setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
    return HF_OK;
}

int
hf_sim_conn_new(struct hf_sim_conn **out, struct hf_sim_node *node, int fd,
                ssh_bind bind, ssh_key login, struct hf_timers *timers,
                const struct hf_sim_clock *clock, struct hf_err *err)
{
    struct hf_sim_conn *c = HF_NEW(struct hf_sim_conn);
    int rc = HF_OK;

    *out = NULL;
    c->node = node;
    c->boots = node->boots;
    c->fd = fd;
    c->login = login;
    c->timers = timers;
    c->clock = clock;
    if (bind && (rc = begin_session(c, bind, err)) < 0) {
        hf_sim_conn_free(c);
        return rc;
    }
    *out = c;
    return HF_OK;
}

void
hf_sim_conn_free(struct hf_sim_conn *c)
{
    if (!c)
        return;
    /* first, or libssh would still say good-bye for every channel */
    if (c->session && ssh_get_fd(c->session) == c->fd)
        (void)shutdown(c->fd, SHUT_RDWR);
    sweep(c, 1);
    if (c->event && c->session)
        ssh_event_remove_session(c->event, c->session);
    if (c->event)
        ssh_event_free(c->event);
    if (c->session) {
        ssh_silent_disconnect(c->session);
        ssh_free(c->session);
    } else if (c->fd >= 0) {
        close(c->fd);
    }
    free(c);
}

/* A host that never answers still notices that nobody is left. */
static void
serve_mute(struct hf_sim_conn *c)
{
    char waste[4096];
    ssize_t n = recv(c->fd, waste, sizeof(waste), MSG_DONTWAIT);

    if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
        c->dead = 1;
}

void
hf_sim_conn_serve(struct hf_sim_conn *c)
{
    struct hf_sim_exec *e;

    if (c->dead)
        return;
    if (!c->session) {
        serve_mute(c);
        return;
    }
    if (ssh_event_dopoll(c->event, 0) == SSH_ERROR)
        c->dead = 1;
    for (e = c->execs; e && !c->dead; e = e->next)
        exec_serve(e);
    /* libssh closes the descriptor itself after an error */
    if (ssh_get_status(c->session) & (SSH_CLOSED | SSH_CLOSED_ERROR) ||
        ssh_get_fd(c->session) != c->fd)
        c->dead = 1;
    if (!c->dead)
        sweep(c, 0);
}

uint32_t
hf_sim_conn_wants(const struct hf_sim_conn *c)
{
    uint32_t events = EPOLLIN;
    const struct hf_sim_exec *e;

    if (c->session && (ssh_get_poll_flags(c->session) & SSH_WRITE_PENDING))
        events |= EPOLLOUT;
    for (e = c->execs; e; e = e->next) {
        if (exec_pending(e) && ssh_channel_window_size(e->channel) > 0)
            events |= EPOLLOUT;
    }
    return events;
}
