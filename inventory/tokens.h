/*
 * JSON text as a flat list of values with their places, for reading members
 * without copies and for editing a text without touching the rest of it.
 */
#ifndef HF_INVENTORY_TOKENS_H
#define HF_INVENTORY_TOKENS_H

#include <stddef.h>
#include <stdint.h>

#include "backend/base/buf.h"

enum hf_token_type {
    HF_TOKEN_OBJECT,
    HF_TOKEN_ARRAY,
    HF_TOKEN_TEXT,
    HF_TOKEN_NUMBER,
    HF_TOKEN_TRUE,
    HF_TOKEN_FALSE,
    HF_TOKEN_NULL,
};
/* "an object", "a list", "text", ... in enum order, for messages. */
extern const char *const hf_token_type_names[];

/* Offsets are bytes of the text; a value is [start, end). */
struct hf_token {
    uint32_t start, end;
    uint32_t key, key_end; /* inside the quotes; key 0: not a member */
    uint32_t next;         /* the next sibling's place, 0: the last */
    uint32_t children;
    uint8_t type;
    uint8_t escaped, key_escaped; /* holds a backslash */
};

/* v[0] is the document; the first child of v[i] is v[i + 1]. The text is
 * borrowed. {0} is empty and may be read into again and again. */
struct hf_tokens {
    const char *text;
    struct hf_token *v;
    size_t len, cap;
};

/* The text must have passed hf_json_scan: nothing is checked here. */
void hf_tokens_read(struct hf_tokens *t, const char *text);
void hf_tokens_release(struct hf_tokens *t);

/* The member `key` of object `object`, or 0. */
uint32_t
hf_tokens_member(const struct hf_tokens *t, uint32_t object, const char *key);
int hf_tokens_key_is(const struct hf_tokens *t, const struct hf_token *token,
                     const char *key);

/* Replaces `out` with the decoded text of a text value, or of a key. */
void hf_tokens_text(const struct hf_tokens *t, const struct hf_token *token,
                    struct hf_buf *out);
void hf_tokens_key(const struct hf_tokens *t, const struct hf_token *token,
                   struct hf_buf *out);

#endif
