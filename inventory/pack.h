/*
 * Decoded objects as numbers of 32 bits and texts, by the same tables they
 * were decoded with.
 */
#ifndef HF_INVENTORY_PACK_H
#define HF_INVENTORY_PACK_H

#include "backend/base/once.h"
#include "inventory/fields.h"

struct hf_pack {
    struct hf_buf words;
    struct hf_once texts;
};

void hf_pack_release(struct hf_pack *p);
/* Appends an object. Its lists have one kind of element. */
void hf_pack_add(struct hf_pack *p, const struct hf_object *object,
                 const void *from);

/* Packed words and texts, borrowed; what is unpacked borrows the texts and has
 * its lists in the arena. */
struct hf_unpack {
    const uint32_t *words;
    size_t words_len, at;
    const char *texts; /* the last byte is a NUL */
    size_t texts_len;
    struct hf_arena *arena;
};

/* Fills `out` (of object->size bytes) with the object that begins at u->at. A
 * number that leads out of the pack reads as nothing. */
void
hf_pack_get(struct hf_unpack *u, const struct hf_object *object, void *out);

#endif
