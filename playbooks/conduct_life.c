/* The life of a rollout that is carried out: new, gone on with, let go. */
#include <stdlib.h>
#include <string.h>

#include "backend/base/names.h"
#include "backend/base/text.h"
#include "backend/base/time.h"
#include "playbooks/conduct.h"
#include "playbooks/durations.h"

static void
apply_logged(void *ctx, const struct hf_rollout_event *e)
{
    struct hf_conduct *c = ctx;

    hf_rollout_apply(c->r, e);
}

static char *
one_text(const char *const *words)
{
    struct hf_buf out = {0};

    for (; words && *words; words++)
        hf_buf_printf(&out, "%s%s", out.len ? " " : "", *words);
    return out.len ? hf_buf_take(&out) : NULL;
}

static struct hf_conduct *
conduct_make(struct hf_session *s, struct hf_plan *plan, const char *run,
             const struct hf_conduct_options *options)
{
    struct hf_conduct *c = HF_NEW(struct hf_conduct);

    c->s = s;
    c->plan = plan;
    c->r = hf_rollout_new(plan);
    c->in_stint = hf_xcalloc(plan->hosts_len + 1, 1);
    c->hooks = hf_queue_new(free);
    c->restarts.ended = hf_queue_new(NULL);
    c->restarts.held = hf_xcalloc(plan->hosts_len + 1, 1);
    c->restarts.host = -1;
    c->domains.waits = hf_xcalloc(plan->hosts_len + 1, 1);
    c->unless_running = one_text(plan->playbook.reboot.unless_running);
    if (options)
        c->o = *options;
    hf_say(c->run, sizeof(c->run), "%s", run);
    c->recorded_at = hf_mono();
    conduct_pin(c);
    return c;
}

void
hf_conduct_free(struct hf_conduct *c)
{
    if (!c)
        return;
    conduct_hooks_wait(c);
    conduct_restarts_wait(c);
    conduct_unpin(c);
    conduct_domains_release(c);
    hf_rollout_free(c->r);
    hf_plan_free(c->plan);
    hf_durations_free(c->durations);
    hf_fleet_free(c->planned);
    rollout_log_close(c->log);
    hf_queue_free(c->hooks);
    hf_queue_free(c->restarts.ended);
    free(c->restarts.held);
    free(c->unless_running);
    free(c->in_stint);
    free(c->starts.v);
    free(c->samples.v);
    free(c);
}

/* A plan of one's own: through its document, as the ledger has it. */
static int
copy_plan(struct hf_plan **out, const struct hf_plan *plan, struct hf_err *err)
{
    cJSON *doc = hf_plan_to_json(plan);
    int rc = hf_plan_from_json(out, doc, err);

    cJSON_Delete(doc);
    return rc;
}

/* ---- gone on with ---- */

/* A host that was in flight when another process ended, as the session has
 * settled it; one that was never touched is begun again. */
static void
settle_host(struct hf_conduct *c, const struct hf_rollout_event *began)
{
    int host = began->host;
    const struct hf_state *st =
        hf_session_state(c->s, c->plan->hosts[host].name);
    const struct hf_recent *recent = st ? &hf_state_record(st)->recent : NULL;
    int outcome = -1;

    if (recent && strcmp(recent->run, c->run) == 0)
        outcome = hf_name_index(hf_outcome_names, recent->outcome);
    if (outcome >= 0)
        conduct_host_over(c, host, outcome, recent->why);
    else if (!conduct_hook(c, HF_HOOK_BEFORE_HOST, began))
        conduct_start_host(c, host);
}

void
conduct_take_up(struct hf_conduct *c)
{
    struct hf_rollout_event e;
    size_t cursor = 0;

    while (hf_rollout_open(c->r, &cursor, &e)) {
        if (e.kind == HF_ROLLOUT_HOST_STARTED) {
            conduct_restarts_take_up(c, e.host);
            settle_host(c, &e);
        } else if (e.kind == HF_ROLLOUT_HOOK_BEGAN) {
            (void)conduct_hook(c, (enum hf_hook_at)e.hook, &e);
        } else if (!conduct_wants(c, &e)) {
            *HF_PUSH(&c->samples.v, &c->samples.len, &c->samples.cap) = e.gate;
        }
    }
}

