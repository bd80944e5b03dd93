/* Work tree files by descriptors, one folder at a time. */
#include "inventory/worktree.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "backend/base/file.h"
#include "backend/base/mem.h"

#define FOLDER (O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)

static const char *
last_part(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

static int
open_folder(int parent, const char *name, int make)
{
    int fd = openat(parent, name, FOLDER);

    if (fd >= 0 || errno != ENOENT || !make)
        return fd;
    if (mkdirat(parent, name, 0777) < 0 && errno != EEXIST)
        return -1;
    return openat(parent, name, FOLDER);
}

/* The folder that holds `path`: a descriptor, or -1 with errno. */
static int
open_parent(int top, const char *path, int make)
{
    char *copy = hf_xstrdup(path), *part = copy, *slash;
    int fd = openat(top, ".", FOLDER), next, saved;

    while (fd >= 0 && (slash = strchr(part, '/')) != NULL) {
        *slash = '\0';
        next = open_folder(fd, part, make);
        saved = errno;
        close(fd);
        errno = saved;
        fd = next;
        part = slash + 1;
    }
    saved = errno;
    free(copy);
    errno = saved;
    return fd;
}

/* Closes without losing the reason of a failure. */
static int
leave(int fd, int result)
{
    int saved = errno;

    close(fd);
    errno = saved;
    return result;
}

int
hf_worktree_stat(int top, const char *path, struct stat *st)
{
    int folder = open_parent(top, path, 0);

    if (folder < 0)
        return -1;
    return leave(folder,
                 fstatat(folder, last_part(path), st, AT_SYMLINK_NOFOLLOW));
}

int
hf_worktree_put(int top, const char *path, const char *name, const void *data,
                size_t len, mode_t mode)
{
    int folder = open_parent(top, path, 1), fd;

    if (folder < 0)
        return -1;
    fd = openat(folder, name,
                O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);
    if (fd < 0)
        return leave(folder, -1);
    if (leave(fd, hf_write_all(fd, data, len)) < 0) {
        int saved = errno;

        unlinkat(folder, name, 0);
        errno = saved;
        return leave(folder, -1);
    }
    return leave(folder, 0);
}

int
hf_worktree_rename(int top, const char *path, const char *name)
{
    int folder = open_parent(top, path, 0);

    if (folder < 0)
        return -1;
    return leave(folder, renameat(folder, name, folder, last_part(path)));
}

/* Removes the folders above `path` as far as they are empty. */
static void
remove_empty(int top, const char *path)
{
    char *copy = hf_xstrdup(path), *slash;

    while ((slash = strrchr(copy, '/')) != NULL) {
        int folder;

        *slash = '\0';
        folder = open_parent(top, copy, 0);
        if (folder < 0 ||
            leave(folder, unlinkat(folder, last_part(copy), AT_REMOVEDIR)) < 0)
            break;
    }
    free(copy);
}

int
hf_worktree_remove(int top, const char *path, const char *name)
{
    int folder = open_parent(top, path, 0);

    if (folder < 0)
        return errno == ENOENT ? 0 : -1;
    if (leave(folder, unlinkat(folder, name ? name : last_part(path), 0)) < 0 &&
        errno != ENOENT)
        return -1;
    if (!name)
        remove_empty(top, path);
    return 0;
}
