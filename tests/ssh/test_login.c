/* Who is let in, and who we let ourselves in to: host keys, keys, agents. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "client.h"

#include "backend/base/file.h"
#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "backend/base/time.h"

static struct sshd server;

static int
start(void **state)
{
    (void)state;
    return sshd_start(&server, "") < 0 ? -1 : 0;
}

static int
stop(void **state)
{
    (void)state;
    sshd_stop(&server);
    return 0;
}

static struct hf_link_spec
begin(struct client *c, const struct hf_transport_options *options)
{
    if (server.pid < 0)
        skip();
    client_start(c, options);
    return client_spec(&server);
}

static int
attempts(void)
{
    return sshd_logged(&server, "Failed publickey") +
           sshd_logged(&server, "Accepted publickey");
}

/* "type base64" without the comment. */
static char *
bare(const char *key)
{
    const char *end = strrchr(key, ' ');

    return hf_xstrndup(key, (size_t)(end - key));
}

static char *
public_key(const char *private_key)
{
    char *path = hf_xasprintf("%s.pub", private_key);
    char *text = slurp(path);

    free(path);
    text[strcspn(text, "\n")] = '\0';
    return text;
}

/* ---- host keys ---- */

static void
refuses_an_unknown_host_key_before_login(void **state)
{
    struct client c;
    struct hf_link_spec spec = begin(&c, NULL);
    char *key = bare(server.hostkey);
    int before = attempts();
    struct hf_result *r;

    (void)state;
    spec.hostkey = NULL;
    r = client_run(&c, client_open(&c, &spec), "echo no");
    assert_outcome(r, HF_NET_HOSTKEY);
    assert_string_equal(r->hostkey, key);
    assert_mentions(r->error.text, r->fingerprint);
    assert_mentions(r->error.hint, "hotfleet enroll web-1");
    assert_int_equal(attempts(), before);
    hf_result_free(r);
    free(key);
    client_stop(&c);
}

static void
refuses_a_changed_host_key_and_shows_both(void **state)
{
    struct client c;
    struct hf_link_spec spec = begin(&c, NULL);
    char *other = public_key(server.stranger), *key = bare(server.hostkey);
    int before = attempts();
    struct hf_result *r;
    const char *first;

    (void)state;
    spec.hostkey = other;
    r = client_run(&c, client_open(&c, &spec), "echo no");
    assert_outcome(r, HF_NET_HOSTKEY);
    assert_string_equal(r->hostkey, key);
    assert_mentions(r->error.text, "changed");
    assert_mentions(r->error.text, r->fingerprint);
    first = strstr(r->error.text, "SHA256:");
    assert_non_null(strstr(first + 1, "SHA256:"));
    assert_int_equal(attempts(), before);
    hf_result_free(r);
    free(other);
    free(key);
    client_stop(&c);
}

static void
refuses_a_host_that_shows_another_type_of_key(void **state)
{
    struct client c;
    struct hf_link_spec spec = begin(&c, NULL);
    int before = attempts();
    struct hf_result *r;

    (void)state;
    spec.hostkey = server.rsa_hostkey;
    r = client_run(&c, client_open(&c, &spec), "echo no");
    assert_outcome(r, HF_NET_HOSTKEY);
    assert_mentions(r->error.text, "ssh-rsa");
    assert_mentions(r->error.text, "ssh-ed25519");
    assert_int_equal(attempts(), before);
    hf_result_free(r);
    client_stop(&c);
}

static void
scans_the_key_without_a_login(void **state)
{
    struct client c;
    struct hf_link_spec spec = begin(&c, NULL);
    char *key = bare(server.hostkey);
    int before = attempts();
    struct hf_result *r;
    uint32_t link;

    (void)state;
    spec.hostkey = NULL;
    spec.identity = NULL; /* and there is no agent */
    r = client_scan(&c, client_open(&c, &spec));
    assert_outcome(r, HF_NET_DONE);
    assert_string_equal(r->hostkey, key);
    assert_true(hf_has_prefix(r->fingerprint, "SHA256:"));
    assert_true(hf_has_prefix(r->banner, "SSH-2.0-OpenSSH"));
    assert_null(r->login_key);
    assert_int_equal(attempts(), before);
    hf_result_free(r);

    /* between commands, too */
    spec = client_spec(&server);
    link = client_open(&c, &spec);
    hf_result_free(client_run(&c, link, "true"));
    r = client_scan(&c, link);
    assert_string_equal(r->hostkey, key);
    hf_result_free(r);
    r = client_run(&c, link, "echo on");
    assert_says(r, "on\n");
    hf_result_free(r);
    free(key);
    client_stop(&c);
}

