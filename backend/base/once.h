/*
 * Things of which many are equal, each kept once, one behind the other: a
 * thing is known by its place. {0} is empty.
 */
#ifndef HF_BASE_ONCE_H
#define HF_BASE_ONCE_H

#include <stdint.h>

#include "backend/base/buf.h"

struct hf_once {
    struct hf_buf all; /* others may append to it, too */
    /* By what they hold: (hash << 32 | place), 0 = free. */
    uint64_t *slots;
    size_t size, used;
};

void hf_once_release(struct hf_once *o);
/* Where `data` stands in o->all, in pieces of `unit` bytes: behind everything
 * else when it is new. The first place is never one: begin with a piece that
 * nobody means. */
uint32_t
hf_once_add(struct hf_once *o, size_t unit, const void *data, size_t len);
/* A text with its NUL, in bytes; 0: NULL. */
uint32_t hf_once_text(struct hf_once *o, const char *text);

#endif
