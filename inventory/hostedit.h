/*
 * Changing one key in many host files: the rest of each file stays as it is,
 * and what comes out is a valid host file or nothing is.
 */
#ifndef HF_INVENTORY_HOSTEDIT_H
#define HF_INVENTORY_HOSTEDIT_H

#include "backend/model/host.h"
#include "inventory/edit.h"

/*
 * Adds to `e` the host's file with `key` set to `value` (JSON text; NULL
 * takes the key out). Nothing is added when that changes nothing.
 * HF_EINVALID: the result would be no valid host file.
 */
int hf_hostedit_set(struct hf_edit *e, struct hf_repo *repo,
                    const struct hf_host *host, const char *key,
                    const char *value, struct hf_err *err);
/* The same for several keys; `values` stands beside `keys`. */
int hf_hostedit_set_all(struct hf_edit *e, struct hf_repo *repo,
                        const struct hf_host *host, const struct hf_strs *keys,
                        const struct hf_strs *values, struct hf_err *err);
/* Checks a whole host file's text; `path` is for the message, or NULL. */
int hf_hostedit_check(const char *path, const struct hf_buf *text,
                      struct hf_err *err);
/* Message: "<verb> web-01<rest>", or "<verb> 12 hosts<rest>" and the names;
 * trailers may follow. */
void
hf_hostedit_say(struct hf_edit *e, const char *verb,
                const struct hf_host *const *hosts, size_t n, const char *rest);
/* Commits when there is something in it, and releases it. */
int hf_hostedit_commit(struct hf_repo *repo, struct hf_edit *e, char commit[41],
                       struct hf_err *err);

#endif
