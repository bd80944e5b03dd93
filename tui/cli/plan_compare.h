/* Two plans side by side. */
#ifndef HF_CLI_PLAN_COMPARE_H
#define HF_CLI_PLAN_COMPARE_H

#include "tui/cli/verb.h"

/* Of the plan that the first argument names and the second one, or what would
 * be planned now: prints in what they differ; an exit status. */
int hf_plan_compare_report(struct hf_cli *cli);

#endif
