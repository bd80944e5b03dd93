/*
 * Annals in a sealed file, used as they stand there: its sums are compared
 * with all of it at each opening, so a damaged one is none. Each part begins
 * at a multiple of 8 bytes:
 *
 *   head     how many of each, and where they begin in the ledger
 *   rows, hosts (one more), names
 *   sizes    of the shelves' images, then the images
 */
#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"
#include "playbooks/annals.h"

#define FORMAT "hotfleet-history-6"
#define ALIGN 8

struct head {
    uint64_t rows, hosts, names, shelves, damaged;
    char from[48];
};

/* ---- saving ---- */

struct pieces {
    struct hf_piece *v;
    size_t len, cap;
};

static void
add_piece(struct pieces *to, const void *data, size_t len)
{
    static const char zeros[ALIGN];

    *HF_PUSH(&to->v, &to->len, &to->cap) = (struct hf_piece){data, len};
    *HF_PUSH(&to->v, &to->len, &to->cap) =
        (struct hf_piece){zeros, -len % ALIGN};
}

void
annals_save(const struct annals *a, const char *path, const char *from,
            const char *to)
{
    struct head head = {.rows = a->len,
                        .hosts = a->hosts_len,
                        .names = a->names_len,
                        .shelves = a->shelves_len,
                        .damaged = a->damaged};
    uint64_t *sizes = hf_xcalloc(a->shelves_len + 1, sizeof(*sizes));
    struct pieces all = {0};

    memcpy(head.from, from, strlen(from));
    add_piece(&all, &head, sizeof(head));
    add_piece(&all, a->rows, a->len * sizeof(*a->rows));
    add_piece(&all, a->hosts, (a->hosts_len + 1) * sizeof(*a->hosts));
    add_piece(&all, a->names, a->names_len);
    add_piece(&all, sizes, a->shelves_len * sizeof(*sizes));
    for (size_t i = 0; i < a->shelves_len; i++) {
        size_t len;
        const void *image = shelf_image(a->shelves[i], &len);

        sizes[i] = len;
        add_piece(&all, image, len);
    }
    hf_sealed_write_pieces(path, FORMAT, to, all.v, all.len);
    free(all.v);
    free(sizes);
}

/* ---- loading ---- */

struct rest {
    const char *data;
    size_t len;
};

/* The next part; NULL: there is not so much. */
static const void *
take(struct rest *rest, uint64_t n, size_t size)
{
    const char *part = rest->data;
    uint64_t len = n * size, padded = len + -len % ALIGN;

    if (n > rest->len || padded > rest->len)
        return NULL;
    rest->data += padded;
    rest->len -= (size_t)padded;
    return part;
}

static int
take_shelves(struct annals *a, struct rest *rest, uint64_t n)
{
    const uint64_t *sizes = take(rest, n, sizeof(*sizes));

    for (uint64_t i = 0; sizes && i < n; i++) {
        const char *image = take(rest, sizes[i], 1);
        struct shelf *shelf = image ? shelf_lend(image, sizes[i]) : NULL;

        if (!shelf)
            return 0;
        *HF_PUSH(&a->shelves, &a->shelves_len, &a->shelves_cap) = shelf;
    }
    return sizes && rest->len == 0;
}

static int
take_all(struct annals *a, struct rest rest, const char *from)
{
    const struct head *head = take(&rest, 1, sizeof(*head));

    if (!head || strncmp(head->from, from, sizeof(head->from)) != 0)
        return 0;
    a->len = head->rows;
    a->hosts_len = head->hosts;
    a->names_len = head->names;
    a->damaged = head->damaged;
    a->rows = take(&rest, head->rows, sizeof(*a->rows));
    a->hosts = take(&rest, head->hosts + 1, sizeof(*a->hosts));
    a->names = take(&rest, head->names, 1);
    return a->rows && a->hosts && a->names &&
           take_shelves(a, &rest, head->shelves);
}

struct annals *
annals_load(const char *path, const char *from, char to[41])
{
    char key[HF_SEALED_KEY];
    struct hf_sealed file;
    struct annals *a;

    if (!hf_sealed_map(&file, key, path, FORMAT))
        return NULL;
    a = HF_NEW(struct annals);
    *HF_PUSH(&a->files, &a->files_len, &a->files_cap) = file;
    if (strlen(key) == 40 &&
        take_all(a, (struct rest){file.data, file.len}, from)) {
        memcpy(to, key, 41);
        return a;
    }
    annals_free(a);
    return NULL;
}
