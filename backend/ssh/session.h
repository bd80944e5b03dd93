/*
 * The calls to libssh that several stages need, with its traps closed: see
 * the comments in session.c.
 */
#ifndef HF_SSH_SESSION_H
#define HF_SSH_SESSION_H

#include <libssh/libssh.h>

#include "backend/base/err.h"

struct hf_libssh_options {
    int fd; /* connected; the session's from the first hf_libssh_kex on */
    const char *user;
    const char *algorithms; /* host key algorithms */
    const char *kex;        /* key exchange list, NULL: ours */
};

/* Log settings of libssh are per thread: call this first in every thread. */
void hf_libssh_quiet_thread(void);

/* Non-blocking, no configuration file, no known_hosts. NULL: a refused
 * option; `err` says which. */
ssh_session
hf_libssh_new(const struct hf_libssh_options *options, struct hf_err *err);
/* Banner and key exchange: SSH_OK, SSH_AGAIN or SSH_ERROR. */
int hf_libssh_kex(ssh_session session, int fd);
/* The connection is over, whatever the last call returned. */
int hf_libssh_closed(ssh_session session);
/* Reads and writes what is ready; callbacks are called. */
void hf_libssh_pump(ssh_session session);
/* Frees it with its channels and socket; polite: says goodbye first. */
void hf_libssh_free(ssh_session session, int polite);

/* What went wrong, in plain words, sanitised; the caller's. */
char *hf_libssh_why(ssh_session session);
/* The host ended the connection with a message of its own. */
int hf_libssh_dismissed(ssh_session session);
/* The version line, sanitised; the caller's, or NULL before it came. */
char *hf_libssh_banner(ssh_session session);

#endif
