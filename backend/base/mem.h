/*
 * Memory: allocation that ends the program when it fails, and an arena for
 * strings and records that live and die together (a fleet snapshot).
 */
#ifndef HF_BASE_MEM_H
#define HF_BASE_MEM_H

#include <stdarg.h>
#include <stddef.h>

/* Out of memory (or an overflowing product) prints one line and aborts. */
void *hf_xmalloc(size_t size);
void *hf_xcalloc(size_t n, size_t size);
void *hf_xrealloc(void *p, size_t n, size_t size);
char *hf_xstrdup(const char *s); /* NULL gives NULL */
char *hf_xstrndup(const char *s, size_t n);
char *hf_xasprintf(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#define HF_NEW(T) ((T *)hf_xcalloc(1, sizeof(T)))
#define HF_COUNT(a) (sizeof(a) / sizeof((a)[0]))

/*
 * Grows a plain dynamic array held as {T *v; size_t len, cap;} so that one
 * more element fits, and yields a pointer to it, zeroed; len is advanced.
 *     struct hf_fact *f = HF_PUSH(&facts->v, &facts->len, &facts->cap);
 */
#define HF_PUSH(v, len, cap)                                   \
    (hf_array_grow((void **)(v), (len), (cap), sizeof(**(v))), \
     &(*(v))[*(len)-1])
void hf_array_grow(void **v, size_t *len, size_t *cap, size_t size);

struct hf_arena;

struct hf_arena *hf_arena_new(void);
void hf_arena_free(struct hf_arena *arena);
void *hf_arena_alloc(struct hf_arena *arena, size_t size); /* zeroed */
char *hf_arena_strdup(struct hf_arena *arena, const char *s);
char *hf_arena_strndup(struct hf_arena *arena, const char *s, size_t n);
/* Same text gives the same pointer; for rings, sites, tags, users. */
const char *hf_arena_intern(struct hf_arena *arena, const char *s);
size_t hf_arena_size(const struct hf_arena *arena); /* bytes held */

#endif
