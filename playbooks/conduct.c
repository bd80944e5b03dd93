/*
 * Carrying a rollout out: what the step function says is next becomes stints
 * of the session, hooks and records; what happens becomes events.
 */
#include "playbooks/conduct.h"

#include <stdlib.h>
#include <string.h>

#include "backend/base/names.h"
#include "backend/base/text.h"
#include "backend/base/time.h"

#define HEAR_EVERY 500  /* ms: the inbox */
#define CLAIM_EVERY 50  /* ms: claims on the restart budget */
#define FAR_EVERY 60000 /* ms: the ledger, where others write */

struct hf_rollout_event
conduct_event(enum hf_rollout_kind kind)
{
    struct hf_rollout_event e = hf_rollout_event_of(kind);

    e.at = hf_now();
    return e;
}

void
conduct_fail(struct hf_conduct *c, const struct hf_err *err)
{
    hf_say(c->trouble, sizeof(c->trouble), "%s", err->text);
    c->failed = err->code;
}

int
conduct_take(struct hf_conduct *c, const struct hf_rollout_event *e)
{
    struct hf_err err = HF_ERR_INIT;

    if (rollout_log_add(c->log, c->plan, e, &err) < 0) {
        conduct_fail(c, &err);
        return err.code;
    }
    hf_rollout_apply(c->r, e);
    conduct_restarts_event(c, e);
    c->taken++;
    if (c->o.on_event)
        c->o.on_event(c->o.ctx, e);
    return HF_OK;
}

/* ---- stints of the session ---- */

static void on_host_event(void *ctx, const struct hf_event *e);

/* The hosts that a manual run may have to begin: those of the batch, and all
 * that sleep, as far as the action is theirs. */
static size_t
hosts_of_stint(struct hf_conduct *c, enum hf_action action, const char **names,
               const char **levels)
{
    struct hf_rollout_view v;
    size_t n = 0;

    hf_rollout_view(c->r, &v);
    memset(c->in_stint, 0, c->plan->hosts_len);
    for (size_t i = 0; i < c->plan->hosts_len; i++) {
        const struct hf_plan_host *h = &c->plan->hosts[i];
        int state = hf_rollout_slot(c->r, (int)i)->state;

        if (state == HF_SLOT_ENDED ||
            hf_plan_action(c->plan, (int)i) != action ||
            ((h->ring != v.ring || h->batch != v.batch) &&
             state != HF_SLOT_IN_FLIGHT && state != HF_SLOT_ASLEEP))
            continue;
        if (!hf_fleet_find(c->s->fleet, h->name))
            continue; /* taken out of the fleet: admission says so */
        levels[n] = h->to;
        names[n++] = h->name;
        c->in_stint[i] = 1;
    }
    return n;
}

/* The newest commit and what others have recorded count from now on; hosts are
 * known by name. A broken commit leaves the old one, and admission says so. */
static void
look_around(struct hf_conduct *c)
{
    struct hf_problems problems = {0};
    struct hf_err ignored = HF_ERR_INIT;

    if (c->o.reload)
        c->o.reload(c->o.ctx);
    else
        (void)hf_session_reload(c->s, &problems, &ignored);
    hf_problems_release(&problems);
    conduct_pin(c);
}

/* A plan names its releases: what a host would get now is not what was
 * approved. */
static void
pause_superseded(struct hf_conduct *c, const struct hf_err *err)
{
    struct hf_rollout_event e = conduct_event(HF_ROLLOUT_PAUSED);

    hf_say(e.why, sizeof(e.why), "%s", err->text);
    (void)conduct_take(c, &e);
}

