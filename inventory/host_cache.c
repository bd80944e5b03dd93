/*
 * The file: how many hosts, words and bytes of text; per host its object id
 * and the word where it begins; words; texts.
 */
#include "inventory/host_cache.h"

#include <stdlib.h>
#include <string.h>

#include "backend/base/sealed.h"
#include "backend/base/sha256.h"
#include "inventory/pack.h"

#define FORMAT "hotfleet-hosts-1"
#define WORTH_IT 200 /* hosts: fewer are read as fast */
#define FEW 16       /* one in so many: news that need no new file */

struct head {
    uint32_t hosts, words, texts, unused;
};

struct entry {
    unsigned char id[GIT_OID_RAWSZ];
    uint32_t at; /* its first word */
};

struct hf_host_cache {
    struct hf_buf file;
    const struct entry *entries;
    size_t len;
    uint32_t *index; /* by id, open addressing: 1 + entry, 0 = free */
    size_t index_size;
    size_t next; /* files mostly come in the order of the last time */
    struct hf_unpack from;
    char *found;         /* by entry */
    struct hf_buf added; /* entries of `news` */
    struct hf_pack news;
};

/* What was decoded by other tables does not count. */
static void
key_of(char key[HF_SHA256_HEX])
{
    char *schema = hf_schema_text(&hf_object_host, "");

    hf_sha256_hex(key, schema, strlen(schema));
    free(schema);
}

/* ---- opening ---- */

static size_t
slot_of(const struct hf_host_cache *c, const unsigned char *id)
{
    size_t slot;

    memcpy(&slot, id, sizeof(slot));
    return slot & (c->index_size - 1);
}

static void
make_index(struct hf_host_cache *c)
{
    for (c->index_size = 16; c->index_size < c->len * 2;)
        c->index_size *= 2;
    c->index = hf_xcalloc(c->index_size, sizeof(*c->index));
    for (size_t i = 0; i < c->len; i++) {
        size_t slot = slot_of(c, c->entries[i].id);

        while (c->index[slot])
            slot = (slot + 1) & (c->index_size - 1);
        c->index[slot] = (uint32_t)i + 1;
    }
}

/* 1: its parts are where they should be. */
static int
lay_out(struct hf_host_cache *c, struct hf_arena *arena)
{
    const char *at = c->file.data + HF_SEALED_HEAD;
    size_t left = c->file.len - HF_SEALED_HEAD;
    struct head head;
    char *texts;

    if (left < sizeof(head))
        return 0;
    memcpy(&head, at, sizeof(head));
    if (left != sizeof(head) + head.hosts * sizeof(struct entry) +
                    head.words * sizeof(uint32_t) + head.texts ||
        !head.texts || at[left - 1] != '\0')
        return 0;
    at += sizeof(head);
    c->entries = (const struct entry *)(const void *)at;
    c->len = head.hosts;
    at += head.hosts * sizeof(struct entry);
    c->from = (struct hf_unpack){.words = (const uint32_t *)(const void *)at,
                                 .words_len = head.words,
                                 .texts_len = head.texts,
                                 .arena = arena};
    at += head.words * sizeof(uint32_t);
    c->from.texts = texts = hf_arena_alloc(arena, head.texts);
    memcpy(texts, at, head.texts);
    return 1;
}

struct hf_host_cache *
hf_host_cache_open(const char *path, struct hf_arena *arena)
{
    struct hf_host_cache *c = HF_NEW(struct hf_host_cache);
    char key[HF_SEALED_KEY], wanted[HF_SHA256_HEX];

    key_of(wanted);
    if (path && hf_sealed_read(&c->file, key, path, FORMAT) &&
        strcmp(key, wanted) == 0 && lay_out(c, arena)) {
        make_index(c);
        c->found = hf_xcalloc(c->len + 1, 1);
    }
    return c;
}

void
hf_host_cache_free(struct hf_host_cache *c)
{
    if (!c)
        return;
    hf_buf_release(&c->file);
    hf_buf_release(&c->added);
    hf_pack_release(&c->news);
    free(c->index);
    free(c->found);
    free(c);
}

/* ---- finding ---- */

/* The entry, or -1. */
static ptrdiff_t
entry_of(struct hf_host_cache *c, const unsigned char *id)
{
    if (c->next < c->len &&
        memcmp(c->entries[c->next].id, id, GIT_OID_RAWSZ) == 0)
        return (ptrdiff_t)c->next;
    for (size_t slot = slot_of(c, id); c->index[slot];
         slot = (slot + 1) & (c->index_size - 1)) {
        const struct entry *e = &c->entries[c->index[slot] - 1];

        if (memcmp(e->id, id, GIT_OID_RAWSZ) == 0)
            return e - c->entries;
    }
    return -1;
}

static void
unpack(struct hf_host_cache *c, size_t entry, struct hf_host_doc *out)
{
    c->from.at = c->entries[entry].at;
    hf_pack_get(&c->from, &hf_object_host, out);
}

int
hf_host_cache_find(struct hf_host_cache *c, const git_oid *id,
                   struct hf_host_doc *out)
{
    ptrdiff_t entry = c->index ? entry_of(c, id->id) : -1;

    if (entry < 0)
        return 0;
    c->next = (size_t)entry + 1;
    c->found[entry] = 1;
    unpack(c, (size_t)entry, out);
    return 1;
}

/* ---- saving ---- */

static void
add(struct hf_pack *to, struct hf_buf *entries, const unsigned char *id,
    const struct hf_host_doc *doc)
{
    struct entry e = {.at = (uint32_t)(to->words.len / sizeof(uint32_t))};

    memcpy(e.id, id, sizeof(e.id));
    hf_buf_add(entries, &e, sizeof(e));
    hf_pack_add(to, &hf_object_host, doc);
}

void
hf_host_cache_add(struct hf_host_cache *c, const git_oid *id,
                  const struct hf_host_doc *doc)
{
    add(&c->news, &c->added, id->id, doc);
}

static void
write_file(const char *path, const struct hf_pack *pack,
           const struct hf_buf *entries)
{
    struct head head = {.hosts =
                            (uint32_t)(entries->len / sizeof(struct entry)),
                        .words = (uint32_t)(pack->words.len / sizeof(uint32_t)),
                        .texts = (uint32_t)pack->texts.all.len};
    struct hf_buf out = {0};
    char key[HF_SHA256_HEX];

    key_of(key);
    hf_buf_add(&out, &head, sizeof(head));
    hf_buf_add(&out, entries->data, entries->len);
    hf_buf_add(&out, pack->words.data, pack->words.len);
    hf_buf_add(&out, pack->texts.all.data, pack->texts.all.len);
    hf_sealed_write(path, FORMAT, key, out.data, out.len);
    hf_buf_release(&out);
}

void
hf_host_cache_save(struct hf_host_cache *c, const char *path)
{
    size_t added = c->added.len / sizeof(struct entry), found = 0;
    struct hf_host_doc doc;

    for (size_t i = 0; i < c->len; i++)
        found += c->found[i] != 0;
    if (found + added < WORTH_IT || added <= found / FEW)
        return;
    for (size_t i = 0; i < c->len; i++) {
        if (!c->found[i])
            continue;
        unpack(c, i, &doc);
        add(&c->news, &c->added, c->entries[i].id, &doc);
    }
    write_file(path, &c->news, &c->added);
}
