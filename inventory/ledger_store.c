/*
 * An object backend that keeps writes in memory and passes reads on.
 * libgit2's own (mempack) cannot be used: beside a repository's files every
 * write looks through all packs first, and its dump walks whole trees.
 */
#include "inventory/ledger_store.h"

#include <git2/sys/odb_backend.h>
#include <git2/sys/repository.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "backend/base/mem.h"
#include "inventory/git.h"
#include "inventory/ledger_pack.h"

struct object {
    git_oid id;
    git_object_t type;
    size_t len;
    void *data;
};

struct hf_store {
    git_odb_backend backend; /* must be first */
    git_repository *git;     /* borrowed: it owns the store */
    git_odb *disk;           /* the repository's own objects */
    struct object *v;        /* in the order of writing */
    size_t len, cap;
    uint32_t *slots; /* hash table: 0, or index in v plus 1 */
    size_t n_slots;  /* a power of two, more than 2 * len */
    char *keep;      /* holds the pack on the disk, or NULL */
    size_t packed;   /* objects that are in it */
};

/* ---- the table ---- */

/* The slot of `id`, or the empty one where it would go. */
static uint32_t *
find_slot(const struct hf_store *s, const git_oid *id)
{
    uint64_t hash;
    size_t i;

    memcpy(&hash, id->id, sizeof(hash));
    for (i = hash & (s->n_slots - 1);; i = (i + 1) & (s->n_slots - 1))
        if (!s->slots[i] || git_oid_equal(&s->v[s->slots[i] - 1].id, id))
            return &s->slots[i];
}

static const struct object *
find_object(const struct hf_store *s, const git_oid *id)
{
    uint32_t slot = s->n_slots ? *find_slot(s, id) : 0;

    return slot ? &s->v[slot - 1] : NULL;
}

static void
grow_table(struct hf_store *s)
{
    if (2 * (s->len + 1) < s->n_slots)
        return;
    s->n_slots = s->n_slots ? 2 * s->n_slots : 1024;
    free(s->slots);
    s->slots = hf_xcalloc(s->n_slots, sizeof(*s->slots));
    for (size_t i = 0; i < s->len; i++)
        *find_slot(s, &s->v[i].id) = (uint32_t)i + 1;
}

static void
add_object(struct hf_store *s, const git_oid *id, const void *data, size_t len,
           git_object_t type)
{
    struct object *o;
    uint32_t *slot;

    grow_table(s);
    slot = find_slot(s, id);
    if (*slot)
        return;
    o = HF_PUSH(&s->v, &s->len, &s->cap);
    *o = (struct object){.id = *id, .type = type, .len = len};
    o->data = hf_xmalloc(len + 1);
    memcpy(o->data, data, len);
    *slot = (uint32_t)s->len;
}

static void
drop_keep(struct hf_store *s)
{
    if (s->keep)
        unlink(s->keep);
    free(s->keep);
    s->keep = NULL;
    s->packed = 0;
}

void
hf_store_clear(struct hf_store *s)
{
    for (size_t i = 0; i < s->len; i++)
        free(s->v[i].data);
    drop_keep(s);
    free(s->v);
    free(s->slots);
    s->v = NULL;
    s->slots = NULL;
    s->len = s->cap = s->n_slots = 0;
}

/* ---- what libgit2 calls ---- */

static int
hand_out(void **data, git_odb_backend *backend, const void *from, size_t len)
{
    *data = git_odb_backend_data_alloc(backend, len + 1);
    if (!*data)
        return -1;
    memcpy(*data, from, len);
    ((char *)*data)[len] = '\0';
    return 0;
}

static int
store_read(void **data, size_t *len, git_object_t *type,
           git_odb_backend *backend, const git_oid *id)
{
    struct hf_store *s = (struct hf_store *)backend;
    const struct object *o = find_object(s, id);
    git_odb_object *there = NULL;
    int rc;

    if (o) {
        *len = o->len;
        *type = o->type;
        return hand_out(data, backend, o->data, o->len);
    }
    if ((rc = git_odb_read(&there, s->disk, id)) < 0)
        return rc;
    *len = git_odb_object_size(there);
    *type = git_odb_object_type(there);
    rc = hand_out(data, backend, git_odb_object_data(there), *len);
    git_odb_object_free(there);
    return rc;
}

static int
store_read_header(size_t *len, git_object_t *type, git_odb_backend *backend,
                  const git_oid *id)
{
    struct hf_store *s = (struct hf_store *)backend;
    const struct object *o = find_object(s, id);

    if (!o)
        return git_odb_read_header(len, type, s->disk, id);
    *len = o->len;
    *type = o->type;
    return 0;
}

static int
store_write(git_odb_backend *backend, const git_oid *id, const void *data,
            size_t len, git_object_t type)
{
    add_object((struct hf_store *)backend, id, data, len, type);
    return 0;
}

/* Asked before each write: an object that is on the disk as well is packed
 * once more, which costs less than looking for every new one there. */
static int
store_exists(git_odb_backend *backend, const git_oid *id)
{
    return find_object((struct hf_store *)backend, id) != NULL;
}

static void
store_free(git_odb_backend *backend)
{
    struct hf_store *s = (struct hf_store *)backend;

    hf_store_clear(s);
    git_odb_free(s->disk);
    free(s);
}

/* ---- attaching and writing out ---- */

static struct hf_store *
new_store(git_repository *git, git_odb *disk)
{
    struct hf_store *s = HF_NEW(struct hf_store);

    s->git = git;
    s->disk = disk;
    s->backend.version = GIT_ODB_BACKEND_VERSION;
    s->backend.read = store_read;
    s->backend.read_header = store_read_header;
    s->backend.write = store_write;
    s->backend.exists = store_exists;
    s->backend.free = store_free;
    return s;
}

int
hf_store_attach(struct hf_store **out, struct hf_repo *repo, struct hf_err *err)
{
    git_repository *git = hf_repo_git(repo);
    git_odb *disk = NULL, *odb = NULL;
    struct hf_store *s = NULL;
    int rc;

    *out = NULL;
    if ((rc = git_repository_odb(&disk, git)) < 0 ||
        (rc = git_odb_new(&odb)) < 0)
        goto out;
    s = new_store(git, disk);
    disk = NULL;
    if ((rc = git_odb_add_backend(odb, &s->backend, 1)) < 0) {
        store_free(&s->backend);
        goto out;
    }
    if ((rc = git_repository_set_odb(git, odb)) == 0)
        *out = s;
out:
    if (rc < 0)
        hf_git_fail(err, rc, "cannot open the objects of '%s'",
                    hf_repo_path(repo));
    git_odb_free(disk);
    git_odb_free(odb);
    return rc < 0 ? err->code : HF_OK;
}

int
hf_store_flush(struct hf_store *s, struct hf_err *err)
{
    git_packbuilder *builder = NULL;
    char *keep = NULL;
    int rc;

    if (s->keep && s->packed == s->len)
        return HF_OK; /* a draft was published to somebody before */
    if ((rc = git_packbuilder_new(&builder, s->git)) == 0)
        git_packbuilder_set_threads(builder, 1);
    for (size_t i = 0; i < s->len && rc == 0; i++)
        rc = git_packbuilder_insert(builder, &s->v[i].id, NULL);
    if (rc < 0)
        rc = hf_git_fail(err, rc, "cannot pack a batch");
    else if (s->len > 0)
        rc = hf_pack_write(&keep, s->git, builder, err);
    git_packbuilder_free(builder);
    if (!keep)
        return rc;
    drop_keep(s); /* what it kept is in the new pack, too */
    s->keep = keep;
    s->packed = s->len;
    return rc;
}
