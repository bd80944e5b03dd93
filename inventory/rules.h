/*
 * From what calendar.json says to a calendar. For load_calendar.c and tests.
 */
#ifndef HF_INVENTORY_RULES_H
#define HF_INVENTORY_RULES_H

#include "inventory/documents.h"

/* All of a rule but zone and occasions; what it holds is the document's or the
 * arena's. */
void hf_rule_compile(struct hf_rule *out, const struct hf_rule_doc *doc,
                     struct hf_arena *arena);

/* calendar->hash from its rules, zones and months. */
void hf_calendar_hash(struct hf_calendar *cal);

#endif
