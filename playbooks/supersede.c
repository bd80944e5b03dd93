/* A plan with newer releases in place of a run that stands still. */
#include <poll.h>
#include <string.h>

#include "backend/base/text.h"
#include "playbooks/retry.h"
#include "playbooks/rollout.h"

#define SETTLE_MS 30000

/* ---- the plan ---- */

static int
check_standing(const struct hf_rollout *r, const char *run, struct hf_err *err)
{
    struct hf_rollout_counts n;
    struct hf_rollout_view v;

    hf_rollout_view(r, &v);
    hf_rollout_counts(r, -1, &n);
    if (v.state == HF_ROLLOUT_IS_OVER || v.state == HF_ROLLOUT_IS_ENDING) {
        (void)hf_fail(err, HF_EREFUSED, "run %s is %s", run,
                      hf_rollout_state_names[v.state]);
        return hf_hint(err, "hotfleet plan PLAYBOOK makes a plan by itself");
    }
    if (v.state == HF_ROLLOUT_GOING) {
        (void)hf_fail(err, HF_EREFUSED, "run %s is going", run);
        return hf_hint(err, "hotfleet pause %s", run);
    }
    if (!n.in_flight)
        return HF_OK;
    (void)hf_fail(err, HF_EREFUSED, "run %s has %zu host%s under way", run,
                  n.in_flight, hf_plural(n.in_flight));
    return hf_hint(err, "hotfleet run %s --tick finishes or settles them", run);
}

static void
add_hosts(struct hf_strs *names, const struct hf_plan *plan,
          const struct hf_rollout *r)
{
    for (size_t i = 0; i < plan->hosts_len; i++) {
        const struct hf_slot *slot = hf_rollout_slot(r, (int)i);

        if (slot->state != HF_SLOT_ENDED || slot->outcome != HF_OUTCOME_SKIPPED)
            hf_strs_add(names, plan->hosts[i].name);
    }
}

static int
check_newer(const struct hf_plan *old, const struct hf_plan *now,
            const char *run, struct hf_err *err)
{
    for (size_t i = 0; i < now->hosts_len; i++) {
        int k = hf_plan_find(old, now->hosts[i].name);
        const char *was = k < 0 ? NULL : old->hosts[k].to;
        const char *is = now->hosts[i].to;

        if (was && is && strcmp(was, is) != 0)
            return HF_OK;
    }
    return hf_fail(err, HF_EINVALID,
                   "nothing newer: no host of run %s would get another release "
                   "than was planned",
                   run);
}

int
hf_supersede_plan(struct hf_plan **out, struct hf_session *s, const char *run,
                  const struct hf_plan_ask *more, struct hf_problems *problems,
                  struct hf_err *err)
{
    static const char *const nobody[1] = {NULL};
    struct hf_plan_ask ask = *more;
    struct hf_plan *old = NULL;
    struct hf_rollout *r = NULL;
    struct hf_strs names = {0};
    int rc;

    *out = NULL;
    if ((rc = hf_rollout_read(&old, &r, s, run, err)) < 0 ||
        (rc = check_standing(r, run, err)) < 0)
        goto out;
    add_hosts(&names, old, r);
    ask.playbook = old->playbook.name;
    ask.change = ask.change ? ask.change : old->playbook.change.id;
    ask.reason = ask.reason ? ask.reason : old->playbook.change.reason;
    ask.only = names.len ? (const char *const *)names.v : nobody;
    ask.only_len = names.len;
    ask.after = old;
    ask.origin = (struct hf_plan_origin){.how = HF_PLAN_SUPERSEDE, .run = run};
    if ((rc = hf_plan_make(out, s, &ask, problems, err)) < 0 ||
        (rc = check_newer(old, *out, run, err)) == HF_OK)
        goto out;
    hf_plan_free(*out);
    *out = NULL;
out:
    hf_strs_release(&names);
    hf_rollout_free(r);
    hf_plan_free(old);
    return rc;
}

/* ---- the end of the run ---- */

/* Nothing is under way: it hears what was said, and ends. */
static int
let_it_end(struct hf_session *s, const char *run, struct hf_err *err)
{
    struct hf_conduct *c = NULL;
    int64_t wait;
    int rc = hf_conduct_resume(&c, s, run, NULL, err);

    if (rc == HF_ELOCKED)
        return HF_OK; /* whoever carries it out hears it */
    if (rc < 0)
        return rc;
    while ((wait = hf_conduct_pump(c)) != HF_RUN_OVER &&
           wait != HF_CONDUCT_IDLE) {
        struct pollfd fd = {.fd = hf_conduct_fd(c), .events = POLLIN};

        (void)poll(&fd, 1, (int)wait);
    }
    hf_conduct_free(c);
    return HF_OK;
}

int
hf_supersede_end(struct hf_session *s, const struct hf_plan *plan,
                 struct hf_err *err)
{
    struct hf_rollout_event e = hf_rollout_event_of(HF_ROLLOUT_REPLACED);
    const char *run = plan->origin.run;
    int rc;

    hf_say(e.why, sizeof(e.why), "superseded by plan %s", plan->id);
    if ((rc = hf_rollout_say(s, run, &e, err)) < 0 ||
        (rc = hf_session_settle(s, SETTLE_MS, err)) < 0 ||
        (rc = let_it_end(s, run, err)) < 0)
        return hf_wrap(err, "plan %s is recorded, but", plan->id);
    return HF_OK;
}