static void
refuses_specs_that_are_not_plain(void **state)
{
    static const struct {
        const char *address, *user, *hostkey;
        int port;
    } bad[] = {
        {"-oProxyCommand=x", "root", NULL, 22},
        {"host name", "root", NULL, 22},
        {"host\n", "root", NULL, 22},
        {"", "root", NULL, 22},
        {"user@host", "root", NULL, 22},
        {"host", "-l", NULL, 22},
        {"host", "a b", NULL, 22},
        {"host", "a;b", NULL, 22},
        {"host", "", NULL, 22},
        {"host", "root", NULL, 0},
        {"host", "root", NULL, 65536},
        {"host", "root", "ssh-ed25519 AAAA", 22},
        {"host", "root", "ssh-dss AAAAB3NzaC1kc3MAAAA=", 22},
        {"host", "root", "", 22},
    };
    struct client c;
    struct hf_link_spec spec = begin(&c, NULL);
    struct hf_err err = HF_ERR_INIT;
    uint32_t link;

    (void)state;
    for (size_t i = 0; i < HF_COUNT(bad); i++) {
        spec.address = bad[i].address;
        spec.user = bad[i].user;
        spec.hostkey = bad[i].hostkey;
        spec.port = bad[i].port;
        assert_int_equal(hf_transport_open(c.transport, &link, &spec, &err),
                         HF_EINVALID);
    }
    client_stop(&c);
}

/* ---- keys ---- */

static void
tries_a_refused_login_once(void **state)
{
    struct client c;
    struct hf_link_spec spec = begin(&c, NULL);
    int before = sshd_logged(&server, "Failed publickey");
    struct hf_result *r;
    uint32_t link;

    (void)state;
    spec.identity = server.stranger;
    link = client_open(&c, &spec);
    for (int i = 0; i < 3; i++)
        client_submit(&c, link, "echo no", NULL, 0, NULL);
    for (int i = 0; i < 3; i++) {
        r = client_wait(&c);
        assert_outcome(r, HF_NET_DENIED);
        assert_mentions(r->error.text, server.user);
        assert_mentions(r->error.text, "SHA256:");
        assert_mentions(r->error.hint, "publickey");
        hf_result_free(r);
    }
    client_stop(&c);
    assert_int_equal(sshd_logged(&server, "Failed publickey"), before + 1);
}

static void
reports_a_disconnect_during_login_as_denied(void **state)
{
    struct sshd strict;
    struct client c;
    struct hf_link_spec spec = begin(&c, NULL);
    struct hf_result *r;

    (void)state;
    assert_int_equal(sshd_start(&strict, "MaxAuthTries 1"), 0);
    spec = client_spec(&strict);
    spec.identity = server.stranger;
    r = client_run(&c, client_open(&c, &spec), "echo no");
    assert_outcome(r, HF_NET_DENIED);
    assert_mentions(r->error.text, "Too many authentication failures");
    hf_result_free(r);
    client_stop(&c);
    sshd_stop(&strict);
}

static void
says_when_a_key_is_not_enough(void **state)
{
    struct sshd strict;
    struct client c;
    struct hf_link_spec spec = begin(&c, NULL);
    struct hf_result *r;

    (void)state;
    assert_int_equal(sshd_start(&strict,
                                "PasswordAuthentication yes\n"
                                "AuthenticationMethods publickey,password"),
                     0);
    spec = client_spec(&strict);
    r = client_run(&c, client_open(&c, &spec), "echo no");
    assert_outcome(r, HF_NET_DENIED);
    assert_mentions(r->error.text, "wants more than a key");
    hf_result_free(r);
    client_stop(&c);
    sshd_stop(&strict);
}

static int
open_rc(struct client *c, const struct hf_link_spec *spec, struct hf_err *err)
{
    uint32_t link;

    *err = (struct hf_err)HF_ERR_INIT;
    return hf_transport_open(c->transport, &link, spec, err);
}

