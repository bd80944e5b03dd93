/* Which commit made a file what it is. */
#ifndef HF_INVENTORY_ORIGIN_H
#define HF_INVENTORY_ORIGIN_H

#include "inventory/repo.h"

/*
 * The commit in which `path` came to be what it is in `commit` (NULL: HEAD),
 * as `git log -1` finds it. HF_ENOTFOUND: no such file; HF_ELIMIT: older than
 * HF_ORIGIN_MAX commits, or than a shallow clone's history.
 */
#define HF_ORIGIN_MAX 20000
int hf_repo_origin(struct hf_repo *repo, const char *commit, const char *path,
                   char id[41], struct hf_err *err);

/* A commit, for people; texts are made harmless. */
struct hf_origin {
    char id[41];
    char author[80];
    char subject[160];
};
/* The same from HEAD, also for a file that was taken away. */
int hf_repo_changed_by(struct hf_repo *repo, const char *path,
                       struct hf_origin *out, struct hf_err *err);

#endif
