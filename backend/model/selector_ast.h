/*
 * The tree behind a selector. For the selector's own files.
 */
#ifndef HF_MODEL_SELECTOR_AST_H
#define HF_MODEL_SELECTOR_AST_H

#include <regex.h>

#include "backend/model/selector.h"

enum hf_term_how {
    HF_TERM_EXACT, /* equal to `text`, without regard to case */
    HF_TERM_GLOB,
    HF_TERM_REGEX,
    HF_TERM_OLDER, /* the oldest fact is older than `span` */
    HF_TERM_NEWER,
};

struct hf_term {
    const struct hf_selector_field *field;
    char *key;  /* of "attr.KEY", else NULL */
    char *text; /* the value without quotes and slashes; of ages the span */
    enum hf_term_how how;
    regex_t regex; /* compiled when `how` says so */
    int64_t span;  /* ms */
};

enum hf_selector_op {
    HF_SELECTOR_ALL, /* empty text */
    HF_SELECTOR_TERM,
    HF_SELECTOR_NOT, /* one kid */
    HF_SELECTOR_AND, /* two or more kids, none of them an AND */
    HF_SELECTOR_OR,  /* two or more kids, none of them an OR */
};

struct hf_selector {
    enum hf_selector_op op;
    struct hf_term term;
    struct hf_selector **kids; /* owned */
    size_t len, cap;
};

/* Where the parser is; shared by its two files. */
struct hf_selector_text {
    const char *text; /* valid UTF-8 */
    size_t pos;       /* the next byte to read */
    int depth;        /* open parentheses and negations */
    struct hf_err *err;
};

/* HF_EINVALID with the selector, the column of byte `at`, and the message. */
int hf_selector_fail(struct hf_selector_text *in, size_t at, const char *fmt,
                     ...) __attribute__((format(printf, 3, 4)));
/* One term at in->pos, behind which in->pos stands afterwards. */
int hf_selector_read_term(struct hf_term *out, struct hf_selector_text *in);
/* Compiles term->text, which stands at byte `at`. */
int hf_selector_compile(struct hf_term *term, struct hf_selector_text *in,
                        size_t at);
/* Bytes at `s` that belong to an unquoted word; with `colon`, which ends a
 * field's name, that is included. */
size_t hf_selector_word_len(const char *s, int colon);

/* By name, without regard to case; *key is set to where the key starts in
 * "attr.KEY", else NULL. NULL when there is no such field. */
const struct hf_selector_field *
hf_selector_field_find(const char *name, const char **key);
/* The fields that bare words and ages belong to. */
const struct hf_selector_field *hf_selector_field_name(void);
const struct hf_selector_field *hf_selector_field_flag(void);
const struct hf_selector_field *hf_selector_field_age(enum hf_term_how how);
/* Which field of words ("patch") takes this bare word; NULL: none. */
const struct hf_selector_field *hf_selector_field_of_word(const char *word);
/* The spelling in the table, or NULL when it is none of them. */
const char *hf_selector_word_find(const char *const *words, const char *word);
/* "and", "or", "not". */
int hf_selector_is_keyword(const char *word, size_t len);
/* A word with *, ? or [ is a pattern. */
int hf_selector_has_glob(const char *word);

#endif
