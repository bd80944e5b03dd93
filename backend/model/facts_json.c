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

/* Ledger and journal can be written by others: what they hold is foreign. */
static char *
harmless(const char *text)
{
    struct hf_buf out = {0};
    size_t len;

    if (!text)
        return NULL;
    len = strlen(text);
    hf_sanitise(&out, text, len, len, 0);
    return hf_buf_take(&out);
}

static int
read_time(int64_t *at, const cJSON *obj, struct hf_err *err)
{
    const char *text = hf_json_str(obj, "at");

    *at = 0;
    if (!hf_json_get(obj, "at"))
        return HF_OK;
    if (!text || hf_time_parse(at, text) < 0)
        return hf_fail(err, HF_EINVALID, "'at' wants an RFC 3339 time");
    return HF_OK;
}

static int
read_fact(struct hf_facts *out, const cJSON *obj, struct hf_err *err)
{
    const char *value = hf_json_str(obj, "value");
    const char *why = hf_json_str(obj, "unknown");
    char *key = NULL, *text = NULL, *source = NULL;
    int64_t at;
    int rc;

    if (!cJSON_IsObject(obj) || !value == !why)
        return hf_fail(err, HF_EINVALID,
                       "wants an object with either 'value' or 'unknown'");
    if ((rc = read_time(&at, obj, err)) < 0)
        return rc;
    key = harmless(obj->string);
    text = harmless(value ? value : why);
    source = harmless(hf_json_str(obj, "source"));
    if (value)
        hf_facts_set(out, key, text, source, at);
    else
        hf_facts_set_unknown(out, key, text, source, at);
    free(key);
    free(text);
    free(source);
    return HF_OK;
}

int
hf_facts_from_json(struct hf_facts *out, const cJSON *doc, struct hf_err *err)
{
    struct hf_facts facts = {0};
    const cJSON *obj;
    int rc = HF_OK;

    hf_facts_release(out);
    if (!cJSON_IsObject(doc))
        return hf_fail(err, HF_EINVALID, "facts want a JSON object");
    cJSON_ArrayForEach(obj, doc)
    {
        if ((rc = read_fact(&facts, obj, err)) < 0) {
            hf_wrap(err, "fact '%s'", obj->string);
            hf_facts_release(&facts);
            return rc;
        }
    }
    *out = facts;
    return HF_OK;
}
