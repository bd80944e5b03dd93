/*
 * Files: whole reads with a limit, atomic durable writes, folders, and the
 * per-user places.
 */
#ifndef HF_BASE_FILE_H
#define HF_BASE_FILE_H

#include <stddef.h>
#include <sys/types.h>

#include "backend/base/buf.h"
#include "backend/base/err.h"

/* `out` is replaced. "-" reads standard input. More than max bytes: HF_ELIMIT.
 */
int hf_file_read(struct hf_buf *out, const char *path, size_t max,
                 struct hf_err *err);
/* Temporary file beside it, fsync, rename, fsync of the folder. */
int hf_file_write(const char *path, const void *data, size_t len, mode_t mode,
                  struct hf_err *err);
/* The same of pieces, one behind the other, and without the syncs: what a
 * crash leaves of it may be torn. */
struct hf_piece {
    const void *data;
    size_t len;
};
int hf_file_write_pieces(const char *path, const struct hf_piece *pieces,
                         size_t n, mode_t mode, struct hf_err *err);
/* Every missing folder on the way, with `mode`. */
int hf_mkdirs(const char *path, mode_t mode, struct hf_err *err);
int hf_fsync_dir(const char *path, struct hf_err *err);
/* Whole buffer to fd, EINTR and short writes handled. 0 or -1 with errno. */
int hf_write_all(int fd, const void *data, size_t len);
int hf_path_exists(const char *path);
/* "a/b": one slash between; caller's. */
char *hf_path_join(const char *a, const char *b);
/* ~ and ~/ expanded from $HOME; caller's. */
char *hf_path_expand(const char *path);
/* Recursively removes a folder made by us (no symlink is followed); one that
 * is not there is fine. */
int hf_rmtree(const char *path, struct hf_err *err);

#endif
