/* Host keys are compared before anything is sent. */
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "client.h"

#include "backend/base/mem.h"
#include "backend/base/text.h"

static int
attempts(void)
{
    return sshd_logged(&server, "Failed publickey") +
           sshd_logged(&server, "Accepted publickey");
}

static void
refuses_an_unknown_host_key_before_login(void **state)
{
    struct client c;
    struct hf_link_spec spec = client_begin(&c, NULL);
    char *key = without_comment(server.hostkey);
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
    struct hf_link_spec spec = client_begin(&c, NULL);
    char *other = public_key(server.stranger),
         *key = without_comment(server.hostkey);
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

/* The host has no key of the type that is pinned. */
static void
expect_refusal(struct client *c, struct hf_link_spec *spec)
{
    int before = attempts();
    struct hf_result *r;

    spec->hostkey = server.rsa_hostkey;
    r = client_run(c, client_open(c, spec), "echo no");
    assert_outcome(r, HF_NET_HOSTKEY);
    assert_mentions(r->error.text, "ssh-rsa");
    assert_mentions(r->error.text, "ssh-ed25519");
    assert_int_equal(attempts(), before);
    hf_result_free(r);
    client_stop(c);
}

static void
refuses_a_host_that_shows_another_type_of_key(void **state)
{
    struct client c;
    struct hf_link_spec spec = client_begin(&c, NULL);

    (void)state;
    expect_refusal(&c, &spec);
}

/* A listener, or a connection to `port`, on loopback; never -1. */
static int
loopback(int port)
{
    struct sockaddr_in at = {.sin_family = AF_INET,
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
                             .sin_port = htons((uint16_t)port)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    assert_true(fd >= 0);
    assert_int_equal((port ? connect : bind)(fd, (void *)&at, sizeof(at)), 0);
    if (!port)
        assert_int_equal(listen(fd, 1), 0);
    return fd;
}

static int
port_of(int fd)
{
    struct sockaddr_in at;
    socklen_t len = sizeof(at);

    assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &len), 0);
    return ntohs(at.sin_port);
}

/* Passes one connection on. What the server says first, its banner and the
 * start of its key exchange, comes in one piece, as from a loaded machine. */
static void
relay(int listener, int port)
{
    char block[65536];
    size_t first = 0;
    int ends[2] = {accept(listener, NULL, NULL), loopback(port)};
    struct pollfd polls[2] = {{ends[0], POLLIN, 0}, {ends[1], POLLIN, 0}};
    ssize_t hello = read(ends[0], block, sizeof(block));

    if (hello <= 0 || write(ends[1], block, (size_t)hello) != hello)
        return;
    while (first < 512) {
        ssize_t n = read(ends[1], block + first, sizeof(block) - first);

        if (n <= 0)
            return;
        first += (size_t)n;
    }
    if (write(ends[0], block, first) != (ssize_t)first)
        return;
    while (poll(polls, 2, 10000) > 0) {
        for (int i = 0; i < 2; i++) {
            ssize_t n =
                polls[i].revents ? read(ends[i], block, sizeof(block)) : -1;

            if (n == 0 || (n > 0 && write(ends[!i], block, (size_t)n) != n))
                return;
        }
    }
}

/* A relay for one connection to that sshd, and the port it listens on. */
static pid_t
relay_start(int *port, const struct sshd *to)
{
    int listener = loopback(0);
    pid_t child = fork();

    if (child == 0) {
        (void)alarm(60);
        relay(listener, to->port);
        _exit(0);
    }
    assert_true(child > 0);
    *port = port_of(listener);
    (void)close(listener);
    return child;
}

static void
refuses_another_type_also_where_all_comes_at_once(void **state)
{
    struct client c;
    struct hf_link_spec spec = client_begin(&c, NULL);
    pid_t child = relay_start(&spec.port, &server);

    (void)state;
    expect_refusal(&c, &spec);
    assert_int_equal(waitpid(child, NULL, 0), child);
}

/* libssh says "Success" then. */
static void
a_reason_that_is_lost_is_not_called_success(void **state)
{
    const struct hf_transport_options options = {.agent_sock = "",
                                                 .kex = "ecdh-sha2-nistp256"};
    struct hf_link_spec spec;
    struct sshd strict;
    struct client c;
    struct hf_result *r;
    pid_t child;

    (void)state;
    client_begin(&c, &options); /* skips where there is no sshd */
    assert_int_equal(sshd_start(&strict, "KexAlgorithms curve25519-sha256"), 0);
    spec = client_spec(&strict);
    child = relay_start(&spec.port, &strict);
    r = client_run(&c, client_open(&c, &spec), "echo no");
    assert_outcome(r, HF_NET_FAILED);
    assert_mentions(r->error.text, "no algorithm in common?");
    hf_result_free(r);
    client_stop(&c);
    sshd_stop(&strict);
    assert_int_equal(waitpid(child, NULL, 0), child);
}

static void
scans_the_key_without_a_login(void **state)
{
    struct client c;
    struct hf_link_spec spec = client_begin(&c, NULL);
    char *key = without_comment(server.hostkey);
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
    struct hf_link_spec spec = client_begin(&c, NULL);
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

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refuses_an_unknown_host_key_before_login),
        cmocka_unit_test(refuses_a_changed_host_key_and_shows_both),
        cmocka_unit_test(refuses_a_host_that_shows_another_type_of_key),
        cmocka_unit_test(refuses_another_type_also_where_all_comes_at_once),
        cmocka_unit_test(a_reason_that_is_lost_is_not_called_success),
        cmocka_unit_test(scans_the_key_without_a_login),
        cmocka_unit_test(refuses_specs_that_are_not_plain),
    };

    return cmocka_run_group_tests(tests, server_start, server_stop);
}
