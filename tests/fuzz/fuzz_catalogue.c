/* A catalogue that is accepted has only rows that name what they are for, and
 * its hash does not depend on anything but them. */
#include "inventory/catalogue.h"
#include "inventory/formats.h"
#include "tests/fuzz/decode.h"

static void
check_row(const struct hf_release *row, int is_linux)
{
    if (is_linux) {
        PROMISE(!hf_kernel_problem(row->kernel));
        PROMISE(!hf_module_problem(row->patch));
        PROMISE(!row->file ||
                (row->sha256 && hf_has_prefix(row->file, "patches/") &&
                 !strstr(row->file, "..")));
    } else {
        PROMISE(!hf_kb_problem(row->kb) && !hf_build_problem(row->build));
    }
    PROMISE(row->type >= 0 && row->type < HF_RELEASE_TYPE_COUNT);
    for (size_t i = 0; row->cves && row->cves[i]; i++)
        PROMISE(!hf_cve_problem(row->cves[i]));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct hf_catalogue_doc doc;
    struct hf_catalogue catalogue = {0};
    struct hf_arena *arena;
    char hash[HF_SHA256_HEX];

    if (size > 65536)
        return 0;
    arena = hf_arena_new();
    if (fuzz_decode(data, size, &hf_object_catalogue, &doc, arena)) {
        struct hf_release *rows = doc.releases.v;

        for (size_t i = 0; i < doc.releases.len; i++) {
            check_row(&rows[i], strcmp(doc.product, "linux") == 0);
            rows[i].product = doc.product;
        }
        catalogue.releases = rows;
        catalogue.releases_len = doc.releases.len;
        hf_catalogue_hash(&catalogue, hash);
        PROMISE(hf_sha256_is_hex(hash));
    }
    hf_arena_free(arena);
    return 0;
}
