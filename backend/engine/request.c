/*
 * What is asked of a host: connections with the right login, scripts with
 * their values, files.
 */
#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"
#include "backend/base/sha256.h"
#include "backend/engine/flow.h"

/* One login for the whole action, so that one connection serves all steps;
 * reading actions never touch the acting key. */
static const struct hf_login *
login_for(const struct flow *f)
{
    return f->reattach || hf_action_changes(f->run->o.action)
               ? &f->pub.host->act
               : &f->pub.host->check;
}

static void
map_link(struct hf_run *r, uint32_t link, struct flow *f)
{
    size_t i, cap = r->links_cap;

    if (!r->by_link)
        r->link_base = link;
    i = link - r->link_base;
    if (!r->by_link || i >= cap) {
        cap = cap ? cap * 2 : 64;
        if (cap <= i)
            cap = i + 64;
        r->by_link = hf_xrealloc(r->by_link, cap, sizeof(*r->by_link));
        memset(r->by_link + r->links_cap, 0,
               (cap - r->links_cap) * sizeof(*r->by_link));
        r->links_cap = cap;
    }
    r->by_link[i] = f;
}

int
flow_connect(struct flow *f, struct hf_err *err)
{
    const struct hf_host *h = f->pub.host;
    const struct hf_login *login = login_for(f);
    struct hf_link_spec spec = {.name = h->name,
                                .address = h->address,
                                .port = h->port,
                                .user = login->user,
                                .identity = login->identity,
                                .hostkey = h->hostkey};
    int rc;

    if (f->linked)
        return HF_OK;
    if (f->run->o.dial) {
        f->run->o.dial(f->run->o.ctx, h, &spec);
    } else if (h->jump) {
        (void)hf_fail(err, HF_EUNSUPPORTED,
                      "'%s' is behind jump host '%s': this version connects "
                      "directly only",
                      h->name, h->jump);
        return hf_hint(err, "start hotfleet on that jump host");
    }
    if ((rc = hf_transport_open(f->run->o.transport, &f->link, &spec, err)) < 0)
        return rc;
    f->linked = 1;
    map_link(f->run, f->link, f);
    return HF_OK;
}

void
flow_disconnect(struct flow *f)
{
    if (!f->linked)
        return;
    if (f->asked)
        hf_transport_cancel(f->run->o.transport, f->link);
    hf_transport_close(f->run->o.transport, f->link);
    f->run->by_link[f->link - f->run->link_base] = NULL;
    f->linked = f->asked = 0;
}

static int
submit(struct flow *f, const char *command, struct hf_buf *input,
       struct hf_err *err)
{
    struct hf_request req = {.kind = HF_REQUEST_EXEC,
                             .command = command,
                             .limits = f->run->o.limits};
    int rc;

    if ((rc = flow_connect(f, err)) < 0) {
        hf_buf_release(input);
        return rc;
    }
    req.tag = ++f->tag;
    req.input = *input;
    f->asked = 1;
    hf_transport_submit(f->run->o.transport, f->link, &req);
    return HF_OK;
}

int
flow_ask(struct flow *f, enum hf_driver_script which,
         const struct hf_params *params, struct hf_err *err)
{
    const struct hf_dialect *d = f->driver->dialect;
    struct hf_buf input = {0};

    hf_random_hex(f->nonce, (HF_NONCE_LEN - 1) / 2);
    if (d->encode(&input, f->driver->scripts[which], params, f->nonce, err) <
        0) {
        hf_buf_release(&input);
        return hf_wrap(err, "'%s'", f->pub.host->name);
    }
    return submit(f, f->elevated ? d->command_elevated : d->command, &input,
                  err);
}

int
flow_upload(struct flow *f, const char *name, const void *data, size_t len,
            struct hf_err *err)
{
    const struct hf_dialect *d = f->driver->dialect;
    struct hf_buf input = {0};

    hf_random_hex(f->nonce, (HF_NONCE_LEN - 1) / 2);
    if (d->encode_upload(&input, name, data, len, f->nonce, err) < 0) {
        hf_buf_release(&input);
        return hf_wrap(err, "upload of '%s'", name);
    }
    return submit(f, f->elevated ? d->upload_elevated : d->upload, &input, err);
}
