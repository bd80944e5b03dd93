/* Lists of fingerprints; see fingerprints.h. */
#include "inventory/fingerprints.h"

#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"
#include "backend/base/text.h"

#define PREFIX "SHA256:"
#define BLANKS " \t\r,"

/* The next word in [*at, end): where it starts and how long it is. */
static const char *
next_word(const char **at, const char *end, size_t *len)
{
    const char *start;

    while (*at < end && strchr(BLANKS, **at))
        (*at)++;
    start = *at;
    while (*at < end && !strchr(BLANKS, **at))
        (*at)++;
    *len = (size_t)(*at - start);
    return *len ? start : NULL;
}

static int
is_word(const char *word, size_t len, const char *text)
{
    char *copy = hf_xstrndup(word, len);
    int same = hf_text_casecmp(copy, text) == 0;

    free(copy);
    return same;
}

static enum hf_known
check_line(const char *at, const char *end, const char *host,
           const char *fingerprint)
{
    enum hf_known found = HF_KNOWN_NO;
    const char *word;
    int about_host = 0;
    size_t len;

    while ((word = next_word(&at, end, &len))) {
        if (len > strlen(PREFIX) && strncmp(word, PREFIX, strlen(PREFIX)) == 0)
            found = len == strlen(fingerprint) &&
                            memcmp(word, fingerprint, len) == 0
                        ? HF_KNOWN_SAME
                        : HF_KNOWN_OTHER;
        else if (is_word(word, len, host))
            about_host = 1;
    }
    return about_host ? found : HF_KNOWN_NO;
}

enum hf_known
hf_fingerprints_check(const char *text, size_t len, const char *name, int port,
                      const char *fingerprint)
{
    char *host =
        port == 22 ? hf_xstrdup(name) : hf_xasprintf("[%s]:%d", name, port);
    enum hf_known found = HF_KNOWN_NO;
    const char *end = text + len;

    for (const char *at = text; at < end && found != HF_KNOWN_SAME;) {
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        const char *stop = newline ? newline : end;
        enum hf_known line = check_line(at, stop, host, fingerprint);

        if (line != HF_KNOWN_NO && *at != '#')
            found = line;
        at = stop + 1;
    }
    free(host);
    return found;
}
