/* The ledger's commits, what came with them, and reading that. */
#include "inventory/ledger_past.h"

#include <stdlib.h>
#include <string.h>

#include "backend/base/crew.h"
#include "backend/base/mem.h"
#include "inventory/git.h"
#include "inventory/git_bulk.h"
#include "inventory/ledger_read.h"
#include "inventory/ledger_versions.h"

/* Documents that a thread reads at a time: of one commit, mostly, since git
 * keeps these as differences from each other. */
#define BLOCK 128

struct past {
    struct hf_repo *repo;
    struct hf_version_commit *commits;
    size_t len, cap;
    struct hf_versions versions;
    const struct hf_ledger_reading *how;
    void **made; /* of each version, until it is taken */
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

/* ---- commits ---- */

static int
begin_walk(git_revwalk **out, git_repository *git, const git_oid *from,
           const git_oid *to)
{
    int rc;

    if ((rc = git_revwalk_new(out, git)) < 0 ||
        (rc = git_revwalk_sorting(*out, GIT_SORT_TOPOLOGICAL |
                                            GIT_SORT_REVERSE)) < 0 ||
        (rc = git_revwalk_simplify_first_parent(*out)) < 0 ||
        (rc = git_revwalk_push(*out, to)) < 0)
        return rc;
    return from ? git_revwalk_hide(*out, from) : 0;
}

static int
add_commit(struct past *p, const git_oid *id)
{
    struct hf_version_commit *c;
    git_commit *commit = NULL;
    int rc = git_commit_lookup(&commit, hf_repo_git(p->repo), id);

    if (rc < 0)
        return rc;
    c = HF_PUSH(&p->commits, &p->len, &p->cap);
    c->id = *id;
    c->tree = *git_commit_tree_id(commit);
    c->at = (int64_t)git_commit_time(commit) * 1000;
    git_commit_free(commit);
    return 0;
}

/* Oldest first; the one at `from`, if any, is the first. */
static int
list_commits(struct past *p, const git_oid *from, const git_oid *to,
             struct hf_err *err)
{
    git_revwalk *walk = NULL;
    git_oid id;
    int rc = begin_walk(&walk, hf_repo_git(p->repo), from, to);

    if (rc == 0 && from)
        rc = add_commit(p, from);
    while (rc == 0 && (rc = git_revwalk_next(&id, walk)) == 0)
        rc = add_commit(p, &id);
    git_revwalk_free(walk);
    if (rc != GIT_ITEROVER) {
        hf_git_fail(err, rc, "cannot read the ledger's commits");
        return err->code = HF_EIO;
    }
    return HF_OK;
}

static int
find_commits(struct past *p, const char *since, const char *until,
             struct hf_err *err)
{
    git_oid from, to;
    int rc = git_oid_fromstr(&to, until);

    if (rc < 0)
        return hf_git_fail(err, rc, "cannot read the ledger's commits");
    if (!since)
        return list_commits(p, NULL, &to, err);
    if (git_oid_fromstr(&from, since) < 0 ||
        (git_oid_cmp(&from, &to) != 0 &&
         git_graph_descendant_of(hf_repo_git(p->repo), &to, &from) != 1))
        return hf_fail(err, HF_ENOTFOUND, "commit %.10s of the ledger is gone",
                       since);
    return list_commits(p, &from, &to, err);
}

/* ---- documents ---- */

struct reader {
    struct hf_git_bulk *git;
    struct hf_buf text;
};

static void
end(void *own)
{
    struct reader *r = own;

    hf_git_bulk_free(r->git);
    hf_buf_release(&r->text);
    free(r);
}

static void *
begin(void *ctx, struct hf_err *err)
{
    const struct past *p = ctx;
    struct reader *r = HF_NEW(struct reader);

    if (hf_git_bulk_open(&r->git, hf_repo_dir(p->repo), err) == HF_OK)
        return r;
    end(r);
    return NULL;
}

static int
make(struct past *p, struct reader *r, size_t i, struct hf_err *err)
{
    const struct hf_version *v = &p->versions.v[i];
    const struct hf_version_commit *c = &p->commits[v->commit];
    char hex[41];
    struct hf_ledger_change change = {.commit = hf_git_hex(hex, &c->id),
                                      .at = c->at,
                                      .host = v->host,
                                      .run = v->run};

    if (hf_git_bulk_read(r->git, &v->id, GIT_OBJECT_BLOB, &r->text, err) < 0)
        return hf_wrap(err, "a record of '%s'", v->host);
    change.text = hf_buf_str(&r->text);
    change.len = r->text.len;
    p->made[i] = p->how->make(&change);
    return HF_OK;
}

static size_t
end_of(const struct past *p, size_t block)
{
    size_t last = (block + 1) * BLOCK;

    return last < p->versions.len ? last : p->versions.len;
}

static int
work(void *ctx, void *own, size_t block, struct hf_err *err)
{
    struct past *p = ctx;
    int rc = HF_OK;

    for (size_t i = block * BLOCK; rc == HF_OK && i < end_of(p, block); i++)
        rc = make(p, own, i, err);
    return rc;
}

static int
take(void *ctx, size_t block, struct hf_err *err)
{
    struct past *p = ctx;

    (void)err;
    for (size_t i = block * BLOCK; i < end_of(p, block); i++) {
        p->how->take(p->how->ctx, p->made[i]);
        p->how->drop(p->made[i]);
        p->made[i] = NULL;
    }
    return HF_OK;
}

static int
read_all(struct past *p, struct hf_err *err)
{
    const struct hf_crew crew = {
        .begin = begin, .end = end, .work = work, .take = take, .ctx = p};
    size_t n = p->versions.len;
    int rc;

    p->made = hf_xcalloc(n + 1, sizeof(*p->made));
    rc = hf_crew_run(&crew, (n + BLOCK - 1) / BLOCK, err);
    for (size_t i = 0; i < n && rc < 0; i++)
        if (p->made[i])
            p->how->drop(p->made[i]);
    free(p->made);
    return rc;
}

int
hf_ledger_each_change(struct hf_repo *repo, const char *since,
                      const char *until, const struct hf_ledger_reading *how,
                      struct hf_err *err)
{
    struct past p = {.repo = repo, .how = how};
    int rc;

    if ((rc = find_commits(&p, since, until, err)) == HF_OK &&
        (rc = hf_versions_find(&p.versions, repo, p.commits, p.len,
                               since != NULL, err)) == HF_OK)
        rc = read_all(&p, err);
    hf_versions_release(&p.versions);
    free(p.commits);
    if (rc < 0 && rc != HF_ENOTFOUND)
        rc = err->code = HF_EIO;
    return rc;
}
