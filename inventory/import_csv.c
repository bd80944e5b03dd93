/* Hosts from a table: one row each, columns found by their names. */
#include <string.h>
#include <strings.h>

#include "backend/base/names.h"
#include "backend/base/text.h"
#include "inventory/csv.h"
#include "inventory/importer.h"

#define MAX_COLUMNS 256

enum kind {
    COLUMN_IGNORED,
    COLUMN_FIELD,
    COLUMN_TAGS,
    COLUMN_ATTRIBUTE,
    COLUMN_DOMAIN,
};

struct column {
    enum kind kind;
    enum hf_import_field field;
    char *key; /* of an attribute or domain; borrowed from the header */
};

/* Other names of columns; the keys of a host file are known anyway. */
/* clang-format off */
static const struct { const char *name; enum hf_import_field field; }
aliases[] = {
    {"hostname", HF_IMPORT_NAME}, {"host", HF_IMPORT_NAME},
    {"server", HF_IMPORT_NAME},
    {"ip", HF_IMPORT_ADDRESS}, {"ip_address", HF_IMPORT_ADDRESS},
    {"fqdn", HF_IMPORT_ADDRESS}, {"dns", HF_IMPORT_ADDRESS},
    {"ansible_host", HF_IMPORT_ADDRESS},
    {"ssh_port", HF_IMPORT_PORT}, {"ansible_port", HF_IMPORT_PORT},
    {"username", HF_IMPORT_USER}, {"login", HF_IMPORT_USER},
    {"ansible_user", HF_IMPORT_USER},
    {"key", HF_IMPORT_IDENTITY}, {"key_file", HF_IMPORT_IDENTITY},
    {"location", HF_IMPORT_SITE}, {"datacenter", HF_IMPORT_SITE},
    {"tz", HF_IMPORT_TIMEZONE},
    {"description", HF_IMPORT_NOTE}, {"comment", HF_IMPORT_NOTE},
};
static const char *const tag_names[] = {"tags", "tag", "groups", "group",
                                        "roles", "role", NULL};
/* clang-format on */

/* "IP Address" is "ip_address". */
static void
simplify(char *name)
{
    for (; *name; name++) {
        if (*name >= 'A' && *name <= 'Z')
            *name = (char)(*name + ('a' - 'A'));
        else if (*name == ' ' || *name == '-')
            *name = '_';
    }
}

static struct column
column_of(struct hf_importer *im, char *name)
{
    struct column out = {0};
    char *dot = strchr(name, '.');
    int i;

    if (dot && dot[1] &&
        (hf_has_prefix(name, "attr") || hf_has_prefix(name, "domain"))) {
        out.kind = *name == 'a' ? COLUMN_ATTRIBUTE : COLUMN_DOMAIN;
        out.key = dot + 1;
        return out;
    }
    simplify(name);
    if ((i = hf_name_index(hf_import_keys, name)) >= 0)
        return (struct column){COLUMN_FIELD, (enum hf_import_field)i, NULL};
    for (size_t j = 0; j < HF_COUNT(aliases); j++)
        if (strcmp(aliases[j].name, name) == 0)
            return (struct column){COLUMN_FIELD, aliases[j].field, NULL};
    if (hf_name_index(tag_names, name) >= 0)
        out.kind = COLUMN_TAGS;
    else if (hf_importer_is_secret(name))
        hf_importer_drop(im, "column '%s'", name);
    else if (*name)
        hf_importer_warn(im, 1, "column '%s' is not used", name);
    return out;
}

static void
add_groups(struct hf_importer *im, struct hf_import_host *host, char *list)
{
    char *rest = list, *group;

    while ((group = strsep(&rest, " ,;|")) != NULL)
        if (*group)
            hf_importer_group(im, host, group);
}

static void
add_cell(struct hf_importer *im, struct hf_import_host *host,
         const struct column *column, char *cell)
{
    struct hf_strs *pairs =
        column->kind == COLUMN_ATTRIBUTE ? &host->attributes : &host->domains;

    switch (column->kind) {
    case COLUMN_FIELD:
        hf_importer_set(im, host, column->field, cell);
        break;
    case COLUMN_TAGS:
        add_groups(im, host, cell);
        break;
    case COLUMN_ATTRIBUTE:
    case COLUMN_DOMAIN:
        if (*cell) {
            hf_strs_add(pairs, column->key);
            hf_strs_add(pairs, cell);
        }
        break;
    case COLUMN_IGNORED:
        break;
    }
}

/* ---- columns that were named on the command line ---- */

