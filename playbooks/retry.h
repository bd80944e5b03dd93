/*
 * Plans that go on from a run, here or in the ledger: doing again what did not
 * end well; newer releases in place of those that were superseded.
 */
#ifndef HF_PLAYBOOKS_RETRY_H
#define HF_PLAYBOOKS_RETRY_H

#include "backend/model/retry.h"
#include "playbooks/plan.h"

struct hf_retry {
    char run[HF_RUN_ID_LEN];
    struct hf_plan *plan; /* of that run */
    int over;
    struct hf_strs hosts[HF_RETRY_GROUP_COUNT]; /* names, in order of starting
                                                 */
};
void hf_retry_release(struct hf_retry *r);
/* How its hosts ended; from state folder or ledger. HF_ENOTFOUND: no run of a
 * playbook. The caller's to release, also after a failure. */
int hf_retry_read(struct hf_retry *out, struct hf_session *s, const char *run,
                  struct hf_err *err);
/* A new plan of the run's playbook, as it is now, for the hosts of these
 * groups (bits); of `more` only change, reason and old_catalogue count.
 * HF_ELOCKED: the run may still start them; else as hf_plan_make. */
int hf_retry_plan(struct hf_plan **out, struct hf_session *s,
                  const struct hf_retry *r, unsigned groups,
                  const struct hf_plan_ask *more, struct hf_problems *problems,
                  struct hf_err *err);

/* A new plan of the run's playbook, with the releases of today, for all hosts
 * of a run that stands still: whoever got an older one gets the newer one in
 * its ring, too. Hosts that were left out of it stay out. HF_EREFUSED: it is
 * over, goes on, or has hosts under way; HF_EINVALID: nothing newer; else as
 * hf_plan_make. */
int hf_supersede_plan(struct hf_plan **out, struct hf_session *s,
                      const char *run, const struct hf_plan_ask *more,
                      struct hf_problems *problems, struct hf_err *err);
/* The run that `plan` supersedes is over, and says by what. Waits for the
 * ledger. A process that carries it out here hears it within a second. */
int hf_supersede_end(struct hf_session *s, const struct hf_plan *plan,
                     struct hf_err *err);

#endif
