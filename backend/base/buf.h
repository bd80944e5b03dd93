/*
 * A growing byte buffer, always followed by a NUL that len does not count.
 * {0} is a valid empty buffer.
 */
#ifndef HF_BASE_BUF_H
#define HF_BASE_BUF_H

#include <stddef.h>

struct hf_buf {
    char *data; /* NULL while nothing was ever added: use hf_buf_str */
    size_t len;
    size_t cap;
};

void hf_buf_release(struct hf_buf *b);
void hf_buf_clear(struct hf_buf *b);
void hf_buf_reserve(struct hf_buf *b, size_t extra);
void hf_buf_add(struct hf_buf *b, const void *data, size_t len);
void hf_buf_puts(struct hf_buf *b, const char *s);
void hf_buf_putc(struct hf_buf *b, char c);
void hf_buf_printf(struct hf_buf *b, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
/* Never NULL; borrowed until the next change. */
const char *hf_buf_str(const struct hf_buf *b);
/* The text becomes the caller's (never NULL); b is empty afterwards. */
char *hf_buf_take(struct hf_buf *b);

/* A list of strings that owns its elements. {0} is a valid empty list. */
struct hf_strs {
    char **v;
    size_t len;
    size_t cap;
};

void hf_strs_release(struct hf_strs *s);
void hf_strs_add(struct hf_strs *s, const char *text);
void hf_strs_addn(struct hf_strs *s, const char *text, size_t len);
void hf_strs_addf(struct hf_strs *s, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
int hf_strs_has(const struct hf_strs *s, const char *text);
void hf_strs_sort(struct hf_strs *s);

#endif
