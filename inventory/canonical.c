/* Fields that are hashed. See canonical.h. */
#include "inventory/canonical.h"

#include <string.h>

#include "backend/base/text.h"

void
hf_canonical_text(struct hf_buf *out, const char *text)
{
    if (text)
        hf_percent_encode(out, text, strlen(text), "");
    hf_buf_putc(out, ' ');
}

void
hf_canonical_texts(struct hf_buf *out, const char *const *texts)
{
    for (; texts && *texts; texts++) {
        hf_percent_encode(out, *texts, strlen(*texts), "");
        hf_buf_putc(out, ',');
    }
    hf_buf_putc(out, ' ');
}
