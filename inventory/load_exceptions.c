/* Loading the fleet's exceptions. */
#include <stdlib.h>
#include <string.h>

#include "backend/base/text.h"
#include "backend/model/exception.h"
#include "inventory/git.h"
#include "inventory/loader.h"

struct exceptions {
    struct hf_loader *l;
    struct hf_exception *v;
    size_t len, cap;
};

static void
check_file(struct exceptions *all, const struct hf_exception *e)
{
    for (size_t i = 0; i < all->len; i++) {
        if (hf_text_casecmp(all->v[i].id, e->id) == 0)
            hf_decoder_problem(&all->l->decoder, "$.id",
                               "'%s' is already in '%s'", e->id,
                               all->v[i].path);
    }
    hf_loader_check_scope(all->l, "$.for", &e->scope);
}

static int
load_file(void *ctx, const struct hf_tree_file *file, struct hf_err *err)
{
    struct exceptions *all = ctx;
    struct hf_loader *l = all->l;
    struct hf_exception e;
    int rc;

    if (!hf_has_suffix(file->name, ".json")) {
        if (file->name[0] != '.' && !hf_has_prefix(file->name, "README"))
            hf_problem_warn(l->problems, file->path, 0, 0, "",
                            "is not read: exceptions end in .json");
        return HF_OK;
    }
    if ((rc = hf_loader_read(l, file->path, file->id, err)) < 0)
        return rc == HF_EINVALID ? HF_OK : rc;
    if (hf_decode(&l->decoder, &e, &hf_object_exception, file->path,
                  hf_buf_str(&l->text), l->text.len) < 0)
        return HF_OK;
    check_file(all, &e);
    e.path = hf_arena_strdup(l->fleet->arena, file->path);
    hf_git_hex(e.blob, file->id);
    *HF_PUSH(&all->v, &all->len, &all->cap) = e;
    return HF_OK;
}

int
hf_load_exceptions(struct hf_loader *l, struct hf_err *err)
{
    struct exceptions all = {.l = l};
    size_t errors = l->problems->errors;
    struct hf_exception *kept;
    int rc;

    rc = hf_tree_walk(hf_repo_git(l->repo), l->root, "exceptions", l->problems,
                      load_file, &all, err);
    if (rc == HF_OK && all.len && l->problems->errors == errors) {
        kept = hf_arena_alloc(l->fleet->arena, all.len * sizeof(*kept));
        memcpy(kept, all.v, all.len * sizeof(*kept));
        l->fleet->exceptions = kept;
        l->fleet->exceptions_len = all.len;
        hf_exceptions_bind(l->fleet);
    }
    free(all.v);
    return rc;
}
