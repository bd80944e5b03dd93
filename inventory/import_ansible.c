/* Hosts from the output of ansible-inventory --list. */
#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/json.h"
#include "backend/base/names.h"
#include "backend/base/text.h"
#include "inventory/importer.h"

#define MAX_NESTING 32

struct named {
    const char *name;
    const cJSON *vars; /* NULL: none */
    struct hf_strs groups;
};

struct ansible {
    struct hf_importer *im;
    const cJSON *doc;
    struct named *v; /* sorted by name once complete */
    size_t len, cap;
};

/* clang-format off */
static const struct { const char *name; enum hf_import_field field; }
variables[] = {
    {"ansible_host", HF_IMPORT_ADDRESS},
    {"ansible_ssh_host", HF_IMPORT_ADDRESS},
    {"ansible_port", HF_IMPORT_PORT}, {"ansible_ssh_port", HF_IMPORT_PORT},
    {"ansible_user", HF_IMPORT_USER}, {"ansible_ssh_user", HF_IMPORT_USER},
    {"ansible_ssh_private_key_file", HF_IMPORT_IDENTITY},
    {"ansible_private_key_file", HF_IMPORT_IDENTITY},
    {"hotfleet_hostkey", HF_IMPORT_HOSTKEY},
    {"hotfleet_platform", HF_IMPORT_PLATFORM},
    {"hotfleet_product", HF_IMPORT_PRODUCT},
    {"hotfleet_ring", HF_IMPORT_RING}, {"hotfleet_site", HF_IMPORT_SITE},
    {"hotfleet_timezone", HF_IMPORT_TIMEZONE},
    {"hotfleet_note", HF_IMPORT_NOTE},
};
static const char *const ssh_connections[] = {
    "ssh", "smart", "paramiko", "paramiko_ssh", NULL,
};
static const char *const winrm_connections[] = {"winrm", "psrp", NULL};
/* clang-format on */

/* ---- collecting names ---- */

static int
compare_names(const void *a, const void *b)
{
    const struct named *x = a, *y = b;

    return strcmp(x->name, y->name);
}

static struct named *
find_host(struct ansible *a, const char *name)
{
    const struct named wanted = {.name = name};

    if (a->len == 0)
        return NULL;
    return bsearch(&wanted, a->v, a->len, sizeof(*a->v), compare_names);
}

static void
add_name(struct ansible *a, const char *name, const cJSON *vars)
{
    struct named *host = HF_PUSH(&a->v, &a->len, &a->cap);

    host->name = name;
    host->vars = vars;
}

/* Sorts, and drops repeated names; the one with variables stays. */
static void
sort_names(struct ansible *a)
{
    size_t n = 0;

    if (a->len)
        qsort(a->v, a->len, sizeof(*a->v), compare_names);
    for (size_t i = 0; i < a->len; i++) {
        if (n == 0 || strcmp(a->v[n - 1].name, a->v[i].name) != 0)
            a->v[n++] = a->v[i];
        else if (a->v[i].vars)
            a->v[n - 1].vars = a->v[i].vars;
    }
    a->len = n;
}

static void
collect_names(struct ansible *a)
{
    const cJSON *vars = hf_json_get(hf_json_get(a->doc, "_meta"), "hostvars");
    const cJSON *group, *host;

    cJSON_ArrayForEach(host, vars) add_name(a, host->string, host);
    cJSON_ArrayForEach(group, a->doc) cJSON_ArrayForEach(
        host, hf_json_get(group, "hosts")) if (cJSON_IsString(host))
        add_name(a, host->valuestring, NULL);
    sort_names(a);
}

/* ---- groups ---- */

/* Puts `name` on all hosts of `group`, those of its children included. */
static void
mark_members(struct ansible *a, const cJSON *group, const char *name,
             int nesting)
{
    const cJSON *item;
    struct named *host;

    if (nesting > MAX_NESTING)
        return;
    cJSON_ArrayForEach(item, hf_json_get(group, "hosts"))
    {
        host = cJSON_IsString(item) ? find_host(a, item->valuestring) : NULL;
        if (host && (host->groups.len == 0 ||
                     strcmp(host->groups.v[host->groups.len - 1], name) != 0))
            hf_strs_add(&host->groups, name);
    }
    cJSON_ArrayForEach(item,
                       hf_json_get(group, "children")) if (cJSON_IsString(item))
        mark_members(a, hf_json_get(a->doc, item->valuestring), name,
                     nesting + 1);
}

static void
collect_groups(struct ansible *a)
{
    static const char *const not_groups[] = {"_meta", "all", "ungrouped", NULL};
    const cJSON *group;

    cJSON_ArrayForEach(group, a->doc)
    {
        if (hf_name_index(not_groups, group->string) >= 0)
            continue;
        mark_members(a, group, group->string, 0);
        if (hf_json_get(group, "vars"))
            hf_importer_warn(a->im, 0,
                             "the variables of group '%s' are not read: run "
                             "ansible-inventory --list without --export",
                             group->string);
    }
}

/* ---- variables ---- */

/* The value as text in `out`, or 0 when it has none that can be taken. */
static int
plain_value(char *out, size_t size, const cJSON *var)
{
    if (cJSON_IsString(var))
        return snprintf(out, size, "%s", var->valuestring) < (int)size;
    if (cJSON_IsNumber(var) && var->valuedouble == var->valueint)
        return snprintf(out, size, "%d", var->valueint) < (int)size;
    return 0;
}

