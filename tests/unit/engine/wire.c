/* See wire.h. */
#include "tests/unit/engine/wire.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/json.h"
#include "backend/base/time.h"
#include "backend/drivers/driver.h"
#include "backend/sim/ask.h"
#include "backend/sim/module.h"
#include "tests/support/scratch.h"

#define JOB_MS 5
#define PATIENCE_MS 30000

/* clang-format off */
const char *const wire_how_names[WIRE_HOW_COUNT + 1] = {
    "well", "unreachable", "hostkey", "denied", "lost before", "lost after",
    "timeout", "flood", "garbage", "half", "empty",
};

/* As the transport calls them; it is not linked. */
const char *const hf_net_outcome_names[HF_NET_COUNT + 1] = {
    "done", "unresolved", "unreachable", "hostkey", "denied", "failed",
    "lost", "timeout", "overflow", "cancelled", "bad-reply",
};

static const struct {
    enum hf_net_outcome net;
    int code;
    int executes;
} hows[WIRE_HOW_COUNT] = {
    [WIRE_WELL] = {HF_NET_DONE, HF_OK, 1},
    [WIRE_UNREACHABLE] = {HF_NET_UNREACHABLE, HF_EUNREACHABLE, 0},
    [WIRE_HOSTKEY] = {HF_NET_HOSTKEY, HF_EREFUSED, 0},
    [WIRE_DENIED] = {HF_NET_DENIED, HF_EREFUSED, 0},
    [WIRE_LOST_BEFORE] = {HF_NET_LOST, HF_ELOST, 0},
    [WIRE_LOST_AFTER] = {HF_NET_LOST, HF_ELOST, 1},
    [WIRE_TIMEOUT] = {HF_NET_TIMEOUT, HF_ETIMEOUT, 1},
    [WIRE_FLOOD] = {HF_NET_OVERFLOW, HF_ELIMIT, 0},
    [WIRE_GARBAGE] = {HF_NET_DONE, HF_OK, 1},
    [WIRE_HALF] = {HF_NET_DONE, HF_OK, 1},
    [WIRE_EMPTY] = {HF_NET_DONE, HF_OK, 1},
};
/* clang-format on */

/* ---- the transport ---- */

struct link {
    struct wire_host *host;
    char *user;
    int open;
};

struct hf_transport {
    struct wire *wire;
    struct link *links;
    size_t len, cap;
    struct hf_queue *under_way; /* results */
};

void
hf_result_free(struct hf_result *r)
{
    if (!r)
        return;
    hf_buf_release(&r->out);
    hf_buf_release(&r->err);
    free(r->login_key);
    free(r);
}

int
hf_transport_open(struct hf_transport *t, uint32_t *link,
                  const struct hf_link_spec *spec, struct hf_err *err)
{
    struct link *l = HF_PUSH(&t->links, &t->len, &t->cap);

    (void)err;
    for (size_t i = 0; i < t->wire->n; i++) {
        if (strcmp(t->wire->hosts[i].node.name, spec->name) == 0)
            l->host = &t->wire->hosts[i];
    }
    l->user = hf_xstrdup(spec->user);
    l->open = 1;
    *link = (uint32_t)t->len - 1;
    return HF_OK;
}

/* HF_DRIVER_SCRIPT_COUNT: an upload. */
static enum hf_driver_script
script_of(const struct hf_request *req)
{
    const struct hf_dialect *d = &hf_dialect_sh;
    enum hf_driver_script script;
    struct hf_sim_ask ask;

    if (strcmp(req->command, d->upload) == 0 ||
        strcmp(req->command, d->upload_elevated) == 0)
        return HF_DRIVER_SCRIPT_COUNT;
    assert_int_equal(
        hf_sim_ask_sh(&ask, hf_buf_str(&req->input), req->input.len), 0);
    script = ask.script;
    hf_sim_ask_release(&ask);
    return script;
}

static void
count_request(struct wire *w, struct wire_host *h, const struct hf_request *req)
{
    const struct hf_dialect *d = &hf_dialect_sh;
    enum hf_driver_script script = script_of(req);

    h->requests++;
    h->elevated |= strcmp(req->command, d->command_elevated) == 0 ||
                   strcmp(req->command, d->upload_elevated) == 0;
    h->asked[script]++;
    if (w->on_request)
        w->on_request(w, script);
}

