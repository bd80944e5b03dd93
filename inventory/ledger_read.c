/* Reading the ledger's files: facts of all hosts, one host's past, runs. */
#include "inventory/ledger_read.h"

#include <stdlib.h>
#include <string.h>

#include "backend/base/json.h"
#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "inventory/git.h"
#include "inventory/ledger.h"
#include "inventory/ledger_path.h"

#define RECORD_MAX (16u << 20)

/* One reading of the ledger as it stands now. */
struct reader {
    git_repository *git;
    git_odb *odb;
    git_tree *top;
    struct hf_buf path; /* where it is, for messages */
    size_t left;        /* how many more are wanted */
    int stop;
    int (*on_doc)(void *ctx, const char *run, cJSON *doc);
    int (*on_run)(void *ctx, const char *run, cJSON *doc, cJSON *end);
    int (*on_facts)(void *ctx, const char *host, const char *text, size_t len);
    void *ctx;
};

/* ---- opening ---- */

/* The first remote, in the order of names, that has such a branch. */
static int
remote_tip(git_oid *out, git_repository *git, const char *branch)
{
    char *glob = hf_xasprintf("refs/remotes/*/%s", branch);
    git_reference_iterator *iterator = NULL;
    const char *name;
    int rc;

    if ((rc = git_reference_iterator_glob_new(&iterator, git, glob)) == 0 &&
        (rc = git_reference_next_name(&name, iterator)) == 0)
        rc = git_reference_name_to_id(out, git, name);
    git_reference_iterator_free(iterator);
    free(glob);
    return rc == GIT_ITEROVER ? GIT_ENOTFOUND : rc;
}

int
hf_ledger_tip(git_oid *out, struct hf_repo *repo, const char *branch,
              struct hf_err *err)
{
    git_repository *git = hf_repo_git(repo);
    char *ref = hf_xasprintf("refs/heads/%s", branch);
    int rc = git_reference_name_to_id(out, git, ref);

    free(ref);
    if (rc == GIT_ENOTFOUND)
        rc = remote_tip(out, git, branch);
    if (rc == GIT_ENOTFOUND)
        return hf_fail(err, HF_ENOTFOUND, "there is no ledger '%s' yet",
                       branch);
    return rc < 0 ? hf_git_fail(err, rc, "cannot read branch '%s'", branch)
                  : HF_OK;
}

static int
fail_read(struct reader *r, int rc, struct hf_err *err)
{
    hf_git_fail(err, rc, "cannot read '%s' of the ledger",
                hf_buf_str(&r->path));
    return err->code = HF_EIO; /* a missing object is damage */
}

static int
open_reader(struct reader *r, struct hf_repo *repo, const char *branch,
            struct hf_err *err)
{
    git_commit *commit = NULL;
    git_oid tip;
    int rc;

    r->git = hf_repo_git(repo);
    if ((rc = hf_ledger_tip(&tip, repo, branch, err)) < 0)
        return rc;
    if ((rc = git_repository_odb(&r->odb, r->git)) < 0 ||
        (rc = git_commit_lookup(&commit, r->git, &tip)) < 0 ||
        (rc = git_commit_tree(&r->top, commit)) < 0)
        rc = fail_read(r, rc, err);
    git_commit_free(commit);
    return rc;
}

static void
close_reader(struct reader *r)
{
    git_tree_free(r->top);
    git_odb_free(r->odb);
    hf_buf_release(&r->path);
}

/* ---- moving about ---- */

/* Appends a name to the path; give what comes back to leave. */
static size_t
enter(struct reader *r, const char *name)
{
    size_t before = r->path.len;

    if (before > 0)
        hf_buf_putc(&r->path, '/');
    hf_buf_puts(&r->path, name);
    return before;
}

static void
leave(struct reader *r, size_t before)
{
    r->path.len = before;
    r->path.data[before] = '\0';
}

/* Calls fn for every folder in `tree`, the newest (last) first. */
static int
each_folder(struct reader *r, git_tree *tree,
            int (*fn)(struct reader *r, git_tree *folder, const char *name,
                      struct hf_err *err),
            struct hf_err *err)
{
    int rc = HF_OK;

