/* Pushing beside the writer, with a repository handle of its own. */
#include "inventory/ledger_pusher.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"
#include "backend/base/thread.h"
#include "inventory/backoff.h"
#include "inventory/ledger_push.h"

#define PUSH_MS 60000 /* one push, with all that may be needed for it */
#define RETRY_MAX_MS 300000

struct hf_pusher {
    char *dir, *branch, *remote; /* what options borrows */
    struct hf_ledger_options options;
    pthread_t thread;

    pthread_mutex_t lock; /* for all below */
    pthread_cond_t wake, end;
    struct hf_queue *acks; /* NULL when nobody wants them (any more) */
    uint64_t seq;          /* committed up to here... */
    char commit[41];       /* ...by this */
    int unpushed;
    struct hf_backoff backoff;
    int64_t stop_by; /* hf_mono() when to leave at the latest; 0: stay */
    int last_try;    /* asked to stop: it is made, or was */
    int ended;
    int abandoned; /* nobody waits for the thread: it frees this */
};

static void
free_pusher(struct hf_pusher *p)
{
    pthread_mutex_destroy(&p->lock);
    pthread_cond_destroy(&p->wake);
    pthread_cond_destroy(&p->end);
    free(p->dir);
    free(p->branch);
    free(p->remote);
    free(p);
}

static void
push_ack(struct hf_pusher *p, const struct hf_ledger_ack *said)
{
    struct hf_ledger_ack *ack;

    if (!p->acks)
        return;
    ack = HF_NEW(struct hf_ledger_ack);
    *ack = *said;
    hf_queue_push(p->acks, ack);
}

/* The commit of `ack` becomes the tip, which may have moved. */
static int
push_once(struct hf_pusher *p, int64_t timeout_ms, struct hf_ledger_ack *ack)
{
    struct hf_err *err = &ack->error;
    struct hf_book book;
    int rc;

    if ((rc = hf_book_open(&book, p->dir, &p->options, err)) < 0)
        return rc;
    if (!hf_book_is_pushed(&book))
        rc = hf_book_push(&book, timeout_ms, err);
    if (rc == HF_OK)
        rc = hf_book_tip(&book, ack->commit, err);
    hf_book_close(&book);
    return rc;
}

/* With the lock held, but not while it pushes. */
static void
serve_push(struct hf_pusher *p)
{
    int64_t time = p->stop_by ? p->stop_by - hf_mono() : PUSH_MS;
    struct hf_ledger_ack ack = {.seq = p->seq};
    int rc;

    memcpy(ack.commit, p->commit, sizeof(ack.commit));
    p->unpushed = 0;
    pthread_mutex_unlock(&p->lock);
    rc = push_once(p, time > 0 ? time : 1, &ack);
    pthread_mutex_lock(&p->lock);
    if (rc == HF_OK) {
        p->backoff = (struct hf_backoff){0};
        ack.error = (struct hf_err)HF_ERR_INIT;
    } else {
        p->unpushed = 1;
        hf_backoff_fail(&p->backoff, RETRY_MAX_MS);
    }
    ack.pushed = rc == HF_OK ? 1 : -1;
    push_ack(p, &ack);
}

/* With the lock held, but not while it waits. */
static void
serve_or_wait(struct hf_pusher *p)
{
    int64_t due = p->unpushed ? p->backoff.next : INT64_MAX;

    if (p->stop_by && !p->last_try) {
        p->last_try = 1; /* whatever failed before */
        due = 0;
    }
    if (p->unpushed && due <= hf_mono())
        serve_push(p);
    else if (!p->stop_by)
        hf_cond_wait_until(&p->wake, &p->lock,
                           due < INT64_MAX ? due : hf_mono() + RETRY_MAX_MS);
}

static void *
pusher(void *arg)
{
    struct hf_pusher *p = arg;
    int abandoned;

    pthread_mutex_lock(&p->lock);
    while (!p->stop_by || !p->last_try)
        serve_or_wait(p);
    p->ended = 1;
    abandoned = p->abandoned;
    pthread_cond_signal(&p->end);
    pthread_mutex_unlock(&p->lock);
    if (abandoned)
        free_pusher(p);
    return NULL;
}

int
hf_pusher_start(struct hf_pusher **out, const char *dir,
                const struct hf_ledger_options *options, struct hf_queue *acks,
                struct hf_err *err)
{
    struct hf_pusher *p = HF_NEW(struct hf_pusher);
    int rc;

    *out = NULL;
    p->dir = hf_xstrdup(dir);
    p->branch = hf_xstrdup(options->branch);
    p->remote = hf_xstrdup(options->remote);
    p->options = *options;
    p->options.branch = p->branch;
    p->options.remote = p->remote;
    p->acks = acks;
    pthread_mutex_init(&p->lock, NULL);
    hf_cond_init(&p->wake);
    hf_cond_init(&p->end);
    if ((rc = hf_thread_spawn(&p->thread, "ledger-push", pusher, p, err)) < 0)
        free_pusher(p);
    else
        *out = p;
    return rc;
}

void
hf_pusher_wake(struct hf_pusher *p, uint64_t seq, const char *commit)
{
    pthread_mutex_lock(&p->lock);
    p->seq = seq;
    snprintf(p->commit, sizeof(p->commit), "%s", commit);
    p->unpushed = 1;
    pthread_cond_signal(&p->wake);
    pthread_mutex_unlock(&p->lock);
}

void
hf_pusher_stop(struct hf_pusher *p, int64_t until)
{
    int ended;

    if (!p)
        return;
    pthread_mutex_lock(&p->lock);
    p->stop_by = until > 0 ? until : 1;
    pthread_cond_signal(&p->wake);
    while (!p->ended && hf_mono() < until)
        hf_cond_wait_until(&p->end, &p->lock, until);
    ended = p->ended;
    p->abandoned = !ended;
    p->acks = NULL;
    if (!ended)
        pthread_detach(p->thread);
    pthread_mutex_unlock(&p->lock);
    if (ended) {
        pthread_join(p->thread, NULL);
        free_pusher(p);
    }
}
