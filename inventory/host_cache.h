/*
 * Host files as they were decoded the last time, by object id: what is in it
 * need be neither read nor checked again. Only sound files are in it.
 */
#ifndef HF_INVENTORY_HOST_CACHE_H
#define HF_INVENTORY_HOST_CACHE_H

#include <git2.h>

#include "inventory/documents.h"

struct hf_host_cache;

/* What was saved at `path` (NULL: nowhere), or an empty one. What is found in
 * it lives in the arena. */
struct hf_host_cache *
hf_host_cache_open(const char *path, struct hf_arena *arena);
void hf_host_cache_free(struct hf_host_cache *c);

/* 1: it was there. */
int hf_host_cache_find(struct hf_host_cache *c, const git_oid *id,
                       struct hf_host_doc *out);
/* A sound one that was not there. Copies. */
void hf_host_cache_add(struct hf_host_cache *c, const git_oid *id,
                       const struct hf_host_doc *doc);
/* Keeps those that were found or added, when it is worth the writing. */
void hf_host_cache_save(struct hf_host_cache *c, const char *path);

#endif
