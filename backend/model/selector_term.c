/* One term of a selector: a field with its value, a name, or a flag. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "backend/base/time.h"
#include "backend/model/selector_ast.h"

size_t
hf_selector_word_len(const char *s, int colon)
{
    size_t len = strcspn(s, " \t\r\n()&|\"'");
    const char *end = colon ? memchr(s, ':', len) : NULL;

    return end ? (size_t)(end - s) : len;
}

int
hf_selector_has_glob(const char *word)
{
    return strpbrk(word, "*?[") != NULL;
}

/* A word must not run into a quote: web"01" is a slip of the pen. */
static int
read_word(char **out, struct hf_selector_text *in)
{
    size_t len = hf_selector_word_len(in->text + in->pos, 0);

    *out = hf_xstrndup(in->text + in->pos, len);
    in->pos += len;
    if (in->text[in->pos] == '"' || in->text[in->pos] == '\'')
        return hf_selector_fail(in, in->pos,
                                "a quote inside a word: quote the whole "
                                "value, as in field:\"a value\"");
    return HF_OK;
}

/* After a closing quote or slash a term must end. */
static int
check_closed(struct hf_selector_text *in, const char *what)
{
    if (in->text[in->pos] && !strchr(" \t\r\n()&|", in->text[in->pos]))
        return hf_selector_fail(in, in->pos, "text after the closing %s", what);
    return HF_OK;
}

static int
read_quoted(char **out, struct hf_selector_text *in)
{
    size_t open = in->pos++;
    char quote = in->text[open];
    struct hf_buf value = {0};
    const char *s = in->text;

    for (; s[in->pos] && s[in->pos] != quote; in->pos++) {
        if (s[in->pos] == '\\' &&
            (s[in->pos + 1] == quote || s[in->pos + 1] == '\\'))
            in->pos++;
        hf_buf_putc(&value, s[in->pos]);
    }
    *out = hf_buf_take(&value);
    if (!s[in->pos])
        return hf_selector_fail(in, open, "this %c has no closing %c", quote,
                                quote);
    in->pos++;
    return check_closed(in, "quote");
}

/* "\/" is a slash; every other escape is the expression's own. */
static int
read_slashed(char **out, struct hf_selector_text *in)
{
    size_t open = in->pos++;
    struct hf_buf value = {0};
    const char *s = in->text;

    for (; s[in->pos] && s[in->pos] != '/'; in->pos++) {
        if (s[in->pos] == '\\' && s[in->pos + 1]) {
            if (s[in->pos + 1] != '/')
                hf_buf_putc(&value, '\\');
            in->pos++;
        }
        hf_buf_putc(&value, s[in->pos]);
    }
    *out = hf_buf_take(&value);
    if (!s[in->pos])
        return hf_selector_fail(in, open,
                                "this / has no closing / (a value that starts "
                                "with a slash wants quotes)");
    in->pos++;
    return check_closed(in, "slash (a / inside is written \\/)");
}

static int
read_value(struct hf_term *term, struct hf_selector_text *in)
{
    size_t at = in->pos;
    int rc;

    switch (in->text[at]) {
    case '/':
        if ((rc = read_slashed(&term->text, in)) < 0)
            return rc;
        return hf_selector_compile(term, in, at);
    case '"':
    case '\'':
        return read_quoted(&term->text, in);
    default:
        if ((rc = read_word(&term->text, in)) < 0)
            return rc;
        if (hf_selector_has_glob(term->text))
            term->how = HF_TERM_GLOB;
        return HF_OK;
    }
}

/* "(did you mean 'behind'?)", or nothing. */
static const char *
did_you_mean(char out[96], const char *word, const char *const *words)
{
    const char *near = hf_text_nearest(word, words);

    out[0] = '\0';
    if (near)
        snprintf(out, 96, " (did you mean '%s'?)", near);
    return out;
}

static int
fail_word(struct hf_term *term, struct hf_selector_text *in, size_t at)
{
    struct hf_buf all = {0};
    char near[96];

    for (const char *const *w = term->field->words; *w; w++)
        hf_buf_printf(&all, "%s%s", all.len ? ", " : "", *w);
    hf_selector_fail(in, at, "'%s' does not know '%.80s'%s: it takes %s",
                     term->field->name, term->text,
                     did_you_mean(near, term->text, term->field->words),
                     hf_buf_str(&all));
    hf_buf_release(&all);
    return HF_EINVALID;
}

/* The value of "age", "older" or "newer". */
static int
read_span(struct hf_term *term, struct hf_selector_text *in)
{
    const char *name = term->field->name;
    size_t at = in->pos;
    char *word = NULL;
    const char *span;
    int rc, signs = strcasecmp(name, "age") == 0;

    if ((rc = read_word(&word, in)) < 0)
        goto out;
    span = word + (signs && (*word == '<' || *word == '>'));
    if (signs && span == word) {
        rc = hf_selector_fail(in, at,
                              "expected > or < and a span, as in "
                              "age:>2d or older:2d");
        goto out;
    }
    if (hf_span_parse(&term->span, span) < 0 || term->span < 0) {
        rc = hf_selector_fail(in, at + (size_t)(span - word),
                              "expected a span such as 90s, 15m, 2h, 3d, 1w");
        goto out;
    }
    if (signs)
        term->how = *word == '>' ? HF_TERM_OLDER : HF_TERM_NEWER;
    else
        term->how =
            strcasecmp(name, "older") == 0 ? HF_TERM_OLDER : HF_TERM_NEWER;
    term->field = hf_selector_field_age(term->how);
    term->text = hf_xstrdup(span);
out:
    free(word);
    return rc;
}

