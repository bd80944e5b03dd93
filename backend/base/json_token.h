/*
 * Strings and numbers of raw JSON text, checked character by character. For
 * files of this folder.
 */
#ifndef HF_BASE_JSON_TOKEN_H
#define HF_BASE_JSON_TOKEN_H

#include <stddef.h>

#include "backend/base/buf.h"

struct hf_json_cursor {
    const char *text;
    size_t len, at;
    /* Told of everything wrong; less than 0 ends the walk. */
    int (*report)(void *ctx, size_t at, const char *text, const char *hint);
    void *ctx;
};

/* Says what was wanted at the cursor and what is there instead; returns -1. */
int hf_json_unexpected(struct hf_json_cursor *c, const char *wanted);
/* The cursor stands on '"' and moves behind the string; its decoded bytes go
 * to `decoded` (may be NULL). -1 when the walk cannot go on. */
int hf_json_take_string(struct hf_json_cursor *c, struct hf_buf *decoded);
/* The cursor stands on a character a number may begin with. */
int hf_json_take_number(struct hf_json_cursor *c);

#endif
