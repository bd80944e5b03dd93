/*
 * A change of the inventory: some files, one commit on the checked-out
 * branch. It comes into being only when nobody changed those files meanwhile,
 * and work tree and index follow it, so that the admin's next commit does not
 * take it back.
 */
#ifndef HF_INVENTORY_EDIT_H
#define HF_INVENTORY_EDIT_H

#include "backend/base/buf.h"
#include "backend/base/err.h"
#include "inventory/repo.h"

struct hf_edit_file {
    char *path; /* "hosts/canary/web-01.json" */
    char *data; /* NULL: the file goes */
    size_t len;
    char base[41]; /* the blob that was read; empty: there must be none */
};

/* {0} is empty. */
struct hf_edit {
    struct hf_edit_file *v;
    size_t len, cap;
    struct hf_buf message; /* its first line is the subject */
    int trailers;          /* its last lines are "Key: value" */
};

void hf_edit_release(struct hf_edit *e);
/* Both copy. `base` NULL or empty: a new file. A path occurs once. */
void hf_edit_write(struct hf_edit *e, const char *path, const char *base,
                   const void *data, size_t len);
void hf_edit_delete(struct hf_edit *e, const char *path, const char *base);
/* Adds a line to the message. */
void hf_edit_say(struct hf_edit *e, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* Adds "Key: value" below it, for git log and auditors; NULL or empty: not.
 * What is said later would stand below the trailers. */
void hf_edit_trailer(struct hf_edit *e, const char *key, const char *value);

/*
 * Commits the change. `commit` is the new commit's id.
 * HF_EMOVED: a file is no longer as it was read, and by whose commit;
 * HF_EDIRTY: it has changes that are not committed, or a merge is under way;
 * HF_ELOCKED: another git process holds a lock, which is named with its age and
 * never removed; HF_EINVALID: HEAD is detached, the branch is no inventory, or
 * git does not know who commits; HF_EDENIED, HF_ENOSPACE: nothing was changed.
 * After a success `err` is untouched; when only the work tree could not follow,
 * HF_EIO says so and `commit` is set.
 */
int hf_edit_commit(struct hf_repo *repo, const struct hf_edit *e,
                   char commit[41], struct hf_err *err);

#endif
