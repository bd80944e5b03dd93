/* One host of a source as an edit: a new file, or changed keys of a known
 * one. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/sha256.h"
#include "backend/base/text.h"
#include "inventory/hostedit.h"
#include "inventory/importer.h"
#include "inventory/retext.h"

#define FILE_NAME_MAX 200

/* ---- texts of values ---- */

static void
add_list(struct hf_buf *out, const struct hf_strs *list)
{
    for (size_t i = 0; i < list->len; i++) {
        char *quoted = hf_retext_quote(list->v[i]);

        hf_buf_printf(out, "%s%s", i ? ", " : "[", quoted);
        free(quoted);
    }
    hf_buf_putc(out, ']');
}

static void
add_pairs(struct hf_buf *out, const struct hf_strs *pairs)
{
    for (size_t i = 0; i + 1 < pairs->len; i += 2) {
        char *key = hf_retext_quote(pairs->v[i]);
        char *value = hf_retext_quote(pairs->v[i + 1]);

        hf_buf_printf(out, "%s%s: %s", i ? ", " : "{", key, value);
        free(key);
        free(value);
    }
    hf_buf_putc(out, '}');
}

static char *
field_value(const struct hf_import_host *host, enum hf_import_field field)
{
    int64_t port;

    if (field == HF_IMPORT_PORT &&
        hf_parse_int(&port, host->v[field], 0, INT32_MAX) == 0)
        return hf_xasprintf("%d", (int)port);
    return hf_retext_quote(host->v[field]);
}

/* ---- new hosts ---- */

static void
add_member(struct hf_buf *out, const char *key, const char *value)
{
    hf_buf_printf(out, "%s\n  \"%s\": %s", out->len > 1 ? "," : "", key, value);
}

static void
add_lists(struct hf_buf *out, const struct hf_import_host *host)
{
    struct hf_buf value = {0};

    if (host->tags.len) {
        add_list(&value, &host->tags);
        add_member(out, "tags", hf_buf_str(&value));
        hf_buf_clear(&value);
    }
    if (host->domains.len) {
        add_pairs(&value, &host->domains);
        add_member(out, "domains", hf_buf_str(&value));
        hf_buf_clear(&value);
    }
    if (host->attributes.len) {
        add_pairs(&value, &host->attributes);
        add_member(out, "attributes", hf_buf_str(&value));
    }
    hf_buf_release(&value);
}

static void
new_text(struct hf_buf *out, const struct hf_import_host *host)
{
    char *value;

    hf_buf_putc(out, '{');
    for (int f = 0; f < HF_IMPORT_FIELD_COUNT; f++) {
        if (!host->v[f])
            continue;
        value = field_value(host, (enum hf_import_field)f);
        add_member(out, hf_import_keys[f], value);
        free(value);
    }
    add_lists(out, host);
    hf_buf_puts(out, "\n}\n");
}

void
hf_import_folder(struct hf_buf *out, const struct hf_import_host *host)
{
    const char *ring = host->v[HF_IMPORT_RING], *site = host->v[HF_IMPORT_SITE];

    hf_buf_puts(out, "hosts/");
    hf_percent_encode(out, ring ? ring : "unassigned",
                      strlen(ring ? ring : "unassigned"), "");
    if (site) {
        hf_buf_putc(out, '/');
        hf_percent_encode(out, site, strlen(site), "");
    }
    hf_buf_putc(out, '/');
}

/* A file of its own for the host; a name that is too long for a file system
 * is cut and told apart by its hash. */
static void
new_path(struct hf_buf *out, struct hf_importer *im,
         const struct hf_import_host *host, int split)
{
    const char *name = host->v[HF_IMPORT_NAME];
    struct hf_err ignored = HF_ERR_INIT;
    char hash[HF_SHA256_HEX], blob[41];
    size_t start;

    hf_sha256_hex(hash, name, strlen(name));
    hf_import_folder(out, host);
    if (split)
        hf_buf_printf(out, "%.2s/", hash);
    start = out->len;
    hf_percent_encode(out, name, strlen(name), "");
    if (out->len - start > FILE_NAME_MAX) {
        out->len = start + FILE_NAME_MAX;
        hf_buf_printf(out, "~%.12s", hash);
    }
    start = out->len;
    hf_buf_puts(out, ".json");
    /* another host's file may be called so */
    if (hf_repo_blob(im->repo, im->fleet->commit, hf_buf_str(out), blob,
                     &ignored) == HF_OK) {
        out->len = start;
        hf_buf_printf(out, "~%.12s.json", hash);
    }
}

void
hf_import_new(struct hf_importer *im, struct hf_import_host *host, int split)
{
    struct hf_import *plan = im->plan;
    struct hf_buf text = {0}, path = {0};
    struct hf_err err = HF_ERR_INIT;

    if (!host->v[HF_IMPORT_ADDRESS])
        host->v[HF_IMPORT_ADDRESS] = host->v[HF_IMPORT_NAME];
    new_text(&text, host);
    if (hf_hostedit_check(NULL, &text, &err) < 0) {
        hf_importer_refuse(im, host, "%s", err.text);
    } else {
        new_path(&path, im, host, split);
        hf_edit_write(&plan->edit, hf_buf_str(&path), NULL, hf_buf_str(&text),
                      text.len);
        hf_strs_add(&plan->added, host->v[HF_IMPORT_NAME]);
    }
    hf_buf_release(&text);
    hf_buf_release(&path);
}

