/* Head and tail of a stream. */
#include "backend/ssh/capture.h"

#include <string.h>

void
hf_capture_init(struct hf_capture *c, size_t keep)
{
    *c = (struct hf_capture){.keep = keep};
}

void
hf_capture_release(struct hf_capture *c)
{
    hf_buf_release(&c->head);
    hf_buf_release(&c->tail);
}

static size_t
tail_room(const struct hf_capture *c)
{
    return c->keep / 2;
}

static void
add_tail(struct hf_capture *c, const char *data, size_t len)
{
    size_t room = tail_room(c), n;

    if (len > room) {
        data += len - room;
        len = room;
    }
    n = room - c->tail.len < len ? room - c->tail.len : len;
    hf_buf_add(&c->tail, data, n);
    for (data += n, len -= n; len; data += n, len -= n) {
        n = room - c->oldest < len ? room - c->oldest : len;
        memcpy(c->tail.data + c->oldest, data, n);
        c->oldest = (c->oldest + n) % room;
    }
}

void
hf_capture_add(struct hf_capture *c, const void *data, size_t len)
{
    size_t room = c->keep - tail_room(c) - c->head.len;
    size_t n = room < len ? room : len;

    c->total += len;
    hf_buf_add(&c->head, data, n);
    if (len > n && tail_room(c))
        add_tail(c, (const char *)data + n, len - n);
}

int
hf_capture_take(struct hf_capture *c, struct hf_buf *out)
{
    size_t kept = c->head.len + c->tail.len;

    *out = c->head;
    c->head = (struct hf_buf){0};
    if (c->total > kept)
        hf_buf_printf(out, "\n[... %zu bytes left out ...]\n", c->total - kept);
    if (c->tail.len) {
        hf_buf_add(out, c->tail.data + c->oldest, c->tail.len - c->oldest);
        hf_buf_add(out, c->tail.data, c->oldest);
    }
    hf_buf_release(&c->tail);
    return c->total > kept;
}
