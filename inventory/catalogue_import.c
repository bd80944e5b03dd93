/* Files of others -> draft -> what is to be written. */
#include "inventory/catalogue_import.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/text.h"
#include "inventory/catalogue.h"
#include "inventory/catalogue_draft.h"
#include "inventory/catalogue_file.h"
#include "inventory/git.h"

#define FILES_MAX 240 /* twenty years of months */

struct import {
    struct hf_catalogue_plan *plan;
    struct hf_repo *repo;
    git_tree *root;
    struct hf_draft draft;
    struct hf_cvrf docs[FILES_MAX];
    const char *names[FILES_MAX]; /* beside docs */
    size_t order[FILES_MAX];
    size_t docs_len;
};

void
hf_catalogue_plan_release(struct hf_catalogue_plan *plan)
{
    hf_strs_release(&plan->added);
    hf_strs_release(&plan->changed);
    hf_strs_release(&plan->complete);
    hf_problems_release(&plan->problems);
    hf_edit_release(&plan->edit);
}

/* ---- reading ---- */

/* One of our own files by its table; what is wrong is the error. */
static int
decode(struct hf_draft *draft, const struct hf_feed *file,
       const struct hf_object *object, void *doc, struct hf_err *err)
{
    struct hf_problems problems = {0};
    struct hf_decoder decoder = {.arena = draft->arena, .problems = &problems};
    struct hf_buf line = {0};
    char *text = hf_arena_strndup(draft->arena, file->text, file->len);
    int rc = HF_OK;

    if (hf_decode(&decoder, doc, object, file->name, text, file->len) < 0) {
        hf_problem_format(&line, &problems.v[0]);
        rc = hf_fail(err, HF_EINVALID, "%s", hf_buf_str(&line));
    }
    hf_buf_release(&line);
    hf_decoder_release(&decoder);
    hf_problems_release(&problems);
    return rc;
}

static int
take_catalogue(struct import *im, const struct hf_feed *file,
               struct hf_err *err)
{
    struct hf_catalogue_doc doc;
    int rc = decode(&im->draft, file, &hf_object_catalogue, &doc, err);

    if (rc == HF_OK)
        hf_draft_take_catalogue(&im->draft, &doc, file->name,
                                &im->plan->problems);
    return rc;
}

static int
take_cves(struct import *im, const struct hf_feed *file, struct hf_err *err)
{
    struct hf_cves_doc doc;
    const struct hf_cve *cves;
    int rc = decode(&im->draft, file, &hf_object_cves, &doc, err);

    cves = rc == HF_OK ? doc.cves.v : NULL;
    for (size_t i = 0; cves && i < doc.cves.len; i++)
        hf_draft_learn_cve(&im->draft, &cves[i]);
    return rc;
}

/* What kind of file it is shows in its members. */
static int
take_file(struct import *im, const struct hf_feed *file, struct hf_err *err)
{
    cJSON *doc;
    int rc;

    if ((rc = hf_feed_parse(&doc, file->name, file->text, file->len, err)) < 0)
        return rc;
    if (hf_json_get(doc, "releases")) {
        rc = take_catalogue(im, file, err);
    } else if (hf_json_get(doc, "cves")) {
        rc = take_cves(im, file, err);
    } else {
        im->names[im->docs_len] = file->name;
        rc = hf_cvrf_read(&im->docs[im->docs_len++], file->name, doc,
                          &im->plan->problems, err);
    }
    cJSON_Delete(doc);
    return rc;
}

/* Older months first: a later document repeats their updates. */
static void
take_months(struct import *im)
{
    for (size_t i = 0; i < im->docs_len; i++) {
        size_t at = i;

        for (; at > 0 &&
               strcmp(im->docs[im->order[at - 1]].month, im->docs[i].month) > 0;
             at--)
            im->order[at] = im->order[at - 1];
        im->order[at] = i;
    }
    for (size_t i = 0; i < im->docs_len; i++)
        hf_draft_take_month(&im->draft, &im->docs[im->order[i]],
                            im->names[im->order[i]], &im->plan->problems);
}

