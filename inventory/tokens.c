/* The places of the values in a JSON text that is known to be sound. */
#include "inventory/tokens.h"

#include <cjson/cJSON.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"

const char *const hf_token_type_names[] = {
    "an object", "a list", "text", "a number", "true", "false", "null",
};

/* ---- reading ---- */

static uint32_t
skip_space(const char *s, uint32_t at)
{
    while (s[at] == ' ' || s[at] == '\n' || s[at] == '\t' || s[at] == '\r')
        at++;
    return at;
}

/* From the opening quote to behind the closing one. */
static uint32_t
skip_text(const char *s, uint32_t at, uint8_t *escaped)
{
    for (at++; s[at] != '"'; at++) {
        if (s[at] == '\\') {
            *escaped = 1;
            at++;
        }
    }
    return at + 1;
}

static enum hf_token_type
type_of(char c)
{
    switch (c) {
    case '{':
        return HF_TOKEN_OBJECT;
    case '[':
        return HF_TOKEN_ARRAY;
    case '"':
        return HF_TOKEN_TEXT;
    case 't':
        return HF_TOKEN_TRUE;
    case 'f':
        return HF_TOKEN_FALSE;
    case 'n':
        return HF_TOKEN_NULL;
    default:
        return HF_TOKEN_NUMBER;
    }
}

static uint32_t
read_value(struct hf_tokens *t, uint32_t at, struct hf_token key);

/* The members of v[self], from behind its bracket to behind the other one. */
static uint32_t
read_children(struct hf_tokens *t, uint32_t self, uint32_t at)
{
    const char *s = t->text;
    int members = s[t->v[self].start] == '{';
    uint32_t previous = 0, child;

    for (at = skip_space(s, at); s[at] != '}' && s[at] != ']';) {
        struct hf_token key = {0};

        if (members) {
            key.key = at + 1;
            at = skip_text(s, at, &key.key_escaped);
            key.key_end = at - 1;
            at = skip_space(s, skip_space(s, at) + 1); /* the colon */
        }
        child = (uint32_t)t->len;
        at = skip_space(s, read_value(t, at, key));
        if (s[at] == ',')
            at = skip_space(s, at + 1);
        t->v[self].children++;
        if (previous)
            t->v[previous].next = child;
        previous = child;
    }
    return at + 1;
}

/* Recursion is bounded by the depth that hf_json_scan allowed. */
static uint32_t
read_value(struct hf_tokens *t, uint32_t at, struct hf_token key)
{
    uint32_t self = (uint32_t)t->len;
    struct hf_token *token = HF_PUSH(&t->v, &t->len, &t->cap);

    *token = key;
    token->start = at;
    token->type = (uint8_t)type_of(t->text[at]);
    switch (token->type) {
    case HF_TOKEN_OBJECT:
    case HF_TOKEN_ARRAY:
        at = read_children(t, self, at + 1);
        break;
    case HF_TOKEN_TEXT:
        at = skip_text(t->text, at, &token->escaped);
        break;
    default:
        at += (uint32_t)strcspn(t->text + at, " \t\r\n,]}");
    }
    t->v[self].end = at;
    return at;
}

void
hf_tokens_read(struct hf_tokens *t, const char *text)
{
    t->text = text;
    t->len = 0;
    read_value(t, skip_space(text, 0), (struct hf_token){0});
}

void
hf_tokens_release(struct hf_tokens *t)
{
    free(t->v);
    *t = (struct hf_tokens){0};
}

/* ---- looking ---- */

/* Text between quotes that holds escapes: rare, so cJSON decodes it. */
static void
unescape(const char *quoted, size_t len, struct hf_buf *out)
{
    cJSON *value = cJSON_ParseWithLength(quoted, len);

    hf_buf_puts(out, cJSON_IsString(value) ? value->valuestring : "");
    cJSON_Delete(value);
}

void
hf_tokens_text(const struct hf_tokens *t, const struct hf_token *token,
               struct hf_buf *out)
{
    hf_buf_clear(out);
    if (token->escaped)
        unescape(t->text + token->start, token->end - token->start, out);
    else
        hf_buf_add(out, t->text + token->start + 1,
                   token->end - token->start - 2);
}

void
hf_tokens_key(const struct hf_tokens *t, const struct hf_token *token,
              struct hf_buf *out)
{
    hf_buf_clear(out);
    if (token->key_escaped)
        unescape(t->text + token->key - 1, token->key_end - token->key + 2,
                 out);
    else
        hf_buf_add(out, t->text + token->key, token->key_end - token->key);
}

int
hf_tokens_key_is(const struct hf_tokens *t, const struct hf_token *token,
                 const char *key)
{
    size_t len = token->key_end - token->key;
    struct hf_buf decoded = {0};
    int same;

    if (!token->key_escaped)
        return strncmp(key, t->text + token->key, len) == 0 && key[len] == '\0';
    hf_tokens_key(t, token, &decoded);
    same = strcmp(hf_buf_str(&decoded), key) == 0;
    hf_buf_release(&decoded);
    return same;
}

uint32_t
hf_tokens_member(const struct hf_tokens *t, uint32_t object, const char *key)
{
    uint32_t child = t->v[object].children ? object + 1 : 0;

    for (; child; child = t->v[child].next)
        if (hf_tokens_key_is(t, &t->v[child], key))
            break;
    return child;
}
