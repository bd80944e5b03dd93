/* Documents of the ledger, each turned into a moment. */
#include "playbooks/history_read.h"

#include <stdlib.h>
#include <string.h>

#include "backend/base/mem.h"
#include "backend/base/text.h"
#include "inventory/ledger_past.h"
#include "playbooks/history.h"
#include "playbooks/session_priv.h"

const char *const hf_past_kept[] = {"boot.id", "memory.", NULL};

static int
is_kept(const char *key)
{
    for (size_t i = 0; hf_past_kept[i]; i++) {
        if (hf_has_prefix(key, hf_past_kept[i]))
            return 1;
    }
    return 0;
}

/* What was not known then stays untold. */
static int
keep_some(struct hf_facts *to, struct hf_view *view, const char *key,
          struct hf_err *err)
{
    const struct hf_view_node *doc = hf_view_get(view->v, key);
    struct hf_facts some = {0};
    int rc = doc ? hf_facts_from_view(&some, view, doc, is_kept, err) : HF_OK;

    for (size_t i = 0; i < some.len; i++) {
        const struct hf_fact *f = &some.v[i];

        if (f->value)
            hf_facts_set(to, f->key, f->value, NULL, f->at);
    }
    hf_facts_release(&some);
    return rc;
}

static void
say_of_run(struct hf_record *r, const struct hf_view_node *doc)
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
    const struct hf_view_node *price = hf_view_get(doc, "price");
    const char *restart = hf_view_str(price, "restart");

    for (size_t i = 0; i < HF_COUNT(texts); i++) {
        const char *text = hf_view_str(doc, texts[i].member);

        if (text && *text)
            hf_facts_set(&r->facts, texts[i].fact, text, NULL, r->recent.at);
    }
    if (restart)
        hf_facts_set(&r->facts, HF_PAST_RESTART, restart, NULL, r->recent.at);
    if (hf_view_is_true(doc, "staged"))
        hf_facts_set(&r->facts, HF_PAST_STAGED, "yes", NULL, r->recent.at);
}

static void
say_failed(struct hf_record *r, const struct hf_view_node *criteria)
{
    const char *block = hf_verdict_names[HF_VERDICT_BLOCK];
    const struct hf_view_node *one;

    for (one = hf_view_first(criteria); one; one = hf_view_next(one)) {
        const char *name = hf_view_str(one, "name");
        const char *verdict = hf_view_str(one, "verdict");
        char *key;

        if (!name || !verdict || strcmp(verdict, block) != 0)
            continue;
        key = hf_xasprintf(HF_PAST_CRITERION "%s", name);
        hf_facts_set(&r->facts, key, block, NULL, r->recent.at);
        free(key);
    }
}

static int
read_evidence(struct shelf_item *out, struct hf_view *view, struct hf_err *err)
{
    const struct hf_view_node *doc = view->v;
    struct hf_record *r = &out->record;
    int rc;

    if (!hf_view_str(doc, "outcome"))
        return hf_fail(err, HF_EINVALID, "no evidence record");
    document_text(r->recent.run, sizeof(r->recent.run), doc, "run");
    document_text(r->recent.action, sizeof(r->recent.action), doc, "action");
    document_text(r->recent.outcome, sizeof(r->recent.outcome), doc, "outcome");
    document_text(r->recent.level, sizeof(r->recent.level), doc, "to");
    document_text(r->recent.why, sizeof(r->recent.why), doc, "why");
    r->recent.at = document_time(doc, "ended");
    if ((rc = keep_some(&r->facts, view, "after", err)) < 0 ||
        (rc = keep_some(&r->baseline, view, "before", err)) < 0)
        return rc;
    say_of_run(r, doc);
    say_failed(r, hf_view_get(doc, "criteria"));
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

struct moment {
    char *host, *run; /* host NULL: the document cannot be read */
    int64_t at;
    struct shelf_item item; /* its texts are borrowed from */
    struct hf_view view;
};

static void
drop(void *made)
{
    struct moment *m = made;

    hf_record_release(&m->item.record);
    hf_view_release(&m->view);
    free(m->host);
    free(m->run);
    free(m);
}

static void *
make(const struct hf_ledger_change *c)
{
    struct moment *m = HF_NEW(struct moment);
    struct hf_err err = HF_ERR_INIT;

    if (hf_view_parse(&m->view, c->text, c->len, &err) < 0 ||
        (c->run ? read_evidence : document_read)(&m->item, &m->view, &err) < 0)
        return m;
    hf_view_fold(&m->view);
    m->host = hf_xstrdup(c->host);
    m->run = hf_xstrdup(c->run);
    m->at = time_of(&m->item, c);
    return m;
}

static void
take(void *ctx, const void *made)
{
    const struct moment *m = made;

    if (m->host)
        annals_add(ctx, m->host, m->at, m->run, &m->item);
    else
        annals_add_damaged(ctx);
}

int
history_read(struct annals_maker *to, struct hf_repo *repo, const char *since,
             const char *until, struct hf_err *err)
{
    const struct hf_ledger_reading how = {
        .make = make, .take = take, .drop = drop, .ctx = to};

    return hf_ledger_each_change(repo, since, until, &how, err);
}
