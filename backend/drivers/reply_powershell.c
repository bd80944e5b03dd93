/* The reader of PowerShell replies. Nothing of a bad one reaches the caller. */
#include "backend/drivers/reply_powershell.h"

#include <stdio.h>
#include <string.h>

#include "backend/base/json.h"
#include "backend/base/text.h"
#include "backend/drivers/reply.h"

struct frame {
    const char *s; /* between the first and the last line */
    size_t len;
};

static int
bad(struct hf_err *err, const char *what)
{
    return hf_fail(err, HF_EREPLY, "bad reply: %s", what);
}

/* ---- the frame ---- */

/* A line "WORD NONCE", also one that ends in CR LF: where it starts in
 * [from, from + len), and in *after what follows it. NULL when absent. */
static const char *
find_mark(const char *from, size_t len, const char *word, const char *nonce,
          const char **after)
{
    char mark[HF_NONCE_LEN + 16];
    size_t mark_len =
        (size_t)snprintf(mark, sizeof(mark), "%s %s", word, nonce);
    const char *end = from + len, *at = from;

    while ((at = memmem(at, (size_t)(end - at), mark, mark_len))) {
        const char *rest = at + mark_len;

        if (rest < end && *rest == '\r')
            rest++;
        if (rest < end && *rest == '\n') {
            *after = rest + 1;
            return at;
        }
        at += mark_len;
    }
    return NULL;
}

static int
find_frame(struct frame *out, const char *text, size_t len, const char *nonce,
           struct hf_err *err)
{
    const char *end = text + len, *body, *stop, *after;

    if (!find_mark(text, len, "hotfleet-1", nonce, &body))
        return bad(err, "it has no beginning");
    if (find_mark(body, (size_t)(end - body), "hotfleet-1", nonce, &after))
        return bad(err, "it has two beginnings");
    stop = find_mark(body, (size_t)(end - body), "end", nonce, &after);
    if (!stop)
        return bad(err, "it has no end");
    if (stop > body && stop[-1] != '\n')
        return bad(err, "its end is not a line of its own");
    *out = (struct frame){body, (size_t)(stop - body)};
    return HF_OK;
}

/* ---- base64 ---- */

static int
sextet(char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    return c == '+' ? 62 : c == '/' ? 63 : -1;
}

/* The whole bytes among the last `held` bits. */
static void
add_bytes(struct hf_buf *out, unsigned long bits, int held)
{
    char bytes[3];
    size_t n = 0;

    for (; held >= 8; held -= 8)
        bytes[n++] = (char)(bits >> (held - 8) & 0xff);
    hf_buf_add(out, bytes, n);
}

/* Line ends may stand anywhere, padding at the end only. */
static int
decode_base64(struct hf_buf *out, struct frame frame)
{
    unsigned long bits = 0;
    int held = 0, digits = 0, padding = 0;

    hf_buf_reserve(out, frame.len / 4 * 3);

    for (size_t i = 0; i < frame.len; i++) {
        int value = sextet(frame.s[i]);

        if (frame.s[i] == '\r' || frame.s[i] == '\n')
            continue;
        digits++;
        if (frame.s[i] == '=' && ++padding <= 2)
            continue;
        if (value < 0 || padding)
            return -1;
        bits = (bits << 6 | (unsigned long)value) & 0xffffff;
        if ((held += 6) == 24) {
            add_bytes(out, bits, held);
            held = 0;
        }
    }
    add_bytes(out, bits, held);
    return digits % 4 == 0 && digits > 0 ? 0 : -1;
}

/* ---- the document ---- */

static void
clean(struct hf_buf *out, const char *text, const char *key)
{
    hf_buf_clear(out);
    hf_sanitise(out, text, strlen(text), HF_REPLY_MAX_VALUE,
                strcmp(key, "log") == 0 || hf_has_prefix(key, "result.")
                    ? HF_SANITISE_LINES
                    : 0);
}

static int
is_key(const char *key)
{
    struct hf_buf shown = {0};
    size_t len = strlen(key);
    int good;

    hf_sanitise(&shown, key, len, HF_REPLY_MAX_KEY, 0);
    good = len && len <= HF_REPLY_MAX_KEY && !strpbrk(key, "=?") &&
           strcmp(hf_buf_str(&shown), key) == 0;
    hf_buf_release(&shown);
    return good;
}

