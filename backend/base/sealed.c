/* A head with version and checksum before the content. */
#include "backend/base/sealed.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/file.h"
#include "backend/base/mem.h"
#include "backend/base/text.h"

#define MAX_SIZE (1u << 30)

struct head {
    char format[48];
    char key[HF_SEALED_KEY];
    uint64_t sum; /* of all the rest */
};
_Static_assert(sizeof(struct head) == HF_SEALED_HEAD, "content is aligned");

/* Tells damage; it is no protection against somebody who writes into our own
 * folders. FNV-1a over words of eight bytes. */
static uint64_t
add_sum(uint64_t sum, const void *data, size_t len)
{
    const char *p = data;
    uint64_t word;

    for (; len >= sizeof(word); p += sizeof(word), len -= sizeof(word)) {
        memcpy(&word, p, sizeof(word));
        sum = (sum ^ word) * 1099511628211u;
        sum ^= sum >> 32;
    }
    for (; len > 0; p++, len--)
        sum = (sum ^ (unsigned char)*p) * 1099511628211u;
    return sum;
}

static void
make_head(struct head *h, const char *format, const char *key, const void *data,
          size_t len)
{
    memset(h, 0, sizeof(*h));
    hf_say(h->format, sizeof(h->format), "%s %s", format, HF_VERSION);
    hf_say(h->key, sizeof(h->key), "%s", key);
    h->sum = add_sum(14695981039346656037u, h, offsetof(struct head, sum));
    h->sum = add_sum(h->sum, data, len);
}

/* As it would have been written. */
static int
is_sound(const struct hf_buf *file, const char *format, char key[HF_SEALED_KEY])
{
    struct head is, wanted;

    if (file->len < sizeof(is))
        return 0;
    memcpy(&is, file->data, sizeof(is));
    if (is.key[sizeof(is.key) - 1] != '\0')
        return 0;
    make_head(&wanted, format, is.key, file->data + sizeof(is),
              file->len - sizeof(is));
    memcpy(key, is.key, sizeof(is.key));
    return memcmp(&is, &wanted, sizeof(is)) == 0;
}

int
hf_sealed_read(struct hf_buf *out, char key[HF_SEALED_KEY], const char *path,
               const char *format)
{
    struct hf_err ignored = HF_ERR_INIT;

    if (hf_file_read(out, path, MAX_SIZE, &ignored) == HF_OK &&
        is_sound(out, format, key))
        return 1;
    hf_buf_release(out);
    return 0;
}

void
hf_sealed_write(const char *path, const char *format, const char *key,
                const void *data, size_t len)
{
    struct hf_err ignored = HF_ERR_INIT;
    struct hf_buf out = {0};
    struct head head;

    make_head(&head, format, key, data, len);
    hf_buf_reserve(&out, sizeof(head) + len);
    hf_buf_add(&out, &head, sizeof(head));
    hf_buf_add(&out, data, len);
    (void)hf_file_write(path, out.data, out.len, 0600, &ignored);
    hf_buf_release(&out);
}
