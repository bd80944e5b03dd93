/*
 * Taking back what a run did, or a release wherever it is: who is meant, the
 * plan for it, and the block that keeps it from being applied again.
 */
#ifndef HF_PLAYBOOKS_UNDO_H
#define HF_PLAYBOOKS_UNDO_H

#include "backend/model/rollout.h"
#include "playbooks/plan.h"

#define HF_UNDO_PLAYBOOK "rollback-release"

/* At least one of run and release. */
struct hf_undo {
    const char *run;          /* what it put in */
    const char *release;      /* this one only, or wherever it is in effect */
    const char *ring;         /* of the run; NULL: all of them */
    int batch;                /* of that ring, from 1 on; 0: all of them */
    const char *const *among; /* only these hosts, by name; NULL: all */
    size_t among_len;
};

/*
 * The plan that would do it, without soaking: windows, failure domains, holds
 * and budgets hold as ever. Of `more` the playbook (NULL: HF_UNDO_PLAYBOOK),
 * change and reason count. HF_ELOCKED: the run may still start hosts;
 * HF_ENOTFOUND: no such run, ring or release; else as hf_plan_make.
 */
int hf_undo_plan(struct hf_plan **out, struct hf_session *s,
                 const struct hf_undo *what, const struct hf_plan_ask *more,
                 struct hf_problems *problems, struct hf_err *err);
/* A host of the run that was changed, or of which nobody can say that it was
 * not. */
int hf_undo_touched(const struct hf_slot *slot);
/* Blocks the releases that the plan takes back, a commit for each that is not
 * blocked yet; their names are added to `out`. `reason` NULL: one that names
 * the run. HF_EDIRTY and others: nothing may be begun; see hf_block_add. */
int hf_undo_block(struct hf_strs *out, struct hf_session *s,
                  const struct hf_plan *plan, const char *reason,
                  struct hf_err *err);
/* The same for these releases; `run` (or NULL) is named in the block. */
int
hf_undo_block_releases(struct hf_session *s, const struct hf_strs *releases,
                       const char *run, const char *reason, struct hf_err *err);

#endif
