/* What must hold for every text that a table of fields reads. */
#ifndef HF_TESTS_FUZZ_DECODE_H
#define HF_TESTS_FUZZ_DECODE_H

#include <string.h>

#include "backend/base/text.h"
#include "inventory/documents.h"
#include "tests/fuzz/fuzz.h"

/* Decodes data with `object` into `out`: 1 when it was accepted. Refusals
 * name a place inside the text, in harmless words. */
static inline int
fuzz_decode(const uint8_t *data, size_t size, const struct hf_object *object,
            void *out, struct hf_arena *arena)
{
    struct hf_problems problems = {0};
    struct hf_decoder decoder = {.arena = arena, .problems = &problems};
    char *text = hf_xmalloc(size + 1);
    int rc;

    if (size)
        memcpy(text, data, size);
    text[size] = '\0';
    rc = hf_decode(&decoder, out, object, "fuzz.json", text, size);
    PROMISE((rc == HF_OK) == (problems.errors == 0));
    for (size_t i = 0; i < problems.len; i++) {
        struct hf_buf line = {0};

        hf_problem_format(&line, &problems.v[i]);
        PROMISE(hf_utf8_valid(line.data, line.len));
        PROMISE(!strpbrk(line.data, "\n\r\t\x1b"));
        PROMISE(problems.v[i].line > 0 && problems.v[i].column > 0);
        hf_buf_release(&line);
    }
    hf_decoder_release(&decoder);
    hf_problems_release(&problems);
    free(text);
    return rc == HF_OK;
}

#endif
