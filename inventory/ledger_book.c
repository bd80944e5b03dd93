/* The ledger branch: opening it, making it, committing to it. */
#include "inventory/ledger_book.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "backend/base/file.h"
#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "backend/base/time.h"
#include "inventory/git.h"
#include "inventory/git_lock.h"
#include "inventory/ledger_message.h"
#include "inventory/ledger_read.h"

int
hf_book_resolve(struct hf_book *b, const char *ref, git_oid *out,
                struct hf_err *err)
{
    int rc = git_reference_name_to_id(out, hf_repo_git(b->repo), ref);

    return rc < 0 ? hf_git_fail(err, rc, "cannot read '%s'", ref) : HF_OK;
}

int
hf_book_tip(struct hf_book *b, char commit[41], struct hf_err *err)
{
    git_oid tip;
    int rc = hf_book_resolve(b, b->ref, &tip, err);

    if (rc == HF_OK)
        hf_git_hex(commit, &tip);
    return rc;
}

/* ---- drafting ---- */

static int
updated_tree(git_tree **out, git_repository *git, git_commit *parent,
             const struct hf_book_change *change)
{
    git_tree *base = NULL;
    git_oid id;
    int rc = 0;

    if (parent)
        rc = git_commit_tree(&base, parent);
    if (rc == 0)
        rc = git_tree_create_updated(&id, git, base, change->len, change->v);
    if (rc == 0)
        rc = git_tree_lookup(out, git, &id);
    git_tree_free(base);
    return rc;
}

/* Who commits, in UTC as all times in records are. */
static int
committer(git_signature **out, struct hf_book *b, struct hf_err *err)
{
    char *name = NULL, *email = NULL;
    int rc;

    *out = NULL;
    if ((rc = hf_repo_identity(b->repo, &name, &email, err)) < 0)
        return rc;
    rc = git_signature_new(out, name, email, hf_now() / 1000, 0);
    if (rc < 0)
        rc = hf_git_fail(err, rc, "git does not take '%s <%s>' as a name", name,
                         email);
    free(name);
    free(email);
    return rc;
}

/* The commit as text, before it is signed. */
static int
commit_text(git_buf *out, struct hf_book *b, git_commit *parent,
            const struct hf_book_change *change, struct hf_err *err)
{
    git_repository *git = hf_repo_git(b->repo);
    const git_commit *parents[] = {parent};
    git_signature *me = NULL;
    git_tree *tree = NULL;
    int rc;

    if ((rc = committer(&me, b, err)) < 0)
        return rc;
    if ((rc = updated_tree(&tree, git, parent, change)) == 0)
        /* parents are const in some versions of libgit2 and not in others */
        rc = git_commit_create_buffer(
            out, git, change->author ? change->author : me, me, NULL,
            change->message, tree, parent ? 1 : 0, (void *)parents);
    if (rc < 0)
        rc = hf_git_fail(err, rc, "cannot write a commit of '%s'", b->branch);
    git_tree_free(tree);
    git_signature_free(me);
    return rc;
}

int
hf_book_draft(struct hf_book *b, git_oid *out, const git_oid *parent,
              const struct hf_book_change *change, struct hf_err *err)
{
    git_repository *git = hf_repo_git(b->repo);
    git_commit *before = NULL;
    git_buf text = {0};
    int rc;

    if (parent && (rc = git_commit_lookup(&before, git, parent)) < 0) {
        rc = hf_git_fail(err, rc, "cannot read the tip of '%s'", b->branch);
        goto out;
    }
    if ((rc = commit_text(&text, b, before, change, err)) == HF_OK)
        rc = hf_signer_store(b->signer, out, git, &text, b->branch, err);
out:
    git_commit_free(before);
    git_buf_dispose(&text);
    return rc;
}

/* ---- publishing ---- */

/* An admin's next commit there would take everything back. */
static int
check_not_checked_out(struct hf_book *b, struct hf_err *err)
{
    git_reference *ref = NULL;
    const char *head = hf_repo_branch(b->repo);
    int out = head && strcmp(head, b->branch) == 0;

    if (!out && git_reference_lookup(&ref, hf_repo_git(b->repo), b->ref) == 0)
        out = git_branch_is_checked_out(ref) > 0;
    git_reference_free(ref);
    if (!out)
        return HF_OK;
    hf_fail(err, HF_EDENIED, "the ledger branch '%s' is checked out",
            b->branch);
    return hf_hint(err, "leave it: git switch main");
}

static int
fail_moved(struct hf_book *b, struct hf_err *err)
{
    return hf_fail(err, HF_EMOVED, "'%s' has moved", b->branch);
}

/* Whether the branch still is where it was; NULL: nowhere. */
static int
is_at(struct hf_book *b, const git_oid *old)
{
    git_oid now;
    int rc = git_reference_name_to_id(&now, hf_repo_git(b->repo), b->ref);

    return old ? rc == 0 && git_oid_equal(&now, old) : rc == GIT_ENOTFOUND;
}

