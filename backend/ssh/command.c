/* A command on a connection that is logged in: channel, exec, data, exit. */
#include <stdlib.h>

#include "backend/base/time.h"
#include "backend/ssh/session.h"
#include "backend/ssh/stages.h"
#include "backend/ssh/worker.h"

#define INPUT_CHUNK 32768 /* given to libssh at once: it buffers all of it */
#define TURNS_PER_WAKE 64 /* reads of at most 4 KiB, then others have a go */

/* ---- what libssh reports while it moves packets ---- */

static int
on_data(ssh_session session, ssh_channel channel, void *data, uint32_t len,
        int is_stderr, void *ctx)
{
    struct hf_link *link = ctx;
    struct hf_errand *run = hf_link_run(link);

    (void)session, (void)channel;
    run->moved = link->worker->now;
    hf_capture_add(is_stderr ? &run->err : &run->out, data, len);
    return (int)len; /* all of it: nothing piles up in libssh */
}

static void
on_eof(ssh_session session, ssh_channel channel, void *ctx)
{
    (void)session, (void)channel;
    hf_link_run(ctx)->host_eof = 1;
}

static void
on_close(ssh_session session, ssh_channel channel, void *ctx)
{
    (void)session, (void)channel;
    hf_link_run(ctx)->host_closed = 1;
}

static void
on_exit_status(ssh_session session, ssh_channel channel, int status, void *ctx)
{
    struct hf_errand *run = hf_link_run(ctx);

    (void)session, (void)channel;
    run->exit_kind = HF_EXIT_STATUS;
    run->exit_status = status;
}

/* The only place where libssh 0.10 tells of a signal. */
static void
on_exit_signal(ssh_session session, ssh_channel channel, const char *signal,
               int core, const char *message, const char *lang, void *ctx)
{
    struct hf_errand *run = hf_link_run(ctx);
    size_t n = 0;

    (void)session, (void)channel, (void)core, (void)message, (void)lang;
    run->exit_kind = HF_EXIT_SIGNAL;
    for (; signal && *signal && n + 1 < sizeof(run->exit_signal); signal++) {
        if ((*signal >= 'A' && *signal <= 'Z') ||
            (*signal >= '0' && *signal <= '9'))
            run->exit_signal[n++] = *signal;
    }
    run->exit_signal[n] = '\0';
}

/* ---- open ---- */

static int
new_channel(struct hf_link *link)
{
    struct ssh_channel_callbacks_struct *cb = &link->callbacks;

    if (!(link->channel = ssh_channel_new(link->session)))
        return -1;
    *cb = (struct ssh_channel_callbacks_struct){
        .userdata = link,
        .channel_data_function = on_data,
        .channel_eof_function = on_eof,
        .channel_close_function = on_close,
        .channel_exit_status_function = on_exit_status,
        .channel_exit_signal_function = on_exit_signal,
    };
    ssh_callbacks_init(cb);
    return ssh_set_channel_callbacks(link->channel, cb) == SSH_OK ? 0 : -1;
}

/* The host said no to the channel or to the command. */
static void
fail_refused(struct hf_link *link, const char *what)
{
    struct hf_err err = HF_ERR_INIT;
    char *why = hf_libssh_why(link->session);

    hf_fail(&err, hf_net_code(HF_NET_FAILED), "%s: %s", what, why);
    free(why);
    hf_link_fail(link, HF_NET_FAILED, &err);
}

void
hf_step_open(struct hf_link *link)
{
    int rc = SSH_ERROR;

    if (link->channel || new_channel(link) == 0)
        rc = ssh_channel_open_session(link->channel);
    if (rc == SSH_OK) {
        hf_link_run(link)->began = link->worker->now;
        hf_link_enter(link, HF_STAGE_EXEC);
        hf_step_exec(link);
    } else if (hf_libssh_closed(link->session)) {
        if (link->reused)
            hf_link_reconnect(link); /* it died while it was idle */
        else
            hf_link_cut(link);
    } else if (rc == SSH_AGAIN) {
        hf_link_listen(link, 0);
    } else {
        fail_refused(link, "the host opens no session");
    }
}

