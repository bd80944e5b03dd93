/*
 * The selector language: one parser for
 * filter line, command line and playbooks.
 *
 *   term      field:value | name glob ("web-0*") | flag word ("held")
 *   value     word, "quoted", glob, /regex/ ; age/older take [<>]span
 *   binding   not (!), and (&, adjacency), or (|), parentheses
 */
#ifndef HF_MODEL_SELECTOR_H
#define HF_MODEL_SELECTOR_H

#include "backend/base/buf.h"
#include "backend/base/err.h"
#include "backend/model/state.h"

struct hf_selector;

/* Empty text selects everything. HF_EINVALID: the error's text quotes the
 * selector and says at which column what was expected, with "did you mean";
 * an incomplete term ("age:", a trailing "and") is an error. */
int hf_selector_parse(struct hf_selector **out, const char *text,
                      struct hf_err *err);
void hf_selector_free(struct hf_selector *s);
int hf_selector_match(const struct hf_selector *s, const struct hf_state *st,
                      int64_t now);
/* The same for a state whose facts were read anew: terms that compare ages
 * take `oldest` for the time of the oldest fact (0: never asked). */
int
hf_selector_match_aged(const struct hf_selector *s, const struct hf_state *st,
                       int64_t oldest, int64_t now);
/* The name of a field that asks what the host was found to be ("patch"), or
 * NULL when its file alone decides. Borrowed for ever. */
const char *hf_selector_asks_facts(const struct hf_selector *s);
/* The shell-safe spelling ("and", "or", "not", "older:2d"). */
void hf_selector_format(struct hf_buf *out, const struct hf_selector *s);
/* A selector's text in that spelling, without needless quotes and parentheses;
 * NULL when it is none, or empty. Caller's. */
char *hf_selector_respell(const char *text);

/*
 * The fields, for help and completion: a table ended by a NULL name. A name
 * that ends in ".KEY" stands for any key. `words` are all values the field
 * takes (NULL-terminated), or NULL: any text.
 */
struct hf_selector_field {
    const char *name;
    const char *help;
    const char *example;
    const char *const *words;
    /* The i-th value that `st` has for the field, or NULL when there are no
     * more. NULL for the fields that compare ages. */
    const char *(*value)(const struct hf_state *st, const char *key, size_t i);
    int inventory; /* the host's file alone tells it */
};
extern const struct hf_selector_field hf_selector_fields[];

#endif
