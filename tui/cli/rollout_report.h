/* A rollout on standard error while it goes, and how it ended. */
#ifndef HF_CLI_ROLLOUT_REPORT_H
#define HF_CLI_ROLLOUT_REPORT_H

#include "playbooks/rollout.h"
#include "tui/cli/verb.h"

/* A bar for each ring on a terminal; else one line for each thing of note. */
struct hf_progress;
struct hf_progress *hf_progress_new(struct hf_cli *cli);
void hf_progress_free(struct hf_progress *p);
void hf_progress_event(struct hf_progress *p, const struct hf_plan *plan,
                       const struct hf_rollout_event *e);
void hf_progress_draw(struct hf_progress *p, const struct hf_conduct *c);

/* {hosts, waiting, in_flight, asleep, and outcomes that occurred}; caller's. */
cJSON *hf_rollout_counts_json(const struct hf_rollout_counts *n);
/* "waiting", "under-way" ...; its outcome, once it has ended. */
const char *hf_rollout_slot_word(const struct hf_slot *slot);
/* As table, or as JSON; returns the status. */
int
hf_rollout_report(struct hf_cli *cli, const struct hf_conduct *c, int status);
/* The document of `run --json` without a process that carries it out. */
cJSON *hf_rollout_json(struct hf_cli *cli, const char *run,
                       const struct hf_plan *plan, const struct hf_rollout *r);

#endif
