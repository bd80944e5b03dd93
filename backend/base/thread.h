/*
 * Worker threads. Signals belong to the main thread: a worker never gets one.
 */
#ifndef HF_BASE_THREAD_H
#define HF_BASE_THREAD_H

#include <pthread.h>
#include <stdint.h>

#include "backend/base/err.h"

/* pthread_create with every signal blocked; `name` (at most 15 bytes) shows
 * in ps and gdb. */
int hf_thread_spawn(pthread_t *out, const char *name, void *(*run)(void *),
                    void *arg, struct hf_err *err);

/* A condition whose timed wait counts on the monotonic clock, and that wait:
 * until signalled or until hf_mono() reaches `until` (ms). */
void hf_cond_init(pthread_cond_t *cond);
void
hf_cond_wait_until(pthread_cond_t *cond, pthread_mutex_t *lock, int64_t until);

#endif
