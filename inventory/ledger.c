/* The ledger's writer: one thread that commits in batches. */
#include "inventory/ledger.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"
#include "backend/base/thread.h"
#include "backend/base/time.h"
#include "inventory/backoff.h"
#include "inventory/git.h"
#include "inventory/ledger_book.h"
#include "inventory/ledger_pack.h"
#include "inventory/ledger_push.h"
#include "inventory/ledger_pusher.h"

#define BATCH_MS 1000
#define BATCH_RECORDS 4000 /* then it is committed without waiting longer */
#define RETRY_MAX_MS 30000
#define TIDY_AFTER 55 /* packs, one a batch; gc.autoPackLimit is 50 */

struct hf_ledger {
    char *dir, *branch, *remote; /* what options borrows */
    struct hf_ledger_options options;
    struct hf_queue *acks;
    pthread_t thread;

    pthread_mutex_t lock; /* for all below up to `book` */
    pthread_cond_t wake;
    pthread_cond_t served; /* a batch was committed, or could not be */
    struct hf_ledger_record **waiting;
    size_t n_waiting, cap_waiting;
    int64_t since;   /* hf_mono() when the first of them came */
    size_t pending;  /* given and not committed */
    int failing;     /* the last try failed */
    int flush;       /* commit now, until it fails */
    int64_t stop_by; /* hf_mono() when to leave at the latest; 0: stay */

    /* the writer's own, and its owner's before and after it ran */
    struct hf_book book;
    int stopping;                    /* has seen stop_by */
    struct hf_ledger_record **batch; /* taken, not yet committed */
    size_t n_batch, cap_batch;
    struct hf_err failed; /* of the last commit */
    struct hf_backoff backoff;
    uint64_t seq;             /* committed up to here */
    size_t packs;             /* there at the last look, or since tidying */
    struct hf_pusher *pusher; /* NULL: no remote */
};

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
        hf_backoff_fail(&l->backoff, RETRY_MAX_MS);
        push_ack(l, "", l->pusher ? -1 : 0, &err);
        return;
    }
    l->failed = err = (struct hf_err)HF_ERR_INIT;
    l->backoff = (struct hf_backoff){0};
    l->seq = highest_seq(l);
    l->packs++;
    drop_batch(l);
    push_ack(l, commit, l->pusher ? -1 : 0, &err);
    if (l->pusher)
        hf_pusher_wake(l->pusher, l->seq, commit);
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
    return due > l->backoff.next ? due : l->backoff.next;
}

/* Asked to stop, with nothing left, or what is left failed once more: whoever
 * asked has it elsewhere. With the lock held. */
static int
may_leave(struct hf_ledger *l)
{
    if (!l->stop_by)
        return 0;
    if (!l->stopping) { /* one more try at once, whatever failed before */
        l->backoff = (struct hf_backoff){0};
        l->failed = (struct hf_err)HF_ERR_INIT;
    }
    l->stopping = 1;
    return hf_mono() >= l->stop_by || l->failed.code < 0 ||
           commit_due(l) == INT64_MAX;
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

/* Commits what is due; else waits. With the lock held, but not while it
 * works. */
static void
serve_or_wait(struct hf_ledger *l)
{
    int64_t due = commit_due(l);

    if (due > hf_mono()) {
        hf_cond_wait_until(&l->wake, &l->lock,
                           due < INT64_MAX ? due : hf_mono() + RETRY_MAX_MS);
        return;
    }
    take_batch(l);
    pthread_mutex_unlock(&l->lock);
    serve_commit(l);
    tidy(l);
    pthread_mutex_lock(&l->lock);
    l->pending = l->n_batch + l->n_waiting;
    l->failing = l->failed.code < 0;
    if (l->failing)
        l->flush = 0;
    pthread_cond_broadcast(&l->served);
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
    pthread_cond_destroy(&l->served);
    free(l->waiting);
    free(l->batch);
    free(l->dir);
    free(l->branch);
    free(l->remote);
    free(l);
}

/* The pusher begins with what an earlier process could not push. */
static int
start_pusher(struct hf_ledger *l, struct hf_err *err)
{
    char tip[41];
    int rc;

    if ((rc = hf_book_tip(&l->book, tip, err)) < 0 ||
        (rc = hf_pusher_start(&l->pusher, l->dir, &l->options, l->acks, err)) <
            0)
        return rc;
    if (!hf_book_is_pushed(&l->book))
        hf_pusher_wake(l->pusher, 0, tip);
    return HF_OK;
}

static int
start(struct hf_ledger *l, struct hf_err *err)
{
    int rc;

    if ((rc = hf_book_open(&l->book, l->dir, &l->options, err)) < 0 ||
        (rc = hf_signer_prove(l->book.signer, err)) < 0 ||
        (l->remote && (rc = start_pusher(l, err)) < 0))
        return rc;
    l->packs = hf_pack_sweep(hf_repo_git(l->book.repo));
    rc = hf_thread_spawn(&l->thread, "ledger", writer, l, err);
    if (rc < 0)
        hf_pusher_stop(l->pusher, 0);
    return rc;
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
    hf_cond_init(&l->served);
    if ((rc = start(l, err)) < 0)
        free_ledger(l);
    else
        *out = l;
    return rc;
}

int
hf_ledger_close(struct hf_ledger *l, int64_t timeout_ms, struct hf_err *err)
{
    int64_t until = hf_mono() + timeout_ms;
    int rc = HF_OK;

    if (!l)
        return HF_OK;
    pthread_mutex_lock(&l->lock);
    l->stop_by = until;
    pthread_cond_signal(&l->wake);
    pthread_mutex_unlock(&l->lock);
    pthread_join(l->thread, NULL);
    hf_pusher_stop(l->pusher, until);
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
    l->pending++;
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

int
hf_ledger_wait(struct hf_ledger *l, int64_t timeout_ms)
{
    int64_t until = hf_mono() + timeout_ms;
    int done;

    pthread_mutex_lock(&l->lock);
    l->flush = 1;
    l->failing = 0;
    pthread_cond_signal(&l->wake);
    while (l->pending && !l->failing && hf_mono() < until)
        hf_cond_wait_until(&l->served, &l->lock, until);
    done = l->pending == 0;
    pthread_mutex_unlock(&l->lock);
    return done;
}
