/*
 * From a commit to a fleet snapshot: every file is read and checked, and all
 * problems are listed, not just the first.
 */
#ifndef HF_INVENTORY_LOAD_H
#define HF_INVENTORY_LOAD_H

#include "backend/base/json.h"
#include "backend/model/host.h"
#include "inventory/dirty.h"
#include "inventory/repo.h"

/*
 * Reads the fleet of `commit` (NULL: HEAD). Problems are added to `problems`,
 * warnings (files that this version does not use) too. Any problem that is
 * not a warning makes it fail with HF_EINVALID and the first one in `err`;
 * HF_EIO names the object that is missing or damaged. *out is the caller's
 * (hf_fleet_free), NULL after failure. root_commit is empty in a shallow
 * clone.
 */
int
hf_fleet_load(struct hf_fleet **out, struct hf_repo *repo, const char *commit,
              struct hf_problems *problems, struct hf_err *err);

/* Where decoded host files are kept between two loads of large fleets, and
 * what goes on behind the caller's back. */
struct hf_load_cache {
    /* The file, the caller's text; NULL: none. Name and root commit of the
     * fleet are known by then. */
    char *(*path)(void *ctx, const struct hf_fleet *fleet);
    int read_only; /* the file is not written */
    int committed; /* the work tree is not looked at: never dirty */
    void *ctx;
    /* If not NULL, the work tree is compared while the caller does other
     * things: it ends that with hf_dirty_finish and keeps the answer in
     * fleet->dirty, also when loading failed. NULL there: nothing to end. */
    struct hf_dirty **dirty;
};
/* The same as hf_fleet_load with HEAD, sooner. */
int hf_fleet_load_cached(struct hf_fleet **out, struct hf_repo *repo,
                         const struct hf_load_cache *cache,
                         struct hf_problems *problems, struct hf_err *err);

/* The same, but with problems in it the sound part of the fleet is returned
 * together with HF_EINVALID: for lint. */
int hf_fleet_load_sound(struct hf_fleet **out, struct hf_repo *repo,
                        const char *commit, struct hf_problems *problems,
                        struct hf_err *err);

#endif
