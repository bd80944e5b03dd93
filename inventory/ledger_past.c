/* Walking the ledger's commits, oldest first. */
#include "inventory/ledger_past.h"

#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "inventory/git.h"
#include "inventory/ledger_read.h"

struct past {
    git_repository *git;
    git_odb *odb;
    int (*fn)(void *ctx, const struct hf_ledger_change *change);
    void *ctx;
    struct hf_ledger_change change;
    int stop;
    struct hf_err *err;
};

int
hf_ledger_newest(char id[41], struct hf_repo *repo, const char *branch,
                 struct hf_err *err)
{
    git_oid tip;
    int rc = hf_ledger_tip(&tip, repo, branch, err);

    if (rc == HF_OK)
        hf_git_hex(id, &tip);
    return rc;
}

/* ---- one file ---- */

/* The part of a path, the caller's; NULL when it is none of ours. */
static char *
decode(const char *part, size_t len)
{
    struct hf_buf out = {0};

    if (hf_percent_decode(&out, part, len) < 0) {
        hf_buf_release(&out);
        return NULL;
    }
    return hf_buf_take(&out);
}

/* hosts/<2 hex>/<name>/facts.json, hosts/<2 hex>/<name>/<month>/<run>.json:
 * the caller's name, and run or NULL. 0: another file. */
static int
take_apart(const char *path, char **host, char **run)
{
    static const char top[] = "hosts/";
    static const char suffix[] = ".json";
    const char *name = path + sizeof(top) - 1, *rest, *file;

    *host = *run = NULL;
    if (!hf_has_prefix(path, top) || !hf_has_suffix(path, suffix) ||
        !(name = strchr(name, '/')) || !(rest = strchr(++name, '/')))
        return 0;
    *host = decode(name, (size_t)(rest - name));
    file = strrchr(path, '/') + 1;
    if (*host && hf_ledger_kind(path) == HF_LEDGER_EVIDENCE)
        *run = decode(file, strlen(file) - (sizeof(suffix) - 1));
    return *host && (*run || hf_ledger_kind(path) != HF_LEDGER_EVIDENCE);
}

/* p->change names the file: reads it and hands it on. */
static int
give(struct past *p, const git_oid *id)
{
    git_odb_object *file = NULL;
    int rc = git_odb_read(&file, p->odb, id);

    if (rc < 0)
        return hf_git_fail(p->err, rc, "cannot read a record of '%s'",
                           p->change.host);
    p->change.text = git_odb_object_data(file);
    p->change.len = git_odb_object_size(file);
    p->stop = p->fn(p->ctx, &p->change);
    git_odb_object_free(file);
    return p->stop;
}

static int
give_file(const git_diff_delta *delta, float progress, void *ctx)
{
    struct past *p = ctx;
    const char *path = delta->new_file.path;
    char *host = NULL, *run = NULL;
    int rc = 0;

    (void)progress;
    if (delta->status != GIT_DELTA_DELETED && take_apart(path, &host, &run)) {
        p->change.kind = hf_ledger_kind(path);
        p->change.host = host;
        p->change.run = run;
        rc = give(p, &delta->new_file.id);
    }
    free(host);
    free(run);
    return rc;
}

/* ---- one commit ---- */

static int
give_commit(struct past *p, const git_oid *id)
{
    static char hosts[] = "hosts";
    char *only[] = {hosts};
    git_diff_options options = GIT_DIFF_OPTIONS_INIT;
    git_commit *commit = NULL, *parent = NULL;
    git_tree *was = NULL, *is = NULL;
    git_diff *diff = NULL;
    int rc;

    options.pathspec = (git_strarray){only, 1};
    if ((rc = git_commit_lookup(&commit, p->git, id)) < 0 ||
        (rc = git_commit_tree(&is, commit)) < 0 ||
        (git_commit_parentcount(commit) > 0 &&
         ((rc = git_commit_parent(&parent, commit, 0)) < 0 ||
          (rc = git_commit_tree(&was, parent)) < 0)) ||
        (rc = git_diff_tree_to_tree(&diff, p->git, was, is, &options)) < 0) {
        hf_git_fail(p->err, rc, "cannot read a commit of the ledger");
    } else {
        hf_git_hex(p->change.commit, id);
        p->change.at = (int64_t)git_commit_time(commit) * 1000;
        rc = git_diff_foreach(diff, give_file, NULL, NULL, NULL, p);
    }
    git_diff_free(diff);
    git_tree_free(was);
    git_tree_free(is);
    git_commit_free(parent);
    git_commit_free(commit);
    return rc;
}

/* ---- the walk ---- */

static int
begin_walk(git_revwalk **out, struct past *p, const char *since,
           const char *until)
{
    git_oid from, to;
    int rc;

    if ((rc = git_oid_fromstr(&to, until)) < 0 ||
        (rc = git_revwalk_new(out, p->git)) < 0 ||
        (rc = git_revwalk_sorting(*out, GIT_SORT_TOPOLOGICAL |
                                            GIT_SORT_REVERSE)) < 0 ||
        (rc = git_revwalk_simplify_first_parent(*out)) < 0 ||
        (rc = git_revwalk_push(*out, &to)) < 0)
        return hf_git_fail(p->err, rc, "cannot read the ledger's commits");
    if (!since)
        return HF_OK;
    if (git_oid_fromstr(&from, since) < 0 ||
        (git_oid_cmp(&from, &to) != 0 &&
         git_graph_descendant_of(p->git, &to, &from) != 1) ||
        git_revwalk_hide(*out, &from) < 0)
        return hf_fail(p->err, HF_ENOTFOUND,
                       "commit %.10s of the ledger is gone", since);
    return HF_OK;
}

int
hf_ledger_each_change(struct hf_repo *repo, const char *since,
                      const char *until,
                      int (*fn)(void *ctx,
                                const struct hf_ledger_change *change),
                      void *ctx, struct hf_err *err)
{
    struct past p = {
        .git = hf_repo_git(repo), .fn = fn, .ctx = ctx, .err = err};
    git_revwalk *walk = NULL;
    git_oid id;
    int rc;

    if ((rc = git_repository_odb(&p.odb, p.git)) < 0)
        return hf_git_fail(err, rc, "cannot read the ledger");
    rc = begin_walk(&walk, &p, since, until);
    while (rc == HF_OK && !p.stop && git_revwalk_next(&id, walk) == 0)
        rc = give_commit(&p, &id);
    git_revwalk_free(walk);
    git_odb_free(p.odb);
    if (p.stop || rc == HF_OK || rc == HF_ENOTFOUND)
        return p.stop ? HF_OK : rc;
    return err->code = HF_EIO;
}
