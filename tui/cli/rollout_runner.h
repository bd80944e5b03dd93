/*
 * Carries rollouts out in the foreground: signals, progress on stderr, events
 * as JSON lines, the report at the end.
 */
#ifndef HF_CLI_ROLLOUT_RUNNER_H
#define HF_CLI_ROLLOUT_RUNNER_H

#include "playbooks/rollout.h"
#include "tui/cli/verb.h"

struct hf_progress;
struct hf_signals;

struct hf_rollout_runner {
    struct hf_cli *cli;
    int tick;       /* does what is due, then leaves */
    int interrupts; /* how often somebody pressed Ctrl-C */
    struct hf_conduct *c;
    /* private */
    struct hf_progress *progress;
    struct hf_signals *signals;
    int64_t written_at; /* monotonic */
    char trouble[256];
};

/* A new run of the plan; then hf_rollout_carry_out. */
int hf_rollout_begin(struct hf_rollout_runner *k, const struct hf_plan *plan,
                     struct hf_err *err);
/* A run that has begun is gone on with. HF_ENOTFOUND: there is none of that
 * name; HF_ELOCKED: somebody carries it out. */
int hf_rollout_go_on(struct hf_rollout_runner *k, const char *run,
                     struct hf_err *err);
/* As far as it goes: to its end, until it waits for a person, or with `tick`
 * until nothing is due. Prints the report; an exit status. */
int hf_rollout_carry_out(struct hf_rollout_runner *k);

#endif
