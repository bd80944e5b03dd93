/* Equal things once: open addressing, at most half full. */
#include "backend/base/once.h"

#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"

void
hf_once_release(struct hf_once *o)
{
    hf_buf_release(&o->all);
    free(o->slots);
    *o = (struct hf_once){0};
}

static uint64_t
hash_of(const void *data, size_t len)
{
    const unsigned char *p = data;
    uint64_t hash = len, word;

    for (; len >= sizeof(word); p += sizeof(word), len -= sizeof(word)) {
        memcpy(&word, p, sizeof(word));
        hash = (hash ^ word) * 0x9e3779b97f4a7c15u;
        hash ^= hash >> 32;
    }
    for (word = 0; len > 0; len--)
        word = word << 8 | p[len - 1];
    hash = (hash ^ word) * 0x9e3779b97f4a7c15u;
    return hash >> 32;
}

static void
grow(struct hf_once *o)
{
    uint64_t *old = o->slots;
    size_t old_size = o->size;

    o->size = old_size ? old_size * 2 : 1024;
    o->slots = hf_xcalloc(o->size, sizeof(*o->slots));
    for (size_t i = 0; i < old_size; i++) {
        size_t slot = (size_t)(old[i] >> 32) & (o->size - 1);

        while (old[i] && o->slots[slot])
            slot = (slot + 1) & (o->size - 1);
        if (old[i])
            o->slots[slot] = old[i];
    }
    free(old);
}

uint32_t
hf_once_add(struct hf_once *o, size_t unit, const void *data, size_t len)
{
    uint64_t hash = hash_of(data, len);
    size_t slot;

    if (o->used * 2 >= o->size)
        grow(o);
    for (slot = (size_t)hash & (o->size - 1); o->slots[slot];
         slot = (slot + 1) & (o->size - 1)) {
        uint32_t place = (uint32_t)(o->slots[slot] & UINT32_MAX);
        size_t at = place * unit;

        if (o->slots[slot] >> 32 == hash && o->all.len - at >= len &&
            memcmp(o->all.data + at, data, len) == 0)
            return place;
    }
    o->slots[slot] = hash << 32 | o->all.len / unit;
    o->used++;
    hf_buf_add(&o->all, data, len);
    return (uint32_t)(o->slots[slot] & UINT32_MAX);
}

uint32_t
hf_once_text(struct hf_once *o, const char *text)
{
    if (!o->all.len)
        hf_buf_add(&o->all, "", 1);
    return text ? hf_once_add(o, 1, text, strlen(text) + 1) : 0;
}
