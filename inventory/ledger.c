/* The ledger's writer: one thread that commits in batches and pushes. */
#include "inventory/ledger.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"
#include "backend/base/thread.h"
#include "backend/base/time.h"
#include "inventory/ledger_book.h"
#include "inventory/ledger_push.h"

#define BATCH_MS 1000
#define BATCH_RECORDS 4000 /* then it is committed without waiting longer */
#define RETRY_MS 1000      /* first pause after a failure; doubled */
#define COMMIT_RETRY_MAX_MS 30000
#define PUSH_RETRY_MAX_MS 300000
#define PUSH_MS 30000 /* one push, with all that may be needed for it */
#define TIDY_AFTER 50 /* batches, each a pack */

/* Work that is tried again: when, and how long to pause after the next
 * failure. */
struct attempts {
    int64_t next; /* hf_mono(); not before */
    int64_t pause;
};

struct hf_ledger {
    char *dir, *branch, *remote; /* what options borrows */
    struct hf_ledger_options options;
    struct hf_queue *acks;
    pthread_t thread;

    pthread_mutex_t lock; /* for all below up to `book` */
    pthread_cond_t wake;
    struct hf_ledger_record **waiting;
    size_t n_waiting, cap_waiting;
    int64_t since;   /* hf_mono() when the first of them came */
    int flush;       /* commit now, until it fails */
    int64_t stop_by; /* hf_mono() when to leave at the latest; 0: stay */

    /* the writer's own, and its owner's before and after it ran */
    struct hf_book book;
    int stopping;                    /* has seen stop_by */
    struct hf_ledger_record **batch; /* taken, not yet committed */
    size_t n_batch, cap_batch;
    struct hf_err failed; /* of the last commit */
    struct attempts commits, pushes;
    int unpushed;
    uint64_t seq;    /* committed up to here */
    char commit[41]; /* our newest commit */
    unsigned packs;  /* written since the last tidying */
};

static const struct hf_err none;

void
hf_ledger_record_free(struct hf_ledger_record *r)
{
    if (!r)
        return;
    free(r->path);
    free(r->content);
    free(r->subject);
    free(r->run);
    free(r->action);
    free(r->change);
    free(r->operator_);
    free(r->inventory);
    free(r->plan);
    free(r);
}

/* ---- committing ---- */

static void
push_ack(struct hf_ledger *l, const char *commit, int pushed,
         const struct hf_err *error)
{
    struct hf_ledger_ack *ack;

    if (!l->acks)
        return;
    ack = HF_NEW(struct hf_ledger_ack);
    ack->seq = l->seq;
    snprintf(ack->commit, sizeof(ack->commit), "%s", commit);
    ack->pushed = pushed;
    ack->error = *error;
    hf_queue_push(l->acks, ack);
}

static void
postpone(struct attempts *a, int64_t most)
{
    a->pause = a->pause ? 2 * a->pause : RETRY_MS;
    if (a->pause > most)
        a->pause = most;
    a->next = hf_mono() + a->pause;
}

static void
drop_batch(struct hf_ledger *l)
{
    for (size_t i = 0; i < l->n_batch; i++)
        hf_ledger_record_free(l->batch[i]);
    l->n_batch = 0;
}

static uint64_t
highest_seq(const struct hf_ledger *l)
{
    uint64_t seq = l->seq;

    for (size_t i = 0; i < l->n_batch; i++)
        if (l->batch[i]->seq > seq)
            seq = l->batch[i]->seq;
    return seq;
}

/* After a failure the repository is opened anew: it may have been away. */
static int
commit_batch(struct hf_ledger *l, char commit[41], struct hf_err *err)
{
    int rc = HF_OK;

    if (!l->book.repo)
        rc = hf_book_open(&l->book, l->dir, &l->options, err);
    if (rc == HF_OK)
        rc = hf_book_commit(&l->book, l->batch, l->n_batch, commit, err);
    if (rc < 0)
        hf_book_close(&l->book);
    return rc;
}

