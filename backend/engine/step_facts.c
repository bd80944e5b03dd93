/*
 * The steps that read and judge: facts before, the decision, facts after, the
 * verdict.
 */
#include <string.h>

#include "backend/base/json.h"
#include "backend/base/mem.h"
#include "backend/base/time.h"
#include "backend/engine/decide.h"
#include "backend/engine/steps.h"

/* ---- reading facts, before and after ---- */

static const struct hf_record *
recorded(const struct flow *f)
{
    static const struct hf_record none;
    const struct hf_run_options *o = &f->run->o;
    const struct hf_state *st =
        o->recorded ? o->recorded(o->ctx, f->pub.host) : NULL;

    return st ? hf_state_record(st) : &none;
}

void
step_ask_facts(struct flow *f)
{
    struct hf_params params = {0};

    if (f->driver->probe_params)
        f->driver->probe_params(&params, f->pub.host);
    step_ask(f, HF_SCRIPT_PROBE, &params);
}

void
step_begin_probe(struct flow *f)
{
    const struct hf_record *rec = recorded(f);

    if (hf_driver_lacks(f->pub.host)) {
        flow_end(f, HF_OUTCOME_INELIGIBLE, HF_NO_DRIVER, f->pub.host->platform);
        return;
    }
    if (!f->driver)
        f->driver = hf_driver_of(f->pub.host, &rec->facts);
    if (!f->driver) /* its banner or its facts will tell */
        f->driver = hf_drivers[0];
    f->elevated = 0;
    step_ask_facts(f);
}

/* Acting and proving want to see all there is: with rights where the login may
 * have them. Returns 1 when the facts are being read again. */
static int
read_elevated(struct flow *f, const struct hf_facts *facts)
{
    int64_t uid;

    if (f->elevated || f->run->o.action == HF_ACTION_CHECK ||
        hf_facts_bool(facts, "login.elevated") != 1 ||
        hf_facts_int(facts, "login.uid", &uid) < 0 || uid == 0)
        return 0;
    f->elevated = 1;
    step_ask_facts(f);
    return 1;
}

static void
emit_facts(struct flow *f, const struct hf_facts *facts)
{
    cJSON *data = cJSON_CreateObject();

    hf_json_add_str(data, "net", hf_net_outcome_names[f->net]);
    cJSON_AddItemToObject(data, "facts", hf_facts_to_json(facts));
    (void)run_emit(f->run, HF_EVENT_HOST_FACTS, f, data);
}

/* Facts, findings and status as of now, in a state of its own. */
static void
judge_fresh(struct flow *f, struct hf_state *fresh,
            const struct hf_facts *facts)
{
    const struct hf_record *rec = recorded(f);
    struct hf_record *own;

    hf_state_init(fresh, f->pub.host);
    own = hf_state_change(fresh);
    hf_facts_copy(&own->facts, facts);
    own->recent = rec->recent;
    hf_facts_copy(&own->baseline, &rec->baseline);
    hf_judge(fresh, f->run->o.fleet, hf_now());
}

/* The flow's from now on, and borrowed by `fresh`. */
static void
show_status(struct flow *f, const struct hf_state *fresh)
{
    hf_standing_release(&f->pub.status);
    f->pub.status = fresh->status;
}

static int
is_again_on(const struct hf_run_options *o, const struct hf_host *host)
{
    return o->again_on && strcmp(o->again_on, host->name) == 0;
}

static enum hf_outcome
decide(struct flow *f, const struct hf_state *fresh, char why[HF_WHY_LEN])
{
    const struct hf_run_options *o = &f->run->o;
    struct hf_decide_in in = {.action = o->action,
                              .fleet = o->fleet,
                              .newest = o->newest ? o->newest(o->ctx) : NULL,
                              .state = fresh,
                              .run = f->run->run,
                              .again = o->again || is_again_on(o, f->pub.host),
                              .also = o->also,
                              .break_glass = o->break_glass,
                              .now = hf_now()};

    hf_order_release(&f->order);
    return hf_decide(&f->order, why, f->pub.hint, &in);
}

