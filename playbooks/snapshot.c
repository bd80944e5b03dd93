/*
 * What the ledger said of all hosts at one of its commits, kept in the state
 * folder, so that opening a large fleet need not read thousands of documents
 * again. A cache: one that does not fit is passed over and made anew.
 */
#include <stdlib.h>
#include <string.h>

#include "backend/base/file.h"
#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "playbooks/session_priv.h"

#define SNAPSHOT_FILE "snapshot"
#define SNAPSHOT_MAX (1u << 30)
#define WORTH_IT 200 /* hosts: fewer documents are read as fast */
#define FORMAT "hotfleet-snapshot-2 " HF_VERSION

/* Before the image. */
struct head {
    char format[48];
    char tip[48]; /* commit of the ledger that it is of */
    uint64_t sum; /* of the image */
};

/* Tells a damaged file; it is no protection against somebody who writes into
 * our own folder. FNV-1a over words of eight bytes. */
static uint64_t
checksum(const char *data, size_t len)
{
    uint64_t sum = 14695981039346656037u, word;

    for (; len >= sizeof(word); data += sizeof(word), len -= sizeof(word)) {
        memcpy(&word, data, sizeof(word));
        sum = (sum ^ word) * 1099511628211u;
        sum ^= sum >> 32;
    }
    for (; len > 0; data++, len--)
        sum = (sum ^ (unsigned char)*data) * 1099511628211u;
    return sum;
}

static void
make_head(struct head *h, const char *tip, const void *image, size_t len)
{
    memset(h, 0, sizeof(*h));
    hf_say(h->format, sizeof(h->format), "%s", FORMAT);
    memcpy(h->tip, tip, strnlen(tip, sizeof(h->tip) - 1));
    h->sum = checksum(image, len);
}

void
snapshot_save(const struct hf_session *s, const struct shelf *shelf)
{
    size_t len;
    const void *image = shelf_image(shelf, &len);
    struct hf_err ignored = HF_ERR_INIT;
    struct hf_buf out = {0};
    struct head head;
    char *path;

    if (s->o.read_only || s->fleet->hosts_len < WORTH_IT)
        return;
    make_head(&head, s->ledger_tip, image, len);
    hf_buf_reserve(&out, sizeof(head) + len);
    hf_buf_add(&out, &head, sizeof(head));
    hf_buf_add(&out, image, len);
    path = hf_path_join(s->state_dir, SNAPSHOT_FILE);
    (void)hf_file_write(path, out.data, out.len, 0600, &ignored);
    hf_buf_release(&out);
    free(path);
}

/* Whole, of this version, and of a commit of a ledger. */
static int
is_sound(const struct hf_buf *file, struct head *head)
{
    struct head wanted;

    if (file->len < sizeof(*head))
        return 0;
    memcpy(head, file->data, sizeof(*head));
    if (head->tip[40] || strlen(head->tip) != 40)
        return 0;
    make_head(&wanted, head->tip, file->data + sizeof(*head),
              file->len - sizeof(*head));
    return memcmp(head, &wanted, sizeof(wanted)) == 0;
}

struct shelf *
snapshot_load(const struct hf_session *s, char since[41])
{
    char *path = hf_path_join(s->state_dir, SNAPSHOT_FILE);
    struct hf_err ignored = HF_ERR_INIT;
    struct shelf *shelf = NULL;
    struct hf_buf file = {0};
    struct head head;

    if (s->ledger_tip[0] &&
        hf_file_read(&file, path, SNAPSHOT_MAX, &ignored) == HF_OK &&
        is_sound(&file, &head)) {
        memcpy(since, head.tip, 41);
        shelf = shelf_open(&file, sizeof(head));
    }
    hf_buf_release(&file);
    free(path);
    return shelf;
}
