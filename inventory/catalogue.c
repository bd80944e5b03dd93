/* The canonical form of a catalogue. */
#include "inventory/catalogue.h"

#include <inttypes.h>
#include <string.h>

#include "inventory/canonical.h"

static void
add_release(struct hf_buf *out, const struct hf_release *r)
{
    hf_buf_puts(out, "release ");
    hf_canonical_text(out, r->product);
    hf_canonical_text(out, hf_release_type_names[r->type]);
    hf_canonical_text(out, r->line ? hf_release_line_names[r->line] : NULL);
    hf_canonical_text(out, r->month);
    hf_canonical_text(out, r->kb);
    hf_canonical_text(out, r->build);
    hf_canonical_text(out, r->kernel);
    hf_canonical_text(out, r->patch);
    hf_canonical_text(out, r->version);
    hf_canonical_text(out, r->sha256);
    hf_canonical_text(out, r->replaces);
    hf_canonical_texts(out, r->supersedes);
    hf_canonical_texts(out, r->cves);
    hf_buf_printf(out, "%" PRId64 " %" PRId64 "\n", r->released,
                  r->covered_until);
}

void
hf_catalogue_hash(const struct hf_catalogue *catalogue, char out[HF_SHA256_HEX])
{
    struct hf_buf form = {0};

    for (size_t i = 0; i < catalogue->products_len; i++) {
        hf_buf_puts(&form, "product ");
        hf_canonical_text(&form, catalogue->products[i].id);
        hf_canonical_text(&form, catalogue->products[i].complete_until);
        hf_canonical_text(&form, catalogue->products[i].ends);
        hf_buf_putc(&form, '\n');
    }
    for (size_t i = 0; i < catalogue->releases_len; i++)
        add_release(&form, &catalogue->releases[i]);
    hf_sha256_hex(out, hf_buf_str(&form), form.len);
    hf_buf_release(&form);
}
