/*
 * Livepatch modules in the fleet repository: patches/<sha256>.ko, each with
 * its row in catalogue/linux.json.
 */
#ifndef HF_INVENTORY_PATCHSTORE_H
#define HF_INVENTORY_PATCHSTORE_H

#include "backend/base/buf.h"
#include "backend/base/sha256.h"
#include "inventory/repo.h"

#define HF_PATCH_MAX (32u << 20)

/* What is asked for; strings are borrowed, absent ones NULL. */
struct hf_patch_spec {
    const void *module; /* the content of the .ko file */
    size_t len;
    const char *kernel;         /* release it is for, "6.1.0-56-amd64" */
    const char *const *cves;    /* NULL-terminated, or NULL */
    const char *covered_until;  /* "2027-03-31" */
    const char *replaces;       /* name of the patch it retires, "*", NULL */
    const char *complete_until; /* "2026-08"; see complete_until below */
    const char *note, *source;  /* where it comes from */
};

struct hf_patch_added {
    char sha256[HF_SHA256_HEX];
    char name[64];          /* of the module, as the kernel will call it */
    char version[64];       /* or empty */
    char vermagic[128];     /* what it says it was built for */
    char path[96];          /* in the repository */
    char complete_until[8]; /* what linux.json says now */
    char commit[41];
};

/*
 * Stores a module and its row, one commit. The module must be a livepatch
 * for exactly that kernel release. Without spec.complete_until a new
 * catalogue is declared complete until this month; an existing one keeps its
 * month. HF_EINVALID: not such a module, or a value that the catalogue
 * refuses; HF_ELIMIT: above HF_PATCH_MAX; HF_EEXISTS: kernel and patch have a
 * row; else as hf_edit_commit.
 */
int hf_patch_add(struct hf_patch_added *out, struct hf_repo *repo,
                 const struct hf_patch_spec *spec, struct hf_err *err);

/* Appends the stored module; HF_ENOTFOUND: none of that content; HF_EIO: what
 * is stored is not what its name says. `commit` NULL: HEAD. */
int hf_patch_read(struct hf_repo *repo, const char *commit, const char *sha256,
                  struct hf_buf *out, struct hf_err *err);

#endif
