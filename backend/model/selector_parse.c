/* How the terms of a selector are bound: not, and (adjacency), or. */
#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "backend/model/selector_ast.h"

#define MAX_BYTES ((size_t)256 * 1024)
#define MAX_DEPTH 64
#define SHOWN_BYTES 60 /* of the selector, on each side of a mistake */

/* Appends the selector around byte `at`, cut between characters. */
static void
quote_around(struct hf_buf *out, const char *text, size_t at)
{
    size_t from = at > SHOWN_BYTES ? at - SHOWN_BYTES : 0;
    size_t len = strlen(text), to = at + SHOWN_BYTES;

    if (to > len)
        to = len;
    while (from > 0 && ((unsigned char)text[from] & 0xc0) == 0x80)
        from--;
    while (to < len && ((unsigned char)text[to] & 0xc0) == 0x80)
        to++;
    hf_buf_puts(out, from > 0 ? "..." : "");
    hf_buf_add(out, text + from, to - from);
    hf_buf_puts(out, to < len ? "..." : "");
}

/* Counted from 1, in characters. */
static size_t
column_of(const char *text, size_t at)
{
    size_t column = 1;

    for (size_t i = 0; i < at && text[i]; i++)
        column += ((unsigned char)text[i] & 0xc0) != 0x80;
    return column;
}

int
hf_selector_fail(struct hf_selector_text *in, size_t at, const char *fmt, ...)
{
    struct hf_buf shown = {0};
    char message[512];
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(message, sizeof(message), fmt, ap);
    va_end(ap);
    quote_around(&shown, in->text, at);
    hf_fail(in->err, HF_EINVALID, "selector '%s', column %zu: %s",
            hf_buf_str(&shown), column_of(in->text, at), message);
    hf_buf_release(&shown);
    return HF_EINVALID;
}

enum token { T_END, T_OPEN, T_CLOSE, T_AND, T_OR, T_NOT, T_TERM };

int
hf_selector_is_keyword(const char *word, size_t len)
{
    return (len == 3 && strncasecmp(word, "and", 3) == 0) ||
           (len == 2 && strncasecmp(word, "or", 2) == 0) ||
           (len == 3 && strncasecmp(word, "not", 3) == 0);
}

static enum token
word_token(const char *s, size_t *len)
{
    *len = hf_selector_word_len(s, 0);
    if (!hf_selector_is_keyword(s, *len))
        return T_TERM;
    switch (*s | 0x20) {
    case 'a':
        return T_AND;
    case 'o':
        return T_OR;
    default:
        return T_NOT;
    }
}

/* Skips white space and says what comes; *len is its length, except of a
 * term's. "&&" and "||" are taken for "&" and "|". */
static enum token
peek(struct hf_selector_text *in, size_t *len)
{
    const char *s;

    in->pos += strspn(in->text + in->pos, " \t\r\n");
    s = in->text + in->pos;
    *len = s[0] && s[0] == s[1] ? 2 : 1;
    switch (*s) {
    case '\0':
        return T_END;
    case '&':
        return T_AND;
    case '|':
        return T_OR;
    }
    *len = 1;
    switch (*s) {
    case '(':
        return T_OPEN;
    case ')':
        return T_CLOSE;
    case '!':
        return T_NOT;
    default:
        return word_token(s, len);
    }
}

static struct hf_selector *
new_node(enum hf_selector_op op)
{
    struct hf_selector *node = HF_NEW(struct hf_selector);

    node->op = op;
    return node;
}

/* Makes `more` a kid of *group, which becomes a group of `op` when it is not
 * one already; a group inside an equal group is dissolved. */
static void
join(struct hf_selector **group, enum hf_selector_op op,
     struct hf_selector *more)
{
    struct hf_selector *first = *group;

    assert(first && more);
    if (first->op != op) {
        *group = new_node(op);
        *HF_PUSH(&(*group)->kids, &(*group)->len, &(*group)->cap) = first;
    }
    if (more->op != op) {
        *HF_PUSH(&(*group)->kids, &(*group)->len, &(*group)->cap) = more;
        return;
    }
    for (size_t i = 0; i < more->len; i++)
        *HF_PUSH(&(*group)->kids, &(*group)->len, &(*group)->cap) =
            more->kids[i];
    more->len = 0;
    hf_selector_free(more);
}

static int read_or(struct hf_selector **out, struct hf_selector_text *in);

