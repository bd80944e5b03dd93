/* Which hosts of a run are worth doing again: groups by how they ended. */
#ifndef HF_MODEL_RETRY_H
#define HF_MODEL_RETRY_H

#include "backend/model/rollout.h"

enum hf_retry_group {
    HF_RETRY_FAILED,
    HF_RETRY_NOT_STARTED, /* also: locked by others, its window closed */
    HF_RETRY_UNREACHABLE, /* also: login refused, not seen */
    HF_RETRY_UNVERIFIED,
    HF_RETRY_GROUP_COUNT
};

struct hf_retry_row {
    const char *name; /* "notstarted" */
    const char *help;
    unsigned outcomes; /* bits 1 << enum hf_outcome */
};
extern const struct hf_retry_row hf_retry_rows[HF_RETRY_GROUP_COUNT];

/* The group of a host, or -1: it ended as wanted, was left out on purpose, or
 * is under way. */
int hf_retry_group_of(const struct hf_slot *slot);
/* "failed", "failed+notstarted", "all" as bits 1 << group. HF_EUSAGE names
 * the words there are. */
int hf_retry_parse(unsigned *out, const char *words, struct hf_err *err);
/* And back; caller's. */
char *hf_retry_format(unsigned groups);

#endif
