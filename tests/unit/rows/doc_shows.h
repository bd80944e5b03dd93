/* What a document's lines say. */
#ifndef HF_TEST_ROWS_DOC_SHOWS_H
#define HF_TEST_ROWS_DOC_SHOWS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "tui/rows/line.h"

/* Each of the texts, up to a NULL. */
static inline void
expect_doc(const struct hf_doc *doc, const char *const *wanted)
{
    struct hf_buf text = {0};

    for (size_t i = 0; i < doc->len; i++)
        hf_buf_printf(&text, "%s\n", hf_buf_str(&doc->v[i].line.text));
    for (; *wanted; wanted++) {
        if (!strstr(hf_buf_str(&text), *wanted))
            fail_msg("'%s' is not in: %s", *wanted, hf_buf_str(&text));
    }
    hf_buf_release(&text);
}

#endif
