/* The fleet, and runs over it. See wire.h. */
#include "tests/unit/engine/wire.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/json.h"
#include "backend/base/time.h"
#include "backend/sim/module.h"
#include "tests/support/scratch.h"

#define JOB_MS 5
#define PATIENCE_MS 30000

/* ---- the fleet ---- */

static const char *const no_words[] = {NULL};

static void
make_release(struct hf_release *to, const struct hf_sim_kernel *k,
             const struct hf_sim_patch_row *row, int64_t released)
{
    struct hf_buf module = {0};
    char sha256[HF_SHA256_HEX];

    hf_sim_module(&module, row->name, row->version, k->release);
    hf_sha256_hex(sha256, module.data, module.len);
    hf_buf_release(&module);
    *to = (struct hf_release){.product = "linux",
                              .kernel = k->release,
                              .patch = row->name,
                              .version = row->version,
                              .sha256 = hf_xstrdup(sha256),
                              .replaces = row->replaces,
                              .cves = row->cves,
                              .supersedes = no_words,
                              .released = released};
}

static void
make_catalogue(struct wire *w)
{
    const struct hf_sim_kernel *k = &hf_sim_kernels[0];

    for (size_t i = 0; i < HF_SIM_PATCHES && k->patches[i].name; i++)
        make_release(&w->releases[w->catalogue.releases_len++], k,
                     &k->patches[i], (int64_t)(i + 1) * 1000);
    w->product =
        (struct hf_product){.id = "linux", .complete_until = "2099-12"};
    w->catalogue.releases = w->releases;
    w->catalogue.products = &w->product;
    w->catalogue.products_len = 1;
}

static int
payload(void *ctx, const char *sha256, struct hf_buf *out, struct hf_err *err)
{
    const struct wire *w = ctx;
    const struct hf_sim_kernel *k = &hf_sim_kernels[0];

    for (size_t i = 0; i < w->catalogue.releases_len; i++) {
        if (strcmp(w->releases[i].sha256, sha256) != 0)
            continue;
        hf_sim_module(out, k->patches[i].name, k->patches[i].version,
                      k->release);
        return HF_OK;
    }
    return hf_fail(err, HF_ENOTFOUND, "no module %s", sha256);
}

static void
make_host(struct wire *w, size_t i, enum hf_sim_fault fault)
{
    struct hf_sim_host sim = {.fault = fault, .behind = 1};
    struct hf_host *h = &w->specs[i];

    (void)snprintf(sim.name, sizeof(sim.name), "h%zu", i + 1);
    hf_sim_node_init(&w->hosts[i].node, &sim, 0, JOB_MS, hf_mono());
    *h = (struct hf_host){.name = w->hosts[i].node.name,
                          .address = "127.20.0.1",
                          .port = 22,
                          .check = {.user = "look"},
                          .act = {.user = "ops"},
                          .hostkey = "ssh-ed25519 AAAA",
                          .platform = "auto",
                          .ring = "canary",
                          .tags = no_words};
}

void
wire_start(struct wire *w, size_t n, enum hf_sim_fault fault)
{
    *w = (struct wire){.n = n};
    w->dir = scratch_new();
    w->hosts = hf_xcalloc(n, sizeof(*w->hosts));
    w->specs = hf_xcalloc(n, sizeof(*w->specs));
    for (size_t i = 0; i < n; i++)
        make_host(w, i, fault);
    make_catalogue(w);
    w->fleet = (struct hf_fleet){.name = "wire",
                                 .hosts = w->specs,
                                 .hosts_len = n,
                                 .catalogue = &w->catalogue,
                                 .stale_after = 86400000,
                                 .parallel = 10,
                                 .ledger_branch = "ledger"};
    w->transport = wire_transport_new(w);
    w->results = hf_queue_new((void (*)(void *))hf_result_free);
    w->acks = hf_queue_new(free);
    if (hf_journal_open(&w->journal, w->dir, w->acks, &w->err) < 0)
        fail_msg("%s", w->err.text);
}

void
wire_stop(struct wire *w)
{
    hf_journal_close(w->journal);
    wire_transport_free(w->transport);
    hf_queue_free(w->results);
    hf_queue_free(w->acks);
    for (size_t i = 0; i < w->events_len; i++)
        hf_event_release(&w->events[i]);
    free(w->events);
    for (size_t i = 0; i < w->n; i++)
        hf_sim_node_release(&w->hosts[i].node);
    for (size_t i = 0; i < w->catalogue.releases_len; i++)
        free((char *)w->releases[i].sha256);
    free(w->hosts);
    free(w->specs);
    scratch_free(w->dir);
}

/* ---- runs ---- */

