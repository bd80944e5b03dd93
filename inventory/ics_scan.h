/*
 * A look at an iCalendar text before libical reads it: what would make that
 * slow or lost is refused here, with its line. For ics.c and tests.
 */
#ifndef HF_INVENTORY_ICS_SCAN_H
#define HF_INVENTORY_ICS_SCAN_H

#include <stddef.h>

#include "backend/base/err.h"

/*
 * HF_EINVALID: no iCalendar text at all (a web page, say), components that
 * are not closed or nested beyond 8, NUL bytes; HF_ELIMIT: more than
 * HF_ICS_MAX_EVENTS components.
 */
int hf_ics_scan(const char *text, size_t len, struct hf_err *err);

#endif
