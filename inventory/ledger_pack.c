/*
 * One batch of new objects as a pack in the repository, put there so that
 * `git gc` beside us does no harm (each of these lost commits when tried):
 * - It removes an index that has no pack. libgit2 makes the index first, so
 *   both are made in a folder of their own and move as git moves its own:
 *   .keep, .pack, .idx.
 * - It removes packs that were there when it began and to which no reference
 *   led; the .keep file prevents that until ours does.
 * - It removes them by name. A second attempt at the same commit gives the
 *   same pack, so names are made up, not taken from the content.
 */
#include "inventory/ledger_pack.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "backend/base/file.h"
#include "backend/base/mem.h"
#include "backend/base/sha256.h"
#include "backend/base/text.h"
#include "backend/base/time.h"
#include "inventory/git.h"

/*
 * The indexer maps the pack into memory and has the file system allocate only
 * the last page of what it is given at once; on a full disk, writing into a
 * page in between would be SIGBUS. So it never gets more than one page.
 */
#define SLICE 4096u

#define KEEP_TEXT "hotfleet is writing\n"
#define KEEP_OLD_S 3600

/* The indexer counts in `progress` from call to call. */
struct feed {
    git_indexer *indexer;
    git_indexer_progress progress;
};

static int
feed_indexer(void *data, size_t len, void *ctx)
{
    struct feed *feed = ctx;
    const char *p = data;
    size_t n;

    for (; len > 0; p += n, len -= n) {
        n = len < SLICE ? len : SLICE;
        if (git_indexer_append(feed->indexer, p, n, &feed->progress) < 0)
            return -1;
    }
    return 0;
}

/* Pack and index in `folder`; *name is libgit2's for them, the caller's. */
static int
index_pack(char **name, git_packbuilder *builder, const char *folder)
{
    git_indexer_options options = GIT_INDEXER_OPTIONS_INIT;
    struct feed feed = {0};
    int rc;

    if ((rc = git_indexer_new(&feed.indexer, folder, 0, NULL, &options)) == 0 &&
        (rc = git_packbuilder_foreach(builder, feed_indexer, &feed)) == 0 &&
        (rc = git_indexer_commit(feed.indexer, &feed.progress)) == 0)
        *name = hf_xstrdup(git_indexer_name(feed.indexer));
    git_indexer_free(feed.indexer);
    return rc;
}

/* "<folder>/pack-<name>.<ending>", the caller's. */
static char *
part(const char *folder, const char *name, const char *ending)
{
    return hf_xasprintf("%s/pack-%s.%s", folder, name, ending);
}

/* Readable by whom the folder of packs is: others may share it. */
static int
move(const char *from, const char *old_name, const char *to,
     const char *new_name, const char *ending)
{
    char *old = part(from, old_name, ending);
    char *new = part(to, new_name, ending);
    struct stat st;
    int rc = stat(to, &st);

    if (rc == 0)
        rc = chmod(old, S_IRUSR | (st.st_mode & (S_IRGRP | S_IROTH)));
    if (rc == 0)
        rc = rename(old, new);

    free(old);
    free(new);
    return rc;
}

static int
make_keep(const char *path)
{
    FILE *f = fopen(path, "we");

    if (!f)
        return -1;
    fputs(KEEP_TEXT, f);
    return fclose(f);
}

static int
move_all(char **keep, const char *from, const char *name, const char *to,
         struct hf_err *err)
{
    char unique[41];
    int rc;

    hf_random_hex(unique, 20);
    *keep = part(to, unique, "keep");
    if (make_keep(*keep) < 0 || move(from, name, to, unique, "pack") < 0 ||
        move(from, name, to, unique, "idx") < 0)
        rc = hf_fail_errno(err, errno, "cannot move a pack into '%s'", to);
    else
        rc = hf_fsync_dir(to, err);
    if (rc < 0) {
        unlink(*keep);
        free(*keep);
        *keep = NULL;
    }
    return rc;
}

int
hf_pack_write(char **keep, git_repository *git, git_packbuilder *builder,
              struct hf_err *err)
{
    char *objects = hf_path_join(git_repository_commondir(git), "objects");
    char *packs = hf_path_join(objects, "pack");
    /* git prune removes what is called so after two weeks, if we cannot */
    char *folder = hf_path_join(objects, "tmp_hotfleet-XXXXXX");
    char *name = NULL;
    struct hf_err ignored = HF_ERR_INIT;
    int rc;

    *keep = NULL;
    if (!mkdtemp(folder)) {
        rc = hf_fail_errno(err, errno, "cannot write in '%s'", objects);
        goto out;
    }
    if ((rc = index_pack(&name, builder, folder)) < 0)
        rc = hf_git_fail(err, rc, "cannot write a pack in '%s'", objects);
    else
        rc = move_all(keep, folder, name, packs, err);
    hf_rmtree(folder, &ignored);
out:
    free(objects);
    free(packs);
    free(folder);
    free(name);
    return rc;
}

static int
is_old_keep(const char *path)
{
    struct hf_err ignored = HF_ERR_INIT;
    struct hf_buf text = {0};
    struct stat st;
    int old = stat(path, &st) == 0 &&
              hf_now() / 1000 - st.st_mtime > KEEP_OLD_S &&
              hf_file_read(&text, path, 64, &ignored) == HF_OK &&
              strcmp(hf_buf_str(&text), KEEP_TEXT) == 0;

    hf_buf_release(&text);
    return old;
}

size_t
hf_pack_sweep(git_repository *git)
{
    char *packs = hf_path_join(git_repository_commondir(git), "objects/pack");
    const struct dirent *entry;
    DIR *d = opendir(packs);
    size_t n = 0;

    while (d && (entry = readdir(d))) {
        char *path = hf_path_join(packs, entry->d_name);

        n += (size_t)hf_has_suffix(path, ".pack");
        if (hf_has_suffix(path, ".keep") && is_old_keep(path))
            unlink(path);
        free(path);
    }
    if (d)
        closedir(d);
    free(packs);
    return n;
}
