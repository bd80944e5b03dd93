/* Logins through ssh-agent: the real one, and worse ones. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "client.h"

#include "backend/base/mem.h"
#include "backend/base/time.h"

struct agent {
    char *socket;
    pid_t pid;
};

/* Waits until it answers: the socket is there before anybody listens. */
static void
agent_wait(void)
{
    const char *const list[] = {"ssh-add", "-l", NULL};
    int64_t until = hf_mono() + 10000;

    while (run_quiet(list) > 1) { /* 1: it has no keys */
        assert_true(hf_mono() < until);
        usleep(5000);
    }
}

static void
agent_start(struct agent *a, const char *key)
{
    const char *argv[] = {"ssh-agent", "-D", "-a", NULL, NULL};
    const char *const add[] = {"ssh-add", "-q", key, NULL};

    argv[3] = a->socket = sshd_path(&server, "agent");
    unlink(a->socket);
    a->pid = spawn(argv, "/dev/null");
    assert_true(a->pid > 0);
    setenv("SSH_AUTH_SOCK", a->socket, 1);
    agent_wait();
    if (key)
        assert_int_equal(run_quiet(add), 0);
    unsetenv("SSH_AUTH_SOCK");
}

static void
agent_stop(struct agent *a)
{
    kill(a->pid, SIGTERM);
    waitpid(a->pid, NULL, 0);
    free(a->socket);
}

static void
logs_in_through_the_agent_and_names_the_key(void **state)
{
    struct agent agent;
    struct hf_transport_options options = {.workers = 1};
    struct client c;
    struct hf_link_spec spec;
    struct hf_result *r;
    char *fingerprint;

    (void)state;
    if (server.pid < 0)
        skip();
    agent_start(&agent, server.id);
    options.agent_sock = agent.socket;
    spec = client_begin(&c, &options);
    r = client_run(&c, client_open(&c, &spec), "true");
    fingerprint = hf_xstrdup(r->login_key);
    hf_result_free(r);

    spec.identity = NULL;
    for (int i = 0; i < 20; i++)
        client_submit(&c, client_open(&c, &spec), "echo in", NULL, 0, NULL);
    for (int i = 0; i < 20; i++) {
        r = client_wait(&c);
        assert_says(r, "in\n");
        assert_string_equal(r->login_key, fingerprint);
        hf_result_free(r);
    }
    client_stop(&c);
    agent_stop(&agent);
    free(fingerprint);
}

static void
explains_what_an_agent_lacks(void **state)
{
    const struct {
        const char *key;
        const char *says;
    } rows[] = {
        {NULL, "holds no keys"},
        {server.stranger, "refused with every key"},
    };

    (void)state;
    if (server.pid < 0)
        skip();
    for (size_t i = 0; i < HF_COUNT(rows); i++) {
        struct agent agent;
        struct hf_transport_options options = {.workers = 1};
        struct client c;
        struct hf_link_spec spec;
        struct hf_result *r;

        agent_start(&agent, rows[i].key);
        options.agent_sock = agent.socket;
        spec = client_begin(&c, &options);
        spec.identity = NULL;
        r = client_run(&c, client_open(&c, &spec), "echo no");
        assert_outcome(r, HF_NET_DENIED);
        assert_mentions(r->error.text, rows[i].says);
        hf_result_free(r);
        client_stop(&c);
        agent_stop(&agent);
    }
}

static void
does_not_connect_without_key_or_agent(void **state)
{
    struct client c;
    struct hf_link_spec spec = client_begin(&c, NULL);
    int before = sshd_logged(&server, "Connection from");
    struct hf_result *r;

    (void)state;
    spec.identity = NULL;
    r = client_run(&c, client_open(&c, &spec), "echo no");
    assert_outcome(r, HF_NET_FAILED);
    assert_mentions(r->error.text, "no ssh-agent");
    hf_result_free(r);
    client_stop(&c);
    assert_int_equal(sshd_logged(&server, "Connection from"), before);
}

