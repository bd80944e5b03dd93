/*
 * Screen 8, Value, as a document: who is current and how fast that went, and
 * the restarts that did not happen, and what patches cost in memory. Pure: no
 * curses, no files.
 */
#ifndef HF_ROWS_VALUE_H
#define HF_ROWS_VALUE_H

#include "playbooks/compliance.h"
#include "playbooks/memory.h"
#include "playbooks/savings.h"
#include "tui/rows/line.h"

void hf_value_rows(struct hf_doc *out, const struct hf_compliance *c,
                   const struct hf_savings *s, const struct hf_memory_report *m,
                   const struct hf_look *look);

#endif
