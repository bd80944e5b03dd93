/* A line of typed text; see input.h. */
#include "tui/term/input.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"
#include "backend/base/text.h"

#define HISTORY_MAX 100

void
hf_input_release(struct hf_input *in)
{
    hf_buf_release(&in->text);
    hf_strs_release(&in->history);
    free(in->own);
    *in = (struct hf_input){0};
}

void
hf_input_set(struct hf_input *in, const char *text)
{
    hf_buf_clear(&in->text);
    hf_buf_puts(&in->text, text);
    in->at = in->text.len;
    in->recalled = 0;
}

/* ---- moving ---- */

static int
is_continuation(char c)
{
    return ((unsigned char)c & 0xc0) == 0x80;
}

static size_t
before(const struct hf_input *in, size_t at)
{
    const char *s = hf_buf_str(&in->text);

    while (at > 0 && is_continuation(s[--at]))
        ;
    return at;
}

static size_t
after(const struct hf_input *in, size_t at)
{
    const char *s = hf_buf_str(&in->text);

    if (at < in->text.len)
        at++;
    while (at < in->text.len && is_continuation(s[at]))
        at++;
    return at;
}

static size_t
word_before(const struct hf_input *in)
{
    const char *s = hf_buf_str(&in->text);
    size_t at = in->at;

    while (at > 0 && s[at - 1] == ' ')
        at--;
    while (at > 0 && s[at - 1] != ' ')
        at--;
    return at;
}

/* ---- changing ---- */

static void
cut(struct hf_input *in, size_t from, size_t to)
{
    if (from >= to)
        return;
    memmove(in->text.data + from, in->text.data + to, in->text.len - to + 1);
    in->text.len -= to - from;
    in->at = from;
}

void
hf_input_insert(struct hf_input *in, const char *text, size_t back)
{
    size_t len = strlen(text);
    char *tail;

    cut(in, in->at - (back < in->at ? back : in->at), in->at);
    if (in->text.len + len > HF_INPUT_MAX)
        return;
    tail = hf_xstrdup(hf_buf_str(&in->text) + in->at);
    if (in->text.data)
        in->text.data[in->at] = '\0';
    in->text.len = in->at;
    hf_buf_add(&in->text, text, len);
    in->at = in->text.len;
    hf_buf_puts(&in->text, tail);
    free(tail);
}

static void
insert_character(struct hf_input *in, int code)
{
    char utf8[5] = "";

    utf8[hf_utf8_encode((uint32_t)code, utf8)] = '\0';
    hf_input_insert(in, utf8, 0);
}

/* ---- history ---- */

void
hf_input_remember(struct hf_input *in)
{
    const char *text = hf_buf_str(&in->text);
    struct hf_strs *h = &in->history;

    in->recalled = 0;
    if (!*text || (h->len && strcmp(h->v[h->len - 1], text) == 0))
        return;
    if (h->len == HISTORY_MAX) {
        free(h->v[0]);
        memmove(h->v, h->v + 1, (h->len - 1) * sizeof(*h->v));
        h->len--;
    }
    hf_strs_add(h, text);
}

static void
recall(struct hf_input *in, int by)
{
    size_t to = in->recalled;
    const char *text;

    if ((by > 0 && to == in->history.len) || (by < 0 && to == 0))
        return;
    if (to == 0) {
        free(in->own);
        in->own = hf_xstrdup(hf_buf_str(&in->text));
    }
    to = by > 0 ? to + 1 : to - 1;
    text = to ? in->history.v[in->history.len - to] : in->own;
    hf_input_set(in, text);
    in->recalled = to;
}

/* ---- keys ---- */

static int
move_key(struct hf_input *in, int code)
{
    if (code == HF_KEY_LEFT)
        in->at = before(in, in->at);
    else if (code == HF_KEY_RIGHT)
        in->at = after(in, in->at);
    else if (code == HF_KEY_HOME || code == HF_KEY_CTRL('a'))
        in->at = 0;
    else if (code == HF_KEY_END || code == HF_KEY_CTRL('e'))
        in->at = in->text.len;
    else if (code == HF_KEY_UP)
        recall(in, 1);
    else if (code == HF_KEY_DOWN)
        recall(in, -1);
    else
        return 0;
    return 1;
}

static int
cut_key(struct hf_input *in, int code)
{
    if (code == HF_KEY_BACKSPACE)
        cut(in, before(in, in->at), in->at);
    else if (code == HF_KEY_DELETE)
        cut(in, in->at, after(in, in->at));
    else if (code == HF_KEY_CTRL('u'))
        cut(in, 0, in->at);
    else if (code == HF_KEY_CTRL('k'))
        cut(in, in->at, in->text.len);
    else if (code == HF_KEY_CTRL('w'))
        cut(in, word_before(in), in->at);
    else
        return 0;
    return 1;
}

int
hf_input_key(struct hf_input *in, const struct hf_key *key)
{
    if (move_key(in, key->code) || cut_key(in, key->code))
        return 1;
    if (key->code == HF_KEY_PASTE)
        hf_input_insert(in, key->text, 0);
    else if (hf_key_is_text(key->code))
        insert_character(in, key->code);
    else
        return 0;
    return 1;
}

const char *
hf_input_view(const struct hf_input *in, size_t cols, size_t *cursor)
{
    const char *s = hf_buf_str(&in->text);
    char *head = hf_xstrndup(s, in->at);
    size_t width = hf_text_width(head), from = 0;

    /* The cursor needs a column of its own behind the text. */
    while (width + 1 > cols && from < in->at) {
        uint32_t cp = 0;

        (void)hf_utf8_decode(s + from, in->text.len - from, &cp);
        width -= (size_t)hf_cp_width(cp);
        from = after(in, from);
    }
    free(head);
    *cursor = width;
    return s + from;
}
