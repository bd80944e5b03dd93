/* The journal's writer: one thread that syncs in groups. */
#include "backend/engine/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

#include "backend/base/file.h"
#include "backend/base/log.h"
#include "backend/base/mem.h"
#include "backend/base/thread.h"
#include "backend/engine/journal_file.h"
#include "backend/engine/state_dir.h"

/* What waits for the writer. */
struct group {
    struct hf_buf lines;
    uint64_t last; /* number of the last line */
    int ack;       /* somebody wants to hear of it: sync and acknowledge */
    int sync;
};

struct hf_journal {
    char *path;
    int fd;     /* the writer's */
    off_t size; /* the writer's: end of the last whole group */
    struct hf_queue *acks;
    pthread_t thread;

    pthread_mutex_t lock; /* for all below */
    pthread_cond_t work, done;
    struct group waiting;
    uint64_t last;        /* number given last */
    uint64_t synced;      /* numbers up to this one are on disk */
    struct hf_err failed; /* code < 0: nothing later is written */
    int stop;
};

/* ---- the writer ---- */

static int
write_group(struct hf_journal *j, const struct group *g, struct hf_err *err)
{
    if (hf_write_all(j->fd, hf_buf_str(&g->lines), g->lines.len) < 0) {
        hf_fail_errno(err, errno, "cannot write the journal '%s'", j->path);
        /* no half line stays; if even this fails, the next start cuts it */
        if (ftruncate(j->fd, j->size) < 0)
            hf_log(HF_LOG_ERROR, "cannot cut a half line off '%s'", j->path);
    } else {
        j->size += (off_t)g->lines.len;
        if (!g->sync || fdatasync(j->fd) == 0)
            return HF_OK;
        hf_fail_errno(err, errno, "cannot sync the journal '%s'", j->path);
    }
    return hf_hint(err, "see to the disk (is it full?) and start again; until "
                        "then no host is changed");
}

static void
push_ack(struct hf_journal *j, uint64_t seq, const struct hf_err *error)
{
    struct hf_journal_ack *ack;

    if (!j->acks)
        return;
    ack = HF_NEW(struct hf_journal_ack);
    ack->seq = seq;
    ack->error = *error;
    hf_queue_push(j->acks, ack);
}

/* With the lock held, which it lets go of while it writes. */
static void
serve_group(struct hf_journal *j)
{
    struct group g = j->waiting;
    struct hf_err err = j->failed;

    j->waiting = (struct group){0};
    pthread_mutex_unlock(&j->lock);
    if (err.code == HF_OK)
        write_group(j, &g, &err);
    hf_buf_release(&g.lines);
    pthread_mutex_lock(&j->lock);

    j->failed = err;
    if (err.code == HF_OK && g.sync)
        j->synced = g.last;
    if (g.ack)
        push_ack(j, j->synced, &err);
    pthread_cond_broadcast(&j->done);
}

static int
has_work(const struct hf_journal *j)
{
    return j->waiting.lines.len > 0 || j->waiting.sync;
}

static void *
writer(void *arg)
{
    struct hf_journal *j = arg;

    pthread_mutex_lock(&j->lock);
    while (has_work(j) || !j->stop) {
        if (has_work(j))
            serve_group(j);
        else
            pthread_cond_wait(&j->work, &j->lock);
    }
    pthread_mutex_unlock(&j->lock);
    return NULL;
}

/* ---- opening and closing ---- */

static void
free_journal(struct hf_journal *j)
{
    if (j->fd >= 0)
        close(j->fd);
    pthread_mutex_destroy(&j->lock);
    pthread_cond_destroy(&j->work);
    pthread_cond_destroy(&j->done);
    hf_buf_release(&j->waiting.lines);
    free(j->path);
    free(j);
}

/* The file, locked for one writer, its half line cut off. */
static int
open_file(struct hf_journal *j, const char *dir, struct hf_err *err)
{
    int rc;

    if ((rc = hf_private_dir(dir, err)) < 0)
        return rc;
    j->fd = open(j->path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW,
                 0600);
    if (j->fd < 0)
        return hf_fail_errno(err, errno, "cannot open '%s'", j->path);
    if (flock(j->fd, LOCK_EX | LOCK_NB) < 0) {
        if (errno != EWOULDBLOCK)
            return hf_fail_errno(err, errno, "cannot lock '%s'", j->path);
        return hf_fail(err, HF_ELOCKED,
                       "another process is writing the journal '%s'", j->path);
    }
    if ((rc = hf_fsync_dir(dir, err)) < 0 ||
        (rc = hf_journal_cut_torn(&j->size, j->fd, dir, err)) < 0)
        return rc;
    return hf_journal_last_seq(&j->last, j->fd, j->size, dir, err);
}

int
hf_journal_open(struct hf_journal **out, const char *dir, struct hf_queue *acks,
                struct hf_err *err)
{
    struct hf_journal *j = HF_NEW(struct hf_journal);
    int rc;

    *out = NULL;
    j->path = hf_path_join(dir, HF_JOURNAL_NAME);
    j->fd = -1;
    j->acks = acks;
    pthread_mutex_init(&j->lock, NULL);
    pthread_cond_init(&j->work, NULL);
    pthread_cond_init(&j->done, NULL);
    if ((rc = open_file(j, dir, err)) == HF_OK) {
        j->synced = j->last;
        rc = hf_thread_spawn(&j->thread, "journal", writer, j, err);
    }
    if (rc < 0) {
        free_journal(j);
        return rc;
    }
    *out = j;
    return HF_OK;
}

void
hf_journal_close(struct hf_journal *j)
{
    if (!j)
        return;
    pthread_mutex_lock(&j->lock);
    j->waiting.sync = 1;
    j->waiting.last = j->last;
    j->stop = 1;
    pthread_cond_signal(&j->work);
    pthread_mutex_unlock(&j->lock);
    pthread_join(j->thread, NULL);
    free_journal(j);
}

/* ---- writing ---- */

uint64_t
hf_journal_append(struct hf_journal *j, struct hf_event *e)
{
    int durable = (hf_event_rows[e->kind].flags & HF_EVENT_SYNCED) != 0;
    char *line;

    /* formatted under the lock: the number is part of the line, and lines
     * stand in the order of their numbers */
    pthread_mutex_lock(&j->lock);
    e->seq = j->waiting.last = ++j->last;
    line = hf_event_format(e);
    hf_buf_puts(&j->waiting.lines, line);
    hf_buf_putc(&j->waiting.lines, '\n');
    j->waiting.ack |= durable;
    j->waiting.sync |= durable;
    pthread_cond_signal(&j->work);
    pthread_mutex_unlock(&j->lock);
    free(line);
    return e->seq;
}

int
hf_journal_sync(struct hf_journal *j, struct hf_err *err)
{
    uint64_t upto;
    int rc;

    pthread_mutex_lock(&j->lock);
    upto = j->last;
    if (j->synced < upto && j->failed.code == HF_OK) {
        j->waiting.sync = 1;
        j->waiting.last = upto;
        pthread_cond_signal(&j->work);
    }
    while (j->synced < upto && j->failed.code == HF_OK)
        pthread_cond_wait(&j->done, &j->lock);
    rc = j->synced < upto ? j->failed.code : HF_OK;
    if (rc < 0)
        *err = j->failed;
    pthread_mutex_unlock(&j->lock);
    return rc;
}
