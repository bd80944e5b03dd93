/* A playbook that is accepted can be explained, and reads the same after it
 * was written out with every default. */
#include <stdlib.h>
#include <string.h>

#include "playbooks/playbook.h"
#include "tests/fuzz/fuzz.h"

static int
no_other(void *ctx, const char *name, struct hf_buf *out, struct hf_err *err)
{
    (void)ctx;
    (void)out;
    return hf_fail(err, HF_ENOTFOUND, "no playbook '%s'", name);
}

/* As JSON, the caller's; NULL when it is refused. */
static char *
read_and_write(const char *text, size_t len)
{
    struct hf_arena *arena = hf_arena_new();
    struct hf_problems problems = {0};
    struct hf_err err = HF_ERR_INIT;
    struct hf_buf words = {0};
    struct hf_playbook pb;
    char *out = NULL;
    cJSON *doc;

    if (hf_playbook_parse(&pb, arena, "fuzz", text, len, no_other, NULL,
                          &problems, &err) == HF_OK) {
        hf_playbook_explain(&words, &pb);
        PROMISE(words.len > 0);
        doc = hf_playbook_to_json(&pb);
        out = hf_json_print(doc);
        cJSON_Delete(doc);
    } else {
        PROMISE(err.text[0]);
    }
    hf_buf_release(&words);
    hf_problems_release(&problems);
    hf_arena_free(arena);
    return out;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *once = read_and_write((const char *)data, size), *twice;

    if (once) {
        twice = read_and_write(once, strlen(once));
        PROMISE(twice && strcmp(once, twice) == 0);
        free(twice);
    }
    free(once);
    return 0;
}