    for (size_t i = git_tree_entrycount(tree);
         i-- > 0 && rc == 0 && !r->stop;) {
        const git_tree_entry *e = git_tree_entry_byindex(tree, i);
        git_tree *folder = NULL;
        size_t before;

        if (git_tree_entry_type(e) != GIT_OBJECT_TREE)
            continue;
        before = enter(r, git_tree_entry_name(e));
        rc = git_tree_lookup(&folder, r->git, git_tree_entry_id(e));
        rc = rc < 0 ? fail_read(r, rc, err)
                    : fn(r, folder, git_tree_entry_name(e), err);
        git_tree_free(folder);
        leave(r, before);
    }
    return rc;
}

/* The folder at `path`, the caller's; NULL when there is none. */
static int
find_folder(struct reader *r, git_tree **out, const char *path,
            struct hf_err *err)
{
    git_tree_entry *e = NULL;
    int rc;

    *out = NULL;
    enter(r, path);
    rc = git_tree_entry_bypath(&e, r->top, path);
    if (rc == GIT_ENOTFOUND)
        return HF_OK;
    if (rc == 0 && git_tree_entry_type(e) != GIT_OBJECT_TREE)
        rc = hf_fail(err, HF_EINVALID, "'%s' of the ledger is not a folder",
                     path);
    else if (rc < 0 ||
             (rc = git_tree_lookup(out, r->git, git_tree_entry_id(e))) < 0)
        rc = fail_read(r, rc, err);
    git_tree_entry_free(e);
    return rc;
}

/* ---- files ---- */

static int
read_file(struct reader *r, git_odb_object **out, const git_tree_entry *e,
          struct hf_err *err)
{
    int rc = git_odb_read(out, r->odb, git_tree_entry_id(e));

    if (rc < 0)
        return fail_read(r, rc, err);
    if (git_odb_object_type(*out) == GIT_OBJECT_BLOB &&
        git_odb_object_size(*out) <= RECORD_MAX)
        return HF_OK;
    git_odb_object_free(*out);
    *out = NULL;
    return hf_fail(err, HF_EINVALID, "'%s' of the ledger is not a record",
                   hf_buf_str(&r->path));
}

static int
read_doc(struct reader *r, cJSON **out, const git_tree_entry *e,
         struct hf_err *err)
{
    git_odb_object *file = NULL;
    int rc;

    *out = NULL;
    if ((rc = read_file(r, &file, e, err)) < 0)
        return rc;
    rc = hf_json_parse(out, git_odb_object_data(file),
                       git_odb_object_size(file), err);
    if (rc < 0)
        hf_wrap(err, "'%s' of the ledger", hf_buf_str(&r->path));
    git_odb_object_free(file);
    return rc;
}

/* What a component of a path stands for, the caller's; without `suffix`.
 * NULL when it is none of ours. */
static char *
decode(const char *name, const char *suffix)
{
    size_t len = strlen(name) - strlen(suffix);
    struct hf_buf out = {0};

    if (!hf_has_suffix(name, suffix) ||
        hf_percent_decode(&out, name, len) < 0) {
        hf_buf_release(&out);
        return NULL;
    }
    return hf_buf_take(&out);
}

static void
count_down(struct reader *r, int stop)
{
    r->stop = stop != 0 || (r->left > 0 && --r->left == 0);
}

/* ---- facts ---- */

static int
give_facts(struct reader *r, git_tree *folder, const char *name,
           struct hf_err *err)
{
    const git_tree_entry *e = git_tree_entry_byname(folder, HF_LEDGER_FACTS);
    git_odb_object *file = NULL;
    char *host;
    int rc;

    if (!e || !(host = decode(name, "")))
        return HF_OK;
    if ((rc = read_file(r, &file, e, err)) == HF_OK)
        r->stop = r->on_facts(r->ctx, host, git_odb_object_data(file),
                              git_odb_object_size(file));
    git_odb_object_free(file);
    free(host);
    return rc;
}

/* What one folder of two trees became; either may be missing. */
typedef int changed_fn(struct reader *r, git_tree *was, git_tree *is,
                       const char *name, struct hf_err *err);

