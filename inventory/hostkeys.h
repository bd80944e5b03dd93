/*
 * Host keys: pinning them in the inventory, and what OpenSSH's known_hosts
 * knows about them.
 */
#ifndef HF_INVENTORY_HOSTKEYS_H
#define HF_INVENTORY_HOSTKEYS_H

#include "backend/model/host.h"
#include "inventory/repo.h"

struct hf_pin {
    const struct hf_host *host;
    const char *key; /* "ssh-ed25519 AAAA..." */
};

/*
 * Writes the keys into the host files, one commit. `how` is told in its
 * message ("compared with known_hosts", "trust on first use: lab"). HF_OK
 * with an empty `commit`: all were pinned already. HF_EINVALID: no key. See
 * hf_edit_commit for other errors.
 */
int hf_hostkeys_pin(struct hf_repo *repo, const struct hf_pin *pins, size_t n,
                    const char *how, char commit[41], struct hf_err *err);

/* "SHA256:..." of a key, as ssh prints it; HF_EINVALID when it is none. */
#define HF_FINGERPRINT_LEN 64
int hf_hostkeys_fingerprint(char out[HF_FINGERPRINT_LEN], const char *key,
                            struct hf_err *err);

/* ---- known_hosts ---- */

struct hf_known_hosts;

/* Never fails: lines that are no entry are passed over. Hashed names, patterns,
 * "[host]:port", "@revoked"; certificate authorities are passed over. */
struct hf_known_hosts *hf_known_hosts_parse(const char *text, size_t len);
void hf_known_hosts_free(struct hf_known_hosts *known);

enum hf_known {
    HF_KNOWN_NO, /* no entry for this host and key type */
    HF_KNOWN_SAME,
    HF_KNOWN_OTHER,   /* another key of this type: stop */
    HF_KNOWN_REVOKED, /* this key is revoked: stop */
};
/* `name` is the address or the host's name; port 22 is the plain form. */
enum hf_known hf_known_hosts_check(const struct hf_known_hosts *known,
                                   const char *name, int port, const char *key);

#endif
