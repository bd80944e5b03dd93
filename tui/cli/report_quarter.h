/* The parts of report quarter; for its own files. */
#ifndef HF_CLI_REPORT_QUARTER_H
#define HF_CLI_REPORT_QUARTER_H

#include "playbooks/review.h"
#include "tui/cli/report.h"

/* r->data is a struct hf_review. */
void hf_report_quarter_json(const struct hf_report *r, cJSON *doc);

#endif
