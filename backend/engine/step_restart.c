/*
 * The step of a host that restarts, since its job ordered it: it goes away,
 * comes back with another boot id, and comes up. Losing the connection is
 * what is expected here.
 */
#include <string.h>

#include "backend/base/time.h"
#include "backend/engine/steps.h"

void
step_after_job(struct flow *f)
{
    flow_enter(f, f->order.restart_in && !f->job_failed && !f->vanished
                      ? HF_PHASE_RESTARTING
                      : HF_PHASE_VERIFYING);
}

/* When the restart is due, in ms after the job's end: the job itself knows
 * best. */
static int64_t
due_in(const struct flow *f)
{
    int64_t seconds;

    return hf_facts_int(&f->result, "restart_in", &seconds) == 0 &&
                   seconds >= 0 && seconds < 86400
               ? seconds * 1000
               : f->order.restart_in;
}

static int64_t
minutes(int64_t ms)
{
    return (ms + 59999) / 60000;
}

void
step_begin_restart(struct flow *f)
{
    if (!f->restart_since)
        f->restart_since = hf_pace();
    step_ask_facts(f);
}

/* The time that a host may take to restart is over. */
static int
is_overdue(const struct flow *f)
{
    return hf_pace() - f->restart_since >= due_in(f) + f->run->o.times.restart;
}

/* It answers, with the boot id from before, long after its restart was due:
 * somebody called it off, or it was never carried out. */
static int
stays_up(const struct flow *f)
{
    return hf_pace() - f->restart_since >= due_in(f) + f->run->o.times.linger;
}

static void
has_restarted(struct flow *f, const char *boot_id)
{
    f->back_since = hf_pace();
    hf_params_set(&f->order.params, "BOOT_ID", boot_id);
    SAY(f->pub.why, "has restarted");
    flow_wait(f, HF_PHASE_VERIFYING);
    flow_later(f, f->run->o.times.settle);
}

void
step_answer_restart(struct flow *f, const struct hf_reply *reply)
{
    const char *id = hf_facts_get(&reply->values, "boot.id");
    const char *before = hf_facts_get(&f->pub.before, "boot.id");

    if (id && before && !hf_boot_same(id, before)) {
        has_restarted(f, id);
        return;
    }
    if (stays_up(f)) {
        step_judge(f, reply); /* the criterion says so */
        return;
    }
    SAY(f->pub.why, "still up, restarts soon");
    flow_later(f, f->run->o.times.settle);
}

/* During a start logins may be denied; another host key stays another. */
void
step_no_answer_restart(struct flow *f, const struct hf_err *err)
{
    flow_disconnect(f);
    if (f->net == HF_NET_HOSTKEY) {
        flow_end_in_doubt(f, err);
        return;
    }
    if (is_overdue(f)) {
        SAY(f->pub.hint, "look at its console; then hotfleet verify %s",
            f->pub.host->name);
        flow_end(f, HF_OUTCOME_UNVERIFIED,
                 "did not come back within %lld min of its restart: %s",
                 (long long)minutes(f->run->o.times.restart), err->text);
        return;
    }
    SAY(f->pub.why, "away: %s", err->text);
    flow_retry_later(f);
}

int
step_still_recovers(const struct flow *f)
{
    return f->back_since && hf_pace() - f->back_since < f->run->o.times.recover;
}
