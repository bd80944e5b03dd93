/*
 * The ledger's past: what each of its commits brought about hosts, oldest
 * first. For whoever keeps an index of it.
 */
#ifndef HF_INVENTORY_LEDGER_PAST_H
#define HF_INVENTORY_LEDGER_PAST_H

#include <stddef.h>
#include <stdint.h>

#include "backend/base/err.h"
#include "inventory/ledger_path.h"
#include "inventory/repo.h"

/* A file of one host, as a commit left it. All is borrowed for the call. */
struct hf_ledger_change {
    char commit[41];
    int64_t at;               /* the commit's time, ms */
    enum hf_ledger_kind kind; /* facts or evidence */
    const char *host;
    const char *run;  /* evidence: whose; facts: NULL */
    const char *text; /* the document */
    size_t len;
};

/* The newest commit of the branch. HF_ENOTFOUND: no ledger yet. */
int hf_ledger_newest(char id[41], struct hf_repo *repo, const char *branch,
                     struct hf_err *err);
/*
 * Every change after the commit `since` (NULL: from the first one on) up to
 * `until`. A non-zero return of `fn` stops. HF_ENOTFOUND: `since` is not among
 * the commits that led to `until`, so what was made of it does not hold any
 * more. HF_EIO: damaged.
 */
int hf_ledger_each_change(struct hf_repo *repo, const char *since,
                          const char *until,
                          int (*fn)(void *ctx,
                                    const struct hf_ledger_change *change),
                          void *ctx, struct hf_err *err);

#endif
