/* Key exchange, and the host key against the pinned one. */
#include <stdlib.h>
#include <string.h>

#include "backend/base/time.h"
#include "backend/ssh/hostkey.h"
#include "backend/ssh/session.h"
#include "backend/ssh/stages.h"
#include "backend/ssh/worker.h"

/* ---- key exchange ---- */

void
hf_link_connected(struct hf_link *link)
{
    const struct hf_libssh_options options = {
        .fd = link->fd,
        .user = link->user,
        .algorithms = hf_hostkey_algorithms(link->hostkey),
        .kex = link->worker->options.kex,
    };
    struct hf_err err = HF_ERR_INIT;

    freeaddrinfo(link->addresses);
    link->addresses = link->trying = NULL;
    if (!(link->session = hf_libssh_new(&options, &err))) {
        hf_link_fail(link, HF_NET_FAILED, &err);
        return;
    }
    hf_link_enter(link, HF_STAGE_KEX);
    hf_step_kex(link);
}

void
hf_late_kex(struct hf_link *link)
{
    enum hf_net_outcome outcome;
    struct hf_err err = HF_ERR_INIT;
    char span[HF_TIME_LEN];

    link->banner = hf_libssh_banner(link->session);
    outcome = link->banner ? HF_NET_FAILED : HF_NET_UNREACHABLE;
    hf_span_format(span, hf_link_run(link)->limits.kex);
    if (link->banner) {
        hf_fail(&err, hf_net_code(outcome),
                "the key exchange did not end within %s", span);
    } else {
        hf_fail(&err, hf_net_code(outcome),
                "%s port %d accepts connections, but sent no SSH banner "
                "within %s",
                link->address, link->port, span);
        hf_hint(&err, "is it an SSH server? a machine that is still starting "
                      "looks like this, too");
    }
    hf_link_fail(link, outcome, &err);
}

static void
fail_kex(struct hf_link *link)
{
    enum hf_net_outcome outcome =
        link->banner ? HF_NET_FAILED : HF_NET_UNREACHABLE;
    struct hf_err err = HF_ERR_INIT;
    char *why = hf_libssh_why(link->session);

    hf_fail(&err, hf_net_code(outcome), "%s %s: %s",
            link->banner ? "no key exchange with" : "no SSH banner from",
            link->address, why);
    if (!link->banner)
        hf_hint(&err, "is it an SSH server? one that is overloaded "
                      "(MaxStartups) closes connections like this, too");
    hf_link_fail(link, outcome, &err);
    free(why);
}

/* ---- host key ---- */

static void
fail_hostkey(struct hf_link *link)
{
    struct hf_err err = HF_ERR_INIT;
    char *pinned = NULL;
    int type = link->shown_key ? (int)strcspn(link->shown_key, " ") : 0;

    if (!link->shown_key) {
        hf_fail(&err, hf_net_code(HF_NET_HOSTKEY),
                "the host's key is of no known type");
    } else if (!link->hostkey) {
        hf_fail(&err, hf_net_code(HF_NET_HOSTKEY),
                "no host key is pinned; the host shows %s (%.*s)",
                link->shown_print, type, link->shown_key);
        hf_hint(&err,
                "compare it with a fingerprint obtained elsewhere, then run "
                "'hotfleet enroll %s'",
                link->name);
    } else {
        pinned = hf_hostkey_fingerprint(link->hostkey);
        hf_fail(&err, hf_net_code(HF_NET_HOSTKEY),
                "the host key changed: %s (%.*s) is pinned, the host shows %s "
                "(%.*s)",
                pinned, (int)strcspn(link->hostkey, " "), link->hostkey,
                link->shown_print, type, link->shown_key);
        hf_hint(&err,
                "somebody may sit in between: find out why it changed; then "
                "'hotfleet enroll %s' pins the new one",
                link->name);
    }
    free(pinned);
    hf_link_fail(link, HF_NET_HOSTKEY, &err);
}

/* Reads the key that the host proved to have. */
static void
see_hostkey(struct hf_link *link)
{
    ssh_key key = NULL;

    if (ssh_get_server_publickey(link->session, &key) != SSH_OK)
        return;
    link->shown_key = hf_hostkey_text(key);
    link->shown_print = hf_key_fingerprint(key);
    ssh_key_free(key);
}

void
hf_step_kex(struct hf_link *link)
{
    int rc = hf_libssh_kex(link->session, link->fd);

    if (rc == SSH_AGAIN) {
        hf_link_listen(link, 0);
        return;
    }
    link->banner = hf_libssh_banner(link->session);
    if (rc != SSH_OK) {
        fail_kex(link);
        return;
    }
    see_hostkey(link);
    if (hf_link_run(link)->kind == HF_REQUEST_SCAN && link->shown_key)
        hf_link_done(link);
    else if (link->shown_key && link->hostkey &&
             strcmp(link->shown_key, link->hostkey) == 0)
        hf_link_login(link);
    else
        fail_hostkey(link);
}