/* ---- as JSON ---- */

static void
put_words(cJSON *obj, const char *key, const struct hf_words *words)
{
    cJSON *arr;

    if (!words->len)
        return;
    cJSON_DeleteItemFromObjectCaseSensitive(obj, key);
    arr = hf_json_add_arr(obj, key);
    for (size_t i = 0; i < words->len; i++)
        hf_json_push_str(arr, words->v[i]);
}

static void
put_learned(cJSON *obj, const struct hf_draft_row *row)
{
    put_words(obj, "supersedes", &row->supersedes);
    put_words(obj, "cves", &row->cves);
    if (row->r.known_issues) {
        cJSON_DeleteItemFromObjectCaseSensitive(obj, "known_issues");
        hf_json_add_bool(obj, "known_issues", 1);
    }
}

static cJSON *
new_row(const struct hf_draft_row *row)
{
    const struct hf_release *r = &row->r;
    cJSON *obj = cJSON_CreateObject();

    hf_json_add_str(obj, "kernel", r->kernel);
    hf_json_add_str(obj, "patch", r->patch);
    hf_json_add_str(obj, "version", r->version);
    hf_json_add_str(obj, "sha256", r->sha256);
    hf_json_add_str(obj, "file", r->file);
    hf_json_add_str(obj, "replaces", r->replaces);
    hf_json_add_str(obj, "month", r->month);
    if (!r->kernel)
        hf_json_add_str(obj, "type", hf_release_type_names[r->type]);
    if (r->type == HF_RELEASE_OOB && r->line)
        hf_json_add_str(obj, "line", hf_release_line_names[r->line]);
    hf_json_add_str(obj, "kb", r->kb);
    hf_json_add_str(obj, "build", r->build);
    hf_json_add_time(obj, "released", r->released);
    hf_json_add_time(obj, "covered_until", r->covered_until);
    put_learned(obj, row);
    hf_json_add_str(obj, "incident", r->incident);
    hf_json_add_str(obj, "note", r->note);
    hf_json_add_str(obj, "source", r->source);
    hf_json_add_str(obj, "certainty", r->certainty);
    return obj;
}

static int
says(const cJSON *obj, const char *key, const char *value)
{
    const char *found = hf_json_str(obj, key);

    return value ? found && strcmp(found, value) == 0 : !found;
}

/* The row's object in the fleet's own file, or NULL. */
static cJSON *
find_row(const cJSON *releases, const struct hf_release *r)
{
    cJSON *obj;

    cJSON_ArrayForEach(obj, releases)
    {
        if (says(obj, "kb", r->kb) && says(obj, "build", r->build) &&
            says(obj, "kernel", r->kernel) && says(obj, "patch", r->patch))
            return obj;
    }
    return NULL;
}

static void
note_row(struct hf_strs *list, const struct hf_draft_row *row)
{
    struct hf_buf name = {0};

    hf_draft_name(&name, &row->r);
    hf_strs_addf(list, "%s, %zu CVE%s", hf_buf_str(&name), row->cves.len,
                 row->cves.len == 1 ? "" : "s");
    hf_buf_release(&name);
}

static size_t
put_rows(struct import *im, cJSON *releases, const char *product)
{
    size_t n = 0;

    for (size_t i = 0; i < im->draft.rows_len; i++) {
        const struct hf_draft_row *row = im->draft.rows[i];
        cJSON *obj;

        if ((!row->added && !row->changed) ||
            strcmp(row->r.product, product) != 0)
            continue;
        note_row(row->added ? &im->plan->added : &im->plan->changed, row);
        n++;
        if ((obj = find_row(releases, &row->r)))
            put_learned(obj, row);
        else
            cJSON_AddItemToArray(releases, new_row(row));
    }
    return n;
}

