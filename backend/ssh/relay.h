/*
 * Stands between libssh and ssh-agent and passes their messages on, one
 * question and one answer at a time: to end a wait that libssh would not
 * end, and to see which key signed.
 */
#ifndef HF_SSH_RELAY_H
#define HF_SSH_RELAY_H

#include <stdint.h>

#include "backend/base/err.h"

struct hf_relay {
    const char *socket; /* the agent's */
    int near;           /* our end of the pair whose other end libssh has */
    int stop;           /* readable: give up */
    int64_t deadline;   /* hf_mono() */
    /* results, to be read when the thread has ended */
    int keys;  /* identities of the agent, -1: it did not say */
    int hung;  /* the agent did not answer in time */
    char *key; /* fingerprint of the last key asked to sign, or NULL */
    struct hf_err error; /* code 0: none */
};

/* Runs until libssh's end is closed, `stop` or the deadline; then shuts
 * `near` down, which ends libssh's wait. The signature is pthread's. */
void *hf_relay_run(void *relay);

#endif
