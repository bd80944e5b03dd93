/* Reply frames as the scripts of either dialect print them. */
#include "backend/sim/reply.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/json.h"
#include "backend/base/text.h"
#include "backend/sim/node.h"

#define PUNCTUATION "!\"#$&'()*+,/:;<>@[\\]^`{|}"
#define BASE64_LINE 57 /* bytes that make a line of 76 digits */

/* ---- sh: lines, counted ---- */

static void
begin_sh(struct hf_sim_reply *r)
{
    hf_buf_printf(r->out, "hotfleet-1 %s\n", r->nonce);
}

static void
fact_sh(struct hf_sim_reply *r, const char *key, const char *value,
        const char *why, const char *source)
{
    const char *said = value ? value : why;

    hf_percent_encode(r->out, key, strlen(key), PUNCTUATION);
    hf_buf_puts(r->out, value ? "=" : "?=");
    hf_percent_encode(r->out, said, strlen(said), PUNCTUATION " =?");
    if (source) {
        hf_buf_putc(r->out, '\t');
        hf_percent_encode(r->out, source, strlen(source), PUNCTUATION " =?");
    }
    hf_buf_putc(r->out, '\n');
    r->lines++;
}

static void
end_sh(struct hf_sim_reply *r, int status)
{
    hf_buf_printf(r->out, "end %s %u %d\n", r->nonce, r->lines, status);
}

const struct hf_sim_frame hf_sim_frame_sh = {begin_sh, fact_sh, end_sh};

/* ---- powershell: one document in base64 ---- */

static void
begin_powershell(struct hf_sim_reply *r)
{
    hf_buf_printf(r->out, "hotfleet-1 %s\r\n", r->nonce);
    r->facts = cJSON_CreateObject();
}

static void
fact_powershell(struct hf_sim_reply *r, const char *key, const char *value,
                const char *why, const char *source)
{
    cJSON *fact = hf_json_add_obj(r->facts, key);

    hf_json_add_str(fact, "value", value);
    hf_json_add_str(fact, "unknown", why);
    hf_json_add_str(fact, "source", source);
}

/* `len` is 1 to 3. */
static void
put_base64(struct hf_buf *out, const char *at, size_t len)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                 "abcdefghijklmnopqrstuvwxyz0123456789+/";
    const unsigned char *b = (const unsigned char *)at;
    unsigned bits =
        (unsigned)b[0] << 16 | (len > 1 ? b[1] << 8 : 0) | (len > 2 ? b[2] : 0);

    hf_buf_putc(out, digits[bits >> 18]);
    hf_buf_putc(out, digits[bits >> 12 & 63]);
    hf_buf_putc(out, len > 1 ? digits[bits >> 6 & 63] : '=');
    hf_buf_putc(out, len > 2 ? digits[bits & 63] : '=');
}

static void
end_powershell(struct hf_sim_reply *r, int status)
{
    cJSON *doc = cJSON_CreateObject();
    char *text;
    size_t len;

    hf_json_add_int(doc, "v", 1);
    hf_json_add_int(doc, "exit", status);
    cJSON_AddItemToObject(doc, "facts", r->facts);
    r->facts = NULL;
    text = hf_json_print(doc);
    len = strlen(text);
    for (size_t i = 0; i < len; i += 3) {
        put_base64(r->out, text + i, len - i < 3 ? len - i : 3);
        if (i % BASE64_LINE == BASE64_LINE - 3 || i + 3 >= len)
            hf_buf_puts(r->out, "\r\n");
    }
    hf_buf_printf(r->out, "end %s\r\n", r->nonce);
    free(text);
    cJSON_Delete(doc);
}

const struct hf_sim_frame hf_sim_frame_powershell = {
    begin_powershell, fact_powershell, end_powershell};

/* ---- either ---- */

void
hf_sim_reply_begin(struct hf_sim_reply *r, const struct hf_sim_frame *frame,
                   struct hf_buf *out, const char *nonce)
{
    *r = (struct hf_sim_reply){.frame = frame, .out = out, .nonce = nonce};
    frame->begin(r);
}

/* Of a copy, all but its own is said at the end. */
static void
say(struct hf_sim_reply *r, const char *key, const char *value, const char *why,
    const char *source)
{
    if (!r->of || hf_sim_node_is_own(r->of, key))
        r->frame->fact(r, key, value, why, source);
}

void
hf_sim_reply_set(struct hf_sim_reply *r, const char *key, const char *value,
                 const char *source)
{
    say(r, key, value, NULL, source);
}

void
hf_sim_reply_int(struct hf_sim_reply *r, const char *key, int64_t value,
                 const char *source)
{
    char text[24];

    snprintf(text, sizeof(text), "%" PRId64, value);
    hf_sim_reply_set(r, key, text, source);
}

void
hf_sim_reply_unknown(struct hf_sim_reply *r, const char *key, const char *why,
                     const char *source)
{
    say(r, key, NULL, why, source);
}

static void
say_known(struct hf_sim_reply *r)
{
    const struct hf_facts *known = r->of->known;

    for (size_t i = 0; i < known->len; i++) {
        const struct hf_fact *f = &known->v[i];

        if (!hf_sim_node_is_own(r->of, f->key))
            r->frame->fact(r, f->key, f->value, f->why, f->source);
    }
}

int
hf_sim_reply_end(struct hf_sim_reply *r, int status)
{
    if (r->of)
        say_known(r);
    r->frame->end(r, status);
    return status;
}
