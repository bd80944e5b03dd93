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

static int
read_time(struct reader *r, const cJSON *obj, struct hf_err *err)
{
    const char *text = hf_json_str(obj, "at");

    if (text && r->time && strcmp(text, r->time) == 0)
        return HF_OK;
    r->at = 0;
    r->time = NULL;
    if (!hf_json_get(obj, "at"))
        return HF_OK;
    if (!text || hf_time_parse(&r->at, text) < 0)
        return hf_fail(err, HF_EINVALID, "'at' wants an RFC 3339 time");
    r->time = text;
    return HF_OK;
}

static int
read_fact(struct hf_facts *out, struct reader *r, const cJSON *obj,
          struct hf_err *err)
{
    const char *value = hf_json_str(obj, "value");
    const char *why = hf_json_str(obj, "unknown");
    const char *key, *text, *source;
    int rc;

    if (!cJSON_IsObject(obj) || !value == !why)
        return hf_fail(err, HF_EINVALID,
                       "wants an object with either 'value' or 'unknown'");
    if ((rc = read_time(r, obj, err)) < 0)
        return rc;
    key = harmless(&r->key, obj->string);
    text = harmless(&r->text, value ? value : why);
    source = harmless(&r->source, hf_json_str(obj, "source"));
    if (value)
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
            hf_wrap(err, "fact '%s'", obj->string);
            hf_facts_release(&facts);
            break;
        }
    }
    hf_buf_release(&r.key);
    hf_buf_release(&r.text);
    hf_buf_release(&r.source);
    *out = facts;
    return rc;
}
