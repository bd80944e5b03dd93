/*
 * Files that others publish or export, as they come in.
 */
#ifndef HF_INVENTORY_FEED_H
#define HF_INVENTORY_FEED_H

#include "backend/base/json.h"
#include "backend/base/mem.h"

#define HF_FEED_MAX (64u << 20)

/* A file that was read; borrowed. */
struct hf_feed {
    const char *name;
    const char *text;
    size_t len;
};

/* Its JSON, the caller's. HF_EINVALID: it is none, and what it is instead (a
 * page of a proxy, XML); HF_ELIMIT: more than HF_FEED_MAX bytes. */
int hf_feed_parse(cJSON **out, const char *file, const char *text, size_t len,
                  struct hf_err *err);

/* Texts of a list, kept in an arena; NULL-terminated. */
struct hf_words {
    const char **v;
    size_t len, cap;
};
/* Adds it unless it is there: 1 when it was added. */
int
hf_words_add(struct hf_words *words, struct hf_arena *arena, const char *text);

#endif
