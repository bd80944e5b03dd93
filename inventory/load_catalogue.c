/* Loading the catalogue: the shipped rows, and those of the fleet over them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/sha256.h"
#include "backend/base/text.h"
#include "inventory/catalogue.h"
#include "inventory/git.h"
#include "inventory/loader.h"
#include "inventory/shipped.h"

/* A row and where it comes from; `path` NULL: shipped. */
struct row {
    struct hf_release release;
    const char *path;
    git_oid id;
    size_t index;
};

struct rows {
    struct hf_loader *l;
    struct row *v;
    size_t len, cap;
    struct hf_product *products;
    size_t products_len, products_cap;
    const char **product_paths; /* beside products, the fleet's file or NULL */
    struct hf_objects cves;     /* of HF_CVES_FILE */
};

/* ---- reading ---- */

static struct hf_product *
product_of(struct rows *rows, const char *id)
{
    struct hf_product *product;

    for (size_t i = 0; i < rows->products_len; i++)
        if (strcmp(rows->products[i].id, id) == 0)
            return &rows->products[i];
    product =
        HF_PUSH(&rows->products, &rows->products_len, &rows->products_cap);
    product->id = id;
    rows->product_paths = hf_xrealloc(rows->product_paths, rows->products_len,
                                      sizeof(*rows->product_paths));
    rows->product_paths[rows->products_len - 1] = NULL;
    return product;
}

static void
add_rows(struct rows *rows, const struct hf_catalogue_doc *doc,
         const char *path, const git_oid *id)
{
    static const char *const none[] = {NULL};
    const struct hf_release *releases = doc->releases.v;
    struct hf_product *product = product_of(rows, doc->product);

    if (doc->title)
        product->title = doc->title;
    if (doc->complete_until)
        product->complete_until = doc->complete_until;
    if (doc->ends) {
        product->ends = doc->ends;
        product->ends_certainty = doc->ends_certainty;
    }
    for (size_t i = 0; i < doc->releases.len; i++) {
        struct row *row = HF_PUSH(&rows->v, &rows->len, &rows->cap);

        row->release = releases[i];
        row->release.product = doc->product;
        if (!row->release.cves)
            row->release.cves = none;
        row->path = path;
        row->index = i;
        if (id)
            row->id = *id;
    }
}

/* A sha256 with a file promises that the module is in the repository. */
static void
check_modules(struct hf_loader *l, const struct hf_catalogue_doc *doc)
{
    const struct hf_release *releases = doc->releases.v;
    git_tree_entry *entry = NULL;
    char path[64];

    for (size_t i = 0; i < doc->releases.len; i++) {
        if (!releases[i].file)
            continue;
        if (git_tree_entry_bypath(&entry, l->root, releases[i].file) < 0) {
            snprintf(path, sizeof(path), "$.releases[%zu].file", i);
            hf_decoder_problem(&l->decoder, path,
                               "the repository holds no file '%s'",
                               releases[i].file);
        }
        git_tree_entry_free(entry);
        entry = NULL;
    }
}

static int
compare_cves(const void *a, const void *b)
{
    const struct hf_cve *x = a, *y = b;

    return strcmp(x->id, y->id);
}

/* The table of CVEs, which all products share. */
static void
take_cves(struct rows *rows)
{
    struct hf_loader *l = rows->l;
    struct hf_cves_doc doc;
    struct hf_cve *cves;

    if (hf_decode(&l->decoder, &doc, &hf_object_cves, HF_CVES_FILE,
                  hf_buf_str(&l->text), l->text.len) < 0)
        return;
    rows->cves = doc.cves;
    cves = rows->cves.v;
    if (doc.cves.len)
        qsort(cves, doc.cves.len, sizeof(*cves), compare_cves);
    for (size_t i = 1; i < doc.cves.len; i++)
        if (strcmp(cves[i - 1].id, cves[i].id) == 0)
            hf_decoder_problem(&l->decoder, "$.cves", "%s is there twice",
                               cves[i].id);
}

static int
load_file(void *ctx, const struct hf_tree_file *file, struct hf_err *err)
{
    struct rows *rows = ctx;
    struct hf_loader *l = rows->l;
    struct hf_catalogue_doc doc;
    struct hf_product *product;
    const char **known, *path;
    int rc;

    if (!hf_has_suffix(file->name, ".json")) {
        if (file->name[0] != '.' && !hf_has_prefix(file->name, "README"))
            hf_problem_warn(l->problems, file->path, 0, 0, "",
                            "is not read: catalogue files end in .json");
        return HF_OK;
    }
    if ((rc = hf_loader_read(l, file->path, file->id, err)) < 0)
        return rc == HF_EINVALID ? HF_OK : rc;
    if (strcmp(file->path, HF_CVES_FILE) == 0) {
        take_cves(rows);
        return HF_OK;
    }
    if (hf_decode(&l->decoder, &doc, &hf_object_catalogue, file->path,
                  hf_buf_str(&l->text), l->text.len) < 0)
        return HF_OK;
    product = product_of(rows, doc.product);
    known = &rows->product_paths[product - rows->products];
    path = hf_arena_strdup(l->fleet->arena, file->path);
    if (*known) {
        hf_decoder_problem(&l->decoder, "$.product",
                           "product '%s' is already in '%s'", doc.product,
                           *known);
        return HF_OK;
    }
    *known = path;
    check_modules(l, &doc);
    add_rows(rows, &doc, path, file->id);
    return HF_OK;
}

