/* The reader of reply frames. Nothing of a bad frame reaches the caller. */
#include "backend/drivers/reply.h"

#include <stdio.h>
#include <string.h>

#include "backend/base/text.h"

/* One line of the frame, without its newline; positions in the reply. */
struct span {
    const char *s;
    size_t len;
};

void
hf_reply_release(struct hf_reply *r)
{
    hf_facts_release(&r->values);
    *r = (struct hf_reply){0};
}

static int
bad(struct hf_err *err, size_t line, const char *what)
{
    if (line)
        return hf_fail(err, HF_EREPLY, "bad reply: line %zu %s", line, what);
    return hf_fail(err, HF_EREPLY, "bad reply: %s", what);
}

/* Just behind the only "hotfleet-1 NONCE" line, or NULL. */
static const char *
find_begin(const char *text, size_t len, const char *nonce, struct hf_err *err)
{
    char mark[HF_NONCE_LEN + 16];
    size_t mark_len;
    const char *first, *rest;

    mark_len = (size_t)snprintf(mark, sizeof(mark), "hotfleet-1 %s\n", nonce);
    first = memmem(text, len, mark, mark_len);
    if (!first) {
        bad(err, 0, "it has no beginning");
        return NULL;
    }
    rest = first + mark_len;
    if (memmem(rest, len - (size_t)(rest - text), mark, mark_len)) {
        bad(err, 0, "it has two beginnings");
        return NULL;
    }
    return rest;
}

/* Cuts the next line off [*at, end). 0 when no whole line is left. */
static int
next_line(struct span *line, const char **at, const char *end)
{
    const char *newline = memchr(*at, '\n', (size_t)(end - *at));

    if (!newline)
        return 0;
    *line = (struct span){*at, (size_t)(newline - *at)};
    *at = newline + 1;
    return 1;
}

/* Only printable ASCII may stand in an encoded text. */
static int
decode_text(struct hf_buf *out, struct span part, size_t max)
{
    for (size_t i = 0; i < part.len; i++) {
        if (part.s[i] < ' ' || part.s[i] > '~')
            return -1;
    }
    if (hf_percent_decode(out, part.s, part.len) < 0 || out->len > max)
        return -1;
    return 0;
}

/* Log and messages keep their lines, facts are one line. */
static unsigned
keeps_lines(const char *key)
{
    return strcmp(key, "log") == 0 || hf_has_prefix(key, "result.")
               ? HF_SANITISE_LINES
               : 0;
}

static int
decode_value(struct hf_buf *out, struct span part, const char *key)
{
    struct hf_buf raw = {0};
    int rc = decode_text(&raw, part, HF_REPLY_MAX_VALUE);

    if (rc == 0)
        hf_sanitise(out, hf_buf_str(&raw), raw.len, HF_REPLY_MAX_VALUE,
                    keeps_lines(key));
    hf_buf_release(&raw);
    return rc;
}

/* A key is text without controls, of which "?" and blanks come encoded. */
static int
decode_key(struct hf_buf *out, struct span part)
{
    struct hf_buf clean = {0};
    int rc = -1;

    if (!part.len || memchr(part.s, ' ', part.len) ||
        memchr(part.s, '?', part.len) ||
        decode_text(out, part, HF_REPLY_MAX_KEY) < 0)
        goto out;
    hf_sanitise(&clean, hf_buf_str(out), out->len, HF_REPLY_MAX_KEY, 0);
    if (strcmp(hf_buf_str(&clean), hf_buf_str(out)) == 0)
        rc = 0;
out:
    hf_buf_release(&clean);
    return rc;
}

/* "key=value", "key?=why", each with an optional TAB and source. */
static const char *
read_pair(struct hf_facts *facts, struct span line, int64_t at)
{
    struct hf_buf key = {0}, value = {0}, source = {0};
    const char *problem = NULL;
    const char *equals = memchr(line.s, '=', line.len);
    const char *end = line.s + line.len;
    const char *tab = memchr(line.s, '\t', line.len);
    int is_unknown;
    struct span name, text, from = {0};

    if (!equals || (tab && tab < equals))
        return "is no pair";
    is_unknown = equals > line.s && equals[-1] == '?';
    name =
        (struct span){line.s, (size_t)(equals - line.s) - (is_unknown ? 1 : 0)};
    text =
        (struct span){equals + 1, (size_t)((tab ? tab : end) - (equals + 1))};
    if (tab)
        from = (struct span){tab + 1, (size_t)(end - (tab + 1))};
    if (decode_key(&key, name) < 0)
        problem = "has a malformed key";
    else if (hf_facts_find(facts, hf_buf_str(&key)))
        problem = "has a key for the second time";
    else if (decode_value(&value, text, hf_buf_str(&key)) < 0 ||
             decode_value(&source, from, "") < 0)
        problem = "has a malformed or too long value";
    else if (is_unknown)
        hf_facts_set_unknown(facts, hf_buf_str(&key), hf_buf_str(&value),
                             tab ? hf_buf_str(&source) : NULL, at);
    else
        hf_facts_set(facts, hf_buf_str(&key), hf_buf_str(&value),
                     tab ? hf_buf_str(&source) : NULL, at);
    hf_buf_release(&key);
    hf_buf_release(&value);
    hf_buf_release(&source);
    return problem;
}

/* "end NONCE LINES EXIT", with exactly one blank between. */
static int
read_end(int *exit_status, struct span line, const char *nonce, size_t lines)
{
    char head[HF_NONCE_LEN + 40];
    char status[8] = "";
    size_t head_len;
    int64_t number;

    head_len =
        (size_t)snprintf(head, sizeof(head), "end %s %zu ", nonce, lines);
    if (line.len <= head_len || line.len - head_len >= sizeof(status) ||
        memcmp(line.s, head, head_len) != 0)
        return -1;
    memcpy(status, line.s + head_len, line.len - head_len);
    if (hf_parse_int(&number, status, 0, 255) < 0)
        return -1;
    *exit_status = (int)number;
    return 0;
}

static int
is_end(struct span line)
{
    return line.len >= 4 && memcmp(line.s, "end ", 4) == 0;
}

int
hf_reply_decode(struct hf_reply *out, const char *text, size_t len,
                const char *nonce, int64_t at, struct hf_err *err)
{
    const char *end = text + len, *here;
    struct hf_reply reply = {0};
    struct span line;
    size_t lines = 0;
    int ended = 0, rc = HF_EREPLY;

    *out = (struct hf_reply){0};
    if (!(here = find_begin(text, len, nonce, err)))
        goto out;
    while (next_line(&line, &here, end)) {
        const char *problem;

        if ((ended = is_end(line)))
            break;
        if (++lines > HF_REPLY_MAX_LINES)
            problem = "is one too many";
        else
            problem = read_pair(&reply.values, line, at);
        if (problem) {
            bad(err, lines, problem);
            goto out;
        }
    }
    if (!ended) {
        bad(err, 0, "it has no end");
        goto out;
    }
    if (read_end(&reply.exit_status, line, nonce, lines) < 0) {
        bad(err, lines + 1, "is not the end of this reply");
        goto out;
    }
    *out = reply;
    reply = (struct hf_reply){0};
    rc = HF_OK;
out:
    hf_reply_release(&reply);
    return rc;
}
