/*
 * The keys of every object in a fleet repository, as tables. One decoder
 * reads a text by them and lists all its problems; one writer makes the JSON
 * Schemas from the same rows.
 */
#ifndef HF_INVENTORY_FIELDS_H
#define HF_INVENTORY_FIELDS_H

#include <stddef.h>
#include <stdint.h>

#include "backend/base/json.h"
#include "backend/base/mem.h"
#include "inventory/tokens.h"

/* What stands in the text -> what it becomes at `offset`. */
enum hf_field_type {
    HF_FIELD_TEXT,   /* text -> const char * */
    HF_FIELD_CHOICE, /* one of `names` -> const char * (that of the table) */
    HF_FIELD_ENUM,   /* one of `names` -> int, its index */
    HF_FIELD_INT,    /* whole number, min..max -> int */
    HF_FIELD_BOOL,   /* true or false -> int */
    HF_FIELD_SPAN,   /* "24h" -> int64_t, ms */
    HF_FIELD_DATE,   /* "2026-11-23", RFC 3339 -> int64_t, ms */
    HF_FIELD_OBJECT, /* object -> struct in place, see `of` */
    HF_FIELD_LIST,   /* list of objects -> struct hf_objects: see `of` */
    HF_FIELD_TEXTS,  /* list of text -> const char *const *, NULL-terminated */
    HF_FIELD_PAIRS,  /* object of text -> struct hf_pairs */
    HF_FIELD_TYPE_COUNT
};

enum {
    HF_FIELD_REQUIRED = 1 << 0,
    HF_FIELD_INTERN = 1 << 1, /* text that many hosts share */
    HF_FIELD_SHORT = 1 << 2,  /* OBJECT: plain text stands for its first
                                 field */
    HF_FIELD_UNTIL = 1 << 3,  /* DATE: a plain date means its last second */
    HF_FIELD_FREE = 1 << 4,   /* TEXT: prose, made harmless, not refused */
};

struct hf_object;

struct hf_field {
    const char *key;
    enum hf_field_type type;
    unsigned flags;
    size_t offset;
    int64_t min, max; /* INT: value; TEXT: bytes; TEXTS, LIST, PAIRS: how many;
                         max 0: the type's own limit */
    const char *const *names; /* CHOICE, ENUM; NULL-terminated */
    /* TEXT and each of TEXTS: what is wrong ("is empty"), or NULL */
    const char *(*problem)(const char *text);
    const char *pattern; /* the same for editors, as far as ECMA 262 goes */
    const struct hf_object *of;    /* OBJECT, LIST */
    const struct hf_object *or_of; /* LIST: the other kind of element */
    /* LIST: which of the two; `owner` is the object as far as it is read */
    int (*is_other)(const void *owner);
    const char *help;
};

struct hf_object {
    const char *name; /* in schemas */
    const char *help;
    const struct hf_field *fields; /* ended by a NULL key; at most 32 */
    size_t size;                   /* of the struct */
    const void *defaults;          /* such a struct, or NULL: zeroes */
    /* What is wrong with the fields together, or NULL. */
    const char *(*problem)(const void *object);
};

/* Objects of one kind, side by side. */
struct hf_objects {
    void *v;
    size_t len;
};

/* Reads texts of any object. What it yields lives in the arena. */
struct hf_decoder {
    struct hf_arena *arena;
    struct hf_problems *problems;
    /* the text now being read */
    const char *file;
    const char *text;
    size_t len;
    int over; /* what is there already stands for the defaults */
    /* scratch */
    struct hf_tokens tokens;
    struct hf_buf value;
};

void hf_decoder_release(struct hf_decoder *d);

/*
 * Fills `out` (of object->size bytes) from a whole text. Returns 0, or
 * HF_EINVALID with at least one problem added; all that could be read is in
 * `out` then. `text` is borrowed until the next call (for
 * hf_decoder_problem) and must be followed by a NUL.
 */
int hf_decode(struct hf_decoder *d, void *out, const struct hf_object *object,
              const char *file, const char *text, size_t len);

/* The same over what `out` holds already: a member that the text lacks stays
 * as it is, also within objects in objects; lists are replaced whole. */
int
hf_decode_over(struct hf_decoder *d, void *out, const struct hf_object *object,
               const char *file, const char *text, size_t len);

/* One text by itself: its first problem becomes the error (HF_EINVALID).
 * `path` is for the message; NULL: a text that nobody has seen, without a line
 * to look at. */
int hf_decode_text(struct hf_arena *arena, void *out,
                   const struct hf_object *object, const char *path,
                   const struct hf_buf *text, struct hf_err *err);

/* A problem of the last text, at the value of `path` ("$.ring"). Returns the
 * new element, to add a hint to. */
struct hf_problem *
hf_decoder_problem(struct hf_decoder *d, const char *path, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* Heap text "did you mean 'x'?", or NULL when nothing is near. */
char *hf_did_you_mean(const char *word, const char *const *words);

/* The schema of a file, the caller's text. */
char *hf_schema_text(const struct hf_object *object, const char *title);

#endif
