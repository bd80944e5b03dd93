/*
 * Moments are items of a shelf. Its names say of which host a moment is, and
 * when: "web-03/0001796400000000/<run>", so that their order is that of hosts
 * and times; no host has a slash in its name. What cannot be read is an item,
 * too: "/<commit>/<host>", so that it is counted once and for all.
 */
#include "playbooks/history.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/file.h"
#include "backend/base/mem.h"
#include "backend/base/sealed.h"
#include "backend/base/text.h"
#include "backend/base/time.h"
#include "inventory/ledger_past.h"
#include "playbooks/session_priv.h"

#define HISTORY_FILE "history"
#define FORMAT "hotfleet-history-3"

const char *const hf_past_kept[] = {"boot.id", "memory.", NULL};

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

/* ---- adding ---- */

static char *
moment_name(const char *host, int64_t at, const char *run)
{
    return hf_xasprintf("%s/%016" PRId64 "%s%s", host, at < 0 ? 0 : at,
                        run ? "/" : "", run ? run : "");
}

static int
is_kept(const char *key)
{
    for (size_t i = 0; hf_past_kept[i]; i++) {
        if (hf_has_prefix(key, hf_past_kept[i]))
            return 1;
    }
    return 0;
}

static int
keep_some(struct hf_facts *to, const cJSON *doc, struct hf_err *err)
{
    struct hf_facts all = {0};
    int rc = doc ? hf_facts_from_json(&all, doc, err) : HF_OK;

    for (size_t i = 0; i < all.len; i++) {
        const struct hf_fact *f = &all.v[i];

        if (is_kept(f->key) && f->value)
            hf_facts_set(to, f->key, f->value, NULL, f->at);
    }
    hf_facts_release(&all);
    return rc;
}

static void
say_of_run(struct hf_record *r, const cJSON *doc)
{
    /* clang-format off */
    static const struct { const char *fact, *member; } texts[] = {
        {HF_PAST_RING, "ring"},
        {HF_PAST_FROM, "from"},
        {HF_PAST_STARTED, "started"},
        {HF_PAST_CHANGE, "change"},
        {HF_PAST_REASON, "reason"},
        {HF_PAST_GLASS, "broken_glass"},
    };
    /* clang-format on */
    const cJSON *price = hf_json_get(doc, "price");
    const char *restart = hf_json_str(price, "restart");

    for (size_t i = 0; i < HF_COUNT(texts); i++) {
        const char *text = hf_json_str(doc, texts[i].member);

        if (text && *text)
            hf_facts_set(&r->facts, texts[i].fact, text, NULL, r->recent.at);
    }
    if (restart)
        hf_facts_set(&r->facts, HF_PAST_RESTART, restart, NULL, r->recent.at);
}

static void
say_failed(struct hf_record *r, const cJSON *criteria)
{
    const char *block = hf_verdict_names[HF_VERDICT_BLOCK];
    const cJSON *one;

    cJSON_ArrayForEach(one, criteria)
    {
        const char *name = hf_json_str(one, "name");
        const char *verdict = hf_json_str(one, "verdict");
        char *key;

        if (!name || !verdict || strcmp(verdict, block) != 0)
            continue;
        key = hf_xasprintf(HF_PAST_CRITERION "%s", name);
        hf_facts_set(&r->facts, key, block, NULL, r->recent.at);
        free(key);
    }
}

static int
read_evidence(struct shelf_item *out, const cJSON *doc, struct hf_err *err)
{
    struct hf_record *r = &out->record;
    int rc;

    if (!hf_json_str(doc, "outcome"))
        return hf_fail(err, HF_EINVALID, "no evidence record");
    document_text(r->recent.run, sizeof(r->recent.run), doc, "run");
    document_text(r->recent.action, sizeof(r->recent.action), doc, "action");
    document_text(r->recent.outcome, sizeof(r->recent.outcome), doc, "outcome");
    document_text(r->recent.level, sizeof(r->recent.level), doc, "to");
    document_text(r->recent.why, sizeof(r->recent.why), doc, "why");
    r->recent.at = document_time(doc, "ended");
    if ((rc = keep_some(&r->facts, hf_json_get(doc, "after"), err)) < 0 ||
        (rc = keep_some(&r->baseline, hf_json_get(doc, "before"), err)) < 0)
        return rc;
    say_of_run(r, doc);
    say_failed(r, hf_json_get(doc, "criteria"));
    return HF_OK;
}

/* When it was true, not when it was committed. */
static int64_t
time_of(const struct shelf_item *item, const struct hf_ledger_change *c)
{
    const struct hf_record *r = &item->record;
    int64_t at = c->run ? r->recent.at : hf_facts_newest(&r->facts);

    if (!c->run && r->net_at > at)
        at = r->net_at;
    return at > 0 ? at : c->at;
}

static int
take_change(void *ctx, const struct hf_ledger_change *c)
{
    struct shelf_item item = {.net = ""};
    struct hf_err err = HF_ERR_INIT;
    cJSON *doc = NULL;
    char *name;

    if (hf_json_parse(&doc, c->text, c->len, &err) < 0 ||
        (c->run ? read_evidence : document_read)(&item, doc, &err) < 0) {
        hf_record_release(&item.record);
        item = (struct shelf_item){.net = ""};
        name = hf_xasprintf("/%s/%s", c->commit, c->host);
    } else {
        name = moment_name(c->host, time_of(&item, c), c->run);
    }
    item.name = name;
    shelf_add(ctx, &item);
    free(name);
    hf_record_release(&item.record);
    cJSON_Delete(doc);
    return 0;
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
    rc = hf_ledger_each_change(s->repo, since, h->commit, take_change, m, err);
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
