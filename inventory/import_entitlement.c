/*
 * Exports of Azure Arc and Windows Autopatch: what they say of each machine,
 * kept as entitlements/<source>.json. No host is added or changed by them.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/text.h"
#include "backend/base/time.h"
#include "backend/model/entitlement.h"
#include "inventory/csv.h"
#include "inventory/documents.h"
#include "inventory/feed.h"
#include "inventory/git.h"
#include "inventory/importer.h"

/* Where names and words stand unless --map says so. The Azure command line
 * prints members at the top, the service below "properties". Nothing is known
 * of Autopatch's own columns. */
/* clang-format off */
static const char *const default_names[] = {
    "name", "properties.displayName", "machine", NULL};
static const char *const default_words[] = {
    "osProfile.windowsConfiguration.patchSettings.status."
        "hotpatchEnablementStatus",
    "properties.osProfile.windowsConfiguration.patchSettings.status."
        "hotpatchEnablementStatus",
    "hotpatchEnablementStatus", "hotpatch", NULL};
/* clang-format on */

struct reading {
    struct hf_import *plan;
    const char *file;
    struct hf_arena *arena;
    const char *name_at[8], *word_at[8]; /* columns or members, in order */
    struct hf_pair *v;
    size_t len, cap;
};

/* ---- where to look ---- */

static void
take_defaults(const char **to, const char *const *from)
{
    size_t n = 0;

    while (to[n])
        n++;
    for (; *from && n < 7; from++)
        to[n++] = *from;
}

static int
take_map(struct reading *r, struct hf_err *err)
{
    for (const char *const *m = r->plan->map; m && *m; m++) {
        const char *equals = strrchr(*m, '=');
        const char **to = NULL;

        if (equals && strcmp(equals + 1, "name") == 0)
            to = r->name_at;
        else if (equals && strcmp(equals + 1, "hotpatch") == 0)
            to = r->word_at;
        if (!to || equals == *m) {
            (void)hf_fail(err, HF_EUSAGE, "'%s' is not COLUMN=KEY", *m);
            return hf_hint(err, "KEY is name or hotpatch");
        }
        to[0] = hf_arena_strndup(r->arena, *m, (size_t)(equals - *m));
    }
    take_defaults(r->name_at, default_names);
    take_defaults(r->word_at, default_words);
    return HF_OK;
}

/* ---- one machine ---- */

static void
warn(struct reading *r, size_t line, const char *what, const char *name)
{
    char *safe = hf_sanitised(name);

    hf_problem_warn(&r->plan->problems, r->file, line, line > 0, "", "%s: '%s'",
                    what, safe);
    free(safe);
}

static void
add_machine(struct reading *r, size_t line, const char *name, const char *word)
{
    char *safe;

    if (!name || !*name)
        return;
    if (hf_host_name_problem(name)) {
        warn(r, line, "is passed over, since no host can be called so", name);
        return;
    }
    safe = hf_sanitised(word && *word ? word : "Unknown");
    *HF_PUSH(&r->v, &r->len, &r->cap) = (struct hf_pair){
        hf_arena_strdup(r->arena, name), hf_arena_intern(r->arena, safe)};
    free(safe);
}

/* ---- JSON ---- */

/* "a.b.c" of an object: a text, or yes and no. */
static const char *
member_at(const cJSON *obj, const char *path)
{
    while (obj && *path) {
        size_t n = strcspn(path, ".");
        char key[128];

        snprintf(key, sizeof(key), "%.*s", (int)n, path);
        obj = hf_json_get(obj, key);
        path += n + (path[n] == '.');
    }
    if (cJSON_IsBool(obj))
        return cJSON_IsTrue(obj) ? "true" : "false";
    return obj ? cJSON_GetStringValue(obj) : NULL;
}

static const char *
first_member(const cJSON *obj, const char *const *paths)
{
    const char *found = NULL;

    for (; *paths && !found; paths++)
        found = member_at(obj, *paths);
    return found;
}

