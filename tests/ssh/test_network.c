/* Hosts that do not answer, answer too slowly, or hang up. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "client.h"

#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "backend/base/time.h"

static int
listener(int backlog, int *port)
{
    struct sockaddr_in at = {.sin_family = AF_INET,
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof(at);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    assert_int_equal(bind(fd, (struct sockaddr *)&at, len), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &len), 0);
    if (backlog >= 0)
        assert_int_equal(listen(fd, backlog), 0);
    *port = ntohs(at.sin_port);
    return fd;
}

static int
dial(int port, int flags)
{
    struct sockaddr_in at = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)port),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | flags, 0);

    (void)connect(fd, (struct sockaddr *)&at, sizeof(at));
    return fd;
}

/* ---- hosts made of one thread ---- */

struct host {
    int fd, port;
    pthread_t thread;
    void (*serve)(struct host *h, int client);
    const char *text;    /* for serve */
    atomic_int up, down; /* bytes to pass on before the cut, -1: no cut */
};

static void *
host_thread(void *arg)
{
    struct host *h = arg;
    int client;

    while ((client = accept4(h->fd, NULL, NULL, SOCK_CLOEXEC)) >= 0) {
        h->serve(h, client);
        close(client);
    }
    return NULL;
}

static void
host_start(struct host *h, void (*serve)(struct host *, int), const char *text)
{
    *h = (struct host){.serve = serve, .text = text, .up = -1, .down = -1};
    h->fd = listener(16, &h->port);
    assert_int_equal(pthread_create(&h->thread, NULL, host_thread, h), 0);
}

static void
host_stop(struct host *h)
{
    shutdown(h->fd, SHUT_RDWR); /* ends accept */
    pthread_join(h->thread, NULL);
    close(h->fd);
}

/* Says the text and waits for the other side to hang up. */
static void
say_and_wait(struct host *h, int client)
{
    char rest[256];

    (void)send(client, h->text, strlen(h->text), MSG_NOSIGNAL);
    while (recv(client, rest, sizeof(rest), 0) > 0)
        ;
}

static void
say_and_leave(struct host *h, int client)
{
    (void)send(client, h->text, strlen(h->text), MSG_NOSIGNAL);
}

/* One byte of the text every 100 ms. */
static void
drip(struct host *h, int client)
{
    struct pollfd p = {.fd = client, .events = POLLRDHUP};

    for (const char *c = h->text; *c; c++) {
        if (send(client, c, 1, MSG_NOSIGNAL) != 1 || poll(&p, 1, 100) > 0)
            return;
    }
}

/* Passes bytes between client and sshd until h->up or h->down are used up. */
static void
proxy(struct host *h, int client)
{
    int far = dial(server.port, 0), left[2] = {h->up, h->down};
    struct pollfd p[2] = {{.fd = client, .events = POLLIN},
                          {.fd = far, .events = POLLIN}};
    char bytes[4096];

    while (left[0] != 0 && left[1] != 0 && poll(p, 2, -1) > 0) {
        for (int i = 0; i < 2; i++) {
            size_t max = sizeof(bytes);
            ssize_t n;

            if (!p[i].revents || left[i] == 0)
                continue;
            if (left[i] > 0 && (size_t)left[i] < max)
                max = (size_t)left[i];
            if ((n = recv(p[i].fd, bytes, max, 0)) <= 0)
                goto out;
            (void)send(p[!i].fd, bytes, (size_t)n, MSG_NOSIGNAL);
            left[i] -= left[i] > 0 ? (int)n : 0;
        }
    }
out:
    close(far);
}

/* Runs a command on the host, which serves one connection after the other, and
 * returns the result. */
static struct hf_result *
ask(struct client *c, const struct host *h)
{
    struct hf_net_limits limits = client_limits();
    struct hf_link_spec spec = client_spec(&server);
    struct hf_result *r;
    uint32_t link;

    spec.port = h->port;
    link = client_open(c, &spec);
    r = client_run_within(c, link, "echo x", &limits);
    hf_transport_close(c->transport, link);
    return r;
}

/* ---- tests ---- */

static void
reports_a_refused_port(void **state)
{
    struct client c;
    struct hf_link_spec spec = client_begin(&c, NULL);
    int fd = listener(-1, &spec.port); /* bound, not listening */
    struct hf_result *r;

    (void)state;
    r = client_run(&c, client_open(&c, &spec), "echo x");
    assert_outcome(r, HF_NET_UNREACHABLE);
    assert_mentions(r->error.text, "refuses connections");
    hf_result_free(r);
    close(fd);
    client_stop(&c);
}

