/* Loading the fleet's blocked releases. */
#include <stdlib.h>
#include <string.h>

#include "backend/base/text.h"
#include "backend/model/block.h"
#include "inventory/git.h"
#include "inventory/loader.h"

struct blocks {
    struct hf_loader *l;
    struct hf_block *v;
    size_t len, cap;
};

static int
is_same(const struct hf_block *a, const struct hf_block *b)
{
    return strcmp(a->release, b->release) == 0 &&
           strcmp(a->kernel ? a->kernel : "", b->kernel ? b->kernel : "") == 0;
}

static int
load_file(void *ctx, const struct hf_tree_file *file, struct hf_err *err)
{
    struct blocks *blocks = ctx;
    struct hf_loader *l = blocks->l;
    struct hf_block block;
    int rc;

    if (!hf_has_suffix(file->name, ".json")) {
        if (file->name[0] != '.' && !hf_has_prefix(file->name, "README"))
            hf_problem_warn(l->problems, file->path, 0, 0, "",
                            "is not read: blocks end in .json");
        return HF_OK;
    }
    if ((rc = hf_loader_read(l, file->path, file->id, err)) < 0)
        return rc == HF_EINVALID ? HF_OK : rc;
    if (hf_decode(&l->decoder, &block, &hf_object_block, file->path,
                  hf_buf_str(&l->text), l->text.len) < 0)
        return HF_OK;
    for (size_t i = 0; i < blocks->len; i++) {
        if (!is_same(&blocks->v[i], &block))
            continue;
        hf_decoder_problem(&l->decoder, "$.release",
                           "'%s' is already blocked by '%s'", block.release,
                           blocks->v[i].path);
        return HF_OK;
    }
    block.path = hf_arena_strdup(l->fleet->arena, file->path);
    (void)git_oid_tostr(block.blob, sizeof(block.blob), file->id);
    *HF_PUSH(&blocks->v, &blocks->len, &blocks->cap) = block;
    return HF_OK;
}

int
hf_load_blocks(struct hf_loader *l, struct hf_err *err)
{
    struct blocks blocks = {.l = l};
    struct hf_block *kept;
    int rc;

    rc = hf_tree_walk(hf_repo_git(l->repo), l->root, "blocks", l->problems,
                      load_file, &blocks, err);
    if (rc == HF_OK && blocks.len) {
        kept = hf_arena_alloc(l->fleet->arena, blocks.len * sizeof(*kept));
        memcpy(kept, blocks.v, blocks.len * sizeof(*kept));
        l->fleet->blocks = kept;
        l->fleet->blocks_len = blocks.len;
    }
    free(blocks.v);
    return rc;
}