static void
note_levels(struct flow *f, const struct hf_state *fresh)
{
    SAY(f->pub.level_from, "%s",
        f->order.level_from[0] ? f->order.level_from : fresh->status.level);
    SAY(f->pub.level_to, "%s",
        f->order.level_to[0] ? f->order.level_to : fresh->status.level);
}

static enum hf_verdict judge_criteria(struct flow *f);
static void end_by_criteria(struct flow *f);

/* verify looks, and changes nothing: the facts just read are "after"; "before"
 * is what the last run that changed the host had found. A check in between, or
 * a host that was never changed, is nothing to compare with. */
static void
verify_only(struct flow *f)
{
    hf_facts_copy(&f->pub.after, &f->pub.before);
    hf_facts_copy(&f->pub.before, &recorded(f)->baseline);
    (void)judge_criteria(f);
    end_by_criteria(f);
}

void
flow_act(struct flow *f)
{
    flow_enter(f, f->run->o.action == HF_ACTION_CALL_OFF ? HF_PHASE_CALLING
                                                         : HF_PHASE_LOCKING);
}

static void
emit_intent(struct flow *f)
{
    struct hf_run *r = f->run;

    f->intent_seq = run_emit(r, HF_EVENT_HOST_INTENT, f, flow_intent(f));
    f->give_up = hf_pace() + r->o.times.host;
    if (f->intent_seq)
        return;
    /* A call-off is not kept waiting by a run that has the journal: the host
     * notes who did it, and doing it twice does no harm. */
    if (!hf_action_is_bound(r->o.action))
        flow_act(f);
    else
        flow_end(f, HF_OUTCOME_CANCELLED,
                 "nothing was changed: there is no journal to announce it in");
}

/* From here on the host is changed, whatever was overridden for it. */
static void
announce(struct flow *f)
{
    SAY(f->pub.broken_glass, "%s", f->order.broken_glass);
    emit_intent(f);
}

/* By the facts just read: is it what was planned? */
static int
goes_back_to(const struct flow *f)
{
    const struct hf_run_options *o = &f->run->o;
    const char *level = o->action == HF_ACTION_ROLLBACK && o->back_to
                            ? o->back_to(o->ctx, f->pub.host)
                            : NULL;

    return !level || strcmp(level, f->order.level_to) == 0;
}

/* A process of the same run was killed while its job ran, which is waited for
 * as long as a host may take: what it did is what the facts then tell. */
static int
waits_for_own_job(struct flow *f)
{
    if (!hf_job_is_of(&f->pub.before, f->run->run, "running"))
        return 0;
    if (!f->job_end)
        f->job_end = hf_pace() + f->run->o.times.host;
    if (hf_pace() >= f->job_end)
        return 0;
    SAY(f->pub.why, "waits for the job that this run began here before");
    step_poll_later(f);
    return 1;
}

static void
act_on(struct flow *f, const struct hf_state *fresh)
{
    const struct hf_run_options *o = &f->run->o;
    char why[HF_WHY_LEN];
    enum hf_outcome skip = decide(f, fresh, why);

    note_levels(f, fresh);
    if (skip != HF_OUTCOME_COUNT)
        flow_end(f, skip, "%s", why);
    else if (o->action == HF_ACTION_VERIFY)
        verify_only(f);
    else if (hf_action_is_bound(o->action) && o->still_wanted &&
             !o->still_wanted(o->ctx, fresh))
        flow_end(f, HF_OUTCOME_SKIPPED,
                 "no longer matches what was asked for (it is %s)",
                 hf_patch_names[fresh->status.patch]);
    else if (o->agreed && !o->agreed(o->ctx, f->pub.host))
        flow_end(f, HF_OUTCOME_SKIPPED,
                 "could be done now, but was left out of what was agreed to");
    else if (!goes_back_to(f))
        flow_end(f, HF_OUTCOME_SKIPPED,
                 "something else came on top: this would go back to %s",
                 f->order.level_to);
    else if (o->admit && !o->admit(o->ctx, f->pub.host, hf_now(), why))
        flow_end(f, HF_OUTCOME_CLOSED, "%s", why);
    else
        announce(f);
}

