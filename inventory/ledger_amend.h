/*
 * One shared file of the ledger, changed by compare and swap: what is read is
 * the newest that anybody wrote, and what is written is refused when somebody
 * was faster. With a remote that holds for every clone; without one, for this
 * repository alone. For locks and budgets; records never need it.
 */
#ifndef HF_INVENTORY_LEDGER_AMEND_H
#define HF_INVENTORY_LEDGER_AMEND_H

#include "backend/base/buf.h"
#include "inventory/ledger.h"

struct hf_amendment {
    const char *path; /* in the ledger */
    /* Gets the file as it stands (empty: there is none) and appends the new
     * one to `out`, or nothing when it is to stay. Below 0 ends it. May be
     * called more than once: only the last call counts. */
    int (*edit)(void *ctx, const char *text, size_t len, struct hf_buf *out,
                struct hf_err *err);
    void *ctx;
    const char *message; /* of the commit */
};

/* Blocks, at most about `timeout_ms`. HF_OK: written, or left as it is.
 * Whatever failed, nothing is written. */
int
hf_ledger_amend(const char *repo_dir, const struct hf_ledger_options *options,
                const struct hf_amendment *amendment, int64_t timeout_ms,
                struct hf_err *err);

#endif
