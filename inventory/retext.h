/*
 * Changing one member of a JSON text and nothing else: order, spacing and
 * line ends of the rest stay as the author wrote them, so that a commit shows
 * one line.
 */
#ifndef HF_INVENTORY_RETEXT_H
#define HF_INVENTORY_RETEXT_H

#include "backend/base/buf.h"
#include "backend/base/err.h"

/* All of these: `text` is changed in place; HF_EINVALID (text untouched) when
 * it is no JSON object. `value` is JSON text. */

/* Sets member `key` of the document, at its place or as the last one. */
int hf_retext_set(struct hf_buf *text, const char *key, const char *value,
                  struct hf_err *err);
/* Takes it out; fine when it is not there. */
int hf_retext_remove(struct hf_buf *text, const char *key, struct hf_err *err);
/* Appends to the list `key`; makes the list when it is missing. HF_EINVALID
 * when it is no list. `value` may have several lines: they are indented. */
int hf_retext_append(struct hf_buf *text, const char *key, const char *value,
                     struct hf_err *err);
/* Takes the `nth` element out of the list `key`, which has one. */
int hf_retext_drop(struct hf_buf *text, const char *key, size_t nth,
                   struct hf_err *err);

/* A text as a JSON string with its quotes, the caller's. */
char *hf_retext_quote(const char *text);

#endif
