/*
 * Child processes with a deadline: posix_spawn, close-on-exec everywhere, no
 * shell, output captured and capped.
 */
#ifndef HF_BASE_CHILD_H
#define HF_BASE_CHILD_H

#include <stddef.h>
#include <stdint.h>

#include "backend/base/buf.h"
#include "backend/base/err.h"

struct hf_child {
    const char *const *argv; /* NULL-terminated; argv[0] searched in PATH */
    const char *const *env;  /* extra "K=V", NULL-terminated, or NULL */
    const char *cwd;         /* or NULL */
    const void *input;       /* standard input, or NULL: the null device */
    size_t input_len;
    int64_t timeout_ms; /* then TERM, 2 s later KILL */
    size_t max_output;  /* kept of each stream; the rest is dropped */
    /* results */
    struct hf_buf out, err;
    int status; /* exit status, or 128 + signal */
};

/* 0 when it ran and ended by itself (whatever its status); HF_ENOTFOUND no
 * such program; HF_ETIMEOUT killed by us. Release out and err after use. */
int hf_child_run(struct hf_child *c, struct hf_err *err);

#endif
