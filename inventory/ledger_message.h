/* The message of a ledger commit: a sentence, the records, the trailers. */
#ifndef HF_INVENTORY_LEDGER_MESSAGE_H
#define HF_INVENTORY_LEDGER_MESSAGE_H

#include "inventory/ledger.h"

/* The message for n > 0 records, the caller's. Nothing in it comes from a
 * record unsanitised, and none of it can be taken for a trailer but the
 * trailers. */
char *hf_ledger_message(struct hf_ledger_record *const *records, size_t n);

#endif
