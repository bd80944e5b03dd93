/* The parts of report memory; for its own files. */
#ifndef HF_CLI_REPORT_MEMORY_H
#define HF_CLI_REPORT_MEMORY_H

#include "playbooks/memory.h"
#include "tui/cli/report.h"

/* r->data is a struct hf_memory_report. */
void hf_report_memory_json(const struct hf_report *r, cJSON *doc);

#endif
