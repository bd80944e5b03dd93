/* Storing a livepatch module with its catalogue row, and reading it back. */
#include "inventory/patchstore.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/json.h"
#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "backend/base/time.h"
#include "inventory/catalogue_file.h"
#include "inventory/edit.h"
#include "inventory/formats.h"
#include "inventory/git.h"
#include "inventory/modinfo.h"
#include "inventory/retext.h"

/* ---- the module ---- */

static int
check_module(const struct hf_modinfo *info, const struct hf_patch_spec *spec,
             struct hf_err *err)
{
    if (!info->livepatch)
        return hf_fail(err, HF_EINVALID,
                       "the module '%s' is no livepatch (its modinfo lacks "
                       "livepatch=Y)",
                       info->name);
    if (!info->name[0] || hf_module_problem(info->name))
        return hf_fail(err, HF_EINVALID, "the module has no usable name ('%s')",
                       info->name);
    if (strcmp(info->kernel, spec->kernel) != 0) {
        hf_fail(err, HF_EINVALID,
                "the module is built for kernel '%s', not for '%s'",
                info->kernel, spec->kernel);
        return hf_hint(err, "build it against the headers of %s", spec->kernel);
    }
    return HF_OK;
}

/* ---- its row ---- */

static cJSON *
new_row(const struct hf_patch_added *a, const struct hf_patch_spec *spec)
{
    cJSON *row = cJSON_CreateObject(), *cves;

    hf_json_add_str(row, "kernel", spec->kernel);
    hf_json_add_str(row, "patch", a->name);
    hf_json_add_str(row, "version", a->version[0] ? a->version : NULL);
    hf_json_add_str(row, "sha256", a->sha256);
    hf_json_add_str(row, "file", a->path);
    hf_json_add_str(row, "replaces", spec->replaces);
    if (spec->cves && spec->cves[0]) {
        cves = hf_json_add_arr(row, "cves");
        for (size_t i = 0; spec->cves[i]; i++)
            hf_json_push_str(cves, spec->cves[i]);
    }
    hf_json_add_time(row, "released", hf_now() / 1000 * 1000);
    hf_json_add_str(row, "covered_until", spec->covered_until);
    hf_json_add_str(row, "note", spec->note);
    hf_json_add_str(row, "source", spec->source);
    return row;
}

/* A catalogue with this row alone; takes the row. */
static void
new_catalogue(struct hf_buf *text, const char *complete_until, cJSON *row)
{
    cJSON *doc = cJSON_CreateObject();
    char *printed;

    hf_json_add_str(doc, "product", "linux");
    hf_json_add_str(doc, "complete_until", complete_until);
    cJSON_AddItemToArray(hf_json_add_arr(doc, "releases"), row);
    printed = hf_json_print_pretty(doc);
    hf_buf_puts(text, printed);
    free(printed);
    cJSON_Delete(doc);
}

/* One more row in a catalogue that people may have written; takes the row. */
static int
append_row(struct hf_buf *text, const char *complete_until, cJSON *row,
           struct hf_err *err)
{
    char *printed = hf_json_print_pretty(row);
    char *month = hf_retext_quote(complete_until);
    int rc;

    printed[strlen(printed) - 1] = '\0'; /* its newline */
    if ((rc = hf_retext_append(text, "releases", printed, err)) == HF_OK)
        rc = hf_retext_set(text, "complete_until", month, err);
    free(month);
    free(printed);
    cJSON_Delete(row);
    return rc;
}

/* ---- the catalogue ---- */

static int
check_new(const struct hf_catalogue_file *c, const struct hf_patch_added *a,
          const char *kernel, struct hf_err *err)
{
    const struct hf_release *rows = c->doc.releases.v;

    for (size_t i = 0; i < c->doc.releases.len; i++) {
        if (strcmp(rows[i].kernel, kernel) != 0 ||
            strcmp(rows[i].patch, a->name) != 0)
            continue;
        hf_fail(err, HF_EEXISTS,
                "patch '%s' for kernel '%s' is already in "
                "'%s'",
                a->name, kernel, c->path);
        if (!rows[i].sha256 || strcmp(rows[i].sha256, a->sha256) != 0)
            hf_hint(err, "a changed module needs a name of its own");
        return err->code;
    }
    return HF_OK;
}

static void
choose_month(struct hf_patch_added *out, const struct hf_catalogue_file *c,
             const char *wanted)
{
    char now[HF_TIME_LEN];

    if (!wanted)
        wanted = c->doc.complete_until;
    if (!wanted)
        wanted = hf_time_format(now, hf_now());
    snprintf(out->complete_until, sizeof(out->complete_until), "%.7s", wanted);
}

