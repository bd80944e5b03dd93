/* The journal's file: reading it forward and from its end, mending it. */
#include "backend/engine/journal_file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "backend/base/file.h"
#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "backend/engine/journal.h"

#define TAIL_BYTES (64u << 10) /* looked at first, from the end */

/* ---- from the end ---- */

static int
read_range(struct hf_buf *out, int fd, off_t from, size_t len)
{
    hf_buf_clear(out);
    hf_buf_reserve(out, len);
    while (out->len < len) {
        ssize_t n = pread(fd, out->data + out->len, len - out->len,
                          from + (off_t)out->len);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0) {
            errno = n < 0 ? errno : EIO;
            return -1;
        }
        out->len += (size_t)n;
    }
    return 0;
}

/* The last `max` bytes at most; 1 when that is all of it. */
static int
read_tail(struct hf_buf *out, int fd, off_t size, size_t max)
{
    size_t len = size < (off_t)max ? (size_t)size : max;

    if (read_range(out, fd, size - (off_t)len, len) < 0)
        return -1;
    return (off_t)len == size;
}

/* Keeps what was torn, for whoever wants to know what was going on. */
static int
save_torn(const char *dir, const void *data, size_t len, struct hf_err *err)
{
    char *path = hf_path_join(dir, "journal.torn");
    int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW,
                  0600);
    int rc = HF_OK;

    if (fd < 0 || hf_write_all(fd, data, len) < 0 ||
        hf_write_all(fd, "\n", 1) < 0 || fsync(fd) < 0)
        rc = hf_fail_errno(err, errno, "cannot write '%s'", path);
    if (fd >= 0)
        close(fd);
    free(path);
    return rc;
}

int
hf_journal_cut_torn(off_t *size, int fd, const char *dir, struct hf_err *err)
{
    struct hf_buf tail = {0};
    const char *newline = NULL;
    off_t end = lseek(fd, 0, SEEK_END);
    size_t torn;
    int all = 0, rc = HF_OK;

    for (size_t max = TAIL_BYTES; end > 0 && !all && !newline; max *= 2) {
        if ((all = read_tail(&tail, fd, end, max)) < 0)
            break;
        newline = memrchr(tail.data, '\n', tail.len);
    }
    if (end < 0 || all < 0) {
        rc = hf_fail_errno(err, errno, "cannot read the journal in '%s'", dir);
        goto out;
    }
    torn = newline ? (size_t)(tail.data + tail.len - newline - 1) : tail.len;
    *size = end - (off_t)torn;
    if (torn == 0)
        goto out;
    rc = save_torn(dir, tail.data + tail.len - torn, torn, err);
    if (rc == HF_OK && (ftruncate(fd, *size) < 0 || fsync(fd) < 0))
        rc = hf_fail_errno(
            err, errno, "cannot cut a half line off the journal in '%s'", dir);
out:
    hf_buf_release(&tail);
    return rc;
}

/* 1 and the number of the last event in whole lines of text. A line that
 * does not parse had a number, too: it is counted so that none comes twice. */
static int
last_number(uint64_t *out, const char *text, size_t len, int whole)
{
    uint64_t passed = 0;

    while (len > 0) {
        const char *before = memrchr(text, '\n', len - 1);
        const char *line = before ? before + 1 : text;
        struct hf_event e = {0};
        struct hf_err ignored = HF_ERR_INIT;
        int found;

        if (!before && !whole)
            return 0; /* its start is not in sight */
        found = hf_event_parse(&e, line, (size_t)(text + len - 1 - line),
                               &ignored) == HF_OK;
        *out = e.seq + passed++;
        hf_event_release(&e);
        if (found)
            return 1;
        len = (size_t)(line - text);
    }
    *out = passed;
    return whole;
}

static int
file_last_seq(uint64_t *out, int fd, off_t size, struct hf_err *err)
{
    struct hf_buf tail = {0};
    int all = 0, found = 0;

    *out = 0;
    for (size_t max = TAIL_BYTES; !found && !all; max *= 2) {
        if ((all = read_tail(&tail, fd, size, max)) < 0)
            break;
        found = last_number(out, hf_buf_str(&tail), tail.len, all);
    }
    hf_buf_release(&tail);
    if (all < 0)
        return hf_fail_errno(err, errno, "cannot read the journal's end");
    return HF_OK;
}

