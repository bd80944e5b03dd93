/* A plan for people. */
#ifndef HF_CLI_PLAN_REPORT_H
#define HF_CLI_PLAN_REPORT_H

#include "playbooks/plan.h"
#include "tui/cli/verb.h"

/* Everything that would happen, in order, with its price, and who is left out
 * and why. */
void hf_plan_print(struct hf_cli *cli, const struct hf_plan *plan);

/* Hosts by the reason why they are not changed; nothing when n is 0. */
void hf_left_out_print(const char *title, const struct hf_plan_left_out *all,
                       size_t n);
/* The same, or --json, of a plan by itself; an exit status. */
int
hf_plan_report(struct hf_cli *cli, const struct hf_plan *plan, int recorded);

/* "goes along  KB5066131, 3 hosts" and "stays ...", by KB, under a heading. */
void
hf_plan_offers_print(const struct hf_plan_offers *all, const char *heading);

#endif
