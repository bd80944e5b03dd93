/* What comes in from others: is it JSON at all? */
#include "inventory/feed.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

int
hf_words_add(struct hf_words *words, struct hf_arena *arena, const char *text)
{
    for (size_t i = 0; i < words->len; i++)
        if (strcmp(words->v[i], text) == 0)
            return 0;
    *HF_PUSH(&words->v, &words->len, &words->cap) =
        hf_arena_intern(arena, text);
    (void)HF_PUSH(&words->v, &words->len, &words->cap);
    words->len--;
    return 1;
}

static int
fail_page(const char *file, const char *text, size_t len, struct hf_err *err)
{
    int xml = len > 5 && strncasecmp(text, "<?xml", 5) == 0;

    (void)hf_fail(err, HF_EINVALID, "'%s' is %s, not a JSON document", file,
                  xml ? "XML" : "a web page");
    return xml ? hf_hint(err, "fetch the document with the header "
                              "'Accept: application/json'")
               : hf_hint(err, "a proxy or the service answered instead: is "
                              "the month published? open the file and see");
}

/* Documents are saved as they came over the wire, too. */
static int
fail_packed(const char *file, struct hf_err *err)
{
    (void)hf_fail(err, HF_EINVALID, "'%s' is compressed (gzip)", file);
    return hf_hint(err, "gunzip -c %s, or fetch it with curl --compressed",
                   file);
}

int
hf_feed_parse(cJSON **out, const char *file, const char *text, size_t len,
              struct hf_err *err)
{
    size_t at = 0;

    *out = NULL;
    if (len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0) {
        text += 3;
        len -= 3;
    }
    while (at < len && isspace((unsigned char)text[at]))
        at++;
    if (at == len)
        return hf_fail(err, HF_EINVALID, "'%s' is empty", file);
    if (len >= 2 && memcmp(text, "\x1f\x8b", 2) == 0)
        return fail_packed(file, err);
    if (text[at] == '<')
        return fail_page(file, text + at, len - at, err);
    if (len > HF_FEED_MAX)
        return hf_fail(err, HF_ELIMIT, "'%s' is larger than %u MiB", file,
                       HF_FEED_MAX >> 20);
    if (hf_json_parse_large(out, text, len, HF_FEED_MAX, err) < 0)
        return hf_wrap(err, "'%s'", file);
    return HF_OK;
}
