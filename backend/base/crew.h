/*
 * A crew: jobs that several threads share, and what comes of them taken in
 * their order by one. The same result as one after the other.
 */
#ifndef HF_BASE_CREW_H
#define HF_BASE_CREW_H

#include <stddef.h>

#include "backend/base/err.h"

struct hf_crew {
    /* What a thread keeps for itself while it is at work (NULL: failed, and
     * why), and the end of it. Both NULL: nothing. */
    void *(*begin)(void *ctx, struct hf_err *err);
    void (*end)(void *own);
    /* One job, in any thread. */
    int (*work)(void *ctx, void *own, size_t job, struct hf_err *err);
    /* What came of it, in the caller's thread and in the order of jobs; may
     * be NULL. Jobs are at most HF_CREW_AHEAD ahead of it. */
    int (*take)(void *ctx, size_t job, struct hf_err *err);
    void *ctx;
};

#define HF_CREW_AHEAD 16

/* Does jobs 0 to n - 1 on as many threads as there are processors, at most
 * eight; where nothing is taken, a single job and what no thread can be had for
 * in the caller's own. The first failure ends it: then some jobs were not done,
 * and some that were done are not taken. */
int hf_crew_run(const struct hf_crew *crew, size_t n, struct hf_err *err);

#endif
