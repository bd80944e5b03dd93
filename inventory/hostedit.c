/* One key of a host file, through the commit that changes it. */
#include "inventory/hostedit.h"

#include <string.h>

#include "inventory/documents.h"
#include "inventory/git.h"
#include "inventory/retext.h"

int
hf_hostedit_check(const char *path, const struct hf_buf *text,
                  struct hf_err *err)
{
    struct hf_arena *arena = hf_arena_new();
    struct hf_host_doc doc;
    int rc = hf_decode_text(arena, &doc, &hf_object_host, path, text, err);

    hf_arena_free(arena);
    return rc;
}

int
hf_hostedit_set(struct hf_edit *e, struct hf_repo *repo,
                const struct hf_host *host, const char *key, const char *value,
                struct hf_err *err)
{
    const struct hf_strs keys = {.v = (char *[]){(char *)key}, .len = 1};
    const struct hf_strs values = {.v = (char *[]){(char *)value}, .len = 1};

    return hf_hostedit_set_all(e, repo, host, &keys, &values, err);
}

static int
set_keys(struct hf_buf *text, const struct hf_strs *keys,
         const struct hf_strs *values, struct hf_err *err)
{
    int rc = HF_OK;

    for (size_t i = 0; i < keys->len && rc == HF_OK; i++)
        rc = values->v[i] ? hf_retext_set(text, keys->v[i], values->v[i], err)
                          : hf_retext_remove(text, keys->v[i], err);
    return rc;
}

int
hf_hostedit_set_all(struct hf_edit *e, struct hf_repo *repo,
                    const struct hf_host *host, const struct hf_strs *keys,
                    const struct hf_strs *values, struct hf_err *err)
{
    struct hf_buf before = {0}, text = {0};
    git_oid id;
    int rc;

    git_oid_fromstr(&id, host->blob);
    if ((rc = hf_git_read_blob(&before, repo, &id, host->path, err)) < 0)
        goto out;
    hf_buf_add(&text, hf_buf_str(&before), before.len);
    if ((rc = set_keys(&text, keys, values, err)) < 0) {
        hf_wrap(err, "'%s'", host->path);
        goto out;
    }
    if (text.len == before.len &&
        memcmp(hf_buf_str(&text), hf_buf_str(&before), text.len) == 0)
        goto out;
    if ((rc = hf_hostedit_check(host->path, &text, err)) < 0)
        goto out;
    hf_edit_write(e, host->path, host->blob, hf_buf_str(&text), text.len);
out:
    hf_buf_release(&before);
    hf_buf_release(&text);
    return rc;
}

void
hf_hostedit_say(struct hf_edit *e, const char *verb,
                const struct hf_host *const *hosts, size_t n, const char *rest)
{
    if (n == 1) {
        hf_edit_say(e, "%s %s%s", verb, hosts[0]->name, rest);
    } else {
        hf_edit_say(e, "%s %zu hosts%s", verb, n, rest);
        hf_edit_say(e, "%s", "");
    }
    for (size_t i = 0; n > 1 && i < n; i++)
        hf_edit_say(e, "%s", hosts[i]->name);
}

int
hf_hostedit_commit(struct hf_repo *repo, struct hf_edit *e, char commit[41],
                   struct hf_err *err)
{
    int rc = HF_OK;

    commit[0] = '\0';
    if (e->len > 0)
        rc = hf_edit_commit(repo, e, commit, err);
    hf_edit_release(e);
    return rc;
}