void
step_answer_probe(struct flow *f, const struct hf_reply *reply)
{
    const struct hf_driver *claimed = hf_driver_of(f->pub.host, &reply->values);
    struct hf_state fresh;

    hf_facts_release(&f->pub.before);
    hf_facts_copy(&f->pub.before, &reply->values);
    if (claimed && claimed != f->driver) {
        f->driver = claimed;
        step_begin_probe(f);
        return;
    }
    f->driver = claimed ? claimed : f->driver;
    if (read_elevated(f, &f->pub.before))
        return;
    emit_facts(f, &f->pub.before);
    judge_fresh(f, &fresh, &f->pub.before);
    hf_findings_release(&f->pub.findings);
    f->pub.findings = fresh.findings;
    show_status(f, &fresh);
    if (f->run->o.action == HF_ACTION_CHECK)
        flow_end(f, HF_OUTCOME_CHECKED, "%s", f->pub.status.patch_why);
    else if (!waits_for_own_job(f))
        act_on(f, &fresh);
    fresh.findings = (struct hf_findings){0}; /* they are the flow's */
    fresh.status = hf_standing_none;
    hf_state_release(&fresh);
}

/* ---- the verdict ---- */

void
step_begin_verify(struct flow *f)
{
    step_ask_facts(f);
}

/* The first criterion with that verdict, in words. */
struct words {
    const char *name, *found;
};

static struct words
words_of(const struct hf_findings *all, enum hf_verdict verdict)
{
    for (size_t i = 0; i < all->len; i++) {
        const struct hf_finding *f = &all->v[i];

        if (f->verdict == verdict)
            return (struct words){f->name, f->found ? f->found : "unknown"};
    }
    return (struct words){"criteria", "unknown"};
}

static int
has_restarted(const struct flow *f)
{
    const char *before = hf_facts_get(&f->pub.before, "boot.id");
    const char *after = hf_facts_get(&f->pub.after, "boot.id");

    return before && after && !hf_boot_same(before, after);
}

/* No job folder of ours, and the level is the one from before: whatever was
 * announced was never begun. */
static int
never_happened(const struct flow *f)
{
    return f->vanished && hf_action_alters(f->run->o.action) &&
           f->pub.status.level[0] &&
           strcmp(f->pub.status.level, f->order.level_from) == 0 &&
           !(f->order.restart_in && has_restarted(f));
}

/* Somebody works there, or something that must not be cut off: the job looked
 * before it did anything. */
static int
is_in_use(const struct flow *f)
{
    const char *code = hf_facts_get(&f->result, "code");

    return f->job_failed && code && strcmp(code, "in-use") == 0;
}

