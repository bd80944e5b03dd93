/*
 * Host keys as text: "ssh-ed25519 AAAA...", and their fingerprints. A pinned
 * key is the only thing that makes a host trusted; no known_hosts file is
 * ever read.
 */
#ifndef HF_SSH_HOSTKEY_H
#define HF_SSH_HOSTKEY_H

#include <libssh/libssh.h>

#include "backend/base/err.h"

/* "type base64" with one blank between and no comment; the caller's.
 * HF_EINVALID when it is not exactly one public key of a type we accept. */
int hf_hostkey_parse(char **out, const char *text, struct hf_err *err);

/* The algorithms to ask a host for: all we accept, those of a pinned key's type
 * first, so that a host that has such a key shows it, and any other one shows
 * what it has. Borrowed for ever; NULL: unknown type. */
const char *hf_hostkey_algorithms(const char *pinned);

/* "type base64" of a key; the caller's, NULL when it has no text form. */
char *hf_hostkey_text(ssh_key key);
/* "SHA256:..." of a key; the caller's, never NULL. */
char *hf_key_fingerprint(ssh_key key);
/* The same of a key in text form (see hf_hostkey_parse). */
char *hf_hostkey_fingerprint(const char *text);
/* "SHA256:..." of the key's binary form. */
char *hf_blob_fingerprint(const void *blob, size_t len);

#endif
