/* Sharing out jobs, and waiting for the one whose turn it is. */
#include "backend/base/crew.h"

#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include "backend/base/mem.h"
#include "backend/base/thread.h"

#define THREADS_MAX 8

struct shift {
    const struct hf_crew *crew;
    size_t n;
    pthread_mutex_t lock; /* for all that follows */
    pthread_cond_t moved;
    size_t next;  /* the first job that nobody has */
    size_t taken; /* so many of the first ones */
    unsigned char *done;
    int rc; /* of the first failure */
    struct hf_err err;
};

static void
fail(struct shift *s, const struct hf_err *err)
{
    pthread_mutex_lock(&s->lock);
    if (s->rc == HF_OK) {
        s->rc = err->code;
        s->err = *err;
    }
    pthread_cond_broadcast(&s->moved);
    pthread_mutex_unlock(&s->lock);
}

/* The next job, or n: there is none for us. */
static size_t
claim(struct shift *s)
{
    size_t job = s->n;

    pthread_mutex_lock(&s->lock);
    while (s->crew->take && s->rc == HF_OK && s->next < s->n &&
           s->next >= s->taken + HF_CREW_AHEAD)
        pthread_cond_wait(&s->moved, &s->lock);
    if (s->rc == HF_OK && s->next < s->n)
        job = s->next++;
    pthread_mutex_unlock(&s->lock);
    return job;
}

static void
note_done(struct shift *s, size_t job)
{
    pthread_mutex_lock(&s->lock);
    s->done[job] = 1;
    pthread_cond_broadcast(&s->moved);
    pthread_mutex_unlock(&s->lock);
}

static void *
at_work(void *arg)
{
    struct shift *s = arg;
    const struct hf_crew *c = s->crew;
    struct hf_err err = HF_ERR_INIT;
    void *own = c->begin ? c->begin(c->ctx, &err) : NULL;
    size_t job;

    if (c->begin && !own) {
        fail(s, &err);
        return NULL;
    }
    while ((job = claim(s)) < s->n) {
        if (c->work(c->ctx, own, job, &err) < 0) {
            fail(s, &err);
            break;
        }
        note_done(s, job);
    }
    if (c->end)
        c->end(own);
    return NULL;
}

/* 1: the job is done; 0: it will never be. */
static int
wait_for(struct shift *s, size_t job)
{
    int done;

    pthread_mutex_lock(&s->lock);
    while (s->rc == HF_OK && !s->done[job])
        pthread_cond_wait(&s->moved, &s->lock);
    done = s->rc == HF_OK;
    pthread_mutex_unlock(&s->lock);
    return done;
}

static void
take_all(struct shift *s)
{
    const struct hf_crew *c = s->crew;
    struct hf_err err = HF_ERR_INIT;

    for (size_t job = 0; job < s->n && wait_for(s, job); job++) {
        if (c->take(c->ctx, job, &err) < 0) {
            fail(s, &err);
            return;
        }
        pthread_mutex_lock(&s->lock);
        s->taken++;
        pthread_cond_broadcast(&s->moved);
        pthread_mutex_unlock(&s->lock);
    }
}

static size_t
count_threads(const struct hf_crew *crew, size_t n)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    size_t threads = cores > 1 ? (size_t)cores : 1;

    if (n == 1 && !crew->take)
        return 0;
    if (threads > THREADS_MAX)
        threads = THREADS_MAX;
    return threads < n ? threads : n;
}

int
hf_crew_run(const struct hf_crew *crew, size_t n, struct hf_err *err)
{
    struct shift s = {.crew = crew, .n = n, .err = HF_ERR_INIT};
    size_t wanted = count_threads(crew, n), got = 0;
    pthread_t threads[THREADS_MAX];

    s.done = hf_xcalloc(n + 1, 1);
    pthread_mutex_init(&s.lock, NULL);
    pthread_cond_init(&s.moved, NULL);
    while (got < wanted &&
           hf_thread_spawn(&threads[got], "crew", at_work, &s, err) == HF_OK)
        got++;
    if (!got && !crew->take)
        (void)at_work(&s);
    else if (wanted && !got) /* one would do */
        fail(&s, err);
    if (crew->take)
        take_all(&s);
    for (size_t i = 0; i < got; i++)
        pthread_join(threads[i], NULL);
    pthread_cond_destroy(&s.moved);
    pthread_mutex_destroy(&s.lock);
    free(s.done);
    if (s.rc < 0)
        *err = s.err;
    return s.rc;
}
