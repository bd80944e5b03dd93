/* Host keys: fetching what hosts show, without logging in. */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>

#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "playbooks/session_priv.h"

#define TICK_MS 100

void
hf_scanned_free(struct hf_scanned *v, size_t n)
{
    for (size_t i = 0; v && i < n; i++) {
        free(v[i].key);
        free(v[i].fingerprint);
    }
    free(v);
}

static void
ask_key(struct hf_transport *t, struct hf_scanned *to, size_t i)
{
    const struct hf_host *h = to->host;
    struct hf_link_spec spec = {.name = h->name,
                                .address = h->address,
                                .port = h->port,
                                .user = h->check.user ? h->check.user : "-"};
    struct hf_request req = {.kind = HF_REQUEST_SCAN, .tag = i};
    struct hf_err err = HF_ERR_INIT;
    uint32_t link;

    if (hf_transport_open(t, &link, &spec, &err) < 0) {
        to->outcome = HF_NET_FAILED;
        hf_say(to->why, sizeof(to->why), "%s", err.text);
        return;
    }
    to->outcome = HF_NET_COUNT; /* under way */
    hf_transport_submit(t, link, &req);
    hf_transport_close(t, link);
}

static size_t
take_keys(struct hf_queue *results, struct hf_scanned *v)
{
    struct hf_result *r;
    size_t n = 0;

    while ((r = hf_queue_pop(results))) {
        struct hf_scanned *to = &v[r->tag];

        to->outcome = r->outcome;
        to->key = r->hostkey;
        to->fingerprint = r->fingerprint;
        r->hostkey = r->fingerprint = NULL;
        hf_say(to->why, sizeof(to->why), "%s", r->error.text);
        hf_result_free(r);
        n++;
    }
    return n;
}

static size_t
count_open(const struct hf_scanned *v, size_t n)
{
    size_t open = 0;

    for (size_t i = 0; i < n; i++)
        open += v[i].outcome == HF_NET_COUNT;
    return open;
}

int
hf_session_scan(struct hf_session *s, const char *const *hosts, size_t n,
                struct hf_scanned **out, void (*tick)(void *, size_t done),
                void *ctx, struct hf_err *err)
{
    struct hf_transport_options o = {0};
    struct hf_queue *results = hf_queue_new((void (*)(void *))hf_result_free);
    struct hf_transport *t = NULL;
    struct hf_scanned *v = hf_xcalloc(n + 1, sizeof(*v));
    size_t open;
    int rc;

    *out = NULL;
    if ((rc = hf_transport_new(&t, &o, results, err)) < 0)
        goto out;
    for (size_t i = 0; i < n; i++) {
        v[i].host = hf_fleet_find(s->fleet, hosts[i]);
        if (!v[i].host) {
            rc = hf_fail(err, HF_ENOTFOUND, "no host '%s'", hosts[i]);
            goto out;
        }
        ask_key(t, &v[i], i);
    }
    for (open = count_open(v, n); open; open -= take_keys(results, v)) {
        struct pollfd fd = {.fd = hf_queue_fd(results), .events = POLLIN};

        (void)poll(&fd, 1, TICK_MS);
        if (tick)
            tick(ctx, n - open);
    }
    *out = v;
    v = NULL;
    rc = HF_OK;
out:
    hf_transport_free(t);
    hf_queue_free(results);
    hf_scanned_free(v, n);
    return rc;
}