/* ---- writing ---- */

static void
write_json(struct hf_edit *e, const char *path, const char *blob,
           const cJSON *doc, struct hf_buf *text)
{
    char *printed = hf_json_print_pretty(doc);

    hf_buf_clear(text);
    hf_buf_puts(text, printed);
    hf_edit_write(e, path, blob, printed, strlen(printed));
    free(printed);
}

static cJSON *
list_of(cJSON *doc, const char *key)
{
    cJSON *list = cJSON_GetObjectItemCaseSensitive(doc, key);

    return list ? list : hf_json_add_arr(doc, key);
}

static int
open_json(cJSON **out, const char *path, const struct hf_buf *text,
          struct hf_err *err)
{
    *out = NULL;
    if (hf_json_parse(out, hf_buf_str(text), text->len, err) < 0)
        return hf_wrap(err, "'%s'", path);
    return HF_OK;
}

static void
put_complete(struct import *im, cJSON *doc, const struct hf_draft_product *p)
{
    if (!p->changed)
        return;
    cJSON_DeleteItemFromObjectCaseSensitive(doc, "complete_until");
    hf_json_add_str(doc, "complete_until", p->complete_until);
    hf_strs_addf(&im->plan->complete, "%s: complete until %s", p->id,
                 p->complete_until);
}

/* What is written must be a catalogue, or nothing is. */
static int
plan_product(struct import *im, const struct hf_draft_product *p,
             struct hf_err *err)
{
    struct hf_catalogue_file file = {0};
    struct hf_catalogue_doc written;
    cJSON *doc = NULL;
    size_t rows;
    int rc;

    if ((rc = hf_catalogue_file_find(&file, im->repo, im->root, p->id, err)) <
        0)
        goto out;
    if (!file.blob[0])
        hf_json_add_str(doc = cJSON_CreateObject(), "product", p->id);
    else if ((rc = open_json(&doc, file.path, &file.text, err)) < 0)
        goto out;
    put_complete(im, doc, p);
    rows = put_rows(im, list_of(doc, "releases"), p->id);
    if (!rows && !p->changed)
        goto out;
    write_json(&im->plan->edit, file.path, file.blob, doc, &file.text);
    rc = hf_catalogue_decode(file.arena, &written, file.path, &file.text, err);
out:
    cJSON_Delete(doc);
    hf_catalogue_file_release(&file);
    return rc;
}

static cJSON *
cve_json(const struct hf_cve *cve, cJSON *obj)
{
    static const char *const keys[] = {"severity", "score", "exploited",
                                       "disclosed"};

    for (size_t i = 0; i < HF_COUNT(keys); i++)
        cJSON_DeleteItemFromObjectCaseSensitive(obj, keys[i]);
    if (cve->severity)
        hf_json_add_str(obj, "severity", hf_severity_names[cve->severity]);
    hf_json_add_str(obj, "score", cve->score);
    if (cve->exploited)
        hf_json_add_bool(obj, "exploited", 1);
    if (cve->disclosed)
        hf_json_add_bool(obj, "disclosed", 1);
    return obj;
}

static void
put_cves(struct import *im, cJSON *list)
{
    cJSON *obj, *next = list->child;

    for (size_t i = 0; i < im->draft.cves_len; i++) {
        const struct hf_draft_cve *cve = &im->draft.cves[i];

        if (cve->added) {
            hf_json_add_str(obj = cJSON_CreateObject(), "id", cve->c.id);
            cJSON_AddItemToArray(list, cve_json(&cve->c, obj));
            im->plan->cves_added++;
            continue;
        }
        if (!cve->changed)
            continue;
        for (obj = next; obj && !says(obj, "id", cve->c.id);)
            obj = obj->next;
        if (obj)
            (void)cve_json(&cve->c, obj);
        im->plan->cves_changed++;
    }
}

