/* Starting worker threads, and waiting with a deadline that no clock moves. */
#include "backend/base/thread.h"

#include <signal.h>
#include <time.h>

int
hf_thread_spawn(pthread_t *out, const char *name, void *(*run)(void *),
                void *arg, struct hf_err *err)
{
    sigset_t all, old;
    int failed;

    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &old);
    failed = pthread_create(out, NULL, run, arg);
    pthread_sigmask(SIG_SETMASK, &old, NULL);
    if (failed)
        return hf_fail_errno(err, failed, "cannot start the %s thread", name);
    pthread_setname_np(*out, name);
    return HF_OK;
}

void
hf_cond_init(pthread_cond_t *cond)
{
    pthread_condattr_t attr;

    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(cond, &attr);
    pthread_condattr_destroy(&attr);
}

void
hf_cond_wait_until(pthread_cond_t *cond, pthread_mutex_t *lock, int64_t until)
{
    struct timespec at = {until / 1000, until % 1000 * 1000000};

    pthread_cond_timedwait(cond, lock, &at);
}
