/*
 * The canonical form of a document (RFC 8785), for hashes that anybody can
 * compute again. Whole numbers only: what is hashed here holds no others.
 */
#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/json.h"
#include "backend/base/mem.h"
#include "backend/base/text.h"

static void print_value(struct hf_buf *out, const cJSON *item);

static void
print_string(struct hf_buf *out, const char *s)
{
    static const char values[] = "\"\\\b\f\n\r\t", names[] = "\"\\bfnrt";
    const char *p;

    hf_buf_putc(out, '"');
    for (; *s; s++) {
        if ((p = strchr(values, *s)) != NULL) {
            hf_buf_putc(out, '\\');
            hf_buf_putc(out, names[p - values]);
        } else if ((unsigned char)*s < 0x20) {
            hf_buf_printf(out, "\\u%04x", (unsigned)*s);
        } else {
            hf_buf_putc(out, *s);
        }
    }
    hf_buf_putc(out, '"');
}

/* Names are sorted by their UTF-16 units: a character above the first plane
 * begins with a unit from D800 on. */
static uint32_t
first_unit(uint32_t cp)
{
    return cp < 0x10000 ? cp : 0xd800 + ((cp - 0x10000) >> 10);
}

static int
compare_names(const void *a, const void *b)
{
    const char *x = (*(const cJSON *const *)a)->string;
    const char *y = (*(const cJSON *const *)b)->string;
    uint32_t p = 0, q = 0;
    size_t n, m;

    while (*x && *x == *y)
        x++, y++;
    while (((unsigned char)*x & 0xc0) == 0x80) /* into the middle of one */
        x--, y--;
    n = hf_utf8_decode(x, strlen(x), &p);
    m = hf_utf8_decode(y, strlen(y), &q);
    if (!n || !m || first_unit(p) == first_unit(q))
        return strcmp(x, y);
    return first_unit(p) < first_unit(q) ? -1 : 1;
}

static void
print_object(struct hf_buf *out, const cJSON *object)
{
    size_t n = (size_t)cJSON_GetArraySize(object), i = 0;
    const cJSON **members = hf_xcalloc(n + 1, sizeof(*members)), *member;

    cJSON_ArrayForEach(member, object) members[i++] = member;
    qsort(members, n, sizeof(*members), compare_names);
    hf_buf_putc(out, '{');
    for (i = 0; i < n; i++) {
        if (i)
            hf_buf_putc(out, ',');
        print_string(out, members[i]->string);
        hf_buf_putc(out, ':');
        print_value(out, members[i]);
    }
    hf_buf_putc(out, '}');
    free(members);
}

static void
print_array(struct hf_buf *out, const cJSON *array)
{
    const cJSON *item;
    size_t n = 0;

    hf_buf_putc(out, '[');
    cJSON_ArrayForEach(item, array)
    {
        if (n++)
            hf_buf_putc(out, ',');
        print_value(out, item);
    }
    hf_buf_putc(out, ']');
}

static void
print_value(struct hf_buf *out, const cJSON *item)
{
    if (cJSON_IsObject(item)) {
        print_object(out, item);
    } else if (cJSON_IsArray(item)) {
        print_array(out, item);
    } else if (cJSON_IsString(item)) {
        print_string(out, item->valuestring);
    } else if (cJSON_IsNumber(item)) {
        assert(item->valuedouble == floor(item->valuedouble) &&
               fabs(item->valuedouble) <= 9007199254740991.0);
        hf_buf_printf(out, "%.0f", item->valuedouble + 0.0);
    } else {
        hf_buf_puts(out, cJSON_IsTrue(item)    ? "true"
                         : cJSON_IsFalse(item) ? "false"
                                               : "null");
    }
}

char *
hf_json_canonical(const cJSON *doc)
{
    struct hf_buf out = {0};
    char *text;

    print_value(&out, doc);
    text = hf_xstrdup(hf_buf_str(&out));
    hf_buf_release(&out);
    return text;
}