/* Takes over the spelling of the table; 0 when the word is not in it. */
static int
use_word(struct hf_term *term)
{
    const char *word = hf_selector_word_find(term->field->words, term->text);

    if (!word)
        return 0;
    free(term->text);
    term->text = hf_xstrdup(word);
    return 1;
}

static int
read_field_value(struct hf_term *term, struct hf_selector_text *in)
{
    size_t at = in->pos;
    int rc;

    if (!in->text[at] || strchr(" \t\r\n()&|", in->text[at]))
        return hf_selector_fail(in, at,
                                "expected a value right after the ':', as in "
                                "%s",
                                term->field->example);
    if (!term->field->value)
        return read_span(term, in);
    if ((rc = read_value(term, in)) < 0)
        return rc;
    if (term->field->words && term->how == HF_TERM_EXACT && !use_word(term))
        return fail_word(term, in, at);
    return HF_OK;
}

static int
fail_field(struct hf_selector_text *in, size_t at, const char *name)
{
    const char *names[64] = {0};
    char near[96];
    size_t n = 0;

    if (!*name)
        return hf_selector_fail(in, at, "expected a field before the ':'");
    if (hf_selector_word_find(hf_flag_names, name))
        return hf_selector_fail(in, at, "'%s' is a flag: write %s or not %s",
                                name, name, name);
    for (const struct hf_selector_field *f = hf_selector_fields; f->name; f++) {
        if (n + 1 < HF_COUNT(names))
            names[n++] = f->name;
        if (strncasecmp(f->name, name, strlen(name)) == 0 &&
            strcmp(f->name + strlen(name), ".KEY") == 0)
            return hf_selector_fail(in, at, "'%s' wants a key, as in %s", name,
                                    f->example);
    }
    return hf_selector_fail(in, at, "unknown field '%.80s'%s", name,
                            did_you_mean(near, name, names));
}

static int
read_field(struct hf_term *term, struct hf_selector_text *in)
{
    size_t at = in->pos, len = hf_selector_word_len(in->text + at, 1);
    char *name = hf_xstrndup(in->text + at, len);
    const char *key;
    int rc;

    term->field = hf_selector_field_find(name, &key);
    if (!term->field) {
        rc = fail_field(in, at, name);
        goto out;
    }
    term->key = hf_xstrdup(key);
    in->pos += len + 1;
    rc = read_field_value(term, in);
out:
    free(name);
    return rc;
}

/* "ring=canary", "age>2d": the field without what binds it to its value. */
static int
fail_bare(struct hf_selector_text *in, size_t at, const char *word)
{
    size_t len = strcspn(word, "=<>~");
    char *head = hf_xstrndup(word, len);
    const char *key;
    const struct hf_selector_field *f = hf_selector_field_find(head, &key);

    free(head);
    if (f && word[len])
        return hf_selector_fail(in, at + len,
                                "expected ':' after '%s', as in "
                                "%s",
                                f->name, f->example);
    if (strchr(word, ','))
        return hf_selector_fail(in, at + strcspn(word, ","),
                                "a ',' binds nothing: write 'a or b'");
    return hf_selector_fail(in, at,
                            "'%.80s' is neither a name pattern, a flag "
                            "nor field:value",
                            word);
}

/* The letters of names, and those of globs. */
static int
is_name_pattern(const char *word)
{
    for (; *word; word++) {
        unsigned char c = (unsigned char)*word;

        if (c < 0x80 && !strchr("abcdefghijklmnopqrstuvwxyz"
                                "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                "0123456789._-*?[]^!",
                                c))
            return 0;
    }
    return 1;
}

/* A flag, or a name; a word of an axis alone would be taken for a name that
 * no host has. */
static int
read_bare(struct hf_term *term, struct hf_selector_text *in)
{
    size_t at = in->pos;
    const struct hf_selector_field *f;
    int rc;

    if ((rc = read_value(term, in)) < 0)
        return rc;
    term->field = hf_selector_field_name();
    if (term->how == HF_TERM_REGEX || strchr("\"'", in->text[at]))
        return HF_OK;
    if (!is_name_pattern(term->text))
        return fail_bare(in, at, term->text);
    f = hf_selector_field_of_word(term->text);
    if (f && f != hf_selector_field_flag())
        return hf_selector_fail(in, at,
                                "'%s' alone would be a host's name: write "
                                "%s:%s, or name:%s",
                                term->text, f->name, term->text, term->text);
    if (f) {
        term->field = f;
        use_word(term);
    }
    return HF_OK;
}

int
hf_selector_read_term(struct hf_term *out, struct hf_selector_text *in)
{
    const char *s = in->text + in->pos;

    if (*s != '/' && s[hf_selector_word_len(s, 1)] == ':')
        return read_field(out, in);
    return read_bare(out, in);
}
