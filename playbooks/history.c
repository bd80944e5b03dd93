/* The index of the past: opening it, bringing it up to the ledger, reading
 * it. What its items are is said in history_read.h. */
#include "playbooks/history.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/file.h"
#include "backend/base/mem.h"
#include "backend/base/sealed.h"
#include "inventory/ledger_past.h"
#include "playbooks/history_read.h"
#include "playbooks/session_priv.h"

#define HISTORY_FILE "history"
#define FORMAT "hotfleet-history-4"

struct hf_history {
    struct shelf *shelf;
    uint32_t *order; /* places on the shelf, by name */
    size_t len;
    size_t damaged;
    char commit[41];
};

enum hf_past_boot
hf_past_boot(const struct hf_record *run)
{
    const char *before = hf_facts_get(&run->baseline, "boot.id");
    const char *after = hf_facts_get(&run->facts, "boot.id");

    if (!before || !after)
        return HF_PAST_BOOT_UNKNOWN;
    return hf_boot_same(before, after) ? HF_PAST_BOOT_SAME : HF_PAST_BOOT_OTHER;
}

/* ---- the file ---- */

static struct shelf *
load(const struct hf_session *s, char since[41])
{
    char *path = hf_path_join(s->state_dir, HISTORY_FILE);
    char key[HF_SEALED_KEY];
    struct shelf *shelf = NULL;
    struct hf_buf file = {0};

    if (hf_sealed_read(&file, key, path, FORMAT) && strlen(key) == 40) {
        memcpy(since, key, 41);
        shelf = shelf_open(&file, HF_SEALED_HEAD);
    }
    hf_buf_release(&file);
    free(path);
    return shelf;
}

static void
save(const struct hf_session *s, const struct hf_history *h)
{
    char *path = hf_path_join(s->state_dir, HISTORY_FILE);
    size_t len;
    const void *image = shelf_image(h->shelf, &len);

    if (!s->o.read_only)
        hf_sealed_write(path, FORMAT, h->commit, image, len);
    free(path);
}

/* ---- opening ---- */

/* What the ledger holds after `since` (NULL: all of it), behind what `old`
 * holds; `old` stays the caller's. */
static int
read_on(struct hf_history *h, struct hf_session *s, const struct shelf *old,
        const char *since, struct hf_err *err)
{
    struct shelf_maker *m = shelf_maker_new();
    int rc;

    if (old)
        shelf_add_all(m, old);
    rc = history_read(m, s->repo, since, h->commit, err);
    h->shelf = shelf_make(m);
    if (rc < 0) {
        shelf_free(h->shelf);
        h->shelf = NULL;
    }
    return rc;
}

static int
bring_up(struct hf_history *h, struct hf_session *s, struct hf_err *err)
{
    struct hf_err gone = HF_ERR_INIT;
    char since[41] = "";
    struct shelf *old = load(s, since);
    int rc;

    if (old && strcmp(since, h->commit) == 0) {
        h->shelf = old;
        return HF_OK;
    }
    rc = old ? read_on(h, s, old, since, &gone) : HF_ENOTFOUND;
    shelf_free(old);
    if (rc < 0) /* there is none, or it is of another past */
        rc = read_on(h, s, NULL, NULL, err);
    if (rc == HF_OK)
        save(s, h);
    return rc;
}

static int
by_name(const void *a, const void *b, void *ctx)
{
    const struct shelf *shelf = ctx;

    return strcmp(shelf_name(shelf, *(const uint32_t *)a),
                  shelf_name(shelf, *(const uint32_t *)b));
}

static void
put_in_order(struct hf_history *h)
{
    size_t n = shelf_len(h->shelf);

    h->order = hf_xcalloc(n + 1, sizeof(*h->order));
    for (size_t i = 0; i < n; i++) {
        if (shelf_name(h->shelf, i)[0] == '/')
            h->damaged++;
        else
            h->order[h->len++] = (uint32_t)i;
    }
    if (h->len)
        qsort_r(h->order, h->len, sizeof(*h->order), by_name, h->shelf);
}

int
hf_history_open(struct hf_history **out, struct hf_session *s,
                struct hf_err *err)
{
    struct hf_history *h = HF_NEW(struct hf_history);
    int rc = hf_ledger_newest(h->commit, s->repo, s->fleet->ledger_branch, err);

    if (rc == HF_ENOTFOUND) {
        h->shelf = shelf_make(shelf_maker_new());
        rc = HF_OK;
    } else if (rc == HF_OK) {
        rc = bring_up(h, s, err);
    }
    *out = NULL;
    if (rc < 0) {
        hf_history_free(h);
        return rc;
    }
    put_in_order(h);
    *out = h;
    return HF_OK;
}

void
hf_history_free(struct hf_history *h)
{
    if (!h)
        return;
    shelf_free(h->shelf);
    free(h->order);
    free(h);
}

/* ---- reading ---- */

size_t
hf_history_len(const struct hf_history *h)
{
    return h->len;
}

size_t
hf_history_damaged(const struct hf_history *h)
{
    return h->damaged;
}

const char *
hf_history_commit(const struct hf_history *h)
{
    return h->commit;
}

void
hf_history_peek(const struct hf_history *h, size_t i, struct hf_moment *out)
{
    const char *name = shelf_name(h->shelf, h->order[i]);
    const char *slash = strchr(name, '/');
    size_t len = slash ? (size_t)(slash - name) : strlen(name);

    *out = (struct hf_moment){.net = ""};
    if (len >= sizeof(out->host))
        len = sizeof(out->host) - 1;
    memcpy(out->host, name, len);
    out->at = slash ? strtoll(slash + 1, NULL, 10) : 0;
    out->is_run = slash && strchr(slash + 1, '/') != NULL;
}

void
hf_history_get(const struct hf_history *h, size_t i, struct hf_moment *out)
{
    struct shelf_item item;

    hf_history_peek(h, i, out);
    shelf_get(h->shelf, h->order[i], &item);
    out->net = item.net ? item.net : "";
    out->record = item.record;
}
