/* Throwaway host keys, and the libssh binds that carry them into sessions. */
#include "backend/sim/hostkeys.h"

#include <stdlib.h>

#include "backend/base/mem.h"

static int
make_one(struct hf_sim_hostkeys *k, size_t i)
{
    ssh_key key = NULL;
    char *base64 = NULL;
    int off = 0, ok = 0;

    k->bind[i] = ssh_bind_new();
    if (!k->bind[i] ||
        ssh_pki_generate(SSH_KEYTYPE_ED25519, 0, &key) != SSH_OK ||
        ssh_pki_export_pubkey_base64(key, &base64) != SSH_OK)
        goto out;
    k->line[i] = hf_xasprintf("ssh-ed25519 %s", base64);
    if (ssh_bind_options_set(k->bind[i], SSH_BIND_OPTIONS_PROCESS_CONFIG,
                             &off) != SSH_OK ||
        ssh_bind_options_set(k->bind[i], SSH_BIND_OPTIONS_IMPORT_KEY, key) !=
            SSH_OK)
        goto out;
    key = NULL; /* the bind's now */
    ok = 1;
out:
    ssh_key_free(key);
    ssh_string_free_char(base64);
    return ok;
}

int
hf_sim_hostkeys_make(struct hf_sim_hostkeys *k, struct hf_err *err)
{
    size_t i;

    for (i = 0; i < HF_SIM_HOSTKEYS; i++) {
        if (!make_one(k, i))
            return hf_fail(err, HF_ERR, "cannot make a host key");
    }
    return HF_OK;
}

void
hf_sim_hostkeys_release(struct hf_sim_hostkeys *k)
{
    size_t i;

    for (i = 0; i < HF_SIM_HOSTKEYS; i++) {
        ssh_bind_free(k->bind[i]);
        free(k->line[i]);
    }
    *k = (struct hf_sim_hostkeys){0};
}
