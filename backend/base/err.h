/*
 * Errors: a code that callers act on, a sentence for people, an optional
 * next step. Results are 0 or a negative enum hf_code.
 */
#ifndef HF_BASE_ERR_H
#define HF_BASE_ERR_H

#include <stdarg.h>

enum hf_code {
    HF_OK = 0,
    HF_ERR = -1,           /* failed, no caller acts differently */
    HF_EUSAGE = -2,        /* wrong command line */
    HF_EINVALID = -3,      /* bad content: inventory, catalogue, JSON, name */
    HF_ENOTFOUND = -4,     /* no such file, object, host, run */
    HF_EEXISTS = -5,       /* already there */
    HF_EIO = -6,           /* reading or writing failed */
    HF_ENOSPACE = -7,      /* disk full */
    HF_EDENIED = -8,       /* permission, ownership, read-only */
    HF_ETIMEOUT = -9,      /* a deadline of ours passed */
    HF_EREFUSED = -10,     /* host key or login refused */
    HF_EUNREACHABLE = -11, /* no connection */
    HF_ELOST = -12,        /* connection lost: remote state is unknown */
    HF_EREPLY = -13,       /* reply incomplete or not ours */
    HF_ELOCKED = -14,      /* somebody else holds the lock */
    HF_EMOVED = -15,       /* compare-and-swap lost: ref moved */
    HF_EDIRTY = -16,       /* path has uncommitted changes */
    HF_ESTALE = -17,       /* plan or catalogue too old */
    HF_ECANCELLED = -18,   /* interrupted by a person */
    HF_EUNSUPPORTED = -19, /* this build or host cannot */
    HF_ELIMIT = -20,       /* too many, too large, too deep */
};

struct hf_err {
    int code;
    char text[1024]; /* plain words, lower case, sanitised, no full stop */
    char hint[512];  /* next step, or empty */
};

/* clang-format off */
#define HF_ERR_INIT {0}
/* clang-format on */

/* Sets code and text (replacing both, clearing the hint); returns `code`. */
int hf_fail(struct hf_err *err, int code, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* Like hf_fail with ": <strerror>" appended; maps ENOSPC, EACCES, ENOENT,
 * EEXIST, ETIMEDOUT to their codes. */
int hf_fail_errno(struct hf_err *err, int errnum, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* Puts "<context>: " before the text; returns err->code. */
int hf_wrap(struct hf_err *err, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* Sets the next step; returns err->code. */
int hf_hint(struct hf_err *err, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* The code's stable name as used in JSON ("ok", "timeout", ...); "error" for
 * an unknown code. Borrowed for ever. */
const char *hf_code_name(int code);

#endif
