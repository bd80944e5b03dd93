/* The arena: blocks that are freed together, and a table of known strings. */
#include "backend/base/mem.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK_SIZE ((size_t)64 * 1024)

struct block {
    struct block *next;
    size_t used, size;
    alignas(max_align_t) char data[];
};

struct hf_arena {
    struct block *blocks; /* the first one is being filled */
    size_t bytes;
    const char **known; /* open addressing, a power of two, or NULL */
    size_t known_len, known_cap;
};

struct hf_arena *
hf_arena_new(void)
{
    return HF_NEW(struct hf_arena);
}

void
hf_arena_free(struct hf_arena *arena)
{
    if (!arena)
        return;
    for (struct block *b = arena->blocks, *next; b; b = next) {
        next = b->next;
        free(b);
    }
    free(arena->known);
    free(arena);
}

static struct block *
block_new(struct hf_arena *arena, size_t size)
{
    struct block *b = hf_xcalloc(1, sizeof(*b) + size);

    b->size = size;
    arena->bytes += sizeof(*b) + size;
    return b;
}

/* A large piece gets a block of its own behind the one being filled. */
static void *
alloc_large(struct hf_arena *arena, size_t size)
{
    struct block *b = block_new(arena, size);

    b->used = size;
    if (arena->blocks) {
        b->next = arena->blocks->next;
        arena->blocks->next = b;
    } else {
        arena->blocks = b;
    }
    return b->data;
}

static void *
alloc_aligned(struct hf_arena *arena, size_t size, size_t align)
{
    struct block *b = arena->blocks;
    size_t start = b ? (b->used + align - 1) & ~(align - 1) : 0;

    if (size > BLOCK_SIZE / 4)
        return alloc_large(arena, size);
    if (!b || start + size > b->size) {
        b = block_new(arena, BLOCK_SIZE);
        b->next = arena->blocks;
        arena->blocks = b;
        start = 0;
    }
    b->used = start + size;
    return b->data + start;
}

void *
hf_arena_alloc(struct hf_arena *arena, size_t size)
{
    return alloc_aligned(arena, size, alignof(max_align_t));
}

char *
hf_arena_strdup(struct hf_arena *arena, const char *s)
{
    return s ? hf_arena_strndup(arena, s, strlen(s)) : NULL;
}

char *
hf_arena_strndup(struct hf_arena *arena, const char *s, size_t n)
{
    size_t len = strnlen(s, n);
    char *copy = alloc_aligned(arena, len + 1, 1);

    memcpy(copy, s, len);
    return copy;
}

static size_t
hash_text(const char *s)
{
    uint64_t h = 14695981039346656037u;

    for (; *s; s++)
        h = (h ^ (unsigned char)*s) * 1099511628211u;
    return (size_t)(h ^ (h >> 32));
}

/* The slot that holds `s`, or the free one where it belongs. */
static const char **
known_slot(const struct hf_arena *arena, const char *s)
{
    size_t mask = arena->known_cap - 1;
    size_t i = hash_text(s) & mask;

    while (arena->known[i] && strcmp(arena->known[i], s) != 0)
        i = (i + 1) & mask;
    return &arena->known[i];
}

static void
known_grow(struct hf_arena *arena)
{
    const char **old = arena->known;
    size_t cap = arena->known_cap;

    arena->known_cap = cap ? cap * 2 : 64;
    arena->known = hf_xcalloc(arena->known_cap, sizeof(*arena->known));
    for (size_t i = 0; i < cap; i++) {
        if (old[i])
            *known_slot(arena, old[i]) = old[i];
    }
    free(old);
}

const char *
hf_arena_intern(struct hf_arena *arena, const char *s)
{
    const char **slot;

    if (!s)
        return NULL;
    if (arena->known_len * 2 >= arena->known_cap)
        known_grow(arena);
    slot = known_slot(arena, s);
    if (!*slot) {
        *slot = hf_arena_strdup(arena, s);
        arena->known_len++;
    }
    return *slot;
}

size_t
hf_arena_size(const struct hf_arena *arena)
{
    return arena->bytes + arena->known_cap * sizeof(*arena->known);
}
