/* The decoder: a text, a table, and every problem between the two. */
#include "inventory/fields.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/text.h"
#include "backend/model/host.h"
#include "inventory/slot.h"

#define MAX_FIELDS 32
#define MAX_ITEMS 1024

static void decode_object(struct hf_decoder *d, const struct hf_place *place,
                          const struct hf_token *token,
                          const struct hf_object *object, void *out);

/* ---- problems ---- */

static void
format_place(struct hf_buf *out, const struct hf_place *place)
{
    if (!place->up) {
        hf_buf_putc(out, '$');
        return;
    }
    format_place(out, place->up);
    if (place->key)
        hf_json_path_key(out, place->key);
    else
        hf_buf_printf(out, "[%zu]", place->index);
}

static struct hf_problem *
add_problem(struct hf_decoder *d, const char *path, int at_key, const char *fmt,
            va_list ap)
{
    size_t line = 0, column = 0;
    char text[1024];

    vsnprintf(text, sizeof(text), fmt, ap);
    hf_json_locate(d->text, d->len, path, at_key, &line, &column);
    return hf_problem_add(d->problems, d->file, line, column, path, "%s", text);
}

struct hf_problem *
hf_decoder_problem(struct hf_decoder *d, const char *path, const char *fmt, ...)
{
    struct hf_problem *problem;
    va_list ap;

    va_start(ap, fmt);
    problem = add_problem(d, path, 0, fmt, ap);
    va_end(ap);
    return problem;
}

struct hf_problem *
hf_slot_complain(struct hf_decoder *d, const struct hf_place *place, int at_key,
                 const char *fmt, ...)
{
    struct hf_problem *problem;
    struct hf_buf path = {0};
    va_list ap;

    format_place(&path, place);
    va_start(ap, fmt);
    problem = add_problem(d, hf_buf_str(&path), at_key, fmt, ap);
    va_end(ap);
    hf_buf_release(&path);
    return problem;
}

char *
hf_did_you_mean(const char *word, const char *const *words)
{
    const char *near = hf_text_nearest(word, words);

    return near ? hf_xasprintf("did you mean '%s'?", near) : NULL;
}

/* What is there instead: the type's word, or a number as it is written. */
void
hf_slot_refuse(struct hf_decoder *d, const struct hf_slot *s,
               const char *wanted)
{
    const struct hf_token *token = s->token;

    if (token->type == HF_TOKEN_NUMBER)
        hf_slot_complain(d, s->place, 0, "wants %s, found %.*s", wanted,
                         (int)(token->end - token->start),
                         d->text + token->start);
    else
        hf_slot_complain(d, s->place, 0, "wants %s, found %s", wanted,
                         hf_token_type_names[token->type]);
}

/* ---- values that hold values ---- */

static int
is_too_many(struct hf_decoder *d, const struct hf_slot *s)
{
    size_t max = hf_slot_limit(s->field, MAX_ITEMS);

    if (s->token->children <= max)
        return 0;
    hf_slot_complain(d, s->place, 0,
                     "holds %u entries, at most %zu are allowed",
                     s->token->children, max);
    return 1;
}

static const struct hf_token *
first_child(const struct hf_token *token)
{
    return token->children ? token + 1 : NULL;
}

static const struct hf_token *
next_child(const struct hf_decoder *d, const struct hf_token *child)
{
    return child->next ? &d->tokens.v[child->next] : NULL;
}

static void
decode_texts(struct hf_decoder *d, const struct hf_slot *s)
{
    struct hf_place place = {.up = s->place};
    struct hf_slot item = {.field = s->field, .place = &place};
    const char **v;
    size_t n = 0;

    if (s->token->type != HF_TOKEN_ARRAY) {
        hf_slot_refuse(d, s, "a list of text");
        return;
    }
    if (is_too_many(d, s))
        return;
    v = hf_arena_alloc(d->arena, (s->token->children + 1) * sizeof(*v));
    for (item.token = first_child(s->token); item.token;
         item.token = next_child(d, item.token)) {
        if ((v[n] = hf_slot_text(d, &item, HF_SLOT_MAX_TEXT)) != NULL)
            n++;
        place.index++;
    }
    *(const char *const **)s->out = v;
}

