/*
 * Budgets: how many hosts may end badly in a batch, a ring, a run. A budget of
 * n allows n; the next one stops the run.
 */
#include <string.h>

#include "backend/model/rollout_priv.h"

/* What an outcome is spent from, or -1. */
static int
kind_of(enum hf_outcome outcome)
{
    switch (outcome) {
    case HF_OUTCOME_FAILED:
    case HF_OUTCOME_CANCELLED:  /* it could not be begun: no journal ... */
    case HF_OUTCOME_CALLED_OFF: /* a person does not want it to go on */
        return HF_BUDGET_FAILED;
    case HF_OUTCOME_UNVERIFIED:
        return HF_BUDGET_UNVERIFIED;
    case HF_OUTCOME_UNREACHABLE:
    case HF_OUTCOME_REFUSED:
    case HF_OUTCOME_LOCKED:
        return HF_BUDGET_UNREACHABLE;
    default:
        return -1;
    }
}

static void
spend(struct hf_rollout *r, struct account *a, enum hf_budget_scope scope,
      int group, int kind)
{
    int allowed = r->pb->budget.allowed[kind][scope];

    a->spent[group][kind]++;
    if (allowed == HF_BUDGET_OPEN ||
        a->spent[group][kind] <= allowed + a->forgiven[group][kind])
        return;
    r->budget_exceeded = 1;
    must_stop(r, 0, "%d %s in this %s%s, %d allowed", a->spent[group][kind],
              hf_budget_names[kind], hf_scope_names[scope],
              group == GROUP_RESTART_UPDATE
                  ? ", of those updated with a restart"
                  : "",
              allowed);
}

void
budget_spend(struct hf_rollout *r, int host, enum hf_outcome outcome)
{
    const struct hf_plan_host *h = &r->plan->hosts[host];
    int group = h->restart_update ? GROUP_RESTART_UPDATE : GROUP_MAIN;
    int kind = kind_of(outcome);

    if (kind < 0)
        return;
    spend(r, &r->account, HF_SCOPE_RUN, group, kind);
    spend(r, &r->rings[h->ring].account, HF_SCOPE_RING, group, kind);
    if (h->ring == r->ring) /* else a sleeper of an earlier ring */
        spend(r, &r->batch_account, HF_SCOPE_BATCH, group, kind);
}

static void
forgive(struct hf_rollout *r, struct account *a, enum hf_budget_scope scope)
{
    for (int kind = 0; kind < HF_BUDGET_KIND_COUNT; kind++) {
        int allowed = r->pb->budget.allowed[kind][scope];

        for (int group = 0; group < GROUP_COUNT; group++) {
            int over = a->spent[group][kind] - allowed;

            if (allowed != HF_BUDGET_OPEN && over > a->forgiven[group][kind])
                a->forgiven[group][kind] = over;
        }
    }
}

void
budget_forgive(struct hf_rollout *r)
{
    forgive(r, &r->account, HF_SCOPE_RUN);
    forgive(r, &r->batch_account, HF_SCOPE_BATCH);
    for (size_t ring = 0; ring < r->pb->rings_len; ring++)
        forgive(r, &r->rings[ring].account, HF_SCOPE_RING);
}

void
budget_begin_batch(struct hf_rollout *r)
{
    memset(&r->batch_account, 0, sizeof(r->batch_account));
}

void
hf_rollout_budget(const struct hf_rollout *r, int ring,
                  enum hf_budget_kind kind, enum hf_budget_scope scope,
                  int *spent, int *allowed)
{
    const struct account *a = &r->batch_account;

    if (scope == HF_SCOPE_RUN || ring < 0)
        a = &r->account;
    else if (scope == HF_SCOPE_RING)
        a = &r->rings[ring].account;
    *allowed = r->pb->budget.allowed[kind][scope];
    *spent = 0;
    for (int group = 0; group < GROUP_COUNT; group++) {
        if (a->spent[group][kind] > *spent)
            *spent = a->spent[group][kind];
    }
}
