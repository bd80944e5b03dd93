/* What the files about plans share. Private to playbooks/plan*.c. */
#ifndef HF_PLAYBOOKS_PLAN_PRIV_H
#define HF_PLAYBOOKS_PLAN_PRIV_H

#include "backend/model/host.h"
#include "playbooks/plan.h"

/* SHA-256 over a host's effective settings: what reaches or changes it, not
 * its notes, holds and file. In the arena. */
const char *plan_settings(struct hf_arena *arena, const struct hf_host *h);
/* Number of the host's value in that domain among `values`, which grows; -1:
 * it is in none. */
int32_t plan_domain_value(struct hf_strs *values, const char *domain,
                          const struct hf_host *h);
/* What later rings hold that earlier ones do not. */
void plan_fill_gaps(struct hf_plan *plan, struct hf_session *s);
/* HF_EREFUSED when the playbook requires representation and there is a gap. */
int plan_check_gaps(const struct hf_plan *plan, struct hf_err *err);

#endif
