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

struct account {
    enum hf_budget_scope scope;
    int *spent, *forgiven;
};

/* The accounts that a host of `ring` is booked on. */
static void
accounts_of(struct hf_rollout *r, int ring, struct account out[HF_SCOPE_COUNT])
{
    struct ring_run *of = &r->rings[ring];

    out[0] = (struct account){HF_SCOPE_RUN, r->spent, r->forgiven};
    out[1] = (struct account){HF_SCOPE_RING, of->spent, of->forgiven};
    out[2] =
        (struct account){HF_SCOPE_BATCH, r->batch_spent, r->batch_forgiven};
}

void
budget_spend(struct hf_rollout *r, int ring, enum hf_outcome outcome)
{
    struct account accounts[HF_SCOPE_COUNT];
    int kind = kind_of(outcome);

    if (kind < 0)
        return;
    accounts_of(r, ring, accounts);
    for (int i = 0; i < HF_SCOPE_COUNT; i++) {
        const struct account *a = &accounts[i];
        int allowed = r->pb->budget.allowed[kind][a->scope];

        if (a->scope == HF_SCOPE_BATCH && ring != r->ring)
            continue; /* a sleeper of an earlier ring */
        a->spent[kind]++;
        if (allowed == HF_BUDGET_OPEN ||
            a->spent[kind] <= allowed + a->forgiven[kind])
            continue;
        r->budget_exceeded = 1;
        must_stop(r, 0, "%d %s in this %s, %d allowed", a->spent[kind],
                  hf_budget_names[kind], hf_scope_names[a->scope], allowed);
    }
}

static void
forgive(struct hf_rollout *r, const struct account *a)
{
    for (int kind = 0; kind < HF_BUDGET_KIND_COUNT; kind++) {
        int over = a->spent[kind] - r->pb->budget.allowed[kind][a->scope];

        if (r->pb->budget.allowed[kind][a->scope] != HF_BUDGET_OPEN &&
            over > a->forgiven[kind])
            a->forgiven[kind] = over;
    }
}

void
budget_forgive(struct hf_rollout *r)
{
    struct account accounts[HF_SCOPE_COUNT];

    for (size_t ring = 0; ring < r->pb->rings_len; ring++) {
        accounts_of(r, (int)ring, accounts);
        for (int i = 0; i < HF_SCOPE_COUNT; i++)
            forgive(r, &accounts[i]);
    }
}

void
budget_begin_batch(struct hf_rollout *r)
{
    memset(r->batch_spent, 0, sizeof(r->batch_spent));
    memset(r->batch_forgiven, 0, sizeof(r->batch_forgiven));
}

void
hf_rollout_budget(const struct hf_rollout *r, int ring,
                  enum hf_budget_kind kind, enum hf_budget_scope scope,
                  int *spent, int *allowed)
{
    *allowed = r->pb->budget.allowed[kind][scope];
    if (scope == HF_SCOPE_RUN || ring < 0)
        *spent = r->spent[kind];
    else if (scope == HF_SCOPE_RING)
        *spent = r->rings[ring].spent[kind];
    else
        *spent = r->batch_spent[kind];
}
