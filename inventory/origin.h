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

#endif
