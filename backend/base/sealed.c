/* A head with version and checksum before the content. */
#include "backend/base/sealed.h"

#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "backend/base/file.h"
#include "backend/base/mem.h"
#include "backend/base/text.h"

#define MAX_SIZE (1u << 30) /* of what is read whole */
#define LANES 4

struct head {
    char format[48];
    char key[HF_SEALED_KEY];
    uint64_t sum; /* of all the rest */
};
_Static_assert(sizeof(struct head) == HF_SEALED_HEAD, "content is aligned");

/* ---- the sum ---- */

/* Tells damage; it is no protection against somebody who writes into our own
 * folders. FNV-1a over words of eight bytes, each lane over every fourth of
 * them: one multiplication need not wait for the other. A change of one word
 * always changes its lane, and a change of one lane the whole. */
struct sum {
    uint64_t lanes[LANES];
    size_t words;
    char begun[sizeof(uint64_t)]; /* a word that the next piece goes on with */
    size_t begun_len;
};

static uint64_t
mix(uint64_t sum, uint64_t word)
{
    sum = (sum ^ word) * 1099511628211u;
    return sum ^ sum >> 32;
}

static void
add_words(struct sum *s, const char *p, size_t n)
{
    uint64_t w[LANES];

    for (; n > 0 && s->words % LANES; n--, p += sizeof(w[0])) {
        memcpy(w, p, sizeof(w[0]));
        s->lanes[s->words % LANES] = mix(s->lanes[s->words % LANES], w[0]);
        s->words++;
    }
    for (; n >= LANES; n -= LANES, p += sizeof(w), s->words += LANES) {
        memcpy(w, p, sizeof(w));
        for (size_t i = 0; i < LANES; i++)
            s->lanes[i] = mix(s->lanes[i], w[i]);
    }
    for (; n > 0; n--, p += sizeof(w[0])) {
        memcpy(w, p, sizeof(w[0]));
        s->lanes[s->words % LANES] = mix(s->lanes[s->words % LANES], w[0]);
        s->words++;
    }
}

static void
add_piece(struct sum *s, const struct hf_piece *piece)
{
    const char *p = piece->data;
    size_t len = piece->len, n;

    for (; len > 0 && s->begun_len > 0; len--) {
        s->begun[s->begun_len++] = *p++;
        if (s->begun_len == sizeof(s->begun)) {
            add_words(s, s->begun, 1);
            s->begun_len = 0;
        }
    }
    n = len / sizeof(s->begun);
    add_words(s, p, n);
    n *= sizeof(s->begun);
    if (len > n) {
        memcpy(s->begun, p + n, len - n);
        s->begun_len = len - n;
    }
}

static uint64_t
finish(struct sum *s)
{
    uint64_t all = s->begun_len;

    memset(s->begun + s->begun_len, 0, sizeof(s->begun) - s->begun_len);
    add_words(s, s->begun, 1);
    for (size_t i = 0; i < LANES; i++)
        all = mix(all, s->lanes[i]);
    return mix(all, s->words);
}

static void
make_head(struct head *h, const char *format, const char *key,
          const struct hf_piece *pieces, size_t n)
{
    const struct hf_piece rest = {h, offsetof(struct head, sum)};
    struct sum sum = {.lanes = {14695981039346656037u, 1, 2, 3}};

    memset(h, 0, sizeof(*h));
    hf_say(h->format, sizeof(h->format), "%s %s", format, HF_VERSION);
    hf_say(h->key, sizeof(h->key), "%s", key);
    add_piece(&sum, &rest);
    for (size_t i = 0; i < n; i++)
        add_piece(&sum, &pieces[i]);
    h->sum = finish(&sum);
}

/* ---- reading ---- */

/* As it would have been written. */
static int
is_sound(const char *file, size_t len, const char *format,
         char key[HF_SEALED_KEY])
{
    struct hf_piece content;
    struct head is, wanted;

    if (len < sizeof(is))
        return 0;
    memcpy(&is, file, sizeof(is));
    if (is.key[sizeof(is.key) - 1] != '\0')
        return 0;
    content = (struct hf_piece){file + sizeof(is), len - sizeof(is)};
    make_head(&wanted, format, is.key, &content, 1);
    memcpy(key, is.key, sizeof(is.key));
    return memcmp(&is, &wanted, sizeof(is)) == 0;
}

int
hf_sealed_read(struct hf_buf *out, char key[HF_SEALED_KEY], const char *path,
               const char *format)
{
    struct hf_err ignored = HF_ERR_INIT;

    if (hf_file_read(out, path, MAX_SIZE, &ignored) == HF_OK &&
        is_sound(out->data, out->len, format, key))
        return 1;
    hf_buf_release(out);
    return 0;
}

int
hf_sealed_map(struct hf_sealed *out, char key[HF_SEALED_KEY], const char *path,
              const char *format)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    struct stat st;
    void *file;

    *out = (struct hf_sealed){0};
    if (fd < 0)
        return 0;
    if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
        st.st_size >= HF_SEALED_HEAD) {
        file = mmap(NULL, (size_t)st.st_size, PROT_READ,
                    MAP_PRIVATE | MAP_POPULATE, fd, 0);
        if (file != MAP_FAILED) {
            out->data = (const char *)file + HF_SEALED_HEAD;
            out->len = (size_t)st.st_size - HF_SEALED_HEAD;
        }
    }
    (void)close(fd);
    if (out->data && is_sound(out->data - HF_SEALED_HEAD,
                              out->len + HF_SEALED_HEAD, format, key))
        return 1;
    hf_sealed_unmap(out);
    return 0;
}

void
hf_sealed_unmap(struct hf_sealed *m)
{
    if (m->data)
        (void)munmap((void *)(m->data - HF_SEALED_HEAD),
                     m->len + HF_SEALED_HEAD);
    *m = (struct hf_sealed){0};
}

/* ---- writing ---- */

void
hf_sealed_write_pieces(const char *path, const char *format, const char *key,
                       const struct hf_piece *pieces, size_t n)
{
    struct hf_piece *all = hf_xcalloc(n + 1, sizeof(*all));
    struct hf_err ignored = HF_ERR_INIT;
    struct head head;

    make_head(&head, format, key, pieces, n);
    all[0] = (struct hf_piece){&head, sizeof(head)};
    if (n)
        memcpy(all + 1, pieces, n * sizeof(*all));
    (void)hf_file_write_pieces(path, all, n + 1, 0600, &ignored);
    free(all);
}

void
hf_sealed_write(const char *path, const char *format, const char *key,
                const void *data, size_t len)
{
    const struct hf_piece all = {data, len};

    hf_sealed_write_pieces(path, format, key, &all, 1);
}