static void
refuses_key_files_that_are_no_secret_or_no_key(void **state)
{
    struct client c;
    struct hf_link_spec spec = begin(&c, NULL);
    char *open_key = sshd_path(&server, "open"), *text = slurp(server.id);
    char *pub = hf_xasprintf("%s.pub", server.id);
    char *missing = sshd_path(&server, "missing");
    struct hf_err err;

    (void)state;
    hf_file_write(open_key, text, strlen(text), 0644, &err);
    chmod(open_key, 0644);
    spec.identity = open_key;
    assert_int_equal(open_rc(&c, &spec, &err), HF_EDENIED);
    assert_mentions(err.text, "0644");
    assert_mentions(err.hint, "chmod 600");

    chmod(pub, 0600);
    spec.identity = pub;
    assert_int_equal(open_rc(&c, &spec, &err), HF_EINVALID);
    spec.identity = server.dir;
    assert_int_equal(open_rc(&c, &spec, &err), HF_EINVALID);
    spec.identity = missing;
    assert_int_equal(open_rc(&c, &spec, &err), HF_ENOTFOUND);
    free(open_key);
    free(text);
    free(pub);
    free(missing);
    client_stop(&c);
}

struct asked {
    const char *answer;
    int times;
};

static struct hf_secret *
answer(void *ctx, const char *identity)
{
    struct asked *asked = ctx;
    struct hf_secret *secret;
    struct hf_err err;

    assert_non_null(identity);
    asked->times++;
    if (!asked->answer)
        return NULL;
    secret = hf_secret_new();
    for (const char *p = asked->answer; *p; p++)
        hf_secret_putc(secret, *p, &err);
    return secret;
}

static void
asks_once_for_the_passphrase_of_a_key(void **state)
{
    struct asked asked = {.answer = "open sesame"};
    const struct hf_transport_options options = {
        .workers = 2, .passphrase = answer, .ctx = &asked, .agent_sock = ""};
    struct client c;
    struct hf_link_spec spec = begin(&c, &options);
    struct hf_result *r;

    (void)state;
    spec.identity = server.secret_id;
    for (int i = 0; i < 3; i++) {
        r = client_run(&c, client_open(&c, &spec), "echo in");
        assert_says(r, "in\n");
        hf_result_free(r);
    }
    assert_int_equal(asked.times, 1);
    client_stop(&c);
}

static void
refuses_a_wrong_or_missing_passphrase(void **state)
{
    static const char *const answers[] = {"wrong", "", NULL};

    (void)state;
    for (size_t i = 0; i < HF_COUNT(answers); i++) {
        struct asked asked = {.answer = answers[i]};
        const struct hf_transport_options options = {
            .passphrase = answer, .ctx = &asked, .agent_sock = ""};
        struct client c;
        struct hf_link_spec spec = begin(&c, &options);
        struct hf_err err;

        spec.identity = server.secret_id;
        assert_int_equal(open_rc(&c, &spec, &err), HF_EREFUSED);
        assert_int_equal(open_rc(&c, &spec, &err), HF_EREFUSED);
        assert_mentions(err.text, "passphrase");
        assert_int_equal(asked.times, 1);
        client_stop(&c);
    }
}

static void
logs_in_with_keys_of_other_types(void **state)
{
    static const char *const types[] = {"rsa", "ecdsa"};
    char *list = sshd_path(&server, "authorized");
    struct client c;
    struct hf_link_spec spec = begin(&c, NULL);

    (void)state;
    for (size_t i = 0; i < HF_COUNT(types); i++) {
        char *key = sshd_path(&server, types[i]);
        const char *const make[] = {"ssh-keygen", "-q", "-t", types[i], "-N",
                                    "",           "-f", key,  NULL};
        assert_int_equal(run_quiet(make), 0);
        char *pub = public_key(key), *old = slurp(list);
        char *text = hf_xasprintf("%s%s\n", old, pub);
        struct hf_err err;

        hf_file_write(list, text, strlen(text), 0600, &err);
        spec.identity = key;
        struct hf_result *r = client_run(&c, client_open(&c, &spec), "echo in");
        assert_says(r, "in\n");
        hf_result_free(r);
        free(text);
        free(old);
        free(pub);
        free(key);
    }
    free(list);
    client_stop(&c);
}

