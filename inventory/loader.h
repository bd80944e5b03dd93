/*
 * What the parts of loading share. For load*.c only.
 */
#ifndef HF_INVENTORY_LOADER_H
#define HF_INVENTORY_LOADER_H

#include <git2.h>

#include "backend/model/host.h"
#include "inventory/documents.h"
#include "inventory/load.h"
#include "inventory/repo.h"
#include "inventory/tree.h"

struct hf_loader {
    struct hf_repo *repo;
    git_tree *root;
    git_odb *odb;
    struct hf_fleet *fleet; /* being filled */
    struct hf_fleet_doc doc;
    struct hf_problems *problems;
    const struct hf_load_cache *cache; /* or NULL */
    struct hf_decoder decoder;
    struct hf_buf text; /* the file now being read */
};

/* The file's content in l->text. HF_EIO names the path. A file that is too
 * large becomes a problem and HF_EINVALID. */
int hf_loader_read(struct hf_loader *l, const char *path, const git_oid *id,
                   struct hf_err *err);
/* A problem found after reading: reads the file again to name the place. */
void hf_loader_problem(struct hf_loader *l, const char *path, const git_oid *id,
                       const char *json_path, const char *hint, const char *fmt,
                       ...) __attribute__((format(printf, 6, 7)));

/* Problems of the last text: what the scope at `at` ("$.for") names and the
 * fleet has not. */
void hf_loader_check_scope(struct hf_loader *l, const char *at,
                           const struct hf_scope *scope);

/* The parts, each adding to fleet and problems; below 0 only when something
 * cannot be read. */
int hf_load_hosts(struct hf_loader *l, struct hf_err *err);
int hf_load_catalogue(struct hf_loader *l, struct hf_err *err);
int hf_load_issues(struct hf_loader *l, struct hf_err *err);
int hf_load_blocks(struct hf_loader *l, struct hf_err *err);
/* After the hosts. */
int hf_load_exceptions(struct hf_loader *l, struct hf_err *err);
/* calendar.json; after the hosts. */
int hf_load_calendar(struct hf_loader *l, struct hf_err *err);
int hf_load_entitlements(struct hf_loader *l, struct hf_err *err);
/* Files of a kind that this version does not use, and near misses. */
int hf_load_others(struct hf_loader *l, struct hf_err *err);

#endif
