/*
 * May this action start on this host now? One answer for forms, --dry-run and
 * the engine itself, which asks again with fresh facts.
 */
#ifndef HF_ENGINE_DECIDE_H
#define HF_ENGINE_DECIDE_H

#include "backend/drivers/driver.h"
#include "backend/model/action.h"
#include "backend/model/state.h"

/* What the decision is about. Pointers are borrowed for the call. */
struct hf_decide_in {
    enum hf_action action;
    const struct hf_fleet *fleet;
    /* Whose holds, exceptions, blocks and calendar count: the fleet as its
     * newest commit has it. NULL: `fleet`. */
    const struct hf_fleet *newest;
    const struct hf_state *state; /* facts, findings, status, recent */
    const char *run; /* that asks, or NULL: a job folder that it took and never
                        used is its own */
    int again;       /* apply although rolled back */
    const struct hf_also *also; /* see hf_judge_in */
    unsigned break_glass;       /* enum hf_glass: to be overridden, as far
                                   as the fleet allows it */
    int forecast; /* recorded facts: what they do not tell will be asked */
    int any_time; /* a plan: windows count when the host starts */
    int64_t now;
};

/*
 * Fills `order` (released by the caller) and returns HF_OUTCOME_COUNT when
 * the action may start, else the outcome it ends with; `why` then says why,
 * in one sentence. What was overridden stands in order->broken_glass.
 */
enum hf_outcome hf_decide(struct hf_order *order, char why[HF_WHY_LEN],
                          char hint[HF_WHY_LEN], const struct hf_decide_in *in);

/* 1 when these facts tell of a job folder of that run in that state
 * (docs/protocol.md, job.state). */
int
hf_job_is_of(const struct hf_facts *facts, const char *run, const char *state);

#endif
