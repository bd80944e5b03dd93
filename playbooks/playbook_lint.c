/* Playbooks of a commit, read to find what is wrong with them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "playbooks/playbook.h"

struct lint {
    struct hf_repo *repo;
    const char *commit;
    struct hf_problems *problems;
    char file[300]; /* "playbooks/mine.json" */
};

/* A hook is looked for where it would be run from: the commit. */
static int
lint_hook(struct lint *l, const char *path, const char *name,
          struct hf_err *err)
{
    struct hf_err missing = HF_ERR_INIT;
    char *file = hf_xasprintf("hooks/%s", name);
    int executable = 0;
    int rc =
        hf_repo_executable(l->repo, l->commit, file, &executable, &missing);

    if (rc == HF_ENOTFOUND)
        hf_problem_add(l->problems, l->file, 0, 0, path,
                       "there is no file '%s'", file);
    else if (rc < 0)
        *err = missing;
    else if (!executable)
        hf_problem_add(l->problems, l->file, 0, 0, path,
                       "'%s' is not executable", file)
            ->hint = hf_xasprintf("git update-index --chmod=+x %s", file);
    free(file);
    return rc == HF_ENOTFOUND ? HF_OK : rc;
}

static int
lint_hooks(struct lint *l, const struct hf_playbook *pb, struct hf_err *err)
{
    char path[64];
    int rc = HF_OK;

    for (int i = 0; i < HF_HOOK_COUNT && rc == HF_OK; i++) {
        (void)snprintf(path, sizeof(path), "$.hooks.%s", hf_hook_names[i]);
        if (pb->hooks[i].run)
            rc = lint_hook(l, path, pb->hooks[i].run, err);
    }
    for (size_t i = 0; i < pb->gates_len && rc == HF_OK; i++) {
        (void)snprintf(path, sizeof(path), "$.gates[%zu].command", i);
        if (pb->gates[i].command)
            rc = lint_hook(l, path, pb->gates[i].command, err);
    }
    return rc;
}

/* What is wrong with the one that it extends is told of that one. */
static void
take_own(struct lint *l, struct hf_problems *found)
{
    struct hf_problems *to = l->problems;

    for (size_t i = 0; i < found->len; i++) {
        struct hf_problem *p = &found->v[i];

        if (strcmp(p->file, l->file) != 0)
            continue;
        to->errors += !p->warning;
        *HF_PUSH(&to->v, &to->len, &to->cap) = *p;
        *p = (struct hf_problem){0};
    }
    hf_problems_release(found);
}

static int
lint_one(struct lint *l, const char *name, struct hf_err *err)
{
    struct hf_arena *arena = hf_arena_new();
    struct hf_problems found = {0};
    struct hf_err wrong = HF_ERR_INIT;
    struct hf_playbook pb;
    char blob[41];
    int rc;

    (void)snprintf(l->file, sizeof(l->file), "playbooks/%s.json", name);
    rc = hf_playbook_load(&pb, arena, l->repo, l->commit, name, blob, &found,
                          &wrong);
    if (rc == HF_OK) {
        rc = lint_hooks(l, &pb, err);
    } else if (rc == HF_EIO) {
        *err = wrong;
    } else { /* what it extends may be missing */
        if (!found.errors)
            hf_problem_add(l->problems, l->file, 0, 0, "", "%s", wrong.text)
                ->hint = wrong.hint[0] ? hf_xstrdup(wrong.hint) : NULL;
        rc = HF_OK;
    }
    take_own(l, &found);
    hf_arena_free(arena);
    return rc;
}

int
hf_playbook_lint(struct hf_repo *repo, const char *commit,
                 struct hf_problems *problems, struct hf_err *err)
{
    struct lint l = {repo, commit, problems, ""};
    struct hf_strs own = {0}, shipped = {0};
    size_t errors = problems->errors;
    int rc = hf_playbook_names(repo, commit, &own, &shipped, err);

    for (size_t i = 0; i < own.len && rc == HF_OK; i++)
        rc = lint_one(&l, own.v[i], err);
    hf_strs_release(&own);
    hf_strs_release(&shipped);
    if (rc == HF_OK && problems->errors > errors)
        rc = hf_fail(err, HF_EINVALID, "%zu problem%s in playbooks",
                     problems->errors - errors,
                     hf_plural(problems->errors - errors));
    return rc;
}
