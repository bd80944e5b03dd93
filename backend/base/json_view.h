/*
 * A JSON document to look into, made for reading very many of them: one pass
 * and no memory of its own for each value. It takes what hf_json_parse takes,
 * and refuses what that refuses.
 */
#ifndef HF_BASE_JSON_VIEW_H
#define HF_BASE_JSON_VIEW_H

#include <stddef.h>
#include <stdint.h>

#include "backend/base/err.h"

enum hf_view_kind {
    HF_VIEW_NUMBER, /* which, is not kept */
    HF_VIEW_NULL,
    HF_VIEW_FALSE,
    HF_VIEW_TRUE,
    HF_VIEW_TEXT,
    HF_VIEW_OBJECT,
    HF_VIEW_ARRAY
};

/* A value. Borrowed from its view, as are its texts. */
struct hf_view_node {
    const char *key;  /* of a member, else NULL */
    const char *text; /* HF_VIEW_TEXT, else NULL */
    enum hf_view_kind kind;
    uint32_t len;  /* members or elements */
    uint32_t next; /* so many nodes on stands its next sibling; 0: none */
};

struct hf_view {
    struct hf_view_node *v; /* the document is the first one */
    size_t len, cap;
    char *text;            /* a copy, cut into strings */
    struct hf_arena *more; /* what is not in it as it is, or NULL */
};

/* {0} is empty. HF_EINVALID, as hf_json_parse says it. */
int hf_view_parse(struct hf_view *v, const char *text, size_t len,
                  struct hf_err *err);
void hf_view_release(struct hf_view *v);
/* Lets go of the nodes; texts stay. */
void hf_view_fold(struct hf_view *v);
/* A copy that lives as long as the view. */
const char *hf_view_keep(struct hf_view *v, const char *text);

/* Absent, of another type, or in NULL: NULL. */
const struct hf_view_node *
hf_view_get(const struct hf_view_node *object, const char *key);
const char *hf_view_str(const struct hf_view_node *object, const char *key);
/* 1: it is there, and true. */
int hf_view_is_true(const struct hf_view_node *object, const char *key);
/* Whether a member has that name. */
int hf_view_is(const struct hf_view_node *node, const char *key);
/* Members or elements, one after the other. */
const struct hf_view_node *hf_view_first(const struct hf_view_node *of);
const struct hf_view_node *hf_view_next(const struct hf_view_node *node);

#endif