static int
read_json(struct reading *r, const char *text, size_t len, struct hf_err *err)
{
    cJSON *doc;
    const cJSON *list, *each;
    int rc;

    if ((rc = hf_feed_parse(&doc, r->file, text, len, err)) < 0)
        return rc;
    list = cJSON_IsArray(doc) ? doc : hf_json_get(doc, "value");
    if (!list)
        list = hf_json_get(doc, "data");
    if (!cJSON_IsArray(list)) {
        rc = hf_fail(err, HF_EINVALID,
                     "'%s' is no list of machines, nor has it one in 'value' "
                     "or 'data'",
                     r->file);
        list = NULL;
    }
    cJSON_ArrayForEach(each, list)
    {
        add_machine(r, 0, first_member(each, r->name_at),
                    first_member(each, r->word_at));
    }
    cJSON_Delete(doc);
    return rc;
}

/* ---- CSV ---- */

static size_t
find_column(const struct hf_strs *header, const char *const *names)
{
    for (; *names; names++)
        for (size_t i = 0; i < header->len; i++)
            if (hf_text_casecmp(header->v[i], *names) == 0)
                return i;
    return header->len;
}

static int
need_columns(const struct reading *r, const struct hf_strs *header, size_t name,
             size_t word, struct hf_err *err)
{
    if (name < header->len && word < header->len)
        return HF_OK;
    (void)hf_fail(err, HF_EINVALID, "'%s' has no column for the %s", r->file,
                  name < header->len ? "state of hotpatching"
                                     : "machine's name");
    return hf_hint(err, "name it: --map 'COLUMN=%s'",
                   name < header->len ? "hotpatch" : "name");
}

static int
read_csv(struct reading *r, const char *text, size_t len, struct hf_err *err)
{
    struct hf_strs header = {0}, cells = {0};
    struct hf_csv csv;
    size_t name, word;
    int rc;

    hf_csv_init(&csv, text, len);
    if (hf_csv_next(&csv, &header) <= 0) {
        rc = hf_fail(err, HF_EINVALID, "'%s' has no header line", r->file);
        goto out;
    }
    name = find_column(&header, r->name_at);
    word = find_column(&header, r->word_at);
    if ((rc = need_columns(r, &header, name, word, err)) < 0)
        goto out;
    while ((rc = hf_csv_next(&csv, &cells)) > 0)
        add_machine(r, csv.line, name < cells.len ? cells.v[name] : NULL,
                    word < cells.len ? cells.v[word] : NULL);
    if (rc < 0)
        rc = hf_fail(err, HF_EINVALID, "'%s', line %zu: a quote is not closed",
                     r->file, csv.line);
out:
    hf_strs_release(&header);
    hf_strs_release(&cells);
    return rc;
}

/* ---- the plan ---- */

static void
sort_machines(struct reading *r)
{
    size_t n = 0;

    if (r->len)
        qsort(r->v, r->len, sizeof(*r->v), hf_entitlement_compare);
    for (size_t i = 0; i < r->len; i++) {
        if (n && hf_text_casecmp(r->v[n - 1].key, r->v[i].key) == 0)
            warn(r, 0, "is there twice; the first counts", r->v[i].key);
        else
            r->v[n++] = r->v[i];
    }
    r->len = n;
}

static const struct hf_entitlements *
known_of(const struct hf_fleet *fleet, const char *source)
{
    for (size_t i = 0; i < fleet->entitlements_len; i++)
        if (strcmp(fleet->entitlements[i].source, source) == 0)
            return &fleet->entitlements[i];
    return NULL;
}

/* Both lists are sorted: one walk tells what came, went and changed. */
static void
compare(struct hf_import *plan, const struct hf_pairs *old,
        const struct hf_pairs *now)
{
    size_t i = 0, j = 0;

    while (i < old->len || j < now->len) {
        int order = i == old->len ? 1
                    : j == now->len
                        ? -1
                        : hf_text_casecmp(old->v[i].key, now->v[j].key);

        if (order < 0)
            hf_strs_add(&plan->gone, old->v[i].key);
        else if (order > 0)
            hf_strs_addf(&plan->added, "%s: %s", now->v[j].key,
                         now->v[j].value);
        else if (strcmp(old->v[i].value, now->v[j].value) != 0)
            hf_strs_addf(&plan->changed, "%s: %s, was %s", now->v[j].key,
                         now->v[j].value, old->v[i].value);
        else
            hf_strs_add(&plan->unchanged, now->v[j].key);
        i += order <= 0;
        j += order >= 0;
    }
}

