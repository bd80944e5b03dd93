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

/* Where the remote's branch was when last seen; zeros: nowhere. */
static git_oid
seen(struct hf_book *b)
{
    struct hf_err ignored = HF_ERR_INIT;
    git_oid id = {{0}};

    (void)hf_book_resolve(b, b->tracking, &id, &ignored);
    return id;
}

static int
is_seen_at(struct hf_book *b, const git_oid *where)
{
    git_oid now = seen(b);

    return git_oid_equal(&now, where);
}

static int
fetch_once(struct hf_book *b, int64_t timeout_ms, struct hf_err *err)
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

/* The remote's branch into its tracking branch, wherever that was. Git refuses
 * when that moves under it, as a thread beside us fetches or pushes. */
static int
fetch_branch(struct hf_book *b, int64_t timeout_ms, struct hf_err *err)
{
    int64_t deadline = hf_mono() + timeout_ms, left = timeout_ms;
    int rc = HF_ERR;

    for (int round = 0; round < ROUNDS && rc == HF_ERR && left > 0; round++) {
        git_oid before = seen(b);

        *err = (struct hf_err)HF_ERR_INIT;
        rc = fetch_once(b, left, err);
        if (rc == HF_ERR && is_seen_at(b, &before))
            break;
        left = deadline - hf_mono();
    }
    return rc;
}

/* ---- pushing ---- */

/* Whether the remote's branch holds something that this commit does not. */
static int
is_behind(struct hf_book *b, const git_oid *commit)
{
    struct hf_err ignored = HF_ERR_INIT;
    git_oid theirs;

    return hf_book_resolve(b, b->tracking, &theirs, &ignored) == HF_OK &&
           !git_oid_equal(commit, &theirs) &&
           git_graph_descendant_of(hf_repo_git(b->repo), commit, &theirs) != 1;
}

/* Whether our branch lacks something that the remote's holds. */
static int
has_moved(struct hf_book *b)
{
    struct hf_err ignored = HF_ERR_INIT;
    git_oid ours;

    return hf_book_resolve(b, b->ref, &ours, &ignored) == HF_OK &&
           is_behind(b, &ours);
}

/* Pushes `what`, which is `commit`. HF_EMOVED: the remote's branch holds what
 * that does not, and ours has taken it over, here or by a thread beside us; or
 * somebody, maybe such a thread, pushed at the same moment. Else the error is
 * the push's: out of reach, or refused for another reason. */
static int
push_commit(struct hf_book *b, const char *what, const git_oid *commit,
            int64_t timeout_ms, struct hf_err *err)
{
    int64_t deadline = hf_mono() + timeout_ms, left;
    struct hf_err ignored = HF_ERR_INIT;
    git_oid before = seen(b);
    int rc = push_branch(b, what, timeout_ms, err);

    left = deadline - hf_mono();
    if (rc != HF_ERR || left <= 0 || fetch_branch(b, left, &ignored) < 0 ||
        (!is_behind(b, commit) && is_seen_at(b, &before)))
        return rc;
    if (has_moved(b) && (rc = hf_book_take_over(b, err)) < 0)
        return rc;
    return hf_fail(err, HF_EMOVED, "the ledger of '%s' has moved", b->remote);
}

int
hf_book_push(struct hf_book *b, int64_t timeout_ms, struct hf_err *err)
{
    int64_t deadline = hf_mono() + timeout_ms;
    int rc = HF_EMOVED;

    for (int round = 0; round < ROUNDS && rc == HF_EMOVED; round++) {
        int64_t left = deadline - hf_mono();
        git_oid ours;

        if (left <= 0)
            return hf_fail(err, HF_ETIMEOUT,
                           "the remote '%s' did not take the ledger in time",
                           b->remote);
        *err = (struct hf_err)HF_ERR_INIT;
        if ((rc = hf_book_resolve(b, b->ref, &ours, err)) == HF_OK)
            rc = push_commit(b, b->ref, &ours, left, err);
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
    char commit[41];
    int rc;

    if (timeout_ms <= 0)
        return hf_fail(err, HF_ETIMEOUT, "the remote '%s' takes too long",
                       b->remote);
    if ((rc = hf_store_flush(b->store, err)) < 0)
        return rc;
    return push_commit(b, hf_git_hex(commit, id), id, timeout_ms, err);
}

void
hf_book_tidy(struct hf_book *b)
{
    static const char *const args[] = {"gc", "--auto", "--quiet", NULL};
    struct hf_err err = HF_ERR_INIT;

    if (hf_git_run(b->repo, args, TIDY_MS, NULL, &err) < 0)
        hf_log(HF_LOG_WARN, "%s", err.text);
}