static int
stint_open(struct hf_conduct *c, struct hf_err *err)
{
    const struct hf_playbook *pb = &c->plan->playbook;
    struct hf_ask ask = {
        .action = hf_plan_action(c->plan, c->starts.v[0]),
        .change = c->plan->change,
        .reason = pb->change.reason,
        .parallel = pb->limits.parallel,
        .host_time = pb->limits.host_time,
        .restart_time = conduct_restart_time(c),
        .unless_running = c->unless_running,
        .also = &c->plan->playbook.reboot.also,
        .unless_logged_on = pb->reboot.unless_logged_on,
        .go_on = 1,
        .planned = 1,
        .manual = 1,
        .run = c->run,
        .again_on = pb->undo.rehearse_on, /* which took it back there */
    };
    size_t most = c->plan->hosts_len + 1;
    const char **names = hf_xcalloc(most, sizeof(const char *));
    const char **levels = hf_xcalloc(most, sizeof(const char *));
    int rc;

    look_around(c);
    ask.hosts = names;
    ask.levels = levels;
    ask.hosts_len = hosts_of_stint(c, ask.action, names, levels);
    rc = hf_session_start(c->s, &ask, on_host_event, c, err);
    if (rc == HF_ESTALE)
        pause_superseded(c, err);
    else if (rc == HF_OK)
        c->stint = STINT_ACTING;
    free(names);
    free(levels);
    return rc;
}

static int
is_idle(const struct hf_conduct *c)
{
    struct hf_rollout_counts n;

    hf_rollout_counts(c->r, -1, &n);
    return n.in_flight == 0 && c->hooks_running == 0;
}

static void
begin_host(struct hf_conduct *c, int host)
{
    struct hf_err err = HF_ERR_INIT;

    if (hf_session_begin(c->s, c->plan->hosts[host].name, &err) < 0)
        conduct_host_over(c, host, HF_OUTCOME_SKIPPED, err.text);
}

/* Hosts wait for a stint of their own when they are not in this one. */
static void
begin_starts(struct hf_conduct *c)
{
    size_t kept = 0;

    for (size_t i = 0; i < c->starts.len; i++) {
        int host = c->starts.v[i];

        if (c->in_stint[host]) {
            c->in_stint[host] = 0; /* once: a retry takes another stint */
            begin_host(c, host);
        } else {
            c->starts.v[kept++] = host;
        }
    }
    c->starts.len = kept;
    if (kept && c->s->run)
        hf_run_finish(c->s->run);
}

/* Nobody can act: another process has the fleet, the disk is full ... It is
 * tried again, and told meanwhile. */
static void
cannot_act(struct hf_conduct *c, const struct hf_err *err)
{
    c->blocked = err->code;
    hf_say(c->trouble, sizeof(c->trouble), "%s", err->text);
}

int
conduct_settle_first(struct hf_conduct *c)
{
    struct hf_err err = HF_ERR_INIT;
    int rc = c->s->unrecorded_len ? open_journal(c->s, &err) : HF_OK;

    if (rc == HF_OK && !hf_session_open_intents(c->s))
        return 0;
    if (rc < 0 || hf_session_recover(c->s, NULL, NULL, &err) < 0)
        cannot_act(c, &err);
    else
        c->stint = STINT_RECOVERING;
    return 1;
}

static int
has_work(const struct hf_conduct *c)
{
    return c->starts.len || c->samples.len || c->domains.names.len ||
           c->undo_waits || c->rehearsal;
}

/* Gives the session what waits for it. */
static void
use_session(struct hf_conduct *c)
{
    struct hf_err err = HF_ERR_INIT;

    if (c->stint == STINT_ACTING) {
        begin_starts(c);
        if (is_idle(c) && c->s->run && (c->samples.len || !c->starts.len))
            hf_run_finish(c->s->run);
        return;
    }
    if (c->letting_go || c->stint != STINT_NONE || !has_work(c) ||
        conduct_settle_first(c))
        return;
    if (c->undo_waits || c->rehearsal) {
        look_around(c);
        if (c->undo_waits)
            conduct_undo(c);
        else if (conduct_rehearse(c, &err) < 0)
            cannot_act(c, &err);
        return;
    }
    if (!c->starts.len && c->samples.len) {
        (void)conduct_sample_begin(c);
        return;
    }
    if ((c->starts.len ? stint_open(c, &err) : conduct_domains_look(c, &err)) <
        0) {
        cannot_act(c, &err);
        return;
    }
    c->trouble[0] = '\0';
    c->blocked = 0;
    begin_starts(c);
}

