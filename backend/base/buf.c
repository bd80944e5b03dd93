/* Growing byte buffers and lists of strings. */
#include "backend/base/buf.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"

void
hf_buf_release(struct hf_buf *b)
{
    free(b->data);
    *b = (struct hf_buf){0};
}

void
hf_buf_clear(struct hf_buf *b)
{
    b->len = 0;
    if (b->data)
        b->data[0] = '\0';
}

void
hf_buf_reserve(struct hf_buf *b, size_t extra)
{
    size_t want;

    if (__builtin_add_overflow(b->len, extra, &want) ||
        __builtin_add_overflow(want, 1, &want))
        want = (size_t)-1; /* more than there can be: ends the program */
    if (want <= b->cap)
        return;
    if (want < b->cap * 2)
        want = b->cap * 2;
    if (want < 64)
        want = 64;
    b->data = hf_xrealloc(b->data, want, 1);
    b->cap = want;
    b->data[b->len] = '\0';
}

void
hf_buf_add(struct hf_buf *b, const void *data, size_t len)
{
    hf_buf_reserve(b, len);
    if (len > 0)
        memcpy(b->data + b->len, data, len);
    b->len += len;
    b->data[b->len] = '\0';
}

void
hf_buf_puts(struct hf_buf *b, const char *s)
{
    hf_buf_add(b, s, strlen(s));
}

void
hf_buf_putc(struct hf_buf *b, char c)
{
    hf_buf_add(b, &c, 1);
}

static void
buf_vprintf(struct hf_buf *b, const char *fmt, va_list ap)
{
    va_list again;
    int n;

    va_copy(again, ap);
    n = vsnprintf(NULL, 0, fmt, ap);
    assert(n >= 0);
    hf_buf_reserve(b, (size_t)n);
    vsnprintf(b->data + b->len, (size_t)n + 1, fmt, again);
    b->len += (size_t)n;
    va_end(again);
}

void
hf_buf_printf(struct hf_buf *b, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    buf_vprintf(b, fmt, ap);
    va_end(ap);
}

const char *
hf_buf_str(const struct hf_buf *b)
{
    return b->data ? b->data : "";
}

char *
hf_buf_take(struct hf_buf *b)
{
    char *text = b->data ? b->data : hf_xstrdup("");

    *b = (struct hf_buf){0};
    return text;
}

void
hf_strs_release(struct hf_strs *s)
{
    for (size_t i = 0; i < s->len; i++)
        free(s->v[i]);
    free(s->v);
    *s = (struct hf_strs){0};
}

void
hf_strs_add(struct hf_strs *s, const char *text)
{
    hf_strs_addn(s, text, strlen(text));
}

void
hf_strs_addn(struct hf_strs *s, const char *text, size_t len)
{
    char *copy = hf_xstrndup(text, len);

    *HF_PUSH(&s->v, &s->len, &s->cap) = copy;
}

void
hf_strs_addf(struct hf_strs *s, const char *fmt, ...)
{
    struct hf_buf text = {0};
    va_list ap;

    va_start(ap, fmt);
    buf_vprintf(&text, fmt, ap);
    va_end(ap);
    *HF_PUSH(&s->v, &s->len, &s->cap) = hf_buf_take(&text);
}

int
hf_strs_has(const struct hf_strs *s, const char *text)
{
    for (size_t i = 0; i < s->len; i++) {
        if (strcmp(s->v[i], text) == 0)
            return 1;
    }
    return 0;
}

static int
compare_strs(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

void
hf_strs_sort(struct hf_strs *s)
{
    if (s->len > 1)
        qsort(s->v, s->len, sizeof(*s->v), compare_strs);
}
