/*
 * A host file that is accepted holds only values that may reach a log or a
 * command's data, and stays a valid host file when a key is set and taken out
 * again by text.
 */
#include "inventory/formats.h"
#include "inventory/retext.h"
#include "tests/fuzz/decode.h"

static void
check_text(const char *text)
{
    PROMISE(text && *text && hf_utf8_valid(text, strlen(text)));
    PROMISE(!strpbrk(text, "\n\r\t\x1b"));
}

static void
check_host(const struct hf_host_doc *doc)
{
    check_text(doc->name);
    check_text(doc->address);
    PROMISE(!hf_host_name_problem(doc->name));
    PROMISE(!hf_address_problem(doc->address));
    PROMISE(doc->address[0] != '-' && doc->name[0] != '-');
    PROMISE(doc->port >= 0 && doc->port <= 65535);
    if (doc->login.user)
        PROMISE(!hf_user_problem(doc->login.user));
    if (doc->hostkey)
        PROMISE(!hf_hostkey_problem(doc->hostkey));
    if (doc->note)
        check_text(doc->note);
    for (size_t i = 0; doc->tags && doc->tags[i]; i++)
        check_text(doc->tags[i]);
    for (size_t i = 0; i < doc->attributes.len; i++)
        check_text(doc->attributes.v[i].value);
}

/* The bytes of the text with a hold set and removed again. */
static void
check_edits(const uint8_t *data, size_t size, struct hf_arena *arena)
{
    struct hf_buf text = {0};
    struct hf_host_doc doc;
    struct hf_err err = HF_ERR_INIT;

    hf_buf_add(&text, data, size);
    PROMISE(hf_retext_set(&text, "hold", "\"a \\\"reason\\\"\"", &err) ==
            HF_OK);
    PROMISE(fuzz_decode((const uint8_t *)text.data, text.len, &hf_object_host,
                        &doc, arena));
    PROMISE(strcmp(doc.hold.reason, "a \"reason\"") == 0);
    PROMISE(hf_retext_remove(&text, "hold", &err) == HF_OK);
    PROMISE(fuzz_decode((const uint8_t *)text.data, text.len, &hf_object_host,
                        &doc, arena));
    PROMISE(!doc.hold.reason);
    hf_buf_release(&text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct hf_arena *arena;
    struct hf_host_doc doc;

    if (size > 65536)
        return 0;
    arena = hf_arena_new();
    if (fuzz_decode(data, size, &hf_object_host, &doc, arena)) {
        check_host(&doc);
        check_edits(data, size, arena);
    }
    hf_arena_free(arena);
    return 0;
}