static void
serve_commit(struct hf_ledger *l)
{
    struct hf_err err = HF_ERR_INIT;
    char commit[41] = "";

    if (commit_batch(l, commit, &err) < 0) {
        l->failed = err;
        postpone(&l->commits, COMMIT_RETRY_MAX_MS);
        push_ack(l, "", l->remote ? -1 : 0, &err);
        return;
    }
    l->failed = none;
    l->commits = (struct attempts){0};
    l->seq = highest_seq(l);
    l->unpushed = l->remote != NULL;
    l->packs++;
    memcpy(l->commit, commit, sizeof(commit));
    drop_batch(l);
    push_ack(l, l->commit, l->unpushed ? -1 : 0, &none);
}

static int
push_branch(struct hf_ledger *l, int64_t timeout_ms, struct hf_err *err)
{
    int rc = HF_OK;

    if (!l->book.repo)
        rc = hf_book_open(&l->book, l->dir, &l->options, err);
    return rc < 0 ? rc : hf_book_push(&l->book, timeout_ms, l->commit, err);
}

static void
serve_push(struct hf_ledger *l, int64_t timeout_ms)
{
    struct hf_err err = HF_ERR_INIT;

    l->unpushed = push_branch(l, timeout_ms, &err) < 0;
    if (l->unpushed) {
        postpone(&l->pushes, PUSH_RETRY_MAX_MS);
        push_ack(l, l->commit, -1, &err);
    } else {
        l->pushes = (struct attempts){0};
        push_ack(l, l->commit, 1, &none);
    }
}

static void
tidy(struct hf_ledger *l)
{
    if (l->packs < TIDY_AFTER || !l->book.repo)
        return;
    hf_book_tidy(&l->book);
    l->packs = 0;
}

/* ---- the thread ---- */

/* When a batch is due; INT64_MAX: nothing waits. With the lock held. */
static int64_t
commit_due(const struct hf_ledger *l)
{
    int64_t due = l->since + l->options.batch_ms;

    if (l->n_batch + l->n_waiting == 0)
        return INT64_MAX;
    if (l->flush)
        return 0;
    if (l->stop_by || l->n_waiting >= BATCH_RECORDS)
        due = 0;
    return due > l->commits.next ? due : l->commits.next;
}

static int64_t
push_due(const struct hf_ledger *l)
{
    return l->unpushed ? l->pushes.next : INT64_MAX;
}

/* Asked to stop, with nothing left that is due before the last moment. With
 * the lock held. */
static int
may_leave(struct hf_ledger *l)
{
    int64_t now = hf_mono(), commit, push;

    if (!l->stop_by)
        return 0;
    if (!l->stopping) /* one more try at once, whatever failed before */
        l->commits = l->pushes = (struct attempts){0};
    l->stopping = 1;
    commit = commit_due(l);
    push = push_due(l);
    return now >= l->stop_by || (commit < push ? commit : push) >= l->stop_by;
}

/* The oldest records, at most one batch; records of a batch that failed stay
 * in front. With the lock held. */
static void
take_batch(struct hf_ledger *l)
{
    size_t n = 0;

    while (n < l->n_waiting && l->n_batch < BATCH_RECORDS)
        *HF_PUSH(&l->batch, &l->n_batch, &l->cap_batch) = l->waiting[n++];
    l->n_waiting -= n;
    if (n > 0)
        memmove(l->waiting, l->waiting + n, l->n_waiting * sizeof(*l->waiting));
    l->since = hf_mono();
    if (l->n_waiting == 0)
        l->flush = 0;
}

/* How long a push may take. With the lock held. */
static int64_t
push_time(const struct hf_ledger *l)
{
    int64_t left = l->stop_by ? l->stop_by - hf_mono() : PUSH_MS;

    return left < 1 ? 1 : left < PUSH_MS ? left : PUSH_MS;
}

/* One commit or one push, whichever is due; else waits. With the lock held,
 * but not while it works. */