static void
goes_on_after_addresses_that_fail_at_once(void **state)
{
    const struct hf_transport_options options = {.workers = 1,
                                                 .agent_sock = ""};
    struct hf_link_spec spec, broadcast;
    struct client c;
    struct hf_result *r;
    int unreachable = 0;

    (void)state;
    spec = broadcast = client_begin(&c, &options);
    broadcast.address = "255.255.255.255"; /* connect refuses it itself */
    for (int i = 0; i < 20; i++)
        client_submit(&c, client_open(&c, i % 2 ? &spec : &broadcast), "echo x",
                      NULL, 0, NULL);
    for (int i = 0; i < 20; i++) {
        r = client_wait(&c);
        unreachable += r->outcome == HF_NET_UNREACHABLE;
        if (r->outcome != HF_NET_UNREACHABLE)
            assert_says(r, "x\n");
        hf_result_free(r);
    }
    assert_int_equal(unreachable, 10);
    client_stop(&c);
}

static void
reports_a_black_hole_at_its_deadline(void **state)
{
    struct client c;
    struct hf_link_spec spec = client_begin(&c, NULL);
    int fd = listener(0, &spec.port), fill[4];
    struct hf_net_limits limits = client_limits();
    struct hf_result *r;
    int64_t before;

    (void)state;
    for (size_t i = 0; i < HF_COUNT(fill); i++) /* the backlog is full */
        fill[i] = dial(spec.port, SOCK_NONBLOCK);
    limits.connect = 500;
    before = hf_mono();
    r = client_run_within(&c, client_open(&c, &spec), "echo x", &limits);
    assert_outcome(r, HF_NET_UNREACHABLE);
    assert_mentions(r->error.text, "no answer");
    assert_in_range(hf_mono() - before, 450, 5000);
    hf_result_free(r);
    for (size_t i = 0; i < HF_COUNT(fill); i++)
        close(fill[i]);
    close(fd);
    client_stop(&c);
}

static void
reports_a_port_that_never_says_a_word(void **state)
{
    struct client c;
    struct hf_link_spec spec = client_begin(&c, NULL);
    int fd = listener(16, &spec.port); /* the kernel accepts, nobody else */
    struct hf_net_limits limits = client_limits();
    struct hf_result *r;

    (void)state;
    limits.kex = 400;
    r = client_run_within(&c, client_open(&c, &spec), "echo x", &limits);
    assert_outcome(r, HF_NET_UNREACHABLE);
    assert_mentions(r->error.text, "no SSH banner");
    hf_result_free(r);
    close(fd);
    client_stop(&c);
}

static void
bounds_a_banner_that_drips(void **state)
{
    struct host h;
    struct client c;
    struct hf_result *r;
    int64_t before;

    (void)state;
    client_begin(&c, NULL);
    host_start(&h, drip, "SSH-2.0-this_takes_a_very_long_time_to_say\r\n");
    before = hf_mono();
    r = ask(&c, &h);
    assert_outcome(r, HF_NET_UNREACHABLE);
    assert_in_range(hf_mono() - before, 1400, 4000);
    assert_null(r->banner);
    hf_result_free(r);
    client_stop(&c);
    host_stop(&h);
}

static void
tells_a_stalled_key_exchange_from_a_missing_banner(void **state)
{
    struct host h;
    struct client c;
    struct hf_result *r;

    (void)state;
    client_begin(&c, NULL);
    host_start(&h, say_and_wait, "SSH-2.0-stall\r\n");
    r = ask(&c, &h);
    assert_outcome(r, HF_NET_FAILED);
    assert_mentions(r->error.text, "key exchange");
    hf_result_free(r);
    client_stop(&c);
    host_stop(&h);
}

static void
sanitises_what_hosts_say(void **state)
{
    static const char *const texts[] = {
        "\x1b]0;owned\x07\x1b[31mHTTP/1.1 400 Bad\r\n\r\n",
        "SSH-1.5-\x1b[2J\xe2\x80\xaegnp.exe\r\n",
        "SSH-2.0-\x1b[31m\2335m\r\n\x01\x02\x03 garbage \x1b[0m",
        "\r\n\r\n\0",
    };

    (void)state;
    for (size_t i = 0; i < HF_COUNT(texts); i++) {
        struct host h;
        struct client c;
        struct hf_result *r;

        client_begin(&c, NULL);
        host_start(&h, say_and_leave, texts[i]);
        r = ask(&c, &h);
        assert_true(r->outcome == HF_NET_UNREACHABLE ||
                    r->outcome == HF_NET_FAILED);
        for (const char *p = r->error.text; *p; p++)
            assert_true(*p >= ' ' && *p < 0x7f);
        for (const char *p = r->banner ? r->banner : ""; *p; p++)
            assert_true(*p >= ' ' && *p < 0x7f);
        hf_result_free(r);
        client_stop(&c);
        host_stop(&h);
    }
}

static void
looks_up_names_and_tries_every_address(void **state)
{
    struct client c;
    struct hf_link_spec spec = client_begin(&c, NULL);
    struct hf_result *r;

    (void)state;
    spec.address = "localhost"; /* ::1 refuses, 127.0.0.1 answers */
    r = client_run(&c, client_open(&c, &spec), "echo x");
    assert_says(r, "x\n");
    hf_result_free(r);
    client_stop(&c);
}

