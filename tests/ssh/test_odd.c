/* SSH servers that end commands in ways no sshd does. */
#include <arpa/inet.h>
#include <libssh/callbacks.h>
#include <libssh/libssh.h>
#include <libssh/server.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "client.h"

#include "backend/base/file.h"
#include "backend/base/mem.h"
#include "backend/base/text.h"

static char dir[] = "/tmp/hf-odd-XXXXXX";
static char *hostkey_file, *hostkey, *id;

static char *
make_key(const char *name)
{
    char *path = hf_path_join(dir, name);
    const char *const argv[] = {"ssh-keygen", "-q", "-t", "ed25519", "-N",
                                "",           "-f", path, NULL};

    assert_int_equal(run_quiet(argv), 0);
    return path;
}

static int
start(void **state)
{
    char *pub;

    (void)state;
    if (!mkdtemp(dir))
        return -1;
    hostkey_file = make_key("host");
    id = make_key("id");
    pub = hf_xasprintf("%s.pub", hostkey_file);
    hostkey = slurp(pub);
    free(pub);
    return 0;
}

static int
stop(void **state)
{
    struct hf_err err;

    (void)state;
    free(hostkey_file);
    free(hostkey);
    free(id);
    return hf_rmtree(dir, &err);
}

/* ---- the server: one thread, one client at a time, all calls block ---- */

struct odd {
    int fd, port;
    pthread_t thread;
    /* with the channel on which a command was asked for */
    void (*serve)(ssh_session session, ssh_channel channel, ssh_message exec);
    int refuse_channel, refuse_login, cut_login;
};

/* The next message of this type; others get the default answer, logins are
 * let in. */
static ssh_message
expect(const struct odd *o, ssh_session session, int type, int subtype)
{
    ssh_message m;

    while ((m = ssh_message_get(session))) {
        if (ssh_message_type(m) == type && ssh_message_subtype(m) == subtype)
            return m;
        if (ssh_message_type(m) == SSH_REQUEST_AUTH && o->cut_login) {
            ssh_message_free(m);
            return NULL;
        }
        if (ssh_message_type(m) == SSH_REQUEST_AUTH && !o->refuse_login)
            ssh_message_auth_reply_success(m, 0);
        else if (ssh_message_type(m) == SSH_REQUEST_SERVICE)
            ssh_message_service_reply_success(m);
        else
            ssh_message_reply_default(m);
        ssh_message_free(m);
    }
    return NULL;
}

static void
talk(const struct odd *o, ssh_session session)
{
    ssh_message open, exec;
    ssh_channel channel;

    if (ssh_handle_key_exchange(session) != SSH_OK)
        return;
    open = expect(o, session, SSH_REQUEST_CHANNEL_OPEN, SSH_CHANNEL_SESSION);
    if (!open)
        return;
    if (o->refuse_channel) {
        ssh_message_reply_default(open);
        ssh_message_free(open);
        expect(o, session, -1, -1); /* until the client leaves */
        return;
    }
    channel = ssh_message_channel_request_open_reply_accept(open);
    ssh_message_free(open);
    exec = expect(o, session, SSH_REQUEST_CHANNEL, SSH_CHANNEL_REQUEST_EXEC);
    if (exec)
        o->serve(session, channel, exec);
}

static void *
odd_thread(void *arg)
{
    struct odd *o = arg;
    ssh_bind bind = ssh_bind_new();
    ssh_session session;
    int no = 0, fd;

    ssh_bind_options_set(bind, SSH_BIND_OPTIONS_PROCESS_CONFIG, &no);
    ssh_bind_options_set(bind, SSH_BIND_OPTIONS_HOSTKEY, hostkey_file);
    while ((fd = accept4(o->fd, NULL, NULL, SOCK_CLOEXEC)) >= 0) {
        session = ssh_new();
        if (ssh_bind_accept_fd(bind, session, fd) == SSH_OK)
            talk(o, session);
        ssh_silent_disconnect(session);
        ssh_free(session);
    }
    ssh_bind_free(bind);
    return NULL;
}