/* ---- what happens on hosts ---- */

int
conduct_outcome_of(const cJSON *evidence)
{
    const char *word = hf_json_str(evidence, "outcome");
    int outcome = word ? hf_name_index(hf_outcome_names, word) : -1;

    return outcome < 0 ? HF_OUTCOME_UNVERIFIED : outcome;
}

static struct hf_rollout_event
host_end(const struct hf_conduct *c, int host, int outcome, const char *why)
{
    struct hf_rollout_event e = conduct_event(HF_ROLLOUT_HOST_ENDED);

    e.host = host;
    e.ring = c->plan->hosts[host].ring;
    e.outcome = outcome;
    hf_say(e.why, sizeof(e.why), "%s", why ? why : "");
    return e;
}

void
conduct_host_ended(struct hf_conduct *c, int host, int outcome, const char *why)
{
    struct hf_rollout_event e = host_end(c, host, outcome, why);

    (void)conduct_take(c, &e);
}

void
conduct_host_over(struct hf_conduct *c, int host, int outcome, const char *why)
{
    struct hf_rollout_event e = host_end(c, host, outcome, why);

    if (!conduct_hook(c, HF_HOOK_AFTER_HOST, &e))
        (void)conduct_take(c, &e);
}

static void
on_host_event(void *ctx, const struct hf_event *e)
{
    struct hf_conduct *c = ctx;
    struct hf_rollout_event end;
    int host = e->host[0] ? hf_plan_find(c->plan, e->host) : -1;

    if (c->o.on_host)
        c->o.on_host(c->o.ctx, e);
    if (e->kind != HF_EVENT_HOST_OUTCOME || host < 0)
        return;
    end = host_end(c, host, conduct_outcome_of(e->data),
                   hf_json_str(e->data, "why"));
    if (c->letting_go && end.outcome == HF_OUTCOME_CANCELLED)
        return; /* whoever goes on begins it */
    if (!conduct_hook(c, HF_HOOK_AFTER_HOST, &end))
        (void)conduct_take(c, &end);
}

static void
stint_over(struct hf_conduct *c)
{
    enum stint was = c->stint;

    c->stint = STINT_NONE;
    if (was == STINT_SAMPLING) {
        conduct_sample_end(c);
    } else if (was == STINT_REHEARSING) {
        conduct_rehearsal_over(c);
    } else if (was == STINT_LOOKING) {
        conduct_domains_looked(c);
    } else if (was == STINT_RECOVERING) {
        c->starts.len = c->samples.len = 0;
        conduct_take_up(c);
    }
}

/* ---- what the step function says ---- */

void
conduct_start_host(struct hf_conduct *c, int host)
{
    *HF_PUSH(&c->starts.v, &c->starts.len, &c->starts.cap) = host;
}

static void
carry_out(struct hf_conduct *c, const struct hf_rollout_event *e)
{
    switch (e->kind) {
    case HF_ROLLOUT_HOST_STARTED:
        if (!conduct_hook(c, HF_HOOK_BEFORE_HOST, e))
            conduct_start_host(c, e->host);
        break;
    case HF_ROLLOUT_SAMPLE_TAKEN:
        *HF_PUSH(&c->samples.v, &c->samples.len, &c->samples.cap) = e->gate;
        break;
    case HF_ROLLOUT_HOOK_BEGAN:
        (void)conduct_hook(c, (enum hf_hook_at)e->hook, e);
        break;
    case HF_ROLLOUT_REHEARSAL_BEGAN:
    case HF_ROLLOUT_UNDO_BEGAN:
        (void)conduct_wants(c, e);
        break;
    case HF_ROLLOUT_RING_BEGAN:
    case HF_ROLLOUT_RING_ENDED:
    case HF_ROLLOUT_SOAK_BEGAN:
        conduct_record(c, hf_rollout_kind_names[e->kind]);
        break;
    case HF_ROLLOUT_HALTED:
    case HF_ROLLOUT_PAUSED:
    case HF_ROLLOUT_SUPERSEDED:
    case HF_ROLLOUT_ABORTED:
        conduct_record(c, e->why);
        (void)conduct_hook(c, HF_HOOK_ON_HALT, e);
        break;
    case HF_ROLLOUT_ENDED:
        conduct_record_ended(c, e->exit);
        conduct_record(c, "ended");
        (void)conduct_hook(c, HF_HOOK_ON_FINISH, e);
        break;
    default:
        break;
    }
}

