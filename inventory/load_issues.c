/* Loading the fleet's rules about known issues. */
#include <stdlib.h>
#include <string.h>

#include "backend/base/text.h"
#include "backend/model/known_issue.h"
#include "inventory/git.h"
#include "inventory/loader.h"

struct issues {
    struct hf_loader *l;
    struct hf_issue *v;
    size_t len, cap;
};

static int
load_file(void *ctx, const struct hf_tree_file *file, struct hf_err *err)
{
    struct issues *issues = ctx;
    struct hf_loader *l = issues->l;
    struct hf_issue issue;
    int rc;

    if (!hf_has_suffix(file->name, ".json")) {
        if (file->name[0] != '.' && !hf_has_prefix(file->name, "README"))
            hf_problem_warn(l->problems, file->path, 0, 0, "",
                            "is not read: known issues end in .json");
        return HF_OK;
    }
    if ((rc = hf_loader_read(l, file->path, file->id, err)) < 0)
        return rc == HF_EINVALID ? HF_OK : rc;
    if (hf_decode(&l->decoder, &issue, &hf_object_issue, file->path,
                  hf_buf_str(&l->text), l->text.len) < 0)
        return HF_OK;
    for (size_t i = 0; i < issues->len; i++) {
        if (hf_text_casecmp(issues->v[i].id, issue.id) != 0)
            continue;
        hf_decoder_problem(&l->decoder, "$.id", "'%s' is already in '%s'",
                           issue.id, issues->v[i].path);
        return HF_OK;
    }
    issue.path = hf_arena_strdup(l->fleet->arena, file->path);
    *HF_PUSH(&issues->v, &issues->len, &issues->cap) = issue;
    return HF_OK;
}

int
hf_load_issues(struct hf_loader *l, struct hf_err *err)
{
    struct issues issues = {.l = l};
    struct hf_issue *kept;
    int rc;

    rc = hf_tree_walk(hf_repo_git(l->repo), l->root, "known-issues",
                      l->problems, load_file, &issues, err);
    if (rc == HF_OK && issues.len) {
        kept = hf_arena_alloc(l->fleet->arena, issues.len * sizeof(*kept));
        memcpy(kept, issues.v, issues.len * sizeof(*kept));
        l->fleet->issues = kept;
        l->fleet->issues_len = issues.len;
    }
    free(issues.v);
    return rc;
}