/* ---- adding ---- */

static int
fill_edit(struct hf_edit *e, struct hf_catalogue_file *c, git_tree *root,
          const struct hf_patch_added *a, const struct hf_patch_spec *spec,
          struct hf_err *err)
{
    git_tree_entry *stored = NULL;
    struct hf_catalogue_doc doc;
    cJSON *row = new_row(a, spec);
    int rc = HF_OK;

    if (c->blob[0])
        rc = append_row(&c->text, a->complete_until, row, err);
    else
        new_catalogue(&c->text, a->complete_until, row);
    if (rc < 0 ||
        (rc = hf_catalogue_decode(c->arena, &doc, c->path, &c->text, err)) < 0)
        return rc;
    hf_edit_write(e, c->path, c->blob, hf_buf_str(&c->text), c->text.len);
    if (git_tree_entry_bypath(&stored, root, a->path) < 0)
        hf_edit_write(e, a->path, NULL, spec->module, spec->len);
    git_tree_entry_free(stored);
    hf_edit_say(e, "catalogue: add %s for kernel %s", a->name, spec->kernel);
    hf_edit_say(e, "%s", "");
    hf_edit_say(e, "SHA-256 %s", a->sha256);
    for (size_t i = 0; spec->cves && spec->cves[i]; i++)
        hf_edit_say(e, "closes %s", spec->cves[i]);
    return HF_OK;
}

static int
check_spec(struct hf_patch_added *out, const struct hf_patch_spec *spec,
           struct hf_err *err)
{
    struct hf_modinfo info;
    int rc;

    if (spec->len > HF_PATCH_MAX)
        return hf_fail(err, HF_ELIMIT, "the module is larger than %u MiB",
                       HF_PATCH_MAX >> 20);
    if ((rc = hf_modinfo_read(&info, spec->module, spec->len, err)) < 0 ||
        (rc = check_module(&info, spec, err)) < 0)
        return rc;
    hf_sha256_hex(out->sha256, spec->module, spec->len);
    snprintf(out->name, sizeof(out->name), "%s", info.name);
    snprintf(out->version, sizeof(out->version), "%s", info.version);
    snprintf(out->vermagic, sizeof(out->vermagic), "%s", info.vermagic);
    snprintf(out->path, sizeof(out->path), "patches/%s.ko", out->sha256);
    return HF_OK;
}

int
hf_patch_add(struct hf_patch_added *out, struct hf_repo *repo,
             const struct hf_patch_spec *spec, struct hf_err *err)
{
    struct hf_catalogue_file c = {0};
    struct hf_edit e = {0};
    git_tree *root = NULL;
    int rc;

    memset(out, 0, sizeof(*out));
    if ((rc = check_spec(out, spec, err)) < 0 ||
        (rc = hf_git_tree(&root, repo, NULL, err)) < 0 ||
        (rc = hf_catalogue_file_find(&c, repo, root, "linux", err)) < 0 ||
        (rc = check_new(&c, out, spec->kernel, err)) < 0)
        goto out;
    choose_month(out, &c, spec->complete_until);
    if ((rc = fill_edit(&e, &c, root, out, spec, err)) == HF_OK)
        rc = hf_edit_commit(repo, &e, out->commit, err);
out:
    hf_edit_release(&e);
    git_tree_free(root);
    hf_catalogue_file_release(&c);
    return rc;
}

/* ---- reading ---- */

int
hf_patch_read(struct hf_repo *repo, const char *commit, const char *sha256,
              struct hf_buf *out, struct hf_err *err)
{
    char path[96], found[HF_SHA256_HEX];
    size_t before = out->len;
    int rc;

    if (!hf_sha256_is_hex(sha256))
        return hf_fail(err, HF_EINVALID, "'%.80s' is no SHA-256", sha256);
    snprintf(path, sizeof(path), "patches/%s.ko", sha256);
    if ((rc = hf_repo_read(repo, commit, path, out, err)) < 0)
        return rc;
    hf_sha256_hex(found, hf_buf_str(out) + before, out->len - before);
    if (strcmp(found, sha256) == 0)
        return HF_OK;
    out->len = before;
    out->data[before] = '\0';
    hf_fail(err, HF_EIO, "'%s' holds something else: its SHA-256 is %s", path,
            found);
    return hf_hint(err, "do not use it; see who changed it: git log -- '%s'",
                   path);
}
