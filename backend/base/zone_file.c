/* Reading a zone file: header, the 64-bit block, the footer. */
#include "backend/base/zone_file.h"

#include <string.h>

#include "backend/base/mem.h"

#define HEADER_LEN 44
#define DAY_SECONDS 86400

/* One block: how many of each, and where they start. */
struct block {
    const unsigned char *data;
    size_t left;
    uint32_t utcs, stds, leaps, times, types, chars;
};

static int
damaged(struct hf_err *err, const char *what)
{
    return hf_fail(err, HF_EINVALID, "damaged zone file: %s", what);
}

static uint32_t
read_u32(const unsigned char *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 |
           p[3];
}

static int64_t
read_i64(const unsigned char *p)
{
    uint64_t bits = (uint64_t)read_u32(p) << 32 | read_u32(p + 4);

    return (int64_t)bits;
}

static int
read_header(struct block *b, const unsigned char *data, size_t len,
            struct hf_err *err)
{
    if (len < HEADER_LEN || memcmp(data, "TZif", 4) != 0)
        return damaged(err, "it does not begin like one");
    if (data[4] < '2')
        return damaged(err, "version 1 holds no years after 2037");
    *b = (struct block){
        .data = data + HEADER_LEN,
        .left = len - HEADER_LEN,
        .utcs = read_u32(data + 20),
        .stds = read_u32(data + 24),
        .leaps = read_u32(data + 28),
        .times = read_u32(data + 32),
        .types = read_u32(data + 36),
        .chars = read_u32(data + 40),
    };
    return HF_OK;
}

/* Bytes of a block whose times have `width` bytes. 32-bit counts cannot
 * overflow 64 bits here. */
static uint64_t
block_size(const struct block *b, unsigned width)
{
    return (uint64_t)b->times * (width + 1) + (uint64_t)b->types * 6 +
           b->chars + (uint64_t)b->leaps * (width + 4) + b->stds + b->utcs;
}

static int
add_change(struct hf_zone_changes *out, const struct block *b, int64_t at,
           unsigned type, struct hf_err *err)
{
    const unsigned char *types = b->data + (size_t)b->times * 9;
    const unsigned char *chars = types + (size_t)b->types * 6, *row;
    struct hf_zone_change *change;
    int32_t offset;

    if (type >= b->types)
        return damaged(err, "a change of no known kind");
    row = types + (size_t)type * 6;
    offset = (int32_t)read_u32(row);
    if (offset < -DAY_SECONDS || offset > DAY_SECONDS + 7200 ||
        row[5] >= b->chars)
        return damaged(err, "an offset beyond a day");
    change = HF_PUSH(&out->v, &out->len, &out->cap);
    change->at = at;
    change->offset = offset;
    strncpy(change->abbr, (const char *)chars + row[5],
            sizeof(change->abbr) - 1);
    return HF_OK;
}

static int
read_changes(struct hf_zone_changes *out, const struct block *b,
             struct hf_err *err)
{
    const int64_t far = INT64_MAX / 2000; /* seconds that ms can tell */
    int64_t last = -far;
    int rc = add_change(out, b, INT64_MIN, 0, err);

    for (size_t i = 0; i < b->times && rc == HF_OK; i++) {
        int64_t at = read_i64(b->data + i * 8);

        if (at <= last || at > far) {
            if (i == 0 && at <= last)
                continue; /* "from ever" in some files */
            return damaged(err, "changes out of order");
        }
        last = at;
        rc = add_change(out, b, at * 1000, b->data[b->times * 8 + i], err);
    }
    return rc;
}

/* "\n<rule>\n" behind the block; empty: the last offset stays for ever. */
static int
read_footer(struct hf_zone_changes *out, const char *text, size_t len,
            struct hf_err *err)
{
    char rule[128];
    const char *end = len ? memchr(text + 1, '\n', len - 1) : NULL;
    size_t n = end ? (size_t)(end - text) - 1 : 0;

    if (!end || text[0] != '\n' || n >= sizeof(rule))
        return damaged(err, "its last line is missing");
    memcpy(rule, text + 1, n);
    rule[n] = '\0';
    return n ? hf_zone_rule_add(out, rule, err) : HF_OK;
}

int
hf_zone_file_read(struct hf_zone_changes *out, const void *data, size_t len,
                  struct hf_err *err)
{
    const unsigned char *bytes = data;
    struct block b = {0};
    uint64_t size;
    int rc;

    if ((rc = read_header(&b, bytes, len, err)) < 0)
        return rc;
    /* The first block holds 32-bit times, for readers of long ago. */
    if ((size = block_size(&b, 4)) > b.left)
        return damaged(err, "it is cut off");
    if ((rc = read_header(&b, b.data + size, b.left - size, err)) < 0)
        return rc;
    if ((size = block_size(&b, 8)) > b.left)
        return damaged(err, "it is cut off");
    /* abbreviations are read to their NUL */
    if (!b.types || !b.chars ||
        b.data[(size_t)b.times * 9 + (size_t)b.types * 6 + b.chars - 1])
        return damaged(err, "it has no offsets");
    if ((rc = read_changes(out, &b, err)) < 0)
        return rc;
    return read_footer(out, (const char *)b.data + size, b.left - size, err);
}
