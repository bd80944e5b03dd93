/*
 * Private key files: read and decrypted once each, then kept as one copy per
 * worker, because libssh does not promise that threads may share a key.
 */
#ifndef HF_SSH_KEYS_H
#define HF_SSH_KEYS_H

#include <libssh/libssh.h>

#include "backend/base/err.h"
#include "backend/base/secret.h"

#define HF_WORKERS_MAX 8

struct hf_identity {
    char *path;
    char *fingerprint;            /* of the plain key, "SHA256:..." */
    ssh_key copy[HF_WORKERS_MAX]; /* with the certificate, when there is one */
    int certified;
    int rc;            /* result of loading, remembered: asked once only */
    struct hf_err err; /* when rc is not 0 */
};

/* Owns the identities. {0} is empty. Not locked: the caller's duty. */
struct hf_keyring {
    struct hf_identity **v;
    size_t len, cap;
};

struct hf_passphrases {
    struct hf_secret *(*ask)(void *ctx, const char *identity); /* or NULL */
    void *ctx;
};

/*
 * The identity in file `path` ("~" is expanded), loaded on first use with
 * `copies` copies; borrowed from the ring. HF_EDENIED when others can read
 * the file, HF_EREFUSED for a missing or wrong passphrase, HF_ENOTFOUND,
 * HF_EINVALID when it is not a private key.
 */
int
hf_keyring_get(struct hf_identity **out, struct hf_keyring *ring,
               const char *path, int copies,
               const struct hf_passphrases *passphrases, struct hf_err *err);
void hf_keyring_release(struct hf_keyring *ring);

#endif