/* {"value" or "unknown", "source"}, all text. NULL, or what is wrong. */
static const char *
read_fact(struct hf_facts *facts, const cJSON *item, int64_t at)
{
    const char *value = hf_json_str(item, "value");
    const char *unknown = hf_json_str(item, "unknown");
    const char *source = hf_json_str(item, "source");
    const char *said = value ? value : unknown;
    struct hf_buf text = {0}, from = {0};

    if (!is_key(item->string))
        return "it has a malformed key";
    if (!cJSON_IsObject(item) || !value == !unknown ||
        cJSON_GetArraySize(item) != 1 + (source != NULL))
        return "it has a malformed fact";
    if (strlen(said) > HF_REPLY_MAX_VALUE ||
        (source && strlen(source) > HF_REPLY_MAX_VALUE))
        return "it has too long a value";
    clean(&text, said, item->string);
    clean(&from, source ? source : "", "");
    if (value)
        hf_facts_set(facts, item->string, hf_buf_str(&text),
                     from.len ? hf_buf_str(&from) : NULL, at);
    else
        hf_facts_set_unknown(facts, item->string, hf_buf_str(&text),
                             from.len ? hf_buf_str(&from) : NULL, at);
    hf_buf_release(&text);
    hf_buf_release(&from);
    return NULL;
}

static int
read_document(struct hf_reply *out, const cJSON *doc, int64_t at,
              struct hf_err *err)
{
    const cJSON *facts = hf_json_get(doc, "facts"), *item;
    int64_t exit_status = hf_json_int(doc, "exit", -1);
    const char *problem;

    if (cJSON_GetArraySize(doc) != 3 || hf_json_int(doc, "v", 0) != 1 ||
        exit_status < 0 || exit_status > 255 || !cJSON_IsObject(facts))
        return bad(err, "its document is not as agreed");
    if (cJSON_GetArraySize(facts) > HF_REPLY_MAX_LINES)
        return bad(err, "it has too many facts");
    cJSON_ArrayForEach(item, facts)
    {
        if ((problem = read_fact(&out->values, item, at)))
            return bad(err, problem);
    }
    out->exit_status = (int)exit_status;
    return HF_OK;
}

/* "!language ConstrainedLanguage", "!input 1024 20480": why the script was
 * not even begun. */
static int
read_refusal(struct hf_reply *out, struct frame frame, int64_t at,
             struct hf_err *err)
{
    char text[120], mode[40];
    size_t len = frame.len < sizeof(text) ? frame.len : sizeof(text) - 1;
    long got, sent;

    memcpy(text, frame.s, len);
    text[len] = '\0';
    text[strcspn(text, "\r\n")] = '\0';
    if (sscanf(text, "!language %39[A-Za-z]", mode) == 1) {
        hf_facts_set(&out->values, "ps.language", mode, "LanguageMode", at);
        out->exit_status = 1;
        return HF_OK;
    }
    if (sscanf(text, "!input %9ld %9ld", &got, &sent) != 2)
        return bad(err, "it refuses for a reason that is not known");
    (void)hf_fail(err, HF_EREPLY,
                  "bad reply: %ld of %ld characters reached the script", got,
                  sent);
    return hf_hint(err, "set DefaultShell of the host to cmd.exe, and update "
                        "its OpenSSH server: old ones cut standard input");
}

int
hf_reply_powershell_decode(struct hf_reply *out, const char *text, size_t len,
                           const char *nonce, int64_t at, struct hf_err *err)
{
    struct hf_reply reply = {0};
    struct hf_buf json = {0};
    struct hf_err inner = HF_ERR_INIT;
    struct frame frame = {0};
    cJSON *doc = NULL;
    int rc;

    *out = (struct hf_reply){0};
    if ((rc = find_frame(&frame, text, len, nonce, err)) < 0)
        goto out;
    if (frame.len && frame.s[0] == '!') {
        rc = read_refusal(&reply, frame, at, err);
        goto out;
    }
    if (decode_base64(&json, frame) < 0)
        rc = bad(err, "it is not base64");
    else if (hf_json_parse(&doc, hf_buf_str(&json), json.len, &inner) < 0)
        rc = hf_fail(err, HF_EREPLY, "bad reply: %s", inner.text);
    else
        rc = read_document(&reply, doc, at, err);
out:
    if (rc == HF_OK) {
        *out = reply;
        reply = (struct hf_reply){0};
    }
    hf_reply_release(&reply);
    hf_buf_release(&json);
    cJSON_Delete(doc);
    return rc;
}
