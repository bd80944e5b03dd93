/* Lines with tones, documents, moments; see line.h. */
#include "tui/rows/line.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "backend/base/mem.h"
#include "backend/base/text.h"

/* ---- lines ---- */

void
hf_line_release(struct hf_line *l)
{
    hf_buf_release(&l->text);
    free(l->v);
    *l = (struct hf_line){0};
}

void
hf_line_clear(struct hf_line *l)
{
    hf_buf_clear(&l->text);
    l->len = 0;
}

static void
begin_span(struct hf_line *l, enum hf_tone tone)
{
    struct hf_span *span;

    if (l->len && l->v[l->len - 1].tone == tone)
        return;
    span = HF_PUSH(&l->v, &l->len, &l->cap);
    *span = (struct hf_span){l->text.len, tone};
}

void
hf_line_add(struct hf_line *l, enum hf_tone tone, const char *fmt, ...)
{
    char text[1024];
    va_list ap;

    va_start(ap, fmt);
    (void)vsnprintf(text, sizeof(text), fmt, ap);
    va_end(ap);
    begin_span(l, tone);
    hf_buf_puts(&l->text, text);
}

static void
blanks(struct hf_line *l, size_t n)
{
    while (n-- > 0)
        hf_buf_putc(&l->text, ' ');
}

void
hf_line_cell(struct hf_line *l, enum hf_tone tone, const char *text,
             size_t cols, int ascii)
{
    size_t used;

    begin_span(l, tone);
    used = hf_text_fit(&l->text, text ? text : "", cols, ascii);
    blanks(l, cols - used);
}

void
hf_line_pad(struct hf_line *l, size_t cols)
{
    size_t width = hf_line_width(l);

    if (width >= cols)
        return;
    begin_span(l, HF_TONE_PLAIN);
    blanks(l, cols - width);
}

size_t
hf_line_width(const struct hf_line *l)
{
    return hf_text_width(hf_buf_str(&l->text));
}

void
hf_line_append(struct hf_line *l, const struct hf_line *more)
{
    for (size_t i = 0; i < more->len; i++) {
        size_t start = more->v[i].start;
        size_t end = i + 1 < more->len ? more->v[i + 1].start : more->text.len;

        begin_span(l, more->v[i].tone);
        hf_buf_add(&l->text, hf_buf_str(&more->text) + start, end - start);
    }
}

void
hf_line_join(struct hf_line *l, const struct hf_line *right, size_t cols)
{
    size_t width = hf_line_width(right);

    hf_line_pad(l, cols > width ? cols - width : 0);
    hf_line_append(l, right);
}

/* ---- documents ---- */

void
hf_doc_release(struct hf_doc *d)
{
    for (size_t i = 0; i < d->len; i++)
        hf_line_release(&d->v[i].line);
    free(d->v);
    *d = (struct hf_doc){0};
}

struct hf_doc_row *
hf_doc_add(struct hf_doc *d)
{
    return HF_PUSH(&d->v, &d->len, &d->cap);
}

void
hf_doc_head(struct hf_doc *d, const char *fmt, ...)
{
    struct hf_doc_row *row;
    char text[256];
    va_list ap;

    va_start(ap, fmt);
    (void)vsnprintf(text, sizeof(text), fmt, ap);
    va_end(ap);
    if (d->len)
        (void)hf_doc_add(d);
    row = hf_doc_add(d);
    row->heading = 1;
    hf_line_add(&row->line, HF_TONE_HEAD, "%s", text);
}

/* Bytes of `s` for one line: up to the last blank that fits, or as much of a
 * longer word as fits. */
static size_t
break_at(const char *s, size_t cols)
{
    size_t width = 0, last = 0, len = strlen(s);

    for (size_t i = 0, n; i < len; i += n) {
        uint32_t cp = 0;

        n = hf_utf8_decode(s + i, len - i, &cp);
        n = n ? n : 1;
        if (s[i] == '\n')
            return i;
        if (s[i] == ' ')
            last = i;
        width += (size_t)hf_cp_width(cp);
        if (width > cols)
            return last ? last : i ? i : n;
    }
    return len;
}

void
hf_doc_text(struct hf_doc *d, const char *label, enum hf_tone tone,
            const char *text, size_t cols)
{
    size_t indent = hf_text_width(label);
    size_t room = cols > indent + 10 ? cols - indent : 10;
    int first = 1;

    do {
        struct hf_line *l = &hf_doc_add(d)->line;
        size_t n = break_at(text, room);

        if (first)
            hf_line_add(l, HF_TONE_DIM, "%s", label);
        else
            hf_line_pad(l, indent);
        hf_line_add(l, tone, "%.*s", (int)n, text);
        text += n;
        text += *text == ' ' || *text == '\n';
        first = 0;
    } while (*text);
}

size_t
hf_doc_next_head(const struct hf_doc *d, size_t row, int by)
{
    for (size_t i = row; by > 0 ? i + 1 < d->len : i > 0;) {
        i = by > 0 ? i + 1 : i - 1;
        if (d->v[i].heading)
            return i;
    }
    return row;
}

/* ---- moments ---- */

static const char *
moment(char out[HF_MOMENT_LEN], int64_t at, const struct hf_look *look,
       const char *format)
{
    time_t seconds = (time_t)(at / 1000);
    struct tm tm;

    if (at == 0 ||
        !(look->utc ? gmtime_r(&seconds, &tm) : localtime_r(&seconds, &tm)) ||
        strftime(out, HF_MOMENT_LEN - 8, format, &tm) == 0)
        return "-";
    (void)strftime(out + strlen(out), 8, look->utc ? " UTC" : " %Z", &tm);
    return out;
}

const char *
hf_moment(char out[HF_MOMENT_LEN], int64_t at, const struct hf_look *look)
{
    return moment(out, at, look, "%Y-%m-%d %H:%M:%S");
}

const char *
hf_moment_clock(char out[HF_MOMENT_LEN], int64_t at, const struct hf_look *look)
{
    return moment(out, at, look, "%H:%M:%S");
}
