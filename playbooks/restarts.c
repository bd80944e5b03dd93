/* Claims on the restart budget, written to the ledger. */
#include "playbooks/restarts.h"

#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "backend/base/time.h"
#include "inventory/ledger_amend.h"
#include "inventory/ledger_path.h"
#include "playbooks/session_priv.h"

#define CALL_MS 30000

struct restart_call *
restart_call_new(struct hf_session *s, const struct hf_fleet *fleet,
                 const char *run, const char *host, int64_t now, int64_t lease)
{
    struct restart_call *call = HF_NEW(struct restart_call);

    call->dir = hf_xstrdup(hf_repo_path(s->repo));
    call->branch = hf_xstrdup(fleet->ledger_branch);
    call->remote = hf_xstrdup(fleet->ledger_remote);
    call->sign = fleet->ledger_sign;
    call->rule = fleet->restarts;
    call->now = now;
    call->claim = (struct hf_restart_claim){
        .run = hf_xstrdup(run),
        .host = hf_xstrdup(host ? host : ""),
        .operator_ = hf_xstrdup(s->operator_ ? s->operator_ : ""),
        .at_once = 1,
        .restarts = 1,
        .at = now,
        .until = now + lease,
    };
    return call;
}

void
restart_call_free(struct restart_call *call)
{
    if (!call)
        return;
    free(call->dir);
    free(call->branch);
    free(call->remote);
    free(call->claim.run);
    free(call->claim.host);
    free(call->claim.operator_);
    free(call);
}

/* ---- the edit ---- */

static int
edit(void *ctx, const char *text, size_t len, struct hf_buf *out,
     struct hf_err *err)
{
    struct restart_call *call = ctx;
    struct hf_restarts r;
    char *is = NULL;
    int rc;

    if ((rc = hf_restarts_parse(&r, text, len, err)) < 0)
        return hf_wrap(err, "'%s' of the ledger", HF_LEDGER_RESTARTS);
    if (call->give_back)
        call->granted = hf_restarts_give_back(&r, call->claim.run,
                                              call->claim.host, call->unused);
    else
        call->granted = hf_restarts_claim(&r, &call->rule, &call->claim,
                                          call->now, &call->until, call->why);
    if (call->granted) {
        is = hf_restarts_format(&r);
        hf_buf_puts(out, is);
    }
    free(is);
    hf_restarts_release(&r);
    return HF_OK;
}

static char *
message_of(const struct restart_call *call)
{
    const struct hf_restart_claim *c = &call->claim;

    return hf_xasprintf("restart budget: %s %s\n\nRun: %s\nOperator: %s\n",
                        *c->host ? c->host : "hosts of a single verb",
                        call->give_back ? "has ended" : "may restart", c->run,
                        c->operator_);
}

void
restart_call_make(struct restart_call *call)
{
    const struct hf_ledger_options o = {
        .branch = call->branch, .remote = call->remote, .sign = call->sign};
    char *message = message_of(call);
    const struct hf_amendment a = {HF_LEDGER_RESTARTS, edit, call, message};

    call->granted = 0;
    call->err = (struct hf_err)HF_ERR_INIT;
    call->rc = hf_ledger_amend(call->dir, &o, &a, CALL_MS, &call->err);
    if (call->rc < 0) {
        call->granted = 0;
        hf_say(call->why, sizeof(call->why),
               "the restart budget cannot be claimed: %s", call->err.text);
    }
    free(message);
}

/* ---- single verbs ---- */

#define RESTART_LEASE ((int64_t)3 * 60 * 60 * 1000) /* host and restart */

void
restarts_count_verb(struct hf_session *s, const struct hf_forecasts *all,
                    enum hf_action action)
{
    s->restarts = 0;
    for (size_t i = 0; i < all->len; i++)
        s->restarts += all->v[i].skip == HF_OUTCOME_COUNT &&
                       hf_may_restart(action, all->v[i].order.price.restart);
}

int
restarts_claim_verb(struct hf_session *s, const struct hf_ask *ask,
                    const char *run, struct hf_err *err)
{
    size_t n = s->restarts, once = ask->parallel > 0
                                       ? (size_t)ask->parallel
                                       : (size_t)s->fleet->parallel;
    struct restart_call *call;
    int rc = HF_OK;

    if (!n || ask->run || !hf_restarts_bounded(&s->fleet->restarts))
        return HF_OK;
    once = once < n ? once : n;
    call = restart_call_new(s, s->fleet, run, NULL, hf_now(),
                            RESTART_LEASE * (int64_t)((n + once - 1) / once));
    call->claim.at_once = (int)once;
    call->claim.restarts = (int)n;
    restart_call_make(call);
    if (call->granted)
        s->restarts_claimed = 1;
    else if (call->rc < 0)
        rc = hf_fail(err, call->rc, "%s", call->why);
    else
        rc = hf_fail(err, HF_ELOCKED, "%s", call->why);
    if (rc == HF_ELOCKED)
        (void)hf_hint(err, "wait for the others, or let fewer restart at once: "
                           "--parallel N");
    restart_call_free(call);
    return rc;
}

/* The lease ends by itself where this fails. */
void
restarts_end_verb(struct hf_session *s)
{
    struct restart_call *call;

    if (!s->restarts_claimed)
        return;
    s->restarts_claimed = 0;
    call = restart_call_new(s, s->fleet, s->run_id, NULL, hf_now(), 0);
    call->give_back = 1;
    restart_call_make(call);
    if (call->rc < 0)
        hf_say(s->ledger_note, sizeof(s->ledger_note), "%s", call->err.text);
    restart_call_free(call);
}
