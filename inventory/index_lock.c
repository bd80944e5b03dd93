/* index.lock, held by us, and a copy of the index that becomes the index. */
#include "inventory/index_lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "backend/base/file.h"
#include "backend/base/mem.h"
#include "backend/base/sha256.h"
#include "backend/base/time.h"
#include "inventory/git.h"
#include "inventory/git_lock.h"

struct hf_index_lock {
    char *path;      /* the index */
    char *lock_path; /* index.lock */
    char *copy_path;
    int locked;
    git_index *copy;
};

static int
take_lock(struct hf_index_lock *lock, struct hf_err *err)
{
    int64_t began = hf_mono();

    for (int attempt = 0;; attempt++) {
        int fd = open(lock->lock_path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
                      0666);

        if (fd >= 0) {
            close(fd);
            lock->locked = 1;
            return HF_OK;
        }
        if (errno != EEXIST)
            return hf_fail_errno(err, errno, "cannot create '%s'",
                                 lock->lock_path);
        if (!hf_git_try_again(lock->lock_path, began, attempt))
            return hf_git_fail_locked(err, lock->lock_path);
    }
}

static int
copy_index(struct hf_index_lock *lock, struct hf_err *err)
{
    struct hf_buf content = {0};
    int rc;

    rc = hf_file_read(&content, lock->path, SIZE_MAX, err);
    if (rc == HF_ENOTFOUND) /* a repository without index: an empty one */
        rc = HF_OK;
    else if (rc == HF_OK)
        rc = hf_file_write(lock->copy_path, hf_buf_str(&content), content.len,
                           0644, err);
    hf_buf_release(&content);
    return rc;
}

/*
 * A file that changed in the very moment in which the old index was written
 * may look unchanged for ever once a newer index exists. git forgets the size
 * of such entries so that it looks into the files again; so do we.
 */
static int
forget_racy(struct hf_index_lock *lock)
{
    struct stat st;
    int rc = 0;

    if (stat(lock->path, &st) < 0)
        return 0;
    for (size_t i = 0; i < git_index_entrycount(lock->copy) && rc == 0; i++) {
        const git_index_entry *entry = git_index_get_byindex(lock->copy, i);
        git_index_entry racy = *entry;

        if (entry->mtime.seconds < st.st_mtim.tv_sec ||
            (entry->mtime.seconds == st.st_mtim.tv_sec &&
             entry->mtime.nanoseconds < st.st_mtim.tv_nsec) ||
            git_index_entry_is_conflict(entry))
            continue;
        racy.file_size = 0;
        rc = git_index_add(lock->copy, &racy);
    }
    return rc;
}

int
hf_index_lock(struct hf_index_lock **out, struct hf_repo *repo,
              struct hf_err *err)
{
    struct hf_index_lock *lock = HF_NEW(struct hf_index_lock);
    git_index *index = NULL;
    char random[17];
    int rc;

    *out = NULL;
    if ((rc = git_repository_index(&index, hf_repo_git(repo))) < 0) {
        rc = hf_git_fail(err, rc, "cannot open the index of '%s'",
                         hf_repo_path(repo));
        goto out;
    }
    hf_random_hex(random, 8);
    lock->path = hf_xstrdup(git_index_path(index));
    lock->lock_path = hf_xasprintf("%s.lock", lock->path);
    lock->copy_path = hf_xasprintf("%s.hotfleet-%s", lock->path, random);
    if ((rc = take_lock(lock, err)) < 0 || (rc = copy_index(lock, err)) < 0)
        goto out;
    if ((rc = git_index_open(&lock->copy, lock->copy_path)) < 0 ||
        (rc = git_index_read(lock->copy, 1)) < 0 ||
        (rc = forget_racy(lock)) < 0) {
        rc = hf_git_fail(err, rc, "cannot read the index '%s'", lock->path);
        goto out;
    }
    *out = lock;
    lock = NULL;
out:
    git_index_free(index);
    hf_index_lock_free(lock);
    return rc;
}

git_index *
hf_index_lock_index(struct hf_index_lock *lock)
{
    return lock->copy;
}

int
hf_index_lock_write(struct hf_index_lock *lock, struct hf_err *err)
{
    int rc = git_index_write(lock->copy);

    if (rc < 0)
        return hf_git_fail(err, rc, "cannot write the index '%s'", lock->path);
    return HF_OK;
}

int
hf_index_lock_commit(struct hf_index_lock *lock, struct hf_err *err)
{
    if (rename(lock->copy_path, lock->lock_path) < 0 ||
        rename(lock->lock_path, lock->path) < 0)
        return hf_fail_errno(err, errno, "cannot replace the index '%s'",
                             lock->path);
    lock->locked = 0;
    return HF_OK;
}

void
hf_index_lock_free(struct hf_index_lock *lock)
{
    if (!lock)
        return;
    git_index_free(lock->copy);
    if (lock->copy_path)
        unlink(lock->copy_path);
    if (lock->locked)
        unlink(lock->lock_path);
    free(lock->path);
    free(lock->lock_path);
    free(lock->copy_path);
    free(lock);
}
