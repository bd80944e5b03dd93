/* Work that is tried again, each time after a longer pause. */
#ifndef HF_INVENTORY_BACKOFF_H
#define HF_INVENTORY_BACKOFF_H

#include <stdint.h>

#include "backend/base/time.h"

#define HF_BACKOFF_FIRST_MS 1000

/* {0}: nothing failed so far. */
struct hf_backoff {
    int64_t next;  /* hf_mono(); not before */
    int64_t pause; /* after the last failure */
};

static inline void
hf_backoff_fail(struct hf_backoff *b, int64_t longest)
{
    b->pause = b->pause ? 2 * b->pause : HF_BACKOFF_FIRST_MS;
    if (b->pause > longest)
        b->pause = longest;
    b->next = hf_mono() + b->pause;
}

#endif
