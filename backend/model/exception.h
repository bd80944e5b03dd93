/*
 * Exceptions: hosts that are excused from patching until a day, by somebody
 * who answers for it. Files exceptions/<id>.json of the fleet. An exception
 * keeps hosts as they are, as a hold does, and ends by itself.
 */
#ifndef HF_MODEL_EXCEPTION_H
#define HF_MODEL_EXCEPTION_H

#include "backend/model/scope.h"
#include "backend/model/status.h"

/* So long before its end an exception is pointed out: ms. */
#define HF_EXCEPTION_WARNING (7 * (int64_t)24 * 60 * 60 * 1000)
/* One that lasts longer has an end in name only. */
#define HF_EXCEPTION_LONG (366 * (int64_t)24 * 60 * 60 * 1000)

/* Strings live in the fleet's arena; absent ones are NULL. */
struct hf_exception {
    const char *id;
    const char *owner;   /* who answers for it */
    const char *ticket;  /* where it was agreed */
    const char *reason;  /* why the hosts cannot be patched */
    const char *control; /* what protects them meanwhile */
    struct hf_scope scope;
    int64_t until;    /* ms; passed: the exception is over */
    const char *by;   /* who wrote it, when a verb did */
    int64_t since;    /* ms; 0: not stated */
    const char *note; /* for people */
    const char *path; /* its file */
    char blob[41];    /* object id of that file */
};

/* One host of one exception. */
struct hf_excuse {
    const struct hf_host *host;
    const struct hf_exception *exception;
};

/* Looks up the hosts of fleet->exceptions, into the fleet's arena; once, when
 * hosts and exceptions are complete. */
void hf_exceptions_bind(struct hf_fleet *fleet);

/* What excuses a host of this fleet at `now`: of several the one that ends
 * last; NULL: nothing. */
const struct hf_exception *
hf_exception_of(const struct hf_fleet *fleet, const struct hf_host *host,
                int64_t now);
/* NULL: no such exception, whether over or not. */
const struct hf_exception *
hf_exception_find(const struct hf_fleet *fleet, const char *id);
int hf_exception_is_over(const struct hf_exception *e, int64_t now);
/* 1: it holds, and ends within HF_EXCEPTION_WARNING. */
int hf_exception_ends_soon(const struct hf_exception *e, int64_t now);
/* "excepted until 2026-12-31 (CHG-17, ann): year end". */
void hf_exception_say(char why[HF_WHY_LEN], const struct hf_exception *e);

#endif