/* ---- begun ---- */

/* The log's first line is written before anything is recorded, so that a run
 * that the ledger names has a log. */
static int
begin_as(struct hf_conduct **out, struct hf_session *s,
         const struct hf_plan *plan, const char *run,
         const struct hf_conduct_options *options, struct hf_err *err)
{
    struct hf_plan *own = NULL;
    struct hf_conduct *c;
    int rc;

    *out = NULL;
    if (s->o.read_only)
        return hf_fail(err, HF_EDENIED, "read-only: a run changes hosts");
    if ((rc = ledger_ensure(s, err)) < 0 ||
        (rc = copy_plan(&own, plan, err)) < 0)
        return rc;
    c = conduct_make(s, own, run, options);
    if ((rc = rollout_log_open(&c->log, s, run, ROLLOUT_LOG_BOTH, err)) < 0 ||
        (rc = rollout_log_keep_plan(c->log, own, err)) < 0) {
        hf_conduct_free(c);
        return rc;
    }
    conduct_record_began(c);
    *out = c;
    return HF_OK;
}

int
hf_conduct_new(struct hf_conduct **out, struct hf_session *s,
               const struct hf_plan *plan,
               const struct hf_conduct_options *options, struct hf_err *err)
{
    char run[HF_RUN_ID_LEN];

    hf_run_id_new(run);
    return begin_as(out, s, plan, run, options, err);
}

int
conduct_begin_as(struct hf_session *s, const struct hf_plan *plan,
                 const char *run, struct hf_err *err)
{
    struct hf_conduct *c;
    int rc = begin_as(&c, s, plan, run, NULL, err);

    hf_conduct_free(c);
    return rc;
}

int
hf_conduct_resume(struct hf_conduct **out, struct hf_session *s,
                  const char *run, const struct hf_conduct_options *options,
                  struct hf_err *err)
{
    struct hf_plan *plan = NULL;
    struct rollout_log *log = NULL;
    enum rollout_log_trust trust =
        options && options->takeover ? ROLLOUT_LOG_LEDGER : ROLLOUT_LOG_BOTH;
    struct hf_conduct *c;
    int rc;

    *out = NULL;
    if (s->o.read_only)
        return hf_fail(err, HF_EDENIED, "read-only: a run changes hosts");
    if (!hf_run_id_valid(run))
        return hf_fail(err, HF_ENOTFOUND, "'%s' is no run", run);
    if ((rc = ledger_ensure(s, err)) < 0 ||
        (rc = rollout_log_plan(&plan, s, run, err)) < 0 ||
        (rc = rollout_log_open(&log, s, run, trust, err)) < 0) {
        hf_plan_free(plan);
        return rc;
    }
    c = conduct_make(s, plan, run, options);
    c->log = log;
    if ((rc = rollout_log_each(log, plan, apply_logged, c, err)) < 0) {
        hf_conduct_free(c);
        return rc;
    }
    if (!conduct_settle_first(c))
        conduct_take_up(c);
    *out = c;
    return HF_OK;
}

int
hf_conduct_say(struct hf_conduct *c, struct hf_rollout_event *e,
               struct hf_err *err)
{
    e->at = hf_now();
    hf_say(e->who, sizeof(e->who), "%s", hf_session_operator(c->s));
    if (conduct_take(c, e) < 0)
        return hf_fail(err, HF_EIO, "%s", c->trouble);
    conduct_record(c, hf_rollout_kind_names[e->kind]);
    return HF_OK;
}

void
hf_conduct_let_go(struct hf_conduct *c)
{
    c->letting_go = 1;
    if (c->stint != STINT_NONE && c->s->run)
        hf_run_abandon(c->s->run);
}

int
hf_conduct_blocked(const struct hf_conduct *c)
{
    return c->failed ? c->failed : c->blocked;
}

const struct hf_plan *
hf_conduct_plan(const struct hf_conduct *c)
{
    return c->plan;
}

const struct hf_rollout *
hf_conduct_rollout(const struct hf_conduct *c)
{
    return c->r;
}

const char *
hf_conduct_run_id(const struct hf_conduct *c)
{
    return c->run;
}

const char *
hf_conduct_trouble(const struct hf_conduct *c)
{
    return c->trouble;
}
