/* Whole files: read with a limit, written so that they are whole or old. */
#include "backend/base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "backend/base/mem.h"

static int
read_fd(struct hf_buf *out, int fd, const char *name, size_t max,
        struct hf_err *err)
{
    for (;;) {
        ssize_t n;

        hf_buf_reserve(out, 16384);
        n = read(fd, out->data + out->len, out->cap - out->len - 1);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return hf_fail_errno(err, errno, "cannot read '%s'", name);
        if (n == 0)
            return HF_OK;
        out->len += (size_t)n;
        out->data[out->len] = '\0';
        if (out->len > max)
            return hf_fail(err, HF_ELIMIT, "'%s' is larger than %zu bytes",
                           name, max);
    }
}

/* A large file at once; what has no size comes bit by bit. */
static void
reserve_all(struct hf_buf *out, int fd, size_t max)
{
    struct stat st;

    if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size > 0 &&
        (size_t)st.st_size <= max)
        hf_buf_reserve(out, (size_t)st.st_size + 16384);
}

int
hf_file_read(struct hf_buf *out, const char *path, size_t max,
             struct hf_err *err)
{
    int fd, rc;

    hf_buf_clear(out);
    if (strcmp(path, "-") == 0) {
        rc = read_fd(out, STDIN_FILENO, "standard input", max, err);
    } else {
        fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
        if (fd < 0)
            return hf_fail_errno(err, errno, "cannot open '%s'", path);
        reserve_all(out, fd, max);
        rc = read_fd(out, fd, path, max, err);
        close(fd);
    }
    if (rc < 0)
        hf_buf_clear(out);
    return rc;
}

int
hf_write_all(int fd, const void *data, size_t len)
{
    const char *p = data;

    while (len > 0) {
        ssize_t n = write(fd, p, len);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return -1;
        p += n;
        len -= (size_t)n;
    }
    return 0;
}

/* The folder part of a path ("." when there is none); caller's. */
static char *
parent_of(const char *path)
{
    const char *slash = strrchr(path, '/');

    if (!slash)
        return hf_xstrdup(".");
    if (slash == path)
        return hf_xstrdup("/");
    return hf_xstrndup(path, (size_t)(slash - path));
}

static int
fill_file(int fd, const struct hf_piece *pieces, size_t n, mode_t mode)
{
    if (fchmod(fd, mode) < 0)
        return -1;
    for (size_t i = 0; i < n; i++) {
        if (hf_write_all(fd, pieces[i].data, pieces[i].len) < 0)
            return -1;
    }
    return 0;
}

/* `durable`: content and folder are on the disk before it returns, the content
 * before the name moves. */
static int
replace(const char *path, const struct hf_piece *pieces, size_t n, mode_t mode,
        int durable, struct hf_err *err)
{
    char *dir = parent_of(path);
    char *temp = hf_path_join(dir, ".hotfleet-XXXXXX");
    int fd = mkostemp(temp, O_CLOEXEC);
    int failed = 0, rc = HF_OK;

    if (fd < 0) {
        rc = hf_fail_errno(err, errno, "cannot write in '%s'", dir);
        goto out;
    }
    if (fill_file(fd, pieces, n, mode) < 0 || (durable && fsync(fd) < 0))
        failed = errno;
    if (close(fd) < 0 && !failed)
        failed = errno;
    if (!failed && rename(temp, path) < 0)
        failed = errno;
    if (failed) {
        unlink(temp);
        rc = hf_fail_errno(err, failed, "cannot write '%s'", path);
        goto out;
    }
    if (durable)
        rc = hf_fsync_dir(dir, err);
out:
    free(temp);
    free(dir);
    return rc;
}

int
hf_file_write(const char *path, const void *data, size_t len, mode_t mode,
              struct hf_err *err)
{
    const struct hf_piece all = {data, len};

    return replace(path, &all, 1, mode, 1, err);
}

int
hf_file_write_pieces(const char *path, const struct hf_piece *pieces, size_t n,
                     mode_t mode, struct hf_err *err)
{
    return replace(path, pieces, n, mode, 0, err);
}

int
hf_fsync_dir(const char *path, struct hf_err *err)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int failed;

    if (fd < 0)
        return hf_fail_errno(err, errno, "cannot open folder '%s'", path);
    failed = fsync(fd) < 0 ? errno : 0;
    close(fd);
    if (failed && failed != EINVAL) /* some file systems have nothing to do */
        return hf_fail_errno(err, failed, "cannot sync folder '%s'", path);
    return HF_OK;
}

static int
make_folder(const char *path, mode_t mode, struct hf_err *err)
{
    struct stat st;

    if (mkdir(path, mode) == 0)
        return HF_OK;
    if (errno != EEXIST)
        return hf_fail_errno(err, errno, "cannot make folder '%s'", path);
    if (stat(path, &st) < 0)
        return hf_fail_errno(err, errno, "cannot look at '%s'", path);
    if (!S_ISDIR(st.st_mode))
        return hf_fail(err, HF_EEXISTS, "'%s' is not a folder", path);
    return HF_OK;
}

int
hf_mkdirs(const char *path, mode_t mode, struct hf_err *err)
{
    char *part = hf_xstrdup(path);
    int rc = HF_OK;

    for (char *p = part + 1; *part && *p && rc == HF_OK; p++) {
        if (*p != '/')
            continue;
        *p = '\0';
        rc = make_folder(part, mode, err);
        *p = '/';
    }
    if (rc == HF_OK)
        rc = make_folder(part, mode, err);
    free(part);
    return rc;
}

int
hf_path_exists(const char *path)
{
    struct stat st;

    return stat(path, &st) == 0;
}

char *
hf_path_join(const char *a, const char *b)
{
    size_t len = strlen(a);

    if (len == 0)
        return hf_xstrdup(b);
    while (len > 1 && a[len - 1] == '/')
        len--;
    while (*b == '/')
        b++;
    if (len == 1 && a[0] == '/')
        len = 0;
    return hf_xasprintf("%.*s/%s", (int)len, a, b);
}

char *
hf_path_expand(const char *path)
{
    const char *home = getenv("HOME");

    if (path[0] != '~' || (path[1] && path[1] != '/') || !home || !*home)
        return hf_xstrdup(path);
    if (!path[1])
        return hf_xstrdup(home);
    return hf_path_join(home, path + 1);
}
