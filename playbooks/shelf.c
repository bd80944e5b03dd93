/*
 * Making an image: numbers of 32 bits, then the texts they point at. A text
 * is the place where it begins; place 0 is no text at all.
 *
 *   head    how many records, words and bytes of text
 *   index   per record the word where it begins
 *   words   records; shapes of facts (how many, then key and source of each);
 *           endings: what a contact and a run left behind
 *   texts   each with its NUL
 */
#include "playbooks/shelf.h"

#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"
#include "backend/base/once.h"
#include "playbooks/shelf_priv.h"

struct shelf_maker {
    struct hf_once texts, words; /* shapes and endings are kept once */
    struct hf_once names;        /* places of those that have a record */
    struct hf_buf index;
    struct hf_buf once; /* scratch */
};

static void
add_word(struct hf_buf *to, uint32_t word)
{
    hf_buf_add(to, &word, sizeof(word));
}

struct shelf_maker *
shelf_maker_new(void)
{
    struct shelf_maker *m = HF_NEW(struct shelf_maker);

    (void)hf_once_text(&m->texts, NULL);
    add_word(&m->words.all, 0);
    add_word(&m->names.all, 0);
    return m;
}

static void
maker_free(struct shelf_maker *m)
{
    hf_once_release(&m->texts);
    hf_once_release(&m->words);
    hf_once_release(&m->names);
    hf_buf_release(&m->index);
    hf_buf_release(&m->once);
    free(m);
}

/* ---- adding ---- */

static void
add_time(struct hf_buf *to, int64_t at)
{
    hf_buf_add(to, &at, sizeof(at));
}

/* How many facts, and what they are called. */
static uint32_t
shape_place(struct shelf_maker *m, const struct hf_facts *facts)
{
    hf_buf_clear(&m->once);
    add_word(&m->once, (uint32_t)facts->len);
    for (size_t i = 0; i < facts->len; i++) {
        add_word(&m->once, hf_once_text(&m->texts, facts->v[i].key));
        add_word(&m->once, hf_once_text(&m->texts, facts->v[i].source));
    }
    return hf_once_add(&m->words, sizeof(uint32_t), m->once.data, m->once.len);
}

/* That of many hosts of one run is the same. */
static uint32_t
ending_place(struct shelf_maker *m, const struct shelf_item *item)
{
    const struct hf_record *r = &item->record;

    hf_buf_clear(&m->once);
    add_word(&m->once, hf_once_text(&m->texts, item->net));
    add_word(&m->once, hf_once_text(&m->texts, item->hostkey));
    add_word(&m->once, hf_once_text(&m->texts, r->net_why));
    for (size_t i = 0; i < SHELF_RECENT_TEXTS; i++)
        add_word(&m->once,
                 hf_once_text(&m->texts, (const char *)&r->recent +
                                             shelf_recent_texts[i].at));
    return hf_once_add(&m->words, sizeof(uint32_t), m->once.data, m->once.len);
}

/* Most were read at one time, the one in the middle among them; those that
 * were not follow. */
static void
add_facts(struct shelf_maker *m, struct hf_buf *to,
          const struct hf_facts *facts)
{
    int64_t at = facts->len ? facts->v[facts->len / 2].at : 0;
    uint32_t others = 0;

    add_word(to, shape_place(m, facts));
    add_time(to, at);
    for (size_t i = 0; i < facts->len; i++) {
        const struct hf_fact *f = &facts->v[i];

        add_word(to, hf_once_text(&m->texts, f->value ? f->value : f->why));
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
    size_t before = m->names.all.len;

    (void)hf_once_add(&m->names, sizeof(name), &name, sizeof(name));
    return m->names.all.len > before;
}

size_t
shelf_put(struct shelf_maker *m, const struct shelf_item *item)
{
    const struct hf_record *r = &item->record;
    size_t place = m->index.len / sizeof(uint32_t);
    struct hf_buf words = {0};

    add_word(&words, hf_once_text(&m->texts, item->name));
    add_word(&words, ending_place(m, item));
    add_time(&words, r->recent.at);
    add_time(&words, r->net_at);
    add_facts(m, &words, &r->facts);
    add_facts(m, &words, &r->baseline);
    add_word(&m->index, (uint32_t)(m->words.all.len / sizeof(uint32_t)));
    hf_buf_add(&m->words.all, words.data, words.len);
    hf_buf_release(&words);
    return place;
}

void
shelf_add(struct shelf_maker *m, const struct shelf_item *item)
{
    if (is_new(m, hf_once_text(&m->texts, item->name)))
        (void)shelf_put(m, item);
}

struct shelf *
shelf_make(struct shelf_maker *m)
{
    struct shelf_head head = {
        .records = (uint32_t)(m->index.len / sizeof(uint32_t)),
        .words = (uint32_t)(m->words.all.len / sizeof(uint32_t)),
        .texts = (uint32_t)m->texts.all.len};
    struct hf_buf image = {0};

    hf_buf_reserve(&image, sizeof(head) + m->index.len + m->words.all.len +
                               m->texts.all.len);
    hf_buf_add(&image, &head, sizeof(head));
    hf_buf_add(&image, hf_buf_str(&m->index), m->index.len);
    hf_buf_add(&image, m->words.all.data, m->words.all.len);
    hf_buf_add(&image, m->texts.all.data, m->texts.all.len);
    maker_free(m);
    return shelf_open(&image, 0);
}
