/* Parsing, printing and fingerprints of public keys. */
#include "backend/ssh/hostkey.h"

#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"
#include "backend/base/sha256.h"
#include "backend/base/text.h"

/* Key types we accept, best first, each with the signature algorithms that
 * prove possession of such a key, and behind them all others. */
#define ED25519 "ssh-ed25519"
#define P256 "ecdsa-sha2-nistp256"
#define P384 "ecdsa-sha2-nistp384"
#define P521 "ecdsa-sha2-nistp521"
#define RSA "rsa-sha2-512,rsa-sha2-256"

// clang-format off
static const struct key_type {
    const char *name;
    const char *algorithms;
} key_types[] = {
    {"ssh-ed25519", ED25519 "," P256 "," P384 "," P521 "," RSA},
    {P256, P256 "," ED25519 "," P384 "," P521 "," RSA},
    {P384, P384 "," ED25519 "," P256 "," P521 "," RSA},
    {P521, P521 "," ED25519 "," P256 "," P384 "," RSA},
    {"ssh-rsa", RSA "," ED25519 "," P256 "," P384 "," P521},
};
// clang-format on

static const struct key_type *
type_of(const char *text)
{
    size_t len = strcspn(text, " \t");

    for (size_t i = 0; i < HF_COUNT(key_types); i++) {
        if (strlen(key_types[i].name) == len &&
            memcmp(key_types[i].name, text, len) == 0)
            return &key_types[i];
    }
    return NULL;
}

const char *
hf_hostkey_algorithms(const char *pinned)
{
    const struct key_type *type;

    if (!pinned)
        return key_types[0].algorithms;
    type = type_of(pinned);
    return type ? type->algorithms : NULL;
}

char *
hf_hostkey_text(ssh_key key)
{
    const char *type = ssh_key_type_to_char(ssh_key_type(key));
    char *base64 = NULL, *text;

    if (!type || ssh_pki_export_pubkey_base64(key, &base64) != SSH_OK)
        return NULL;
    text = hf_xasprintf("%s %s", type, base64);
    ssh_string_free_char(base64);
    return text;
}

/* "type base64" of "type base64 comment"; the caller's, NULL without a type
 * that we know. */
static char *
without_comment(const char *text)
{
    const struct key_type *type = type_of(text);
    const char *base64 = text + strcspn(text, " \t");

    if (!type)
        return NULL;
    base64 += strspn(base64, " \t");
    return hf_xasprintf("%s %.*s", type->name, (int)strcspn(base64, " \t\r\n"),
                        base64);
}

/* The key in "type base64", or NULL. */
static ssh_key
import(const char *text)
{
    const struct key_type *type = type_of(text);
    ssh_key key = NULL;

    if (!type || ssh_pki_import_pubkey_base64(
                     text + strlen(type->name) + 1,
                     ssh_key_type_from_name(type->name), &key) != SSH_OK)
        return NULL;
    return key;
}

int
hf_hostkey_parse(char **out, const char *text, struct hf_err *err)
{
    char *plain = without_comment(text), *again = NULL;
    ssh_key key = plain ? import(plain) : NULL;

    *out = NULL;
    if (key)
        again = hf_hostkey_text(key);
    ssh_key_free(key);
    /* Nothing but the key, and of the type in front of it. */
    if (again && strcmp(again, plain) == 0) {
        *out = again;
        free(plain);
        return HF_OK;
    }
    free(again);
    free(plain);
    hf_fail(err, HF_EINVALID, "the pinned host key is not a public key");
    return hf_hint(err, "it looks like 'ssh-ed25519 AAAA...'; 'hotfleet "
                        "enroll' writes it");
}

static char *
print_hash(unsigned char *hash, size_t len)
{
    char *text = ssh_get_fingerprint_hash(SSH_PUBLICKEY_HASH_SHA256, hash, len);
    char *copy = hf_xstrdup(text ? text : "SHA256:?");

    ssh_string_free_char(text);
    return copy;
}

char *
hf_key_fingerprint(ssh_key key)
{
    unsigned char *hash = NULL;
    size_t len = 0;
    char *text;

    if (ssh_get_publickey_hash(key, SSH_PUBLICKEY_HASH_SHA256, &hash, &len) !=
        0)
        return hf_xstrdup("SHA256:?");
    text = print_hash(hash, len);
    ssh_clean_pubkey_hash(&hash);
    return text;
}

char *
hf_hostkey_fingerprint(const char *text)
{
    ssh_key key = import(text);
    char *print = key ? hf_key_fingerprint(key) : hf_xstrdup("SHA256:?");

    ssh_key_free(key);
    return print;
}

char *
hf_blob_fingerprint(const void *blob, size_t len)
{
    unsigned char hash[32];

    hf_sha256(hash, blob, len);
    return print_hash(hash, sizeof(hash));
}
