/*
 * Reads a reply frame: "hotfleet-1 NONCE", pairs, "end NONCE LINES EXIT".
 * Strict: whatever is not as docs/protocol.md says makes the whole reply bad.
 */
#ifndef HF_DRIVERS_REPLY_H
#define HF_DRIVERS_REPLY_H

#include "backend/drivers/dialect.h"

#define HF_REPLY_MAX_LINES 2000
#define HF_REPLY_MAX_VALUE (64u << 10) /* bytes, decoded */
#define HF_REPLY_MAX_KEY 200

/* The decode member of a dialect. */
int hf_reply_decode(struct hf_reply *out, const char *text, size_t len,
                    const char *nonce, int64_t at, struct hf_err *err);

#endif
