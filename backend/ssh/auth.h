/* What the answer to a login means. */
#ifndef HF_SSH_AUTH_H
#define HF_SSH_AUTH_H

#include <libssh/libssh.h>

#include "backend/ssh/transport.h"

/* `rc` is what an ssh_userauth_* call returned. HF_NET_DONE: logged in. Else
 * err says who was refused with which key (NULL: not known). */
enum hf_net_outcome
hf_auth_outcome(ssh_session session, int rc, const char *user, const char *key,
                struct hf_err *err);

#endif
