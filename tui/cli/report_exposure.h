/* The parts of report exposure; for its own files. */
#ifndef HF_CLI_REPORT_EXPOSURE_H
#define HF_CLI_REPORT_EXPOSURE_H

#include "playbooks/exposure.h"
#include "tui/cli/report.h"

/* r->data is a struct hf_exposure_report. */
void hf_report_exposure_json(const struct hf_report *r, cJSON *doc);
/* Why nothing is known of the i-th host; valid until the next call. */
const char *hf_report_exposure_unknown(const struct hf_report *r, size_t i,
                                       struct hf_fixes *fixes);
/* Exceptions and holds, with what they leave open; the caller's. */
struct hf_table *hf_report_leavers(const struct hf_exposure_report *d);
/* A line for programs; severities and all. */
cJSON *hf_report_exposed_json(const struct hf_exposed *line);
/* 1: a host of the report runs it. */
int hf_report_runs(const struct hf_report *r, const char *product);

#endif
