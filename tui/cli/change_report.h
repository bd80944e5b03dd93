/* What apply, rollback, reboot and verify do to hosts that are chosen by a
 * selector, and what they print before and after. */
#ifndef HF_CLI_CHANGE_REPORT_H
#define HF_CLI_CHANGE_REPORT_H

#include "tui/cli/verb.h"

void
hf_change_print_forecast(struct hf_cli *cli, FILE *to,
                         const struct hf_forecasts *f, enum hf_action action);
int hf_change_forecast_json(struct hf_cli *cli, const struct hf_forecasts *f);
/* Nothing is to be done: says why, and returns the exit status. */
int hf_change_nothing(struct hf_cli *cli, const struct hf_forecasts *f);
/* The session's ended run, as table or JSON; returns the exit status. */
int hf_change_report(struct hf_cli *cli);

/* ---- verb_change.c ---- */

/* Such a verb, from its options to its exit status. */
int hf_change_run(struct hf_cli *cli, enum hf_action action);

#endif