static void
decode_pairs(struct hf_decoder *d, const struct hf_slot *s)
{
    struct hf_place place = {.up = s->place};
    struct hf_slot item = {.field = s->field, .place = &place};
    struct hf_buf key = {0};
    struct hf_pair *v;
    size_t n = 0;

    if (s->token->type != HF_TOKEN_OBJECT) {
        hf_slot_refuse(d, s, "an object of text");
        return;
    }
    if (is_too_many(d, s))
        return;
    v = hf_arena_alloc(d->arena, s->token->children * sizeof(*v));
    for (item.token = first_child(s->token); item.token;
         item.token = next_child(d, item.token)) {
        hf_tokens_key(&d->tokens, item.token, &key);
        place.key = hf_buf_str(&key);
        if (hf_host_name_problem(place.key))
            hf_slot_complain(d, &place, 1, "'%.80s' %s", place.key,
                             hf_host_name_problem(place.key));
        else if ((v[n].value = hf_slot_text(d, &item, HF_SLOT_MAX_TEXT)) !=
                 NULL)
            v[n++].key = hf_arena_intern(d->arena, place.key);
    }
    hf_buf_release(&key);
    *(struct hf_pairs *)s->out = (struct hf_pairs){v, n};
}

static void
decode_list(struct hf_decoder *d, const struct hf_slot *s)
{
    const struct hf_object *of = s->field->of;
    struct hf_objects *list = s->out;
    struct hf_place place = {.up = s->place};
    const struct hf_token *child;
    int over = d->over;

    if (s->token->type != HF_TOKEN_ARRAY) {
        hf_slot_refuse(d, s, "a list of objects");
        return;
    }
    if (is_too_many(d, s))
        return;
    if (s->field->is_other && s->field->is_other(s->owner))
        of = s->field->or_of;
    list->v = hf_arena_alloc(d->arena, s->token->children * of->size);
    list->len = 0;
    d->over = 0;
    for (child = first_child(s->token); child; child = next_child(d, child)) {
        decode_object(d, &place, child, of,
                      (char *)list->v + list->len++ * of->size);
        place.index++;
    }
    d->over = over;
}

static void
decode_member_object(struct hf_decoder *d, const struct hf_slot *s)
{
    const struct hf_object *of = s->field->of;
    struct hf_slot first = *s;

    if (!(s->field->flags & HF_FIELD_SHORT) ||
        s->token->type != HF_TOKEN_TEXT) {
        decode_object(d, s->place, s->token, of, s->out);
        return;
    }
    first.field = &of->fields[0];
    first.out = (char *)s->out + first.field->offset;
    hf_slot_decode_text(d, &first);
}

/* clang-format off */
static void (*const decoders[HF_FIELD_TYPE_COUNT])(struct hf_decoder *d,
                                                   const struct hf_slot *s) = {
    [HF_FIELD_TEXT] = hf_slot_decode_text,
    [HF_FIELD_CHOICE] = hf_slot_decode_choice,
    [HF_FIELD_ENUM] = hf_slot_decode_enum,
    [HF_FIELD_INT] = hf_slot_decode_int,
    [HF_FIELD_BOOL] = hf_slot_decode_bool,
    [HF_FIELD_SPAN] = hf_slot_decode_span,
    [HF_FIELD_DATE] = hf_slot_decode_date,
    [HF_FIELD_OBJECT] = decode_member_object,
    [HF_FIELD_LIST] = decode_list,
    [HF_FIELD_TEXTS] = decode_texts,
    [HF_FIELD_PAIRS] = decode_pairs,
};

/* Allowed in every object; a table that keeps one has its own row. */
static const struct hf_field everywhere[] = {
    {.key = "$schema", .type = HF_FIELD_TEXT},
    {.key = "note", .type = HF_FIELD_TEXT, .flags = HF_FIELD_FREE,
     .max = 4096},
};
/* clang-format on */

static const struct hf_field *
find_field(const struct hf_decoder *d, const struct hf_field *fields,
           const struct hf_token *member)
{
    for (; fields->key; fields++)
        if (hf_tokens_key_is(&d->tokens, member, fields->key))
            return fields;
    return NULL;
}

/* A member without a row of its own: checked when it is allowed everywhere,
 * else unknown. */
static void
other_member(struct hf_decoder *d, const struct hf_place *up,
             const struct hf_token *member, const struct hf_object *object)
{
    const char *words[MAX_FIELDS + 1] = {0}, *ignored;
    struct hf_place place = {.up = up};
    struct hf_buf key = {0};

    hf_tokens_key(&d->tokens, member, &key);
    place.key = hf_buf_str(&key);
    for (size_t i = 0; i < HF_COUNT(everywhere); i++) {
        if (strcmp(place.key, everywhere[i].key) == 0) {
            hf_slot_decode_text(d, &(struct hf_slot){.field = &everywhere[i],
                                                     .token = member,
                                                     .place = &place,
                                                     .out = &ignored});
            goto out;
        }
    }
    for (size_t i = 0; object->fields[i].key; i++)
        words[i] = object->fields[i].key;
    hf_slot_complain(d, &place, 1, "unknown key '%.80s'", place.key)->hint =
        hf_did_you_mean(place.key, words);
out:
    hf_buf_release(&key);
}