static void
execute(struct wire_host *h, const char *user, const struct hf_request *req,
        struct hf_result *res)
{
    struct hf_sim_request request = {.user = user,
                                     .command = req->command,
                                     .input = hf_buf_str(&req->input),
                                     .input_len = req->input.len};
    struct hf_sim_answer answer = {0};

    hf_sim_node_answer(&h->node, &answer, &request, hf_mono());
    if (strstr(hf_buf_str(&answer.out), "job.started=now"))
        h->jobs_begun++;
    res->out = answer.out;
    res->err = answer.err;
    res->exit_kind = HF_EXIT_STATUS;
    res->exit_status = answer.status;
    if (answer.cut)
        res->outcome = HF_NET_LOST;
}

static void
spoil(struct hf_result *res, enum wire_how how)
{
    static const char garbage[] = "<html>\033]0;owned\007</html>\n";

    if (how == WIRE_HALF) {
        res->out.len /= 2;
        res->out.data[res->out.len] = '\0';
    } else if (how == WIRE_GARBAGE) {
        hf_buf_clear(&res->out);
        hf_buf_puts(&res->out, garbage);
    } else if (how != WIRE_WELL) {
        hf_buf_clear(&res->out);
    }
    if (how == WIRE_EMPTY) {
        res->exit_kind = HF_EXIT_SIGNAL;
        memcpy(res->exit_signal, "KILL", 5);
    }
}

static enum wire_how
how_of(const struct wire_host *h)
{
    const struct wire_fault *f = &h->fault;

    return h->requests >= f->first && h->requests < f->first + f->count
               ? f->how
               : WIRE_WELL;
}

void
hf_transport_submit(struct hf_transport *t, uint32_t link,
                    struct hf_request *req)
{
    struct link *l = &t->links[link];
    struct wire_host *h = l->host;
    struct hf_result *res = HF_NEW(struct hf_result);
    enum wire_how how;

    assert_true(l->open);
    h->last_user = l->user;
    count_request(t->wire, h, req);
    how = how_of(h);
    res->link = link;
    res->tag = req->tag;
    res->outcome = hows[how].net;
    if (hf_sim_node_door(&h->node, hf_mono()) != HF_SIM_DOOR_OPEN) {
        how = WIRE_UNREACHABLE;
        res->outcome = HF_NET_UNREACHABLE;
    }
    if (hows[how].executes)
        execute(h, l->user, req, res);
    spoil(res, how);
    if (res->outcome != HF_NET_DONE)
        (void)hf_fail(&res->error, hows[how].code ? hows[how].code : HF_ELOST,
                      "wire: %s", wire_how_names[how]);
    hf_buf_release(&req->input);
    hf_queue_push(t->under_way, res);
}

void
hf_transport_cancel(struct hf_transport *t, uint32_t link)
{
    assert_true(t->links[link].open); /* its result is under way already */
}

void
hf_transport_close(struct hf_transport *t, uint32_t link)
{
    assert_true(t->links[link].open);
    t->links[link].open = 0;
}

static void
close_wire(struct hf_transport *t)
{
    for (size_t i = 0; i < t->len; i++) {
        assert_false(t->links[i].open);
        free(t->links[i].user);
    }
    hf_queue_free(t->under_way);
    free(t->links);
    free(t);
}

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
    w->transport = HF_NEW(struct hf_transport);
    w->transport->wire = w;
    w->transport->under_way = hf_queue_new((void (*)(void *))hf_result_free);
    w->results = hf_queue_new((void (*)(void *))hf_result_free);
    w->acks = hf_queue_new(free);
    if (hf_journal_open(&w->journal, w->dir, w->acks, &w->err) < 0)
        fail_msg("%s", w->err.text);
}

void
wire_stop(struct wire *w)
{
    hf_journal_close(w->journal);
    close_wire(w->transport);
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
    struct pollfd fds[] = {
        {.fd = hf_queue_fd(w->transport->under_way), .events = POLLIN},
        {.fd = hf_queue_fd(w->acks), .events = POLLIN},
    };
    void *result = hf_queue_pop(w->transport->under_way);
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
