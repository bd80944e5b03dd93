/*
 * The ledger branch in the hands of one writer: commits on its tip that never
 * overwrite what another writer put there.
 */
#ifndef HF_INVENTORY_LEDGER_BOOK_H
#define HF_INVENTORY_LEDGER_BOOK_H

#include <git2.h>

#include "inventory/ledger.h"
#include "inventory/ledger_sign.h"
#include "inventory/ledger_store.h"

/* All zero is a closed book. */
struct hf_book {
    struct hf_repo *repo;
    struct hf_store *store;   /* the repository's */
    struct hf_signer *signer; /* NULL: commits are not signed */
    char *branch;             /* "ledger" */
    char *ref;                /* "refs/heads/ledger" */
    char *remote;             /* "origin", or NULL */
    char *tracking;           /* "refs/remotes/origin/ledger", or NULL */
};

/* Opens the repository and makes the branch when it is missing. After an
 * error the book is closed. */
int hf_book_open(struct hf_book *b, const char *dir,
                 const struct hf_ledger_options *options, struct hf_err *err);
void hf_book_close(struct hf_book *b);

/* The commit that a reference points at; HF_ENOTFOUND. */
int hf_book_resolve(struct hf_book *b, const char *ref, git_oid *out,
                    struct hf_err *err);

/* The branch's newest commit. */
int hf_book_tip(struct hf_book *b, char commit[41], struct hf_err *err);

/* The files of one commit and what is said of them. */
struct hf_book_change {
    git_tree_update *v; /* paths and ids borrowed from whoever fills it */
    size_t len, cap;
    const git_signature *author; /* NULL: whoever commits */
    const char *message;
};
/* Makes a commit object on `parent` (NULL: the first), signed as the book
 * demands. Nobody sees it until it is published. */
int hf_book_draft(struct hf_book *b, git_oid *out, const git_oid *parent,
                  const struct hf_book_change *change, struct hf_err *err);
/* Puts what was drafted on the disk, then moves the branch from `old` (NULL:
 * no branch) to `id`. HF_EMOVED: it is not at `old`; HF_ELOCKED: somebody is
 * about to move it. */
int hf_book_publish(struct hf_book *b, const git_oid *id, const git_oid *old,
                    struct hf_err *err);

/*
 * Calls `attempt` until it is neither HF_EMOVED nor HF_ELOCKED, with pauses
 * in between; gives up after some seconds, or as soon as a lock turns out to
 * be left behind, and says who holds it.
 */
int
hf_book_retry(struct hf_book *b,
              int (*attempt)(struct hf_book *b, void *ctx, struct hf_err *err),
              void *ctx, struct hf_err *err);

/* One commit with all the records; of those with one path the last counts. */
int hf_book_commit(struct hf_book *b, struct hf_ledger_record *const *records,
                   size_t n, char commit[41], struct hf_err *err);

#endif