/* Fields are decoded in the table's order, whatever that of the text is, so
 * that a field may look at an earlier one. */
static void
decode_fields(struct hf_decoder *d, const struct hf_place *place,
              const struct hf_object *object,
              const struct hf_token *const *found, void *out)
{
    for (size_t i = 0; object->fields[i].key; i++) {
        const struct hf_field *field = &object->fields[i];
        struct hf_place at = {.up = place, .key = field->key};
        struct hf_slot slot = {field, found[i], &at,
                               (char *)out + field->offset, out};

        if (found[i])
            decoders[field->type](d, &slot);
        else if (field->flags & HF_FIELD_REQUIRED)
            hf_slot_complain(d, place, 0, "'%s' is missing", field->key);
    }
}

static void
set_defaults(const struct hf_object *object, void *out)
{
    if (object->defaults)
        memcpy(out, object->defaults, object->size);
    else
        memset(out, 0, object->size);
}

static void
decode_object(struct hf_decoder *d, const struct hf_place *place,
              const struct hf_token *token, const struct hf_object *object,
              void *out)
{
    const struct hf_token *found[MAX_FIELDS] = {0}, *child;
    const struct hf_field *field;
    size_t before = d->problems->errors;
    const char *problem = NULL;

    if (!d->over)
        set_defaults(object, out);
    if (token->type != HF_TOKEN_OBJECT) {
        hf_slot_refuse(d, &(struct hf_slot){.token = token, .place = place},
                       "an object");
        return;
    }
    for (child = first_child(token); child; child = next_child(d, child)) {
        if ((field = find_field(d, object->fields, child)) != NULL)
            found[field - object->fields] = child;
        else
            other_member(d, place, child, object);
    }
    decode_fields(d, place, object, found, out);
    if (d->problems->errors == before && object->problem)
        problem = object->problem(out);
    if (problem)
        hf_slot_complain(d, place, 0, "%s", problem);
}

/* ---- the whole text ---- */

static int
compare_place(const void *a, const void *b)
{
    const struct hf_problem *x = a, *y = b;

    if (x->line != y->line)
        return x->line < y->line ? -1 : 1;
    return (x->column > y->column) - (x->column < y->column);
}

static int
decode_text(struct hf_decoder *d, void *out, const struct hf_object *object,
            const char *file, const char *text, size_t len)
{
    const struct hf_place document = {0};
    size_t errors = d->problems->errors, first = d->problems->len;

    d->file = file;
    d->text = text;
    d->len = len;
    if (hf_json_scan(text, len, HF_JSON_MAX_DEPTH, file, d->problems) == 0) {
        hf_tokens_read(&d->tokens, text);
        decode_object(d, &document, &d->tokens.v[0], object, out);
    }
    if (d->problems->errors == errors)
        return HF_OK;
    qsort(d->problems->v + first, d->problems->len - first,
          sizeof(*d->problems->v), compare_place);
    return HF_EINVALID;
}

int
hf_decode(struct hf_decoder *d, void *out, const struct hf_object *object,
          const char *file, const char *text, size_t len)
{
    d->over = 0;
    set_defaults(object, out);
    return decode_text(d, out, object, file, text, len);
}

int
hf_decode_text(struct hf_arena *arena, void *out,
               const struct hf_object *object, const char *path,
               const struct hf_buf *text, struct hf_err *err)
{
    struct hf_problems problems = {0};
    struct hf_decoder decoder = {.arena = arena, .problems = &problems};
    struct hf_buf line = {0};
    int rc = HF_OK;

    if (hf_decode(&decoder, out, object, path, hf_buf_str(text), text->len) <
        0) {
        if (!path)
            problems.v[0].line = 0;
        hf_problem_format(&line, &problems.v[0]);
        rc = hf_fail(err, HF_EINVALID, "%s", hf_buf_str(&line));
    }
    hf_buf_release(&line);
    hf_decoder_release(&decoder);
    hf_problems_release(&problems);
    return rc;
}

int
hf_decode_over(struct hf_decoder *d, void *out, const struct hf_object *object,
               const char *file, const char *text, size_t len)
{
    d->over = 1;
    return decode_text(d, out, object, file, text, len);
}

void
hf_decoder_release(struct hf_decoder *d)
{
    hf_tokens_release(&d->tokens);
    hf_buf_release(&d->value);
}