/* A value that only Ansible could compute. */
static int
is_template(const char *text)
{
    return strstr(text, "{{") || strstr(text, "{%");
}

static int
is_vault(const cJSON *var)
{
    return cJSON_HasObjectItem(var, "__ansible_vault") ||
           cJSON_HasObjectItem(var, "__ansible_unsafe") ||
           (cJSON_IsString(var) &&
            hf_has_prefix(var->valuestring, "$ANSIBLE_VAULT"));
}

static void
take_field(struct hf_importer *im, struct hf_import_host *host,
           enum hf_import_field field, const cJSON *var)
{
    const char *name = host->v[HF_IMPORT_NAME];
    char text[1024];

    if (!plain_value(text, sizeof(text), var)) {
        hf_importer_warn(im, 0,
                         "host '%s': '%s' is neither text nor a whole "
                         "number: not taken",
                         name, var->string);
    } else if (is_template(text) && field == HF_IMPORT_ADDRESS) {
        hf_importer_refuse(im, host,
                           "'%s' is a template: its value is not "
                           "known here",
                           var->string);
    } else if (is_template(text)) {
        hf_importer_warn(im, 0, "host '%s': '%s' is a template: not taken",
                         name, var->string);
    } else if (field == HF_IMPORT_IDENTITY && *text != '/' &&
               !hf_has_prefix(text, "~/")) {
        hf_importer_warn(im, 0, "host '%s': '%s' is no full path: not taken",
                         name, var->string);
    } else if (!host->v[field]) {
        hf_importer_set(im, host, field, text);
    }
}

/* How Ansible reaches it: over SSH, or not at all for us. */
static void
take_connection(struct hf_importer *im, struct hf_import_host *host,
                const cJSON *vars)
{
    const char *connection = hf_json_str(vars, "ansible_connection");
    const char *name = host->v[HF_IMPORT_NAME];

    if (!connection || hf_name_index(ssh_connections, connection) >= 0)
        return;
    if (hf_name_index(winrm_connections, connection) < 0) {
        hf_importer_refuse(im, host, "its connection is '%s', not SSH",
                           connection);
        return;
    }
    hf_importer_warn(im, 0,
                     "host '%s': Ansible uses WinRM; hotfleet needs "
                     "OpenSSH on it, port not taken",
                     name);
    host->v[HF_IMPORT_PORT] = NULL;
    hf_importer_set(im, host, HF_IMPORT_PLATFORM, "windows");
}

static void
take_variable(struct hf_importer *im, struct hf_import_host *host,
              const cJSON *var)
{
    const char *name = host->v[HF_IMPORT_NAME];

    if (hf_importer_is_secret(var->string) || is_vault(var)) {
        hf_importer_drop(im, "%s: %s", name, var->string);
        return;
    }
    if (strcmp(var->string, "ansible_ssh_common_args") == 0 ||
        strcmp(var->string, "ansible_ssh_extra_args") == 0)
        hf_importer_warn(im, 0, "host '%s': '%s' is not taken over", name,
                         var->string);
    for (size_t i = 0; i < HF_COUNT(variables); i++)
        if (strcmp(variables[i].name, var->string) == 0)
            take_field(im, host, variables[i].field, var);
}

static void
add_host(struct ansible *a, const struct named *named)
{
    struct hf_import_host *host = hf_importer_add(a->im, named->name, 0);
    const cJSON *var;

    cJSON_ArrayForEach(var, named->vars) take_variable(a->im, host, var);
    take_connection(a->im, host, named->vars);
    for (size_t i = 0; i < named->groups.len; i++)
        hf_importer_group(a->im, host, named->groups.v[i]);
}

/* ---- the document ---- */

/*
 * Not the strict reader: this is foreign text of any size, and every host
 * that comes out of it is checked as strictly as one written by hand. Only
 * what would silently change a name is refused here.
 */
static cJSON *
parse(const struct hf_importer *im, const char *text, size_t len,
      struct hf_err *err)
{
    const char *end = NULL;
    cJSON *doc;

    if (!hf_utf8_valid(text, len) || memmem(text, len, "\\u0000", 6)) {
        hf_fail(err, HF_EINVALID,
                "'%s' is no text that can be trusted: it "
                "holds invalid UTF-8 or \\u0000",
                im->file);
        return NULL;
    }
    doc = cJSON_ParseWithLengthOpts(text, len, &end, 0);
    if (cJSON_IsObject(doc))
        return doc;
    hf_fail(err, HF_EINVALID, "'%s' is no JSON object (byte %zu)", im->file,
            end ? (size_t)(end - text) : 0);
    hf_hint(err, "make it with: ansible-inventory --list > inventory.json");
    cJSON_Delete(doc);
    return NULL;
}

int
hf_import_ansible(struct hf_importer *im, const char *text, size_t len,
                  struct hf_err *err)
{
    struct ansible a = {.im = im};
    cJSON *doc = parse(im, text, len, err);

    if (!doc)
        return err->code;
    a.doc = doc;
    collect_names(&a);
    collect_groups(&a);
    for (size_t i = 0; i < a.len; i++) {
        add_host(&a, &a.v[i]);
        hf_strs_release(&a.v[i].groups);
    }
    free(a.v);
    cJSON_Delete(doc);
    return HF_OK;
}
