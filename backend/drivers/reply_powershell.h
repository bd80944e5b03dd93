/*
 * Reads what a PowerShell script answered: "hotfleet-1 NONCE", base64 of one
 * JSON document, "end NONCE". As strict as reply.h, with the same limits.
 */
#ifndef HF_DRIVERS_REPLY_POWERSHELL_H
#define HF_DRIVERS_REPLY_POWERSHELL_H

#include "backend/drivers/dialect.h"

/* The decode member of a dialect. A host whose PowerShell may not run scripts
 * says so in the frame: then "ps.language" is the one fact, and the exit
 * status is 1. */
int
hf_reply_powershell_decode(struct hf_reply *out, const char *text, size_t len,
                           const char *nonce, int64_t at, struct hf_err *err);

#endif
