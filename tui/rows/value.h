/*
 * Screen 8, Value, as a document: who is current and how fast that went, what
 * is open and who is excused, the restarts that did not happen, and what
 * patches cost in memory. Pure: no curses, no files.
 */
#ifndef HF_ROWS_VALUE_H
#define HF_ROWS_VALUE_H

#include "playbooks/compliance.h"
#include "playbooks/exposure.h"
#include "playbooks/memory.h"
#include "playbooks/savings.h"
#include "tui/rows/line.h"

/* Borrowed. */
struct hf_value {
    const struct hf_compliance *compliance;
    const struct hf_exposure_report *exposure;
    const struct hf_savings *savings;
    const struct hf_memory_report *memory;
};

void hf_value_rows(struct hf_doc *out, const struct hf_value *v,
                   const struct hf_look *look);
/* What is open by ring, and by exception and hold. */
void hf_value_open_rows(struct hf_doc *out, const struct hf_exposure_report *x,
                        const struct hf_look *look);

#endif
