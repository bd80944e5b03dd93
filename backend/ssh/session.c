/*
 * libssh with its traps closed. The ones that are not evident:
 *
 * - It makes the socket blocking again when it takes it over; a host that
 *   stops reading would then stop the worker. Non-blocking is set again as
 *   soon as that happened.
 * - With SSH_OPTIONS_FD it sometimes closes the socket and sometimes does
 *   not. The option is taken back as soon as the socket is in use, so that
 *   it always does.
 * - After a disconnect during login it says "again" for ever: ask
 *   hf_libssh_closed after every call.
 * - Requests from the host (channels, forwards) are queued without limit
 *   unless a callback takes them at once.
 */
#include "backend/ssh/session.h"

#include <errno.h>
#include <fcntl.h>
#include <libssh/callbacks.h>
#include <libssh/server.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"
#include "backend/base/text.h"

/* Unknown ones are skipped by libssh. sntrup761 is left out: it costs fifty
 * times as much as curve25519. */
static const char default_kex[] =
    "curve25519-sha256,curve25519-sha256@libssh.org,mlkem768x25519-sha256,"
    "ecdh-sha2-nistp256,ecdh-sha2-nistp384,ecdh-sha2-nistp521,"
    "diffie-hellman-group16-sha512,diffie-hellman-group18-sha512,"
    "diffie-hellman-group-exchange-sha256,diffie-hellman-group14-sha256";

static const char eof_text[] = "Socket error: disconnected";
/* libssh 0.10 closed it by itself, and forgot why when it wrote once more. */
static const char forgotten_text[] = "Socket error: Success";
static const char dismissed_text[] = "Received SSH_MSG_DISCONNECT: ";

static void
no_log(int priority, const char *function, const char *buffer, void *ctx)
{
    (void)priority, (void)function, (void)buffer, (void)ctx;
}

void
hf_libssh_quiet_thread(void)
{
    ssh_set_log_callback(no_log);
    ssh_set_log_level(SSH_LOG_NONE);
}

/* 1: libssh refuses the request for us. */
static int
refuse_request(ssh_session session, ssh_message message, void *ctx)
{
    (void)session, (void)message, (void)ctx;
    return 1;
}

ssh_session
hf_libssh_new(const struct hf_libssh_options *o, struct hf_err *err)
{
    ssh_session session = ssh_new();
    const char *kex = o->kex ? o->kex : default_kex;
    int no = 0;
    // clang-format off
    const struct { enum ssh_options_e option; const void *value; } set[] = {
        {SSH_OPTIONS_PROCESS_CONFIG,    &no},
        {SSH_OPTIONS_HOST,              "host"}, /* for its messages only */
        {SSH_OPTIONS_USER,              o->user},
        {SSH_OPTIONS_SSH_DIR,           "/dev/null"},
        {SSH_OPTIONS_KNOWNHOSTS,        "/dev/null"},
        {SSH_OPTIONS_GLOBAL_KNOWNHOSTS, "/dev/null"},
        {SSH_OPTIONS_HOSTKEYS,          o->algorithms},
        {SSH_OPTIONS_KEY_EXCHANGE,      kex},
        {SSH_OPTIONS_FD,                &o->fd},
    };
    // clang-format on

    if (!session) {
        hf_fail(err, HF_ERR, "libssh cannot make a session");
        return NULL;
    }
    for (size_t i = 0; i < HF_COUNT(set); i++) {
        if (ssh_options_set(session, set[i].option, set[i].value) == SSH_OK)
            continue;
        hf_fail(err, HF_EINVALID, "libssh refused %s",
                set[i].value == kex ? "the key exchange list" : "an option");
        ssh_free(session);
        return NULL;
    }
    ssh_set_blocking(session, 0);
    ssh_set_message_callback(session, refuse_request, NULL);
    return session;
}

int
hf_libssh_kex(ssh_session session, int fd)
{
    static const int none = -1;
    int rc = ssh_connect(session);

    if (ssh_get_fd(session) == fd && !(fcntl(fd, F_GETFL) & O_NONBLOCK)) {
        (void)fcntl(fd, F_SETFL, O_RDWR | O_NONBLOCK);
        (void)ssh_options_set(session, SSH_OPTIONS_FD, &none);
    }
    if (rc == SSH_AGAIN && hf_libssh_closed(session))
        rc = SSH_ERROR;
    return rc;
}

int
hf_libssh_closed(ssh_session session)
{
    return ssh_get_fd(session) < 0 || !ssh_is_connected(session) ||
           ssh_get_status(session) & (SSH_CLOSED | SSH_CLOSED_ERROR);
}

void
hf_libssh_pump(ssh_session session)
{
    /* The one call that only moves packets, whatever the channel's state. */
    (void)ssh_execute_message_callbacks(session);
}

void
hf_libssh_free(ssh_session session, int polite)
{
    if (!session)
        return;
    if (polite && !hf_libssh_closed(session))
        ssh_disconnect(session);
    else
        ssh_silent_disconnect(session);
    ssh_free(session);
}

int
hf_libssh_dismissed(ssh_session session)
{
    return hf_has_prefix(ssh_get_error(session), dismissed_text);
}

char *
hf_libssh_why(ssh_session session)
{
    const char *text = ssh_get_error(session);
    char *clean, *why;

    if (!*text || strcmp(text, eof_text) == 0)
        return hf_xstrdup("the host closed the connection");
    if (strcmp(text, forgotten_text) == 0)
        return hf_xstrdup("the connection broke off, and libssh kept no reason "
                          "(no algorithm in common?)");
    if (!hf_libssh_dismissed(session))
        return hf_sanitised(text);
    text += strlen(dismissed_text);
    text += strspn(text, "0123456789");
    clean = hf_sanitised(*text == ':' ? text + 1 : text);
    why = hf_xasprintf("the host closed the connection: %s", clean);
    free(clean);
    return why;
}

char *
hf_libssh_banner(ssh_session session)
{
    const char *banner = ssh_get_serverbanner(session);

    return banner ? hf_sanitised(banner) : NULL;
}