static int
read_group(struct hf_selector **out, struct hf_selector_text *in)
{
    size_t open = in->pos++, len;
    int rc;

    if ((rc = read_or(out, in)) < 0)
        return rc;
    if (peek(in, &len) != T_CLOSE)
        return hf_selector_fail(in, in->pos,
                                "expected ')' for the '(' in column %zu",
                                column_of(in->text, open));
    in->pos += len;
    return HF_OK;
}

static int
fail_no_term(struct hf_selector_text *in, enum token found)
{
    static const char wanted[] = "a term such as ring:canary, web-0* or held";
    size_t last = in->pos;

    if (found == T_END) {
        while (last > 0 && strchr(" \t\r\n", in->text[last - 1]))
            last--;
        return hf_selector_fail(in, last,
                                "the selector ends where %s "
                                "was expected",
                                wanted);
    }
    return hf_selector_fail(in, in->pos, "expected %s", wanted);
}

static int read_not(struct hf_selector **out, struct hf_selector_text *in);

static int
read_negated(struct hf_selector **out, struct hf_selector_text *in, size_t len)
{
    in->pos += len;
    *out = new_node(HF_SELECTOR_NOT);
    return read_not(HF_PUSH(&(*out)->kids, &(*out)->len, &(*out)->cap), in);
}

static int
read_not(struct hf_selector **out, struct hf_selector_text *in)
{
    size_t len;
    enum token token = peek(in, &len);
    int rc;

    *out = NULL;
    if (++in->depth > MAX_DEPTH)
        return hf_selector_fail(in, in->pos, "nested deeper than %d",
                                MAX_DEPTH);
    if (token == T_NOT) {
        rc = read_negated(out, in, len);
    } else if (token == T_OPEN) {
        rc = read_group(out, in);
    } else if (token == T_TERM) {
        *out = new_node(HF_SELECTOR_TERM);
        rc = hf_selector_read_term(&(*out)->term, in);
    } else {
        rc = fail_no_term(in, token);
    }
    in->depth--;
    return rc;
}

static int
read_and(struct hf_selector **out, struct hf_selector_text *in)
{
    struct hf_selector *next;
    enum token token;
    size_t len;
    int rc;

    if ((rc = read_not(out, in)) < 0)
        return rc;
    for (;;) {
        token = peek(in, &len);
        if (token == T_END || token == T_CLOSE || token == T_OR)
            return HF_OK;
        if (token == T_AND)
            in->pos += len;
        if ((rc = read_not(&next, in)) < 0) {
            hf_selector_free(next);
            return rc;
        }
        join(out, HF_SELECTOR_AND, next);
    }
}

static int
read_or(struct hf_selector **out, struct hf_selector_text *in)
{
    struct hf_selector *next;
    size_t len;
    int rc;

    if ((rc = read_and(out, in)) < 0)
        return rc;
    while (peek(in, &len) == T_OR) {
        in->pos += len;
        if ((rc = read_and(&next, in)) < 0) {
            hf_selector_free(next);
            return rc;
        }
        join(out, HF_SELECTOR_OR, next);
    }
    return HF_OK;
}

/* Bytes that no selector holds, wherever they stand. */
static int
check_bytes(struct hf_selector_text *in)
{
    size_t len = strlen(in->text), n;
    uint32_t cp;

    if (len > MAX_BYTES)
        return hf_fail(in->err, HF_ELIMIT,
                       "the selector is longer than %zu bytes", MAX_BYTES);
    for (size_t i = 0; i < len; i += n) {
        if ((n = hf_utf8_decode(in->text + i, len - i, &cp)) == 0)
            return hf_fail(in->err, HF_EINVALID,
                           "selector, byte %zu: not valid UTF-8", i + 1);
        if ((cp < 0x20 && !strchr("\t\r\n", (int)cp)) || cp == 0x7f)
            return hf_selector_fail(in, i, "control character");
    }
    return HF_OK;
}

int
hf_selector_parse(struct hf_selector **out, const char *text,
                  struct hf_err *err)
{
    struct hf_selector_text in = {.text = text, .err = err};
    struct hf_selector *root = NULL;
    size_t len;
    int rc;

    *out = NULL;
    if ((rc = check_bytes(&in)) < 0)
        return rc;
    if (peek(&in, &len) == T_END) {
        *out = new_node(HF_SELECTOR_ALL);
        return HF_OK;
    }
    rc = read_or(&root, &in);
    if (rc == HF_OK && peek(&in, &len) == T_CLOSE)
        rc = hf_selector_fail(&in, in.pos, "')' without a '(' before it");
    if (rc < 0) {
        hf_selector_free(root);
        return rc;
    }
    *out = root;
    return HF_OK;
}
