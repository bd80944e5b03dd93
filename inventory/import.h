/*
 * Bringing hosts in from elsewhere: a source is read into a plan that says
 * what would be added and changed and what is left out and why; committing it
 * is one commit.
 */
#ifndef HF_INVENTORY_IMPORT_H
#define HF_INVENTORY_IMPORT_H

#include "backend/base/json.h"
#include "backend/model/host.h"
#include "inventory/edit.h"
#include "inventory/repo.h"

enum hf_import_kind {
    HF_IMPORT_ANSIBLE, /* output of ansible-inventory --list */
    HF_IMPORT_CSV,     /* RFC 4180, a header row; ; and tab are fine, too */
    HF_IMPORT_SSH_CONFIG,
    HF_IMPORT_ARC,       /* not hosts, but what is said of them: exports of */
    HF_IMPORT_AUTOPATCH, /* Azure Arc and Windows Autopatch, JSON or CSV */
    HF_IMPORT_KIND_COUNT
};
/* "ansible", "csv", ..., NULL-terminated, in enum order. */
extern const char *const hf_import_names[HF_IMPORT_KIND_COUNT + 1];

/* A plan. Lists hold host names; {0} is empty. What is asked for is set
 * before reading and borrowed. */
struct hf_import {
    const char *ring;       /* of new hosts whose source names none, or NULL */
    const char *const *map; /* csv: "COLUMN=KEY", NULL-terminated, or NULL; arc
                               and autopatch: KEY is name or hotpatch, and a
                               member of JSON is "a.b.c" */
    int64_t taken;          /* arc and autopatch: day of the export; 0: today */

    struct hf_strs added;
    struct hf_strs changed; /* "web-01: address, user" */
    struct hf_strs unchanged;
    struct hf_strs missing;      /* in the fleet, not in the source: stay */
    struct hf_strs gone;         /* in the source before, and not any more */
    struct hf_strs strangers;    /* in the source, and no host of the fleet */
    struct hf_strs dropped;      /* secrets: "web-01: ansible_password" */
    struct hf_problems problems; /* errors: hosts that are left out;
                                    warnings: things that are */
    struct hf_edit edit;         /* what would be committed */
};

void hf_import_release(struct hf_import *plan);

/*
 * Reads `text` (called `file` in problems) and compares it with `fleet`, as
 * loaded from `repo`. Only what the source says is changed; rings come from
 * groups (or a column) of that name, other groups become tags. Values that
 * look like secrets are never copied. HF_EINVALID: the source cannot be read
 * at all, or holds no host; HF_ENOTFOUND: no such ring or column.
 */
int hf_import_read(struct hf_import *plan, enum hf_import_kind kind,
                   struct hf_repo *repo, const struct hf_fleet *fleet,
                   const char *file, const char *text, size_t len,
                   struct hf_err *err);

/* One commit. Nothing to do: HF_OK with an empty `commit`. */
int hf_import_commit(struct hf_repo *repo, const struct hf_import *plan,
                     char commit[41], struct hf_err *err);

#endif
