/*
 * Making an image: numbers of 32 bits, then the texts they point at. A text
 * is the place where it begins; place 0 is no text at all.
 *
 *   head    how many records, words and bytes of text
 *   index   per record the word where it begins
 *   words   shapes (how many, then key and source of each) and records
 *   texts   each with its NUL
 */
#include "playbooks/shelf.h"

#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"
#include "playbooks/shelf_priv.h"

/* Places by the hash of what stands there: (hash << 32 | place), 0 = free. */
struct table {
    uint64_t *slots;
    size_t size, used;
};

struct shelf_maker {
    struct hf_buf index, words, texts;
    struct hf_buf names; /* places of the names that have a record */
    struct table known_texts, known_shapes, known_names;
    struct hf_buf shape; /* scratch */
};

struct shelf_maker *
shelf_maker_new(void)
{
    struct shelf_maker *m = HF_NEW(struct shelf_maker);
    const uint32_t taken = 0;

    hf_buf_add(&m->texts, "", 1);
    hf_buf_add(&m->words, &taken, sizeof(taken));
    return m;
}

static void
maker_free(struct shelf_maker *m)
{
    hf_buf_release(&m->index);
    hf_buf_release(&m->words);
    hf_buf_release(&m->texts);
    hf_buf_release(&m->names);
    hf_buf_release(&m->shape);
    free(m->known_names.slots);
    free(m->known_texts.slots);
    free(m->known_shapes.slots);
    free(m);
}

/* ---- each thing once ---- */

static uint64_t
hash_of(const void *data, size_t len)
{
    const unsigned char *p = data;
    uint64_t hash = len, word;

    for (; len >= sizeof(word); p += sizeof(word), len -= sizeof(word)) {
        memcpy(&word, p, sizeof(word));
        hash = (hash ^ word) * 0x9e3779b97f4a7c15u;
        hash ^= hash >> 32;
    }
    for (word = 0; len > 0; len--)
        word = word << 8 | p[len - 1];
    hash = (hash ^ word) * 0x9e3779b97f4a7c15u;
    return hash >> 32;
}

static void
grow(struct table *t)
{
    struct table old = *t;

    t->size = old.size ? old.size * 2 : 1024;
    t->slots = hf_xcalloc(t->size, sizeof(*t->slots));
    for (size_t i = 0; i < old.size; i++) {
        size_t slot = (size_t)(old.slots[i] >> 32) & (t->size - 1);

        while (old.slots[i] && t->slots[slot])
            slot = (slot + 1) & (t->size - 1);
        if (old.slots[i])
            t->slots[slot] = old.slots[i];
    }
    free(old.slots);
}

/* Where `data` stands in `all`: added behind everything when it is new.
 * `unit`: bytes that a place counts. */
static uint32_t
place_of(struct table *t, struct hf_buf *all, size_t unit, const void *data,
         size_t len)
{
    uint64_t hash = hash_of(data, len), place = all->len / unit;
    size_t slot;

    if (t->used * 2 >= t->size)
        grow(t);
    for (slot = (size_t)hash & (t->size - 1); t->slots[slot];
         slot = (slot + 1) & (t->size - 1)) {
        size_t at = (size_t)(t->slots[slot] & UINT32_MAX) * unit;

        if (t->slots[slot] >> 32 == hash && all->len - at >= len &&
            memcmp(all->data + at, data, len) == 0)
            return (uint32_t)(t->slots[slot] & UINT32_MAX);
    }
    hf_buf_add(all, data, len);
    t->slots[slot] = hash << 32 | place;
    t->used++;
    return (uint32_t)place;
}

static uint32_t
text_place(struct shelf_maker *m, const char *text)
{
    if (!text)
        return 0;
    return place_of(&m->known_texts, &m->texts, 1, text, strlen(text) + 1);
}

/* ---- adding ---- */

static void
add_word(struct hf_buf *to, uint32_t word)
{
    hf_buf_add(to, &word, sizeof(word));
}

static void
add_time(struct hf_buf *to, int64_t at)
{
    hf_buf_add(to, &at, sizeof(at));
}

/* How many facts, and what they are called. */
static uint32_t
shape_place(struct shelf_maker *m, const struct hf_facts *facts)
{
    hf_buf_clear(&m->shape);
    add_word(&m->shape, (uint32_t)facts->len);
    for (size_t i = 0; i < facts->len; i++) {
        add_word(&m->shape, text_place(m, facts->v[i].key));
        add_word(&m->shape, text_place(m, facts->v[i].source));
    }
    return place_of(&m->known_shapes, &m->words, sizeof(uint32_t),
                    m->shape.data, m->shape.len);
}

/* Nearly always they were read at one time; those that were not follow. */
static void
add_facts(struct shelf_maker *m, struct hf_buf *to,
          const struct hf_facts *facts)
{
    int64_t at = facts->len ? facts->v[0].at : 0;
    uint32_t others = 0;

    add_word(to, shape_place(m, facts));
    add_time(to, at);
    for (size_t i = 0; i < facts->len; i++) {
        const struct hf_fact *f = &facts->v[i];

        add_word(to, text_place(m, f->value ? f->value : f->why));
        others += f->at != at || !f->value;
    }
    add_word(to, others);
    for (size_t i = 0; i < facts->len; i++) {
        const struct hf_fact *f = &facts->v[i];

        if (f->at == at && f->value)
            continue;
        add_word(to, (uint32_t)i << 1 | !f->value);
        add_time(to, f->at);
    }
}

static int
is_new(struct shelf_maker *m, uint32_t name)
{
    size_t before = m->names.len;

    (void)place_of(&m->known_names, &m->names, sizeof(name), &name,
                   sizeof(name));
    return m->names.len > before;
}

void
shelf_add(struct shelf_maker *m, const struct shelf_item *item)
{
    const struct hf_record *r = &item->record;
    uint32_t name = text_place(m, item->name);
    struct hf_buf words = {0};

    if (!is_new(m, name))
        return;
    add_word(&words, name);
    add_word(&words, text_place(m, item->net));
    add_word(&words, text_place(m, item->hostkey));
    add_word(&words, text_place(m, r->net_why));
    for (size_t i = 0; i < SHELF_RECENT_TEXTS; i++)
        add_word(&words, text_place(m, (const char *)&r->recent +
                                           shelf_recent_texts[i].at));
    add_time(&words, r->recent.at);
    add_time(&words, r->net_at);
    add_facts(m, &words, &r->facts);
    add_facts(m, &words, &r->baseline);
    add_word(&m->index, (uint32_t)(m->words.len / sizeof(uint32_t)));
    hf_buf_add(&m->words, words.data, words.len);
    hf_buf_release(&words);
}

struct shelf *
shelf_make(struct shelf_maker *m)
{
    struct shelf_head head = {
        .records = (uint32_t)(m->index.len / sizeof(uint32_t)),
        .words = (uint32_t)(m->words.len / sizeof(uint32_t)),
        .texts = (uint32_t)m->texts.len};
    struct hf_buf image = {0};

    hf_buf_reserve(&image,
                   sizeof(head) + m->index.len + m->words.len + m->texts.len);
    hf_buf_add(&image, &head, sizeof(head));
    hf_buf_add(&image, hf_buf_str(&m->index), m->index.len);
    hf_buf_add(&image, m->words.data, m->words.len);
    hf_buf_add(&image, m->texts.data, m->texts.len);
    maker_free(m);
    return shelf_open(&image, 0);
}