/* The folder `e` of a tree, the caller's; NULL when there is none. */
static int
open_folder(struct reader *r, git_tree **out, const git_tree_entry *e,
            struct hf_err *err)
{
    int rc;

    *out = NULL;
    if (!e || git_tree_entry_type(e) != GIT_OBJECT_TREE)
        return HF_OK;
    rc = git_tree_lookup(out, r->git, git_tree_entry_id(e));
    return rc < 0 ? fail_read(r, rc, err) : HF_OK;
}

static int
give_changed(struct reader *r, const git_tree_entry *was,
             const git_tree_entry *is, changed_fn *fn, struct hf_err *err)
{
    const char *name = git_tree_entry_name(is ? is : was);
    git_tree *then = NULL, *now = NULL;
    size_t before;
    int rc;

    if (was && is &&
        git_oid_equal(git_tree_entry_id(was), git_tree_entry_id(is)))
        return HF_OK;
    before = enter(r, name);
    if ((rc = open_folder(r, &then, was, err)) == HF_OK &&
        (rc = open_folder(r, &now, is, err)) == HF_OK && (then || now))
        rc = fn(r, then, now, name, err);
    git_tree_free(then);
    git_tree_free(now);
    leave(r, before);
    return rc;
}

static const git_tree_entry *
entry_in(const git_tree *tree, const char *name)
{
    return tree ? git_tree_entry_byname(tree, name) : NULL;
}

/* Calls fn for every folder that is not the same in both trees. */
static int
each_changed(struct reader *r, git_tree *was, git_tree *is, changed_fn *fn,
             struct hf_err *err)
{
    int rc = HF_OK;

    for (size_t i = 0;
         is && i < git_tree_entrycount(is) && rc == HF_OK && !r->stop; i++) {
        const git_tree_entry *e = git_tree_entry_byindex(is, i);

        rc = give_changed(r, entry_in(was, git_tree_entry_name(e)), e, fn, err);
    }
    for (size_t i = 0;
         was && i < git_tree_entrycount(was) && rc == HF_OK && !r->stop; i++) {
        const git_tree_entry *e = git_tree_entry_byindex(was, i);

        if (!entry_in(is, git_tree_entry_name(e)))
            rc = give_changed(r, e, NULL, fn, err);
    }
    return rc;
}

static int
give_host(struct reader *r, git_tree *was, git_tree *is, const char *name,
          struct hf_err *err)
{
    const git_tree_entry *old = entry_in(was, HF_LEDGER_FACTS);
    const git_tree_entry *e = entry_in(is, HF_LEDGER_FACTS);
    char *host;

    if (e && old && git_oid_equal(git_tree_entry_id(e), git_tree_entry_id(old)))
        return HF_OK; /* evidence came, the facts stayed */
    if (e)
        return give_facts(r, is, name, err);
    if (old && (host = decode(name, "")) != NULL) {
        r->stop = r->on_facts(r->ctx, host, NULL, 0);
        free(host);
    }
    return HF_OK;
}

static int
give_shard(struct reader *r, git_tree *was, git_tree *is, const char *name,
           struct hf_err *err)
{
    (void)name;
    return each_changed(r, was, is, give_host, err);
}

/* The tree of an earlier commit; HF_ENOTFOUND: it is not there any more. */
static int
open_earlier(struct reader *r, git_tree **out, const char *since,
             struct hf_err *err)
{
    git_commit *commit = NULL;
    git_oid id;
    int rc;

    if (git_oid_fromstr(&id, since) < 0 ||
        git_commit_lookup(&commit, r->git, &id) < 0)
        return hf_fail(err, HF_ENOTFOUND, "commit %.10s of the ledger is gone",
                       since);
    rc = git_commit_tree(out, commit);
    git_commit_free(commit);
    return rc < 0 ? fail_read(r, rc, err) : HF_OK;
}

