/* Login refused, half accepted, cut, or done. */
#include "backend/ssh/auth.h"

#include <stdlib.h>

#include "backend/base/buf.h"
#include "backend/base/mem.h"
#include "backend/ssh/link.h"
#include "backend/ssh/session.h"

// clang-format off
static const struct method {
    int flag;
    const char *name;
} methods[] = {
    {SSH_AUTH_METHOD_PUBLICKEY,   "publickey"},
    {SSH_AUTH_METHOD_PASSWORD,    "password"},
    {SSH_AUTH_METHOD_INTERACTIVE, "keyboard-interactive"},
    {SSH_AUTH_METHOD_HOSTBASED,   "hostbased"},
    {SSH_AUTH_METHOD_GSSAPI_MIC,  "gssapi"},
};
// clang-format on

static char *
accepted_methods(ssh_session session)
{
    int flags = ssh_userauth_list(session, NULL);
    struct hf_buf out = {0};

    for (size_t i = 0; i < HF_COUNT(methods); i++) {
        if (flags & methods[i].flag)
            hf_buf_printf(&out, "%s%s", out.len ? ", " : "", methods[i].name);
    }
    if (!out.len)
        hf_buf_puts(&out, "nothing");
    return hf_buf_take(&out);
}

static void
refused(ssh_session session, const char *user, const char *key,
        struct hf_err *err)
{
    char *list = accepted_methods(session);

    if (key)
        hf_fail(err, hf_net_code(HF_NET_DENIED),
                "login as '%s' refused with key %s", user, key);
    else
        hf_fail(err, hf_net_code(HF_NET_DENIED),
                "login as '%s' refused with every key of ssh-agent", user);
    hf_hint(err,
            "is the public key in that user's authorized_keys? the host "
            "accepts: %s",
            list);
    free(list);
}

static enum hf_net_outcome
cut(ssh_session session, const char *user, struct hf_err *err)
{
    enum hf_net_outcome outcome =
        hf_libssh_dismissed(session) ? HF_NET_DENIED : HF_NET_FAILED;
    char *why = hf_libssh_why(session);

    hf_fail(err, hf_net_code(outcome), "login as '%s' failed: %s", user, why);
    free(why);
    return outcome;
}

enum hf_net_outcome
hf_auth_outcome(ssh_session session, int rc, const char *user, const char *key,
                struct hf_err *err)
{
    if (rc == SSH_AUTH_SUCCESS)
        return HF_NET_DONE;
    if (hf_libssh_closed(session) || rc == SSH_AUTH_ERROR)
        return cut(session, user, err);
    if (rc == SSH_AUTH_PARTIAL) {
        hf_fail(err, hf_net_code(HF_NET_DENIED),
                "the host wants more than a key for user '%s'", user);
        hf_hint(err, "a login with several factors cannot be automated; use "
                     "an account that a key alone may enter");
        return HF_NET_DENIED;
    }
    refused(session, user, key, err);
    return HF_NET_DENIED;
}
