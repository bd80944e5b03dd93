/*
 * A fact as people read it: sizes and times in words. Documents keep what the
 * host said.
 */
#ifndef HF_ROWS_FACT_H
#define HF_ROWS_FACT_H

#include "backend/base/buf.h"
#include "backend/model/facts.h"

/* Appends the value, or "unknown: " and why. A number that is bytes, a moment
 * or a span by its key is told as "8.0 GiB", RFC 3339, "2h 5m". */
void hf_fact_show(struct hf_buf *out, const struct hf_fact *f);

/* Appends "8.0 GiB", "-24.0 KiB", "512 bytes". */
void hf_bytes_show(struct hf_buf *out, int64_t bytes);

#endif
