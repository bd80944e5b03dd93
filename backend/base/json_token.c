/* Strings and numbers: what RFC 8259 and our documents allow in them. */
#include "backend/base/json_token.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/locale.h"
#include "backend/base/mem.h"
#include "backend/base/text.h"

#define MAX_NUMBER 60 /* characters; cJSON stops reading at 63 */
#define TWO_53 9007199254740992.0
#define DIGITS_OF_2_53 "9007199254740992"

static int
report(struct hf_json_cursor *c, size_t at, const char *text)
{
    return c->report(c->ctx, at, text, NULL);
}

/* git leaves such lines where two people changed one place. */
static int
is_conflict_mark(const struct hf_json_cursor *c)
{
    static const char *const marks[] = {"<<<<<<< ", "=======", ">>>>>>> "};

    for (size_t i = 0; i < HF_COUNT(marks); i++) {
        size_t n = strlen(marks[i]);

        if (c->len - c->at >= n && memcmp(c->text + c->at, marks[i], n) == 0)
            return 1;
    }
    return 0;
}

int
hf_json_unexpected(struct hf_json_cursor *c, const char *wanted)
{
    const char *hint = NULL;
    struct hf_buf text = {0};
    char first = c->at < c->len ? c->text[c->at] : ' ';

    hf_buf_printf(&text, "wants %s, found ", wanted);
    if (c->at < c->len) {
        uint32_t cp;
        size_t n = hf_utf8_decode(c->text + c->at, c->len - c->at, &cp);

        hf_buf_putc(&text, '\'');
        hf_sanitise(&text, c->text + c->at, n > 0 ? n : 1, 4, 0);
        hf_buf_putc(&text, '\'');
    } else {
        hf_buf_puts(&text, "the end of the text");
    }
    if (first == '\'')
        hint = "JSON wants double quotes";
    else if (first == '/' || first == '#')
        hint = "JSON has no comments";
    else if (is_conflict_mark(c))
        hint = "a merge conflict that nobody resolved: keep one side, take "
               "the marks away";
    c->report(c->ctx, c->at, hf_buf_str(&text), hint);
    hf_buf_release(&text);
    return -1;
}

/* Four hex digits at `at`, or -1. */
static int32_t
hex4(const struct hf_json_cursor *c, size_t at)
{
    int32_t value = 0;

    if (c->len - at < 4)
        return -1;
    for (size_t i = at; i < at + 4; i++) {
        static const char digits[] = "0123456789abcdefABCDEF";
        const char *p = c->text[i] ? strchr(digits, c->text[i]) : NULL;

        if (!p)
            return -1;
        value = value << 4 |
                (int32_t)(p - digits > 15 ? p - digits - 6 : p - digits);
    }
    return value;
}

/* The second half of a surrogate pair at `at`, or -1. */
static int32_t
low_half(const struct hf_json_cursor *c, size_t at)
{
    int32_t unit;

    if (c->len - at < 6 || c->text[at] != '\\' || c->text[at + 1] != 'u')
        return -1;
    unit = hex4(c, at + 2);
    return unit >= 0xdc00 && unit <= 0xdfff ? unit : -1;
}

/* "\u1234" or a pair of them; the cursor stands on the backslash. */
static int
take_unicode(struct hf_json_cursor *c, struct hf_buf *decoded)
{
    size_t start = c->at;
    int32_t cp = hex4(c, start + 2), low;
    char bytes[4];
    int rc = 0;

    if (cp < 0) {
        report(c, start, "wants four hex digits after '\\u'");
        return -1;
    }
    c->at += 6;
    if (cp == 0)
        rc = report(c, start, "'\\u0000' is not allowed in text");
    else if (cp >= 0xdc00 && cp <= 0xdfff)
        rc = report(c, start, "half a surrogate pair");
    else if (cp >= 0xd800 && cp <= 0xdbff) {
        low = low_half(c, c->at);
        if (low < 0) {
            rc = report(c, start, "half a surrogate pair");
        } else {
            cp = 0x10000 + ((cp - 0xd800) << 10) + (low - 0xdc00);
            c->at += 6;
        }
    }
    if (decoded)
        hf_buf_add(decoded, bytes, hf_utf8_encode((uint32_t)cp, bytes));
    return rc;
}

