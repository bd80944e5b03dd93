/* The index of the past: opening it, bringing it up to the ledger, reading
 * it. */
#include "playbooks/history.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "backend/base/file.h"
#include "backend/base/mem.h"
#include "inventory/ledger_past.h"
#include "playbooks/history_read.h"
#include "playbooks/session_priv.h"

/* Two files of annals: of nearly all, and of what came since. Only when that
 * is much do they become one. */
#define HISTORY_FILE "history"
#define NEWS_FILE "history.news"
#define MUCH 32 /* one in so many moments */
#define MANY 16 /* shelves of news, each of one opening */

struct hf_history {
    struct annals *annals;
    char commit[41];
    int users; /* the session is one of them */
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

/* ---- the files ---- */

struct kept {
    char *all_path, *news_path;
    struct annals *all, *news; /* NULL: none */
    char all_to[41], news_to[41];
};

static void
load(struct kept *k, const struct hf_session *s)
{
    *k = (struct kept){
        .all_path = hf_path_join(s->state_dir, HISTORY_FILE),
        .news_path = hf_path_join(s->state_dir, NEWS_FILE),
    };
    k->all = annals_load(k->all_path, "", k->all_to);
    if (k->all)
        k->news = annals_load(k->news_path, k->all_to, k->news_to);
}

static void
release(struct kept *k)
{
    annals_free(k->all);
    annals_free(k->news);
    free(k->all_path);
    free(k->news_path);
}

static struct annals *
join(struct annals *a, struct annals *later)
{
    return a && later ? annals_join(a, later) : a ? a : later;
}

/* Nothing is lost when it fails, or another process does the same at once:
 * each file counts as far as it says, and only with the one it goes on from. */
static void
save(struct kept *k, const struct hf_session *s, const char *to)
{
    int much = !k->all || k->news->len >= k->all->len / MUCH;

    if (much) {
        k->all = join(k->all, k->news);
        k->news = NULL;
    } else if (k->news->shelves_len > MANY) {
        annals_pack(k->news);
    }
    if (s->o.read_only)
        return;
    if (much)
        annals_save(k->all, k->all_path, "", to);
    else
        annals_save(k->news, k->news_path, k->all_to, to);
}

/* ---- opening ---- */

/* What the ledger holds after `since`, or all of it. */
static int
read_on(struct annals **out, struct hf_session *s, const char *since,
        const char *until, struct hf_err *err)
{
    struct annals_maker *m = annals_maker_new();
    int rc = history_read(m, s->repo, since, until, err);

    *out = annals_make(m);
    if (rc < 0) {
        annals_free(*out);
        *out = NULL;
    }
    return rc;
}

/* Goes on from what is kept; when that is of another past, from what was
 * before it, in the end from nothing. */
static int
bring_up(struct kept *k, struct hf_session *s, const char *to,
         struct hf_err *err)
{
    struct annals **newest, *more;
    struct hf_err gone = HF_ERR_INIT;

    for (newest = k->news ? &k->news : &k->all; *newest; newest = &k->all) {
        const char *since = newest == &k->news ? k->news_to : k->all_to;

        if (strcmp(since, to) == 0)
            return HF_OK;
        if (read_on(&more, s, since, to, &gone) == HF_OK)
            break;
        annals_free(*newest);
        *newest = NULL;
    }
    if (!*newest) {
        int rc = read_on(&more, s, NULL, to, err);

        if (rc < 0)
            return rc;
    }
    k->news = join(k->news, more);
    save(k, s, to);
    return HF_OK;
}

static int
make(struct annals **out, struct hf_session *s, const char *commit,
     struct hf_err *err)
{
    struct kept k;
    int rc;

    load(&k, s);
    rc = bring_up(&k, s, commit, err);
    if (rc == HF_OK) {
        *out = join(k.all, k.news);
        k.all = k.news = NULL;
    }
    release(&k);
    return rc;
}

/* The session's own becomes that of a commit; "": of no ledger. */
static int
renew(struct hf_session *s, const char *commit, struct hf_err *err)
{
    struct annals *annals = NULL;
    int rc = HF_OK;

    hf_history_free(s->past);
    s->past = NULL;
    if (!*commit)
        annals = annals_make(annals_maker_new());
    else if ((rc = make(&annals, s, commit, err)) < 0)
        return rc;
    s->past = HF_NEW(struct hf_history);
    s->past->annals = annals;
    s->past->users = 1;
    memcpy(s->past->commit, commit, sizeof(s->past->commit));
    return HF_OK;
}

int
hf_history_open(struct hf_history **out, struct hf_session *s,
                struct hf_err *err)
{
    char commit[41] = "";
    int rc = hf_ledger_newest(commit, s->repo, s->fleet->ledger_branch, err);

    *out = NULL;
    if (rc < 0 && rc != HF_ENOTFOUND)
        return rc;
    if ((!s->past || strcmp(s->past->commit, commit) != 0) &&
        (rc = renew(s, commit, err)) < 0)
        return rc;
    *out = s->past;
    s->past->users++;
    return HF_OK;
}

void
hf_history_free(struct hf_history *h)
{
    if (!h || --h->users > 0)
        return;
    annals_free(h->annals);
    free(h);
}

/* ---- reading ---- */

size_t
hf_history_damaged(const struct hf_history *h)
{
    return h->annals->damaged;
}

const char *
hf_history_commit(const struct hf_history *h)
{
    return h->commit;
}

size_t
hf_history_hosts(const struct hf_history *h)
{
    return h->annals->hosts_len;
}

struct hf_chapter
hf_history_host(const struct hf_history *h, size_t host)
{
    const struct annals_host *of = &h->annals->hosts[host];

    return (struct hf_chapter){.host = annals_host(h->annals, host),
                               .first = of[0].first,
                               .end = of[1].first};
}

size_t
hf_history_since(const struct hf_history *h, struct hf_chapter chapter,
                 int64_t at)
{
    size_t low = chapter.first, high = chapter.end;

    while (low < high) {
        size_t mid = low + (high - low) / 2;

        if (h->annals->rows[mid].at < at)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

size_t
hf_history_len(const struct hf_history *h)
{
    return h->annals->len;
}

const struct hf_glance *
hf_history_glance(const struct hf_history *h, size_t i)
{
    return &h->annals->rows[i];
}

void
hf_history_get(const struct hf_history *h, size_t i, struct hf_moment *out)
{
    const struct hf_glance *row = &h->annals->rows[i];
    struct shelf_item item;

    shelf_get(annals_shelf(h->annals, i), row->record, &item);
    *out = (struct hf_moment){
        .host = annals_host(h->annals, annals_whose(h->annals, i)),
        .at = row->at,
        .is_run = row->is_run,
        .net = item.net ? item.net : "",
        .record = item.record,
    };
}

const char *
hf_history_run(const struct hf_history *h, size_t i)
{
    return shelf_name(annals_shelf(h->annals, i), h->annals->rows[i].record);
}

const char *
hf_history_level(const struct hf_history *h, size_t i)
{
    return shelf_level(annals_shelf(h->annals, i), h->annals->rows[i].record);
}

const char *
hf_history_fact(const struct hf_history *h, size_t i, int before,
                const char *key)
{
    return shelf_fact(annals_shelf(h->annals, i), h->annals->rows[i].record,
                      before, key);
}
