/* The ledger and its remote. */
#include "inventory/ledger_push.h"

#include <stdlib.h>
#include <string.h>

#include "backend/base/log.h"
#include "backend/base/mem.h"
#include "backend/base/time.h"
#include "inventory/git.h"
#include "inventory/git_child.h"

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

static int
push_branch(struct hf_book *b, int64_t timeout_ms, struct hf_err *err)
{
    char *spec = hf_xasprintf("%s:%s", b->ref, b->ref);
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

/* ---- repeating our commits on theirs ---- */

static int
find_changes(git_diff **diff, struct hf_book_change *change,
             git_repository *git, git_commit *commit)
{
    git_commit *parent = NULL;
    git_tree *old = NULL, *new = NULL;
    int rc;

    if ((rc = git_commit_tree(&new, commit)) < 0)
        goto out;
    if (git_commit_parentcount(commit) > 0 &&
        ((rc = git_commit_parent(&parent, commit, 0)) < 0 ||
         (rc = git_commit_tree(&old, parent)) < 0))
        goto out;
    if ((rc = git_diff_tree_to_tree(diff, git, old, new, NULL)) < 0)
        goto out;
    for (size_t i = 0; i < git_diff_num_deltas(*diff); i++) {
        const git_diff_delta *delta = git_diff_get_delta(*diff, i);

        /* records come and change; one that went is no record of ours */
        if (delta->status == GIT_DELTA_DELETED)
            continue;
        *HF_PUSH(&change->v, &change->len, &change->cap) = (git_tree_update){
            .action = GIT_TREE_UPDATE_UPSERT,
            .id = delta->new_file.id,
            .filemode = delta->new_file.mode,
            .path = delta->new_file.path,
        };
    }
out:
    git_tree_free(old);
    git_tree_free(new);
    git_commit_free(parent);
    return rc;
}

/* Moves *onto to a commit with the same files and words. A merge has none of
 * its own: both its sides are repeated. */
static int
repeat_commit(struct hf_book *b, git_oid *onto, const git_oid *id,
              struct hf_err *err)
{
    struct hf_book_change change = {0};
    git_commit *commit = NULL;
    git_diff *diff = NULL;
    git_oid repeated;
    int rc;

    if ((rc = git_commit_lookup(&commit, hf_repo_git(b->repo), id)) < 0 ||
        (rc = find_changes(&diff, &change, hf_repo_git(b->repo), commit)) < 0) {
        rc = hf_git_fail(err, rc, "cannot read a commit of '%s'", b->branch);
        goto out;
    }
    if (change.len == 0 || git_commit_parentcount(commit) > 1)
        goto out;
    change.author = git_commit_author(commit);
    change.message = git_commit_message(commit);
    if ((rc = hf_book_draft(b, &repeated, onto, &change, err)) == HF_OK)
        *onto = repeated;
out:
    git_diff_free(diff);
    git_commit_free(commit);
    free(change.v);
    return rc;
}

static int
repeat_all(struct hf_book *b, git_oid *onto, const git_oid *tip,
           struct hf_err *err)
{
    git_revwalk *walk = NULL;
    git_oid theirs = *onto, id;
    int rc;

    if ((rc = git_revwalk_new(&walk, hf_repo_git(b->repo))) < 0 ||
        (rc = git_revwalk_sorting(walk, GIT_SORT_TOPOLOGICAL |
                                            GIT_SORT_REVERSE)) < 0 ||
        (rc = git_revwalk_push(walk, tip)) < 0 ||
        (rc = git_revwalk_hide(walk, &theirs)) < 0) {
        rc = hf_git_fail(err, rc, "cannot read the history of '%s'", b->branch);
        goto out;
    }
    while (rc == 0 && git_revwalk_next(&id, walk) == 0)
        rc = repeat_commit(b, onto, &id, err);
out:
    git_revwalk_free(walk);
    return rc;
}

static int
try_takeover(struct hf_book *b, void *ctx, struct hf_err *err)
{
    git_oid tip, onto;
    int rc;

    (void)ctx;
    if ((rc = hf_book_resolve(b, b->ref, &tip, err)) == HF_OK &&
        (rc = hf_book_resolve(b, b->tracking, &onto, err)) == HF_OK &&
        (rc = repeat_all(b, &onto, &tip, err)) == HF_OK)
        rc = hf_book_publish(b, &onto, &tip, err);
    hf_store_clear(b->store);
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
hf_book_push(struct hf_book *b, int64_t timeout_ms, char commit[41],
             struct hf_err *err)
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
        rc = push_branch(b, left, err);
        if (rc != HF_ERR)
            break;
        left = deadline - hf_mono();
        /* out of reach, or refused for another reason: the push said why */
        if (left <= 0 || fetch_branch(b, left, &ignored) < 0 || !has_moved(b))
            return rc;
        if (hf_book_retry(b, try_takeover, NULL, err) < 0)
            return err->code;
    }
    return rc < 0 ? rc : hf_book_tip(b, commit, err);
}

void
hf_book_tidy(struct hf_book *b)
{
    static const char *const args[] = {"gc", "--auto", "--quiet", NULL};
    struct hf_err err = HF_ERR_INIT;

    if (hf_git_run(b->repo, args, TIDY_MS, NULL, &err) < 0)
        hf_log(HF_LOG_WARN, "%s", err.text);
}