int
hf_ledger_each_facts(struct hf_repo *repo, const char *branch,
                     const char *since,
                     int (*fn)(void *ctx, const char *host, const char *text,
                               size_t len),
                     void *ctx, struct hf_err *err)
{
    struct reader r = {.on_facts = fn, .ctx = ctx};
    git_tree *then = NULL, *was = NULL, *is = NULL;
    int rc;

    if ((rc = open_reader(&r, repo, branch, err)) == HF_OK && since &&
        (rc = open_earlier(&r, &then, since, err)) == HF_OK)
        rc = open_folder(&r, &was, entry_in(then, "hosts"), err);
    if (rc == HF_OK &&
        (rc = open_folder(&r, &is, entry_in(r.top, "hosts"), err)) == HF_OK)
        rc = each_changed(&r, was, is, give_shard, err);
    git_tree_free(then);
    git_tree_free(was);
    git_tree_free(is);
    close_reader(&r);
    return rc;
}

/* ---- one host ---- */

static int
give_month(struct reader *r, git_tree *month, const char *name,
           struct hf_err *err)
{
    int rc = HF_OK;

    (void)name;
    for (size_t i = git_tree_entrycount(month);
         i-- > 0 && rc == HF_OK && !r->stop;) {
        const git_tree_entry *e = git_tree_entry_byindex(month, i);
        char *run = decode(git_tree_entry_name(e), ".json");
        size_t before = enter(r, git_tree_entry_name(e));
        cJSON *doc = NULL;

        if (run && (rc = read_doc(r, &doc, e, err)) == HF_OK)
            count_down(r, r->on_doc(r->ctx, run, doc));
        cJSON_Delete(doc);
        free(run);
        leave(r, before);
    }
    return rc;
}

int
hf_ledger_host_history(struct hf_repo *repo, const char *branch,
                       const char *host, size_t max,
                       int (*fn)(void *ctx, const char *run, cJSON *doc),
                       void *ctx, struct hf_err *err)
{
    struct reader r = {.left = max, .on_doc = fn, .ctx = ctx};
    char *path = hf_ledger_host_path(host);
    git_tree *folder = NULL;
    int rc;

    if ((rc = open_reader(&r, repo, branch, err)) == HF_OK &&
        (rc = find_folder(&r, &folder, path, err)) == HF_OK && folder)
        rc = each_folder(&r, folder, give_month, err);
    git_tree_free(folder);
    close_reader(&r);
    free(path);
    return rc;
}

/* ---- runs ---- */

/* One of a run's files; NULL when there is none. */
static int
read_named(struct reader *r, cJSON **out, git_tree *folder, const char *name,
           struct hf_err *err)
{
    const git_tree_entry *e = git_tree_entry_byname(folder, name);
    size_t before = enter(r, name);
    int rc = HF_OK;

    *out = NULL;
    if (e)
        rc = read_doc(r, out, e, err);
    leave(r, before);
    return rc;
}

static int
give_run(struct reader *r, git_tree *folder, const char *name,
         struct hf_err *err)
{
    char *run = decode(name, "");
    cJSON *doc = NULL, *end = NULL;
    int rc;

    if ((rc = read_named(r, &doc, folder, "run.json", err)) == HF_OK &&
        (rc = read_named(r, &end, folder, "end.json", err)) == HF_OK && run &&
        doc)
        count_down(r, r->on_run(r->ctx, run, doc, end));
    cJSON_Delete(doc);
    cJSON_Delete(end);
    free(run);
    return rc;
}

static int
give_month_of_runs(struct reader *r, git_tree *month, const char *name,
                   struct hf_err *err)
{
    (void)name;
    return each_folder(r, month, give_run, err);
}

int
hf_ledger_runs(struct hf_repo *repo, const char *branch, size_t max,
               int (*fn)(void *ctx, const char *run, cJSON *doc, cJSON *end),
               void *ctx, struct hf_err *err)
{
    struct reader r = {.left = max, .on_run = fn, .ctx = ctx};
    git_tree *runs = NULL;
    int rc;

    if ((rc = open_reader(&r, repo, branch, err)) == HF_OK &&
        (rc = find_folder(&r, &runs, "runs", err)) == HF_OK && runs)
        rc = each_folder(&r, runs, give_month_of_runs, err);
    git_tree_free(runs);
    close_reader(&r);
    return rc;
}
