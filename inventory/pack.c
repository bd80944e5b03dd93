/* One packer and one unpacker per type of field. */
#include "inventory/pack.h"

#include <assert.h>
#include <string.h>

#include "backend/base/names.h"
#include "backend/model/host.h"

void
hf_pack_release(struct hf_pack *p)
{
    hf_buf_release(&p->words);
    hf_once_release(&p->texts);
}

static void
put(struct hf_pack *p, uint32_t word)
{
    hf_buf_add(&p->words, &word, sizeof(word));
}

static void
put_text(struct hf_pack *p, const char *text)
{
    put(p, hf_once_text(&p->texts, text));
}

static uint32_t
take(struct hf_unpack *u)
{
    return u->at < u->words_len ? u->words[u->at++] : 0;
}

static const char *
take_text(struct hf_unpack *u)
{
    uint32_t place = take(u);

    return place && place < u->texts_len ? u->texts + place : NULL;
}

/* How many of something follow: no more than there are words. */
static size_t
take_count(struct hf_unpack *u)
{
    size_t n = take(u);

    return n <= u->words_len - u->at ? n : 0;
}

/* ---- values ---- */

static void
pack_text(struct hf_pack *p, const struct hf_field *f, const void *from)
{
    (void)f;
    put_text(p, *(const char *const *)from);
}

static void
unpack_text(struct hf_unpack *u, const struct hf_field *f, void *to)
{
    (void)f;
    *(const char **)to = take_text(u);
}

/* The text of the table itself. */
static void
pack_choice(struct hf_pack *p, const struct hf_field *f, const void *from)
{
    const char *name = *(const char *const *)from;

    put(p, name ? (uint32_t)hf_name_index(f->names, name) + 1 : 0);
}

static void
unpack_choice(struct hf_unpack *u, const struct hf_field *f, void *to)
{
    uint32_t wanted = take(u), n = 0;

    while (f->names[n] && n + 1 < wanted)
        n++;
    *(const char **)to = wanted ? f->names[n] : NULL;
}

static void
pack_int(struct hf_pack *p, const struct hf_field *f, const void *from)
{
    (void)f;
    put(p, (uint32_t)(*(const int *)from));
}

static void
unpack_int(struct hf_unpack *u, const struct hf_field *f, void *to)
{
    (void)f;
    *(int *)to = (int)take(u);
}

static void
pack_time(struct hf_pack *p, const struct hf_field *f, const void *from)
{
    (void)f;
    hf_buf_add(&p->words, from, sizeof(int64_t));
}

static void
unpack_time(struct hf_unpack *u, const struct hf_field *f, void *to)
{
    uint32_t halves[2];

    (void)f;
    halves[0] = take(u);
    halves[1] = take(u);
    memcpy(to, halves, sizeof(halves));
}

/* ---- what holds others ---- */

static void
pack_object(struct hf_pack *p, const struct hf_field *f, const void *from)
{
    hf_pack_add(p, f->of, from);
}

static void
unpack_object(struct hf_unpack *u, const struct hf_field *f, void *to)
{
    hf_pack_get(u, f->of, to);
}

static void
pack_list(struct hf_pack *p, const struct hf_field *f, const void *from)
{
    const struct hf_objects *list = from;

    assert(!f->or_of);
    put(p, (uint32_t)list->len);
    for (size_t i = 0; i < list->len; i++)
        hf_pack_add(p, f->of, (const char *)list->v + i * f->of->size);
}

static void
unpack_list(struct hf_unpack *u, const struct hf_field *f, void *to)
{
    struct hf_objects *list = to;
    size_t n = take_count(u);

    *list = (struct hf_objects){.len = n};
    if (n)
        list->v = hf_arena_alloc(u->arena, n * f->of->size);
    for (size_t i = 0; i < n; i++)
        hf_pack_get(u, f->of, (char *)list->v + i * f->of->size);
}

/* None is not the same as an empty list. */
static void
pack_texts(struct hf_pack *p, const struct hf_field *f, const void *from)
{
    const char *const *texts = *(const char *const *const *)from;
    size_t n = 0;

    (void)f;
    while (texts && texts[n])
        n++;
    put(p, texts ? (uint32_t)n + 1 : 0);
    for (size_t i = 0; i < n; i++)
        put_text(p, texts[i]);
}

static void
unpack_texts(struct hf_unpack *u, const struct hf_field *f, void *to)
{
    size_t n = take_count(u);
    const char **texts = NULL;

    (void)f;
    if (n)
        texts = hf_arena_alloc(u->arena, n * sizeof(*texts));
    for (size_t i = 0; i + 1 < n; i++)
        texts[i] = take_text(u);
    *(const char ***)to = texts;
}

static void
pack_pairs(struct hf_pack *p, const struct hf_field *f, const void *from)
{
    const struct hf_pairs *pairs = from;

    (void)f;
    put(p, (uint32_t)pairs->len);
    for (size_t i = 0; i < pairs->len; i++) {
        put_text(p, pairs->v[i].key);
        put_text(p, pairs->v[i].value);
    }
}

static void
unpack_pairs(struct hf_unpack *u, const struct hf_field *f, void *to)
{
    size_t n = take_count(u);
    struct hf_pair *v = NULL;

    (void)f;
    if (n)
        v = hf_arena_alloc(u->arena, n * sizeof(*v));
    for (size_t i = 0; i < n; i++) {
        v[i].key = take_text(u);
        v[i].value = take_text(u);
    }
    *(struct hf_pairs *)to = (struct hf_pairs){.v = v, .len = n};
}

/* clang-format off */
static const struct {
    void (*pack)(struct hf_pack *p, const struct hf_field *f,
                 const void *from);
    void (*unpack)(struct hf_unpack *u, const struct hf_field *f, void *to);
} types[HF_FIELD_TYPE_COUNT] = {
    [HF_FIELD_TEXT] = {pack_text, unpack_text},
    [HF_FIELD_CHOICE] = {pack_choice, unpack_choice},
    [HF_FIELD_ENUM] = {pack_int, unpack_int},
    [HF_FIELD_INT] = {pack_int, unpack_int},
    [HF_FIELD_BOOL] = {pack_int, unpack_int},
    [HF_FIELD_SPAN] = {pack_time, unpack_time},
    [HF_FIELD_DATE] = {pack_time, unpack_time},
    [HF_FIELD_OBJECT] = {pack_object, unpack_object},
    [HF_FIELD_LIST] = {pack_list, unpack_list},
    [HF_FIELD_TEXTS] = {pack_texts, unpack_texts},
    [HF_FIELD_PAIRS] = {pack_pairs, unpack_pairs},
};
/* clang-format on */

void
hf_pack_add(struct hf_pack *p, const struct hf_object *object, const void *from)
{
    for (const struct hf_field *f = object->fields; f->key; f++)
        types[f->type].pack(p, f, (const char *)from + f->offset);
}

void
hf_pack_get(struct hf_unpack *u, const struct hf_object *object, void *out)
{
    memset(out, 0, object->size);
    for (const struct hf_field *f = object->fields; f->key; f++)
        types[f->type].unpack(u, f, (char *)out + f->offset);
}
