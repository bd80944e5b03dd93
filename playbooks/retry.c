/* Retries: which hosts of a run, and the plan for them. */
#include "playbooks/retry.h"

#include <stdlib.h>

#include "backend/base/text.h"
#include "playbooks/rollout.h"

void
hf_retry_release(struct hf_retry *r)
{
    for (int i = 0; i < HF_RETRY_GROUP_COUNT; i++)
        hf_strs_release(&r->hosts[i]);
    hf_plan_free(r->plan);
    *r = (struct hf_retry){0};
}

int
hf_retry_read(struct hf_retry *out, struct hf_session *s, const char *run,
              struct hf_err *err)
{
    struct hf_rollout *r = NULL;
    struct hf_rollout_view v;
    int rc, group;

    *out = (struct hf_retry){0};
    if ((rc = hf_rollout_read(&out->plan, &r, s, run, err)) < 0) {
        if (rc == HF_ENOTFOUND)
            (void)hf_hint(err, "hotfleet runs names them; only a run of a "
                               "playbook can be done again");
        return rc;
    }
    hf_say(out->run, sizeof(out->run), "%s", run);
    hf_rollout_view(r, &v);
    out->over = v.state == HF_ROLLOUT_IS_OVER;
    for (size_t i = 0; i < out->plan->hosts_len; i++) {
        group = hf_retry_group_of(hf_rollout_slot(r, (int)i));
        if (group >= 0)
            hf_strs_add(&out->hosts[group], out->plan->hosts[i].name);
    }
    hf_rollout_free(r);
    return HF_OK;
}

/* What has not started yet is still the run's own. */
static int
refuse_started(const struct hf_retry *r, unsigned groups, struct hf_err *err)
{
    if (r->over || !(groups & (1u << HF_RETRY_NOT_STARTED)))
        return HF_OK;
    (void)hf_fail(err, HF_ELOCKED,
                  "run %s is not over: it may still start these hosts", r->run);
    return hf_hint(err,
                   "let it go on (hotfleet resume %s) or end it "
                   "(hotfleet abort %s)",
                   r->run, r->run);
}

int
hf_retry_plan(struct hf_plan **out, struct hf_session *s,
              const struct hf_retry *r, unsigned groups,
              const struct hf_plan_ask *more, struct hf_problems *problems,
              struct hf_err *err)
{
    static const char *const nobody[1] = {NULL};
    char *words = hf_retry_format(groups);
    struct hf_plan_ask ask = *more;
    struct hf_strs names = {0};
    int rc;

    *out = NULL;
    for (int i = 0; i < HF_RETRY_GROUP_COUNT; i++) {
        for (size_t k = 0; (groups & (1u << i)) && k < r->hosts[i].len; k++)
            hf_strs_add(&names, r->hosts[i].v[k]);
    }
    ask.playbook = r->plan->playbook.name;
    ask.change = ask.change ? ask.change : r->plan->playbook.change.id;
    ask.reason = ask.reason ? ask.reason : r->plan->playbook.change.reason;
    ask.only = names.len ? (const char *const *)names.v : nobody;
    ask.only_len = names.len;
    ask.after = r->plan;
    ask.origin = (struct hf_plan_origin){
        .how = HF_PLAN_RETRY, .run = r->run, .of = words};
    if ((rc = refuse_started(r, groups, err)) == HF_OK)
        rc = hf_plan_make(out, s, &ask, problems, err);
    hf_strs_release(&names);
    free(words);
    return rc;
}