static void
compare_fleet(struct hf_import *plan, const struct hf_fleet *fleet,
              const struct hf_pairs *now)
{
    const struct hf_entitlements e = {.hosts = *now};
    char *seen = hf_xcalloc(now->len + 1, 1);

    for (size_t i = 0; i < fleet->hosts_len; i++) {
        const char *name = fleet->hosts[i].name;
        const struct hf_pair *found = hf_entitlement_find(&e, name);

        if (found)
            seen[found - now->v] = 1;
        else
            hf_strs_add(&plan->missing, name);
    }
    for (size_t i = 0; i < now->len; i++)
        if (!seen[i])
            hf_strs_add(&plan->strangers, now->v[i].key);
    free(seen);
}

static void
write_file(struct hf_import *plan, const struct hf_entitlements *known,
           const char *blob, const char *source, const struct hf_pairs *now)
{
    cJSON *doc = cJSON_CreateObject(), *hosts;
    char day[HF_TIME_LEN], path[64], *text;

    snprintf(path, sizeof(path), "entitlements/%s.json", source);
    hf_time_format(day, plan->taken);
    day[strlen("2026-11-23")] = '\0';
    hf_json_add_str(doc, "source", source);
    hf_json_add_str(doc, "taken", day);
    hf_json_add_str(doc, "note", known ? known->note : NULL);
    hosts = hf_json_add_obj(doc, "hosts");
    for (size_t i = 0; i < now->len; i++)
        cJSON_AddItemToObject(hosts, now->v[i].key,
                              cJSON_CreateString(now->v[i].value));
    text = hf_json_print_pretty(doc);
    hf_edit_write(&plan->edit, known ? known->path : path, blob, text,
                  strlen(text));
    free(text);
    cJSON_Delete(doc);
    hf_edit_say(&plan->edit, "import what %s says of %zu machine%s", source,
                now->len, hf_plural(now->len));
    hf_edit_say(&plan->edit, "%s", "");
    hf_edit_say(&plan->edit, "as of %s: %zu added, %zu gone, %zu changed", day,
                plan->added.len, plan->gone.len, plan->changed.len);
}

/* The blob of the file that is to be replaced; empty: there is none. */
static int
find_blob(char blob[41], struct hf_repo *repo, const struct hf_fleet *fleet,
          const struct hf_entitlements *known, struct hf_err *err)
{
    git_tree_entry *entry = NULL;
    git_tree *root = NULL;
    int rc;

    blob[0] = '\0';
    if (!known)
        return HF_OK;
    if ((rc = hf_git_tree(&root, repo, fleet->commit, err)) < 0)
        return rc;
    if ((rc = git_tree_entry_bypath(&entry, root, known->path)) < 0)
        rc = hf_git_fail(err, rc, "cannot read '%s'", known->path);
    else
        hf_git_hex(blob, git_tree_entry_id(entry));
    git_tree_entry_free(entry);
    git_tree_free(root);
    return rc;
}

static int
is_json(const char *text, size_t len)
{
    size_t at = 0;

    while (at < len && (isspace((unsigned char)text[at]) || text[at] < 0))
        at++;
    return at < len && (text[at] == '[' || text[at] == '{' || text[at] == '<');
}

int
hf_import_entitlement(struct hf_import *plan, const char *source,
                      struct hf_repo *repo, const struct hf_fleet *fleet,
                      const char *file, const char *text, size_t len,
                      struct hf_err *err)
{
    struct reading r = {.plan = plan, .file = file};
    const struct hf_entitlements *known = known_of(fleet, source);
    static const struct hf_pairs none = {0};
    struct hf_pairs now;
    char blob[41];
    int rc;

    r.arena = hf_arena_new();
    if ((rc = take_map(&r, err)) < 0 ||
        (rc = is_json(text, len) ? read_json(&r, text, len, err)
                                 : read_csv(&r, text, len, err)) < 0 ||
        (rc = find_blob(blob, repo, fleet, known, err)) < 0)
        goto out;
    if (!r.len) {
        rc = hf_fail(err, HF_EINVALID, "'%s' names no machine", file);
        goto out;
    }
    sort_machines(&r);
    now = (struct hf_pairs){r.v, r.len};
    if (!plan->taken)
        plan->taken = hf_now();
    compare(plan, known ? &known->hosts : &none, &now);
    compare_fleet(plan, fleet, &now);
    if (!known || plan->taken / 86400000 != known->taken / 86400000 ||
        plan->added.len + plan->gone.len + plan->changed.len)
        write_file(plan, known, blob, source, &now);
out:
    free(r.v);
    hf_arena_free(r.arena);
    return rc;
}
