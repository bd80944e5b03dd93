/*
 * What a kernel module says about itself: its .modinfo section. The file is
 * foreign; every offset in it is checked.
 */
#ifndef HF_INVENTORY_MODINFO_H
#define HF_INVENTORY_MODINFO_H

#include <stddef.h>

#include "backend/base/err.h"

/* Empty texts where the module does not say it. */
struct hf_modinfo {
    char name[64]; /* as the kernel will call it */
    char vermagic[256];
    char kernel[128]; /* its first word: the release it was built for */
    char version[64];
    char depends[512]; /* comma-separated */
    int livepatch;     /* 1: marked as a livepatch */
};

/* HF_EINVALID: no 64-bit little-endian ELF module, or damaged. Compressed
 * modules are named as such. */
int hf_modinfo_read(struct hf_modinfo *out, const void *file, size_t len,
                    struct hf_err *err);

#endif
