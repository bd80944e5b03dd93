/*
 * Reading very many objects, of which each is wanted once: as git itself reads
 * them, by their checksums in the pack (zlib's) and without computing their
 * names anew, which takes longer than all the rest. So it finds a disk that
 * lies, not somebody who can write into the object store; what decides about
 * a host is read by hf_repo_read and its like, which do compute them.
 */
#ifndef HF_INVENTORY_GIT_BULK_H
#define HF_INVENTORY_GIT_BULK_H

#include <git2.h>

#include "backend/base/buf.h"
#include "backend/base/err.h"

/* A repository handle of its own; it belongs to one thread. */
struct hf_git_bulk;

int
hf_git_bulk_open(struct hf_git_bulk **out, const char *dir, struct hf_err *err);
void hf_git_bulk_free(struct hf_git_bulk *b);
/* What `out` held is gone. HF_EIO: missing or damaged, or of another type. */
int hf_git_bulk_read(struct hf_git_bulk *b, const git_oid *id,
                     git_object_t type, struct hf_buf *out, struct hf_err *err);

/* One entry of a tree, borrowed from its text. */
struct hf_git_entry {
    const char *name;
    git_oid id;
    int is_folder, is_file; /* neither: a link or another repository */
};

/* The entry at *at, which moves on. 1; 0: there is none any more; -1: this is
 * no tree. */
int hf_git_entry_next(struct hf_git_entry *out, const struct hf_buf *tree,
                      size_t *at);

#endif
