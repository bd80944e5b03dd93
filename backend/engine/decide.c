/*
 * The rules that stand between wish and deed: hold, exception, identity,
 * driver, blocking checks, price, blocked releases, the fleet's calendar. Pure;
 * what a playbook demands beyond that is its own affair.
 */
#include "backend/engine/decide.h"

#include <stdio.h>
#include <string.h>

#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "backend/model/block.h"
#include "backend/model/break_glass.h"
#include "backend/model/calendar.h"
#include "backend/model/exception.h"

/* One reason not to start. Returns HF_OUTCOME_COUNT when it does not apply. */
typedef enum hf_outcome
rule_fn(struct hf_order *order, char *why, char *hint,
        const struct hf_decide_in *in, const struct hf_driver *driver);

#define SAY(to, ...) hf_say((to), HF_WHY_LEN, __VA_ARGS__)

/* ---- what people decided, as it is written now ---- */

static const struct hf_fleet *
said_in(const struct hf_decide_in *in)
{
    return in->newest ? in->newest : in->fleet;
}

/* NULL: it was taken out of the fleet. */
static const struct hf_host *
said_of(const struct hf_decide_in *in)
{
    return in->newest ? hf_fleet_find(in->newest, in->state->host->name)
                      : in->state->host;
}

static enum hf_outcome
rule_gone(struct hf_order *order, char *why, char *hint,
          const struct hf_decide_in *in, const struct hf_driver *driver)
{
    (void)order;
    (void)hint;
    (void)driver;
    if (!hf_action_is_bound(in->action) || said_of(in))
        return HF_OUTCOME_COUNT;
    SAY(why, "it is not in the fleet any more");
    return HF_OUTCOME_SKIPPED;
}

static enum hf_outcome
rule_hold(struct hf_order *order, char *why, char *hint,
          const struct hf_decide_in *in, const struct hf_driver *driver)
{
    const struct hf_host *host = said_of(in);

    (void)order;
    (void)driver;
    if (!hf_action_is_bound(in->action) || !host->hold)
        return HF_OUTCOME_COUNT;
    SAY(why, "held: %s", host->hold);
    SAY(hint, "hotfleet unhold %s", host->name);
    return HF_OUTCOME_SKIPPED;
}

static enum hf_outcome
rule_exception(struct hf_order *order, char *why, char *hint,
               const struct hf_decide_in *in, const struct hf_driver *driver)
{
    const struct hf_exception *e;

    (void)order;
    (void)driver;
    if (!hf_action_is_bound(in->action) ||
        !(e = hf_exception_of(said_in(in), said_of(in), in->now)))
        return HF_OUTCOME_COUNT;
    hf_exception_say(why, e);
    SAY(hint, "hotfleet exception end %s", e->id);
    return HF_OUTCOME_SKIPPED;
}

static enum hf_outcome
rule_driver(struct hf_order *order, char *why, char *hint,
            const struct hf_decide_in *in, const struct hf_driver *driver)
{
    (void)order;
    if (driver)
        return HF_OUTCOME_COUNT;
    if (hf_driver_lacks(in->state->host)) {
        SAY(why, HF_NO_DRIVER, in->state->host->platform);
    } else if (!hf_state_record(in->state)->facts.len) {
        SAY(why, "never asked: nothing is known of this host");
        SAY(hint, "hotfleet check %s", in->state->host->name);
    } else {
        SAY(why, "no driver of this version knows this platform");
    }
    return HF_OUTCOME_INELIGIBLE;
}

/* Platforms of which this version only reads. */
static enum hf_outcome
rule_job(struct hf_order *order, char *why, char *hint,
         const struct hf_decide_in *in, const struct hf_driver *driver)
{
    (void)order;
    if (driver->job || !hf_action_changes(in->action))
        return HF_OUTCOME_COUNT;
    SAY(why, "%s: this version checks such hosts; it cannot patch them yet",
        driver->title);
    SAY(hint, "let the host's own tools install it");
    return HF_OUTCOME_INELIGIBLE;
}

/* A host that answers under a known name with another machine id is another
 * machine: nobody decided to patch that one. */
static enum hf_outcome
rule_identity(struct hf_order *order, char *why, char *hint,
              const struct hf_decide_in *in, const struct hf_driver *driver)
{
    const struct hf_state *st = in->state;
    const struct hf_record *r = hf_state_record(st);
    const char *is = hf_facts_get(&r->facts, "machine.id");

    (void)order;
    (void)driver;
    if (!(st->status.flags & HF_FLAG_IDENTITY_CHANGED))
        return HF_OUTCOME_COUNT;
    SAY(why, "identity-changed: machine id is %.16s, was %.16s", is ? is : "?",
        r->recent.machine_id);
    SAY(hint, "if it was rebuilt: hotfleet enroll --again %s", st->host->name);
    return HF_OUTCOME_INELIGIBLE;
}

