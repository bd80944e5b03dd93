/* OpenSSH's known_hosts: who is meant by a line, and does the key agree. */
#include <fnmatch.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "inventory/formats.h"
#include "inventory/hostkeys.h"

#define HASH_LEN 20 /* HMAC-SHA1 */

struct entry {
    char *names; /* "web-01,[10.0.0.1]:2222", or empty when hashed */
    char *key;   /* "type base64" */
    int revoked, hashed;
    unsigned char salt[HASH_LEN], hash[HASH_LEN];
};

struct hf_known_hosts {
    struct entry *v;
    size_t len, cap;
};

/* ---- parsing ---- */

/* Exactly HASH_LEN bytes of base64, up to `end`. */
static int
decode_hash(unsigned char out[HASH_LEN], const char *text, size_t len)
{
    unsigned char raw[32];

    return len == 28 && text[27] == '=' && text[26] != '=' &&
           EVP_DecodeBlock(raw, (const unsigned char *)text, 28) == 21 &&
           memcpy(out, raw, HASH_LEN);
}

/* "|1|salt|hash" */
static int
parse_hashed(struct entry *entry, const char *names)
{
    const char *bar = strchr(names + 3, '|');

    entry->hashed = 1;
    return bar &&
           decode_hash(entry->salt, names + 3, (size_t)(bar - names) - 3) &&
           decode_hash(entry->hash, bar + 1, strlen(bar + 1));
}

/* 1: an entry; 0: none (empty, comment, authority, not understood). */
static int
parse_line(struct entry *entry, char *line)
{
    static const char blank[] = " \t\r";
    char *rest = line, *names, *type, *base64;

    if (!(names = strtok_r(rest, blank, &rest)) || *names == '#')
        return 0;
    if (*names == '@') {
        if (strcmp(names, "@revoked") != 0)
            return 0;
        entry->revoked = 1;
        if (!(names = strtok_r(NULL, blank, &rest)))
            return 0;
    }
    if (!(type = strtok_r(NULL, blank, &rest)) ||
        !(base64 = strtok_r(NULL, blank, &rest)))
        return 0;
    entry->key = hf_xasprintf("%s %s", type, base64);
    if (hf_hostkey_problem(entry->key))
        return 0;
    if (hf_has_prefix(names, "|1|"))
        return parse_hashed(entry, names);
    entry->names = hf_xstrdup(names);
    return *names != '|';
}

static void
release_entry(struct entry *entry)
{
    free(entry->names);
    free(entry->key);
}

struct hf_known_hosts *
hf_known_hosts_parse(const char *text, size_t len)
{
    struct hf_known_hosts *known = HF_NEW(struct hf_known_hosts);

    while (len > 0) {
        const char *end = memchr(text, '\n', len);
        size_t n = end ? (size_t)(end - text) : len;
        char *line = hf_xstrndup(text, n);
        struct entry entry = {0};

        if (parse_line(&entry, line))
            *HF_PUSH(&known->v, &known->len, &known->cap) = entry;
        else
            release_entry(&entry);
        free(line);
        n += end != NULL;
        text += n;
        len -= n;
    }
    return known;
}

void
hf_known_hosts_free(struct hf_known_hosts *known)
{
    if (!known)
        return;
    for (size_t i = 0; i < known->len; i++)
        release_entry(&known->v[i]);
    free(known->v);
    free(known);
}

/* ---- looking up ---- */

/* Comma-separated patterns; one that starts with '!' shuts out. */
static int
names_match(const char *names, const char *wanted)
{
    char *copy = hf_xstrdup(names), *rest = copy, *pattern;
    int match = 0;

    while ((pattern = strsep(&rest, ",")) != NULL) {
        int negated = *pattern == '!';

        /* brackets belong to "[host]:port", they are no set of characters */
        if (strcmp(pattern + negated, wanted) != 0 &&
            (strchr(pattern, '[') ||
             fnmatch(pattern + negated, wanted, FNM_CASEFOLD) != 0))
            continue;
        match = !negated;
        if (negated)
            break;
    }
    free(copy);
    return match;
}

static int
hash_matches(const struct entry *entry, const char *wanted)
{
    unsigned char hash[EVP_MAX_MD_SIZE];
    unsigned n = 0;

    return HMAC(EVP_sha1(), entry->salt, HASH_LEN,
                (const unsigned char *)wanted, strlen(wanted), hash, &n) &&
           n == HASH_LEN && memcmp(hash, entry->hash, HASH_LEN) == 0;
}

static int
same_type(const char *a, const char *b)
{
    size_t len = strcspn(a, " ");

    return strcspn(b, " ") == len && strncmp(a, b, len) == 0;
}

enum hf_known
hf_known_hosts_check(const struct hf_known_hosts *known, const char *name,
                     int port, const char *key)
{
    enum hf_known result = HF_KNOWN_NO;
    char *wanted;

    if (port == 22)
        wanted = hf_xstrdup(name);
    else
        wanted = hf_xasprintf("[%s]:%d", name, port);
    for (char *p = wanted; *p; p++) /* as ssh stores them */
        if (*p >= 'A' && *p <= 'Z')
            *p = (char)(*p + ('a' - 'A'));
    for (size_t i = 0; i < known->len; i++) {
        const struct entry *entry = &known->v[i];

        if (!same_type(entry->key, key) ||
            !(entry->hashed ? hash_matches(entry, wanted)
                            : names_match(entry->names, wanted)))
            continue;
        if (strcmp(entry->key, key) != 0) {
            if (!entry->revoked && result == HF_KNOWN_NO)
                result = HF_KNOWN_OTHER;
        } else if (entry->revoked) {
            result = HF_KNOWN_REVOKED;
            break;
        } else {
            result = HF_KNOWN_SAME;
        }
    }
    free(wanted);
    return result;
}
