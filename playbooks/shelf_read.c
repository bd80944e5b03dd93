/* Reading an image. A number that leads out of it reads as nothing: a damaged
 * one does harm to nobody. */
#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"
#include "playbooks/shelf.h"
#include "playbooks/shelf_priv.h"

#define TEXT(member)                                \
    {                                               \
        offsetof(struct hf_recent, member),         \
            sizeof(((struct hf_recent *)0)->member) \
    }
const struct shelf_text shelf_recent_texts[SHELF_RECENT_TEXTS] = {
    TEXT(run),     TEXT(action), TEXT(outcome),    TEXT(level),
    TEXT(boot_id), TEXT(why),    TEXT(machine_id),
};

#define TIME_WORDS (sizeof(int64_t) / sizeof(uint32_t))
#define BEFORE_FACTS (2 + 2 * TIME_WORDS) /* name, ending, two times */

/* Which text of an ending. */
enum { NET, HOSTKEY, NET_WHY, RECENT, LEVEL = RECENT + 3 };

struct shelf {
    struct hf_buf buf; /* {0}: the image is lent */
    const char *image;
    size_t image_len;
    struct shelf_head head;
    const uint32_t *index, *words;
    const char *texts;
};

struct shelf *
shelf_lend(const char *image, size_t len)
{
    struct shelf *s = HF_NEW(struct shelf);
    size_t wanted = sizeof(s->head);

    if (len < wanted)
        goto bad;
    s->image = image;
    s->image_len = len;
    memcpy(&s->head, image, sizeof(s->head));
    wanted += sizeof(uint32_t) * ((size_t)s->head.records + s->head.words) +
              s->head.texts;
    if (len != wanted || !s->head.words || !s->head.texts ||
        image[wanted - 1] != '\0')
        goto bad;
    s->index = (const uint32_t *)(const void *)(image + sizeof(s->head));
    s->words = s->index + s->head.records;
    s->texts = (const char *)(s->words + s->head.words);
    return s;
bad:
    free(s);
    return NULL;
}

struct shelf *
shelf_open(struct hf_buf *buf, size_t from)
{
    struct shelf *s = NULL;

    if (buf->len >= from)
        s = shelf_lend(buf->data + from, buf->len - from);
    if (s)
        s->buf = *buf;
    else
        hf_buf_release(buf);
    *buf = (struct hf_buf){0};
    return s;
}

void
shelf_free(struct shelf *s)
{
    if (!s)
        return;
    hf_buf_release(&s->buf);
    free(s);
}

const void *
shelf_image(const struct shelf *s, size_t *len)
{
    *len = s->image_len;
    return s->image;
}

size_t
shelf_len(const struct shelf *s)
{
    return s->head.records;
}

/* ---- one record ---- */

struct cursor {
    const struct shelf *s;
    size_t at; /* word */
};

static uint32_t
take(struct cursor *c)
{
    return c->at < c->s->head.words ? c->s->words[c->at++] : 0;
}

static int64_t
take_time(struct cursor *c)
{
    uint32_t halves[2] = {0};
    int64_t at;

    halves[0] = take(c);
    halves[1] = take(c);
    memcpy(&at, halves, sizeof(at));
    return at;
}

static const char *
text_at(const struct shelf *s, uint32_t place)
{
    return place && place < s->head.texts ? s->texts + place : NULL;
}

static const char *
take_text(struct cursor *c)
{
    return text_at(c->s, take(c));
}

static void
copy_text(struct cursor *c, char *to, size_t size)
{
    const char *text = take_text(c);
    size_t len = text ? strnlen(text, size - 1) : 0;

    if (len)
        memcpy(to, text, len);
    to[len] = '\0';
}

/* Borrowed for good: nobody writes into a lent fact's texts. */
static char *
lent(const char *text)
{
    return (char *)text;
}

