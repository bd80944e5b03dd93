/*
 * One value on its way from a text into a struct. For fields.c and slot.c.
 */
#ifndef HF_INVENTORY_SLOT_H
#define HF_INVENTORY_SLOT_H

#include "inventory/fields.h"

#define HF_SLOT_MAX_TEXT 1024 /* bytes, unless the field says otherwise */

/* Where a value stands: what messages name. */
struct hf_place {
    const struct hf_place *up; /* NULL: the document */
    const char *key;           /* NULL: an element */
    size_t index;
};

struct hf_slot {
    const struct hf_field *field;
    const struct hf_token *token;
    const struct hf_place *place;
    void *out;
    const void *owner; /* the struct that `out` is in */
};

/* A problem at a value, or (at_key) at its name; the new element. */
struct hf_problem *
hf_slot_complain(struct hf_decoder *d, const struct hf_place *place, int at_key,
                 const char *fmt, ...) __attribute__((format(printf, 4, 5)));
/* "wants <wanted>, found ..." */
void hf_slot_refuse(struct hf_decoder *d, const struct hf_slot *s,
                    const char *wanted);

/* The field's max, or the other one when it has none. */
size_t hf_slot_limit(const struct hf_field *field, size_t otherwise);
/* The text of a value by the rules of its field, or NULL after a problem. */
const char *
hf_slot_text(struct hf_decoder *d, const struct hf_slot *s, size_t max);

/* Decoders of values that hold no others. */
void hf_slot_decode_text(struct hf_decoder *d, const struct hf_slot *s);
void hf_slot_decode_choice(struct hf_decoder *d, const struct hf_slot *s);
void hf_slot_decode_enum(struct hf_decoder *d, const struct hf_slot *s);
void hf_slot_decode_int(struct hf_decoder *d, const struct hf_slot *s);
void hf_slot_decode_bool(struct hf_decoder *d, const struct hf_slot *s);
void hf_slot_decode_span(struct hf_decoder *d, const struct hf_slot *s);
void hf_slot_decode_date(struct hf_decoder *d, const struct hf_slot *s);

#endif