static int
take_escape(struct hf_json_cursor *c, struct hf_buf *decoded)
{
    static const char names[] = "\"\\/bfnrt";
    static const char values[] = "\"\\/\b\f\n\r\t";
    char name = c->at + 1 < c->len ? c->text[c->at + 1] : '\0';
    const char *p = name ? strchr(names, name) : NULL;

    if (name == 'u')
        return take_unicode(c, decoded);
    if (!p) {
        c->report(c->ctx, c->at, "unknown escape in text",
                  "write '\\\\' for a backslash");
        return -1;
    }
    if (decoded)
        hf_buf_putc(decoded, values[p - names]);
    c->at += 2;
    return 0;
}

/* Anything but plain ASCII; the cursor moves over it. */
static int
take_odd(struct hf_json_cursor *c, struct hf_buf *decoded)
{
    size_t start = c->at, n;
    uint32_t cp;
    int rc = 0;

    if (c->text[start] == '\\')
        return take_escape(c, decoded);
    if (c->text[start] == '\n' || c->text[start] == '\r') {
        c->report(c->ctx, start, "a line break inside text",
                  "close the quote, or write '\\n'");
        return -1;
    }
    n = hf_utf8_decode(c->text + start, c->len - start, &cp);
    if (n == 0)
        rc = report(c, start, "not valid UTF-8");
    else if (cp < 0x20)
        rc = c->report(c->ctx, start, "a raw control character inside text",
                       "write it as '\\u00XX'");
    c->at += n > 0 ? n : 1;
    if (decoded)
        hf_buf_add(decoded, c->text + start, c->at - start);
    return rc;
}

int
hf_json_take_string(struct hf_json_cursor *c, struct hf_buf *decoded)
{
    c->at++;
    while (c->at < c->len) {
        size_t start = c->at;

        while (c->at < c->len && c->text[c->at] >= 0x20 &&
               (unsigned char)c->text[c->at] < 0x80 && c->text[c->at] != '"' &&
               c->text[c->at] != '\\')
            c->at++;
        if (decoded)
            hf_buf_add(decoded, c->text + start, c->at - start);
        if (c->at == c->len)
            break;
        if (c->text[c->at] == '"') {
            c->at++;
            return 0;
        }
        if (take_odd(c, decoded) < 0)
            return -1;
    }
    return hf_json_unexpected(c, "'\"'");
}

static const char *
skip_digits(const char *p)
{
    return p + strspn(p, "0123456789");
}

/* A number of RFC 8259; *whole is set when it has digits only. */
static int
is_number(const char *s, int *whole)
{
    const char *digits = s + (*s == '-'), *p = skip_digits(digits);

    if (p == digits || (*digits == '0' && p - digits > 1))
        return 0;
    *whole = *p == '\0';
    if (*p == '.') {
        digits = p + 1;
        p = skip_digits(digits);
        if (p == digits)
            return 0;
    }
    if (*p == 'e' || *p == 'E') {
        digits = p + 1 + (p[1] == '+' || p[1] == '-');
        p = skip_digits(digits);
        if (p == digits)
            return 0;
    }
    return *p == '\0';
}

/* What is wrong with a number, or NULL. */
static const char *
number_fault(const char *s)
{
    const char *digits = s + (*s == '-');
    size_t len = strlen(digits);
    int whole = 0;
    double value;

    if (!is_number(s, &whole))
        return "not a JSON number";
    if (whole && len < sizeof(DIGITS_OF_2_53) - 1)
        return NULL; /* most of them */
    if (whole)
        return len > sizeof(DIGITS_OF_2_53) - 1 ||
                       strcmp(digits, DIGITS_OF_2_53) > 0
                   ? "a whole number beyond 2^53 is not kept exactly"
                   : NULL;
    value = strtod_l(s, NULL, hf_locale_c());
    if (!isfinite(value))
        return "a number too large to be kept";
    return fabs(value) >= TWO_53 ? "a number beyond 2^53 is not kept exactly"
                                 : NULL;
}

int
hf_json_take_number(struct hf_json_cursor *c)
{
    size_t start = c->at;
    char token[MAX_NUMBER + 1];
    const char *fault;
    size_t len;

    while (c->at < c->len && c->text[c->at] &&
           strchr("0123456789+-.eE", c->text[c->at]))
        c->at++;
    len = c->at - start;
    if (len > MAX_NUMBER)
        return report(c, start, "a number with too many digits");
    memcpy(token, c->text + start, len);
    token[len] = '\0';
    fault = number_fault(token);
    if (!fault)
        return 0;
    return c->report(c->ctx, start, fault,
                     strstr(fault, "2^53") ? "write it as text" : NULL);
}
