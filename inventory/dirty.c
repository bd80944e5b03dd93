/* Comparing the work tree on a thread with a repository handle of its own. */
#include "inventory/dirty.h"

#include <pthread.h>
#include <stdlib.h>

#include "backend/base/mem.h"
#include "inventory/repo.h"

struct hf_dirty {
    char *dir;
    pthread_t thread;
    int threaded;
    int rc, dirty;
    struct hf_err err;
};

static void *
compare(void *ctx)
{
    struct hf_dirty *d = ctx;
    struct hf_repo *repo = NULL;
    struct hf_strs paths = {0};

    if ((d->rc = hf_repo_open(&repo, d->dir, &d->err)) == HF_OK)
        d->rc = hf_repo_dirty(repo, &paths, &d->err);
    d->dirty = paths.len > 0;
    hf_strs_release(&paths);
    hf_repo_free(repo);
    return NULL;
}

struct hf_dirty *
hf_dirty_start(const char *dir)
{
    struct hf_dirty *d = HF_NEW(struct hf_dirty);

    d->dir = hf_xstrdup(dir);
    d->threaded = pthread_create(&d->thread, NULL, compare, d) == 0;
    return d;
}

int
hf_dirty_finish(struct hf_dirty *d, int *dirty, struct hf_err *err)
{
    int rc;

    if (d->threaded)
        pthread_join(d->thread, NULL);
    else
        compare(d);
    *dirty = d->dirty;
    if ((rc = d->rc) < 0)
        *err = d->err;
    free(d->dir);
    free(d);
    return rc;
}
