/* Preparing the work tree for a commit that does not exist yet. */
#include "inventory/stage.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "backend/base/mem.h"
#include "backend/base/sha256.h"
#include "inventory/git.h"
#include "inventory/index_lock.h"
#include "inventory/worktree.h"

struct hf_stage {
    struct hf_repo *repo;
    const struct hf_edit *edit;
    struct hf_index_lock *lock;
    int top;         /* the work tree */
    char random[17]; /* in the names of the new files beside the old ones */
    size_t put;      /* how many of them lie there */
    size_t in_place; /* how many were renamed */
};

/* The name of the new file for edit->v[i], beside the old one. */
static const char *
new_name(const struct hf_stage *s, size_t i, char out[64])
{
    snprintf(out, 64, ".hotfleet-%s-%zu", s->random, i);
    return out;
}

/* ---- uncommitted changes ---- */

static int
fail_dirty(struct hf_err *err, const char *path, const char *what)
{
    hf_fail(err, HF_EDIRTY, "'%s' %s", path, what);
    return hf_hint(err, "commit or restore it first: git status '%s'", path);
}

/* git leaves this file out of a sparse work tree. */
static int
is_left_out(const git_index_entry *entry)
{
    return entry && (entry->flags_extended & GIT_INDEX_ENTRY_SKIP_WORKTREE);
}

static int
check_file(struct hf_stage *s, const struct hf_edit_file *file,
           struct hf_err *err)
{
    char hex[41];
    struct stat st;
    git_oid id;
    int rc;

    if (hf_worktree_stat(s->top, file->path, &st) < 0) {
        if (errno != ENOENT)
            return hf_fail_errno(err, errno, "cannot look at '%s'", file->path);
        return file->base[0]
                   ? fail_dirty(err, file->path, "was deleted in the work tree")
                   : HF_OK;
    }
    if (!file->base[0])
        return fail_dirty(err, file->path,
                          "is in the work tree, but not committed");
    if (!S_ISREG(st.st_mode))
        return fail_dirty(err, file->path, "is not a plain file");
    if ((rc = git_repository_hashfile(&id, hf_repo_git(s->repo), file->path,
                                      GIT_OBJECT_BLOB, NULL)) < 0)
        return hf_git_fail(err, rc, "cannot read '%s'", file->path);
    if (strcmp(hf_git_hex(hex, &id), file->base) != 0)
        return fail_dirty(err, file->path,
                          "has changes that are not committed");
    return HF_OK;
}

/* Index and work tree must hold what was read from the commit. */
static int
check_clean(struct hf_stage *s, const struct hf_edit_file *file,
            struct hf_err *err)
{
    git_index *index = hf_index_lock_index(s->lock);
    const git_index_entry *entry =
        git_index_get_bypath(index, file->path, GIT_INDEX_STAGE_NORMAL);
    char hex[41] = "";

    if (entry)
        hf_git_hex(hex, &entry->id);
    if (strcmp(hex, file->base) != 0)
        return fail_dirty(err, file->path,
                          "has changes in the index that are not committed");
    return is_left_out(entry) ? HF_OK : check_file(s, file, err);
}

static int
check_state(struct hf_repo *repo, struct hf_err *err)
{
    if (git_repository_state(hf_repo_git(repo)) == GIT_REPOSITORY_STATE_NONE)
        return HF_OK;
    hf_fail(err, HF_EDIRTY, "a merge or rebase is under way in '%s'",
            hf_repo_dir(repo));
    return hf_hint(err, "finish or abort it first: git status");
}

/* ---- preparing ---- */

/* The file as it stands in the work tree: line ends by git's attributes. */
static int
convert(struct hf_stage *s, const struct hf_edit_file *file, git_buf *out)
{
    git_filter_list *filters = NULL;
    int rc;

    rc = git_filter_list_load(&filters, hf_repo_git(s->repo), NULL, file->path,
                              GIT_FILTER_TO_WORKTREE, 0);
    if (rc == 0 && filters)
        rc = git_filter_list_apply_to_buffer(out, filters, file->data,
                                             file->len);
    git_filter_list_free(filters);
    return rc;
}

static int
put_file(struct hf_stage *s, size_t i, mode_t mode, struct hf_err *err)
{
    const struct hf_edit_file *file = &s->edit->v[i];
    git_buf out = {0};
    char name[64];
    int rc;

    if ((rc = convert(s, file, &out)) < 0)
        rc = hf_git_fail(err, rc, "cannot convert '%s'", file->path);
    else if (hf_worktree_put(s->top, file->path, new_name(s, i, name),
                             out.ptr ? out.ptr : file->data,
                             out.ptr ? out.size : file->len, mode) < 0)
        rc = hf_fail_errno(err, errno, "cannot write beside '%s/%s'",
                           hf_repo_dir(s->repo), file->path);
    git_buf_dispose(&out);
    return rc;
}

