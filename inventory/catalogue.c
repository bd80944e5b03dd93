/* The canonical form of a catalogue. */
#include "inventory/catalogue.h"

#include <inttypes.h>
#include <string.h>

#include "backend/base/text.h"

/* A line of fields, percent-encoded so that no value can end one. */
static void
add_text(struct hf_buf *out, const char *text)
{
    if (text)
        hf_percent_encode(out, text, strlen(text), "");
    hf_buf_putc(out, ' ');
}

static void
add_texts(struct hf_buf *out, const char *const *texts)
{
    for (; texts && *texts; texts++) {
        hf_percent_encode(out, *texts, strlen(*texts), "");
        hf_buf_putc(out, ',');
    }
    hf_buf_putc(out, ' ');
}

static void
add_release(struct hf_buf *out, const struct hf_release *r)
{
    hf_buf_puts(out, "release ");
    add_text(out, r->product);
    add_text(out, hf_release_type_names[r->type]);
    add_text(out, r->line ? hf_release_line_names[r->line] : NULL);
    add_text(out, r->month);
    add_text(out, r->kb);
    add_text(out, r->build);
    add_text(out, r->kernel);
    add_text(out, r->patch);
    add_text(out, r->version);
    add_text(out, r->sha256);
    add_text(out, r->replaces);
    add_texts(out, r->supersedes);
    add_texts(out, r->cves);
    hf_buf_printf(out, "%" PRId64 " %" PRId64 "\n", r->released,
                  r->covered_until);
}

void
hf_catalogue_hash(const struct hf_catalogue *catalogue, char out[HF_SHA256_HEX])
{
    struct hf_buf form = {0};

    for (size_t i = 0; i < catalogue->products_len; i++) {
        hf_buf_puts(&form, "product ");
        add_text(&form, catalogue->products[i].id);
        add_text(&form, catalogue->products[i].complete_until);
        hf_buf_putc(&form, '\n');
    }
    for (size_t i = 0; i < catalogue->releases_len; i++)
        add_release(&form, &catalogue->releases[i]);
    hf_sha256_hex(out, hf_buf_str(&form), form.len);
    hf_buf_release(&form);
}