static void
end_by_criteria(struct flow *f)
{
    enum hf_verdict worst = hf_findings_worst(&f->pub.criteria);
    const struct words first = words_of(&f->pub.criteria, worst);

    if (f->order.restart_in && step_was_called_off(f, &f->pub.after)) {
        const char *by = hf_facts_get(&f->pub.after, "restart.calledoff.by");

        flow_end(f, HF_OUTCOME_CALLED_OFF, "its restart was called off by %s",
                 by && *by ? by : "somebody");
    } else if (is_in_use(f)) {
        flow_end(f, HF_OUTCOME_SKIPPED, "%s", hf_facts_get(&f->result, "text"));
    } else if (f->job_failed && f->job_error.code == HF_ECANCELLED) {
        flow_end(f, HF_OUTCOME_CANCELLED, "%s", f->job_error.text);
    } else if (never_happened(f)) {
        flow_end(f, HF_OUTCOME_CANCELLED,
                 "nothing was changed: there is no job on the host, and its "
                 "level is as before");
    } else if (f->job_failed && worst != HF_VERDICT_BLOCK) {
        flow_end(f, HF_OUTCOME_UNVERIFIED,
                 "%s, yet every criterion that could be read passes",
                 f->job_error.text);
    } else if (f->job_failed) {
        SAY(f->pub.hint, "%s", f->job_error.hint);
        flow_end(f, HF_OUTCOME_FAILED, "%s", f->job_error.text);
    } else if (worst == HF_VERDICT_BLOCK) {
        flow_end(f, HF_OUTCOME_FAILED, "%s: %s", first.name, first.found);
    } else if (worst == HF_VERDICT_UNKNOWN) {
        flow_end(f, HF_OUTCOME_UNVERIFIED, "%s: %s", first.name, first.found);
    } else {
        char said[HF_WHY_LEN]; /* while it was called off */

        hf_say(said, sizeof(said), "%s", f->pub.why);
        flow_end(f, HF_OUTCOME_VERIFIED, "%s",
                 f->run->o.action == HF_ACTION_CALL_OFF && said[0]
                     ? said
                     : f->pub.status.level);
    }
}

/* After a restart that was ordered other rows hold than without one. */
static const struct hf_check *const *
criteria_of(const struct flow *f)
{
    if (f->run->o.action == HF_ACTION_CALL_OFF)
        return hf_call_off_criteria;
    if (f->run->o.action == HF_ACTION_STAGE)
        return f->driver->stage_criteria;
    return f->order.restart_in ? f->driver->restart_criteria
                               : f->driver->criteria;
}

static enum hf_verdict
judge_criteria(struct flow *f)
{
    struct hf_state fresh;
    struct hf_check_in in = {.host = f->pub.host,
                             .facts = &f->pub.after,
                             .catalogue = f->run->o.fleet->catalogue,
                             .fleet = f->run->o.fleet,
                             .before = &f->pub.before,
                             .unchanged = !f->pub.before.len,
                             .order = &f->order,
                             .status = &fresh.status,
                             .now = hf_now()};

    judge_fresh(f, &fresh, &f->pub.after);
    hf_findings_release(&f->pub.criteria);
    hf_checks_run(&f->pub.criteria, criteria_of(f), &in);
    show_status(f, &fresh);
    fresh.status = hf_standing_none;
    hf_state_release(&fresh);
    return hf_findings_worst(&f->pub.criteria);
}

/* Findings stand in the order of their rows. */
static int
fails_for_good(const struct flow *f)
{
    const struct hf_findings *all = &f->pub.criteria;

    for (size_t i = 0; i < all->len; i++) {
        if ((all->v[i].verdict == HF_VERDICT_BLOCK ||
             all->v[i].verdict == HF_VERDICT_UNKNOWN) &&
            !f->driver->restart_criteria[i]->settles)
            return 1;
    }
    return 0;
}

/* Services take their time to come up; meanwhile it is looked at again. */
static int
comes_up_still(struct flow *f, enum hf_verdict worst)
{
    struct words first;

    if ((worst != HF_VERDICT_BLOCK && worst != HF_VERDICT_UNKNOWN) ||
        !step_still_recovers(f) || fails_for_good(f))
        return 0;
    first = words_of(&f->pub.criteria, worst);
    SAY(f->pub.why, "has restarted; %s: %s", first.name, first.found);
    flow_later(f, f->run->o.times.settle);
    return 1;
}

void
step_judge(struct flow *f, const struct hf_reply *reply)
{
    enum hf_verdict worst;

    hf_facts_release(&f->pub.after);
    hf_facts_copy(&f->pub.after, &reply->values);
    worst = judge_criteria(f);
    if (comes_up_still(f, worst))
        return;
    emit_facts(f, &f->pub.after);
    end_by_criteria(f);
}

void
step_answer_verify(struct flow *f, const struct hf_reply *reply)
{
    step_judge(f, reply);
}
