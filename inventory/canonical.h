/*
 * Lines of fields to be hashed: percent-encoded, so that no value can end one.
 */
#ifndef HF_INVENTORY_CANONICAL_H
#define HF_INVENTORY_CANONICAL_H

#include "backend/base/buf.h"

/* One field, and the blank behind it; NULL is empty. */
void hf_canonical_text(struct hf_buf *out, const char *text);
/* A list as one field; NULL-terminated, or NULL. */
void hf_canonical_texts(struct hf_buf *out, const char *const *texts);

#endif
