/* Throwaway host keys, and the libssh bind that carries them into sessions. */
#include "backend/sim/hostkeys.h"

#include <stdio.h>
#include <stdlib.h>

#include "backend/base/mem.h"

int
hf_sim_hostkeys_init(struct hf_sim_hostkeys *k, size_t hosts,
                     struct hf_err *err)
{
    int off = 0;

    *k = (struct hf_sim_hostkeys){.hosts = hosts};
    (void)pthread_mutex_init(&k->lock, NULL);
    k->v = hf_xcalloc(hosts + 1, sizeof(*k->v));
    k->bind = ssh_bind_new();
    if (!k->bind ||
        ssh_bind_options_set(k->bind, SSH_BIND_OPTIONS_PROCESS_CONFIG, &off) !=
            SSH_OK)
        return hf_fail(err, HF_ERR, "cannot make an SSH server");
    return HF_OK;
}

void
hf_sim_hostkeys_release(struct hf_sim_hostkeys *k)
{
    if (!k->v)
        return;
    for (size_t i = 0; i <= k->hosts; i++) {
        ssh_key_free(k->v[i].key);
        free(k->v[i].line);
    }
    free(k->v);
    if (k->bind)
        ssh_bind_free(k->bind);
    (void)pthread_mutex_destroy(&k->lock);
    *k = (struct hf_sim_hostkeys){0};
}

/* Under the lock. */
static void
make(struct hf_sim_hostkey *h)
{
    char *base64 = NULL;

    if (h->key || ssh_pki_generate(SSH_KEYTYPE_ED25519, 0, &h->key) != SSH_OK)
        return;
    if (ssh_pki_export_pubkey_base64(h->key, &base64) == SSH_OK)
        h->line = hf_xasprintf("ssh-ed25519 %s", base64);
    ssh_string_free_char(base64);
}

static struct hf_sim_hostkey *
get(struct hf_sim_hostkeys *k, size_t host)
{
    (void)pthread_mutex_lock(&k->lock);
    make(&k->v[host]);
    (void)pthread_mutex_unlock(&k->lock);
    return &k->v[host];
}

const char *
hf_sim_hostkeys_line(struct hf_sim_hostkeys *k, size_t host)
{
    return get(k, host)->line;
}

ssh_bind
hf_sim_hostkeys_bind(struct hf_sim_hostkeys *k, size_t host, const char *banner)
{
    ssh_key key = ssh_key_dup(get(k, host)->key);

    /* the bind takes the key and drops the one before */
    if (!key || ssh_bind_options_set(k->bind, SSH_BIND_OPTIONS_IMPORT_KEY,
                                     key) != SSH_OK) {
        ssh_key_free(key);
        return NULL;
    }
    if (ssh_bind_options_set(k->bind, SSH_BIND_OPTIONS_BANNER, banner) !=
        SSH_OK)
        return NULL;
    return k->bind;
}

int
hf_sim_login_key(ssh_key *out, const char *line, struct hf_err *err)
{
    char type[64], base64[8192];

    *out = NULL;
    if (!line || sscanf(line, "%63s %8191s", type, base64) != 2 ||
        ssh_pki_import_pubkey_base64(base64, ssh_key_type_from_name(type),
                                     out) != SSH_OK)
        return hf_fail(err, HF_EINVALID,
                       "the key that may log in to simulated hosts is no "
                       "public key line");
    return HF_OK;
}
