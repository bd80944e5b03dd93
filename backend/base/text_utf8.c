/* UTF-8: decoding without mercy, encoding, width in columns. */
#include "backend/base/text.h"

#include <string.h>
#include <wchar.h>

#include "backend/base/locale.h"

/* The lead byte gives length, payload and the smallest code point allowed. */
static size_t
lead_byte(unsigned char c, uint32_t *payload, uint32_t *least)
{
    if (c >= 0xc2 && c <= 0xdf) {
        *payload = c & 0x1fu;
        *least = 0x80;
        return 2;
    }
    if (c >= 0xe0 && c <= 0xef) {
        *payload = c & 0x0fu;
        *least = 0x800;
        return 3;
    }
    if (c >= 0xf0 && c <= 0xf4) {
        *payload = c & 0x07u;
        *least = 0x10000;
        return 4;
    }
    return 0;
}

size_t
hf_utf8_decode(const char *s, size_t len, uint32_t *cp)
{
    const unsigned char *p = (const unsigned char *)s;
    uint32_t value, least;
    size_t n;

    if (len == 0)
        return 0;
    if (p[0] < 0x80) {
        *cp = p[0];
        return 1;
    }
    n = lead_byte(p[0], &value, &least);
    if (n == 0 || n > len)
        return 0;
    for (size_t i = 1; i < n; i++) {
        if ((p[i] & 0xc0) != 0x80)
            return 0;
        value = value << 6 | (p[i] & 0x3fu);
    }
    if (value < least || value > 0x10ffff ||
        (value >= 0xd800 && value <= 0xdfff))
        return 0;
    *cp = value;
    return n;
}

size_t
hf_utf8_encode(uint32_t cp, char out[4])
{
    if (cp < 0x80) {
        out[0] = (char)cp;
        return 1;
    }
    if (cp < 0x800) {
        out[0] = (char)(0xc0 | cp >> 6);
        out[1] = (char)(0x80 | (cp & 0x3f));
        return 2;
    }
    if (cp < 0x10000) {
        out[0] = (char)(0xe0 | cp >> 12);
        out[1] = (char)(0x80 | (cp >> 6 & 0x3f));
        out[2] = (char)(0x80 | (cp & 0x3f));
        return 3;
    }
    out[0] = (char)(0xf0 | cp >> 18);
    out[1] = (char)(0x80 | (cp >> 12 & 0x3f));
    out[2] = (char)(0x80 | (cp >> 6 & 0x3f));
    out[3] = (char)(0x80 | (cp & 0x3f));
    return 4;
}

int
hf_utf8_valid(const char *s, size_t len)
{
    uint32_t cp;
    size_t n;

    for (size_t i = 0; i < len; i += n) {
        n = hf_utf8_decode(s + i, len - i, &cp);
        if (n == 0)
            return 0;
    }
    return 1;
}

int
hf_cp_width(uint32_t cp)
{
    locale_t old;
    int width;

    if (cp < 0x20 || (cp >= 0x7f && cp < 0xa0))
        return 0;
    if (cp < 0x7f)
        return 1;
    old = uselocale(hf_locale_utf8());
    width = wcwidth((wchar_t)cp);
    uselocale(old);
    return width < 0 ? 1 : width;
}

/* One step through text that will be drawn: its bytes and columns. What
 * cannot be drawn (a control or a broken byte) is drawn as "?". */
static size_t
step(const char *s, size_t len, size_t *width, int *drawable)
{
    uint32_t cp = 0;
    size_t n = hf_utf8_decode(s, len, &cp);

    *drawable = n > 0 && cp >= 0x20 && (cp < 0x7f || cp >= 0xa0);
    *width = *drawable ? (size_t)hf_cp_width(cp) : 1;
    return n > 0 ? n : 1;
}

size_t
hf_text_width(const char *s)
{
    size_t len = strlen(s), total = 0, width;
    int drawable;

    for (size_t i = 0; i < len; total += width)
        i += step(s + i, len - i, &width, &drawable);
    return total;
}

size_t
hf_text_fit(struct hf_buf *out, const char *s, size_t cols, int ascii)
{
    size_t len = strlen(s), used = 0, width;
    int cut = hf_text_width(s) > cols;
    size_t room = cut && cols > 0 ? cols - 1 : cols;
    int drawable;

    for (size_t i = 0, n; i < len && cols > 0; i += n) {
        n = step(s + i, len - i, &width, &drawable);
        if (used + width > room)
            break;
        if (drawable)
            hf_buf_add(out, s + i, n);
        else
            hf_buf_putc(out, '?');
        used += width;
    }
    if (cut && cols > 0) {
        hf_buf_puts(out, ascii ? "~" : "\xe2\x80\xa6");
        used++;
    }
    return used;
}