/* A socket that takes connections and never says a word. */
static int
mute_socket(const char *path)
{
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    strcpy(at.sun_path, path);
    unlink(path);
    assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof(at)), 0);
    assert_int_equal(listen(fd, 64), 0);
    return fd;
}

static void
does_not_let_a_hung_agent_hold_up_other_hosts(void **state)
{
    char *path = sshd_path(&server, "mute");
    const struct hf_transport_options options = {.workers = 1,
                                                 .agent_sock = path};
    struct hf_net_limits limits = client_limits();
    struct client c;
    struct hf_link_spec spec = client_begin(&c, &options), with_key = spec;
    int mute = mute_socket(path);
    struct hf_result *r;

    (void)state;
    spec.identity = NULL;
    limits.auth = 1000;
    for (int i = 0; i < 10; i++) /* more than there are threads for it */
        client_submit(&c, client_open(&c, &spec), "echo no", NULL, 0, &limits);
    r = client_run(&c, client_open(&c, &with_key), "echo here");
    assert_says(r, "here\n");
    hf_result_free(r);
    for (int i = 0; i < 10; i++) {
        r = client_wait(&c);
        assert_outcome(r, HF_NET_FAILED);
        assert_mentions(r->error.text, "ssh-agent does not answer");
        hf_result_free(r);
    }
    /* and it does not delay the end */
    limits.auth = 30000;
    client_submit(&c, client_open(&c, &spec), "echo no", NULL, 0, &limits);
    client_quiet(&c, 200);
    int64_t before = hf_mono();
    hf_transport_free(c.transport);
    assert_true(hf_mono() - before < 2000);
    r = hf_queue_pop(c.results);
    assert_outcome(r, HF_NET_CANCELLED);
    hf_result_free(r);
    hf_queue_free(c.results);
    close(mute);
    free(path);
}

static void
reports_an_agent_that_is_gone(void **state)
{
    const struct hf_transport_options options = {.agent_sock =
                                                     "/nonexistent/agent"};
    struct client c;
    struct hf_link_spec spec = client_begin(&c, &options);
    struct hf_result *r;

    (void)state;
    spec.identity = NULL;
    r = client_run(&c, client_open(&c, &spec), "echo no");
    assert_outcome(r, HF_NET_FAILED);
    assert_mentions(r->error.text, "cannot talk to ssh-agent");
    hf_result_free(r);
    client_stop(&c);
}

static void
cancels_while_the_agent_is_asked(void **state)
{
    char *path = sshd_path(&server, "mute");
    const struct hf_transport_options options = {.workers = 1,
                                                 .agent_sock = path};
    struct hf_net_limits limits = client_limits();
    struct client c;
    struct hf_link_spec spec = client_begin(&c, &options);
    int mute = mute_socket(path);
    struct hf_result *r;
    uint32_t link;

    (void)state;
    spec.identity = NULL;
    limits.auth = 1000;
    link = client_open(&c, &spec);
    client_submit(&c, link, "echo no", NULL, 0, &limits);
    client_quiet(&c, 200); /* it is with the agent now */
    hf_transport_cancel(c.transport, link);
    r = client_wait(&c);
    assert_outcome(r, HF_NET_CANCELLED);
    hf_result_free(r);
    client_submit(&c, link, "echo no", NULL, 0, &limits);
    hf_transport_close(c.transport, link);
    r = client_wait(&c); /* with the answer to the first login */
    assert_outcome(r, HF_NET_FAILED);
    hf_result_free(r);
    client_stop(&c);
    close(mute);
    free(path);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(logs_in_through_the_agent_and_names_the_key),
        cmocka_unit_test(explains_what_an_agent_lacks),
        cmocka_unit_test(does_not_connect_without_key_or_agent),
        cmocka_unit_test(does_not_let_a_hung_agent_hold_up_other_hosts),
        cmocka_unit_test(reports_an_agent_that_is_gone),
        cmocka_unit_test(cancels_while_the_agent_is_asked),
    };

    return cmocka_run_group_tests(tests, server_start, server_stop);
}
