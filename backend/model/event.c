/* Events: their table, their line of JSON and back. */
#include "backend/model/event.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/base/json.h"
#include "backend/base/mem.h"
#include "backend/base/time.h"

#define EVENT_VERSION 1
#define MAX_EXACT ((int64_t)1 << 53)

#define DURABLE (HF_EVENT_JOURNALLED | HF_EVENT_SYNCED)

/* clang-format off */
const struct hf_event_row hf_event_rows[HF_EVENT_KIND_COUNT] = {
    [HF_EVENT_RUN_STARTED] = {"run-started", DURABLE,
        "a run began: action, operator, change and hosts"},
    [HF_EVENT_HOST_STARTED] = {"host-started", HF_EVENT_JOURNALLED,
        "work on a host began"},
    [HF_EVENT_HOST_FACTS] = {"host-facts", HF_EVENT_JOURNALLED,
        "a host was asked, with what it said"},
    [HF_EVENT_HOST_INTENT] = {"host-intent", DURABLE,
        "a host is about to be changed"},
    [HF_EVENT_HOST_STEP] = {"host-step", HF_EVENT_JOURNALLED,
        "one step of the work on a host"},
    [HF_EVENT_HOST_LOG] = {"host-log", 0,
        "lines of the job's log; the evidence keeps its end"},
    [HF_EVENT_HOST_OUTCOME] = {"host-outcome", DURABLE,
        "how a host ended, with the evidence"},
    [HF_EVENT_HOLD] = {"hold", DURABLE,
        "the run starts no further hosts, and why"},
    [HF_EVENT_RUN_ENDED] = {"run-ended", DURABLE,
        "a run ended: counts and exit code"},
    [HF_EVENT_RECORDED] = {"recorded", DURABLE,
        "the ledger holds everything up to here"},
    [HF_EVENT_RECOVERED] = {"recovered", DURABLE,
        "an open intent was settled after a crash"},
};
/* clang-format on */

void
hf_event_init(struct hf_event *e, enum hf_event_kind kind, const char *run,
              const char *host)
{
    *e = (struct hf_event){.kind = kind, .at = hf_now(), .mono = hf_mono()};
    snprintf(e->run, sizeof(e->run), "%s", run ? run : "");
    snprintf(e->host, sizeof(e->host), "%s", host ? host : "");
}

void
hf_event_release(struct hf_event *e)
{
    cJSON_Delete(e->data);
    *e = (struct hf_event){0};
}

int
hf_event_is_of_part(const struct hf_event *e)
{
    return hf_json_bool(e->data, "part", 0);
}

char *
hf_event_format(const struct hf_event *e)
{
    cJSON *doc = cJSON_CreateObject();
    char *line;

    hf_json_add_int(doc, "v", EVENT_VERSION);
    hf_json_add_int(doc, "seq", (int64_t)e->seq);
    hf_json_add_time(doc, "at", e->at);
    hf_json_add_int(doc, "mono", e->mono);
    hf_json_add_str(doc, "run", e->run);
    hf_json_add_str(doc, "host", e->host);
    hf_json_add_str(doc, "kind", hf_event_rows[e->kind].name);
    /* borrowed for the time of printing */
    if (e->data)
        cJSON_AddItemReferenceToObject(doc, "data", e->data);
    else
        hf_json_add_obj(doc, "data");
    line = hf_json_print(doc);
    cJSON_Delete(doc);
    return line;
}

static int
find_kind(const char *name)
{
    for (int i = 0; i < HF_EVENT_KIND_COUNT; i++) {
        if (strcmp(hf_event_rows[i].name, name) == 0)
            return i;
    }
    return -1;
}

static int
read_kind(struct hf_event *out, const cJSON *doc, struct hf_err *err)
{
    const char *name;
    int kind, rc;

    if ((rc = hf_json_want_str(&name, doc, "kind", err)) < 0)
        return rc;
    if ((kind = find_kind(name)) < 0)
        return hf_fail(err, HF_EINVALID, "unknown kind of event '%s'", name);
    out->kind = (enum hf_event_kind)kind;
    return HF_OK;
}

static int
read_text(char *out, size_t size, const cJSON *doc, const char *key,
          struct hf_err *err)
{
    const char *text;
    int rc;

    if ((rc = hf_json_want_str(&text, doc, key, err)) < 0)
        return rc;
    if (strlen(text) >= size)
        return hf_fail(err, HF_EINVALID, "'%s' is longer than %zu bytes", key,
                       size - 1);
    memcpy(out, text, strlen(text) + 1);
    return HF_OK;
}

static int
read_members(struct hf_event *out, const cJSON *doc, struct hf_err *err)
{
    const char *at;
    int64_t version, seq;
    int rc;

    if ((rc = hf_json_want_int(&version, doc, "v", 1, MAX_EXACT, err)) < 0)
        return rc;
    if (version != EVENT_VERSION)
        return hf_fail(err, HF_EUNSUPPORTED,
                       "event of version %lld, this program reads version %d",
                       (long long)version, EVENT_VERSION);
    if ((rc = hf_json_want_int(&seq, doc, "seq", 0, MAX_EXACT, err)) < 0 ||
        (rc = hf_json_want_int(&out->mono, doc, "mono", 0, MAX_EXACT, err)) <
            0 ||
        (rc = hf_json_want_str(&at, doc, "at", err)) < 0 ||
        (rc = read_text(out->run, sizeof(out->run), doc, "run", err)) < 0 ||
        (rc = read_text(out->host, sizeof(out->host), doc, "host", err)) < 0 ||
        (rc = read_kind(out, doc, err)) < 0)
        return rc;
    if (hf_time_parse(&out->at, at) < 0)
        return hf_fail(err, HF_EINVALID, "'at' wants an RFC 3339 time");
    if (!cJSON_IsObject(hf_json_get(doc, "data")))
        return hf_fail(err, HF_EINVALID, "'data' wants an object");
    out->seq = (uint64_t)seq;
    return HF_OK;
}

int
hf_event_parse(struct hf_event *out, const char *line, size_t len,
               struct hf_err *err)
{
    cJSON *doc = NULL;
    int rc;

    *out = (struct hf_event){0};
    if ((rc = hf_json_parse(&doc, line, len, err)) < 0)
        goto out;
    if ((rc = read_members(out, doc, err)) < 0) {
        *out = (struct hf_event){0};
        goto out;
    }
    out->data = cJSON_DetachItemFromObjectCaseSensitive(doc, "data");
out:
    cJSON_Delete(doc);
    return rc;
}
