/* The ledger's facts.json of a host, as a record. */
#include <string.h>

#include "backend/base/names.h"
#include "backend/base/text.h"
#include "backend/base/time.h"
#include "playbooks/session_priv.h"

void
document_text(char *to, size_t size, const cJSON *doc, const char *key)
{
    const char *text = hf_json_str(doc, key);

    hf_say(to, size, "%s", text ? text : "");
}

int64_t
document_time(const cJSON *doc, const char *key)
{
    const char *text = hf_json_str(doc, key);
    int64_t at = 0;

    return text && hf_time_parse(&at, text) == 0 ? at : 0;
}

/* A ledger written by a version without baselines knows the boot id. */
static void
read_baseline(struct hf_record *record, const cJSON *before)
{
    static const char *const changing[] = {"apply", "rollback", "reboot", NULL};
    struct hf_err err = HF_ERR_INIT;
    struct hf_recent *r = &record->recent;

    if (before && hf_facts_from_json(&record->baseline, before, &err) == HF_OK)
        return;
    if (r->boot_id[0] && hf_name_index(changing, r->action) >= 0)
        hf_facts_set(&record->baseline, "boot.id", r->boot_id, NULL, r->at);
}

static void
read_recent(struct hf_record *record, const cJSON *doc)
{
    struct hf_recent *r = &record->recent;

    document_text(r->run, sizeof(r->run), doc, "run");
    document_text(r->action, sizeof(r->action), doc, "action");
    document_text(r->outcome, sizeof(r->outcome), doc, "outcome");
    document_text(r->level, sizeof(r->level), doc, "level");
    document_text(r->boot_id, sizeof(r->boot_id), doc, "boot_id");
    document_text(r->why, sizeof(r->why), doc, "why");
    r->at = document_time(doc, "at");
    read_baseline(record, hf_json_get(doc, "before"));
}

int
document_read(struct shelf_item *out, const cJSON *doc, struct hf_err *err)
{
    const cJSON *net = hf_json_get(doc, "net");
    const cJSON *identity = hf_json_get(doc, "identity");
    struct hf_record *r = &out->record;
    int rc;

    rc = hf_facts_from_json(&r->facts, hf_json_get(doc, "facts"), err);
    if (rc < 0)
        return rc;
    read_recent(r, hf_json_get(doc, "recent"));
    out->hostkey = hf_json_str(identity, "hostkey");
    document_text(r->recent.machine_id, sizeof(r->recent.machine_id), identity,
                  "machine_id");
    out->net = hf_json_str(net, "outcome");
    document_text(r->net_why, sizeof(r->net_why), net, "why");
    r->net_at = document_time(net, "at");
    return HF_OK;
}

/* One broken document must not hide the fleet: that host is unknown. */
void
document_shelve(struct shelf_maker *to, const char *host, const char *text,
                size_t len)
{
    struct shelf_item item = {.name = host};
    struct hf_err err = HF_ERR_INIT;
    cJSON *doc = NULL;

    if (text && (hf_json_parse(&doc, text, len, &err) < 0 ||
                 document_read(&item, doc, &err) < 0))
        hf_say(item.record.net_why, sizeof(item.record.net_why),
               "recorded facts cannot be read: %.120s", err.text);
    shelf_add(to, &item);
    hf_record_release(&item.record);
    cJSON_Delete(doc);
}
