/* Allocation that ends the program instead of returning NULL. */
#include "backend/base/mem.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static _Noreturn void
out_of_memory(void)
{
    static const char line[] = "hotfleet: out of memory\n";
    ssize_t ignored = write(STDERR_FILENO, line, sizeof(line) - 1);

    (void)ignored;
    abort();
}

void *
hf_xmalloc(size_t size)
{
    void *p = malloc(size ? size : 1);

    if (!p)
        out_of_memory();
    return p;
}

void *
hf_xcalloc(size_t n, size_t size)
{
    void *p = calloc(n ? n : 1, size ? size : 1);

    if (!p)
        out_of_memory();
    return p;
}

void *
hf_xrealloc(void *p, size_t n, size_t size)
{
    size_t bytes;

    if (__builtin_mul_overflow(n, size, &bytes))
        out_of_memory();
    p = realloc(p, bytes ? bytes : 1);
    if (!p)
        out_of_memory();
    return p;
}

char *
hf_xstrdup(const char *s)
{
    return s ? hf_xstrndup(s, strlen(s)) : NULL;
}

char *
hf_xstrndup(const char *s, size_t n)
{
    size_t len = strnlen(s, n);
    char *copy = hf_xmalloc(len + 1);

    memcpy(copy, s, len);
    copy[len] = '\0';
    return copy;
}

char *
hf_xasprintf(const char *fmt, ...)
{
    char *text = NULL;
    va_list ap;
    int n;

    va_start(ap, fmt);
    n = vasprintf(&text, fmt, ap);
    va_end(ap);
    if (n < 0)
        out_of_memory();
    return text;
}

/* Copies the pointer bytewise: `v` points at some other pointer type. */
void
hf_array_grow(void **v, size_t *len, size_t *cap, size_t size)
{
    void *items;

    memcpy(&items, v, sizeof(items));
    if (*len == *cap) {
        size_t more = *cap < 8 ? 8 : *cap * 2;

        items = hf_xrealloc(items, more, size);
        memcpy(v, &items, sizeof(items));
        *cap = more;
    }
    memset((char *)items + *len * size, 0, size);
    (*len)++;
}
