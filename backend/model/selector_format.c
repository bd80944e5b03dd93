/* A selector as text again: the spelling that no shell takes apart. */
#include <string.h>

#include "backend/base/text.h"
#include "backend/model/selector_ast.h"

static void
put_quoted(struct hf_buf *out, const char *text)
{
    hf_buf_putc(out, '"');
    for (; *text; text++) {
        if (*text == '"' || *text == '\\')
            hf_buf_putc(out, '\\');
        hf_buf_putc(out, *text);
    }
    hf_buf_putc(out, '"');
}

/* What the parser took for "\/" is written so again. */
static void
put_slashed(struct hf_buf *out, const char *regex)
{
    hf_buf_putc(out, '/');
    for (; *regex; regex++) {
        if (*regex == '/')
            hf_buf_putc(out, '\\');
        hf_buf_putc(out, *regex);
        if (*regex == '\\' && regex[1])
            hf_buf_putc(out, *++regex);
    }
    hf_buf_putc(out, '/');
}

/* An exact value that, unquoted, would be read in another way. */
static int
wants_quotes(const char *text)
{
    return !*text || *text == '/' || hf_selector_has_glob(text) ||
           text[hf_selector_word_len(text, 0)] != '\0';
}

static void
put_value(struct hf_buf *out, const struct hf_term *term)
{
    if (term->how == HF_TERM_REGEX)
        put_slashed(out, term->text);
    else if (term->how == HF_TERM_EXACT && wants_quotes(term->text))
        put_quoted(out, term->text);
    else
        hf_buf_puts(out, term->text);
}

/* A name that needs no "name:" to be read as one. */
static int
stands_alone(const char *name)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
                                "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                "0123456789._-*?";

    return name[strspn(name, plain)] == '\0' &&
           !hf_selector_is_keyword(name, strlen(name)) &&
           !hf_selector_field_of_word(name);
}

static void
put_term(struct hf_buf *out, const struct hf_term *term)
{
    int is_plain = term->how == HF_TERM_GLOB ||
                   (term->how == HF_TERM_EXACT && !wants_quotes(term->text));

    if (term->field == hf_selector_field_flag() && term->how == HF_TERM_EXACT) {
        hf_buf_puts(out, term->text);
        return;
    }
    if (term->field != hf_selector_field_name() || !is_plain ||
        !stands_alone(term->text)) {
        const char *name = term->field->name;

        hf_buf_add(out, name,
                   term->key ? strcspn(name, ".") + 1 : strlen(name));
        hf_buf_printf(out, "%s:", term->key ? term->key : "");
    }
    put_value(out, term);
}

static void
put_kid(struct hf_buf *out, const struct hf_selector *kid,
        enum hf_selector_op inside)
{
    int braces = kid->op == HF_SELECTOR_OR ||
                 (kid->op == HF_SELECTOR_AND && inside == HF_SELECTOR_NOT);

    if (braces)
        hf_buf_putc(out, '(');
    hf_selector_format(out, kid);
    if (braces)
        hf_buf_putc(out, ')');
}

void
hf_selector_format(struct hf_buf *out, const struct hf_selector *s)
{
    const char *between = s->op == HF_SELECTOR_AND ? " and " : " or ";

    if (s->op == HF_SELECTOR_TERM)
        put_term(out, &s->term);
    if (s->op == HF_SELECTOR_NOT)
        hf_buf_puts(out, "not ");
    for (size_t i = 0; i < s->len; i++) {
        if (i > 0)
            hf_buf_puts(out, between);
        put_kid(out, s->kids[i], s->op);
    }
}

char *
hf_selector_respell(const char *text)
{
    struct hf_err ignored = HF_ERR_INIT;
    struct hf_selector *s = NULL;
    struct hf_buf out = {0};

    if (hf_selector_parse(&s, text, &ignored) == HF_OK)
        hf_selector_format(&out, s);
    hf_selector_free(s);
    return out.len ? hf_buf_take(&out) : NULL;
}