/* Looks again when the branch is locked: only then nobody else can move it. */
static int
move_branch(struct hf_book *b, const git_oid *id, const git_oid *old,
            struct hf_err *err)
{
    git_transaction *change = NULL;
    git_signature *me = NULL;
    int rc;

    if ((rc = committer(&me, b, err)) < 0)
        return rc;
    if ((rc = git_transaction_new(&change, hf_repo_git(b->repo))) < 0 ||
        (rc = git_transaction_lock_ref(change, b->ref)) < 0)
        goto out;
    if (!is_at(b, old)) {
        rc = GIT_EMODIFIED;
        goto out;
    }
    rc = git_transaction_set_target(change, b->ref, id, me, "hotfleet");
    if (rc == 0)
        rc = git_transaction_commit(change);
out:
    git_transaction_free(change);
    git_signature_free(me);
    if (rc == GIT_EMODIFIED)
        return fail_moved(b, err);
    return rc < 0 ? hf_git_fail(err, rc, "cannot move '%s'", b->branch) : HF_OK;
}

int
hf_book_publish(struct hf_book *b, const git_oid *id, const git_oid *old,
                struct hf_err *err)
{
    int rc;

    if ((rc = check_not_checked_out(b, err)) < 0)
        return rc;
    if (!is_at(b, old)) /* then it is not worth a pack */
        return fail_moved(b, err);
    if ((rc = hf_store_flush(b->store, err)) < 0)
        return rc;
    return move_branch(b, id, old, err);
}

/* ---- trying again ---- */

int
hf_book_retry(struct hf_book *b,
              int (*attempt)(struct hf_book *b, void *ctx, struct hf_err *err),
              void *ctx, struct hf_err *err)
{
    char *lock = hf_xasprintf(
        "%s%s.lock", git_repository_commondir(hf_repo_git(b->repo)), b->ref);
    int64_t began = hf_mono();
    int rc, tried = 0;

    while ((rc = attempt(b, ctx, err)) == HF_EMOVED || rc == HF_ELOCKED)
        if (!hf_git_try_again(lock, began, tried++))
            break;
    if (rc == HF_EMOVED)
        hf_wrap(err, "others write the ledger all the time");
    if (rc == HF_ELOCKED) {
        hf_git_fail_locked(err, lock);
        hf_wrap(err, "the ledger is locked");
    }
    free(lock);
    return rc;
}

/* ---- committing records ---- */

struct batch {
    struct hf_ledger_record *const *records;
    size_t n;
    const char *message;
    git_oid commit;
};

static int
write_blobs(struct hf_book *b, struct hf_book_change *change,
            const struct batch *batch, struct hf_err *err)
{
    int rc;

    for (size_t i = 0; i < batch->n; i++) {
        const struct hf_ledger_record *r = batch->records[i];
        git_tree_update *u = HF_PUSH(&change->v, &change->len, &change->cap);

        u->action = GIT_TREE_UPDATE_UPSERT;
        u->filemode = GIT_FILEMODE_BLOB;
        u->path = r->path;
        rc = git_blob_create_from_buffer(&u->id, hf_repo_git(b->repo),
                                         r->content, strlen(r->content));
        if (rc < 0)
            return hf_git_fail(err, rc, "cannot write '%s'", r->path);
    }
    return HF_OK;
}

static int
try_batch(struct hf_book *b, void *ctx, struct hf_err *err)
{
    struct batch *batch = ctx;
    struct hf_book_change change = {.message = batch->message};
    git_oid tip;
    int rc;

    if ((rc = hf_book_resolve(b, b->ref, &tip, err)) == HF_OK &&
        (rc = write_blobs(b, &change, batch, err)) == HF_OK &&
        (rc = hf_book_draft(b, &batch->commit, &tip, &change, err)) == HF_OK)
        rc = hf_book_publish(b, &batch->commit, &tip, err);
    hf_store_clear(b->store);
    free(change.v);
    return rc;
}

struct numbered {
    struct hf_ledger_record *record;
    size_t number;
};

static int
by_number(const void *a, const void *b)
{
    const struct numbered *x = a, *y = b;

    return (x->number > y->number) - (x->number < y->number);
}

static int
by_path(const void *a, const void *b)
{
    const struct numbered *x = a, *y = b;
    int order = strcmp(x->record->path, y->record->path);

    return order ? order : by_number(a, b);
}

/* Of the records with one path the last, in the order in which they came;
 * the caller's. */
static struct hf_ledger_record **
last_of_each_path(struct hf_ledger_record *const *records, size_t n,
                  size_t *left)
{
    struct numbered *sorted = hf_xcalloc(n, sizeof(*sorted));
    struct hf_ledger_record **out = hf_xcalloc(n, sizeof(*out));

    for (size_t i = 0; i < n; i++)
        sorted[i] = (struct numbered){records[i], i};
    qsort(sorted, n, sizeof(*sorted), by_path);
    *left = 0;
    for (size_t i = 0; i < n; i++)
        if (i + 1 == n ||
            strcmp(sorted[i].record->path, sorted[i + 1].record->path) != 0)
            sorted[(*left)++] = sorted[i];
    qsort(sorted, *left, sizeof(*sorted), by_number);
    for (size_t i = 0; i < *left; i++)
        out[i] = sorted[i].record;
    free(sorted);
    return out;
}

