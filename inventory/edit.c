/* One commit with some changed files, by compare-and-swap on the branch. */
#include "inventory/edit.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/file.h"
#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "backend/base/time.h"
#include "inventory/git.h"
#include "inventory/git_lock.h"
#include "inventory/ledger_sign.h"
#include "inventory/ledger_store.h"
#include "inventory/origin.h"
#include "inventory/stage.h"

#define PACK_FROM 100 /* files: fewer become loose objects */

/* ---- the change ---- */

void
hf_edit_release(struct hf_edit *e)
{
    for (size_t i = 0; i < e->len; i++) {
        free(e->v[i].path);
        free(e->v[i].data);
    }
    free(e->v);
    hf_buf_release(&e->message);
    *e = (struct hf_edit){0};
}

static struct hf_edit_file *
add_file(struct hf_edit *e, const char *path, const char *base)
{
    struct hf_edit_file *file = HF_PUSH(&e->v, &e->len, &e->cap);

    file->path = hf_xstrdup(path);
    snprintf(file->base, sizeof(file->base), "%s", base ? base : "");
    return file;
}

void
hf_edit_write(struct hf_edit *e, const char *path, const char *base,
              const void *data, size_t len)
{
    struct hf_edit_file *file = add_file(e, path, base);

    file->data = hf_xmalloc(len + 1);
    if (len)
        memcpy(file->data, data, len);
    file->data[len] = '\0';
    file->len = len;
}

void
hf_edit_delete(struct hf_edit *e, const char *path, const char *base)
{
    add_file(e, path, base);
}

void
hf_edit_say(struct hf_edit *e, const char *fmt, ...)
{
    va_list ap;
    char line[1024];

    va_start(ap, fmt);
    vsnprintf(line, sizeof(line), fmt, ap);
    va_end(ap);
    hf_sanitise(&e->message, line, strlen(line), sizeof(line), 0);
    hf_buf_putc(&e->message, '\n');
}

void
hf_edit_trailer(struct hf_edit *e, const char *key, const char *value)
{
    if (!value || !*value)
        return;
    if (!e->trailers++)
        hf_edit_say(e, "%s", "");
    hf_edit_say(e, "%s: %s", key, value);
}

/* ---- the commit ---- */

struct commit {
    struct hf_repo *repo;
    struct hf_repo *objects; /* where new objects go: repo, or one with a
                                store in front */
    struct hf_store *store;
    const struct hf_edit *edit;
    git_signature *author;
    struct hf_signer *signer; /* NULL: commits are not signed */
    char *ref;                /* "refs/heads/main" */
    git_oid tip, made;
};

/* Two edited one file: the later must see what the first one did. */
static int
fail_moved(const struct commit *c, const char *path, struct hf_err *err)
{
    struct hf_err ignored = HF_ERR_INIT;
    struct hf_origin by;

    if (hf_repo_changed_by(c->repo, path, &by, &ignored) < 0) {
        (void)hf_fail(err, HF_EMOVED, "'%s' was changed by somebody else",
                      path);
        return hf_hint(err, "look at it again and repeat");
    }
    (void)hf_fail(err, HF_EMOVED,
                  "'%s' was changed by somebody else: %.10s of %s, %s", path,
                  by.id, by.author, by.subject);
    return hf_hint(err, "see git show %.10s, then repeat what is still wanted",
                   by.id);
}

/* Every file is still what was read; fills in the updates of the tree. */
static int
check_bases(const struct commit *c, git_tree *tree, git_tree_update *updates,
            struct hf_err *err)
{
    const struct hf_edit_file *file;
    git_tree_entry *entry;
    char hex[41];
    int rc;

    for (size_t i = 0; i < c->edit->len; i++) {
        file = &c->edit->v[i];
        entry = NULL;
        rc = git_tree_entry_bypath(&entry, tree, file->path);
        if (rc < 0 && rc != GIT_ENOTFOUND)
            return hf_git_fail(err, rc, "cannot read '%s'", file->path);
        hex[0] = '\0';
        updates[i].filemode = GIT_FILEMODE_BLOB;
        if (entry) {
            hf_git_hex(hex, git_tree_entry_id(entry));
            updates[i].filemode = git_tree_entry_filemode(entry);
        }
        git_tree_entry_free(entry);
        if (strcmp(hex, file->base) != 0) {
            return fail_moved(c, file->path, err);
        }
    }
    return HF_OK;
}

