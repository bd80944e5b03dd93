/*
 * The ledger's past: what each of its commits brought about hosts. For whoever
 * keeps an index of it; made to read a million of documents.
 */
#ifndef HF_INVENTORY_LEDGER_PAST_H
#define HF_INVENTORY_LEDGER_PAST_H

#include <stddef.h>
#include <stdint.h>

#include "backend/base/err.h"
#include "inventory/repo.h"

/* A file of one host, as a commit left it. All is borrowed for the call. */
struct hf_ledger_change {
    const char *commit; /* its id */
    int64_t at;         /* the commit's time, ms */
    const char *host;
    const char *run;  /* evidence: whose; facts: NULL */
    const char *text; /* the document */
    size_t len;
};

/* What becomes of a document. */
struct hf_ledger_reading {
    /* In any of several threads: what it says. Touches nothing else. */
    void *(*make)(const struct hf_ledger_change *change);
    /* In the caller's thread, those of earlier commits first; of one commit
     * always in the same order. */
    void (*take)(void *ctx, const void *made);
    void (*drop)(void *made);
    void *ctx;
};

/* The newest commit of the branch. HF_ENOTFOUND: no ledger yet. */
int hf_ledger_newest(char id[41], struct hf_repo *repo, const char *branch,
                     struct hf_err *err);
/*
 * Every change after the commit `since` (NULL: from the first one on) up to
 * `until`. HF_ENOTFOUND: `since` is not among the commits that led to `until`,
 * so what was made of it does not hold any more. HF_EIO: damaged.
 */
int
hf_ledger_each_change(struct hf_repo *repo, const char *since,
                      const char *until, const struct hf_ledger_reading *how,
                      struct hf_err *err);

#endif
