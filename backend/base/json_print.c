/*
 * Printing documents: whole numbers keep every digit, and no character that
 * hides or moves text is written raw. (cJSON's printer rounds whole numbers
 * from 1e15 on and passes invalid UTF-8 through.)
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/json.h"
#include "backend/base/locale.h"
#include "backend/base/text.h"

static void print_value(struct hf_buf *out, const cJSON *item, int indent);

static void
print_unit(struct hf_buf *out, unsigned unit)
{
    hf_buf_printf(out, "\\u%04x", unit);
}

static void
print_escaped(struct hf_buf *out, uint32_t cp)
{
    static const char values[] = "\b\f\n\r\t", names[] = "bfnrt";
    const char *p = cp && cp < 0x80 ? strchr(values, (int)cp) : NULL;

    if (p) {
        hf_buf_putc(out, '\\');
        hf_buf_putc(out, names[p - values]);
    } else if (cp < 0x10000) {
        print_unit(out, cp);
    } else {
        print_unit(out, 0xd800 + ((cp - 0x10000) >> 10));
        print_unit(out, 0xdc00 + ((cp - 0x10000) & 0x3ff));
    }
}

/* How many bytes from here on stand for themselves: most of most texts. */
static size_t
plain(const char *s)
{
    size_t n = 0;

    while (s[n] >= ' ' && s[n] <= '~' && s[n] != '"' && s[n] != '\\')
        n++;
    return n;
}

static void
print_string(struct hf_buf *out, const char *s)
{
    size_t len = strlen(s);

    hf_buf_putc(out, '"');
    for (size_t i = 0, n; i < len; i += n) {
        uint32_t cp = 0xfffd; /* for a byte that is no text */

        if ((n = plain(s + i)) > 0) {
            hf_buf_add(out, s + i, n);
            continue;
        }
        n = hf_utf8_decode(s + i, len - i, &cp);
        if (cp == '"' || cp == '\\') {
            hf_buf_putc(out, '\\');
            hf_buf_putc(out, (char)cp);
        } else if (n == 0 || hf_cp_hidden(cp)) {
            print_escaped(out, cp);
        } else {
            hf_buf_add(out, s + i, n);
        }
        if (n == 0)
            n = 1;
    }
    hf_buf_putc(out, '"');
}

/* The shortest text that reads back as the same number. */
static void
print_fraction(struct hf_buf *out, double value)
{
    locale_t old = uselocale(hf_locale_c());
    char text[32];

    for (int digits = 15; digits <= 17; digits++) {
        snprintf(text, sizeof(text), "%.*g", digits, value);
        if (strtod(text, NULL) == value)
            break;
    }
    uselocale(old);
    hf_buf_puts(out, text);
}

static void
print_number(struct hf_buf *out, double value)
{
    if (!isfinite(value))
        hf_buf_puts(out, "null");
    else if (fabs(value) <= 9007199254740992.0 && value == floor(value))
        hf_buf_printf(out, "%lld", (long long)value);
    else
        print_fraction(out, value);
}

/* A new line at this depth; less than 0 means all on one line. */
static void
print_break(struct hf_buf *out, int indent)
{
    if (indent < 0)
        return;
    hf_buf_putc(out, '\n');
    for (int i = 0; i < indent; i++)
        hf_buf_puts(out, "  ");
}

static void
print_items(struct hf_buf *out, const cJSON *item, int indent)
{
    int inner = indent < 0 ? indent : indent + 1;
    int object = cJSON_IsObject(item);
    const cJSON *child;

    hf_buf_putc(out, object ? '{' : '[');
    cJSON_ArrayForEach(child, item)
    {
        if (child != item->child)
            hf_buf_putc(out, ',');
        print_break(out, inner);
        if (object) {
            print_string(out, child->string ? child->string : "");
            hf_buf_puts(out, indent < 0 ? ":" : ": ");
        }
        print_value(out, child, inner);
    }
    if (item->child)
        print_break(out, indent);
    hf_buf_putc(out, object ? '}' : ']');
}

static void
print_value(struct hf_buf *out, const cJSON *item, int indent)
{
    if (cJSON_IsObject(item) || cJSON_IsArray(item))
        print_items(out, item, indent);
    else if (cJSON_IsString(item))
        print_string(out, item->valuestring);
    else if (cJSON_IsNumber(item))
        print_number(out, item->valuedouble);
    else if (cJSON_IsBool(item))
        hf_buf_puts(out, cJSON_IsTrue(item) ? "true" : "false");
    else
        hf_buf_puts(out, "null");
}

char *
hf_json_print(const cJSON *doc)
{
    struct hf_buf out = {0};

    print_value(&out, doc, -1);
    return hf_buf_take(&out);
}

char *
hf_json_print_pretty(const cJSON *doc)
{
    struct hf_buf out = {0};

    print_value(&out, doc, 0);
    hf_buf_putc(&out, '\n');
    return hf_buf_take(&out);
}

/* ---- piece by piece ---- */

static void
flush(FILE *to, struct hf_buf *out)
{
    (void)fwrite(hf_buf_str(out), 1, out->len, to);
    hf_buf_clear(out);
}

static void
print_rows(FILE *to, struct hf_buf *out, size_t n,
           cJSON *(*row)(void *ctx, size_t i), void *ctx)
{
    hf_buf_putc(out, '[');
    for (size_t i = 0; i < n; i++) {
        cJSON *item = row(ctx, i);

        if (i)
            hf_buf_putc(out, ',');
        print_break(out, 2);
        print_value(out, item, 2);
        cJSON_Delete(item);
        flush(to, out);
    }
    if (n)
        print_break(out, 1);
    hf_buf_putc(out, ']');
}

void
hf_json_print_rows(FILE *to, const cJSON *doc, const char *key, size_t n,
                   cJSON *(*row)(void *ctx, size_t i), void *ctx)
{
    struct hf_buf out = {0};
    const cJSON *child;

    hf_buf_putc(&out, '{');
    cJSON_ArrayForEach(child, doc)
    {
        if (child != doc->child)
            hf_buf_putc(&out, ',');
        print_break(&out, 1);
        print_string(&out, child->string);
        hf_buf_puts(&out, ": ");
        if (strcmp(child->string, key) == 0)
            print_rows(to, &out, n, row, ctx);
        else
            print_value(&out, child, 1);
    }
    hf_buf_puts(&out, "\n}\n");
    flush(to, &out);
    hf_buf_release(&out);
}