static int
fill_updates(const struct commit *c, git_tree_update *updates)
{
    const struct hf_edit_file *file;
    int rc = 0;

    for (size_t i = 0; i < c->edit->len && rc == 0; i++) {
        file = &c->edit->v[i];
        updates[i].path = file->path;
        updates[i].action =
            file->data ? GIT_TREE_UPDATE_UPSERT : GIT_TREE_UPDATE_REMOVE;
        if (file->data)
            rc = git_blob_create_from_buffer(
                &updates[i].id, hf_repo_git(c->objects), file->data, file->len);
    }
    return rc;
}

static int
commit_text(struct commit *c, git_buf *text, git_commit *tip, git_tree *tree,
            git_tree_update *updates)
{
    git_repository *git = hf_repo_git(c->objects);
    git_tree *changed = NULL;
    /* the type of the list differs between releases of libgit2 */
    const git_commit *parents[1] = {tip};
    git_oid id;
    int rc;

    if ((rc = fill_updates(c, updates)) < 0 ||
        (rc = git_tree_create_updated(&id, git, tree, c->edit->len, updates)) <
            0 ||
        (rc = git_tree_lookup(&changed, git, &id)) < 0)
        goto out;
    rc = git_commit_create_buffer(text, git, c->author, c->author, NULL,
                                  hf_buf_str(&c->edit->message), changed, 1,
                                  (void *)parents);
out:
    git_tree_free(changed);
    return rc;
}

/* Objects on top of the tip; nothing points at them yet. */
static int
make_commit(struct commit *c, git_commit *tip, git_tree *tree,
            git_tree_update *updates, struct hf_err *err)
{
    git_buf text = {0};
    int rc;

    if ((rc = commit_text(c, &text, tip, tree, updates)) < 0)
        rc =
            hf_git_fail(err, rc, "cannot write to '%s'", hf_repo_path(c->repo));
    else
        rc = hf_signer_store(c->signer, &c->made, hf_repo_git(c->objects),
                             &text, c->ref, err);
    git_buf_dispose(&text);
    return rc;
}

/* HF_EMOVED with an untouched `err`: the branch moved, try again. */
static int
move_branch(struct commit *c, struct hf_err *err)
{
    git_reference *ref = NULL;
    char log[256];
    int rc;

    snprintf(log, sizeof(log), "commit: %.*s",
             (int)strcspn(hf_buf_str(&c->edit->message), "\n"),
             hf_buf_str(&c->edit->message));
    rc = git_reference_create_matching(&ref, hf_repo_git(c->repo), c->ref,
                                       &c->made, 1, &c->tip, log);
    git_reference_free(ref);
    if (rc == GIT_EMODIFIED)
        return HF_EMOVED;
    return rc < 0 ? hf_git_fail(err, rc, "cannot move '%s'", c->ref) : HF_OK;
}

static int
read_tip(struct commit *c, git_commit **tip, git_tree **tree,
         struct hf_err *err)
{
    int rc;

    if ((rc = git_reference_name_to_id(&c->tip, hf_repo_git(c->repo), c->ref)) <
            0 ||
        (rc = git_commit_lookup(tip, hf_repo_git(c->objects), &c->tip)) < 0 ||
        (rc = git_commit_tree(tree, *tip)) < 0)
        return hf_git_fail(err, rc, "cannot read '%s'", c->ref);
    return HF_OK;
}

/* With `dry` only looks whether it could be done. */
static int
commit_once(struct commit *c, int dry, struct hf_err *err)
{
    git_tree_update *updates = hf_xcalloc(c->edit->len, sizeof(*updates));
    git_commit *tip = NULL;
    git_tree *tree = NULL;
    int rc;

    if ((rc = read_tip(c, &tip, &tree, err)) < 0 ||
        (rc = check_bases(c, tree, updates, err)) < 0 || dry)
        goto out;
    if ((rc = make_commit(c, tip, tree, updates, err)) < 0 ||
        (c->store && (rc = hf_store_flush(c->store, err)) < 0))
        goto out;
    rc = move_branch(c, err);
out:
    free(updates);
    git_tree_free(tree);
    git_commit_free(tip);
    return rc;
}

