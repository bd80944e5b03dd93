/* Plans as people name them. */
#ifndef HF_CLI_FIND_PLAN_H
#define HF_CLI_FIND_PLAN_H

#include "playbooks/plan.h"
#include "tui/cli/verb.h"

/* From a playbook's name a plan is made here and now, with --change, --reason
 * and --old-catalogue, and recorded unless --read-only; a plan by its id or
 * hash must still be fresh: HF_ESTALE. The caller's. */
int hf_cli_find_plan(struct hf_plan **out, struct hf_cli *cli, const char *name,
                     struct hf_err *err);

#endif
