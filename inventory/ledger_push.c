/* The ledger and its remote. */
#include "inventory/ledger_push.h"

#include <stdlib.h>
#include <string.h>

#include "backend/base/log.h"
#include "backend/base/mem.h"
#include "backend/base/time.h"
#include "inventory/git.h"
#include "inventory/git_child.h"
#include "inventory/ledger_takeover.h"

#define ROUNDS 5 /* of push, fetch, repeat: others push as well */
#define TIDY_MS 10000

int
hf_book_is_pushed(struct hf_book *b)
{
    struct hf_err ignored = HF_ERR_INIT;
    git_oid ours, theirs;

    return hf_book_resolve(b, b->ref, &ours, &ignored) == HF_OK &&
           hf_book_resolve(b, b->tracking, &theirs, &ignored) == HF_OK &&
           git_oid_equal(&ours, &theirs);
}

/* `what` is a commit or a reference. */
static int
push_branch(struct hf_book *b, const char *what, int64_t timeout_ms,
            struct hf_err *err)
{
    char *spec = hf_xasprintf("%s:%s", what, b->ref);
    const char *args[] = {"push", "--quiet", "--", b->remote, spec, NULL};
    int rc = hf_git_run(b->repo, args, timeout_ms, NULL, err);

    free(spec);
    return rc;
}

/* The remote's branch into its tracking branch, wherever that was. */
static int
fetch_branch(struct hf_book *b, int64_t timeout_ms, struct hf_err *err)
{
    char *spec = hf_xasprintf("+%s:%s", b->ref, b->tracking);
    const char *args[] = {"fetch",
                          "--quiet",
                          "--no-tags",
                          "--no-write-fetch-head",
                          "--no-auto-maintenance",
                          "--",
                          b->remote,
                          spec,
                          NULL};
    int rc = hf_git_run(b->repo, args, timeout_ms, NULL, err);

    free(spec);
    return rc;
}

/* ---- pushing ---- */

/* Whether the remote's branch holds something that ours does not. */
static int
has_moved(struct hf_book *b)
{
    struct hf_err ignored = HF_ERR_INIT;
    git_oid ours, theirs;

    return hf_book_resolve(b, b->ref, &ours, &ignored) == HF_OK &&
           hf_book_resolve(b, b->tracking, &theirs, &ignored) == HF_OK &&
           !git_oid_equal(&ours, &theirs) &&
           git_graph_descendant_of(hf_repo_git(b->repo), &ours, &theirs) != 1;
}

int
hf_book_push(struct hf_book *b, int64_t timeout_ms, struct hf_err *err)
{
    int64_t deadline = hf_mono() + timeout_ms;
    struct hf_err ignored = HF_ERR_INIT;
    int rc = HF_ERR;

    for (int round = 0; round < ROUNDS && rc == HF_ERR; round++) {
        int64_t left = deadline - hf_mono();

        if (left <= 0)
            return hf_fail(err, HF_ETIMEOUT,
                           "the remote '%s' did not take the ledger in time",
                           b->remote);
        rc = push_branch(b, b->ref, left, err);
        if (rc != HF_ERR)
            break;
        left = deadline - hf_mono();
        /* out of reach, or refused for another reason: the push said why */
        if (left <= 0 || fetch_branch(b, left, &ignored) < 0 || !has_moved(b))
            return rc;
        if (hf_book_take_over(b, err) < 0)
            return err->code;
    }
    return rc;
}

/* A remote that has no such branch yet has nothing to take over. */
static int
has_branch(struct hf_book *b)
{
    struct hf_err ignored = HF_ERR_INIT;
    git_oid theirs;

    return hf_book_resolve(b, b->tracking, &theirs, &ignored) == HF_OK;
}

int
hf_book_catch_up(struct hf_book *b, int64_t timeout_ms, struct hf_err *err)
{
    int rc;

    if (timeout_ms <= 0)
        return hf_fail(err, HF_ETIMEOUT, "the remote '%s' takes too long",
                       b->remote);
    rc = fetch_branch(b, timeout_ms, err);
    if (rc == HF_ERR && !has_branch(b))
        return HF_OK;
    if (rc == HF_OK && has_moved(b))
        rc = hf_book_take_over(b, err);
    return rc;
}

int
hf_book_push_draft(struct hf_book *b, const git_oid *id, int64_t timeout_ms,
                   struct hf_err *err)
{
    int64_t deadline = hf_mono() + timeout_ms;
    struct hf_err ignored = HF_ERR_INIT;
    char commit[41];
    int64_t left;
    int rc;

    if (timeout_ms <= 0)
        return hf_fail(err, HF_ETIMEOUT, "the remote '%s' takes too long",
                       b->remote);
    hf_git_hex(commit, id);
    if ((rc = hf_store_flush(b->store, err)) < 0 ||
        (rc = push_branch(b, commit, timeout_ms, err)) != HF_ERR)
        return rc;
    left = deadline - hf_mono();
    /* out of reach, or refused for another reason: the push said why */
    if (left <= 0 || fetch_branch(b, left, &ignored) < 0 || !has_moved(b))
        return rc;
    if ((rc = hf_book_take_over(b, err)) < 0)
        return rc;
    return hf_fail(err, HF_EMOVED, "the ledger of '%s' has moved", b->remote);
}

void
hf_book_tidy(struct hf_book *b)
{
    static const char *const args[] = {"gc", "--auto", "--quiet", NULL};
    struct hf_err err = HF_ERR_INIT;

    if (hf_git_run(b->repo, args, TIDY_MS, NULL, &err) < 0)
        hf_log(HF_LOG_WARN, "%s", err.text);
}
