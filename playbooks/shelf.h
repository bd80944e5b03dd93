/*
 * Records of many hosts, packed: every text stands once, what the facts of
 * alike hosts are called stands once, and a record is a row of numbers. Made
 * by adding, then only read; its image can be kept in a file.
 */
#ifndef HF_PLAYBOOKS_SHELF_H
#define HF_PLAYBOOKS_SHELF_H

#include "backend/base/buf.h"
#include "backend/model/state.h"

struct shelf_item {
    const char *name; /* of the host */
    const char *net;  /* outcome of its last contact, or "" */
    /* The pinned key under which record.recent.machine_id was seen, or NULL */
    const char *hostkey;
    struct hf_record record;
};

struct shelf_maker;

struct shelf_maker *shelf_maker_new(void);
/* Copies. Of two items with one name the first counts. */
void shelf_add(struct shelf_maker *m, const struct shelf_item *item);
/* The same, whoever has its name; the place that it gets. */
size_t shelf_put(struct shelf_maker *m, const struct shelf_item *item);

struct shelf;

/* What another one holds. */
void shelf_add_all(struct shelf_maker *to, const struct shelf *from);
/* Frees the maker. */
struct shelf *shelf_make(struct shelf_maker *m);
/* From an image that begins at `from` of `buf` (a multiple of 8). Takes buf's
 * content, also when it fails: NULL, it is none. */
struct shelf *shelf_open(struct hf_buf *buf, size_t from);
/* From an image that stays the caller's and outlives it; NULL: it is none. */
struct shelf *shelf_lend(const char *image, size_t len);
void shelf_free(struct shelf *s);
/* The image; borrowed. */
const void *shelf_image(const struct shelf *s, size_t *len);

size_t shelf_len(const struct shelf *s);
/* Borrowed from the shelf. */
const char *shelf_name(const struct shelf *s, size_t i);
const char *shelf_net(const struct shelf *s, size_t i);
/* The level of the record's last run. */
const char *shelf_level(const struct shelf *s, size_t i);
/* Fills `out`, whose texts and facts borrow from the shelf; release its
 * record. Several threads may. */
void shelf_get(const struct shelf *s, size_t i, struct shelf_item *out);
/* One fact's value alone, of the record's baseline or facts; borrowed from the
 * shelf. NULL: absent or unknown. */
const char *
shelf_fact(const struct shelf *s, size_t i, int baseline, const char *key);

#endif
