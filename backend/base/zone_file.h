/*
 * Zone files (RFC 9636) as a table of changes. For zone*.c only.
 */
#ifndef HF_BASE_ZONE_FILE_H
#define HF_BASE_ZONE_FILE_H

#include <stddef.h>
#include <stdint.h>

#include "backend/base/err.h"

/* From `at` (ms) on, the clock is `offset` seconds east of UTC. */
struct hf_zone_change {
    int64_t at;
    int32_t offset;
    char abbr[12];
};

/* Sorted; the first one is from ever (INT64_MIN). */
struct hf_zone_changes {
    struct hf_zone_change *v;
    size_t len, cap;
};

struct hf_zone {
    const char *name;
    const struct hf_zone_change *v;
    size_t len;
};

/* The heap array in `out` is the caller's, also after a failure. */
int hf_zone_file_read(struct hf_zone_changes *out, const void *data, size_t len,
                      struct hf_err *err);

/* Adds what a footer such as "CET-1CEST,M3.5.0,M10.5.0/3" says for the years
 * after the last change, up to 2100. HF_EINVALID: not such a text. */
int hf_zone_rule_add(struct hf_zone_changes *out, const char *rule,
                     struct hf_err *err);

#endif
