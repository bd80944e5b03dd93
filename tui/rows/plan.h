/*
 * A plan as a person reads it before it is carried out: restarts first, rings,
 * hosts in order, who is left out and why, the worst case. Pure.
 */
#ifndef HF_ROWS_PLAN_H
#define HF_ROWS_PLAN_H

#include "playbooks/plan.h"
#include "tui/rows/line.h"

/* Appends what happens without a person when it goes wrong, `restarts` hosts of
 * it with a restart; nothing where only a person takes it back. */
void hf_plan_worst(struct hf_buf *out, const struct hf_playbook_undo *undo,
                   size_t restarts);
/* A few lines: restarts, hosts, price, taking it back, the worst case. */
void hf_plan_summary(struct hf_doc *d, const struct hf_plan *plan,
                     const struct hf_look *look);
/* All the rest. */
void hf_plan_rows(struct hf_doc *d, const struct hf_plan *plan,
                  const struct hf_look *look);

#endif