static void
keep_event(void *ctx, const struct hf_event *e)
{
    struct wire *w = ctx;
    struct hf_event *to = HF_PUSH(&w->events, &w->events_len, &w->events_cap);

    *to = *e;
    to->data = cJSON_Duplicate(e->data, 1);
}

static const struct hf_state *
recorded(void *ctx, const struct hf_host *h)
{
    const struct wire *w = ctx;

    return w->recorded ? &w->recorded[h - w->fleet.hosts] : NULL;
}

void
wire_options(struct wire *w, struct hf_run_options *o, enum hf_action action)
{
    *o = (struct hf_run_options){
        .action = action,
        .fleet = &w->fleet,
        .transport = w->transport,
        .results = w->results,
        .journal = w->journal,
        .acks = w->acks,
        .run = WIRE_RUN,
        .operator_ = "ann",
        .change = "CHG1",
        .reason = "test",
        .inventory = "0123456789012345678901234567890123456789",
        .parallel = 10,
        .recorded = recorded,
        .payload = payload,
        .on_event = keep_event,
        .ctx = w,
        .times = {.host = 5000,
                  .reach = 100,
                  .pause = 1,
                  .poll = 1,
                  .restart = 500,
                  .linger = 60,
                  .recover = 60,
                  .settle = 1},
    };
}

struct hf_run *
wire_run(struct wire *w, const struct hf_run_options *o)
{
    const struct hf_host **hosts = hf_xcalloc(w->n, sizeof(*hosts));
    struct hf_run *r;

    for (size_t i = 0; i < w->n; i++)
        hosts[i] = &w->specs[i];
    if (hf_run_new(&r, o, hosts, w->n, &w->err) < 0)
        fail_msg("%s", w->err.text);
    free(hosts);
    return r;
}

int
wire_pump(struct wire *w, struct hf_run *r)
{
    struct hf_queue *under_way = wire_transport_under_way(w->transport);
    struct pollfd fds[] = {
        {.fd = hf_queue_fd(under_way), .events = POLLIN},
        {.fd = hf_queue_fd(w->acks), .events = POLLIN},
    };
    void *result = hf_queue_pop(under_way);
    int64_t due;

    if (result)
        hf_queue_push(w->results, result);
    due = hf_run_pump(r);
    if (due == HF_RUN_OVER)
        return 0;
    (void)poll(fds, 2, due < 0 ? 1000 : (int)due);
    return 1;
}

static void
be_patient(int64_t began)
{
    if (hf_mono() - began > PATIENCE_MS)
        fail_msg("the run does not end");
}

void
wire_finish(struct wire *w, struct hf_run *r)
{
    int64_t began = hf_mono();

    while (wire_pump(w, r))
        be_patient(began);
}

int
wire_until(struct wire *w, struct hf_run *r, enum hf_event_kind kind)
{
    size_t before = wire_count(w, kind);
    int64_t began = hf_mono();

    while (wire_count(w, kind) == before) {
        if (!wire_pump(w, r))
            return 0;
        be_patient(began);
    }
    return 1;
}

int
wire_kill(struct wire *w, const char *id, enum hf_action action,
          unsigned requests)
{
    struct hf_run_options o;
    struct hf_run *r;
    unsigned before = w->hosts[0].requests;
    int64_t began = hf_mono();
    int goes = 1;

    wire_options(w, &o, action);
    o.run = id;
    r = wire_run(w, &o);
    while (w->hosts[0].requests - before < requests && (goes = wire_pump(w, r)))
        be_patient(began);
    if (goes)
        hf_run_abandon(r);
    wire_finish(w, r);
    hf_run_free(r);
    return goes;
}

enum hf_outcome
wire_act(struct wire *w, enum hf_action action)
{
    struct hf_run_options o;
    struct hf_run *r;
    enum hf_outcome outcome;

    wire_options(w, &o, action);
    r = wire_run(w, &o);
    wire_finish(w, r);
    assert_int_equal(hf_run_host(r, 0)->phase, HF_PHASE_DONE);
    outcome = hf_run_host(r, 0)->outcome;
    hf_run_free(r);
    return outcome;
}

const struct hf_event *
wire_event(const struct wire *w, enum hf_event_kind kind)
{
    for (size_t i = w->events_len; i-- > 0;) {
        if (w->events[i].kind == kind)
            return &w->events[i];
    }
    return NULL;
}

size_t
wire_count(const struct wire *w, enum hf_event_kind kind)
{
    size_t n = 0;

    for (size_t i = 0; i < w->events_len; i++)
        n += w->events[i].kind == kind;
    return n;
}

int
wire_is_patched(const struct wire_host *h)
{
    const struct hf_sim_patch *p =
        hf_sim_node_patch((struct hf_sim_node *)&h->node,
                          hf_sim_kernel_newest(h->node.kernel)->name);

    return p && hf_sim_patch_in_effect(p);
}
