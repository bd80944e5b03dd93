#include "client.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"
#include "backend/base/time.h"

struct sshd server;

int
server_start(void **state)
{
    (void)state;
    return sshd_start(&server, "") < 0 ? -1 : 0;
}

int
server_stop(void **state)
{
    (void)state;
    sshd_stop(&server);
    return 0;
}

static void
free_result(void *item)
{
    hf_result_free(item);
}

void
client_start(struct client *c, const struct hf_transport_options *o)
{
    static const struct hf_transport_options none = {.agent_sock = ""};
    struct hf_err err = HF_ERR_INIT;

    c->results = hf_queue_new(free_result);
    assert_non_null(c->results);
    if (hf_transport_new(&c->transport, o ? o : &none, c->results, &err) < 0)
        fail_msg("%s", err.text);
}

void
client_stop(struct client *c)
{
    hf_transport_free(c->transport);
    assert_null(hf_queue_pop(c->results));
    hf_queue_free(c->results);
}

struct hf_link_spec
client_spec(const struct sshd *s)
{
    return (struct hf_link_spec){
        .name = "web-1",
        .address = "127.0.0.1",
        .port = s->port,
        .user = s->user,
        .identity = s->id,
        .hostkey = s->hostkey,
    };
}

struct hf_link_spec
client_begin(struct client *c, const struct hf_transport_options *o)
{
    if (server.pid < 0)
        skip();
    client_start(c, o);
    return client_spec(&server);
}

uint32_t
client_open(struct client *c, const struct hf_link_spec *spec)
{
    struct hf_err err = HF_ERR_INIT;
    uint32_t link = 0;

    if (hf_transport_open(c->transport, &link, spec, &err) < 0)
        fail_msg("%s", err.text);
    return link;
}

struct hf_net_limits
client_limits(void)
{
    return (struct hf_net_limits){
        .resolve = 5000,
        .connect = 1000,
        .kex = 1500,
        .auth = 5000,
        .start = 5000,
        .idle = 10000,
        .total = 20000,
    };
}

void
client_submit(struct client *c, uint32_t link, const char *command,
              const void *input, size_t len, const struct hf_net_limits *limits)
{
    struct hf_request request = {
        .kind = HF_REQUEST_EXEC,
        .tag = link + 1000,
        .command = command,
        .limits = limits ? *limits : client_limits(),
    };

    if (limits == NULL)
        request.limits.kex = 10000; /* hundreds at once on a slow machine */
    hf_buf_add(&request.input, input, len);
    hf_transport_submit(c->transport, link, &request);
    assert_null(request.input.data);
}

struct hf_result *
client_wait(struct client *c)
{
    struct pollfd p = {.fd = hf_queue_fd(c->results), .events = POLLIN};
    int64_t until = hf_mono() + 30000;
    struct hf_result *r;

    while (!(r = hf_queue_pop(c->results))) {
        if (hf_mono() >= until)
            fail_msg("no result within 30 s");
        poll(&p, 1, 1000);
    }
    return r;
}

void
client_quiet(struct client *c, int ms)
{
    struct pollfd p = {.fd = hf_queue_fd(c->results), .events = POLLIN};

    assert_int_equal(poll(&p, 1, ms), 0);
}

struct hf_result *
client_run_within(struct client *c, uint32_t link, const char *command,
                  const struct hf_net_limits *limits)
{
    struct hf_result *r;

    client_submit(c, link, command, NULL, 0, limits);
    r = client_wait(c);
    assert_int_equal(r->link, link);
    assert_int_equal(r->tag, link + 1000);
    return r;
}

struct hf_result *
client_run(struct client *c, uint32_t link, const char *command)
{
    return client_run_within(c, link, command, NULL);
}

struct hf_result *
client_scan(struct client *c, uint32_t link)
{
    struct hf_request request = {
        .kind = HF_REQUEST_SCAN, .tag = 7, .limits = client_limits()};

    hf_transport_submit(c->transport, link, &request);
    return client_wait(c);
}

void
assert_outcome(const struct hf_result *r, enum hf_net_outcome outcome)
{
    if (r->outcome != outcome)
        fail_msg("outcome is %s, not %s: %s", hf_net_outcome_names[r->outcome],
                 hf_net_outcome_names[outcome], r->error.text);
    assert_int_equal(r->error.code == 0, outcome == HF_NET_DONE);
}

void
assert_says(const struct hf_result *r, const char *out)
{
    assert_outcome(r, HF_NET_DONE);
    assert_int_equal(r->exit_kind, HF_EXIT_STATUS);
    assert_int_equal(r->exit_status, 0);
    assert_string_equal(hf_buf_str(&r->out), out);
}

void
assert_mentions(const char *text, const char *part)
{
    if (!strstr(text, part))
        fail_msg("'%s' is not in '%s'", part, text);
}