static void
reports_a_name_that_does_not_resolve(void **state)
{
    struct client c;
    struct hf_link_spec spec = client_begin(&c, NULL);
    struct hf_net_limits limits = client_limits();
    struct hf_result *r;

    (void)state;
    spec.address = "no-such-host.invalid";
    r = client_run_within(&c, client_open(&c, &spec), "echo x", &limits);
    assert_outcome(r, HF_NET_UNRESOLVED);
    hf_result_free(r);
    /* a lookup may take longer than we wait: its answer is not missed */
    limits.resolve = 1;
    r = client_run_within(&c, client_open(&c, &spec), "echo x", &limits);
    assert_outcome(r, HF_NET_UNRESOLVED);
    hf_result_free(r);
    client_stop(&c);
}

static void
does_not_hold_up_others_behind_silent_hosts(void **state)
{
    const struct hf_transport_options options = {
        .workers = 1, .ramp = 4, .agent_sock = ""};
    struct hf_link_spec spec, silent;
    struct hf_net_limits limits = client_limits();
    struct hf_result *r;
    struct client c;
    int fd;

    (void)state;
    spec = silent = client_begin(&c, &options);
    fd = listener(64, &silent.port);
    limits.kex = 4000;
    for (int i = 0; i < 8; i++) /* twice the ramp */
        client_submit(&c, client_open(&c, &silent), "x", NULL, 0, &limits);
    r = client_run(&c, client_open(&c, &spec), "echo first");
    assert_says(r, "first\n"); /* before any of them has timed out */
    hf_result_free(r);
    for (int i = 0; i < 8; i++) {
        r = client_wait(&c);
        assert_outcome(r, HF_NET_UNREACHABLE);
        hf_result_free(r);
    }
    close(fd);
    client_stop(&c);
}

/* What may come of a connection that is cut somewhere. */
static void
check_cut(const struct hf_result *r, const char *where, int bytes)
{
    switch (r->outcome) {
    case HF_NET_DONE:
        assert_int_equal(r->exit_kind, HF_EXIT_STATUS);
        assert_string_equal(hf_buf_str(&r->out), "x\n");
        break;
    case HF_NET_UNREACHABLE:
    case HF_NET_FAILED:
    case HF_NET_LOST:
        assert_int_not_equal(r->error.code, 0);
        break;
    default:
        fail_msg("cut after %d bytes %s: %s: %s", bytes, where,
                 hf_net_outcome_names[r->outcome], r->error.text);
    }
}

/* Every place from the first byte to the last: one result each, at once, and
 * none claims more than it knows. */
static void
survives_a_cut_at_any_byte(void **state)
{
    struct host h;
    struct client c;
    struct hf_result *r;
    int done = 0, outcomes[HF_NET_COUNT] = {0};
    int64_t before;

    (void)state;
    client_begin(&c, NULL);
    host_start(&h, proxy, NULL);
    for (int up = 1; !done && up < 8000; up += 97) {
        h.up = up;
        before = hf_mono();
        r = ask(&c, &h);
        assert_true(hf_mono() - before < 1400); /* no deadline was needed */
        check_cut(r, "sent", up);
        outcomes[r->outcome]++;
        done = r->outcome == HF_NET_DONE;
        hf_result_free(r);
    }
    assert_true(done);
    h.up = -1;
    done = 0;
    for (int down = 1; !done && down < 8000; down += 97) {
        h.down = down;
        before = hf_mono();
        r = ask(&c, &h);
        assert_true(hf_mono() - before < 1400);
        check_cut(r, "received", down);
        outcomes[r->outcome]++;
        done = r->outcome == HF_NET_DONE;
        hf_result_free(r);
    }
    assert_true(done);
    assert_true(outcomes[HF_NET_UNREACHABLE] > 0);
    assert_true(outcomes[HF_NET_FAILED] > 0);
    assert_true(outcomes[HF_NET_LOST] > 0);
    client_stop(&c);
    host_stop(&h);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reports_a_refused_port),
        cmocka_unit_test(goes_on_after_addresses_that_fail_at_once),
        cmocka_unit_test(reports_a_black_hole_at_its_deadline),
        cmocka_unit_test(reports_a_port_that_never_says_a_word),
        cmocka_unit_test(bounds_a_banner_that_drips),
        cmocka_unit_test(tells_a_stalled_key_exchange_from_a_missing_banner),
        cmocka_unit_test(sanitises_what_hosts_say),
        cmocka_unit_test(looks_up_names_and_tries_every_address),
        cmocka_unit_test(reports_a_name_that_does_not_resolve),
        cmocka_unit_test(does_not_hold_up_others_behind_silent_hosts),
        cmocka_unit_test(survives_a_cut_at_any_byte),
    };

    return cmocka_run_group_tests(tests, server_start, server_stop);
}