static void
odd_start(struct odd *o)
{
    struct sockaddr_in at = {.sin_family = AF_INET,
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof(at);

    o->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(o->fd, (struct sockaddr *)&at, len), 0);
    assert_int_equal(listen(o->fd, 16), 0);
    getsockname(o->fd, (struct sockaddr *)&at, &len);
    o->port = ntohs(at.sin_port);
    assert_int_equal(pthread_create(&o->thread, NULL, odd_thread, o), 0);
}

static void
odd_stop(struct odd *o)
{
    shutdown(o->fd, SHUT_RDWR);
    pthread_join(o->thread, NULL);
    close(o->fd);
}

/* Runs "x" on such a server. */
static struct hf_result *
ask(struct odd *o)
{
    const struct hf_link_spec spec = {.name = "odd",
                                      .address = "127.0.0.1",
                                      .user = "root",
                                      .identity = id,
                                      .hostkey = hostkey};
    struct hf_net_limits limits = client_limits();
    struct hf_link_spec with_port = spec;
    struct hf_result *r;
    struct client c;

    odd_start(o);
    client_start(&c, NULL);
    with_port.port = o->port;
    limits.start = limits.idle = 700;
    r = client_run_within(&c, client_open(&c, &with_port), "x", &limits);
    client_stop(&c);
    odd_stop(o);
    return r;
}

/* ---- ways to serve ---- */

static void
say(ssh_channel channel, ssh_message exec, const char *text)
{
    ssh_message_channel_request_reply_success(exec);
    ssh_message_free(exec);
    ssh_channel_write(channel, text, (uint32_t)strlen(text));
}

static void
close_without_status(ssh_session session, ssh_channel channel, ssh_message exec)
{
    say(channel, exec, "partial");
    ssh_channel_send_eof(channel);
    ssh_channel_close(channel);
    while (ssh_message_get(session))
        ;
}

static void
leave_without_status(ssh_session session, ssh_channel channel, ssh_message exec)
{
    (void)session;
    say(channel, exec, "all there is");
    ssh_channel_send_eof(channel);
}

static void
leave_after_status(ssh_session session, ssh_channel channel, ssh_message exec)
{
    (void)session;
    say(channel, exec, "all there is");
    ssh_channel_request_send_exit_status(channel, 4);
    ssh_channel_send_eof(channel);
}

static void
leave_before_eof(ssh_session session, ssh_channel channel, ssh_message exec)
{
    (void)session;
    say(channel, exec, "perhaps more");
    ssh_channel_request_send_exit_status(channel, 0);
}

static void
die_of_a_strange_signal(ssh_session session, ssh_channel channel,
                        ssh_message exec)
{
    say(channel, exec, "");
    ssh_channel_request_send_exit_signal(
        channel, "\x1b[31mKILL@a-very-long-signal-name", 0, "gone", "en");
    ssh_channel_close(channel);
    while (ssh_message_get(session))
        ;
}

static void
refuse_command(ssh_session session, ssh_channel channel, ssh_message exec)
{
    (void)channel;
    ssh_message_reply_default(exec);
    ssh_message_free(exec);
    while (ssh_message_get(session))
        ;
}

static void
ignore_command(ssh_session session, ssh_channel channel, ssh_message exec)
{
    (void)channel;
    ssh_message_free(exec);
    while (ssh_message_get(session))
        ;
}

static void
open_channels_to_us(ssh_session session, ssh_channel channel, ssh_message exec)
{
    ssh_channel back[8];
    int refused = 0;
    char text[32];

    for (size_t i = 0; i < HF_COUNT(back); i++) {
        back[i] = ssh_channel_new(session);
        refused += ssh_channel_open_reverse_forward(back[i], "127.0.0.1", 22,
                                                    "127.0.0.1", 1) != SSH_OK;
    }
    snprintf(text, sizeof(text), "refused %d", refused);
    say(channel, exec, text);
    ssh_channel_request_send_exit_status(channel, 0);
    ssh_channel_send_eof(channel);
    ssh_channel_close(channel);
    while (ssh_message_get(session))
        ;
}

