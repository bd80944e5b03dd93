/*
 * Lines as panes show them: UTF-8 text with tones, and documents of such
 * lines. A tone says what text means, never how it is coloured.
 */
#ifndef HF_ROWS_LINE_H
#define HF_ROWS_LINE_H

#include <stdint.h>

#include "backend/base/buf.h"
#include "backend/base/time.h"

enum hf_tone {
    HF_TONE_PLAIN,
    HF_TONE_DIM,
    HF_TONE_STRONG,
    HF_TONE_HEAD, /* titles, column heads */
    HF_TONE_GOOD,
    HF_TONE_BUSY,
    HF_TONE_WARN,
    HF_TONE_BAD,
    HF_TONE_COUNT
};

/* What the reader's screen is like. */
struct hf_look {
    size_t cols;
    int ascii;
    int utc;     /* times in UTC; else in the reader's zone */
    int64_t now; /* wall clock, ms */
};

struct hf_span {
    size_t start; /* byte in the text; the span ends where the next starts */
    enum hf_tone tone;
};

/* {0} is an empty line. */
struct hf_line {
    struct hf_buf text;
    struct hf_span *v;
    size_t len, cap;
};

void hf_line_release(struct hf_line *l);
void hf_line_clear(struct hf_line *l);
void hf_line_add(struct hf_line *l, enum hf_tone tone, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* Text cut or filled up to exactly `cols` columns. */
void hf_line_cell(struct hf_line *l, enum hf_tone tone, const char *text,
                  size_t cols, int ascii);
/* Blanks until the line is `cols` columns wide. */
void hf_line_pad(struct hf_line *l, size_t cols);
size_t hf_line_width(const struct hf_line *l);
/* `more` behind the line, with its tones. */
void hf_line_append(struct hf_line *l, const struct hf_line *more);
/* `right` at the right end of a line of `cols` columns. */
void hf_line_join(struct hf_line *l, const struct hf_line *right, size_t cols);

/* A document: lines, some of them headings, some leading somewhere. */
struct hf_doc_row {
    struct hf_line line;
    int heading;
    size_t link; /* the maker's number for what stands here, 0: nothing */
};
struct hf_doc {
    struct hf_doc_row *v;
    size_t len, cap;
};

void hf_doc_release(struct hf_doc *d);
/* A new empty row; valid until the next one is added. */
struct hf_doc_row *hf_doc_add(struct hf_doc *d);
/* An empty line (not at the top) and a heading. */
void hf_doc_head(struct hf_doc *d, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
/* `text` broken between words into lines of at most `cols` columns; the first
 * follows what `label` says, the others are indented by its width. */
void hf_doc_text(struct hf_doc *d, const char *label, enum hf_tone tone,
                 const char *text, size_t cols);
/* The row of the next heading behind `row` (or before, below 0); `row` when
 * there is none. */
size_t hf_doc_next_head(const struct hf_doc *d, size_t row, int by);

/* "2026-11-23 02:07:33 UTC"; "-" for 0. */
#define HF_MOMENT_LEN 48
const char *
hf_moment(char out[HF_MOMENT_LEN], int64_t at, const struct hf_look *look);
/* "02:07:33 UTC". */
const char *hf_moment_clock(char out[HF_MOMENT_LEN], int64_t at,
                            const struct hf_look *look);

#endif
