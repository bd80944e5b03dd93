/*
 * What is believed of an answer is harmless text under harmless keys, within
 * the limits; a bad reply leaves nothing behind. The same for all dialects.
 */
#ifndef HF_TESTS_FUZZ_REPLY_H
#define HF_TESTS_FUZZ_REPLY_H

#include <string.h>

#include "backend/base/text.h"
#include "backend/drivers/reply.h"
#include "tests/fuzz/fuzz.h"

#define NONCE "0123456789abcdef0123456789abcdef"

/* No control character, valid UTF-8; newlines only where they may be. */
static inline void
check_text(const char *text, size_t max, int lines)
{
    size_t len = strlen(text);

    PROMISE(len <= max);
    PROMISE(hf_utf8_valid(text, len));
    for (size_t i = 0; i < len; i++)
        PROMISE((unsigned char)text[i] >= ' ' || (lines && text[i] == '\n'));
}

static inline void
check_fact(const struct hf_fact *f)
{
    /* sanitising writes up to eight bytes for one */
    const size_t most = (size_t)HF_REPLY_MAX_VALUE * 8;
    int lines =
        strcmp(f->key, "log") == 0 || strncmp(f->key, "result.", 7) == 0;

    check_text(f->key, HF_REPLY_MAX_KEY, 0);
    PROMISE(*f->key);
    PROMISE(!f->value != !f->why);
    check_text(f->value ? f->value : f->why, most, lines);
    if (f->source)
        check_text(f->source, most, 0);
}

static inline int
check_reply(const struct hf_dialect *dialect, const uint8_t *data, size_t size)
{
    struct hf_err err = HF_ERR_INIT;
    struct hf_reply reply;
    int rc = dialect->decode(&reply, (const char *)data, size, NONCE, 1, &err);

    if (rc < 0) {
        PROMISE(rc == HF_EREPLY && err.code == HF_EREPLY && *err.text);
        PROMISE(!reply.values.len && !reply.values.v);
        return 0;
    }
    PROMISE(reply.exit_status >= 0 && reply.exit_status <= 255);
    PROMISE(reply.values.len <= HF_REPLY_MAX_LINES);
    for (size_t i = 0; i < reply.values.len; i++)
        check_fact(&reply.values.v[i]);
    hf_reply_release(&reply);
    return 0;
}

#endif
