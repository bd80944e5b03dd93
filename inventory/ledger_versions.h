/*
 * Which version of which host's file came with which commit. Commits are not
 * compared one after the other: all versions of a folder are read before the
 * next folder, since git keeps them as differences from each other, and
 * folders are shared out among threads. For ledger_past.c.
 */
#ifndef HF_INVENTORY_LEDGER_VERSIONS_H
#define HF_INVENTORY_LEDGER_VERSIONS_H

#include <git2.h>
#include <stdint.h>

#include "backend/base/err.h"
#include "backend/base/mem.h"
#include "inventory/repo.h"

struct hf_version_commit {
    git_oid id, tree;
    int64_t at; /* ms */
};

struct hf_version {
    git_oid id;
    uint32_t commit;        /* which one */
    const char *host, *run; /* run: NULL for facts */
};

struct hf_versions {
    struct hf_version *v; /* by commit */
    size_t len;
    struct hf_arena **texts; /* the hosts' names and runs */
    size_t n_texts;
};

/* With `based`, the first of the commits is what others are compared with, and
 * adds none of its own. HF_EIO: damaged. */
int hf_versions_find(struct hf_versions *out, struct hf_repo *repo,
                     const struct hf_version_commit *commits, size_t n,
                     int based, struct hf_err *err);
void hf_versions_release(struct hf_versions *v);

#endif
