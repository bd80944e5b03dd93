/* Threads that may block; see pool.h. */
#include "backend/ssh/pool.h"

#include <signal.h>
#include <stdlib.h>
#include <time.h>

#include "backend/base/mem.h"

struct hf_pool {
    pthread_mutex_t lock;
    pthread_cond_t work, idle;
    struct hf_task *first;
    struct hf_task **end;
    int limit;    /* threads at most */
    int threads;  /* alive */
    int waiting;  /* of them, without a task */
    int stopping; /* the mailboxes are gone */
    int refs;     /* the owner and every thread */
};

int
hf_thread_start(pthread_t *out, void *(*run)(void *), void *arg)
{
    sigset_t all, before;
    int rc;

    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    rc = pthread_create(out, NULL, run, arg);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return rc;
}

/* With the lock held, which it gives up. */
static void
unref(struct hf_pool *pool)
{
    int last = --pool->refs == 0;

    pthread_mutex_unlock(&pool->lock);
    if (!last)
        return;
    pthread_mutex_destroy(&pool->lock);
    pthread_cond_destroy(&pool->work);
    pthread_cond_destroy(&pool->idle);
    free(pool);
}

static struct hf_task *
next_task(struct hf_pool *pool)
{
    struct hf_task *task;

    while (!(task = pool->first) && !pool->stopping) {
        pool->waiting++;
        pthread_cond_wait(&pool->work, &pool->lock);
        pool->waiting--;
    }
    if (!task)
        return NULL;
    pool->first = task->next;
    if (!pool->first)
        pool->end = &pool->first;
    return task;
}

static void *
pool_thread(void *arg)
{
    struct hf_pool *pool = arg;
    struct hf_task *task;

    pthread_mutex_lock(&pool->lock);
    while ((task = next_task(pool))) {
        pthread_mutex_unlock(&pool->lock);
        task->run(task);
        pthread_mutex_lock(&pool->lock);
        if (pool->stopping)
            task->mail.drop(&task->mail);
        else
            hf_queue_push(task->to, &task->mail);
    }
    pool->threads--;
    pthread_cond_signal(&pool->idle);
    unref(pool);
    return NULL;
}

/* With the lock held. */
static int
add_thread(struct hf_pool *pool)
{
    pthread_t thread;
    int rc = hf_thread_start(&thread, pool_thread, pool);

    if (rc)
        return rc;
    pthread_detach(thread);
    pool->threads++;
    pool->refs++;
    return 0;
}

int
hf_pool_new(struct hf_pool **out, int threads, struct hf_err *err)
{
    struct hf_pool *pool = HF_NEW(struct hf_pool);
    pthread_condattr_t monotonic;
    int rc;

    *out = NULL;
    pthread_mutex_init(&pool->lock, NULL);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&pool->work, NULL);
    pthread_cond_init(&pool->idle, &monotonic);
    pthread_condattr_destroy(&monotonic);
    pool->end = &pool->first;
    pool->limit = threads;
    pool->refs = 1;

    pthread_mutex_lock(&pool->lock);
    if ((rc = add_thread(pool))) {
        unref(pool);
        return hf_fail_errno(err, rc, "cannot start a thread");
    }
    pthread_mutex_unlock(&pool->lock);
    *out = pool;
    return HF_OK;
}

void
hf_pool_run(struct hf_pool *pool, struct hf_task *task)
{
    pthread_mutex_lock(&pool->lock);
    task->next = NULL;
    *pool->end = task;
    pool->end = &task->next;
    if (!pool->waiting && pool->threads < pool->limit)
        (void)add_thread(pool); /* the others will do it, only later */
    pthread_cond_signal(&pool->work);
    pthread_mutex_unlock(&pool->lock);
}

void
hf_pool_free(struct hf_pool *pool, int64_t wait_ms)
{
    struct timespec until;
    struct hf_task *task;

    if (!pool)
        return;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += wait_ms / 1000;
    until.tv_nsec += wait_ms % 1000 * 1000000;
    until.tv_sec += until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;

    pthread_mutex_lock(&pool->lock);
    pool->stopping = 1;
    while ((task = pool->first)) {
        pool->first = task->next;
        task->mail.drop(&task->mail);
    }
    pthread_cond_broadcast(&pool->work);
    while (pool->threads > 0 &&
           pthread_cond_timedwait(&pool->idle, &pool->lock, &until) == 0)
        ;
    unref(pool);
}