/* ---- known hosts ---- */

/* What the fleet says now, as the same text that the source would use. */
static const char *
known_value(const struct hf_host *host, enum hf_import_field field,
            char port[16])
{
    snprintf(port, 16, "%d", host->port);
    /* clang-format off */
    const char *const values[HF_IMPORT_FIELD_COUNT] = {
        [HF_IMPORT_NAME] = host->name, [HF_IMPORT_ADDRESS] = host->address,
        [HF_IMPORT_PORT] = port, [HF_IMPORT_USER] = host->act.user,
        [HF_IMPORT_IDENTITY] = host->act.identity,
        [HF_IMPORT_HOSTKEY] = host->hostkey,
        [HF_IMPORT_PLATFORM] = host->platform,
        [HF_IMPORT_PRODUCT] = host->product, [HF_IMPORT_RING] = host->ring,
        [HF_IMPORT_SITE] = host->site, [HF_IMPORT_TIMEZONE] = host->timezone,
        [HF_IMPORT_JUMP] = host->jump, [HF_IMPORT_NOTE] = host->note,
    };
    /* clang-format on */
    return values[field];
}

/* The host's own tags, and then those of the source; 0: nothing new. */
static int
merge_tags(struct hf_strs *out, const struct hf_host *known,
           const struct hf_import_host *host)
{
    size_t before;

    for (size_t i = 0; known->tags[i]; i++)
        hf_strs_add(out, known->tags[i]);
    before = out->len;
    for (size_t i = 0; i < host->tags.len; i++)
        if (!hf_strs_has(out, host->tags.v[i]))
            hf_strs_add(out, host->tags.v[i]);
    return out->len > before;
}

static int
merge_pairs(struct hf_strs *out, const struct hf_pairs *known,
            const struct hf_strs *pairs)
{
    int changed = 0;
    const char *value;

    for (size_t i = 0; i + 1 < pairs->len; i += 2) {
        value = hf_pairs_get(known, pairs->v[i]);
        changed |= !value || strcmp(value, pairs->v[i + 1]) != 0;
        hf_strs_add(out, pairs->v[i]);
        hf_strs_add(out, pairs->v[i + 1]);
    }
    for (size_t i = 0; i < known->len; i++)
        if (!hf_strs_has(out, known->v[i].key)) {
            hf_strs_add(out, known->v[i].key);
            hf_strs_add(out, known->v[i].value);
        }
    return changed;
}

/* The keys of one known host that differ, and their new values. */
struct changes {
    struct hf_strs keys, values;
};

static void
add_change(struct changes *c, const char *key, char *value)
{
    hf_strs_add(&c->keys, key);
    hf_strs_add(&c->values, value);
    free(value);
}

static void
compare_lists(struct changes *c, const struct hf_host *known,
              const struct hf_import_host *host)
{
    struct hf_strs merged = {0};
    struct hf_buf value = {0};

    if (merge_tags(&merged, known, host)) {
        add_list(&value, &merged);
        add_change(c, "tags", hf_buf_take(&value));
    }
    hf_strs_release(&merged);
    if (merge_pairs(&merged, &known->domains, &host->domains)) {
        add_pairs(&value, &merged);
        add_change(c, "domains", hf_buf_take(&value));
    }
    hf_strs_release(&merged);
    if (merge_pairs(&merged, &known->attributes, &host->attributes)) {
        add_pairs(&value, &merged);
        add_change(c, "attributes", hf_buf_take(&value));
    }
    hf_strs_release(&merged);
}

static void
compare_fields(struct changes *c, const struct hf_host *known,
               const struct hf_import_host *host)
{
    char port[16];

    for (int f = HF_IMPORT_ADDRESS; f < HF_IMPORT_FIELD_COUNT; f++) {
        enum hf_import_field field = (enum hf_import_field)f;
        const char *now = known_value(known, field, port);

        if (host->v[f] && (!now || strcmp(now, host->v[f]) != 0))
            add_change(c, hf_import_keys[f], field_value(host, field));
    }
}

void
hf_import_known(struct hf_importer *im, struct hf_import_host *host,
                const struct hf_host *known)
{
    struct hf_import *plan = im->plan;
    struct changes c = {0};
    struct hf_buf keys = {0};
    struct hf_err err = HF_ERR_INIT;
    size_t before = plan->edit.len;

    compare_fields(&c, known, host);
    compare_lists(&c, known, host);
    if (hf_hostedit_set_all(&plan->edit, im->repo, known, &c.keys, &c.values,
                            &err) < 0) {
        hf_importer_refuse(im, host, "%s", err.text);
    } else if (plan->edit.len == before) {
        hf_strs_add(&plan->unchanged, known->name);
    } else {
        for (size_t i = 0; i < c.keys.len; i++)
            hf_buf_printf(&keys, "%s%s", i ? ", " : "", c.keys.v[i]);
        hf_strs_addf(&plan->changed, "%s: %s", known->name, hf_buf_str(&keys));
    }
    hf_buf_release(&keys);
    hf_strs_release(&c.keys);
    hf_strs_release(&c.values);
}