static void
serve_or_wait(struct hf_ledger *l)
{
    int64_t commit = commit_due(l), push = push_due(l), now = hf_mono();
    int64_t time = push_time(l);

    if (commit > now && push > now) {
        hf_cond_wait_until(&l->wake, &l->lock, commit < push ? commit : push);
        return;
    }
    if (commit <= now)
        take_batch(l);
    pthread_mutex_unlock(&l->lock);
    if (commit <= now)
        serve_commit(l);
    else
        serve_push(l, time);
    tidy(l);
    pthread_mutex_lock(&l->lock);
    if (l->failed.code < 0)
        l->flush = 0;
}

static void *
writer(void *arg)
{
    struct hf_ledger *l = arg;

    pthread_mutex_lock(&l->lock);
    while (!may_leave(l))
        serve_or_wait(l);
    pthread_mutex_unlock(&l->lock);
    return NULL;
}

/* ---- opening and closing ---- */

static void
free_ledger(struct hf_ledger *l)
{
    drop_batch(l);
    for (size_t i = 0; i < l->n_waiting; i++)
        hf_ledger_record_free(l->waiting[i]);
    hf_book_close(&l->book);
    pthread_mutex_destroy(&l->lock);
    pthread_cond_destroy(&l->wake);
    free(l->waiting);
    free(l->batch);
    free(l->dir);
    free(l->branch);
    free(l->remote);
    free(l);
}

int
hf_ledger_open(struct hf_ledger **out, const char *repo_dir,
               const struct hf_ledger_options *options, struct hf_queue *acks,
               struct hf_err *err)
{
    struct hf_ledger *l = HF_NEW(struct hf_ledger);
    int rc;

    *out = NULL;
    l->dir = hf_xstrdup(repo_dir);
    l->branch = hf_xstrdup(options->branch);
    l->remote = hf_xstrdup(options->remote);
    l->options = *options;
    l->options.branch = l->branch;
    l->options.remote = l->remote;
    if (l->options.batch_ms <= 0)
        l->options.batch_ms = BATCH_MS;
    l->acks = acks;
    pthread_mutex_init(&l->lock, NULL);
    hf_cond_init(&l->wake);
    if ((rc = hf_book_open(&l->book, repo_dir, &l->options, err)) == HF_OK) {
        /* what an earlier process could not push */
        l->unpushed = l->remote && !hf_book_is_pushed(&l->book);
        if ((rc = hf_book_tip(&l->book, l->commit, err)) == HF_OK)
            rc = hf_thread_spawn(&l->thread, "ledger", writer, l, err);
    }
    if (rc < 0) {
        free_ledger(l);
        return rc;
    }
    *out = l;
    return HF_OK;
}

int
hf_ledger_close(struct hf_ledger *l, int64_t timeout_ms, struct hf_err *err)
{
    int rc = HF_OK;

    if (!l)
        return HF_OK;
    pthread_mutex_lock(&l->lock);
    l->stop_by = hf_mono() + timeout_ms;
    pthread_cond_signal(&l->wake);
    pthread_mutex_unlock(&l->lock);
    pthread_join(l->thread, NULL);
    if (l->n_batch + l->n_waiting > 0) {
        *err = l->failed;
        rc = l->failed.code < 0
                 ? l->failed.code
                 : hf_fail(err, HF_ETIMEOUT,
                           "the ledger could not be written in time");
    }
    free_ledger(l);
    return rc;
}

/* ---- adding ---- */

void
hf_ledger_add(struct hf_ledger *l, struct hf_ledger_record *r)
{
    pthread_mutex_lock(&l->lock);
    if (l->n_waiting == 0)
        l->since = hf_mono();
    *HF_PUSH(&l->waiting, &l->n_waiting, &l->cap_waiting) = r;
    pthread_cond_signal(&l->wake);
    pthread_mutex_unlock(&l->lock);
}

void
hf_ledger_flush(struct hf_ledger *l)
{
    pthread_mutex_lock(&l->lock);
    l->flush = 1;
    pthread_cond_signal(&l->wake);
    pthread_mutex_unlock(&l->lock);
}
