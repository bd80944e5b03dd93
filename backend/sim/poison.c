/* Replies that no honest host sends: each is broken or hostile in one way. */
#include <string.h>

#include "backend/base/mem.h"
#include "backend/sim/answers.h"

#define EVIL "\033]0;owned\007\033[2J\033[31mroot\xe2\x80\xae.nimda\xe2\x80\x8b"

static void
begin(struct hf_buf *out, const char *nonce)
{
    hf_buf_printf(out, "hotfleet-1 %s\n", nonce);
}

static void
end(struct hf_buf *out, const char *nonce, int lines)
{
    hf_buf_printf(out, "end %s %d 0\n", nonce, lines);
}

static void
twice(struct hf_buf *out, const char *nonce)
{
    begin(out, nonce);
    hf_buf_puts(out, "patches=none\npatches=hotfleet_fix_2\n");
    end(out, nonce, 2);
}

static void
half(struct hf_buf *out, const char *nonce)
{
    begin(out, nonce);
    hf_buf_puts(out, "kernel.release=6.1.0-56-amd64\npatches=hotfl");
}

static void
other_nonce(struct hf_buf *out, const char *nonce)
{
    static const char other[] = "00000000000000000000000000000000";

    (void)nonce;
    begin(out, other);
    hf_buf_puts(out, "patches=hotfleet_fix_2\n");
    end(out, other, 1);
}

static void
miscounted(struct hf_buf *out, const char *nonce)
{
    begin(out, nonce);
    hf_buf_puts(out, "patches=hotfleet_fix_2\n");
    end(out, nonce, 7);
}

/* Terminal escapes and bidi overrides, raw in the frame. */
static void
raw_escapes(struct hf_buf *out, const char *nonce)
{
    begin(out, nonce);
    hf_buf_puts(out, "os.name=" EVIL "\n");
    end(out, nonce, 1);
}

/* The same, well encoded: a good frame, so the values must be made harmless. */
static void
encoded_escapes(struct hf_buf *out, const char *nonce)
{
    static const char evil[] = EVIL;
    size_t i;

    begin(out, nonce);
    hf_buf_puts(out, "kernel.release=6.1.0-56-amd64\nos.name=");
    for (i = 0; i < sizeof(evil) - 1; i++)
        hf_buf_printf(out, "%%%02X", (unsigned char)evil[i]);
    hf_buf_puts(out, "\n");
    end(out, nonce, 2);
}

static void
huge_line(struct hf_buf *out, const char *nonce)
{
    size_t size = 10u << 20;

    begin(out, nonce);
    hf_buf_puts(out, "os.name=");
    hf_buf_reserve(out, size + 64);
    memset(out->data + out->len, 'A', size);
    out->len += size;
    hf_buf_puts(out, "\n");
    end(out, nonce, 1);
}

static void
web_page(struct hf_buf *out, const char *nonce)
{
    (void)nonce;
    hf_buf_puts(out, "<!DOCTYPE html><html><body><h1>502 Bad Gateway</h1>"
                     "</body></html>\n");
}

static void
nothing(struct hf_buf *out, const char *nonce)
{
    (void)out;
    (void)nonce;
}

static void
zero_bytes(struct hf_buf *out, const char *nonce)
{
    begin(out, nonce);
    hf_buf_add(out, "patches=\0none\0\n", 15);
    hf_buf_puts(out, "os.name=%00\n");
    end(out, nonce, 2);
}

static void
bad_escape(struct hf_buf *out, const char *nonce)
{
    begin(out, nonce);
    hf_buf_puts(out, "os.name=100%\narch=%G1\n");
    end(out, nonce, 2);
}

static void
two_begins(struct hf_buf *out, const char *nonce)
{
    begin(out, nonce);
    hf_buf_puts(out, "patches=none\n");
    begin(out, nonce);
    hf_buf_puts(out, "patches=hotfleet_fix_2\n");
    end(out, nonce, 2);
}

static void
json(struct hf_buf *out, const char *nonce)
{
    begin(out, nonce);
    hf_buf_puts(out, "{\"patches\": [\"hotfleet_fix_2\"\n");
    end(out, nonce, 1);
}

/* clang-format off */
const struct hf_sim_poison hf_sim_poisons[] = {
    {"a key twice", twice},
    {"half a reply", half},
    {"escapes, well encoded", encoded_escapes},
    {"another nonce", other_nonce},
    {"a wrong count", miscounted},
    {"raw escapes", raw_escapes},
    {"a line of 10 MiB", huge_line},
    {"a web page", web_page},
    {"nothing", nothing},
    {"zero bytes", zero_bytes},
    {"a broken escape", bad_escape},
    {"two begins", two_begins},
    {"half a JSON document", json},
};
/* clang-format on */
const size_t hf_sim_poisons_len = HF_COUNT(hf_sim_poisons);
