/* Threads that may block; see pool.h. */
#include "backend/ssh/pool.h"

#include <stdlib.h>

#include "backend/base/mem.h"
#include "backend/base/thread.h"
#include "backend/base/time.h"

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
add_thread(struct hf_pool *pool, struct hf_err *err)
{
    pthread_t thread;
    int rc = hf_thread_spawn(&thread, "ssh-pool", pool_thread, pool, err);

    if (rc < 0)
        return rc;
    pthread_detach(thread);
    pool->threads++;
    pool->refs++;
    return HF_OK;
}

int
hf_pool_new(struct hf_pool **out, int threads, struct hf_err *err)
{
    struct hf_pool *pool = HF_NEW(struct hf_pool);
    int rc;

    *out = NULL;
    pthread_mutex_init(&pool->lock, NULL);
    pthread_cond_init(&pool->work, NULL);
    hf_cond_init(&pool->idle);
    pool->end = &pool->first;
    pool->limit = threads;
    pool->refs = 1;

    pthread_mutex_lock(&pool->lock);
    if ((rc = add_thread(pool, err)) < 0) {
        unref(pool);
        return rc;
    }
    pthread_mutex_unlock(&pool->lock);
    *out = pool;
    return HF_OK;
}

void
hf_pool_run(struct hf_pool *pool, struct hf_task *task)
{
    struct hf_err ignored = HF_ERR_INIT;

    pthread_mutex_lock(&pool->lock);
    task->next = NULL;
    *pool->end = task;
    pool->end = &task->next;
    if (!pool->waiting && pool->threads < pool->limit)
        (void)add_thread(pool,
                         &ignored); /* the others will do it, only later */
    pthread_cond_signal(&pool->work);
    pthread_mutex_unlock(&pool->lock);
}

void
hf_pool_free(struct hf_pool *pool, int64_t wait_ms)
{
    int64_t until = hf_mono() + wait_ms;
    struct hf_task *task;

    if (!pool)
        return;
    pthread_mutex_lock(&pool->lock);
    pool->stopping = 1;
    while ((task = pool->first)) {
        pool->first = task->next;
        task->mail.drop(&task->mail);
    }
    pthread_cond_broadcast(&pool->work);
    while (pool->threads > 0 && hf_mono() < until)
        hf_cond_wait_until(&pool->idle, &pool->lock, until);
    unref(pool);
}