static int
done_last_seq(uint64_t *out, const char *dir, struct hf_err *err)
{
    uint64_t *done = NULL;
    char *path = NULL;
    size_t len;
    int fd = -1, rc;

    if ((rc = hf_journal_done_list(&done, &len, dir, err)) < 0 || len == 0)
        goto out;
    path = hf_journal_done_path(dir, done[len - 1]);
    fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        rc = hf_fail_errno(err, errno, "cannot open '%s'", path);
        goto out;
    }
    rc = file_last_seq(out, fd, lseek(fd, 0, SEEK_END), err);
out:
    if (fd >= 0)
        close(fd);
    free(path);
    free(done);
    return rc;
}

int
hf_journal_last_seq(uint64_t *out, int fd, off_t size, const char *dir,
                    struct hf_err *err)
{
    int rc = file_last_seq(out, fd, size, err);

    if (rc == HF_OK && *out == 0)
        rc = done_last_seq(out, dir, err);
    return rc;
}

/* ---- forward ---- */

int
hf_journal_read(const char *dir, int (*fn)(void *ctx, struct hf_event *e),
                void *ctx, size_t *bad, struct hf_err *err)
{
    char *path = hf_path_join(dir, HF_JOURNAL_NAME);
    FILE *f = fopen(path, "re");
    char *line = NULL;
    size_t cap = 0;
    ssize_t len;
    int stop = 0, rc = HF_OK;

    *bad = 0;
    if (!f && errno != ENOENT)
        rc = hf_fail_errno(err, errno, "cannot open '%s'", path);
    while (f && !stop && (len = getline(&line, &cap, f)) > 0) {
        struct hf_err why = HF_ERR_INIT;
        struct hf_event e;

        if (line[len - 1] != '\n')
            break; /* being written, or torn and never acknowledged */
        if (hf_event_parse(&e, line, (size_t)len - 1, &why) < 0)
            (*bad)++;
        else
            stop = fn(ctx, &e);
        hf_event_release(&e);
    }
    if (f && ferror(f))
        rc = hf_fail_errno(err, errno, "cannot read '%s'", path);
    free(line);
    if (f)
        fclose(f);
    free(path);
    return rc;
}

/* ---- journals that were moved away ---- */

char *
hf_journal_done_path(const char *dir, uint64_t first_seq)
{
    return hf_xasprintf("%s/journal-%" PRIu64 ".jsonl.done", dir, first_seq);
}

/* The number in such a name; 0: it is another. */
static uint64_t
parse_done_name(const char *name)
{
    static const char prefix[] = "journal-", suffix[] = ".jsonl.done";
    int64_t seq = 0;
    char *digits;

    if (!hf_has_prefix(name, prefix) || !hf_has_suffix(name, suffix))
        return 0;
    digits = hf_xstrndup(name + strlen(prefix),
                         strlen(name) - strlen(prefix) - strlen(suffix));
    if (hf_parse_int(&seq, digits, 1, INT64_MAX) < 0)
        seq = 0;
    free(digits);
    return (uint64_t)seq;
}

static int
by_number(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

    return (x > y) - (x < y);
}

int
hf_journal_done_list(uint64_t **out, size_t *len, const char *dir,
                     struct hf_err *err)
{
    DIR *d = opendir(dir);
    const struct dirent *entry;
    size_t cap = 0;
    uint64_t seq;

    *out = NULL;
    *len = 0;
    if (!d)
        return hf_fail_errno(err, errno, "cannot open folder '%s'", dir);
    while ((entry = readdir(d)))
        if ((seq = parse_done_name(entry->d_name)) > 0)
            *HF_PUSH(out, len, &cap) = seq;
    closedir(d);
    if (*len)
        qsort(*out, *len, sizeof(**out), by_number);
    return HF_OK;
}
