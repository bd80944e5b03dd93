/* Whether a view of a document says what its tree says. */
#ifndef TESTS_SUPPORT_VIEW_H
#define TESTS_SUPPORT_VIEW_H

#include <string.h>

#include "backend/base/json.h"
#include "backend/base/json_view.h"

static inline enum hf_view_kind
kind_of(const cJSON *item)
{
    return cJSON_IsString(item)   ? HF_VIEW_TEXT
           : cJSON_IsObject(item) ? HF_VIEW_OBJECT
           : cJSON_IsArray(item)  ? HF_VIEW_ARRAY
           : cJSON_IsTrue(item)   ? HF_VIEW_TRUE
           : cJSON_IsFalse(item)  ? HF_VIEW_FALSE
           : cJSON_IsNull(item)   ? HF_VIEW_NULL
                                  : HF_VIEW_NUMBER;
}

static inline int
same_view_text(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

static inline int
view_says(const struct hf_view_node *node, const cJSON *item)
{
    const struct hf_view_node *inner = hf_view_first(node);
    const cJSON *one;
    uint32_t n = 0;

    if (node->kind != kind_of(item) ||
        !same_view_text(node->key, item->string) ||
        !same_view_text(node->text, cJSON_GetStringValue(item)))
        return 0;
    cJSON_ArrayForEach(one, item)
    {
        if (!inner || !view_says(inner, one))
            return 0;
        inner = hf_view_next(inner);
        n++;
    }
    return !inner && n == node->len;
}

/* 1: both refuse the text, or both take it and say the same. */
static inline int
view_agrees(const char *text, size_t len)
{
    struct hf_err err = HF_ERR_INIT, view_err = HF_ERR_INIT;
    struct hf_view view = {0};
    cJSON *doc = NULL;
    int parsed = hf_json_parse(&doc, text, len, &err);
    int viewed = hf_view_parse(&view, text, len, &view_err);
    int agrees = parsed == viewed && strcmp(err.text, view_err.text) == 0 &&
                 (parsed < 0 || view_says(view.v, doc));

    hf_view_release(&view);
    cJSON_Delete(doc);
    return agrees;
}

#endif
