/* Recognises requests without running them. */
#include "backend/sim/ask.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "backend/base/json.h"
#include "backend/base/text.h"
#include "backend/drivers/scripts.h"

/* Reads '...' with '\'' for a quote; returns what follows, or NULL. */
static const char *
quoted(struct hf_buf *out, const char *at, const char *end)
{
    while (at < end && *at == '\'') {
        const char *text = at + 1;
        const char *stop = memchr(text, '\'', (size_t)(end - text));

        if (!stop)
            return NULL;
        hf_buf_add(out, text, (size_t)(stop - text));
        at = stop + 1;
        if (end - at < 3 || memcmp(at, "\\''", 3) != 0)
            return at;
        hf_buf_putc(out, '\'');
        at += 2;
    }
    return NULL;
}

/* One `HF_NAME='value'` line; returns the next line, or NULL. */
static const char *
assignment(struct hf_sim_ask *ask, const char *at, const char *end)
{
    struct hf_buf name = {0}, value = {0};
    const char *next = NULL;

    if (end - at < 3 || memcmp(at, "HF_", 3) != 0)
        return NULL;
    for (at += 3; at < end && (isupper((unsigned char)*at) ||
                               isdigit((unsigned char)*at) || *at == '_');
         at++)
        hf_buf_putc(&name, *at);
    if (at < end && *at == '=')
        next = quoted(&value, at + 1, end);
    if (next && next < end && *next == '\n') {
        hf_params_set(&ask->values, hf_buf_str(&name), hf_buf_str(&value));
        next++;
    } else {
        next = NULL;
    }
    hf_buf_release(&name);
    hf_buf_release(&value);
    return next;
}

static int
ends_with(const char *input, size_t len, const struct hf_script *s)
{
    return len >= s->len && memcmp(input + len - s->len, s->text, s->len) == 0;
}

/* Which of the driver's scripts ends the input; *head is what stands before
 * it. */
static enum hf_driver_script
recognise(const struct hf_driver *driver, const char *input, size_t len,
          size_t *head)
{
    int i;

    for (i = 0; i < HF_DRIVER_SCRIPT_COUNT; i++) {
        const struct hf_script *s = driver->scripts[i];

        if (s && ends_with(input, len, s)) {
            *head = len - s->len;
            return (enum hf_driver_script)i;
        }
    }
    return HF_DRIVER_SCRIPT_COUNT;
}

int
hf_sim_ask_sh(struct hf_sim_ask *out, const char *input, size_t len)
{
    const char *at = input, *end, *nonce;
    size_t head = 0;

    *out = (struct hf_sim_ask){0};
    out->script = recognise(hf_driver_find("livepatch"), input, len, &head);
    if (out->script == HF_DRIVER_SCRIPT_COUNT)
        return -1;
    end = input + head;
    while (at && at < end)
        at = assignment(out, at, end);
    if (!at)
        return -1;
    nonce = hf_sim_ask_get(out, "NONCE");
    if (strlen(nonce) == HF_NONCE_LEN - 1)
        memcpy(out->nonce, nonce, HF_NONCE_LEN);
    return 0;
}

/* The line of one JSON document. */
static int
read_document(struct hf_sim_ask *out, const char *text, size_t len)
{
    struct hf_err err = HF_ERR_INIT;
    cJSON *doc = NULL;
    const cJSON *item;

    if (hf_json_parse(&doc, text, len, &err) < 0)
        return -1;
    cJSON_ArrayForEach(item, hf_json_get(doc, "params"))
    {
        if (cJSON_IsString(item))
            hf_params_set(&out->values, item->string, item->valuestring);
    }
    cJSON_Delete(doc);
    return 0;
}

static int
sextet(char c)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                 "abcdefghijklmnopqrstuvwxyz0123456789+/";
    const char *at = c ? strchr(digits, c) : NULL;

    return at ? (int)(at - digits) : -1;
}

static void
decode_base64(struct hf_buf *out, const char *text)
{
    unsigned bits = 0;
    int held = 0, value;

    for (; (value = sextet(*text)) >= 0; text++) {
        bits = (bits << 6 | (unsigned)value) & 0xffffff;
        if ((held += 6) >= 8)
            hf_buf_putc(out, (char)(bits >> (held -= 8) & 0xff));
    }
}

/* The upload of Windows hosts is a script with the bytes as a value. */
static void
take_upload(struct hf_sim_ask *out)
{
    struct hf_sim_upload *u = &out->upload;

    decode_base64(&out->data, hf_sim_ask_get(out, "DATA"));
    u->data = hf_buf_str(&out->data);
    u->len = out->data.len;
    memcpy(u->nonce, out->nonce, sizeof(u->nonce));
    (void)snprintf(u->name, sizeof(u->name), "%s", hf_sim_ask_get(out, "NAME"));
    (void)snprintf(u->sha256, sizeof(u->sha256), "%s",
                   hf_sim_ask_get(out, "SHA256"));
}

int
hf_sim_ask_powershell(struct hf_sim_ask *out, const char *input, size_t len)
{
    const struct hf_script *upload = &hf_script_powershell_upload;
    const char *eol = memchr(input, '\n', len), *document;
    size_t head = 0, script;
    int rest = -1;

    *out = (struct hf_sim_ask){0};
    out->script = recognise(hf_driver_find("windows"), input, len, &head);
    if (out->script == HF_DRIVER_SCRIPT_COUNT && ends_with(input, len, upload))
        head = len - upload->len;
    if (!head || !eol ||
        sscanf(input, "hotfleet-1 %32[0-9a-f] %*u %zu%n", out->nonce, &script,
               &rest) != 2 ||
        input + rest != eol || script != len - head - 1)
        return -1;
    document = eol + 1;
    if (document >= input + head ||
        read_document(out, document, (size_t)(input + head - document) - 1) < 0)
        return -1;
    if (out->script == HF_DRIVER_SCRIPT_COUNT)
        take_upload(out);
    return 0;
}

void
hf_sim_ask_release(struct hf_sim_ask *ask)
{
    hf_params_release(&ask->values);
    hf_buf_release(&ask->data);
}

const char *
hf_sim_ask_get(const struct hf_sim_ask *ask, const char *name)
{
    const char *value = hf_params_get(&ask->values, name);

    return value ? value : "";
}

int
hf_sim_upload_parse(struct hf_sim_upload *out, const char *input, size_t len)
{
    const char *eol = memchr(input, '\n', len);
    char head[512];
    size_t head_len = eol ? (size_t)(eol - input) : sizeof(head);
    int rest = -1;

    if (head_len >= sizeof(head))
        return -1;
    memcpy(head, input, head_len);
    head[head_len] = '\0';
    if (sscanf(head, "%zu %64s %32s %255s%n", &out->len, out->sha256,
               out->nonce, out->name, &rest) != 4 ||
        rest < 0 || head[rest] != '\0' || strlen(out->nonce) != 32)
        return -1;
    out->data = eol + 1;
    return len - head_len - 1 >= out->len ? 0 : -1;
}
