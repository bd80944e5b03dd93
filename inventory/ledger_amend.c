/* Compare and swap on one file of the ledger, here and at its remote. */
#include "inventory/ledger_amend.h"

#include <stdlib.h>

#include "backend/base/mem.h"
#include "backend/base/time.h"
#include "inventory/git.h"
#include "inventory/ledger_push.h"
#include "inventory/ledger_store.h"

struct amending {
    const struct hf_amendment *what;
    int64_t deadline;
    int fresh; /* what the remote has was fetched */
};

static int
read_file(struct hf_book *b, const git_oid *tip, const char *path,
          struct hf_buf *out, struct hf_err *err)
{
    char commit[41];
    int rc;

    hf_git_hex(commit, tip);
    rc = hf_repo_read(b->repo, commit, path, out, err);
    return rc == HF_ENOTFOUND ? HF_OK : rc;
}

static int
draft(struct hf_book *b, git_oid *out, const git_oid *tip,
      const struct hf_amendment *what, const struct hf_buf *text,
      struct hf_err *err)
{
    git_tree_update update = {.action = GIT_TREE_UPDATE_UPSERT,
                              .filemode = GIT_FILEMODE_BLOB,
                              .path = what->path};
    struct hf_book_change change = {
        .v = &update, .len = 1, .message = what->message};
    int rc = git_blob_create_from_buffer(&update.id, hf_repo_git(b->repo),
                                         text->data, text->len);

    if (rc < 0)
        return hf_git_fail(err, rc, "cannot write '%s'", what->path);
    return hf_book_draft(b, out, tip, &change, err);
}

/* The remote decides who was first; then the branch here follows, or takes
 * over later what it was given meanwhile. */
static int
publish(struct hf_book *b, struct amending *a, const git_oid *id,
        const git_oid *old, struct hf_err *err)
{
    struct hf_err moved = HF_ERR_INIT;
    int rc;

    if (!b->remote)
        return hf_book_publish(b, id, old, err);
    rc = hf_book_push_draft(b, id, a->deadline - hf_mono(), err);
    if (rc == HF_EMOVED)
        a->fresh = 1;
    if (rc == HF_OK)
        (void)hf_book_publish(b, id, old, &moved);
    return rc;
}

static int
try_amend(struct hf_book *b, void *ctx, struct hf_err *err)
{
    struct amending *a = ctx;
    struct hf_buf was = {0}, is = {0};
    git_oid tip, id;
    int rc;

    if ((rc = hf_book_resolve(b, b->ref, &tip, err)) < 0 ||
        (rc = read_file(b, &tip, a->what->path, &was, err)) < 0 ||
        (rc = a->what->edit(a->what->ctx, hf_buf_str(&was), was.len, &is,
                            err)) < 0)
        goto out;
    if (is.len) {
        if ((rc = draft(b, &id, &tip, a->what, &is, err)) == HF_OK)
            rc = publish(b, a, &id, &tip, err);
    } else if (b->remote && !a->fresh) { /* a no by what may be old */
        a->fresh = 1;
        rc = hf_book_catch_up(b, a->deadline - hf_mono(), err);
        if (rc == HF_OK)
            rc = hf_fail(err, HF_EMOVED, "to be looked at again");
    }
out:
    hf_store_clear(b->store);
    hf_buf_release(&was);
    hf_buf_release(&is);
    return rc;
}

int
hf_ledger_amend(const char *repo_dir, const struct hf_ledger_options *options,
                const struct hf_amendment *amendment, int64_t timeout_ms,
                struct hf_err *err)
{
    struct amending a = {amendment, hf_mono() + timeout_ms, 0};
    struct hf_book book;
    int rc;

    if ((rc = hf_book_open(&book, repo_dir, options, err)) < 0)
        return rc;
    rc = hf_book_retry(&book, try_amend, &a, err);
    hf_book_close(&book);
    return rc;
}
