/* The files of a new fleet. */
#ifndef HF_INVENTORY_STARTER_H
#define HF_INVENTORY_STARTER_H

#include "backend/base/buf.h"

struct hf_starter {
    const char *path;
    void (*write)(struct hf_buf *out, const char *fleet);
};

extern const struct hf_starter hf_starter[];
extern const size_t hf_starter_len;

#endif
