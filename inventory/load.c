/* Loading a fleet: hotfleet.json, and the order of the parts. */
#include "inventory/load.h"

#include <pwd.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "backend/base/text.h"
#include "backend/model/break_glass.h"
#include "inventory/dirty.h"
#include "inventory/git.h"
#include "inventory/loader.h"

#define FLEET_FILE "hotfleet.json"

/* ---- reading ---- */

int
hf_loader_read(struct hf_loader *l, const char *path, const git_oid *id,
               struct hf_err *err)
{
    git_odb_object *object = NULL;
    git_object_t type = GIT_OBJECT_BLOB;
    size_t size;
    int rc;

    if ((rc = git_odb_read(&object, l->odb, id)) < 0) {
        hf_git_fail(err, rc, "cannot read '%s'", path);
        return err->code = HF_EIO;
    }
    size = git_odb_object_size(object);
    type = git_odb_object_type(object);
    hf_buf_clear(&l->text);
    if (size <= HF_JSON_MAX_BYTES)
        hf_buf_add(&l->text, git_odb_object_data(object), size);
    git_odb_object_free(object);
    if (type != GIT_OBJECT_BLOB)
        return hf_fail(err, HF_EIO, "cannot read '%s': its object is no file",
                       path);
    if (size <= HF_JSON_MAX_BYTES)
        return HF_OK;
    hf_problem_add(l->problems, path, 0, 0, "",
                   "is %zu bytes long, at most %u are allowed", size,
                   HF_JSON_MAX_BYTES);
    return HF_EINVALID;
}

void
hf_loader_problem(struct hf_loader *l, const char *path, const git_oid *id,
                  const char *json_path, const char *hint, const char *fmt, ...)
{
    struct hf_problem *problem;
    struct hf_err ignored = HF_ERR_INIT;
    size_t line = 0, column = 0;
    char text[1024];
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(text, sizeof(text), fmt, ap);
    va_end(ap);
    if (hf_loader_read(l, path, id, &ignored) == HF_OK)
        hf_json_locate(hf_buf_str(&l->text), l->text.len, json_path, 0, &line,
                       &column);
    problem =
        hf_problem_add(l->problems, path, line, column, json_path, "%s", text);
    problem->hint = hf_xstrdup(hint);
}

/* ---- hotfleet.json ---- */

static void
check_rings(struct hf_loader *l)
{
    const struct hf_ring *rings = l->doc.rings.v;
    char path[64];

    for (size_t i = 0; i < l->doc.rings.len; i++) {
        for (size_t j = 0; j < i; j++) {
            if (!rings[i].name || !rings[j].name ||
                hf_text_casecmp(rings[i].name, rings[j].name) != 0)
                continue;
            snprintf(path, sizeof(path), "$.rings[%zu].name", i);
            hf_decoder_problem(&l->decoder, path, "ring '%s' is listed twice",
                               rings[i].name);
            break;
        }
    }
}

static void
check_adhoc_rings(struct hf_loader *l)
{
    char path[64];

    for (size_t i = 0; l->doc.adhoc.rings && l->doc.adhoc.rings[i]; i++) {
        if (hf_fleet_ring(l->fleet, l->doc.adhoc.rings[i]))
            continue;
        snprintf(path, sizeof(path), "$.adhoc.rings[%zu]", i);
        hf_decoder_problem(&l->decoder, path, "ring '%s' is not in 'rings'",
                           l->doc.adhoc.rings[i]);
    }
}

static void
check_hook(struct hf_loader *l)
{
    git_tree_entry *entry = NULL;
    char path[256];

    if (!l->doc.change.hook)
        return;
    snprintf(path, sizeof(path), "hooks/%s", l->doc.change.hook);
    if (git_tree_entry_bypath(&entry, l->root, path) < 0)
        hf_decoder_problem(&l->decoder, "$.change.hook",
                           "there is no file '%s'", path);
    else if (git_tree_entry_filemode(entry) != GIT_FILEMODE_BLOB_EXECUTABLE)
        hf_decoder_problem(&l->decoder, "$.change.hook",
                           "'%s' is not executable", path);
    git_tree_entry_free(entry);
}

