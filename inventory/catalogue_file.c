/* Finding a product's file among those of the catalogue. */
#include "inventory/catalogue_file.h"

#include <stdio.h>
#include <string.h>

#include "backend/base/text.h"
#include "inventory/catalogue.h"
#include "inventory/git.h"
#include "inventory/tree.h"

int
hf_catalogue_decode(struct hf_arena *arena, struct hf_catalogue_doc *doc,
                    const char *path, const struct hf_buf *text,
                    struct hf_err *err)
{
    return hf_decode_text(arena, doc, &hf_object_catalogue, path, text, err);
}

struct search {
    struct hf_catalogue_file *c;
    struct hf_repo *repo;
    const char *product;
};

static int
look_at(void *ctx, const struct hf_tree_file *file, struct hf_err *err)
{
    struct search *s = ctx;
    struct hf_catalogue_file *c = s->c;
    int rc;

    if (c->blob[0] || !hf_has_suffix(file->name, ".json") ||
        strcmp(file->path, HF_CVES_FILE) == 0)
        return HF_OK;
    hf_buf_clear(&c->text);
    if ((rc = hf_git_read_blob(&c->text, s->repo, file->id, file->path, err)) <
            0 ||
        (rc = hf_catalogue_decode(c->arena, &c->doc, file->path, &c->text,
                                  err)) < 0)
        return rc;
    if (strcmp(c->doc.product, s->product) != 0)
        return HF_OK;
    snprintf(c->path, sizeof(c->path), "%s", file->path);
    hf_git_hex(c->blob, file->id);
    return HF_OK;
}

int
hf_catalogue_file_find(struct hf_catalogue_file *c, struct hf_repo *repo,
                       git_tree *root, const char *product, struct hf_err *err)
{
    struct search search = {c, repo, product};
    struct hf_problems problems = {0};
    int rc;

    c->arena = hf_arena_new();
    rc = hf_tree_walk(hf_repo_git(repo), root, "catalogue", &problems, look_at,
                      &search, err);
    hf_problems_release(&problems); /* of names: for lint */
    if (rc < 0 || c->blob[0])
        return rc;
    snprintf(c->path, sizeof(c->path), "catalogue/%s.json", product);
    hf_buf_clear(&c->text);
    memset(&c->doc, 0, sizeof(c->doc));
    return HF_OK;
}

void
hf_catalogue_file_release(struct hf_catalogue_file *c)
{
    hf_buf_release(&c->text);
    hf_arena_free(c->arena);
    *c = (struct hf_catalogue_file){0};
}
