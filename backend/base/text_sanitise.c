/*
 * The door through which foreign text enters: everything that moves the
 * cursor, reorders or hides text, or is not text at all, becomes visible.
 */
#include "backend/base/text.h"

#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"

#define MAX_LINE 4096

/* clang-format off */
static const struct { uint32_t first, last; } hidden[] = {
    {0x0000, 0x001f}, /* C0 */
    {0x007f, 0x009f}, /* DEL, C1 */
    {0x00ad, 0x00ad}, /* soft hyphen */
    {0x034f, 0x034f}, /* combining grapheme joiner */
    {0x061c, 0x061c}, /* Arabic letter mark: bidi */
    {0x115f, 0x1160}, /* Hangul fillers */
    {0x17b4, 0x17b5}, /* Khmer inherent vowels, never drawn */
    {0x180b, 0x180f}, /* Mongolian selectors, vowel separator */
    {0x200b, 0x200f}, /* zero width, bidi marks */
    {0x2028, 0x202e}, /* line and paragraph separator, bidi overrides */
    {0x2060, 0x206f}, /* word joiner, bidi isolates, old format controls */
    {0x3164, 0x3164}, /* Hangul filler */
    {0xfdd0, 0xfdef}, /* no characters */
    {0xfe00, 0xfe0f}, /* variation selectors */
    {0xfeff, 0xfeff}, /* byte order mark */
    {0xffa0, 0xffa0}, /* halfwidth Hangul filler */
    {0xfff0, 0xfffb}, /* unassigned, interlinear annotation */
    {0xfffe, 0xffff}, /* no characters */
    {0x1d173, 0x1d17a}, /* musical format controls */
    {0xe0000, 0xe0fff}, /* tags, more variation selectors */
};
/* clang-format on */

int
hf_cp_hidden(uint32_t cp)
{
    if (cp >= 0x20 && cp < 0x7f)
        return 0;
    for (size_t i = 0; i < HF_COUNT(hidden) && hidden[i].first <= cp; i++) {
        if (cp <= hidden[i].last)
            return 1;
    }
    return (cp & 0xfffe) == 0xfffe; /* the last two of every plane */
}

static void
add_escape(struct hf_buf *out, uint32_t cp)
{
    if (cp == '\n')
        hf_buf_puts(out, "\\n");
    else if (cp == '\r')
        hf_buf_puts(out, "\\r");
    else if (cp < 0x80)
        hf_buf_printf(out, "\\x%02x", (unsigned)cp);
    else if (cp < 0x10000)
        hf_buf_printf(out, "\\u%04x", (unsigned)cp);
    else
        hf_buf_printf(out, "\\U%08x", (unsigned)cp);
}

/* Adds one character (never past `len`); returns the bytes it took. */
static size_t
add_char(struct hf_buf *out, const char *s, size_t len, unsigned flags)
{
    uint32_t cp;
    size_t n = hf_utf8_decode(s, len, &cp);

    if (n == 0) {
        hf_buf_printf(out, "\\x%02x", (unsigned)(unsigned char)s[0]);
        return 1;
    }
    if (flags & HF_SANITISE_LINES) {
        if (cp == '\r' && len > 1 && s[1] == '\n')
            return 1; /* the line ends of Windows */
        if (cp == '\n') {
            hf_buf_putc(out, '\n');
            return 1;
        }
    }
    if (cp == '\t')
        hf_buf_putc(out, ' ');
    else if (hf_cp_hidden(cp))
        add_escape(out, cp);
    else
        hf_buf_add(out, s, n);
    return n;
}

/* How much of `len` bytes to read so that at most `max` are and no
 * character is cut in two. */
static size_t
cut_at(const char *s, size_t len, size_t max)
{
    uint32_t cp;

    if (len <= max)
        return len;
    for (size_t back = 1; back < 4 && back <= max; back++) {
        size_t n = hf_utf8_decode(s + max - back, len - max + back, &cp);

        if (n > 0)
            return n > back ? max - back : max;
    }
    return max;
}

/* How much of it is printable ASCII, which most text is. */
static size_t
plain(const char *s, size_t len)
{
    size_t n = 0;

    while (n < len && s[n] >= ' ' && s[n] <= '~')
        n++;
    return n;
}

void
hf_sanitise(struct hf_buf *out, const char *s, size_t len, size_t max,
            unsigned flags)
{
    size_t end = cut_at(s, len, max);

    for (size_t i = 0; i < end;) {
        size_t run = plain(s + i, end - i);

        hf_buf_add(out, s + i, run);
        i += run;
        if (i < end)
            i += add_char(out, s + i, end - i, flags);
    }
    if (end < len)
        hf_buf_puts(out, "...");
}

char *
hf_sanitised(const char *s)
{
    struct hf_buf out = {0};

    if (s)
        hf_sanitise(&out, s, strlen(s), MAX_LINE, 0);
    return hf_buf_take(&out);
}
