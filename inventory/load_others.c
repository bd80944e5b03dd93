/*
 * Files that this version does not read: those of a known kind must be sound
 * JSON and are named, so that nobody relies on them by mistake.
 */
#include <string.h>

#include "backend/base/text.h"
#include "inventory/git.h"
#include "inventory/loader.h"

/* What may stand at the top of a fleet repository. */
enum use {
    USE_READ,   /* by this version */
    USE_LATER,  /* known, but not by this version */
    USE_PEOPLE, /* not for the program */
};

/* clang-format off */
static const struct known { const char *name; int folder; enum use use; }
known_names[] = {
    {"hotfleet.json", 0, USE_READ},
    {"hosts", 1, USE_READ},
    {"catalogue", 1, USE_READ},
    {"patches", 1, USE_READ},
    {"hooks", 1, USE_READ},
    {"calendar.json", 0, USE_READ},
    {"blocks", 1, USE_READ},
    {"exceptions", 1, USE_READ},
    {"known-issues", 1, USE_READ},
    {"entitlements", 1, USE_READ},
    {"playbooks", 1, USE_READ},
    {"allowed_signers", 0, USE_LATER},
    {"schemas", 1, USE_PEOPLE},
};
/* clang-format on */

static int
check_sound(void *ctx, const struct hf_tree_file *file, struct hf_err *err)
{
    struct hf_loader *l = ctx;
    int rc;

    if (file->name[0] == '.' || hf_has_prefix(file->name, "README"))
        return HF_OK;
    if (hf_has_suffix(file->name, ".json")) {
        if ((rc = hf_loader_read(l, file->path, file->id, err)) < 0)
            return rc == HF_EINVALID ? HF_OK : rc;
        if (hf_json_scan(hf_buf_str(&l->text), l->text.len, HF_JSON_MAX_DEPTH,
                         file->path, l->problems) < 0)
            return HF_OK;
    }
    hf_problem_warn(l->problems, file->path, 0, 0, "",
                    "is not used by this version of hotfleet");
    return HF_OK;
}

static int
load_known(struct hf_loader *l, const struct known *known,
           const git_tree_entry *entry, struct hf_err *err)
{
    const struct hf_tree_file file = {
        .path = known->name,
        .name = known->name,
        .id = git_tree_entry_id(entry),
    };

    if (known->use != USE_LATER)
        return HF_OK;
    if (known->folder)
        return hf_tree_walk(hf_repo_git(l->repo), l->root, known->name,
                            l->problems, check_sound, l, err);
    return check_sound(l, &file, err);
}

/* A name that nobody asked for: said when it is likely a slip. */
static void
note_unknown(struct hf_loader *l, const char *name, int folder)
{
    const char *names[HF_COUNT(known_names) + 1] = {0}, *near;
    struct hf_problem *warning;
    size_t n = 0;

    if (name[0] == '.')
        return;
    for (size_t i = 0; i < HF_COUNT(known_names); i++)
        if (known_names[i].folder == folder)
            names[n++] = known_names[i].name;
    near = hf_text_nearest(name, names);
    if (!near && (folder || !hf_has_suffix(name, ".json")))
        return;
    warning =
        hf_problem_warn(l->problems, name, 0, 0, "", "is not used by hotfleet");
    if (near)
        warning->hint = hf_xasprintf("did you mean '%s'?", near);
}

int
hf_load_others(struct hf_loader *l, struct hf_err *err)
{
    int rc = HF_OK;

    for (size_t i = 0; i < git_tree_entrycount(l->root) && rc >= 0; i++) {
        const git_tree_entry *entry = git_tree_entry_byindex(l->root, i);
        const char *name = git_tree_entry_name(entry);
        int folder = git_tree_entry_type(entry) == GIT_OBJECT_TREE;
        size_t k = 0;

        while (k < HF_COUNT(known_names) &&
               strcmp(known_names[k].name, name) != 0)
            k++;
        if (k < HF_COUNT(known_names))
            rc = load_known(l, &known_names[k], entry, err);
        else
            note_unknown(l, name, folder);
    }
    return rc;
}
