/* Removing a folder with all that is in it, without following a link. */
#include "backend/base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int remove_in(int parent, const char *name);

/* Empties the folder behind `fd`, which it closes. 0 or -1 with errno. */
static int
empty_folder(int fd)
{
    DIR *dir = fdopendir(fd);
    struct dirent *entry;
    int failed = 0;

    if (!dir) {
        failed = errno;
        close(fd);
        errno = failed;
        return -1;
    }
    while (!failed && (errno = 0, entry = readdir(dir))) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        if (remove_in(dirfd(dir), entry->d_name) < 0)
            failed = errno;
    }
    if (!failed)
        failed = errno;
    closedir(dir);
    errno = failed;
    return failed ? -1 : 0;
}

static int
remove_in(int parent, const char *name)
{
    int fd =
        openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

    if (fd < 0) {
        if (errno != ENOTDIR && errno != ELOOP)
            return -1;
        return unlinkat(parent, name, 0); /* a file or a link */
    }
    if (empty_folder(fd) < 0)
        return -1;
    return unlinkat(parent, name, AT_REMOVEDIR);
}

int
hf_rmtree(const char *path, struct hf_err *err)
{
    struct stat st;

    if (lstat(path, &st) < 0 && errno == ENOENT)
        return HF_OK;
    if (remove_in(AT_FDCWD, path) < 0)
        return hf_fail_errno(err, errno, "cannot remove '%s'", path);
    return HF_OK;
}