/* "Server Name=name" as its column and its key; copies. */
static char *
map_column(struct hf_importer *im, const char *entry, char **key)
{
    const char *equals = strrchr(entry, '=');

    if (!equals || equals == entry || !equals[1])
        return NULL;
    *key = hf_arena_strdup(im->arena, equals + 1);
    return hf_arena_strndup(im->arena, entry, (size_t)(equals - entry));
}

/* Gives the column of that name its key instead of the name. */
static int
map_one(struct hf_importer *im, struct column *columns,
        const struct hf_strs *header, const char *entry, struct hf_err *err)
{
    char *key, *name = map_column(im, entry, &key);
    size_t at = 0;

    if (!name)
        return hf_fail(err, HF_EUSAGE, "'%s' is not COLUMN=KEY", entry);
    while (at < header->len && hf_text_casecmp(header->v[at], name) != 0)
        at++;
    if (at == header->len)
        return hf_fail(err, HF_ENOTFOUND, "'%s' has no column '%s'", im->file,
                       name);
    columns[at] = column_of(im, key);
    if (columns[at].kind != COLUMN_IGNORED)
        return HF_OK;
    (void)hf_fail(err, HF_EUSAGE, "a host has no key '%s'", key);
    return hf_hint(err, "one of: name, address, port, user, identity, ring, "
                        "site, tags, attr.KEY ...");
}

static int
is_mapped(const struct hf_import *plan, const char *name)
{
    for (size_t i = 0; plan->map && plan->map[i]; i++) {
        const char *equals = strrchr(plan->map[i], '=');
        size_t len = equals ? (size_t)(equals - plan->map[i]) : 0;

        if (len == strlen(name) && strncasecmp(plan->map[i], name, len) == 0)
            return 1;
    }
    return 0;
}

static int
read_header(struct hf_importer *im, struct column *columns,
            const struct hf_strs *header, struct hf_err *err)
{
    const char *const *map = im->plan->map;
    int named = 0, rc;
    char seen[HF_IMPORT_FIELD_COUNT] = {0};

    if (header->len > MAX_COLUMNS)
        return hf_fail(err, HF_ELIMIT, "'%s' has more than %d columns",
                       im->file, MAX_COLUMNS);
    for (size_t i = 0; map && map[i]; i++)
        if ((rc = map_one(im, columns, header, map[i], err)) < 0)
            return rc;
    for (size_t i = 0; i < header->len; i++) {
        if (!is_mapped(im->plan, header->v[i]))
            columns[i] = column_of(im, header->v[i]);
        if (columns[i].kind == COLUMN_FIELD && seen[columns[i].field]++)
            return hf_fail(err, HF_EINVALID, "'%s' has two columns for '%s'",
                           im->file, hf_import_keys[columns[i].field]);
        named |= columns[i].kind == COLUMN_FIELD &&
                 columns[i].field == HF_IMPORT_NAME;
    }
    if (named)
        return HF_OK;
    hf_fail(err, HF_EINVALID, "'%s' has no column 'name' in its first line",
            im->file);
    return hf_hint(err, "columns: name, address, port, user, identity, ring, "
                        "site, tags, attr.owner ...");
}

int
hf_import_csv(struct hf_importer *im, const char *text, size_t len,
              struct hf_err *err)
{
    struct column columns[MAX_COLUMNS] = {0};
    struct hf_strs header = {0}, cells = {0};
    struct hf_import_host *host;
    struct hf_csv csv;
    int rc;

    hf_csv_init(&csv, text, len);
    if (hf_csv_next(&csv, &header) <= 0) {
        rc = hf_fail(err, HF_EINVALID, "'%s' has no header line", im->file);
        goto out;
    }
    if ((rc = read_header(im, columns, &header, err)) < 0)
        goto out;
    while ((rc = hf_csv_next(&csv, &cells)) > 0) {
        host = hf_importer_add(im, NULL, csv.line);
        if (cells.len > header.len)
            hf_importer_refuse(im, host,
                               "the row has %zu cells, the header "
                               "%zu",
                               cells.len, header.len);
        for (size_t i = 0; i < cells.len && i < header.len; i++)
            add_cell(im, host, &columns[i], cells.v[i]);
    }
    if (rc < 0)
        rc = hf_fail(err, HF_EINVALID,
                     "'%s', line %zu: a quote is not closed, or text follows "
                     "it",
                     im->file, csv.line);
out:
    hf_strs_release(&header);
    hf_strs_release(&cells);
    return rc;
}
