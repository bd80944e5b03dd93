/* libgit2's object stores, asked directly. */
#include "inventory/git_bulk.h"

#include <git2/sys/odb_backend.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "inventory/git.h"

struct hf_git_bulk {
    struct hf_repo *repo;
    git_odb *odb;
};

int
hf_git_bulk_open(struct hf_git_bulk **out, const char *dir, struct hf_err *err)
{
    struct hf_git_bulk *b = HF_NEW(struct hf_git_bulk);
    int rc = hf_repo_open(&b->repo, dir, err);

    *out = NULL;
    if (rc == HF_OK &&
        (rc = git_repository_odb(&b->odb, hf_repo_git(b->repo))) < 0)
        rc = hf_git_fail(err, rc, "cannot read the objects of '%s'", dir);
    if (rc < 0)
        hf_git_bulk_free(b);
    else
        *out = b;
    return rc;
}

void
hf_git_bulk_free(struct hf_git_bulk *b)
{
    if (!b)
        return;
    git_odb_free(b->odb);
    hf_repo_free(b->repo);
    free(b);
}

/* 1: read. 0: no store has it as it was when it was opened. */
static int
read_directly(git_odb *odb, const git_oid *id, git_object_t *type,
              struct hf_buf *out)
{
    git_odb_backend *store;
    size_t len;
    void *data;

    for (size_t i = 0; i < git_odb_num_backends(odb); i++) {
        if (git_odb_get_backend(&store, odb, i) < 0 || !store->read ||
            store->read(&data, &len, type, store, id) < 0)
            continue;
        hf_buf_add(out, data, len);
        git_odb_backend_data_free(store, data);
        return 1;
    }
    return 0;
}

/* Looks for new packs, too, and says what is wrong. */
static int
read_with_care(git_odb *odb, const git_oid *id, git_object_t *type,
               struct hf_buf *out)
{
    git_odb_object *object;
    int rc = git_odb_read(&object, odb, id);

    if (rc < 0)
        return rc;
    *type = git_odb_object_type(object);
    hf_buf_add(out, git_odb_object_data(object), git_odb_object_size(object));
    git_odb_object_free(object);
    return 0;
}

int
hf_git_bulk_read(struct hf_git_bulk *b, const git_oid *id, git_object_t type,
                 struct hf_buf *out, struct hf_err *err)
{
    git_object_t is = GIT_OBJECT_INVALID;
    char hex[41];
    int rc = 0;

    hf_buf_clear(out);
    if (!read_directly(b->odb, id, &is, out))
        rc = read_with_care(b->odb, id, &is, out);
    if (rc < 0)
        hf_git_fail(err, rc, "cannot read object %s", hf_git_hex(hex, id));
    else if (is != type)
        hf_fail(err, HF_EIO, "object %s is a %s, wants a %s",
                hf_git_hex(hex, id), git_object_type2string(is),
                git_object_type2string(type));
    else
        return HF_OK;
    return err->code = HF_EIO;
}

int
hf_git_entry_next(struct hf_git_entry *out, const struct hf_buf *tree,
                  size_t *at)
{
    const char *mode = tree->data + *at, *end = tree->data + tree->len;
    const char *nul, *name;

    if (*at >= tree->len)
        return 0;
    nul = memchr(mode, '\0', (size_t)(end - mode));
    name = nul ? memchr(mode, ' ', (size_t)(nul - mode)) : NULL;
    if (!name || end - nul <= GIT_OID_RAWSZ)
        return -1;
    out->name = name + 1;
    out->is_folder = hf_has_prefix(mode, "40000 ");
    out->is_file = hf_has_prefix(mode, "100");
    git_oid_fromraw(&out->id, (const unsigned char *)nul + 1);
    *at = (size_t)(nul + 1 - tree->data) + GIT_OID_RAWSZ;
    return 1;
}