static int
is_about_job(const struct hf_finding *f)
{
    return strcmp(f->name, hf_check_job.name) == 0;
}

int
hf_job_is_of(const struct hf_facts *facts, const char *run, const char *state)
{
    const char *whose = hf_facts_get(facts, "job.run");
    const char *is = hf_facts_get(facts, "job.state");

    return run && whose && strcmp(whose, run) == 0 && is &&
           strcmp(is, state) == 0;
}

/* A process of the same run took the folder and was killed. */
static int
has_own_folder(const struct hf_decide_in *in)
{
    return hf_job_is_of(&hf_state_record(in->state)->facts, in->run, "begun");
}

static int
finding_stops(const struct hf_finding *f, const struct hf_decide_in *in)
{
    if (f->spares & (1u << in->action) ||
        (is_about_job(f) && has_own_folder(in)))
        return 0;
    return f->verdict == HF_VERDICT_BLOCK || f->verdict == HF_VERDICT_UNKNOWN;
}

/* Another run's job explains what else is amiss, so it is named first; what
 * is known comes before what is not. */
static int
finding_rank(const struct hf_finding *f)
{
    if (f->verdict != HF_VERDICT_BLOCK)
        return 1;
    return is_about_job(f) ? 3 : 2;
}

static int
is_known_issue(const struct hf_finding *f)
{
    return strcmp(f->name, hf_check_known_issue.name) == 0;
}

/* The gravest that keeps the host from starting, of the one kind of rows or
 * the other. */
static const struct hf_finding *
worst_finding(const struct hf_decide_in *in, int known_issues)
{
    const struct hf_findings *all = hf_state_findings(in->state);
    const struct hf_finding *worst = NULL;

    for (size_t i = 0; hf_action_is_bound(in->action) && i < all->len; i++) {
        const struct hf_finding *f = &all->v[i];

        if (is_known_issue(f) == known_issues && finding_stops(f, in) &&
            !(in->forecast && f->verdict == HF_VERDICT_UNKNOWN) &&
            (!worst || finding_rank(f) > finding_rank(worst)))
            worst = f;
    }
    return worst;
}

static enum hf_outcome
stop_by(const struct hf_finding *worst, char *why, char *hint)
{
    if (!worst)
        return HF_OUTCOME_COUNT;
    SAY(why, "%s: %s", worst->name, worst->found ? worst->found : "unknown");
    SAY(hint, "%s", worst->remedy ? worst->remedy : "");
    if (worst->verdict == HF_VERDICT_BLOCK && is_about_job(worst))
        return HF_OUTCOME_LOCKED;
    return worst->verdict == HF_VERDICT_BLOCK ? HF_OUTCOME_INELIGIBLE
                                              : HF_OUTCOME_UNVERIFIED;
}

static enum hf_outcome
rule_checks(struct hf_order *order, char *why, char *hint,
            const struct hf_decide_in *in, const struct hf_driver *driver)
{
    (void)order;
    (void)driver;
    return stop_by(worst_finding(in, 0), why, hint);
}

static enum hf_outcome
rule_known_issue(struct hf_order *order, char *why, char *hint,
                 const struct hf_decide_in *in, const struct hf_driver *driver)
{
    (void)order;
    (void)driver;
    return stop_by(worst_finding(in, 1), why, hint);
}

static enum hf_outcome
rule_order(struct hf_order *order, char *why, char *hint,
           const struct hf_decide_in *in, const struct hf_driver *driver)
{
    struct hf_judge_in judge;

    hf_judge_in_init(&judge, in->state, in->fleet, in->now);
    judge.also = in->also;
    driver->order(order, in->action, &judge);
    if (in->state->status.coverage == HF_COVERAGE_INELIGIBLE)
        order->covers = 0; /* what blocks it does so afterwards, too */
    if ((in->action == HF_ACTION_VERIFY ||
         in->action == HF_ACTION_CALL_OFF) && /* the host knows */
        order->price.possible)
        return HF_OUTCOME_COUNT;
    if (order->nothing) {
        SAY(why, "%s",
            order->price.why[0] ? order->price.why : "already as wanted");
        return HF_OUTCOME_ALREADY;
    }
    if (!order->price.possible) {
        SAY(why, "%s", order->price.why);
        SAY(hint, "%s", order->price.note);
        return in->action == HF_ACTION_VERIFY ? HF_OUTCOME_UNVERIFIED
                                              : HF_OUTCOME_INELIGIBLE;
    }
    return HF_OUTCOME_COUNT;
}

/* Nothing puts a blocked release on a host, whoever asks; taking it out is
 * what a block is for. */
