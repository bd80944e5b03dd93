/* A run of the past as lines: what the ledger recorded of it. */
#ifndef HF_ROWS_PAST_RUN_H
#define HF_ROWS_PAST_RUN_H

#include <cjson/cJSON.h>

#include "tui/rows/line.h"

/* `end` is NULL when the run has not ended, as far as the ledger knows. */
void hf_past_run_rows(struct hf_doc *d, const char *run, const cJSON *doc,
                      const cJSON *end, const struct hf_look *look);

#endif
