/* Facts as JSON: the shape of --json, journal and ledger. */
#include "backend/model/facts.h"

#include <stdlib.h>
#include <string.h>

#include "backend/base/buf.h"
#include "backend/base/json.h"
#include "backend/base/text.h"
#include "backend/base/time.h"

cJSON *
hf_facts_to_json(const struct hf_facts *f)
{
    cJSON *doc = cJSON_CreateObject();

    for (size_t i = 0; i < f->len; i++) {
        const struct hf_fact *fact = &f->v[i];
        cJSON *obj = hf_json_add_obj(doc, fact->key);

        hf_json_add_str(obj, "value", fact->value);
        hf_json_add_str(obj, "unknown", fact->why);
        hf_json_add_str(obj, "source", fact->source);
        hf_json_add_time(obj, "at", fact->at);
    }
    return doc;
}

/* What is kept while the facts of one document are read. */
struct reader {
    const char *time; /* the last one, and what it means: most are equal */
    int64_t at;
    struct hf_buf key, text, source; /* made harmless */
};

/* Ledger and journal can be written by others: what they hold is foreign. */
static const char *
harmless(struct hf_buf *out, const char *text)
{
    const unsigned char *p = (const unsigned char *)text;

    while (p && *p >= 0x20 && *p < 0x7f)
        p++;
    if (!p || !*p)
        return text; /* plain letters, as nearly always */
    hf_buf_clear(out);
    hf_sanitise(out, text, strlen(text), strlen(text), 0);
    return hf_buf_str(out);
}

/* A member of such a document, as it stands there. */
struct said {
    const char *key, *value, *why, *source, *at;
    int is_object, has_at;
};

static int
read_time(struct reader *r, const struct said *s, struct hf_err *err)
{
    if (s->at && r->time && strcmp(s->at, r->time) == 0)
        return HF_OK;
    r->at = 0;
    r->time = NULL;
    if (!s->has_at)
        return HF_OK;
    if (!s->at || hf_time_parse(&r->at, s->at) < 0)
        return hf_fail(err, HF_EINVALID, "'at' wants an RFC 3339 time");
    r->time = s->at;
    return HF_OK;
}

static int
check(struct reader *r, const struct said *s, struct hf_err *err)
{
    int rc;

    if (!s->is_object || !s->value == !s->why)
        rc = hf_fail(err, HF_EINVALID,
                     "wants an object with either 'value' or 'unknown'");
    else
        rc = read_time(r, s, err);
    return rc < 0 ? hf_wrap(err, "fact '%s'", s->key) : HF_OK;
}

static void
reader_release(struct reader *r)
{
    hf_buf_release(&r->key);
    hf_buf_release(&r->text);
    hf_buf_release(&r->source);
}

static int
read_fact(struct hf_facts *out, struct reader *r, const cJSON *obj,
          struct hf_err *err)
{
    const struct said s = {.key = obj->string,
                           .value = hf_json_str(obj, "value"),
                           .why = hf_json_str(obj, "unknown"),
                           .source = hf_json_str(obj, "source"),
                           .at = hf_json_str(obj, "at"),
                           .is_object = cJSON_IsObject(obj),
                           .has_at = hf_json_get(obj, "at") != NULL};
    const char *key, *text, *source;
    int rc;

    if ((rc = check(r, &s, err)) < 0)
        return rc;
    key = harmless(&r->key, s.key);
    text = harmless(&r->text, s.value ? s.value : s.why);
    source = harmless(&r->source, s.source);
    if (s.value)
        hf_facts_set(out, key, text, source, r->at);
    else
        hf_facts_set_unknown(out, key, text, source, r->at);
    return HF_OK;
}

int
hf_facts_from_json(struct hf_facts *out, const cJSON *doc, struct hf_err *err)
{
    struct hf_facts facts = {0};
    struct reader r = {0};
    const cJSON *obj;
    int rc = HF_OK;

    hf_facts_release(out);
    if (!cJSON_IsObject(doc))
        return hf_fail(err, HF_EINVALID, "facts want a JSON object");
    cJSON_ArrayForEach(obj, doc)
    {
        if ((rc = read_fact(&facts, &r, obj, err)) < 0) {
            hf_facts_release(&facts);
            break;
        }
    }
    reader_release(&r);
    *out = facts;
    return rc;
}

/* ---- the same from a view, whose texts are lent ---- */

/* Like harmless(), but it stays as long as the view does. */
static const char *
kept(struct hf_view *view, struct hf_buf *scratch, const char *text)
{
    const char *safe = harmless(scratch, text);

    return safe == text ? text : hf_view_keep(view, safe);
}

/* Puts it in its place; of two with one key the last one counts. */
static void
lend(struct hf_facts *out, const struct hf_fact *fact)
{
    size_t i = out->len;
    int order = 1;

    while (i > 0 && (order = strcmp(fact->key, out->v[i - 1].key)) < 0)
        i--;
    if (i > 0 && order == 0) {
        out->v[i - 1] = *fact;
        return;
    }
    memmove(&out->v[i + 1], &out->v[i], (out->len - i) * sizeof(*out->v));
    out->v[i] = *fact;
    out->len++;
}

/* A lent fact's texts are never written to. */
static char *
lent(const char *text)
{
    return (char *)text;
}

static struct said
said_in(const struct hf_view_node *fact)
{
    struct said s = {.key = fact->key,
                     .is_object = fact->kind == HF_VIEW_OBJECT};
    const struct hf_view_node *n;

    for (n = s.is_object ? hf_view_first(fact) : NULL; n; n = hf_view_next(n)) {
        if (hf_view_is(n, "value")) {
            s.value = n->text;
        } else if (hf_view_is(n, "unknown")) {
            s.why = n->text;
        } else if (hf_view_is(n, "source")) {
            s.source = n->text;
        } else if (hf_view_is(n, "at")) {
            s.at = n->text;
            s.has_at = 1;
        }
    }
    return s;
}

static void
lend_said(struct hf_facts *out, struct hf_view *view, struct reader *r,
          const struct said *s, int (*wanted)(const char *key))
{
    const char *key = kept(view, &r->key, s->key);
    const char *why = s->why && !*s->why ? HF_FACT_NO_REASON : s->why;
    struct hf_fact fact;

    if (wanted && !wanted(key))
        return;
    fact = (struct hf_fact){.key = lent(key),
                            .value = lent(kept(view, &r->text, s->value)),
                            .why = lent(kept(view, &r->text, why)),
                            .source = lent(kept(view, &r->source, s->source)),
                            .at = r->at};
    lend(out, &fact);
}

int
hf_facts_from_view(struct hf_facts *out, struct hf_view *view,
                   const struct hf_view_node *doc,
                   int (*wanted)(const char *key), struct hf_err *err)
{
    const struct hf_view_node *fact;
    struct reader r = {0};
    int rc = HF_OK;

    hf_facts_release(out);
    if (!doc || doc->kind != HF_VIEW_OBJECT)
        return hf_fail(err, HF_EINVALID, "facts want a JSON object");
    hf_facts_lend(out, doc->len);
    out->len = 0;
    for (fact = hf_view_first(doc); fact; fact = hf_view_next(fact)) {
        const struct said s = said_in(fact);

        if ((rc = check(&r, &s, err)) < 0)
            break;
        lend_said(out, view, &r, &s, wanted);
    }
    if (rc < 0)
        hf_facts_release(out);
    reader_release(&r);
    return rc;
}