/* ---- tests ---- */

static void
calls_an_exit_without_status_unknown(void **state)
{
    struct odd o = {.serve = close_without_status};
    struct hf_result *r = ask(&o);

    (void)state;
    assert_outcome(r, HF_NET_DONE);
    assert_int_equal(r->exit_kind, HF_EXIT_UNKNOWN);
    assert_string_equal(hf_buf_str(&r->out), "partial");
    hf_result_free(r);
}

static void
calls_a_cut_before_the_status_lost(void **state)
{
    struct odd o = {.serve = leave_without_status};
    struct hf_result *r = ask(&o);

    (void)state;
    assert_outcome(r, HF_NET_LOST);
    assert_string_equal(hf_buf_str(&r->out), "all there is");
    hf_result_free(r);
}

static void
knows_the_end_when_status_and_all_output_came(void **state)
{
    struct odd o = {.serve = leave_after_status};
    struct hf_result *r = ask(&o);

    (void)state;
    assert_outcome(r, HF_NET_DONE);
    assert_int_equal(r->exit_status, 4);
    hf_result_free(r);

    o = (struct odd){.serve = leave_before_eof};
    r = ask(&o);
    assert_outcome(r, HF_NET_LOST);
    hf_result_free(r);
}

static void
keeps_only_letters_of_a_signal(void **state)
{
    struct odd o = {.serve = die_of_a_strange_signal};
    struct hf_result *r = ask(&o);

    (void)state;
    assert_outcome(r, HF_NET_DONE);
    assert_int_equal(r->exit_kind, HF_EXIT_SIGNAL);
    assert_string_equal(r->exit_signal, "31KILL");
    hf_result_free(r);
}

static void
tells_a_refused_command_from_one_that_ran(void **state)
{
    struct odd o = {.serve = refuse_command};
    struct hf_result *r = ask(&o);

    (void)state;
    assert_outcome(r, HF_NET_FAILED);
    assert_mentions(r->error.text, "does not run commands");
    hf_result_free(r);

    o = (struct odd){.refuse_channel = 1};
    r = ask(&o);
    assert_outcome(r, HF_NET_FAILED);
    assert_mentions(r->error.text, "opens no session");
    hf_result_free(r);

    /* it may have started: not a mere failure */
    o = (struct odd){.serve = ignore_command};
    r = ask(&o);
    assert_outcome(r, HF_NET_TIMEOUT);
    assert_mentions(r->error.text, "not known");
    hf_result_free(r);
}

static void
refuses_channels_that_hosts_open(void **state)
{
    struct odd o = {.serve = open_channels_to_us};
    struct hf_result *r = ask(&o);

    (void)state;
    assert_says(r, "refused 8");
    hf_result_free(r);
}

static void
does_not_wait_for_a_host_that_leaves_during_login(void **state)
{
    struct odd o = {.cut_login = 1};
    struct hf_result *r = ask(&o);

    (void)state;
    assert_outcome(r, HF_NET_FAILED);
    assert_mentions(r->error.text, "closed the connection");
    hf_result_free(r);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(calls_an_exit_without_status_unknown),
        cmocka_unit_test(calls_a_cut_before_the_status_lost),
        cmocka_unit_test(knows_the_end_when_status_and_all_output_came),
        cmocka_unit_test(keeps_only_letters_of_a_signal),
        cmocka_unit_test(tells_a_refused_command_from_one_that_ran),
        cmocka_unit_test(refuses_channels_that_hosts_open),
        cmocka_unit_test(does_not_wait_for_a_host_that_leaves_during_login),
    };

    return cmocka_run_group_tests(tests, start, stop);
}