void
hf_step_exec(struct hf_link *link)
{
    struct hf_errand *run = hf_link_run(link);
    int rc = ssh_channel_request_exec(link->channel, run->command);

    if (rc == SSH_OK) {
        run->moved = link->worker->now;
        hf_link_enter(link, HF_STAGE_IO);
        hf_step_io(link);
    } else if (hf_libssh_closed(link->session)) {
        hf_link_cut(link);
    } else if (rc == SSH_AGAIN) {
        hf_link_listen(link, 0);
    } else {
        fail_refused(link, "the host does not run commands for this user");
    }
}

/* ---- data ---- */

/* May more input be given now? The host must have room for it, and what was
 * given before must have left: libssh would pile it up. */
static int
wants_input(const struct hf_link *link)
{
    const struct hf_errand *run = hf_link_run(link);

    return run->sent < run->input.len && !run->host_closed &&
           ssh_channel_window_size(link->channel) > 0 &&
           !(ssh_get_status(link->session) & SSH_WRITE_PENDING);
}

static void
feed(struct hf_link *link)
{
    struct hf_errand *run = hf_link_run(link);
    size_t left = run->input.len - run->sent;
    int n;

    if (run->eof_sent || run->host_closed)
        return;
    if (wants_input(link)) {
        n = ssh_channel_write(link->channel, run->input.data + run->sent,
                              left < INPUT_CHUNK ? (uint32_t)left
                                                 : INPUT_CHUNK);
        if (n > 0) {
            run->sent += (size_t)n;
            run->moved = link->worker->now;
        }
    }
    if (run->sent == run->input.len && !run->host_closed) {
        (void)ssh_channel_send_eof(link->channel);
        run->eof_sent = 1;
        hf_buf_release(&run->input);
        run->sent = 0;
    }
}

/* The command is over, one way or another; 0 when it is not. */
static int
finish(struct hf_link *link)
{
    const struct hf_errand *run = hf_link_run(link);
    struct hf_err err = HF_ERR_INIT;

    if (run->out.total + run->err.total > run->limits.hard_out) {
        hf_fail(&err, hf_net_code(HF_NET_OVERFLOW),
                "more than %zu bytes of output: the connection was closed, "
                "the command may still run",
                run->limits.hard_out);
        hf_link_fail(link, HF_NET_OVERFLOW, &err);
        return 1;
    }
    if (run->host_closed || (hf_libssh_closed(link->session) && run->host_eof &&
                             run->exit_kind != HF_EXIT_UNKNOWN)) {
        hf_link_done(link);
        return 1;
    }
    if (hf_libssh_closed(link->session)) {
        hf_link_cut(link);
        return 1;
    }
    return 0;
}

static size_t
progress(const struct hf_errand *run)
{
    return run->out.total + run->err.total + run->sent +
           (size_t)(run->eof_sent + run->host_eof);
}

void
hf_step_io(struct hf_link *link)
{
    size_t before;

    for (int turns = 0; turns < TURNS_PER_WAKE; turns++) {
        before = progress(hf_link_run(link));
        feed(link);
        hf_libssh_pump(link->session);
        if (finish(link))
            return;
        if (progress(hf_link_run(link)) == before)
            break;
    }
    /* When more input could go out at once, the socket's readiness is what
     * brings us back here after the others. */
    hf_link_listen(link, wants_input(link));
}

int64_t
hf_io_deadline(const struct hf_errand *run)
{
    int64_t idle = run->moved + run->limits.idle;
    int64_t total = run->began + run->limits.total;

    return idle < total ? idle : total;
}

void
hf_late_io(struct hf_link *link)
{
    const struct hf_errand *run = hf_link_run(link);
    int64_t now = link->worker->now;
    struct hf_err err = HF_ERR_INIT;
    char span[HF_TIME_LEN];

    if (now < hf_io_deadline(run)) { /* bytes moved since it was armed */
        hf_link_enter(link, HF_STAGE_IO);
        return;
    }
    if (now >= run->began + run->limits.total)
        hf_fail(&err, hf_net_code(HF_NET_TIMEOUT),
                "the command did not end within %s; it may still run",
                hf_span_format(span, run->limits.total));
    else
        hf_fail(&err, hf_net_code(HF_NET_TIMEOUT),
                "nothing moved for %s; the command may still run",
                hf_span_format(span, run->limits.idle));
    hf_link_fail(link, HF_NET_TIMEOUT, &err);
}

/* ---- idle ---- */

void
hf_step_idle(struct hf_link *link)
{
    hf_libssh_pump(link->session);
    if (hf_libssh_closed(link->session))
        hf_link_drop(link, 0);
    else
        hf_link_listen(link, 0);
}
