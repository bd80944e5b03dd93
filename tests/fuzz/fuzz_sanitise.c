/*
 * Whatever comes in, what comes out is valid UTF-8 without a character that
 * moves the cursor, reorders or hides text; and it is let in unchanged.
 */
#include <string.h>

#include "backend/base/text.h"
#include "tests/fuzz/fuzz.h"

static void
check_harmless(const char *s, size_t len, unsigned flags)
{
    uint32_t cp;
    size_t n;

    for (size_t i = 0; i < len; i += n) {
        n = hf_utf8_decode(s + i, len - i, &cp);
        PROMISE(n > 0);
        if (cp == '\n' && (flags & HF_SANITISE_LINES))
            continue;
        PROMISE(cp >= 0x20 && !(cp >= 0x7f && cp < 0xa0));
        PROMISE(cp != 0x202e && cp != 0x200b && cp != 0xfeff);
        PROMISE(!hf_cp_hidden(cp));
    }
}

static void
check_sanitise(const char *text, size_t len, size_t max, unsigned flags)
{
    struct hf_buf once = {0}, twice = {0};

    hf_sanitise(&once, text, len, max, flags);
    check_harmless(hf_buf_str(&once), once.len, flags);
    PROMISE(strlen(hf_buf_str(&once)) == once.len);
    hf_sanitise(&twice, hf_buf_str(&once), once.len, once.len, flags);
    PROMISE(strcmp(hf_buf_str(&once), hf_buf_str(&twice)) == 0);
    hf_buf_release(&once);
    hf_buf_release(&twice);
}

/* Encoding and decoding is a round trip; fitting never exceeds its room. */
static void
check_encodings(const char *text, size_t len, size_t cols)
{
    struct hf_buf code = {0}, back = {0}, fitted = {0};
    char *line = strndup(text, len);

    hf_percent_encode(&code, line, strlen(line), "/");
    PROMISE(hf_percent_decode(&back, hf_buf_str(&code), code.len) == 0);
    PROMISE(strcmp(hf_buf_str(&back), line) == 0);
    hf_buf_clear(&back);
    hf_percent_decode(&back, text, len);
    PROMISE(hf_text_fit(&fitted, line, cols, 0) <= cols);
    PROMISE(hf_text_width(hf_buf_str(&fitted)) <= cols);
    PROMISE(hf_utf8_valid(hf_buf_str(&fitted), fitted.len));
    PROMISE(hf_text_casecmp(line, line) == 0);
    PROMISE(hf_text_natcmp(line, line) == 0);
    hf_buf_release(&code);
    hf_buf_release(&back);
    hf_buf_release(&fitted);
    free(line);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *text = (const char *)data;

    if (size == 0)
        return 0;
    check_sanitise(text, size, size, 0);
    check_sanitise(text, size, size, HF_SANITISE_LINES);
    check_sanitise(text, size, data[0], HF_SANITISE_LINES);
    check_encodings(text, size, data[0] % 64);
    return 0;
}
