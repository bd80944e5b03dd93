/* What the readers of import sources have in common. */
#include "inventory/importer.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/text.h"
#include "inventory/formats.h"

/* clang-format off */
const char *const hf_import_keys[HF_IMPORT_FIELD_COUNT + 1] = {
    [HF_IMPORT_NAME] = "name", [HF_IMPORT_ADDRESS] = "address",
    [HF_IMPORT_PORT] = "port", [HF_IMPORT_USER] = "user",
    [HF_IMPORT_IDENTITY] = "identity", [HF_IMPORT_HOSTKEY] = "hostkey",
    [HF_IMPORT_PLATFORM] = "platform", [HF_IMPORT_PRODUCT] = "product",
    [HF_IMPORT_RING] = "ring", [HF_IMPORT_SITE] = "site",
    [HF_IMPORT_TIMEZONE] = "timezone", [HF_IMPORT_JUMP] = "jump",
    [HF_IMPORT_NOTE] = "note",
};

/* Parts of names of variables and columns that hold secrets. */
static const char *const secret_parts[] = {
    "password", "passwd", "passphrase", "secret", "token", "api_key", "apikey",
    "access_key", "credential", "vault", "_pwd",
};
/* clang-format on */

int
hf_importer_is_secret(const char *name)
{
    char *lower = hf_xstrdup(name);
    int secret;

    for (char *p = lower; *p; p++)
        if (*p >= 'A' && *p <= 'Z')
            *p = (char)(*p + ('a' - 'A'));
    secret = strcmp(lower, "pass") == 0 || hf_has_suffix(lower, "_pass") ||
             (strstr(lower, "private_key") && !hf_has_suffix(lower, "_file"));
    for (size_t i = 0; i < HF_COUNT(secret_parts); i++)
        secret |= strstr(lower, secret_parts[i]) != NULL;
    free(lower);
    return secret;
}

struct hf_import_host *
hf_importer_add(struct hf_importer *im, const char *name, size_t line)
{
    struct hf_import_host *host = HF_PUSH(&im->v, &im->len, &im->cap);

    host->line = line;
    if (name)
        hf_importer_set(im, host, HF_IMPORT_NAME, name);
    return host;
}

void
hf_importer_set(struct hf_importer *im, struct hf_import_host *host,
                enum hf_import_field field, const char *text)
{
    static const char blank[] = " \t\r\n";
    size_t len;

    text += strspn(text, blank);
    len = strlen(text);
    while (len > 0 && strchr(blank, text[len - 1]))
        len--;
    host->v[field] = len ? hf_arena_strndup(im->arena, text, len) : NULL;
}

void
hf_importer_group(struct hf_importer *im, struct hf_import_host *host,
                  const char *group)
{
    const struct hf_ring *ring = hf_fleet_ring(im->fleet, group);
    const char *name = host->v[HF_IMPORT_NAME] ? host->v[HF_IMPORT_NAME] : "?";

    if (ring && !host->v[HF_IMPORT_RING])
        host->v[HF_IMPORT_RING] = ring->name;
    else if (ring && strcmp(ring->name, host->v[HF_IMPORT_RING]) != 0)
        hf_importer_warn(im, host->line,
                         "host '%s' is in the groups of two rings: '%s' is "
                         "taken, not '%s'",
                         name, host->v[HF_IMPORT_RING], ring->name);
    else if (!ring && hf_tag_problem(group))
        hf_importer_warn(im, host->line, "group '%s' of host '%s' %s", group,
                         name, hf_tag_problem(group));
    else if (!ring && !hf_strs_has(&host->tags, group))
        hf_strs_add(&host->tags, group);
}

void
hf_importer_refuse(struct hf_importer *im, struct hf_import_host *host,
                   const char *fmt, ...)
{
    const char *name = host->v[HF_IMPORT_NAME];
    char text[1024];
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(text, sizeof(text), fmt, ap);
    va_end(ap);
    host->left_out = 1;
    if (name)
        hf_problem_add(&im->plan->problems, im->file, host->line,
                       host->line > 0, "", "host '%s' is left out: %s", name,
                       text);
    else
        hf_problem_add(&im->plan->problems, im->file, host->line,
                       host->line > 0, "", "a host is left out: %s", text);
}

void
hf_importer_warn(struct hf_importer *im, size_t line, const char *fmt, ...)
{
    char text[1024];
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(text, sizeof(text), fmt, ap);
    va_end(ap);
    hf_problem_warn(&im->plan->problems, im->file, line, line > 0, "", "%s",
                    text);
}

void
hf_importer_drop(struct hf_importer *im, const char *fmt, ...)
{
    char text[1024], *safe;
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(text, sizeof(text), fmt, ap);
    va_end(ap);
    safe = hf_sanitised(text);
    hf_strs_add(&im->plan->dropped, safe);
    free(safe);
}
