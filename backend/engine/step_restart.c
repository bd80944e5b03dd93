/*
 * The step of a host that restarts, since its job ordered it: it goes away,
 * comes back with another boot id, and comes up. Losing the connection is
 * what is expected here. And how that is called off while there is time.
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

/* Takes no lock: the run that holds the host's folder may be the one. */
static void
ask_to_call_off(struct flow *f)
{
    struct hf_params params = {0};

    hf_params_set(&params, "OPERATOR", f->run->operator_);
    step_ask(f, HF_SCRIPT_CALL_OFF, &params);
}

int
step_was_called_off(const struct flow *f, const struct hf_facts *facts)
{
    const char *run = hf_facts_get(facts, "restart.calledoff");
    const char *is = hf_facts_get(facts, "boot.id");
    const char *was = hf_facts_get(&f->pub.before, "boot.id");

    return run && strcmp(run, f->run->run) == 0 && is && was &&
           hf_boot_same(is, was);
}

void
step_begin_restart(struct flow *f)
{
    if (!f->restart_since)
        f->restart_since = hf_pace();
    if (f->call_off == CALL_OFF_NO) {
        step_ask_facts(f);
        return;
    }
    f->call_off = CALL_OFF_ASKED;
    ask_to_call_off(f);
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

    if (f->call_off == CALL_OFF_ASKED) { /* the facts will tell */
        f->call_off = CALL_OFF_NO;
        step_begin_restart(f);
        return;
    }
    if (id && before && !hf_boot_same(id, before)) {
        has_restarted(f, id);
        return;
    }
    if (step_was_called_off(f, &reply->values) || stays_up(f)) {
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

/* ---- calling it off ---- */

int
hf_run_call_off(struct hf_run *r, size_t i)
{
    struct flow *f = &r->flows[i];

    if (!f->pub.started || f->pub.phase == HF_PHASE_DONE || f->back_since ||
        !f->order.restart_in)
        return 0;
    f->call_off = CALL_OFF_WANTED;
    SAY(f->pub.why, "its restart is to be called off");
    if (f->pub.phase == HF_PHASE_RESTARTING)
        flow_wake(f);
    return 1;
}

void
step_begin_calling(struct flow *f)
{
    f->touched = 1;
    ask_to_call_off(f);
}

/* clang-format off */
static const struct {
    const char *off; /* what the host says */
    enum hf_outcome outcome; /* HF_OUTCOME_COUNT: to be proven */
    const char *text;
} answers[] = {
    {"yes", HF_OUTCOME_COUNT, "the restart of run %s is called off"},
    {"late", HF_OUTCOME_FAILED, "too late: the restart of run %s was carried "
     "out, or is under way"},
    {"none", HF_OUTCOME_ALREADY, "no restart of hotfleet is ordered here"},
};
/* clang-format on */

static void
take_answer(struct flow *f, size_t i, const char *run)
{
    char text[HF_WHY_LEN];

    hf_say(text, sizeof(text), answers[i].text, run ? run : "?");
    if (answers[i].outcome != HF_OUTCOME_COUNT) {
        flow_end(f, answers[i].outcome, "%s", text);
        return;
    }
    SAY(f->pub.why, "%s", text);
    flow_enter(f, HF_PHASE_VERIFYING);
}

void
step_answer_calling(struct flow *f, const struct hf_reply *reply)
{
    const char *off = hf_facts_get(&reply->values, "off");
    const char *why = hf_facts_get(&reply->values, "error");

    for (size_t i = 0; off && i < HF_COUNT(answers); i++) {
        if (strcmp(answers[i].off, off) == 0) {
            take_answer(f, i, hf_facts_get(&reply->values, "off.run"));
            return;
        }
    }
    SAY(f->pub.hint, "on the host: shutdown /a (Windows), shutdown -c (Linux)");
    flow_end(f, HF_OUTCOME_FAILED, "its restart cannot be called off: %s",
             why ? why : "the host did not say why");
}
