/* Texts, numbers and times: values that hold no others. */
#include "inventory/slot.h"

#include <stdio.h>
#include <string.h>

#include "backend/base/names.h"
#include "backend/base/text.h"
#include "backend/base/time.h"

#define DAY_MS ((int64_t)24 * 60 * 60 * 1000)

/* ---- text ---- */

/* Characters that would move a cursor, hide or reorder text. */
static int
is_harmless(const char *s, size_t len)
{
    uint32_t cp;

    for (size_t i = 0, n; i < len; i += n) {
        n = 1;
        if (s[i] >= ' ' && s[i] < 0x7f)
            continue;
        if ((n = hf_utf8_decode(s + i, len - i, &cp)) == 0 || hf_cp_hidden(cp))
            return 0;
    }
    return 1;
}

static const char *
keep_text(struct hf_decoder *d, const struct hf_field *field, const char *text,
          size_t len)
{
    struct hf_buf safe = {0};
    const char *kept;

    if (field->flags & HF_FIELD_INTERN)
        return hf_arena_intern(d->arena, text);
    if (!(field->flags & HF_FIELD_FREE) || is_harmless(text, len))
        return hf_arena_strndup(d->arena, text, len);
    hf_sanitise(&safe, text, len, len, 0);
    kept = hf_arena_strdup(d->arena, hf_buf_str(&safe));
    hf_buf_release(&safe);
    return kept;
}

const char *
hf_slot_text(struct hf_decoder *d, const struct hf_slot *s, size_t max)
{
    const char *problem = NULL, *text;
    size_t len;

    if (s->token->type != HF_TOKEN_TEXT) {
        hf_slot_refuse(d, s, "text");
        return NULL;
    }
    hf_tokens_text(&d->tokens, s->token, &d->value);
    text = hf_buf_str(&d->value);
    len = d->value.len;
    if (len == 0)
        problem = "is empty";
    else if (!(s->field->flags & HF_FIELD_FREE) && !is_harmless(text, len))
        problem = "holds characters that are not shown";
    else if (s->field->problem)
        problem = s->field->problem(text);
    if (!problem && len > max) {
        hf_slot_complain(d, s->place, 0,
                         "is %zu bytes long, at most %zu are allowed", len,
                         max);
        return NULL;
    }
    if (problem) {
        if (len == 0)
            hf_slot_complain(d, s->place, 0, "%s", problem);
        else
            hf_slot_complain(d, s->place, 0, "'%.80s'%s %s", text,
                             len > 80 ? "..." : "", problem);
        return NULL;
    }
    return keep_text(d, s->field, text, len);
}

size_t
hf_slot_limit(const struct hf_field *field, size_t otherwise)
{
    return field->max ? (size_t)field->max : otherwise;
}

void
hf_slot_decode_text(struct hf_decoder *d, const struct hf_slot *s)
{
    *(const char **)s->out =
        hf_slot_text(d, s, hf_slot_limit(s->field, HF_SLOT_MAX_TEXT));
}

static void
complain_choice(struct hf_decoder *d, const struct hf_slot *s, const char *text)
{
    struct hf_buf list = {0};

    for (int i = 0; s->field->names[i]; i++)
        hf_buf_printf(&list, "%s'%s'", i ? ", " : "", s->field->names[i]);
    hf_slot_complain(d, s->place, 0, "wants one of %s, found '%.80s'",
                     hf_buf_str(&list), text)
        ->hint = hf_did_you_mean(text, s->field->names);
    hf_buf_release(&list);
}

/* The index of the value among the field's names, or -1 after a problem. */
static int
take_choice(struct hf_decoder *d, const struct hf_slot *s)
{
    const char *text;
    int i;

    if (s->token->type != HF_TOKEN_TEXT) {
        hf_slot_refuse(d, s, "text");
        return -1;
    }
    hf_tokens_text(&d->tokens, s->token, &d->value);
    text = hf_buf_str(&d->value);
    if ((i = hf_name_index(s->field->names, text)) < 0)
        complain_choice(d, s, text);
    return i;
}

void
hf_slot_decode_choice(struct hf_decoder *d, const struct hf_slot *s)
{
    int i = take_choice(d, s);

    *(const char **)s->out = i < 0 ? NULL : s->field->names[i];
}

void
hf_slot_decode_enum(struct hf_decoder *d, const struct hf_slot *s)
{
    int i = take_choice(d, s);

    if (i >= 0)
        *(int *)s->out = i;
}

/* ---- numbers and times ---- */

/* A number's text, cut to fit: what is cut is out of every range. */
static void
copy_digits(char out[32], const struct hf_decoder *d,
            const struct hf_token *token)
{
    size_t len = token->end - token->start;

    if (len > 31)
        len = 31;
    memcpy(out, d->text + token->start, len);
    out[len] = '\0';
}

void
hf_slot_decode_int(struct hf_decoder *d, const struct hf_slot *s)
{
    char digits[32], wanted[96];
    int64_t value;

    copy_digits(digits, d, s->token);
    if (s->token->type == HF_TOKEN_NUMBER &&
        hf_parse_int(&value, digits, s->field->min, s->field->max) == 0) {
        *(int *)s->out = (int)value;
        return;
    }
    snprintf(wanted, sizeof(wanted), "a whole number from %lld to %lld",
             (long long)s->field->min, (long long)s->field->max);
    hf_slot_refuse(d, s, wanted);
}

void
hf_slot_decode_bool(struct hf_decoder *d, const struct hf_slot *s)
{
    if (s->token->type == HF_TOKEN_TRUE || s->token->type == HF_TOKEN_FALSE)
        *(int *)s->out = s->token->type == HF_TOKEN_TRUE;
    else
        hf_slot_refuse(d, s, "true or false");
}

void
hf_slot_decode_span(struct hf_decoder *d, const struct hf_slot *s)
{
    static const char wanted[] = "a span such as \"90s\", \"24h\" or \"7d\"";
    const char *text;

    if (s->token->type != HF_TOKEN_TEXT) {
        hf_slot_refuse(d, s, wanted);
        return;
    }
    hf_tokens_text(&d->tokens, s->token, &d->value);
    text = hf_buf_str(&d->value);
    if (hf_span_parse(s->out, text) < 0)
        hf_slot_complain(d, s->place, 0, "wants %s, found '%.80s'", wanted,
                         text);
}

void
hf_slot_decode_date(struct hf_decoder *d, const struct hf_slot *s)
{
    static const char wanted[] = "a date such as \"2026-11-23\"";
    const char *text;
    int64_t at;

    if (s->token->type != HF_TOKEN_TEXT) {
        hf_slot_refuse(d, s, wanted);
        return;
    }
    hf_tokens_text(&d->tokens, s->token, &d->value);
    text = hf_buf_str(&d->value);
    if (hf_time_parse(&at, text) < 0) {
        hf_slot_complain(d, s->place, 0, "wants %s, found '%.80s'", wanted,
                         text);
        return;
    }
    if ((s->field->flags & HF_FIELD_UNTIL) && strlen(text) == 10)
        at += DAY_MS - 1000;
    *(int64_t *)s->out = at;
}
