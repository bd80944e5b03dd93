/*
 * How a rollout stands, for other programs: JUnit XML for pipelines, a text
 * file for Prometheus' node exporter.
 */
#ifndef HF_CLI_ROLLOUT_FILES_H
#define HF_CLI_ROLLOUT_FILES_H

#include "playbooks/rollout.h"
#include "tui/cli/verb.h"

/* What was offered beside an update that restarted a host. */
struct hf_rollout_beside {
    int told;             /* 0: it was not updated so */
    struct hf_strs along; /* KBs that were installed with it */
    struct hf_strs stays; /* KBs that were not */
    const char *why;      /* why that is not known, or NULL */
};
/* By the evidence of the run. */
void hf_rollout_beside(struct hf_rollout_beside *out, struct hf_session *s,
                       const char *run, const struct hf_plan_host *h,
                       const struct hf_slot *slot);
/* By one record, or NULL; `out` is told of nothing unless an update that
 * restarts was begun. */
void hf_rollout_beside_of(struct hf_rollout_beside *out, const cJSON *evidence);
void hf_rollout_beside_release(struct hf_rollout_beside *b);

/* What log and evidence tell of one host of the plan. */
struct hf_rollout_tale {
    int64_t started; /* ms, 0: not */
    char *why;       /* why it ended so, or NULL */
    struct hf_rollout_beside beside;
};
/* Over some of them; borrows their texts. `v` is to be freed. */
void hf_rollout_beside_sum(struct hf_plan_offers *out,
                           const struct hf_rollout_tale *tales, size_t len);

/* One for each host of the plan, in its order; what cannot be read is
 * complained about and empty. */
struct hf_rollout_tale *
hf_rollout_tales(struct hf_cli *cli, const char *run,
                 const struct hf_plan *plan, const struct hf_rollout *r);
void hf_rollout_tales_free(struct hf_rollout_tale *tales,
                           const struct hf_plan *plan);

struct hf_rollout_sheet {
    const char *run;
    const struct hf_plan *plan;
    const struct hf_rollout *rollout;
    const struct hf_rollout_tale *tales; /* a host of the plan each */
    int64_t at;                          /* ms: when it is written */
};

/* Suites are rings, cases are hosts: a host that failed is a failure, one of
 * which nothing is proven an error, one that was left out is skipped. */
void hf_rollout_junit(struct hf_buf *out, const struct hf_rollout_sheet *s);
/* Prometheus' text format: hosts by ring and outcome, state, budgets, times.
 * Needs no tales. */
void
hf_rollout_prometheus(struct hf_buf *out, const struct hf_rollout_sheet *s);

/* Writes what --junit and --prometheus ask for, each whole or not at all. A
 * file that cannot be written is told and changes nothing else. */
void hf_rollout_write_files(struct hf_cli *cli, const struct hf_conduct *c);
/* --prometheus alone, while the run goes. */
void
hf_rollout_write_prometheus(struct hf_cli *cli, const struct hf_conduct *c);

#endif
