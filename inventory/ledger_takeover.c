/* Our commits on top of what others pushed. */
#include "inventory/ledger_takeover.h"

#include <stdlib.h>
#include <string.h>

#include "backend/base/json.h"
#include "backend/base/mem.h"
#include "backend/base/time.h"
#include "inventory/git.h"
#include "inventory/ledger_path.h"

/* ---- facts: the newer ones ---- */

/* The latest "at" anywhere in a document; 0 when there is none. */
static int64_t
newest_time(const cJSON *doc)
{
    const cJSON *child;
    int64_t newest = 0, at;

    cJSON_ArrayForEach(child, doc)
    {
        at = newest_time(child);
        if (child->string && strcmp(child->string, "at") == 0 &&
            cJSON_IsString(child) && hf_time_parse(&at, child->valuestring) < 0)
            at = 0;
        newest = at > newest ? at : newest;
    }
    return newest;
}

static int64_t
blob_time(git_repository *git, const git_oid *id)
{
    struct hf_err ignored = HF_ERR_INIT;
    git_blob *blob = NULL;
    cJSON *doc = NULL;
    int64_t newest = 0;

    if (git_blob_lookup(&blob, git, id) == 0 &&
        hf_json_parse(&doc, git_blob_rawcontent(blob),
                      (size_t)git_blob_rawsize(blob), &ignored) == HF_OK)
        newest = newest_time(doc);
    cJSON_Delete(doc);
    git_blob_free(blob);
    return newest;
}

/* Whether `theirs` holds newer facts of that host than ours in `delta`. */
static int
is_outdated(git_repository *git, const git_tree *theirs,
            const git_diff_delta *delta)
{
    git_tree_entry *entry = NULL;
    int outdated = 0;

    if (hf_ledger_kind(delta->new_file.path) == HF_LEDGER_FACTS_OF_HOST &&
        git_tree_entry_bypath(&entry, theirs, delta->new_file.path) == 0)
        outdated = blob_time(git, git_tree_entry_id(entry)) >
                   blob_time(git, &delta->new_file.id);
    git_tree_entry_free(entry);
    return outdated;
}

/* ---- repeating our commits on theirs ---- */

/* What `commit` changed, as it is to be repeated on `onto`. The paths are
 * borrowed from *diff. */
static int
find_changes(git_diff **diff, struct hf_book_change *change,
             git_repository *git, git_commit *commit, const git_tree *onto)
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

        /* records come and change; one that went is no record of ours; what is
         * shared is never written past those who share it */
        if (delta->status == GIT_DELTA_DELETED ||
            hf_ledger_kind(delta->new_file.path) == HF_LEDGER_SHARED ||
            is_outdated(git, onto, delta))
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
    git_repository *git = hf_repo_git(b->repo);
    struct hf_book_change change = {0};
    git_commit *commit = NULL, *base = NULL;
    git_tree *tree = NULL;
    git_diff *diff = NULL;
    git_oid repeated;
    int rc;

    if ((rc = git_commit_lookup(&commit, git, id)) < 0 ||
        (rc = git_commit_lookup(&base, git, onto)) < 0 ||
        (rc = git_commit_tree(&tree, base)) < 0 ||
        (rc = find_changes(&diff, &change, git, commit, tree)) < 0) {
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
    git_tree_free(tree);
    git_commit_free(base);
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

int
hf_book_take_over(struct hf_book *b, struct hf_err *err)
{
    return hf_book_retry(b, try_takeover, NULL, err);
}