/* Records must never end up among the files that they are about. */
static void
check_ledger(struct hf_loader *l)
{
    const char *branch = l->fleet->branch;

    if (branch && l->doc.ledger.branch &&
        strcmp(branch, l->doc.ledger.branch) == 0)
        hf_decoder_problem(&l->decoder, "$.ledger.branch",
                           "'%s' is the branch of the inventory itself",
                           branch);
}

static void
fill_fleet(struct hf_fleet *fleet, const struct hf_fleet_doc *doc)
{
    fleet->name = doc->name;
    fleet->note = doc->note;
    fleet->simulated = doc->simulated;
    fleet->rings = doc->rings.v;
    fleet->rings_len = doc->rings.len;
    fleet->stale_after = doc->stale_after;
    fleet->parallel = doc->parallel;
    fleet->change = doc->change;
    fleet->adhoc = doc->adhoc;
    for (size_t i = 0; doc->break_glass && doc->break_glass[i]; i++)
        fleet->break_glass |= hf_glass_bit(doc->break_glass[i]);
    fleet->goal = doc->goal;
    fleet->costs = doc->costs;
    fleet->restarts = doc->restarts;
    fleet->ledger_branch = doc->ledger.branch;
    fleet->ledger_remote = doc->ledger.remote;
    fleet->ledger_sign = doc->ledger.sign;
}

static int
load_settings(struct hf_loader *l, struct hf_err *err)
{
    const git_tree_entry *entry = git_tree_entry_byname(l->root, FLEET_FILE);
    struct hf_login *login = &l->doc.defaults.login;
    struct passwd *self;
    int rc;

    if (!entry || git_tree_entry_type(entry) != GIT_OBJECT_BLOB) {
        hf_fail(err, HF_ENOTFOUND,
                "the commit %.10s of '%s' holds no " FLEET_FILE,
                l->fleet->commit, l->fleet->dir);
        return hf_hint(err, "is this the fleet? make one with: hotfleet init "
                            "DIR, or name it with -C DIR");
    }
    if ((rc = hf_loader_read(l, FLEET_FILE, git_tree_entry_id(entry), err)) < 0)
        return rc == HF_EINVALID ? HF_OK : rc;
    hf_decode(&l->decoder, &l->doc, &hf_object_fleet, FLEET_FILE,
              hf_buf_str(&l->text), l->text.len);
    fill_fleet(l->fleet, &l->doc);
    check_rings(l);
    check_adhoc_rings(l);
    check_hook(l);
    check_ledger(l);
    /* as ssh does: the account of whoever runs this */
    if (!login->user && (self = getpwuid(geteuid())) != NULL)
        login->user = hf_arena_strdup(l->fleet->arena, self->pw_name);
    return HF_OK;
}

/* ---- the whole ---- */

/* Where the fleet stands; costs one walk through the branch's history. */
static int
load_position(struct hf_loader *l, const char *commit, struct hf_err *err)
{
    struct hf_fleet *fleet = l->fleet;
    char head[41];
    int rc;

    fleet->dir = hf_arena_strdup(fleet->arena, hf_repo_dir(l->repo));
    fleet->branch = hf_arena_strdup(fleet->arena, hf_repo_branch(l->repo));
    fleet->bare = hf_repo_is_bare(l->repo);
    if ((rc = hf_repo_head(l->repo, head, err)) < 0)
        return rc;
    snprintf(fleet->commit, sizeof(fleet->commit), "%s",
             commit ? commit : head);
    rc = hf_repo_root_commit(l->repo, fleet->root_commit, err);
    if (rc < 0 && rc != HF_EUNSUPPORTED)
        return rc;
    return HF_OK;
}

/* hotfleet.json, hosts and the rest, while the work tree is compared. An
 * older commit is looked at, not worked on: never dirty. */
