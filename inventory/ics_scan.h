/*
 * A look at an iCalendar text before libical reads it: what would make that
 * slow, wrong or lost is refused here, with its line. For ics.c and tests.
 */
#ifndef HF_INVENTORY_ICS_SCAN_H
#define HF_INVENTORY_ICS_SCAN_H

#include <stddef.h>

#include "backend/base/buf.h"
#include "backend/base/err.h"

/* Stands in every VEVENT and VTIMEZONE of what is left: the line on which it
 * begins in the text. */
#define HF_ICS_LINE "X-HOTFLEET-LINE"

/*
 * Appends the lines that decide when events are, unfolded; descriptions,
 * attachments and the like are left out. HF_EINVALID: no iCalendar text at all
 * (a web page, say), components that are not closed or nested beyond 8, NUL
 * bytes, lines and numbers beyond all measure (libical wraps them around);
 * HF_ELIMIT: more than HF_ICS_MAX_EVENTS components.
 */
int hf_ics_scan(struct hf_buf *out, const char *text, size_t len,
                struct hf_err *err);

#endif
