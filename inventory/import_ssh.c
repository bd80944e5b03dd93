/* Hosts from an OpenSSH client configuration: every name without wildcard,
 * with the settings that ssh would use for it (the first one wins). */
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "backend/base/text.h"
#include "inventory/importer.h"

struct block {
    char *patterns; /* of its Host line */
    const char *v[HF_IMPORT_FIELD_COUNT];
    size_t line;
};

struct config {
    struct hf_importer *im;
    struct block *v;
    size_t len, cap;
    int skipping; /* in a Match block */
};

/* clang-format off */
static const struct { const char *keyword; enum hf_import_field field; }
keywords[] = {
    {"HostName", HF_IMPORT_ADDRESS}, {"Port", HF_IMPORT_PORT},
    {"User", HF_IMPORT_USER}, {"IdentityFile", HF_IMPORT_IDENTITY},
    {"ProxyJump", HF_IMPORT_JUMP},
};
/* clang-format on */

static void
read_setting(struct config *c, const char *keyword, const char *value,
             size_t line)
{
    struct block *block = c->len ? &c->v[c->len - 1] : NULL;

    if (strcasecmp(keyword, "Include") == 0)
        hf_importer_warn(c->im, line, "Include is not followed: '%s'", value);
    if (strcasecmp(keyword, "ProxyCommand") == 0)
        hf_importer_warn(c->im, line, "ProxyCommand is not taken over");
    for (size_t i = 0; i < HF_COUNT(keywords) && block; i++)
        if (strcasecmp(keywords[i].keyword, keyword) == 0 &&
            !block->v[keywords[i].field])
            block->v[keywords[i].field] = hf_arena_strdup(c->im->arena, value);
}

static void
read_line(struct config *c, char *line, size_t number)
{
    char *value;
    size_t n;

    line += strspn(line, " \t");
    line[strcspn(line, "\r")] = '\0';
    n = strcspn(line, " \t=");
    if (*line == '\0' || *line == '#' || line[n] == '\0')
        return;
    value = line + n + strspn(line + n, " \t=");
    line[n] = '\0';
    if (*value == '"') {
        value++;
        value[strcspn(value, "\"")] = '\0';
    }
    if (strcasecmp(line, "Match") == 0) {
        c->skipping = 1;
        hf_importer_warn(c->im, number, "Match blocks are not read");
    } else if (strcasecmp(line, "Host") == 0) {
        struct block *block = HF_PUSH(&c->v, &c->len, &c->cap);

        c->skipping = 0;
        block->patterns = hf_arena_strdup(c->im->arena, value);
        block->line = number;
    } else if (!c->skipping) {
        read_setting(c, line, value, number);
    }
}

/* As ssh does: any pattern matches, none of those with '!' does. */
static int
block_matches(const struct block *block, const char *name)
{
    char *copy = hf_xstrdup(block->patterns), *rest = copy, *pattern;
    int match = 0;

    while ((pattern = strsep(&rest, " \t")) != NULL) {
        int negated = *pattern == '!';

        if (!*pattern || fnmatch(pattern + negated, name, 0) != 0)
            continue;
        match = !negated;
        if (negated)
            break;
    }
    free(copy);
    return match;
}

static void
add_host(struct config *c, const char *name, size_t line)
{
    struct hf_import_host *host = hf_importer_add(c->im, name, line);

    for (size_t i = 0; i < c->len; i++) {
        if (!block_matches(&c->v[i], name))
            continue;
        for (int f = 0; f < HF_IMPORT_FIELD_COUNT; f++)
            if (c->v[i].v[f] && !host->v[f])
                hf_importer_set(c->im, host, (enum hf_import_field)f,
                                c->v[i].v[f]);
    }
    if (host->v[HF_IMPORT_JUMP] &&
        strcasecmp(host->v[HF_IMPORT_JUMP], "none") == 0)
        host->v[HF_IMPORT_JUMP] = NULL;
}

static void
add_hosts(struct config *c)
{
    for (size_t i = 0; i < c->len; i++) {
        char *copy = hf_xstrdup(c->v[i].patterns), *rest = copy, *name;

        while ((name = strsep(&rest, " \t")) != NULL)
            if (*name && !strpbrk(name, "*?!"))
                add_host(c, name, c->v[i].line);
        free(copy);
    }
}

int
hf_import_ssh_config(struct hf_importer *im, const char *text, size_t len,
                     struct hf_err *err)
{
    struct config c = {.im = im};
    char *copy = hf_xstrndup(text, len), *rest = copy, *line;
    size_t number = 0;

    (void)err;
    /* settings before the first Host are for all */
    HF_PUSH(&c.v, &c.len, &c.cap)->patterns = hf_arena_strdup(im->arena, "*");
    while ((line = strsep(&rest, "\n")) != NULL)
        read_line(&c, line, ++number);
    add_hosts(&c);
    free(c.v);
    free(copy);
    return HF_OK;
}