static int
plan_cves(struct import *im, struct hf_err *err)
{
    git_tree_entry *entry = NULL;
    struct hf_buf text = {0};
    char blob[41] = "";
    cJSON *doc = NULL;
    int rc = HF_OK;

    if (git_tree_entry_bypath(&entry, im->root, HF_CVES_FILE) < 0) {
        doc = cJSON_CreateObject();
    } else {
        hf_git_hex(blob, git_tree_entry_id(entry));
        if ((rc = hf_git_read_blob(&text, im->repo, git_tree_entry_id(entry),
                                   HF_CVES_FILE, err)) < 0 ||
            (rc = open_json(&doc, HF_CVES_FILE, &text, err)) < 0)
            goto out;
    }
    put_cves(im, list_of(doc, "cves"));
    if (im->plan->cves_added || im->plan->cves_changed)
        write_json(&im->plan->edit, HF_CVES_FILE, blob, doc, &text);
out:
    git_tree_entry_free(entry);
    cJSON_Delete(doc);
    hf_buf_release(&text);
    return rc;
}

static void
say_plan(struct import *im, const struct hf_feed *files, size_t n)
{
    struct hf_edit *e = &im->plan->edit;

    if (n == 1)
        hf_edit_say(e, "catalogue: import %s", files[0].name);
    else
        hf_edit_say(e, "catalogue: import %zu files", n);
    hf_edit_say(e, "%s", "");
    hf_edit_say(e, "%zu release%s added, %zu extended; %zu CVE%s added",
                im->plan->added.len, hf_plural(im->plan->added.len),
                im->plan->changed.len, im->plan->cves_added,
                hf_plural(im->plan->cves_added));
    for (size_t i = 0; i < im->plan->complete.len; i++)
        hf_edit_say(e, "%s", im->plan->complete.v[i]);
    for (size_t i = 0; n > 1 && i < n; i++)
        hf_edit_say(e, "from %s", files[i].name);
}

static int
plan_all(struct import *im, struct hf_err *err)
{
    int rc = HF_OK;

    for (size_t i = 0; i < im->draft.products_len && rc == HF_OK; i++)
        rc = plan_product(im, &im->draft.products[i], err);
    return rc < 0 ? rc : plan_cves(im, err);
}

static void
release(struct import *im)
{
    for (size_t i = 0; i < im->docs_len; i++)
        hf_cvrf_release(&im->docs[i]);
    hf_draft_release(&im->draft);
    git_tree_free(im->root);
    free(im);
}

int
hf_catalogue_import_read(struct hf_catalogue_plan *plan, struct hf_repo *repo,
                         const struct hf_fleet *fleet,
                         const struct hf_feed *files, size_t n,
                         struct hf_err *err)
{
    struct import *im = HF_NEW(struct import);
    int rc = HF_OK;

    im->plan = plan;
    im->repo = repo;
    hf_draft_open(&im->draft, fleet->catalogue);
    if (n > FILES_MAX)
        rc = hf_fail(err, HF_ELIMIT, "%zu files: at most %d at once", n,
                     FILES_MAX);
    for (size_t i = 0; i < n && rc == HF_OK; i++)
        rc = take_file(im, &files[i], err);
    if (rc < 0 || (rc = hf_git_tree(&im->root, repo, fleet->commit, err)) < 0)
        goto out;
    take_months(im);
    if ((rc = plan_all(im, err)) == HF_OK)
        say_plan(im, files, n);
out:
    if (rc < 0)
        hf_edit_release(&plan->edit);
    release(im);
    return rc;
}

int
hf_catalogue_import_commit(struct hf_repo *repo,
                           const struct hf_catalogue_plan *plan,
                           char commit[41], struct hf_err *err)
{
    commit[0] = '\0';
    return plan->edit.len ? hf_edit_commit(repo, &plan->edit, commit, err)
                          : HF_OK;
}