/* The entry with the id that the commit gives it, and `st` when known. */
static int
set_entry(git_index *index, const struct hf_edit_file *file,
          const struct stat *st)
{
    const git_index_entry *old =
        git_index_get_bypath(index, file->path, GIT_INDEX_STAGE_NORMAL);
    git_index_entry entry = {.path = file->path, .mode = GIT_FILEMODE_BLOB};
    int rc;

    if (!file->data)
        return git_index_remove(index, file->path, GIT_INDEX_STAGE_NORMAL);
    if (old) {
        entry.mode = old->mode;
        entry.flags_extended =
            old->flags_extended & GIT_INDEX_ENTRY_SKIP_WORKTREE;
    }
    if ((rc = git_odb_hash(&entry.id, file->data, file->len, GIT_OBJECT_BLOB)) <
        0)
        return rc;
    if (st) {
        entry.ctime.seconds = (int32_t)st->st_ctim.tv_sec;
        entry.ctime.nanoseconds = (uint32_t)st->st_ctim.tv_nsec;
        entry.mtime.seconds = (int32_t)st->st_mtim.tv_sec;
        entry.mtime.nanoseconds = (uint32_t)st->st_mtim.tv_nsec;
        entry.dev = (uint32_t)st->st_dev;
        entry.ino = (uint32_t)st->st_ino;
        entry.uid = st->st_uid;
        entry.gid = st->st_gid;
        entry.file_size = (uint32_t)st->st_size;
    }
    return git_index_add(index, &entry);
}

static int
prepare_file(struct hf_stage *s, size_t i, struct hf_err *err)
{
    const struct hf_edit_file *file = &s->edit->v[i];
    git_index *index = hf_index_lock_index(s->lock);
    const git_index_entry *old =
        git_index_get_bypath(index, file->path, GIT_INDEX_STAGE_NORMAL);
    mode_t mode =
        old && old->mode == GIT_FILEMODE_BLOB_EXECUTABLE ? 0777 : 0666;
    int rc;

    if ((rc = check_clean(s, file, err)) < 0)
        return rc;
    if (file->data && !is_left_out(old) && (rc = put_file(s, i, mode, err)) < 0)
        return rc;
    if ((rc = set_entry(index, file, NULL)) < 0)
        return hf_git_fail(err, rc, "cannot put '%s' into the index",
                           file->path);
    return HF_OK;
}

int
hf_stage_open(struct hf_stage **out, struct hf_repo *repo,
              const struct hf_edit *edit, struct hf_err *err)
{
    struct hf_stage *s;
    int rc;

    *out = NULL;
    if (hf_repo_is_bare(repo))
        return HF_OK;
    s = HF_NEW(struct hf_stage);
    s->repo = repo;
    s->edit = edit;
    hf_random_hex(s->random, 8);
    s->top = open(hf_repo_dir(repo), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (s->top < 0) {
        rc = hf_fail_errno(err, errno, "cannot open '%s'", hf_repo_dir(repo));
        goto out;
    }
    if ((rc = check_state(repo, err)) < 0 ||
        (rc = hf_index_lock(&s->lock, repo, err)) < 0)
        goto out;
    for (; s->put < edit->len; s->put++)
        if ((rc = prepare_file(s, s->put, err)) < 0)
            goto out;
    if ((rc = hf_index_lock_write(s->lock, err)) < 0)
        goto out;
    *out = s;
    s = NULL;
out:
    hf_stage_free(s);
    return rc;
}

/* ---- finishing ---- */

static int
place_file(struct hf_stage *s, size_t i, struct hf_err *err)
{
    const struct hf_edit_file *file = &s->edit->v[i];
    git_index *index = hf_index_lock_index(s->lock);
    const git_index_entry *entry =
        git_index_get_bypath(index, file->path, GIT_INDEX_STAGE_NORMAL);
    struct stat st;
    char name[64];
    int rc;

    if (is_left_out(entry))
        return HF_OK;
    rc = file->data
             ? hf_worktree_rename(s->top, file->path, new_name(s, i, name))
             : hf_worktree_remove(s->top, file->path, NULL);
    if (rc < 0)
        return hf_fail_errno(err, errno, "cannot replace '%s'", file->path);
    if (file->data && hf_worktree_stat(s->top, file->path, &st) == 0)
        set_entry(index, file, &st); /* else git looks into the file again */
    return HF_OK;
}

int
hf_stage_finish(struct hf_stage *s, struct hf_err *err)
{
    struct hf_err ignored = HF_ERR_INIT;
    int rc = HF_OK, failed = HF_OK;

    for (; s->in_place < s->edit->len; s->in_place++) {
        rc = place_file(s, s->in_place, err);
        if (rc < 0)
            failed = rc;
    }
    /* without it the entries only lack times, and git looks again */
    hf_index_lock_write(s->lock, &ignored);
    rc = hf_index_lock_commit(s->lock, err);
    return rc < 0 ? rc : failed;
}

void
hf_stage_free(struct hf_stage *s)
{
    char name[64];

    if (!s)
        return;
    for (size_t i = s->in_place; i < s->put; i++)
        hf_worktree_remove(s->top, s->edit->v[i].path, new_name(s, i, name));
    hf_index_lock_free(s->lock);
    if (s->top >= 0)
        close(s->top);
    free(s);
}
