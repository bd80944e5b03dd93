/* The keys that simulated hosts show: one for each, made when it is wanted
 * first (0.1 ms), and one more that no inventory knows. */
#ifndef HF_SIM_HOSTKEYS_H
#define HF_SIM_HOSTKEYS_H

#include <libssh/server.h>
#include <pthread.h>
#include <stddef.h>

#include "backend/base/err.h"

struct hf_sim_hostkey {
    ssh_key key; /* NULL: not made yet */
    char *line;  /* "ssh-ed25519 AAAA..." */
};

struct hf_sim_hostkeys {
    pthread_mutex_t lock; /* over v: hosts' lines are asked from any thread */
    struct hf_sim_hostkey *v;
    size_t hosts;
    ssh_bind bind; /* sessions begin with it; the server's thread's */
};

/* Release it also after a failure. */
int hf_sim_hostkeys_init(struct hf_sim_hostkeys *k, size_t hosts,
                         struct hf_err *err);
void hf_sim_hostkeys_release(struct hf_sim_hostkeys *k);
/* Borrowed, or NULL when it cannot be made. Any thread. */
const char *hf_sim_hostkeys_line(struct hf_sim_hostkeys *k, size_t host);
/* A bind whose sessions show this host's key (host == hosts: the one that
 * nobody knows) and this banner. NULL when it cannot be made; valid until the
 * next call. */
ssh_bind hf_sim_hostkeys_bind(struct hf_sim_hostkeys *k, size_t host,
                              const char *banner);

/* "type base64 [comment]": the key that may log in; the caller's. */
int hf_sim_login_key(ssh_key *out, const char *line, struct hf_err *err);

#endif