static void
step(struct hf_conduct *c)
{
    const struct hf_admission admission = {conduct_admit, c};
    struct hf_rollout_event e, stop;

    while (!c->failed && c->stint != STINT_RECOVERING &&
           hf_rollout_next(c->r, hf_now(), &admission, &e)) {
        if (conduct_superseded(c, &e, &stop))
            e = stop;
        if (e.kind == HF_ROLLOUT_UNDO_BEGAN)
            hf_run_id_new(e.by); /* written down before it is begun */
        if (conduct_take(c, &e) < 0)
            return;
        carry_out(c, &e);
    }
    c->due = hf_rollout_due(c->r);
}

static void
listen(struct hf_conduct *c)
{
    struct hf_rollout_event e;
    int64_t now = hf_mono();
    int far = now - c->far_at >= FAR_EVERY;

    if (now - c->heard_at < HEAR_EVERY)
        return;
    c->heard_at = now;
    if (far)
        c->far_at = now;
    while (rollout_log_heard(c->log, c->plan, far, &e)) {
        if (conduct_take(c, &e) < 0)
            return;
        conduct_record(c, hf_rollout_kind_names[e.kind]);
        far = 0;
    }
}

/* ---- the pump ---- */

static enum hf_rollout_state
state_of(const struct hf_conduct *c)
{
    struct hf_rollout_view v;

    hf_rollout_view(c->r, &v);
    return v.state;
}

static int
is_over(struct hf_conduct *c)
{
    if (!c->over && state_of(c) == HF_ROLLOUT_IS_OVER &&
        c->stint == STINT_NONE && !c->hooks_running &&
        !conduct_restarts_busy(c))
        c->over = 1;
    return c->over;
}

static int64_t
sooner(int64_t a, int64_t b)
{
    return a < 0 || (b >= 0 && b < a) ? b : a;
}

int64_t
hf_conduct_pump(struct hf_conduct *c)
{
    int64_t wait = -1;
    size_t taken;

    if (c->over)
        return HF_RUN_OVER;
    if (c->stint != STINT_NONE) {
        wait = hf_session_pump(c->s);
        if (wait == HF_RUN_OVER) {
            stint_over(c);
            wait = 0;
        }
    } else {
        (void)hf_session_pump(c->s);
    }
    conduct_hooks_take(c);
    conduct_restarts_take(c);
    listen(c);
    step(c);
    taken = c->taken;
    use_session(c);
    conduct_record_now_and_then(c);
    if (is_over(c) || c->failed)
        return HF_RUN_OVER;
    if (c->taken != taken)
        return 0; /* a host or sample ended at once: another step follows */
    if (conduct_restarts_busy(c))
        return sooner(wait, CLAIM_EVERY);
    if (c->stint == STINT_NONE && !c->hooks_running &&
        (c->blocked || c->letting_go || (is_idle(c) && !has_work(c))))
        return HF_CONDUCT_IDLE;
    return sooner(wait, HEAR_EVERY);
}

int64_t
hf_conduct_due(const struct hf_conduct *c)
{
    return c->due;
}

int
hf_conduct_fd(const struct hf_conduct *c)
{
    return hf_queue_fd(c->hooks);
}