static int
load_shipped(struct rows *rows, struct hf_err *err)
{
    const struct hf_shipped *file;
    struct hf_catalogue_doc doc;

    for (file = hf_shipped_catalogue; file->name; file++) {
        if (hf_decode(&rows->l->decoder, &doc, &hf_object_catalogue, file->name,
                      file->text, file->len) < 0)
            return hf_fail(err, HF_EINVALID,
                           "the shipped catalogue '%s' is damaged", file->name);
        add_rows(rows, &doc, NULL, NULL);
    }
    return HF_OK;
}

/* ---- merging ---- */

static int
compare_key(const char *a, const char *b)
{
    return strcmp(a ? a : "", b ? b : "");
}

/* Which rows speak of one thing: product, and KB and build or kernel and
 * patch. */
static int
compare_identity(const struct row *a, const struct row *b)
{
    const struct hf_release *x = &a->release, *y = &b->release;
    int order;

    if ((order = compare_key(x->product, y->product)) != 0 ||
        (order = compare_key(x->kernel, y->kernel)) != 0 ||
        (order = compare_key(x->patch, y->patch)) != 0 ||
        (order = compare_key(x->kb, y->kb)) != 0)
        return order;
    return compare_key(x->build, y->build);
}

/* The fleet's row before the shipped one, then the order of the file. */
static int
compare_rows(const void *a, const void *b)
{
    const struct row *x = a, *y = b;
    int order = compare_identity(x, y);

    if (order != 0)
        return order;
    if (!x->path != !y->path)
        return x->path ? -1 : 1;
    return (x->index > y->index) - (x->index < y->index);
}

static void
refuse_repeated(struct hf_loader *l, const struct row *row,
                const struct row *first)
{
    char path[64];
    const struct hf_release *r = &row->release;

    snprintf(path, sizeof(path), "$.releases[%zu]", row->index);
    if (r->kernel)
        hf_loader_problem(l, row->path, &row->id, path, NULL,
                          "repeats entry %zu: patch '%s' for kernel '%s'",
                          first->index, r->patch, r->kernel);
    else
        hf_loader_problem(l, row->path, &row->id, path, NULL,
                          "repeats entry %zu: '%s', build %s", first->index,
                          r->kb, r->build);
}

static void
merge(struct rows *rows, struct hf_catalogue *catalogue)
{
    struct hf_arena *arena = rows->l->fleet->arena;
    const struct row *kept = NULL;
    struct hf_release *releases;
    size_t n = 0;

    qsort(rows->v, rows->len, sizeof(*rows->v), compare_rows);
    releases = hf_arena_alloc(arena, (rows->len + 1) * sizeof(*releases));
    for (size_t i = 0; i < rows->len; i++) {
        struct row *row = &rows->v[i];

        if (!kept || compare_identity(kept, row) != 0)
            releases[n++] = (kept = row)->release;
        else if (row->path)
            refuse_repeated(rows->l, row, kept);
    }
    qsort(releases, n, sizeof(*releases), hf_release_compare);
    catalogue->releases = releases;
    catalogue->releases_len = n;
}

int
hf_load_catalogue(struct hf_loader *l, struct hf_err *err)
{
    struct rows rows = {.l = l};
    struct hf_catalogue *catalogue;
    struct hf_product *products;
    int rc;

    if ((rc = load_shipped(&rows, err)) < 0 ||
        (rc = hf_tree_walk(hf_repo_git(l->repo), l->root, "catalogue",
                           l->problems, load_file, &rows, err)) < 0)
        goto out;
    catalogue = hf_arena_alloc(l->fleet->arena, sizeof(*catalogue));
    products = hf_arena_alloc(l->fleet->arena,
                              (rows.products_len + 1) * sizeof(*products));
    if (rows.products_len)
        memcpy(products, rows.products, rows.products_len * sizeof(*products));
    catalogue->products = products;
    catalogue->products_len = rows.products_len;
    catalogue->cves = rows.cves.v;
    catalogue->cves_len = rows.cves.len;
    merge(&rows, catalogue);
    hf_catalogue_hash(catalogue, catalogue->hash);
    l->fleet->catalogue = catalogue;
out:
    free(rows.v);
    free(rows.products);
    free(rows.product_paths);
    return rc;
}
