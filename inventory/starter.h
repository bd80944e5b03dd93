/* The files of a new fleet: a row each, the last one without a path. */
#ifndef HF_INVENTORY_STARTER_H
#define HF_INVENTORY_STARTER_H

#include "backend/base/buf.h"

struct hf_starter {
    const char *path;
    void (*write)(struct hf_buf *out, const char *fleet);
};

extern const struct hf_starter hf_starter[];

#endif
