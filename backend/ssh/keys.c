/* Loading private keys and their certificates. */
#include "backend/ssh/keys.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "backend/base/file.h"
#include "backend/base/mem.h"
#include "backend/ssh/hostkey.h"

#define KEY_FILE_MAX 65536

/* Regular, and for its owner only. Checked on the open file, so that what is
 * checked is what is read. */
static int
check_mode(const char *path, int fd, struct stat *st, struct hf_err *err)
{
    if (fstat(fd, st) < 0)
        return hf_fail_errno(err, errno, "cannot read the key '%s'", path);
    if (!S_ISREG(st->st_mode))
        return hf_fail(err, HF_EINVALID, "the key '%s' is not a file", path);
    if (st->st_mode & 077) {
        hf_fail(err, HF_EDENIED,
                "others can read the private key '%s' (mode %04o)", path,
                (unsigned)st->st_mode & 07777);
        return hf_hint(err, "chmod 600 '%s'", path);
    }
    if (st->st_size > KEY_FILE_MAX)
        return hf_fail(err, HF_EINVALID, "'%s' is too large for a key", path);
    return HF_OK;
}

/* The file's text; the caller wipes and frees it. */
static int
read_key(char **out, const char *path, struct hf_err *err)
{
    struct stat st;
    size_t len = 0;
    ssize_t n;
    char *text = NULL;
    int rc, fd;

    *out = NULL;
    if ((fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)) < 0)
        return hf_fail_errno(err, errno, "cannot read the key '%s'", path);
    if ((rc = check_mode(path, fd, &st, err)) < 0)
        goto out;
    text = hf_xcalloc(1, (size_t)st.st_size + 1);
    while (len < (size_t)st.st_size &&
           ((n = read(fd, text + len, (size_t)st.st_size - len)) > 0 ||
            (n < 0 && errno == EINTR)))
        len += n > 0 ? (size_t)n : 0;
    *out = text;
out:
    close(fd);
    return rc;
}

static void
wipe(char *text)
{
    if (text)
        explicit_bzero(text, strlen(text));
    free(text);
}

/* libssh calls this when a key wants a passphrase and none was given. */
static int
note_encrypted(const char *prompt, char *buf, size_t len, int echo, int verify,
               void *encrypted)
{
    (void)prompt, (void)buf, (void)len, (void)echo, (void)verify;
    *(int *)encrypted = 1;
    return -1;
}

static int
import(ssh_key *key, const char *text, const char *passphrase, int *encrypted)
{
    *encrypted = 0;
    return ssh_pki_import_privkey_base64(text, passphrase, note_encrypted,
                                         encrypted, key) == SSH_OK;
}

static int
ask(struct hf_secret **out, const struct hf_identity *id,
    const struct hf_passphrases *p, struct hf_err *err)
{
    *out = p->ask ? p->ask(p->ctx, id->path) : NULL;
    if (*out)
        return HF_OK;
    hf_fail(err, HF_EREFUSED, "the key '%s' wants a passphrase", id->path);
    return hf_hint(err, "load it into ssh-agent with 'ssh-add' and leave "
                        "'identity' out");
}

/* One copy for each worker; the passphrase is asked for once. */
static int
import_copies(struct hf_identity *id, const char *text, int copies,
              const struct hf_passphrases *p, struct hf_err *err)
{
    struct hf_secret *secret = NULL;
    int rc = HF_OK, encrypted;

    for (int i = 0; i < copies && rc == HF_OK; i++) {
        const char *passphrase = secret ? hf_secret_text(secret) : NULL;

        if (import(&id->copy[i], text, passphrase, &encrypted))
            continue;
        if (encrypted && !secret) {
            rc = ask(&secret, id, p, err);
            i--; /* once more, with it */
        } else if (secret) {
            rc = hf_fail(err, HF_EREFUSED, "wrong passphrase for the key '%s'",
                         id->path);
        } else {
            rc =
                hf_fail(err, HF_EINVALID,
                        "'%s' is not a private key that can be used", id->path);
            hf_hint(err, "name an OpenSSH or PEM private key, not the '.pub' "
                         "file; keys on security tokens work through "
                         "ssh-agent");
        }
    }
    hf_secret_free(secret);
    return rc;
}

/* "<path>-cert.pub", when it is there, goes into every copy. */
static int
import_certificate(struct hf_identity *id, int copies, struct hf_err *err)
{
    char *path = hf_xasprintf("%s-cert.pub", id->path);
    ssh_key cert = NULL;
    int rc = HF_OK;

    if (access(path, F_OK) < 0)
        goto out;
    if (ssh_pki_import_cert_file(path, &cert) != SSH_OK) {
        rc = hf_fail(err, HF_EINVALID, "'%s' is not a certificate", path);
        cert = NULL;
        goto out;
    }
    for (int i = 0; i < copies && rc == HF_OK; i++) {
        if (ssh_pki_copy_cert_to_privkey(cert, id->copy[i]) != SSH_OK)
            rc = hf_fail(err, HF_EINVALID,
                         "the certificate '%s' is not of this key", path);
    }
    id->certified = rc == HF_OK;
out:
    ssh_key_free(cert);
    free(path);
    return rc;
}

static int
load(struct hf_identity *id, int copies, const struct hf_passphrases *p,
     struct hf_err *err)
{
    char *text = NULL;
    int rc;

    if ((rc = read_key(&text, id->path, err)) < 0 ||
        (rc = import_copies(id, text, copies, p, err)) < 0)
        goto out;
    /* before the certificate is in: its fingerprint would be another one */
    id->fingerprint = hf_key_fingerprint(id->copy[0]);
    rc = import_certificate(id, copies, err);
out:
    wipe(text);
    return rc;
}

int
hf_keyring_get(struct hf_identity **out, struct hf_keyring *ring,
               const char *path, int copies, const struct hf_passphrases *p,
               struct hf_err *err)
{
    char *full = hf_path_expand(path);
    struct hf_identity *id = NULL;

    *out = NULL;
    for (size_t i = 0; i < ring->len && !id; i++) {
        if (strcmp(ring->v[i]->path, full) == 0)
            id = ring->v[i];
    }
    if (id) {
        free(full);
    } else {
        id = HF_NEW(struct hf_identity);
        id->path = full;
        id->rc = load(id, copies, p, &id->err);
        *HF_PUSH(&ring->v, &ring->len, &ring->cap) = id;
    }
    if (id->rc < 0) {
        *err = id->err;
        return id->rc;
    }
    *out = id;
    return HF_OK;
}

void
hf_keyring_release(struct hf_keyring *ring)
{
    for (size_t i = 0; i < ring->len; i++) {
        struct hf_identity *id = ring->v[i];

        for (int k = 0; k < HF_WORKERS_MAX; k++)
            ssh_key_free(id->copy[k]);
        free(id->path);
        free(id->fingerprint);
        free(id);
    }
    free(ring->v);
    *ring = (struct hf_keyring){0};
}
