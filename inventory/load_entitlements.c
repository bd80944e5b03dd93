/* Loading what exports say of entitlement. */
#include <stdlib.h>
#include <string.h>

#include "backend/base/text.h"
#include "backend/model/entitlement.h"
#include "inventory/git.h"
#include "inventory/loader.h"

struct sources {
    struct hf_loader *l;
    struct hf_entitlements *v;
    size_t len, cap;
};

/* Sorted, so that hosts are found; a name twice is a slip of whoever edited
 * the file. */
static void
sort_hosts(struct hf_loader *l, const struct hf_entitlements *e)
{
    struct hf_pair *v = (struct hf_pair *)e->hosts.v;

    if (e->hosts.len)
        qsort(v, e->hosts.len, sizeof(*v), hf_entitlement_compare);
    for (size_t i = 1; i < e->hosts.len; i++)
        if (hf_text_casecmp(v[i - 1].key, v[i].key) == 0)
            hf_decoder_problem(&l->decoder, "$.hosts", "'%s' is there twice",
                               v[i].key);
}

static int
load_file(void *ctx, const struct hf_tree_file *file, struct hf_err *err)
{
    struct sources *sources = ctx;
    struct hf_loader *l = sources->l;
    struct hf_entitlements e;
    int rc;

    if (!hf_has_suffix(file->name, ".json"))
        return HF_OK;
    if ((rc = hf_loader_read(l, file->path, file->id, err)) < 0)
        return rc == HF_EINVALID ? HF_OK : rc;
    if (hf_decode(&l->decoder, &e, &hf_object_entitlements, file->path,
                  hf_buf_str(&l->text), l->text.len) < 0)
        return HF_OK;
    for (size_t i = 0; i < sources->len; i++) {
        if (strcmp(sources->v[i].source, e.source) != 0)
            continue;
        hf_decoder_problem(&l->decoder, "$.source", "'%s' is already in '%s'",
                           e.source, sources->v[i].path);
        return HF_OK;
    }
    sort_hosts(l, &e);
    e.path = hf_arena_strdup(l->fleet->arena, file->path);
    *HF_PUSH(&sources->v, &sources->len, &sources->cap) = e;
    return HF_OK;
}

int
hf_load_entitlements(struct hf_loader *l, struct hf_err *err)
{
    struct sources sources = {.l = l};
    struct hf_entitlements *kept;
    int rc;

    rc = hf_tree_walk(hf_repo_git(l->repo), l->root, "entitlements",
                      l->problems, load_file, &sources, err);
    if (rc == HF_OK && sources.len) {
        kept = hf_arena_alloc(l->fleet->arena, sources.len * sizeof(*kept));
        memcpy(kept, sources.v, sources.len * sizeof(*kept));
        l->fleet->entitlements = kept;
        l->fleet->entitlements_len = sources.len;
    }
    free(sources.v);
    return rc;
}