int
hf_book_commit(struct hf_book *b, struct hf_ledger_record *const *records,
               size_t n, char commit[41], struct hf_err *err)
{
    struct batch batch = {0};
    struct hf_ledger_record **unique = last_of_each_path(records, n, &batch.n);
    char *message = hf_ledger_message(unique, batch.n);
    int rc;

    batch.records = unique;
    batch.message = message;
    commit[0] = '\0';
    rc = hf_book_retry(b, try_batch, &batch, err);
    if (rc == HF_OK)
        hf_git_hex(commit, &batch.commit);
    free(message);
    free(unique);
    return rc;
}

/* ---- opening ---- */

/* The branch as its remote has it, or any other when none is set: a second
 * beginning would split the history in two. */
static int
branch_elsewhere(struct hf_book *b, git_oid *id)
{
    struct hf_err ignored = HF_ERR_INIT;

    if (b->tracking)
        return hf_book_resolve(b, b->tracking, id, &ignored);
    return hf_ledger_tip(id, b->repo, b->branch, &ignored);
}

/* From there, else a first commit without files. */
static int
make_branch(struct hf_book *b, void *ctx, struct hf_err *err)
{
    struct hf_book_change nothing = {.message = "begin the ledger\n"};
    git_oid id;
    int rc;

    (void)ctx;
    if (hf_book_resolve(b, b->ref, &id, err) == HF_OK)
        return HF_OK;
    if (branch_elsewhere(b, &id) < 0 &&
        (rc = hf_book_draft(b, &id, NULL, &nothing, err)) < 0)
        return rc;
    rc = hf_book_publish(b, &id, NULL, err);
    hf_store_clear(b->store);
    return rc;
}

/* Looked up as a setting: git_remote_lookup of libgit2 1.5 loses 20 KiB for
 * every line of the configuration that is no url.*.insteadOf. */
static int
has_remote(struct hf_book *b)
{
    char *key = hf_xasprintf("remote.%s.url", b->remote);
    git_config *config = NULL;
    git_buf url = {0};
    int found =
        git_repository_config_snapshot(&config, hf_repo_git(b->repo)) == 0 &&
        git_config_get_string_buf(&url, config, key) == 0;

    git_buf_dispose(&url);
    git_config_free(config);
    free(key);
    return found;
}

static int
check_names(struct hf_book *b, struct hf_err *err)
{
    if (!git_reference_is_valid_name(b->ref) || b->branch[0] == '-')
        return hf_fail(err, HF_EINVALID, "'%s' is no name for a branch",
                       b->branch);
    if (!b->remote || (b->remote[0] != '-' && has_remote(b)))
        return HF_OK;
    hf_fail(err, HF_EINVALID, "the ledger's remote '%s' is not set up",
            b->remote);
    return hf_hint(err, "git remote add '%s' URL", b->remote);
}

static int
check_writable(struct hf_book *b, struct hf_err *err)
{
    static const char *const folders[] = {"objects", "refs"};
    const char *git = git_repository_commondir(hf_repo_git(b->repo));
    int rc = HF_OK;

    for (size_t i = 0; i < HF_COUNT(folders) && rc == HF_OK; i++) {
        char *path = hf_path_join(git, folders[i]);

        if (access(path, W_OK) < 0)
            rc = hf_fail(err, HF_EDENIED, "no right to write in '%s'", path);
        free(path);
    }
    return rc;
}

int
hf_book_open(struct hf_book *b, const char *dir,
             const struct hf_ledger_options *options, struct hf_err *err)
{
    int rc;

    *b = (struct hf_book){0};
    b->branch = hf_xstrdup(options->branch ? options->branch : "ledger");
    b->ref = hf_xasprintf("refs/heads/%s", b->branch);
    b->remote = hf_xstrdup(options->remote);
    if (b->remote)
        b->tracking = hf_xasprintf("refs/remotes/%s/%s", b->remote, b->branch);
    if ((rc = hf_repo_open(&b->repo, dir, err)) < 0 ||
        (rc = check_names(b, err)) < 0 || (rc = check_writable(b, err)) < 0 ||
        (rc = check_not_checked_out(b, err)) < 0 ||
        (rc = hf_signer_new(&b->signer, b->repo, options->sign, err)) < 0 ||
        (rc = hf_store_attach(&b->store, b->repo, err)) < 0 ||
        (rc = hf_book_retry(b, make_branch, NULL, err)) < 0)
        hf_book_close(b);
    return rc;
}

void
hf_book_close(struct hf_book *b)
{
    hf_signer_free(b->signer);
    hf_repo_free(b->repo);
    free(b->branch);
    free(b->ref);
    free(b->remote);
    free(b->tracking);
    *b = (struct hf_book){0};
}
