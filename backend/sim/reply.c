/* The reply frame of the sh dialect, as the scripts print it. */
#include "backend/sim/reply.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "backend/base/text.h"

#define PUNCTUATION "!\"#$&'()*+,/:;<>@[\\]^`{|}"

void
hf_sim_reply_begin(struct hf_sim_reply *r, struct hf_buf *out,
                   const char *nonce)
{
    *r = (struct hf_sim_reply){.out = out, .nonce = nonce};
    hf_buf_printf(out, "hotfleet-1 %s\n", nonce);
}

static void
line(struct hf_sim_reply *r, const char *key, const char *mark,
     const char *value, const char *source)
{
    hf_percent_encode(r->out, key, strlen(key), PUNCTUATION);
    hf_buf_puts(r->out, mark);
    hf_percent_encode(r->out, value, strlen(value), PUNCTUATION " =?");
    if (source) {
        hf_buf_putc(r->out, '\t');
        hf_percent_encode(r->out, source, strlen(source), PUNCTUATION " =?");
    }
    hf_buf_putc(r->out, '\n');
    r->lines++;
}

void
hf_sim_reply_set(struct hf_sim_reply *r, const char *key, const char *value,
                 const char *source)
{
    line(r, key, "=", value, source);
}

void
hf_sim_reply_int(struct hf_sim_reply *r, const char *key, int64_t value,
                 const char *source)
{
    char text[24];

    snprintf(text, sizeof(text), "%" PRId64, value);
    line(r, key, "=", text, source);
}

void
hf_sim_reply_unknown(struct hf_sim_reply *r, const char *key, const char *why,
                     const char *source)
{
    line(r, key, "?=", why, source);
}

int
hf_sim_reply_end(struct hf_sim_reply *r, int status)
{
    hf_buf_printf(r->out, "end %s %u %d\n", r->nonce, r->lines, status);
    return status;
}
