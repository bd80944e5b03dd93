/*
 * Exceptions, changed as commits: one file each, so that two operators meet
 * only where they write the same one. Then the later is told who was first
 * (HF_EMOVED). See hf_edit_commit for the other errors.
 */
#ifndef HF_INVENTORY_EXCEPTION_H
#define HF_INVENTORY_EXCEPTION_H

#include "backend/model/exception.h"
#include "inventory/repo.h"

/* What is to be written; texts are borrowed. */
struct hf_exception_text {
    const char *owner, *ticket, *reason, *control;
    const char *until; /* "2026-12-31" */
};

/*
 * A new one for these hosts, by their names: who comes to the fleet later is
 * not excused. HF_EEXISTS: the fleet has one of that id; HF_EINVALID: a text
 * is missing or no such value, or it would be over already.
 */
int hf_exception_add(struct hf_repo *repo, const struct hf_fleet *fleet,
                     const char *id, const struct hf_host *const *hosts,
                     size_t n, const struct hf_exception_text *text,
                     char commit[41], struct hf_err *err);
/* Texts that are not NULL take the place of those that are there; `until` must
 * be one of them. Its hosts stay. */
int hf_exception_renew(struct hf_repo *repo, const struct hf_exception *e,
                       const struct hf_exception_text *text, char commit[41],
                       struct hf_err *err);
/* Takes its file away; what it was stays in the history. `reason` may be
 * NULL. */
int hf_exception_end(struct hf_repo *repo, const struct hf_exception *e,
                     const char *reason, char commit[41], struct hf_err *err);

#endif
