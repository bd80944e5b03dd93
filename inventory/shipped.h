/*
 * The catalogue that comes with the program: the files of
 * inventory/catalogue, put into the program when it is built.
 */
#ifndef HF_INVENTORY_SHIPPED_H
#define HF_INVENTORY_SHIPPED_H

#include <stddef.h>

struct hf_shipped {
    const char *name; /* "linux.json" */
    const char *text; /* followed by a NUL */
    size_t len;
};

/* Ended by a NULL name. */
extern const struct hf_shipped hf_shipped_catalogue[];

#endif
