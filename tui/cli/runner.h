/*
 * Carries a session's run to its end in the foreground: signals, progress on
 * stderr, events as JSON lines.
 */
#ifndef HF_CLI_RUNNER_H
#define HF_CLI_RUNNER_H

#include "tui/cli/verb.h"

/* Starts `ask` and runs it. HF_OK when it ended or was interrupted (see
 * hf_run_exit). */
int
hf_runner_run(struct hf_cli *cli, const struct hf_ask *ask, struct hf_err *err);
/* Settles what earlier processes left open, saying so; before any verb that
 * acts, when its options are known to be good. 1: states have moved; 0: not,
 * also with --read-only and --dry-run, and when a verb that only reads leaves
 * it to another process (HF_ELOCKED for others: who that is). */
int hf_runner_recover(struct hf_cli *cli, struct hf_err *err);
/* Waits for the ledger; prints its note, if any, to stderr. */
void hf_runner_settle(struct hf_cli *cli);

#endif