static void
take_facts(struct cursor *c, struct hf_facts *out)
{
    struct cursor shape = {.s = c->s, .at = take(c)};
    size_t n = take(&shape), others;
    int64_t at = take_time(c);

    if (n > c->s->head.words - c->at)
        return;
    hf_facts_lend(out, n);
    for (size_t i = 0; i < n; i++) {
        struct hf_fact *f = &out->v[i];

        f->key = lent(take_text(&shape));
        f->source = lent(take_text(&shape));
        f->value = lent(take_text(c));
        f->at = at;
        if (!f->key || !f->value)
            f->key = f->value = lent("");
    }
    for (others = take(c); others > 0 && c->at < c->s->head.words; others--) {
        uint32_t word = take(c);
        struct hf_fact *f;

        at = take_time(c);
        if (word >> 1 >= n)
            return;
        f = &out->v[word >> 1];
        f->at = at;
        if (word & 1) {
            f->why = f->value;
            f->value = NULL;
        }
    }
}

static struct cursor
record_at(const struct shelf *s, size_t i)
{
    return (struct cursor){
        .s = s, .at = i < s->head.records ? s->index[i] : s->head.words};
}

/* Behind the name, which comes first. */
static struct cursor
ending_of(struct cursor *record)
{
    return (struct cursor){.s = record->s, .at = take(record)};
}

const char *
shelf_name(const struct shelf *s, size_t i)
{
    struct cursor c = record_at(s, i);
    const char *name = take_text(&c);

    return name ? name : "";
}

static const char *
of_ending(const struct shelf *s, size_t i, size_t which)
{
    struct cursor c = record_at(s, i);
    const char *text;

    c.at++;
    c = ending_of(&c);
    c.at += which;
    text = take_text(&c);
    return text ? text : "";
}

const char *
shelf_net(const struct shelf *s, size_t i)
{
    return of_ending(s, i, NET);
}

const char *
shelf_level(const struct shelf *s, size_t i)
{
    return of_ending(s, i, LEVEL);
}

void
shelf_get(const struct shelf *s, size_t i, struct shelf_item *out)
{
    struct cursor c = record_at(s, i), ending;
    struct hf_record *r = &out->record;

    *out =
        (struct shelf_item){.name = shelf_name(s, i), .net = shelf_net(s, i)};
    c.at++;
    ending = ending_of(&c);
    ending.at += HOSTKEY;
    out->hostkey = take_text(&ending);
    copy_text(&ending, r->net_why, sizeof(r->net_why));
    for (size_t k = 0; k < SHELF_RECENT_TEXTS; k++)
        copy_text(&ending, (char *)&r->recent + shelf_recent_texts[k].at,
                  shelf_recent_texts[k].size);
    r->recent.at = take_time(&c);
    r->net_at = take_time(&c);
    take_facts(&c, &r->facts);
    take_facts(&c, &r->baseline);
}

/* ---- one fact ---- */

/* Which of a shape's `n` facts, which begin at `first`, is called that; n:
 * none. */
static size_t
find_key(const struct shelf *s, size_t first, size_t n, const char *key)
{
    size_t low = 0, high = n;

    while (low < high) {
        size_t mid = low + (high - low) / 2;
        struct cursor at = {.s = s, .at = first + 2 * mid};
        const char *is = take_text(&at);
        int order = strcmp(is ? is : "", key);

        if (order == 0)
            return mid;
        if (order < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return n;
}

/* Moves behind these facts. */
static const char *
take_one(struct cursor *c, const char *key)
{
    struct cursor shape = {.s = c->s, .at = take(c)};
    size_t n = take(&shape), i = find_key(c->s, shape.at, n, key), others;
    struct cursor value = {.s = c->s, .at = c->at + TIME_WORDS + i};
    const char *found = i < n ? take_text(&value) : NULL;

    c->at += TIME_WORDS + n;
    for (others = take(c); others > 0 && c->at < c->s->head.words; others--) {
        if (take(c) == ((uint32_t)i << 1 | 1)) /* that is why it is unknown */
            found = NULL;
        c->at += TIME_WORDS;
    }
    return found;
}

const char *
shelf_fact(const struct shelf *s, size_t i, int baseline, const char *key)
{
    struct cursor c = record_at(s, i);
    const char *found;

    c.at += BEFORE_FACTS;
    found = take_one(&c, key);
    return baseline ? take_one(&c, key) : found;
}

void
shelf_add_all(struct shelf_maker *to, const struct shelf *from)
{
    struct shelf_item item;

    for (size_t i = 0; i < shelf_len(from); i++) {
        shelf_get(from, i, &item);
        shelf_add(to, &item);
        hf_record_release(&item.record);
    }
}