static void
logs_in_with_a_certificate(void **state)
{
    struct client c;
    struct hf_link_spec spec = begin(&c, NULL);
    char *ca = sshd_path(&server, "ca"), *key = sshd_path(&server, "signed");
    char *extra = hf_xasprintf("TrustedUserCAKeys %s.pub\n", ca);
    char *pub = hf_xasprintf("%s.pub", key);
    const char *const make_ca[] = {"ssh-keygen", "-q", "-t", "ed25519", "-N",
                                   "",           "-f", ca,   NULL};
    const char *const make_key[] = {"ssh-keygen", "-q", "-t", "ed25519", "-N",
                                    "",           "-f", key,  NULL};
    const char *const sign[] = {"ssh-keygen", "-q", "-s",        ca,  "-I",
                                "test",       "-n", server.user, pub, NULL};
    struct sshd trusting;
    struct hf_result *r;

    (void)state;
    assert_int_equal(run_quiet(make_ca), 0);
    assert_int_equal(run_quiet(make_key), 0);
    assert_int_equal(run_quiet(sign), 0);
    assert_int_equal(sshd_start(&trusting, extra), 0);
    spec = client_spec(&trusting);
    spec.identity = key;
    r = client_run(&c, client_open(&c, &spec), "echo certified");
    assert_says(r, "certified\n");
    hf_result_free(r);
    client_stop(&c);
    sshd_stop(&trusting);
    free(ca);
    free(key);
    free(extra);
    free(pub);
}

/* ---- agents ---- */

struct agent {
    char *socket;
    pid_t pid;
};

static void
agent_start(struct agent *a, const char *key)
{
    const char *const argv[] = {"ssh-agent", "-D", "-a", NULL, NULL};
    const char *args[HF_COUNT(argv)];
    const char *const add[] = {"ssh-add", "-q", key, NULL};

    memcpy(args, argv, sizeof(args));
    a->socket = sshd_path(&server, "agent");
    unlink(a->socket);
    args[3] = a->socket;
    if ((a->pid = fork()) == 0) {
        int null = open("/dev/null", O_RDWR);

        dup2(null, 1);
        dup2(null, 2);
        execvp(args[0], (char *const *)args);
        _exit(127);
    }
    for (int64_t until = hf_mono() + 10000;
         !hf_path_exists(a->socket) && hf_mono() < until;)
        usleep(5000);
    setenv("SSH_AUTH_SOCK", a->socket, 1);
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
    spec = begin(&c, &options);
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
        spec = begin(&c, &options);
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
    struct hf_link_spec spec = begin(&c, NULL);
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
    struct hf_link_spec spec = begin(&c, &options), with_key = spec;
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
    struct hf_link_spec spec = begin(&c, &options);
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
    struct hf_link_spec spec = begin(&c, &options);
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
        cmocka_unit_test(refuses_an_unknown_host_key_before_login),
        cmocka_unit_test(refuses_a_changed_host_key_and_shows_both),
        cmocka_unit_test(refuses_a_host_that_shows_another_type_of_key),
        cmocka_unit_test(scans_the_key_without_a_login),
        cmocka_unit_test(refuses_specs_that_are_not_plain),
        cmocka_unit_test(tries_a_refused_login_once),
        cmocka_unit_test(reports_a_disconnect_during_login_as_denied),
        cmocka_unit_test(says_when_a_key_is_not_enough),
        cmocka_unit_test(refuses_key_files_that_are_no_secret_or_no_key),
        cmocka_unit_test(asks_once_for_the_passphrase_of_a_key),
        cmocka_unit_test(refuses_a_wrong_or_missing_passphrase),
        cmocka_unit_test(logs_in_with_keys_of_other_types),
        cmocka_unit_test(logs_in_with_a_certificate),
        cmocka_unit_test(logs_in_through_the_agent_and_names_the_key),
        cmocka_unit_test(explains_what_an_agent_lacks),
        cmocka_unit_test(does_not_connect_without_key_or_agent),
        cmocka_unit_test(does_not_let_a_hung_agent_hold_up_other_hosts),
        cmocka_unit_test(reports_an_agent_that_is_gone),
        cmocka_unit_test(cancels_while_the_agent_is_asked),
    };

    return cmocka_run_group_tests(tests, start, stop);
}