static enum hf_outcome
rule_block(struct hf_order *order, char *why, char *hint,
           const struct hf_decide_in *in, const struct hf_driver *driver)
{
    const struct hf_facts *facts = &hf_state_record(in->state)->facts;
    const struct hf_block *block =
        hf_block_among(said_in(in), &order->releases, facts, in->now);

    if (!block)
        block = hf_block_among(said_in(in), &order->along, facts, in->now);

    (void)driver;
    if (!block || !hf_action_is_bound(in->action) ||
        in->action == HF_ACTION_ROLLBACK)
        return HF_OUTCOME_COUNT;
    SAY(why, "release %s is blocked: %s", block->release, block->reason);
    SAY(hint, "hotfleet unblock %s", block->release);
    return HF_OUTCOME_SKIPPED;
}

static enum hf_outcome
rule_rolled_back(struct hf_order *order, char *why, char *hint,
                 const struct hf_decide_in *in, const struct hf_driver *driver)
{
    (void)order;
    (void)driver;
    if (in->action != HF_ACTION_APPLY || in->again ||
        in->state->status.patch != HF_PATCH_ROLLED_BACK)
        return HF_OUTCOME_COUNT;
    SAY(why, "rolled back by run %s", hf_state_record(in->state)->recent.run);
    SAY(hint, "name the host and add --again to apply it once more");
    return HF_OUTCOME_SKIPPED;
}

/* Downloading ahead is what the time between windows is for; in a freeze
 * nothing starts. */
static enum hf_outcome
stop_staging(char *why, const struct hf_decide_in *in)
{
    const struct hf_calendar *cal = said_in(in)->calendar;
    struct hf_period freeze;

    if (!hf_calendar_freeze(cal, said_of(in), in->now, &freeze))
        return HF_OUTCOME_COUNT;
    (void)hf_calendar_admits(cal, said_of(in), HF_RULE_CHANGE, in->now, why);
    return HF_OUTCOME_CLOSED;
}

/* What changes a host and restarts it needs both windows open. Comes last: a
 * host that needs nothing needs no window either. */
static enum hf_outcome
rule_calendar(struct hf_order *order, char *why, char *hint,
              const struct hf_decide_in *in, const struct hf_driver *driver)
{
    const struct hf_calendar *cal = said_in(in)->calendar;
    const struct hf_host *host = said_of(in);

    (void)driver;
    if (!cal || in->any_time || !hf_action_is_bound(in->action))
        return HF_OUTCOME_COUNT;
    if (in->action == HF_ACTION_STAGE)
        return stop_staging(why, in);
    if ((hf_action_restarts(in->action) ||
         hf_calendar_admits(cal, host, HF_RULE_CHANGE, in->now, why)) &&
        (!hf_may_restart(in->action, order->price.restart) ||
         hf_calendar_admits(cal, host, HF_RULE_RESTART, in->now, why)))
        return HF_OUTCOME_COUNT;
    SAY(hint, "hotfleet schedule %s", host->name);
    return HF_OUTCOME_CLOSED;
}

/* What people decided may be overridden, what is so may not. */
static const struct rule {
    rule_fn *stops;
    unsigned glass; /* enum hf_glass, or 0 */
} rules[] = {
    {rule_gone, 0},
    {rule_hold, HF_GLASS_HOLD},
    {rule_exception, HF_GLASS_EXCEPTION},
    {rule_driver, 0},
    {rule_identity, 0},
    {rule_job, 0},
    {rule_rolled_back, 0},
    {rule_checks, 0},
    {rule_known_issue, HF_GLASS_KNOWN_ISSUE},
    {rule_order, 0},
    {rule_block, HF_GLASS_BLOCK},
    {rule_calendar, HF_GLASS_CALENDAR},
};

/* Adds what is overridden to `broken`; 0: it is not. */
static int
breaks_glass(struct hf_buf *broken, const struct rule *rule,
             const struct hf_decide_in *in, char *why, char *hint)
{
    if (!(rule->glass & in->break_glass & said_in(in)->break_glass))
        return 0;
    hf_buf_printf(broken, "%s%s", broken->len ? "; " : "", why);
    why[0] = hint[0] = '\0';
    return 1;
}

enum hf_outcome
hf_decide(struct hf_order *order, char why[HF_WHY_LEN], char hint[HF_WHY_LEN],
          const struct hf_decide_in *in)
{
    const struct hf_driver *driver =
        hf_driver_of(in->state->host, &hf_state_record(in->state)->facts);
    enum hf_outcome outcome = HF_OUTCOME_COUNT;
    struct hf_buf broken = {0};

    memset(order, 0, sizeof(*order));
    why[0] = hint[0] = '\0';
    if (in->action == HF_ACTION_CHECK) /* nothing forbids to look */
        return HF_OUTCOME_COUNT;
    for (size_t i = 0; i < HF_COUNT(rules) && outcome == HF_OUTCOME_COUNT;
         i++) {
        outcome = rules[i].stops(order, why, hint, in, driver);
        if (outcome != HF_OUTCOME_COUNT &&
            breaks_glass(&broken, &rules[i], in, why, hint))
            outcome = HF_OUTCOME_COUNT;
    }
    SAY(order->broken_glass, "%s", hf_buf_str(&broken));
    hf_buf_release(&broken);
    return outcome;
}
