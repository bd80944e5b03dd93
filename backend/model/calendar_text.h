/*
 * The words of calendar.json: from text to the parts of a rule, and a rule in
 * words for people. Pure.
 */
#ifndef HF_MODEL_CALENDAR_TEXT_H
#define HF_MODEL_CALENDAR_TEXT_H

#include "backend/base/buf.h"
#include "backend/model/calendar.h"

/* "second tuesday + 4 days", "last day", "first day + 14 days". 0 or -1; days
 * up to 31 either way. */
int hf_monthly_parse(struct hf_monthly *out, const char *s);
/* "22:00": ms after midnight. 0 or -1. */
int hf_clock_parse(int64_t *out, const char *s);
/* "2026-12-18" (*whole is 1: the day's start) or "2026-12-18T18:00", local. 0
 * or -1. */
int hf_local_parse(int64_t *out, int *whole, const char *s);

/* "second Tuesday + 4 days, 22:00 for 4h", "every Saturday and Sunday, 22:00
 * for 4h (Europe/Berlin)", "2026-12-18 00:00 to 2027-01-07 00:00". */
void hf_rule_describe(struct hf_buf *out, const struct hf_rule *rule);

#endif