/* Lost races and held locks are tried again, others are final. */
static int
commit_until(struct commit *c, struct hf_err *err)
{
    char *lock = hf_xasprintf("%s/%s.lock", hf_repo_path(c->repo), c->ref);
    int64_t began = hf_mono();
    int rc, again, attempt = 0;

    do {
        *err = (struct hf_err)HF_ERR_INIT;
        rc = commit_once(c, 0, err);
        again = (rc == HF_EMOVED && !err->code) || rc == HF_ELOCKED;
    } while (again && hf_git_try_again(lock, began, attempt++));
    if (rc == HF_ELOCKED)
        hf_git_fail_locked(err, lock);
    else if (rc == HF_EMOVED && !err->code)
        hf_fail(err, rc, "'%s' keeps moving: others commit all the time",
                c->ref);
    free(lock);
    return rc;
}

/* ---- what must hold before ---- */

static int
check_branch(struct commit *c, struct hf_err *err)
{
    const char *branch = hf_repo_branch(c->repo);
    git_tree *tree = NULL;
    int rc;

    if (!branch) {
        hf_fail(err, HF_EINVALID,
                "HEAD of '%s' is detached: there is no branch to commit to",
                hf_repo_dir(c->repo));
        return hf_hint(err, "git switch BRANCH");
    }
    c->ref = hf_xasprintf("refs/heads/%s", branch);
    if ((rc = hf_git_tree(&tree, c->repo, NULL, err)) < 0)
        return rc;
    if (!git_tree_entry_byname(tree, "hotfleet.json")) {
        hf_fail(err, HF_EINVALID,
                "the checked-out branch '%s' holds no hotfleet.json: it is "
                "not the inventory",
                branch);
        rc = hf_hint(err, "git switch BRANCH, to that of the inventory");
    }
    git_tree_free(tree);
    return rc;
}

/* Whether git would sign, and with what. */
static int
find_signer(struct commit *c, struct hf_err *err)
{
    git_config *config = NULL;
    int rc;

    if ((rc = hf_git_config(&config, c->repo, err)) < 0)
        return rc;
    rc = hf_signer_for_edits(&c->signer, config, err);
    git_config_free(config);
    return rc;
}

static int
prepare(struct commit *c, struct hf_err *err)
{
    int rc;

    if ((rc = check_branch(c, err)) < 0 ||
        (rc = hf_git_signature(&c->author, c->repo, err)) < 0 ||
        (rc = find_signer(c, err)) < 0)
        return rc;
    git_repository_set_ident(hf_repo_git(c->repo), c->author->name,
                             c->author->email);
    c->objects = c->repo;
    if (c->edit->len < PACK_FROM)
        return HF_OK;
    if ((rc = hf_repo_open(&c->objects, hf_repo_path(c->repo), err)) < 0)
        return rc;
    return hf_store_attach(&c->store, c->objects, err);
}

int
hf_edit_commit(struct hf_repo *repo, const struct hf_edit *e, char commit[41],
               struct hf_err *err)
{
    struct commit c = {.repo = repo, .edit = e};
    struct hf_stage *stage = NULL;
    int rc;

    commit[0] = '\0';
    if ((rc = prepare(&c, err)) < 0 || (rc = commit_once(&c, 1, err)) < 0 ||
        (rc = hf_stage_open(&stage, repo, e, err)) < 0 ||
        (rc = commit_until(&c, err)) < 0)
        goto out;
    hf_git_hex(commit, &c.made);
    if (stage && (rc = hf_stage_finish(stage, err)) < 0) {
        hf_wrap(err, "committed as %.10s, but the work tree did not follow",
                commit);
        rc = err->code = HF_EIO;
        hf_hint(err, "git checkout HEAD -- '%s'%s", e->v[0].path,
                e->len > 1 ? " and the others" : "");
    }
out:
    hf_stage_free(stage);
    if (c.objects != repo)
        hf_repo_free(c.objects);
    git_signature_free(c.author);
    hf_signer_free(c.signer);
    free(c.ref);
    return rc;
}
