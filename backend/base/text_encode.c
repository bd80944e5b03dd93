/* Text on its way into another notation: CSV, percent encoding, shell. */
#include "backend/base/text.h"

#include <string.h>

/* "-5", "-0.5": what a spreadsheet would have to run begins like it. */
static int
is_negative_number(const char *s)
{
    static const char digits[] = "0123456789";
    size_t whole, part;

    if (*s++ != '-' || (whole = strspn(s, digits)) == 0)
        return 0;
    s += whole;
    if (*s != '.')
        return !*s;
    part = strspn(++s, digits);
    return part > 0 && !s[part];
}

void
hf_csv_cell(struct hf_buf *out, const char *s)
{
    int formula = *s && strchr("=+-@\t\r", *s) && !is_negative_number(s);
    int quoted = strpbrk(s, ",;\"\r\n\t") || *s == ' ';

    if (quoted)
        hf_buf_putc(out, '"');
    if (formula)
        hf_buf_putc(out, '\'');
    for (; *s; s++) {
        if (*s == '"')
            hf_buf_putc(out, '"');
        hf_buf_putc(out, *s);
    }
    if (quoted)
        hf_buf_putc(out, '"');
}

static int
is_unreserved(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           (c >= '0' && c <= '9') || (c && strchr("._~-", c));
}

void
hf_percent_encode(struct hf_buf *out, const char *s, size_t len,
                  const char *keep)
{
    for (size_t i = 0; i < len; i++) {
        if (is_unreserved(s[i]) || (s[i] && keep && strchr(keep, s[i])))
            hf_buf_putc(out, s[i]);
        else
            hf_buf_printf(out, "%%%02X", (unsigned)(unsigned char)s[i]);
    }
}

static int
hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

/* The byte that "%XX" stands for: 1-255, or -1. */
static int
decode_escape(const char *s, size_t len)
{
    int high, low;

    if (len < 3)
        return -1;
    high = hex_digit(s[1]);
    low = hex_digit(s[2]);
    if (high < 0 || low < 0 || high + low == 0)
        return -1;
    return high << 4 | low;
}

int
hf_percent_decode(struct hf_buf *out, const char *s, size_t len)
{
    size_t before = out->len;

    for (size_t i = 0; i < len; i++) {
        int byte = (unsigned char)s[i];

        if (byte == '%') {
            byte = decode_escape(s + i, len - i);
            i += 2;
        }
        if (byte <= 0) {
            out->len = before;
            if (out->data)
                out->data[before] = '\0';
            return -1;
        }
        hf_buf_putc(out, (char)byte);
    }
    return 0;
}

void
hf_shell_quote(struct hf_buf *out, const char *s)
{
    hf_buf_putc(out, '\'');
    for (; *s; s++) {
        if (*s == '\'')
            hf_buf_puts(out, "'\\''");
        else
            hf_buf_putc(out, *s);
    }
    hf_buf_putc(out, '\'');
}