static int
load_parts(struct hf_loader *l, struct hf_err *err)
{
    struct hf_err dirty_err = HF_ERR_INIT;
    struct hf_dirty *dirty = NULL;
    char head[41];
    int rc, dirty_rc;

    if ((rc = hf_repo_head(l->repo, head, err)) < 0)
        return rc;
    if (strcmp(l->fleet->commit, head) == 0 && !l->fleet->bare &&
        !(l->cache && l->cache->committed))
        dirty = hf_dirty_start(l->fleet->dir);
    if ((rc = load_settings(l, err)) == HF_OK &&
        (rc = hf_load_hosts(l, err)) == HF_OK &&
        (rc = hf_load_catalogue(l, err)) == HF_OK &&
        (rc = hf_load_issues(l, err)) == HF_OK &&
        (rc = hf_load_blocks(l, err)) == HF_OK &&
        (rc = hf_load_exceptions(l, err)) == HF_OK &&
        (rc = hf_load_calendar(l, err)) == HF_OK &&
        (rc = hf_load_entitlements(l, err)) == HF_OK)
        rc = hf_load_others(l, err);
    if (l->cache && l->cache->dirty) {
        *l->cache->dirty = dirty;
        return rc;
    }
    if (!dirty)
        return rc;
    dirty_rc = hf_dirty_finish(dirty, &l->fleet->dirty, &dirty_err);
    if (rc == HF_OK && (rc = dirty_rc) < 0)
        *err = dirty_err;
    return rc;
}

static int
fail_problems(struct hf_err *err, const struct hf_problems *problems,
              size_t first, size_t errors)
{
    struct hf_buf line = {0};

    while (problems->v[first].warning)
        first++;
    hf_problem_format(&line, &problems->v[first]);
    if (errors > 1)
        hf_buf_printf(&line, ", and %zu more", errors - 1);
    hf_fail(err, HF_EINVALID, "%s", hf_buf_str(&line));
    hf_buf_release(&line);
    return hf_hint(err, "hotfleet lint lists all problems");
}

static int
load(struct hf_fleet **out, struct hf_repo *repo, const char *commit,
     const struct hf_load_cache *cache, struct hf_problems *problems,
     struct hf_err *err)
{
    struct hf_loader l = {.repo = repo, .cache = cache, .problems = problems};
    size_t first = problems->len, errors = problems->errors;
    int rc;

    *out = NULL;
    l.fleet = HF_NEW(struct hf_fleet);
    l.fleet->arena = hf_arena_new();
    l.decoder.arena = l.fleet->arena;
    l.decoder.problems = problems;
    if ((rc = git_repository_odb(&l.odb, hf_repo_git(repo))) < 0) {
        hf_git_fail(err, rc, "cannot read '%s'", hf_repo_path(repo));
        goto out;
    }
    if ((rc = load_position(&l, commit, err)) < 0 ||
        (rc = hf_git_tree(&l.root, repo, l.fleet->commit, err)) < 0 ||
        (rc = load_parts(&l, err)) < 0)
        goto out;
    *out = l.fleet;
    l.fleet = NULL;
    if (problems->errors > errors)
        rc = fail_problems(err, problems, first, problems->errors - errors);
out:
    hf_fleet_free(l.fleet);
    hf_decoder_release(&l.decoder);
    hf_buf_release(&l.text);
    git_tree_free(l.root);
    git_odb_free(l.odb);
    return rc;
}

int
hf_fleet_load_sound(struct hf_fleet **out, struct hf_repo *repo,
                    const char *commit, struct hf_problems *problems,
                    struct hf_err *err)
{
    return load(out, repo, commit, NULL, problems, err);
}

static int
drop_unsound(struct hf_fleet **out, int rc)
{
    if (rc < 0) {
        hf_fleet_free(*out);
        *out = NULL;
    }
    return rc;
}

int
hf_fleet_load(struct hf_fleet **out, struct hf_repo *repo, const char *commit,
              struct hf_problems *problems, struct hf_err *err)
{
    return drop_unsound(out, load(out, repo, commit, NULL, problems, err));
}

int
hf_fleet_load_cached(struct hf_fleet **out, struct hf_repo *repo,
                     const struct hf_load_cache *cache,
                     struct hf_problems *problems, struct hf_err *err)
{
    return drop_unsound(out, load(out, repo, NULL, cache, problems, err));
}
