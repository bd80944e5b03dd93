/*
 * How a kind of host is spoken to: the constant command, how a script with
 * its values becomes standard input, and how the answer becomes facts.
 */
#ifndef HF_DRIVERS_DIALECT_H
#define HF_DRIVERS_DIALECT_H

#include "backend/base/buf.h"
#include "backend/base/err.h"
#include "backend/drivers/script.h"
#include "backend/model/action.h"
#include "backend/model/facts.h"

#define HF_NONCE_LEN 33 /* 32 hex digits */

struct hf_reply {
    struct hf_facts values; /* key=value as sent, decoded, sanitised;
                               "key?=why" lines become unknown facts */
    int exit_status;        /* the script's own, from the end line */
};
void hf_reply_release(struct hf_reply *r);

struct hf_dialect {
    const char *name;             /* "sh", "powershell" */
    const char *command;          /* runs a script as the login */
    const char *command_elevated; /* the same with rights (sudo -n) */
    const char *upload;           /* receives a file, as the login */
    const char *upload_elevated;
    const char *body;   /* name of the job's body in the job folder */
    const char *log;    /* where the job logs, for people */
    int64_t poll_pause; /* ms between two polls of a job at most */
    /* Script with values to standard input. HF_EINVALID for a bad name or a
     * value with NUL. */
    int (*encode)(struct hf_buf *out, const struct hf_script *script,
                  const struct hf_params *params, const char *nonce,
                  struct hf_err *err);
    /* Standard input of an upload: header line, then the bytes. */
    int (*encode_upload)(struct hf_buf *out, const char *name, const void *data,
                         size_t len, const char *nonce, struct hf_err *err);
    /* HF_EREPLY when begin, end, nonce, count or a line is wrong: nothing of
     * it may be believed. Text around the frame (motd) is passed over. */
    int (*decode)(struct hf_reply *out, const char *text, size_t len,
                  const char *nonce, int64_t at, struct hf_err *err);
};

/* What encoders refuse with HF_EINVALID: names that are not upper case letters,
 * digits and '_', from a letter on; nonces that are not 32 hex digits. */
int hf_param_check_name(const char *name, struct hf_err *err);
int hf_nonce_check(const char *nonce, struct hf_err *err);

extern const struct hf_dialect hf_dialect_sh;
extern const struct hf_dialect hf_dialect_powershell;

#endif
