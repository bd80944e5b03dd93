/*
 * Text: UTF-8, width, sanitising, percent encoding, quoting, near misses.
 * Pure functions; the only door through which foreign text enters.
 */
#ifndef HF_BASE_TEXT_H
#define HF_BASE_TEXT_H

#include <stddef.h>
#include <stdint.h>

#include "backend/base/buf.h"

/* Decodes one code point of [s, s+len): returns its byte count (1-4), or 0
 * when the bytes are not valid UTF-8 (overlong, surrogate, > U+10FFFF). */
size_t hf_utf8_decode(const char *s, size_t len, uint32_t *cp);
size_t hf_utf8_encode(uint32_t cp, char out[4]);
int hf_utf8_valid(const char *s, size_t len);

/* The ending of a counted noun: "" for 1, else "s". */
static inline const char *
hf_plural(size_t n)
{
    return n == 1 ? "" : "s";
}

/* Columns of one code point: 0, 1 or 2; of a string. */
int hf_cp_width(uint32_t cp);
size_t hf_text_width(const char *s);
/* Appends s cut to at most `cols` columns, with an ellipsis character (or
 * "~" when `ascii`) when something was cut; returns the columns used. */
size_t hf_text_fit(struct hf_buf *out, const char *s, size_t cols, int ascii);

/*
 * Makes foreign text harmless: C0, C1, DEL, bidi controls, zero-width and
 * format characters, unassigned separators and invalid bytes become visible
 * escapes ("\x1b", "\u202e"); tab becomes a space; newline is kept only with
 * HF_SANITISE_LINES. Stops after `max` input bytes and says so with "...".
 */
enum { HF_SANITISE_LINES = 1 << 0 };
void hf_sanitise(struct hf_buf *out, const char *s, size_t len, size_t max,
                 unsigned flags);
/* The same as a heap string, one line, at most 4096 bytes read. */
char *hf_sanitised(const char *s);
/* Whether the sanitiser escapes this code point. */
int hf_cp_hidden(uint32_t cp);

/* One sanitised line into out[size], size at least 4; what does not fit ends
 * in "...". hf_say formats first. */
void hf_text_cut(char *out, size_t size, const char *text);
void hf_say(char *out, size_t size, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* CSV cell: quotes when needed, and "'" before a leading = + - @ tab CR,
 * except before the "-" of a plain number. */
void hf_csv_cell(struct hf_buf *out, const char *s);

/* %XX for every byte except A-Za-z0-9._~- and those in `keep`. Decoding
 * fails (-1) on a broken escape or %00. */
void hf_percent_encode(struct hf_buf *out, const char *s, size_t len,
                       const char *keep);
int hf_percent_decode(struct hf_buf *out, const char *s, size_t len);

/* The one function that quotes for a POSIX shell: 'it'\''s'. The text must
 * hold no NUL; every other byte is carried exactly. */
void hf_shell_quote(struct hf_buf *out, const char *s);

/* Case-folding compare and hash for names (ASCII and Latin/Greek/Cyrillic
 * simple folding through towlower; input valid UTF-8). */
int hf_text_casecmp(const char *a, const char *b);
/* One folded character, for hashes that agree with hf_text_casecmp. */
uint32_t hf_cp_fold(uint32_t cp);

/* Natural order: "web-2" before "web-10"; ties by bytes. */
int hf_text_natcmp(const char *a, const char *b);

/* The candidate nearest to `word` (edit distance at most a third of its
 * length, at least 1), or NULL. Borrowed from `words` (NULL-terminated). */
const char *hf_text_nearest(const char *word, const char *const *words);

int hf_has_prefix(const char *s, const char *prefix);
int hf_has_suffix(const char *s, const char *suffix);

/* Whole string is a base-10 integer within [min, max]: 0, else -1. */
int hf_parse_int(int64_t *out, const char *s, int64_t min, int64_t max);

#endif
