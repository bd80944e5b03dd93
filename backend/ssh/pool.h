/*
 * A few threads for calls that block (name lookup, ssh-agent), so that no
 * worker ever waits for them. A task is owned by one thread at a time: by the
 * caller until hf_pool_run, then by the pool, then by the worker whose
 * mailbox it is put into.
 */
#ifndef HF_SSH_POOL_H
#define HF_SSH_POOL_H

#include <pthread.h>
#include <stdint.h>

#include "backend/base/err.h"
#include "backend/base/queue.h"
#include "backend/ssh/mail.h"

struct hf_pool;

struct hf_task {
    struct hf_mail mail; /* put into `to` when run has returned */
    struct hf_queue *to;
    void (*run)(struct hf_task *task); /* on a pool thread */
    struct hf_task *next;              /* the pool's own */
};

/* At most `threads` threads, made when they are needed (the first at once:
 * HF_ERR when it cannot be). All signals are blocked in them. */
int hf_pool_new(struct hf_pool **out, int threads, struct hf_err *err);
void hf_pool_run(struct hf_pool *pool, struct hf_task *task);
/*
 * Drops waiting tasks and waits at most wait_ms for those that run; a task
 * that takes longer is dropped when it returns.
 */
void hf_pool_free(struct hf_pool *pool, int64_t wait_ms);

#endif
