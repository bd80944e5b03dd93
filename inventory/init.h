/* A new fleet: a git repository with a starter inventory. */
#ifndef HF_INVENTORY_INIT_H
#define HF_INVENTORY_INIT_H

#include "backend/base/err.h"
#include "inventory/starter.h"

/*
 * Makes `dir` (missing, empty, or holding nothing but a repository without
 * commits) a fleet: hotfleet.json that explains itself, README.md, the JSON
 * Schemas, and a first commit on branch init.defaultBranch or main. `name`
 * NULL: that of the folder. `more` (or NULL) are files that levels above this
 * one add. HF_EEXISTS: there is something already; nothing is made without a
 * git identity (HF_EINVALID).
 */
int hf_init(const char *dir, const char *name, const struct hf_starter *more,
            struct hf_err *err);

#endif
