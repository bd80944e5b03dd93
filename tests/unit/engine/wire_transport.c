/* The transport's functions, answered by simulated hosts. See wire.h. */
#include <stdlib.h>
#include <string.h>

#include "backend/base/json.h"
#include "backend/base/time.h"
#include "backend/sim/ask.h"
#include "tests/unit/engine/wire.h"

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
        int64_t now, struct hf_result *res)
{
    struct hf_sim_request request = {.user = user,
                                     .command = req->command,
                                     .input = hf_buf_str(&req->input),
                                     .input_len = req->input.len};
    struct hf_sim_answer answer = {0};

    hf_sim_node_answer(&h->node, &answer, &request, now);
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

    if (how == WIRE_HALF && res->out.len) {
        res->out.len /= 2;
        res->out.data[res->out.len] = '\0';
    } else if (how == WIRE_GARBAGE) {
        hf_buf_clear(&res->out);
        hf_buf_puts(&res->out, garbage);
    } else if (how != WIRE_WELL && how != WIRE_HALF) {
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
    int64_t now = hf_mono(); /* the host does not restart in between */
    enum wire_how how;

    assert_true(l->open);
    h->last_user = l->user;
    count_request(t->wire, h, req);
    how = how_of(h);
    res->link = link;
    res->tag = req->tag;
    res->outcome = hows[how].net;
    if (hf_sim_node_door(&h->node, now) != HF_SIM_DOOR_OPEN) {
        how = WIRE_UNREACHABLE;
        res->outcome = HF_NET_UNREACHABLE;
    }
    if (hows[how].executes)
        execute(h, l->user, req, now, res);
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

struct hf_transport *
wire_transport_new(struct wire *w)
{
    struct hf_transport *t = HF_NEW(struct hf_transport);

    t->wire = w;
    t->under_way = hf_queue_new((void (*)(void *))hf_result_free);
    return t;
}

struct hf_queue *
wire_transport_under_way(struct hf_transport *t)
{
    return t->under_way;
}

void
wire_transport_free(struct hf_transport *t)
{
    for (size_t i = 0; i < t->len; i++) {
        assert_false(t->links[i].open);
        free(t->links[i].user);
    }
    hf_queue_free(t->under_way);
    free(t->links);
    free(t);
}
