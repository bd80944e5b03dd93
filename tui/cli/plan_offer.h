/* What verbs do with a plan that they made: show it, ask, record it, run it. */
#ifndef HF_CLI_PLAN_OFFER_H
#define HF_CLI_PLAN_OFFER_H

#include "playbooks/rollout.h"
#include "tui/cli/verb.h"

struct hf_plan_offer {
    struct hf_cli *cli;
    const struct hf_plan *plan;
    const char *what; /* what is asked: "retry" 3 hosts? */
    /* Both may be NULL. */
    void (*say)(void *ctx); /* below the plan, for people */
    /* When it was agreed to, before anything is recorded. */
    int (*first)(void *ctx, struct hf_err *err);
    void *ctx;
};

/*
 * With --dry-run, --plan-only, or without a host it stops at the plan, which
 * --plan-only records; else it is carried out. The exit status is in *status
 * unless there was an error.
 */
int
hf_plan_offer(const struct hf_plan_offer *o, int *status, struct hf_err *err);

#endif
