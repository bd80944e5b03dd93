/* What a run asks of its surroundings: what is recorded, what was agreed to,
 * what was committed meanwhile, and the patch store. */
#include "inventory/patchstore.h"
#include "playbooks/session_priv.h"

static const struct hf_state *
recorded(void *ctx, const struct hf_host *host)
{
    const struct hf_session *s = ctx;

    return &s->states[state_index(s, host)];
}

/* By what was just read, but for the age of facts: that is how old the
 * recorded ones were when the question was asked. */
static int
still_wanted(void *ctx, const struct hf_state *fresh)
{
    const struct hf_session *s = ctx;
    const struct hf_facts *then =
        &hf_state_record(recorded(ctx, fresh->host))->facts;
    struct hf_state seen = *fresh; /* borrows */

    if (!s->selector)
        return 1;
    if (hf_facts_stale(then, s->fleet->stale_after, s->asked_at))
        seen.status.flags |= HF_FLAG_STALE;
    else
        seen.status.flags &= ~(unsigned)HF_FLAG_STALE;
    return hf_selector_match_aged(s->selector, &seen, hf_facts_oldest(then),
                                  s->asked_at);
}

static const struct hf_fleet *
newest(void *ctx)
{
    return session_newest(ctx);
}

static int
agreed(void *ctx, const struct hf_host *host)
{
    const struct hf_session *s = ctx;

    return s->agreed[state_index(s, host)];
}

static const char *
back_to(void *ctx, const struct hf_host *host)
{
    const struct hf_session *s = ctx;
    size_t at = state_index(s, host);

    return at < s->back_to.len && s->back_to.v[at][0] ? s->back_to.v[at] : NULL;
}

static int
payload(void *ctx, const char *sha256, struct hf_buf *out, struct hf_err *err)
{
    struct hf_session *s = ctx;

    return hf_patch_read(s->repo, s->fleet->commit, sha256, out, err);
}

static void
dial(void *ctx, const struct hf_host *host, struct hf_link_spec *spec)
{
    const struct hf_session *s = ctx;

    s->o.dial(s->o.ctx, host, spec);
}

void
run_surroundings(struct hf_run_options *o, struct hf_session *s)
{
    o->recorded = recorded;
    o->still_wanted = still_wanted;
    o->newest = hf_action_is_bound(o->action) ? newest : NULL;
    o->agreed = agreed;
    o->back_to = back_to;
    o->payload = payload;
    o->dial = s->o.dial ? dial : NULL;
    o->ctx = s;
}
